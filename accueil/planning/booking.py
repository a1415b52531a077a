"""Booking: take a slot, move, cancel, confirm, ask to come earlier.

The key of `booking` refuses the second of two people who want one slot; the code of an
appointment, being unique, makes a repeated request the same appointment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from accueil.house.services import Service, service
from accueil.house.sites import Unknown
from accueil.planning import appointment_codes, slots
from accueil.planning.appointments import Appointment, Channel, Tell, appointment
from accueil.planning.contact import read_name, read_phone
from accueil.planning.occurrence_rows import regrid, write
from accueil.planning.slots import FreeSlot
from accueil.planning.slots_in_row import slots_in_row
from accueil.planning.undoing import Scope, change
from accueil.store.codes import code_hash
from accueil.store.db import Db, Row
from accueil.store.errors import Taken
from accueil.store.ids import new_id
from accueil.store.instants import to_text

MOST_SLOTS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: `length` slots in a row from `slot_id`, under the visitor's `code`."""

    slot_id: str
    code: str
    channel: Channel
    language: str
    name: str | None = None
    phone: str | None = None
    length: int = 1


class NotFree(ValueError):
    """The slot has just been taken, or is not for this asker; `next` are the next free ones."""

    def __init__(self, next_free: list[FreeSlot]):
        super().__init__("not free")
        self.next = next_free


class NotTheirs(ValueError):
    """The appointment is over, or cancelled: nothing can be changed any more."""


def book(db: Db, wish: Wish, asker: str, by: str, at: datetime) -> Appointment:
    """Book what `wish` says for `asker` ("visitor", "desk" or an organisation's id).

    `by` is an account, "kiosk" or "visitor". The same code again is the same appointment.
    Raises `NotFree`, `BadCode`, `BadName`, `BadPhone`, or `Unknown` for a slot that never was.
    """
    name, phone = read_name(wish.name), read_phone(wish.phone)
    hashed = code_hash(wish.code)
    known = _of_code(db, hashed)
    if known:
        return known
    first = _slot(db, wish.slot_id)
    row = _new(first, wish, hashed, by, at) | {"name": name, "phone": phone}
    try:
        with db.transaction():
            again = _of_code(db, hashed)
            if again:
                return again
            with change(db, "booked", Scope(occurrences={first["occurrence_id"]}), by, at):
                taken = _free_slots(db, first["id"], wish.length, asker, at)
                _insert(db, row | _where(taken))
                appointment_codes.keep(db, row["id"], wish.code.strip(), at)
                _take(db, row["id"], taken)
    except NotFree:
        raise NotFree(slots.free(db, first["service_id"], at, asker=asker)) from None
    return appointment(db, row["id"])


def move(
    db: Db,
    appointment_id: str,
    slot_id: str,
    asker: str,
    by: str,
    at: datetime,
    tell: Tell | None = None,
) -> Appointment:
    """Move an appointment to another slot of its service, all or nothing; `tell` when the person
    does not know. Raises `NotFree`, `NotTheirs`, or `Unknown` for a slot of another service."""
    before = appointment(db, appointment_id)
    target = _slot(db, slot_id)
    if target["service_id"] != before.service_id:
        raise Unknown(slot_id)
    try:
        scope = Scope(occurrences={before.occurrence_id, target["occurrence_id"]})
        with change(db, "appointment moved", scope, by, at):
            rebook(db, appointment_id, slot_id, asker, at, tell)
    except NotFree:
        raise NotFree(slots.free(db, target["service_id"], at, asker=asker)) from None
    return appointment(db, appointment_id)


def rebook(
    db: Db, appointment_id: str, slot_id: str, asker: str, at: datetime, tell: Tell | None = None
) -> None:
    """`move` inside the caller's change. The appointment keeps as many slots as it had."""
    before = _to_come(db, appointment_id, at)
    if slot_id == _first_slot(db, appointment_id):  # the same button twice
        return
    held = db.run("DELETE FROM booking WHERE appointment_id = :id", id=appointment_id)
    taken = _free_slots(db, slot_id, max(held, 1), asker, at)
    _take(db, appointment_id, taken)
    _let_go(db, before.occurrence_id, at)
    _update(
        db,
        before,
        at,
        **_where(taken),
        confirmed_at=None,
        earlier_at=None,
        tell=tell,
    )


def cancel(
    db: Db,
    appointment_id: str,
    who: Literal["visitor", "house"],
    by: str,
    at: datetime,
    tell: Tell | None = None,
) -> None:
    """Cancel an appointment to come; `tell` when the person does not know. Raises `NotTheirs`."""
    before = _to_come(db, appointment_id, at)
    scope = Scope(occurrences={before.occurrence_id})
    with change(db, "appointment cancelled", scope, by, at):
        give_up(db, appointment_id, who, at, tell)


def give_up(
    db: Db,
    appointment_id: str,
    who: Literal["visitor", "house"],
    at: datetime,
    tell: Tell | None = None,
) -> None:
    """`cancel` inside the caller's change; `tell` when the person does not know."""
    before = _to_come(db, appointment_id, at)
    db.run("DELETE FROM booking WHERE appointment_id = :id", id=appointment_id)
    _let_go(db, before.occurrence_id, at)
    _update(db, before, at, state="cancelled", cancelled_by=who, earlier_at=None, tell=tell)


def note_change(db: Db, appointment_id: str, at: datetime, **columns: object) -> None:
    """Write what became of an appointment inside the caller's change: its times, its `tell`."""
    _update(db, appointment(db, appointment_id), at, **columns)


def confirm(db: Db, appointment_id: str, by: str, at: datetime) -> None:
    """The visitor says that they come, and so knows where they stand. Raises `NotTheirs`."""
    held = _to_come(db, appointment_id, at)
    _mark(db, held, "appointment confirmed", by, at, confirmed_at=to_text(at), tell=None)


def told(db: Db, appointment_id: str, by: str, at: datetime, tell: Tell | None = None) -> None:
    """The person now knows what changed; or, it turns out, does not know `tell`."""
    verb = "not told" if tell else "told"
    _mark(db, appointment(db, appointment_id), verb, by, at, tell=tell)


def ask_earlier(db: Db, appointment_id: str, wanted: bool, by: str, at: datetime) -> None:
    """Ask to be proposed an earlier slot, or no more. Raises `NotTheirs`."""
    held = _to_come(db, appointment_id, at)
    if held.earlier != wanted:  # asked twice, the first time counts
        since = to_text(at) if wanted else None
        _mark(db, held, "earlier asked", by, at, earlier_at=since)


def in_a_row(db: Db, slot_id: str, length: int, asker: str, at: datetime) -> set[str]:
    """The ids of `length` slots in a row from this one, if `asker` may have them; else none."""
    try:
        return {row["id"] for row in _free_slots(db, slot_id, length, asker, at)}
    except NotFree:
        return set()


def may_book(wanted: Service, asker: str) -> bool:
    """Whether `asker` books this service here: the house's visitors, desk and partners for what
    the house books; the desk (which notes what was agreed by phone) and its own organisation
    for what a partner books."""
    if wanted.booking == "house":
        return True
    return wanted.booking == "partner" and asker in (slots.DESK, wanted.organisation.id)


def _of_code(db: Db, hashed: str) -> Appointment | None:
    row = db.one("SELECT id FROM appointment WHERE code_hash = :hash", hash=hashed)
    return appointment(db, row["id"]) if row else None


def _let_go(db: Db, occurrence_id: str, at: datetime) -> None:
    """Slots that only stayed for who had booked them give way to the grid; so does a date that
    was only held for them."""
    row = db.one(
        "SELECT * FROM occurrence WHERE id = :id AND starts_at > :now",
        id=occurrence_id,
        now=to_text(at),
    )
    if row and row["exception"] == "kept" and not _is_booked(db, occurrence_id):
        write(db, row, at, status="cancelled", exception="changed")
    elif row:
        regrid(db, row)


def _is_booked(db: Db, occurrence_id: str) -> bool:
    return bool(
        db.one(
            "SELECT 1 AS yes FROM booking AS b JOIN slot AS s ON s.id = b.slot_id"
            " WHERE s.occurrence_id = :id",
            id=occurrence_id,
        )
    )


def _slot(db: Db, slot_id: str) -> Row:
    row = db.one(f"{slots.SELECT} WHERE s.id = :id", id=slot_id)
    if row is None:
        raise Unknown(slot_id)
    return row


def _free_slots(db: Db, slot_id: str, length: int, asker: str, at: datetime) -> list[Row]:
    """`length` slots in a row from this one, or from another place at its hour, if `asker` may
    have them; else `NotFree`."""
    first = _slot(db, slot_id)
    wanted = service(db, first["service_id"])
    found: list[Row] = []
    if 1 <= length <= MOST_SLOTS and may_book(wanted, asker):
        found = slots_in_row(db, first, length, asker, wanted.organisation.id, at)
    if not found:
        raise NotFree([])
    return found


def _take(db: Db, appointment_id: str, taken: list[Row]) -> None:
    try:
        db.many(
            "INSERT INTO booking (slot_id, appointment_id) VALUES (:slot_id, :appointment_id)",
            [{"slot_id": row["id"], "appointment_id": appointment_id} for row in taken],
        )
    except Taken:
        raise NotFree([]) from None


def _first_slot(db: Db, appointment_id: str) -> str | None:
    row = db.one(
        "SELECT s.id FROM booking AS b JOIN slot AS s ON s.id = b.slot_id"
        " WHERE b.appointment_id = :id ORDER BY s.starts_at LIMIT 1",
        id=appointment_id,
    )
    return row["id"] if row else None


def _insert(db: Db, row: Row) -> None:
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    db.run(f"INSERT INTO appointment ({names}) VALUES ({values})", **row)


def _new(first: Row, wish: Wish, hashed: str, by: str, at: datetime) -> Row:
    return {
        "id": new_id(),
        "service_id": first["service_id"],
        "code_hash": hashed,
        "language": wish.language,
        "channel": wish.channel,
        "booked_by": by,
        "booked_at": to_text(at),
        "state": "booked",
        "sequence": 0,
        "changed_at": to_text(at),
    }


def _where(taken: list[Row]) -> Row:
    """Where and when an appointment is that has taken these slots."""
    first = {name: taken[0][name] for name in ("occurrence_id", "site_id", "starts_at")}
    return first | {"ends_at": taken[-1]["ends_at"]}


def _to_come(db: Db, appointment_id: str, at: datetime) -> Appointment:
    found = appointment(db, appointment_id)
    if not found.is_to_come(at):
        raise NotTheirs
    return found


def _update(db: Db, before: Appointment, at: datetime, **columns: object) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    db.run(
        f"UPDATE appointment SET {assignments}, sequence = sequence + 1, changed_at = :changed_at"
        " WHERE id = :id",
        **columns,
        id=before.id,
        changed_at=to_text(at),
    )


def _mark(db: Db, held: Appointment, verb: str, by: str, at: datetime, **columns: object) -> None:
    """Write what is no change of the appointment itself: calendars need not hear of it."""
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    with change(db, verb, Scope(occurrences={held.occurrence_id}), by, at):
        db.run(f"UPDATE appointment SET {assignments} WHERE id = :id", **columns, id=held.id)
