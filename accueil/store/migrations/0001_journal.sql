-- What happened, in order. Rows are only ever added.
CREATE TABLE journal (
  seq      INTEGER PRIMARY KEY,
  at       TEXT NOT NULL,
  site_id  TEXT,
  actor    TEXT NOT NULL,
  verb     TEXT NOT NULL,
  visit_id TEXT,
  data     TEXT NOT NULL,
  previous TEXT NOT NULL,
  seal     TEXT NOT NULL
) STRICT;
CREATE INDEX journal_of_site ON journal (site_id, seq);
CREATE INDEX journal_of_visit ON journal (visit_id, seq) WHERE visit_id IS NOT NULL;

CREATE TRIGGER journal_is_not_rewritten BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_not_erased BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
