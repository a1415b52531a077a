-- The directory: what is known of each service beside the house's text, and the services outside.
-- A row with a service_id describes a service of the house, whose name, needs and phones are in
-- `service`; its own are then empty. `source` is 'house', or the data·inclusion source of what
-- was imported. Nothing here is about a person.
CREATE TABLE listing (
  id           TEXT PRIMARY KEY,
  service_id   TEXT UNIQUE REFERENCES service (id),
  source       TEXT NOT NULL,
  name         TEXT NOT NULL,
  organisation TEXT NOT NULL,
  about        TEXT NOT NULL,  -- JSON: a sentence by language code
  needs        TEXT NOT NULL,  -- tags, separated by spaces
  audience     TEXT NOT NULL CHECK (audience IN ('public', 'staff', 'partners')),
  state        TEXT NOT NULL CHECK (state IN ('open', 'project', 'reference')),
  address      TEXT NOT NULL,
  postcode     TEXT NOT NULL,
  commune      TEXT NOT NULL,
  insee        TEXT NOT NULL,
  departements TEXT NOT NULL,  -- codes of those it serves, separated by spaces; none: not said
  phones       TEXT NOT NULL,  -- as printed, separated by commas
  email        TEXT NOT NULL,
  url          TEXT NOT NULL,
  hours        TEXT NOT NULL,  -- in words
  bring        TEXT NOT NULL,  -- what to bring, in words
  rule         TEXT NOT NULL,  -- JSON: the rule format of accueil/orientation/criteria_data.py
  places       INTEGER CHECK (places >= 0),
  places_left  INTEGER CHECK (places_left BETWEEN 0 AND places),
  places_unit  TEXT NOT NULL
    CHECK (places_unit IN ('places', 'dwellings', 'households', 'persons_a_year')),
  places_on    TEXT,           -- the day when places_left was true
  reserved     INTEGER NOT NULL CHECK (reserved >= 0),  -- places kept for a birth in secret
  missing      TEXT NOT NULL,  -- words that name what is not known, separated by spaces
  verified_on  TEXT,
  edited       INTEGER NOT NULL CHECK (edited IN (0, 1)),  -- on a screen: no more the text's
  retired      INTEGER NOT NULL CHECK (retired IN (0, 1)),
  version      INTEGER NOT NULL
) STRICT;
CREATE INDEX listing_of_source ON listing (source);

-- What was imported, as it came, by kind: what our columns do not hold is kept there.
CREATE TABLE inclusion_record (
  kind       TEXT NOT NULL CHECK (kind IN ('structure', 'service')),
  source     TEXT NOT NULL,
  id         TEXT NOT NULL,
  listing_id TEXT REFERENCES listing (id),
  record     TEXT NOT NULL,  -- JSON, in data·inclusion schema v1
  PRIMARY KEY (kind, source, id)
) STRICT;
CREATE INDEX inclusion_record_of_listing ON inclusion_record (listing_id);

-- Grows by one whenever the house's text or its directory changes: what was read is then old.
CREATE TABLE edition (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO edition (id, number) VALUES (1, 1);
