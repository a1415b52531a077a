"""Appointments: a slot, or several in a row, that somebody has booked.

    appointment(id, occurrence_id, service_id, site_id, starts_at, ends_at, code_hash, name?,
                phone?, language, channel, booked_by, booked_at, state, cancelled_by?,
                confirmed_at?, earlier_at?, tell?, sequence, changed_at)   booked -> cancelled
    booking(slot_id, appointment_id)        one row a slot: its key refuses a second appointment

The visitor alone knows the code. A name is never required, an alias is enough; it is forgotten
the day after. `tell` says what the person does not know yet, and somebody still has to tell
them. Reading only: the verbs are in `booking`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from accueil.house.sites import Unknown
from accueil.planning import appointment_codes, slots
from accueil.planning.slots import FreeSlot
from accueil.store.codes import LENGTH, read_scanned
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text

Channel = Literal["kiosk", "desk", "partner", "visitor"]
Tell = Literal["cancelled", "moved", "room", "host"]
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Appointment:
    """Instants are UTC. `confirmed` once the visitor said they come, `earlier` while they ask
    for an earlier slot, `tell` names what they have not been told."""

    id: str
    occurrence_id: str
    service_id: str
    site_id: str
    room: str | None
    starts_at: datetime
    ends_at: datetime
    name: str | None
    phone: str | None
    language: str
    channel: Channel
    booked_at: datetime
    state: Literal["booked", "cancelled"]
    cancelled_by: Literal["visitor", "house"] | None
    confirmed: bool
    earlier: bool
    tell: Tell | None
    sequence: int
    changed_at: datetime

    def is_to_come(self, at: datetime) -> bool:
        return self.state == "booked" and self.starts_at > at


def appointment(db: Db, appointment_id: str) -> Appointment:
    """One appointment; `Unknown` if there is none."""
    row = db.one(f"{_SELECT} WHERE a.id = :id", id=appointment_id)
    if row is None:
        raise Unknown(appointment_id)
    return _appointment(row)


def appointment_of_code(db: Db, code: str, at: datetime) -> Appointment:
    """The visitor's own, until the day after. Raises `BadCode` or `Unknown`."""
    row = db.one(
        f"{_SELECT} WHERE a.id = :id AND a.ends_at > :since",
        id=appointment_codes.of_code(db, code),
        since=to_text(at - REMEMBERED),
    )
    if row is None:
        raise Unknown("appointment")
    return _appointment(row)


def appointment_of_typed(db: Db, typed: str, at: datetime) -> Appointment:
    """The one, of whichever day, whose code was scanned, or whose ten letters were typed: of two
    that begin alike, the nearest in time. Raises `BadCode` or `Unknown`."""
    code = read_scanned(typed)
    if len(code) == LENGTH:
        return appointment(db, appointment_codes.of_code(db, code) or "")
    held = [appointment(db, each) for each in appointment_codes.of_letters(db, code)]
    if not held:
        raise Unknown("appointment")
    return min(held, key=lambda each: abs(each.starts_at - at))


def of_occurrence(db: Db, occurrence_id: str) -> list[Appointment]:
    """Who is booked in an occurrence, by hour."""
    return _found(db, "a.occurrence_id = :id AND a.state = 'booked'", id=occurrence_id)


def of_days(db: Db, service_ids: list[str], start: datetime, end: datetime) -> list[Appointment]:
    """The booked appointments of these services between two instants, by hour."""
    wanted = set(service_ids)
    found = _found(
        db,
        "a.occurrence_id IN (SELECT id FROM occurrence WHERE starts_at < :end AND ends_at > :start)"
        " AND a.state = 'booked' AND a.starts_at < :end AND a.ends_at > :start",
        start=to_text(start),
        end=to_text(end),
    )
    return [each for each in found if each.service_id in wanted]


def to_tell(db: Db, site_id: str, at: datetime) -> list[Appointment]:
    """Who has not been told of a change, and whose hour is not over, by hour."""
    return _found(
        db,
        "a.site_id = :site_id AND a.tell IS NOT NULL AND a.ends_at > :now",
        site_id=site_id,
        now=to_text(at),
    )


def wanting_earlier(db: Db, service_id: str, at: datetime) -> list[Appointment]:
    """Who asks to come earlier, the first to have asked first."""
    return _found(
        db,
        "a.service_id = :service_id AND a.earlier_at IS NOT NULL AND a.state = 'booked'"
        " AND a.starts_at > :now",
        order="a.earlier_at",
        service_id=service_id,
        now=to_text(at),
    )


def forget_names(db: Db, at: datetime) -> int:
    """Erase the names and phones of appointments over since a day; how many."""
    with db.transaction():
        return db.run(
            "UPDATE appointment SET name = NULL, phone = NULL"
            " WHERE (name IS NOT NULL OR phone IS NOT NULL) AND ends_at < :since",
            since=to_text(at - REMEMBERED),
        )


def earlier_slots(db: Db, held: Appointment, at: datetime, number: int = 3) -> list[FreeSlot]:
    """The free slots of the same service and site before an appointment: those that others
    gave up, whatever the notice, but none that is kept for somebody."""
    return [
        slot
        for slot in slots.free(
            db,
            held.service_id,
            at,
            asker=slots.EARLIER,
            number=number,
            within=held.starts_at - at,
            site_id=held.site_id,
        )
        if slot.starts_at < held.starts_at
    ]


_SELECT = (
    "SELECT a.*, r.name AS room FROM appointment AS a"
    " JOIN occurrence AS o ON o.id = a.occurrence_id LEFT JOIN room AS r ON r.id = o.room_id"
)


def _found(db: Db, where: str, order: str = "a.starts_at", **values: object) -> list[Appointment]:
    rows = db.all(f"{_SELECT} WHERE {where} ORDER BY {order}, a.id", **values)
    return [_appointment(row) for row in rows]


def _appointment(row: Row) -> Appointment:
    return Appointment(
        id=row["id"],
        occurrence_id=row["occurrence_id"],
        service_id=row["service_id"],
        site_id=row["site_id"],
        room=row["room"],
        starts_at=from_text(row["starts_at"]).astimezone(UTC),
        ends_at=from_text(row["ends_at"]).astimezone(UTC),
        name=row["name"],
        phone=row["phone"],
        language=row["language"],
        channel=row["channel"],
        booked_at=from_text(row["booked_at"]).astimezone(UTC),
        state=row["state"],
        cancelled_by=row["cancelled_by"],
        confirmed=row["confirmed_at"] is not None,
        earlier=row["earlier_at"] is not None,
        tell=row["tell"],
        sequence=row["sequence"],
        changed_at=from_text(row["changed_at"]).astimezone(UTC),
    )
