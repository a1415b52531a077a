"""The journal: an append-only record of what happened, written with what it records.

    journal(seq, at, site_id?, actor, verb, visit_id?, data, previous, seal)

It is the audit trail, what live screens follow (the last `seq` of a site is its version) and
what statistics count. It holds pseudonymous identifiers only. Each row's seal is an HMAC over
the row and the seal before it, with a key that is kept outside the database, so that a row
changed, moved, or removed from among the others is found by `first_broken`.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accueil.store.db import Db, Row
from accueil.store.instants import to_text

NO_SEAL = ""
PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `actor` is an account id, "kiosk", "visitor" or "house"."""

    verb: str
    actor: str
    site_id: str | None = None
    visit_id: str | None = None
    data: Mapping[str, object] | None = None


def write(db: Db, event: Event, at: datetime) -> int:
    """Append `event` inside the caller's transaction; its sequence number."""
    if not db.in_transaction:
        raise RuntimeError("an event is written in the transaction of what it records")
    last = db.one("SELECT seq, seal FROM journal ORDER BY seq DESC LIMIT 1")
    row: Row = {
        "seq": last["seq"] + 1 if last else 1,
        "at": to_text(at),
        "site_id": event.site_id,
        "actor": event.actor,
        "verb": event.verb,
        "visit_id": event.visit_id,
        "data": json.dumps(event.data or {}, ensure_ascii=False, sort_keys=True),
        "previous": last["seal"] if last else NO_SEAL,
    }
    db.run(
        "INSERT INTO journal (seq, at, site_id, actor, verb, visit_id, data, previous, seal)"
        " VALUES (:seq, :at, :site_id, :actor, :verb, :visit_id, :data, :previous, :seal)",
        **row,
        seal=_seal(db.key, row),
    )
    return int(row["seq"])


def version(db: Db, site_id: str) -> int:
    """The number of the last event at `site_id`: a screen showing it is up to date."""
    row = db.one("SELECT max(seq) AS seq FROM journal WHERE site_id = :site_id", site_id=site_id)
    return (row and row["seq"]) or 0


def last(db: Db) -> int:
    """The number of the last event of the house."""
    row = db.one("SELECT max(seq) AS seq FROM journal")
    return (row and row["seq"]) or 0


def visits_since(db: Db, seq: int, most: int) -> frozenset[str] | None:
    """The visits that the events after `seq` are about; None when there are more than `most`
    events, or one that is about the whole house."""
    rows = db.all(
        "SELECT site_id, visit_id FROM journal WHERE seq > :seq LIMIT :limit",
        seq=seq,
        limit=most + 1,
    )
    if len(rows) > most or any(row["site_id"] is None for row in rows):
        return None
    return frozenset(row["visit_id"] for row in rows if row["visit_id"])


def first_broken(db: Db) -> int | None:
    """The sequence number of the first row that is not as it was written, or None."""
    previous, position = NO_SEAL, 0
    while page := db.all(
        "SELECT * FROM journal WHERE seq > :seq ORDER BY seq LIMIT :page",
        seq=position,
        page=PAGE,
    ):
        for row in page:
            position += 1
            seal = row.pop("seal")
            intact = row["seq"] == position and row["previous"] == previous
            if not intact or not hmac.compare_digest(seal.encode(), _seal(db.key, row).encode()):
                return position
            previous = seal
    return None


def _seal(key: bytes, row: Row) -> str:
    columns = ("previous", "seq", "at", "site_id", "actor", "verb", "visit_id", "data")
    message = json.dumps([row[column] for column in columns], ensure_ascii=False)
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
