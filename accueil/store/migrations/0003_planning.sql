-- Permanences are rules; occurrences are what the rules give, as rows, thirteen months ahead.
CREATE TABLE closure (
  first_day TEXT NOT NULL,
  last_day  TEXT NOT NULL,
  reason    TEXT NOT NULL,
  PRIMARY KEY (first_day, last_day),
  CHECK (first_day <= last_day)
) STRICT;

CREATE TABLE permanence (
  id         TEXT PRIMARY KEY,
  service_id TEXT NOT NULL REFERENCES service (id),
  site_id    TEXT NOT NULL REFERENCES site (id),
  room_id    TEXT REFERENCES room (id),
  mode       TEXT NOT NULL
    CHECK (mode IN ('walk_in', 'appointment', 'both', 'collective', 'partners_only')),
  rrule      TEXT NOT NULL,
  first_day  TEXT NOT NULL,
  times      TEXT NOT NULL,  -- wall-clock of the site: "09:00-10:30 13:30-17:30"
  said       TEXT NOT NULL,
  assumed    TEXT NOT NULL,
  retired    INTEGER NOT NULL CHECK (retired IN (0, 1))
) STRICT;
CREATE INDEX permanence_of_service ON permanence (service_id);

CREATE TABLE occurrence (
  id             TEXT PRIMARY KEY,
  permanence_id  TEXT NOT NULL REFERENCES permanence (id),
  original_start TEXT NOT NULL,  -- wall-clock; with the permanence, what an exception is keyed by
  site_id        TEXT NOT NULL REFERENCES site (id),
  room_id        TEXT REFERENCES room (id),
  day            TEXT NOT NULL,
  starts_at      TEXT NOT NULL,
  ends_at        TEXT NOT NULL,
  status         TEXT NOT NULL CHECK (status IN ('scheduled', 'cancelled')),
  UNIQUE (permanence_id, original_start),
  CHECK (starts_at < ends_at)
) STRICT;
CREATE INDEX occurrence_of_site ON occurrence (site_id, day, starts_at);
CREATE INDEX occurrence_ahead ON occurrence (permanence_id, ends_at) WHERE status = 'scheduled';
CREATE INDEX occurrence_in_room ON occurrence (room_id, day) WHERE status = 'scheduled';

-- Two uses of one room at one time are refused here, whoever asks.
CREATE TRIGGER occurrence_finds_a_seat BEFORE INSERT ON occurrence
WHEN NEW.status = 'scheduled' AND (
  SELECT count(*) FROM occurrence AS other
  WHERE other.room_id = NEW.room_id AND other.day = NEW.day AND other.status = 'scheduled'
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
) >= (SELECT seats FROM room WHERE id = NEW.room_id)
BEGIN SELECT RAISE(ABORT, 'the room is taken'); END;

CREATE TRIGGER occurrence_moves_to_a_seat
BEFORE UPDATE OF room_id, day, starts_at, ends_at, status ON occurrence
WHEN NEW.status = 'scheduled' AND (
  SELECT count(*) FROM occurrence AS other
  WHERE other.room_id = NEW.room_id AND other.day = NEW.day AND other.status = 'scheduled'
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at AND other.id <> NEW.id
) >= (SELECT seats FROM room WHERE id = NEW.room_id)
BEGIN SELECT RAISE(ABORT, 'the room is taken'); END;
