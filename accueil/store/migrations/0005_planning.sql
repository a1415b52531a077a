-- The shared planning: how a permanence is booked, what one date has of its own, its slots, the
-- appointments in them. What the screens changed, the house's text no longer does.
ALTER TABLE permanence ADD COLUMN last_day TEXT;  -- included; another rule may take over after it
ALTER TABLE permanence ADD COLUMN follows TEXT REFERENCES permanence (id);
ALTER TABLE permanence ADD COLUMN host_id TEXT REFERENCES account (id);
ALTER TABLE permanence ADD COLUMN slot_minutes INTEGER
  CHECK (slot_minutes IS NULL OR slot_minutes BETWEEN 5 AND 480);
ALTER TABLE permanence ADD COLUMN places INTEGER NOT NULL DEFAULT 1
  CHECK (places BETWEEN 1 AND 200);
ALTER TABLE permanence ADD COLUMN breaks TEXT NOT NULL DEFAULT '';  -- wall-clock, as times
ALTER TABLE permanence ADD COLUMN notice_minutes INTEGER NOT NULL DEFAULT 0
  CHECK (notice_minutes >= 0);
ALTER TABLE permanence ADD COLUMN ahead_days INTEGER NOT NULL DEFAULT 90
  CHECK (ahead_days BETWEEN 1 AND 396);
ALTER TABLE permanence ADD COLUMN kept INTEGER NOT NULL DEFAULT 0 CHECK (kept >= 0);
ALTER TABLE permanence ADD COLUMN kept_for TEXT REFERENCES organisation (id);  -- NULL: the desk
ALTER TABLE permanence ADD COLUMN released_days INTEGER NOT NULL DEFAULT 1
  CHECK (released_days >= 0);
ALTER TABLE permanence ADD COLUMN closed_on TEXT NOT NULL DEFAULT 'public house';
ALTER TABLE permanence ADD COLUMN source TEXT NOT NULL DEFAULT 'text'
  CHECK (source IN ('text', 'planning'));

-- What was done to an occurrence by hand, the rule no longer undoes. The grid of its slots is
-- anchored on its own hour, whatever is cut off before or after.
ALTER TABLE occurrence ADD COLUMN exception TEXT NOT NULL DEFAULT ''
  CHECK (exception IN ('', 'changed', 'added', 'kept'));  -- kept: only for those who had booked
ALTER TABLE occurrence ADD COLUMN grid_at TEXT NOT NULL DEFAULT '';
ALTER TABLE occurrence ADD COLUMN host_id TEXT REFERENCES account (id);
ALTER TABLE occurrence ADD COLUMN breaks TEXT NOT NULL DEFAULT '';
ALTER TABLE occurrence ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE occurrence ADD COLUMN changed_at TEXT NOT NULL DEFAULT '';
UPDATE occurrence SET grid_at = starts_at, changed_at = starts_at;
UPDATE occurrence SET exception = 'changed' WHERE status = 'cancelled';
CREATE INDEX occurrence_of_host ON occurrence (host_id, day) WHERE host_id IS NOT NULL;

ALTER TABLE closure RENAME TO closure_before;
CREATE TABLE closure (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL CHECK (kind IN ('house', 'school')),
  site_id   TEXT REFERENCES site (id),  -- NULL: the whole house
  zone      TEXT NOT NULL CHECK (zone IN ('', 'A', 'B', 'C')),
  first_day TEXT NOT NULL,
  last_day  TEXT NOT NULL,
  reason    TEXT NOT NULL,
  source    TEXT NOT NULL CHECK (source IN ('text', 'planning', 'reopened')),
  CHECK (first_day <= last_day),
  CHECK ((kind = 'school') = (zone <> ''))
) STRICT;
CREATE UNIQUE INDEX one_closure ON closure
  (kind, coalesce(site_id, ''), zone, first_day, last_day);
INSERT INTO closure (id, kind, zone, first_day, last_day, reason, source)
SELECT first_day || ' ' || last_day, 'house', '', first_day, last_day, reason, 'text'
FROM closure_before;
DROP TABLE closure_before;

CREATE TABLE slot (
  id            TEXT PRIMARY KEY,
  occurrence_id TEXT NOT NULL REFERENCES occurrence (id),
  starts_at     TEXT NOT NULL,
  ends_at       TEXT NOT NULL,
  place         INTEGER NOT NULL CHECK (place >= 1),
  kept          INTEGER NOT NULL CHECK (kept IN (0, 1)),
  open          INTEGER NOT NULL CHECK (open IN (0, 1)),  -- 0: only there for who had booked it
  UNIQUE (occurrence_id, starts_at, place),
  CHECK (starts_at < ends_at)
) STRICT;

-- Its code, known to the visitor alone, is kept as a hash; being unique, it is also what makes
-- a repeated request the same appointment.
CREATE TABLE appointment (
  id            TEXT PRIMARY KEY,
  occurrence_id TEXT NOT NULL REFERENCES occurrence (id),
  service_id    TEXT NOT NULL REFERENCES service (id),
  site_id       TEXT NOT NULL REFERENCES site (id),
  starts_at     TEXT NOT NULL,
  ends_at       TEXT NOT NULL,
  code_hash     TEXT NOT NULL UNIQUE,
  name          TEXT,
  phone         TEXT,
  language      TEXT NOT NULL,
  channel       TEXT NOT NULL CHECK (channel IN ('kiosk', 'desk', 'partner', 'visitor')),
  booked_by     TEXT NOT NULL,
  booked_at     TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('booked', 'cancelled')),
  cancelled_by  TEXT CHECK (cancelled_by IN ('visitor', 'house')),
  confirmed_at  TEXT,
  earlier_at    TEXT,  -- since when they ask to come earlier
  tell          TEXT CHECK (tell IN ('cancelled', 'moved', 'room', 'host')),  -- what they do not know
  sequence      INTEGER NOT NULL,
  changed_at    TEXT NOT NULL,
  CHECK ((state = 'cancelled') = (cancelled_by IS NOT NULL))
) STRICT;
CREATE INDEX appointment_of_occurrence ON appointment (occurrence_id, starts_at);
CREATE INDEX appointment_to_tell ON appointment (site_id) WHERE tell IS NOT NULL;
CREATE INDEX appointment_wanted_earlier ON appointment (service_id, earlier_at)
  WHERE earlier_at IS NOT NULL AND state = 'booked';
CREATE INDEX appointment_named ON appointment (ends_at) WHERE name IS NOT NULL OR phone IS NOT NULL;

-- One appointment for one slot, and no more: this key is what refuses the second.
CREATE TABLE booking (
  slot_id        TEXT PRIMARY KEY REFERENCES slot (id),
  appointment_id TEXT NOT NULL REFERENCES appointment (id)
) STRICT;
CREATE INDEX booking_of_appointment ON booking (appointment_id);

-- For ten seconds, the rows that a change of the planning touched, as they were and as it left
-- them. `seq` is its event's in the journal.
CREATE TABLE undoing (
  seq     INTEGER PRIMARY KEY,
  actor   TEXT NOT NULL,
  at      TEXT NOT NULL,
  changes TEXT NOT NULL
) STRICT;

-- The secret address of a calendar feed, kept as a hash.
CREATE TABLE calendar_address (
  id         TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL CHECK (kind IN ('organisation', 'host', 'room', 'site')),
  subject_id TEXT NOT NULL,
  made_by    TEXT NOT NULL REFERENCES account (id),
  made_at    TEXT NOT NULL,
  asked_at   TEXT,
  revoked_at TEXT
) STRICT;
CREATE INDEX calendar_address_of ON calendar_address (kind, subject_id);
