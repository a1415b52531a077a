-- Where a person asked to be told, by a tick of their own or read out to them. The address goes
-- when they withdraw, and the day after in any case.
CREATE TABLE contact (
  id             TEXT PRIMARY KEY,
  site_id        TEXT NOT NULL REFERENCES site (id),
  appointment_id TEXT REFERENCES appointment (id),
  visit_id       TEXT REFERENCES visit (id),
  kind           TEXT NOT NULL CHECK (kind IN ('email', 'sms')),
  address        TEXT,
  language       TEXT NOT NULL,
  consented_at   TEXT NOT NULL,
  ended_at       TEXT,
  CHECK ((appointment_id IS NULL) <> (visit_id IS NULL)),
  CHECK ((address IS NULL) = (ended_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX one_contact_an_appointment ON contact (appointment_id)
  WHERE appointment_id IS NOT NULL AND address IS NOT NULL;
CREATE UNIQUE INDEX one_contact_a_visit ON contact (visit_id)
  WHERE visit_id IS NOT NULL AND address IS NOT NULL;
CREATE INDEX contact_of_appointment ON contact (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX contact_of_visit ON contact (visit_id) WHERE visit_id IS NOT NULL;

-- The outbox. No text: it is written when it is sent, of what is then true. `about` is what is
-- told (a version of the appointment, its hour, a turn), and its key is what refuses to tell it
-- twice.
CREATE TABLE message (
  id          TEXT PRIMARY KEY,
  contact_id  TEXT NOT NULL REFERENCES contact (id),
  kind        TEXT NOT NULL
    CHECK (kind IN ('confirmation', 'moved', 'cancelled', 'reminder', 'near')),
  about       TEXT NOT NULL,
  made_at     TEXT NOT NULL,
  next_at     TEXT NOT NULL,  -- not to be sent before
  until       TEXT NOT NULL,  -- nor from then on
  state       TEXT NOT NULL
    CHECK (state IN ('due', 'sending', 'sent', 'unsure', 'failed', 'dropped')),
  tries       INTEGER NOT NULL,
  tried_at    TEXT,
  sequence    INTEGER,  -- of the appointment, as this message told it
  told        TEXT,     -- and when, where, with whom it was
  tell        TEXT,     -- what its acceptance settled, that the person did not know
  returned_at TEXT,     -- accepted, and known since not to have arrived
  settled_at  TEXT,     -- the person was phoned instead
  settled_by  TEXT REFERENCES account (id),
  UNIQUE (contact_id, kind, about),
  CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
  CHECK (returned_at IS NULL OR state = 'failed')
) STRICT;
CREATE INDEX message_on_its_way ON message (next_at) WHERE state IN ('due', 'sending');
CREATE INDEX message_missed ON message (until)
  WHERE state IN ('unsure', 'failed') AND settled_at IS NULL;
CREATE INDEX message_tried ON message (tried_at) WHERE state = 'sent';
