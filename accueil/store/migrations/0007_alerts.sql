-- Somebody asks the desk for help without a word. Nothing says who, nor why; the row is forgotten
-- when its day is over. One that nobody has seen yet is the only one of its visit.
CREATE TABLE alert (
  id             TEXT PRIMARY KEY,
  site_id        TEXT NOT NULL REFERENCES site (id),
  day            TEXT NOT NULL,  -- when the desk can see it: today, or its next opening
  visit_id       TEXT REFERENCES visit (id),
  appointment_id TEXT REFERENCES appointment (id),
  channel        TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone')),
  urgent         INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  raised_at      TEXT NOT NULL,
  seen_at        TEXT,
  seen_by        TEXT REFERENCES account (id),
  CHECK ((visit_id IS NULL) <> (appointment_id IS NULL)),
  CHECK ((seen_at IS NULL) = (seen_by IS NULL))
) STRICT;
CREATE INDEX alert_of_site ON alert (site_id, day);
CREATE INDEX alert_of_visit ON alert (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX alert_of_appointment ON alert (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE UNIQUE INDEX one_alert_a_visit ON alert (visit_id)
  WHERE visit_id IS NOT NULL AND seen_at IS NULL;
CREATE UNIQUE INDEX one_alert_an_appointment ON alert (appointment_id)
  WHERE appointment_id IS NOT NULL AND seen_at IS NULL;

-- What was missing, when a visit ends and nobody could answer.
ALTER TABLE visit ADD COLUMN missing TEXT CHECK (
  missing IS NULL
  OR (outcome IS NOT NULL AND outcome = 'unmet' AND missing IN
    ('service', 'place', 'conditions', 'distance', 'wait', 'hours', 'language', 'other')));
CREATE INDEX visit_unmet ON visit (site_id, day) WHERE outcome = 'unmet';
