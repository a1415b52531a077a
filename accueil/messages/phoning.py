"""Phoning: whom a message has not reached, and who has to be told by somebody.

Refused too often, of unknown fate, returned, or still here long after it was due: the desk
phones, and says so. What was on its way to somebody whose hour is over is not said any more.
"""

from dataclasses import dataclass
from datetime import datetime, time

from accueil.house.sites import Site, Unknown
from accueil.messages import outbox
from accueil.messages.contacts import About, about
from accueil.messages.outbox import LATE, Message, message, note
from accueil.messages.reach import Kind as Way
from accueil.planning import appointments, booking
from accueil.store.db import Db, Row
from accueil.store.instants import to_text


@dataclass(frozen=True, slots=True)
class Missed:
    """A message that did not arrive, or nobody knows. `address` is None when it was forgotten."""

    message: Message
    about: About
    way: Way
    address: str | None


class NotSent(ValueError):
    """Only what was sent can have been lost on its way."""


def missed(db: Db, at: datetime) -> list[Missed]:
    """The messages that somebody has to say instead, the oldest first."""
    rows = db.all(
        f"{_SELECT} WHERE m.settled_at IS NULL AND m.until > :now AND (m.state IN"
        " ('unsure', 'failed') OR (m.state = 'due' AND m.next_at < :late)) ORDER BY m.id",
        now=to_text(at),
        late=to_text(at - LATE),
    )
    return [_missed(row) for row in rows]


def sent_today(db: Db, place: Site, at: datetime) -> list[Missed]:
    """What the providers accepted today for people of a site, the last first."""
    rows = db.all(
        f"{_SELECT} WHERE m.state = 'sent' AND m.tried_at >= :today AND c.site_id = :site_id"
        " ORDER BY m.tried_at DESC, m.id DESC",
        today=to_text(place.instant(place.day(at), time())),
        site_id=place.id,
    )
    return [_missed(row) for row in rows]


def on_their_way(db: Db, ways: frozenset[Way]) -> set[str]:
    """The appointments of which a change is about to be told, by one of these ways."""
    rows = db.all(
        "SELECT DISTINCT c.appointment_id, c.kind FROM message AS m"
        " JOIN contact AS c ON c.id = m.contact_id WHERE m.state IN ('due', 'sending')"
        " AND m.kind IN ('confirmation', 'moved', 'cancelled') AND c.appointment_id IS NOT NULL"
    )
    return {row["appointment_id"] for row in rows if row["kind"] in ways}


def returned(db: Db, message_id: str, by: str, at: datetime) -> None:
    """The provider accepted it, and it did not arrive: somebody has to phone. `Unknown` if there
    is none, `NotSent` if it never left; twice, once."""
    with db.transaction():
        found = outbox.message_of(db, message_id)
        if found is None:
            raise Unknown(message_id)
        if found.returned:
            return
        if not db.run(
            "UPDATE message SET state = 'failed', returned_at = :at"
            " WHERE id = :id AND state = 'sent'",
            id=message_id,
            at=to_text(at),
        ):
            raise NotSent
        note(db, "message returned", found, by, at)
        _not_told(db, found, by, at)


def phoned(db: Db, who: About, by: str, at: datetime) -> None:
    """Somebody has told the person: nothing is left to be said of their appointment, or of their
    turn."""
    with db.transaction():
        db.run(
            "UPDATE message SET settled_at = :at, settled_by = :by,"
            " state = CASE state WHEN 'due' THEN 'dropped' ELSE state END"
            " WHERE settled_at IS NULL AND state IN ('unsure', 'failed', 'due') AND contact_id IN"
            f" (SELECT id FROM contact WHERE {who.what}_id = :id)",
            at=to_text(at),
            by=by,
            id=who.id,
        )
        if who.what == "appointment" and appointments.appointment(db, who.id).tell:
            booking.told(db, who.id, by, at)


def _not_told(db: Db, lost: Message, by: str, at: datetime) -> None:
    """What this message was thought to have told is still to be told, if it is still so."""
    [row] = db.all("SELECT appointment_id FROM contact WHERE id = :id", id=lost.contact_id)
    if lost.tell and row["appointment_id"]:
        held = appointments.appointment(db, row["appointment_id"])
        if held.sequence == lost.sequence and held.tell is None and held.starts_at > at:
            booking.told(db, held.id, by, at, tell=lost.tell)


_SELECT = (
    "SELECT m.*, c.site_id, c.appointment_id, c.visit_id, c.kind AS way, c.address"
    " FROM message AS m JOIN contact AS c ON c.id = m.contact_id"
)


def _missed(row: Row) -> Missed:
    return Missed(message(row), about(row), row["way"], row["address"])
