"""Filling the outbox: which messages ought to be, from what is booked, moved or cancelled.

Derived from the state, again and again: no verb of booking knows of messages, and what happened
while nothing ran is found afterwards. The key of `message` refuses the second of each.

A confirmation, once; another message each time the date, the place or the room changes; one when
the house cancels; a reminder the day before, unless the person was told that same day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from accueil.house.sites import Site, every_site
from accueil.messages.outbox import Kind, Message, New, message, put
from accueil.planning.appointments import Tell
from accueil.planning.undoing import UNDO_WITHIN
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text

# What is undone at once is told to nobody.
GRACE = UNDO_WITHIN + timedelta(seconds=5)
REMINDED_AT = time(10)
MORNING, EVENING = time(8), time(20)
# Nobody is reminded when it is time to leave.
REMINDED_BEFORE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment to come, or that was, and whom to tell of it. `told` is when, where and with
    whom it is, in a form that only serves to be compared."""

    contact_id: str
    consented_at: datetime
    starts_at: datetime
    changed_at: datetime
    site_id: str
    state: str
    cancelled_by: str | None
    tell: Tell | None
    sequence: int
    told: str

    @property
    def is_called_off(self) -> bool:
        """Cancelled by the house, and the person does not know."""
        return (self.state, self.cancelled_by, self.tell) == ("cancelled", "house", "cancelled")


def fill(db: Db, at: datetime) -> int:
    """Put what ought to be sent, and is not there yet; how many."""
    held = [_held(row) for row in db.all(f"{_SELECT} AND a.starts_at > :now", now=to_text(at))]
    past = _past(db)
    places = {place.id: place for place in every_site(db)}
    new = [
        each
        for one in held
        for each in wanted(one, past.get(one.contact_id, []), places[one.site_id], at)
    ]
    if not new:
        return 0
    with db.transaction():
        return sum(put(db, each, at) for each in new)


def wanted(held: Held, past: Iterable[Message], place: Site, at: datetime) -> Iterator[New]:
    """What ought to be told of an appointment to come, besides what is there already. Pure."""
    settled_at = max(held.changed_at, held.consented_at) + GRACE
    known = {(each.kind, each.about) for each in past}
    if held.is_called_off:
        new = [_about_version(held, "cancelled", decent(settled_at, place))]
    elif held.state == "booked":
        new = [*_whereabouts(held, past, place, settled_at), *_reminder(held, place, at)]
    else:
        new = []
    yield from (each for each in new if (each.kind, each.about) not in known)


def is_true(held: Held | None, waiting: Message, past: Iterable[Message], at: datetime) -> bool:
    """Whether a message that waits still tells something, about an appointment or, with None,
    about a turn. Pure."""
    if at >= waiting.until:
        return False
    if held is None:
        return True
    if at >= held.starts_at:
        return False
    if waiting.kind == "cancelled":
        return held.is_called_off
    if waiting.kind == "reminder":
        return held.state == "booked" and waiting.about == to_text(held.starts_at)
    last = _last_told([each for each in past if each.id != waiting.id])
    return held.state == "booked" and (last is None or last.told != held.told)


def changed(held: Held, past: Iterable[Message]) -> Literal["moved", "room", "host"]:
    """What is no longer as the person was told: the hour, else the place, else who receives."""
    last = _last_told(past)
    before = last.told.split() if last and last.told else []
    now = held.told.split()
    if before[:1] != now[:1]:
        return "moved"
    return "room" if before[1:3] != now[1:3] else "host"


def held_of(db: Db, contact_id: str) -> Held | None:
    """The appointment of a contact; None for a visit's."""
    row = db.one(f"{_SELECT} AND c.id = :id", id=contact_id)
    return _held(row) if row else None


def messages_of(db: Db, contact_id: str) -> list[Message]:
    rows = db.all("SELECT * FROM message WHERE contact_id = :id ORDER BY id", id=contact_id)
    return [message(row) for row in rows]


def decent(at: datetime, place: Site) -> datetime:
    """`at`, or the next morning when it is late there: a phone rings beside somebody's bed."""
    wall = place.wall_clock(at)
    if wall.time() < MORNING:
        return place.instant(wall.date(), MORNING)
    if wall.time() >= EVENING:
        return place.instant(wall.date() + timedelta(days=1), MORNING)
    return at


def _whereabouts(
    held: Held, past: Iterable[Message], place: Site, settled_at: datetime
) -> Iterator[New]:
    """When and where: once, and each time it is no longer what was told."""
    waiting = any(each.kind in _TELLING and each.state == "due" for each in past)
    last = _last_told(past)
    if last is None and not waiting:
        yield _about_version(held, "confirmation", settled_at)
    elif last and not waiting and (last.sequence or 0) < held.sequence and last.told != held.told:
        yield _about_version(held, "moved", decent(settled_at, place))


def _reminder(held: Held, place: Site, at: datetime) -> Iterator[New]:
    day_before = place.day(held.starts_at) - timedelta(days=1)
    due = place.instant(day_before, REMINDED_AT)
    if due <= at and place.day(max(held.changed_at, held.consented_at)) < day_before:
        until = held.starts_at - REMINDED_BEFORE
        yield New(held.contact_id, "reminder", to_text(held.starts_at), decent(at, place), until)


_TELLING = ("confirmation", "moved")


def _last_told(past: Iterable[Message]) -> Message | None:
    """The last that said when and where, whether it arrived or not."""
    said = [each for each in past if each.kind in _TELLING and each.told is not None]
    return max(said, key=lambda each: (each.sequence or 0, each.id), default=None)


def _about_version(held: Held, kind: Kind, next_at: datetime) -> New:
    return New(held.contact_id, kind, str(held.sequence), next_at, held.starts_at)


def _past(db: Db) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    for row in db.all(
        "SELECT m.* FROM message AS m JOIN contact AS c ON c.id = m.contact_id"
        " WHERE c.address IS NOT NULL AND c.appointment_id IS NOT NULL ORDER BY m.id"
    ):
        found.setdefault(row["contact_id"], []).append(message(row))
    return found


_SELECT = (
    "SELECT c.id AS contact_id, c.consented_at, a.starts_at, a.changed_at, a.site_id, a.state,"
    " a.cancelled_by, a.tell, a.sequence, o.room_id, o.host_id FROM contact AS c"
    " JOIN appointment AS a ON a.id = c.appointment_id"
    " JOIN occurrence AS o ON o.id = a.occurrence_id WHERE c.address IS NOT NULL"
)


def _held(row: Row) -> Held:
    where = (row["starts_at"], row["site_id"], row["room_id"], row["host_id"])
    return Held(
        contact_id=row["contact_id"],
        consented_at=from_text(row["consented_at"]),
        starts_at=from_text(row["starts_at"]),
        changed_at=from_text(row["changed_at"]),
        site_id=row["site_id"],
        state=row["state"],
        cancelled_by=row["cancelled_by"],
        tell=row["tell"],
        sequence=row["sequence"],
        told=" ".join(each or "-" for each in where),
    )
