-- The range that was shown when a turn began, to be held against the wait that came: until the
-- first call of the turn.
CREATE TABLE wait_shown (
  entry_id TEXT PRIMARY KEY REFERENCES queue_entry (id),
  shown_at TEXT NOT NULL,
  low      INTEGER NOT NULL CHECK (low >= 0),
  high     INTEGER NOT NULL,
  CHECK (low <= high)
) STRICT;
