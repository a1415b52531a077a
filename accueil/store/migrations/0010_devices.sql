-- The house's own screens. A short code, typed once on the device, makes it one of them; what the
-- device keeps from then on is known to it alone, and the store has only its hash.
CREATE TABLE device (
  id              TEXT PRIMARY KEY,
  site_id         TEXT NOT NULL REFERENCES site (id),
  kind            TEXT NOT NULL CHECK (kind IN ('kiosk', 'board', 'door')),
  name            TEXT NOT NULL,
  rooms           TEXT NOT NULL,  -- of a board: their ids, separated by spaces; none means all
  voice           INTEGER NOT NULL CHECK (voice IN (0, 1)),  -- of a board: it calls aloud
  reach           INTEGER NOT NULL CHECK (reach IN (0, 1)),  -- of a kiosk: buttons low down
  text_size       TEXT NOT NULL CHECK (text_size IN ('usual', 'larger')),
  code_hash       TEXT UNIQUE,
  code_expires_at TEXT,
  token_hash      TEXT UNIQUE,
  made_by         TEXT NOT NULL,
  made_at         TEXT NOT NULL,
  enrolled_at     TEXT,
  seen_at         TEXT,
  revoked_at      TEXT,
  CHECK ((code_hash IS NULL) = (code_expires_at IS NULL)),
  CHECK (token_hash IS NULL OR (enrolled_at IS NOT NULL AND revoked_at IS NULL))
) STRICT;
CREATE INDEX device_of_site ON device (site_id, kind);

-- What is said of the languages that visitors are offered: by the house's text, or on a screen,
-- which wins from then on. Without a word of the text, those that somebody has read are offered.
CREATE TABLE language_offer (
  code    TEXT PRIMARY KEY,
  offered INTEGER NOT NULL CHECK (offered IN (0, 1)),
  said_on TEXT NOT NULL CHECK (said_on IN ('text', 'screen'))
) STRICT;
