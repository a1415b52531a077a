-- A visit is one person's presence today. Its code, known to the visitor alone, is kept as a
-- hash; being unique, it is also what makes a repeated request the same visit.
CREATE TABLE visit (
  id         TEXT PRIMARY KEY,
  site_id    TEXT NOT NULL REFERENCES site (id),
  day        TEXT NOT NULL,
  number     INTEGER NOT NULL CHECK (number >= 1),
  code_hash  TEXT NOT NULL UNIQUE,
  channel    TEXT NOT NULL CHECK (channel IN ('kiosk', 'desk')),
  language   TEXT NOT NULL,
  need       TEXT,
  private    INTEGER NOT NULL CHECK (private IN (0, 1)),
  alias      TEXT,
  arrived_at TEXT NOT NULL,
  closed_at  TEXT,
  outcome    TEXT
    CHECK (outcome IN ('received', 'appointment', 'relay', 'address', 'unmet', 'left', 'mistake')),
  UNIQUE (site_id, day, number),
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT;

CREATE TABLE queue_entry (
  id          TEXT PRIMARY KEY,
  visit_id    TEXT NOT NULL REFERENCES visit (id),
  service_id  TEXT NOT NULL REFERENCES service (id),
  site_id     TEXT NOT NULL REFERENCES site (id),
  day         TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (
    state IN ('waiting', 'called', 'serving', 'done', 'absent', 'left', 'moved', 'undone')),
  appointment INTEGER NOT NULL CHECK (appointment IN (0, 1)),
  priority    INTEGER NOT NULL CHECK (priority IN (0, 1)),
  queued_at   TEXT NOT NULL,
  called_at   TEXT,
  started_at  TEXT,
  ended_at    TEXT,
  room_id     TEXT REFERENCES room (id),
  host_id     TEXT REFERENCES account (id),
  calls       INTEGER NOT NULL,
  CHECK (state NOT IN ('called', 'serving') OR (called_at IS NOT NULL AND room_id IS NOT NULL))
) STRICT;
CREATE INDEX queue_of_service ON queue_entry
  (service_id, site_id, day, state, priority, queued_at);
CREATE INDEX queue_of_site ON queue_entry (site_id, day, state);
CREATE INDEX queue_of_visit ON queue_entry (visit_id);
-- One turn at a time with one service, one room at a time for one person, and one person
-- called at a time by one host in one room.
CREATE UNIQUE INDEX one_turn_a_service ON queue_entry (visit_id, service_id)
  WHERE state IN ('waiting', 'called', 'serving');
CREATE UNIQUE INDEX one_room_a_person ON queue_entry (visit_id)
  WHERE state IN ('called', 'serving');
CREATE UNIQUE INDEX one_call_a_host ON queue_entry (host_id, room_id, day) WHERE state = 'called';

-- Each sounding of a number. Two people calling one entry at once would both be its nth.
CREATE TABLE call (
  id        TEXT PRIMARY KEY,
  entry_id  TEXT NOT NULL REFERENCES queue_entry (id),
  nth       INTEGER NOT NULL CHECK (nth >= 1),
  site_id   TEXT NOT NULL REFERENCES site (id),
  day       TEXT NOT NULL,
  number    INTEGER NOT NULL,
  room_id   TEXT NOT NULL REFERENCES room (id),
  called_at TEXT NOT NULL,
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  UNIQUE (entry_id, nth)
) STRICT;
CREATE INDEX call_of_site ON call (site_id, day, called_at);
