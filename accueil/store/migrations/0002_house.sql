-- The house: what its text describes. A row that leaves the text is retired, never deleted,
-- since visits of the past point at it.
CREATE TABLE site (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  address   TEXT NOT NULL,
  postcode  TEXT NOT NULL,
  commune   TEXT NOT NULL,
  phone     TEXT NOT NULL,
  timezone  TEXT NOT NULL,
  reception INTEGER NOT NULL CHECK (reception IN (0, 1)),
  announce  TEXT NOT NULL,  -- language codes, separated by spaces
  assumed   TEXT NOT NULL,  -- words that name what is to be confirmed, separated by spaces
  position  INTEGER NOT NULL,
  retired   INTEGER NOT NULL CHECK (retired IN (0, 1))
) STRICT;

CREATE TABLE room (
  id       TEXT PRIMARY KEY,
  site_id  TEXT NOT NULL REFERENCES site (id),
  name     TEXT NOT NULL,
  seats    INTEGER NOT NULL CHECK (seats >= 1),  -- permanences that may share it at once
  assumed  TEXT NOT NULL,
  position INTEGER NOT NULL,
  retired  INTEGER NOT NULL CHECK (retired IN (0, 1))
) STRICT;

CREATE TABLE organisation (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  colour   TEXT NOT NULL,
  position INTEGER NOT NULL,
  retired  INTEGER NOT NULL CHECK (retired IN (0, 1))
) STRICT;

CREATE TABLE service (
  id              TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisation (id),
  site_id         TEXT REFERENCES site (id),
  name            TEXT NOT NULL,
  reception       INTEGER NOT NULL CHECK (reception IN (0, 1)),
  audience        TEXT NOT NULL CHECK (audience IN ('public', 'staff', 'partners')),
  booking         TEXT NOT NULL CHECK (booking IN ('house', 'partner', 'none')),
  phones          TEXT NOT NULL,  -- as printed, separated by commas
  needs           TEXT NOT NULL,  -- tags, separated by spaces
  assumed         TEXT NOT NULL,
  position        INTEGER NOT NULL,
  retired         INTEGER NOT NULL CHECK (retired IN (0, 1))
) STRICT;

CREATE TABLE service_text (
  service_id TEXT NOT NULL REFERENCES service (id),
  field      TEXT NOT NULL CHECK (field IN ('about', 'condition')),
  language   TEXT NOT NULL,
  text       TEXT NOT NULL,
  PRIMARY KEY (service_id, field, language)
) STRICT;

CREATE TABLE account (
  id              TEXT PRIMARY KEY,
  login           TEXT NOT NULL UNIQUE,
  name            TEXT NOT NULL,
  role            TEXT NOT NULL CHECK (role IN ('agent', 'partner', 'admin')),
  organisation_id TEXT REFERENCES organisation (id),
  password_hash   TEXT NOT NULL,
  active          INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_at      TEXT NOT NULL,
  CHECK ((role = 'partner') = (organisation_id IS NOT NULL))
) STRICT;

CREATE TABLE login_session (
  token_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account (id),
  created_at TEXT NOT NULL,
  active_at  TEXT NOT NULL,
  locked     INTEGER NOT NULL CHECK (locked IN (0, 1))
) STRICT;
CREATE INDEX login_session_of_account ON login_session (account_id);

CREATE TABLE known_device (
  device_hash TEXT NOT NULL,
  account_id  TEXT NOT NULL REFERENCES account (id),
  seen_at     TEXT NOT NULL,
  PRIMARY KEY (device_hash, account_id)
) STRICT;

CREATE TABLE login_throttle (
  subject  TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  retry_at TEXT NOT NULL
) STRICT;
