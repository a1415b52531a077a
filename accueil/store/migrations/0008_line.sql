-- One line for walk-ins and appointments; a visit of several passages; check-in by code.
CREATE TABLE visit_made_anew (
  id         TEXT PRIMARY KEY,
  site_id    TEXT NOT NULL REFERENCES site (id),
  day        TEXT NOT NULL,
  number     INTEGER NOT NULL CHECK (number >= 1),
  code_hash  TEXT NOT NULL UNIQUE,
  channel    TEXT NOT NULL CHECK (channel IN ('kiosk', 'desk', 'phone')),
  language   TEXT NOT NULL,
  need       TEXT,
  private    INTEGER NOT NULL CHECK (private IN (0, 1)),
  -- A card, a pregnancy, an infant: that there is one, never which.
  precedence INTEGER NOT NULL DEFAULT 0 CHECK (precedence IN (0, 1)),
  alias      TEXT,
  arrived_at TEXT NOT NULL,
  closed_at  TEXT,
  outcome    TEXT
    CHECK (outcome IN ('received', 'appointment', 'relay', 'address', 'unmet', 'left', 'mistake')),
  missing    TEXT CHECK (
    missing IS NULL
    OR (outcome IS NOT NULL AND outcome = 'unmet' AND missing IN
      ('service', 'place', 'conditions', 'distance', 'wait', 'hours', 'language', 'other'))),
  UNIQUE (site_id, day, number),
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT;
INSERT INTO visit_made_anew (id, site_id, day, number, code_hash, channel, language, need, private,
  alias, arrived_at, closed_at, outcome, missing)
SELECT id, site_id, day, number, code_hash, channel, language, need, private, alias, arrived_at,
  closed_at, outcome, missing FROM visit;
DROP TABLE visit;
ALTER TABLE visit_made_anew RENAME TO visit;
CREATE INDEX visit_unmet ON visit (site_id, day) WHERE outcome = 'unmet';

-- A turn that waits may be held: parked for a while, or until another turn of its visit is over.
ALTER TABLE queue_entry ADD COLUMN hold TEXT CHECK (
  hold IS NULL OR (hold IN ('parked', 'after') AND state = 'waiting'));
ALTER TABLE queue_entry ADD COLUMN hold_reason TEXT CHECK (
  hold_reason IS NULL OR (hold IS NOT NULL AND hold = 'parked' AND hold_reason IN
    ('paper', 'air', 'call', 'interpreter', 'other')));
ALTER TABLE queue_entry ADD COLUMN back_at TEXT;  -- when a parked turn is in line again by itself
ALTER TABLE queue_entry ADD COLUMN appointment_id TEXT REFERENCES appointment (id);
ALTER TABLE queue_entry ADD COLUMN due_at TEXT;  -- the hour of an appointment, unless too late
-- Whoever was booked is checked in once a day.
CREATE UNIQUE INDEX one_turn_an_appointment ON queue_entry (appointment_id, day)
  WHERE appointment_id IS NOT NULL AND state IN ('waiting', 'called', 'serving', 'done');

-- Who was in line before somebody whom this call took first.
CREATE TABLE passing (
  call_id  TEXT NOT NULL REFERENCES call (id),
  entry_id TEXT NOT NULL REFERENCES queue_entry (id),
  PRIMARY KEY (call_id, entry_id)
) STRICT;
CREATE INDEX passing_of_entry ON passing (entry_id);

-- Minutes: how late an appointment keeps its hour, how late an absent person keeps their place.
ALTER TABLE service ADD COLUMN late_minutes INTEGER NOT NULL DEFAULT 10
  CHECK (late_minutes BETWEEN 0 AND 240);
ALTER TABLE service ADD COLUMN return_minutes INTEGER NOT NULL DEFAULT 10
  CHECK (return_minutes BETWEEN 0 AND 240);

-- The codes of an appointment, as hashes: the one given when it was booked, and those given since
-- in messages. The first ten letters of each can be typed; their hash needs the house's secret.
CREATE TABLE appointment_code (
  code_hash      TEXT PRIMARY KEY,
  short_hash     TEXT NOT NULL,
  appointment_id TEXT NOT NULL REFERENCES appointment (id),
  made_at        TEXT NOT NULL
) STRICT;
CREATE INDEX appointment_code_short ON appointment_code (short_hash);
CREATE INDEX appointment_code_of ON appointment_code (appointment_id);
INSERT INTO appointment_code (code_hash, short_hash, appointment_id, made_at)
SELECT code_hash, '', id, booked_at FROM appointment;
