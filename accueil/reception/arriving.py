"""Arriving for an appointment: whatever was scanned, typed or touched has its answer.

    in | early (come back at the hour) | late (in line with those who walk in) | already |
    over (the shared desk receives them) | other-day | other-site | cancelled | unknown

A visit begun so has the appointment's own code: the address on the phone of its holder opens it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from accueil.house.services import reception_service_id, service
from accueil.house.sites import Site, Unknown
from accueil.planning import agenda, appointments
from accueil.planning.appointments import Appointment
from accueil.reception import calls, queue, visits, waits
from accueil.reception.change import change
from accueil.reception.queue import Entry
from accueil.reception.visits import Arrival, Channel, Visit
from accueil.store.codes import LENGTH, BadCode, read_scanned
from accueil.store.db import Db
from accueil.store.ids import new_id

EARLY = timedelta(minutes=10)
IN_HAND = ("waiting", "called", "serving", "done")
Answer = Literal[
    "in", "early", "late", "already", "over", "other-day", "other-site", "cancelled", "unknown"
]


@dataclass(frozen=True, slots=True)
class Arrived:
    """`visit` and `turn` when the person is in the house's lines, `appointment` when the code is
    one's; `turn` is None for one who was received already."""

    answer: Answer
    appointment: Appointment | None = None
    visit: Visit | None = None
    turn: Entry | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody arrives, and how: `language` is theirs there, None for the one they booked
    in."""

    site: Site
    channel: Channel
    language: str | None = None


def arrive(db: Db, typed: str, door: Door, by: str, at: datetime) -> Arrived:
    """Check in whoever holds this code, scanned whole or typed by its ten letters. The code of a
    ticket of today is answered with its visit; who missed their call is there again."""
    try:
        held = appointments.appointment_of_typed(db, typed, at)
    except BadCode:
        return Arrived("unknown")
    except Unknown:
        return _ticket(db, typed, door.site, by, at)
    return arrive_for(db, held, door, by, at)


def arrive_for(db: Db, held: Appointment, door: Door, by: str, at: datetime) -> Arrived:
    """Check in the holder of an appointment, once; looked at again, `already`."""
    with db.transaction():
        present = _present(db, held, door.site, by, at)
        if present:
            return present
        refused = _refused(held, door.site, at)
        if refused:
            return Arrived(refused, held)
        return _check_in(db, held, door, by, at)


def _refused(held: Appointment, place: Site, at: datetime) -> Answer | None:
    if held.state == "cancelled":
        return "cancelled"
    if place.day(held.starts_at) != place.day(at):
        return "other-day"
    return None if held.site_id == place.id else "other-site"


def _present(db: Db, held: Appointment, place: Site, by: str, at: datetime) -> Arrived | None:
    """Somebody who is checked in already, also when they were handed on; who did not answer their
    call is there again, if it was here. What happened on another day, before the appointment was
    moved, is over."""
    today = place.day(at).isoformat()
    for turn in (each for each in reversed(_turns(db, held)) if each.day == today):
        coming = [each.service_id for each in queue.open_entries(db, turn.visit_id)]
        here = turn.site_id == place.id
        if turn.state == "absent" and here and turn.service_id not in coming:
            calls.came_back(db, turn.id, by, at)
            return _shown(db, "in", held, turn.visit_id)
        handed_on = turn.state in ("absent", "moved") and here and coming
        if handed_on or turn.state in IN_HAND:
            return _shown(db, "already", held, turn.visit_id)
    return None


def _check_in(db: Db, held: Appointment, door: Door, by: str, at: datetime) -> Arrived:
    wanted = service(db, held.service_id)
    ends_at = agenda.entry(db, held.occurrence_id).occurrence.ends_at
    late, over = at - held.starts_at > wanted.late, at >= ends_at
    due = None if late or over else held.starts_at
    early = due is not None and due - at > EARLY
    visit_id = _visit_id(db, held, door.site, at) or new_id()
    with change(db, "arrived", visit_id, by, at):
        _open(db, visit_id, held, door, at)
        entry_id = queue.enter(
            db,
            visit_id=visit_id,
            service_id=reception_service_id(db, door.site.id) if over else held.service_id,
            site_id=door.site.id,
            day=door.site.day(at).isoformat(),
            appointment=True,
            priority=False,
            at=at,
            appointment_id=held.id,
            due_at=due,
        )
        waits.note(db, entry_id, at)
    answer: Answer = "over" if over else "late" if late else "early" if early else "in"
    return _shown(db, answer, held, visit_id)


def _open(db: Db, visit_id: str, held: Appointment, door: Door, at: datetime) -> None:
    """The visit of an appointment: begun, or opened again."""
    if _known(db, visit_id):
        visits.reopen(db, visit_id)
        return
    hashed = _code_hash(db, held)
    db.run("UPDATE visit SET code_hash = 'spent ' || id WHERE code_hash = :hashed", hashed=hashed)
    arrival = Arrival(
        site_id=door.site.id,
        code="",
        channel=door.channel,
        language=door.language or held.language,
        alias=held.name,
    )
    visits.insert(db, visit_id, arrival, door.site, hashed, at)


def _visit_id(db: Db, held: Appointment, place: Site, at: datetime) -> str | None:
    """The visit that this appointment's code opened today, whatever became of it."""
    row = db.one(
        "SELECT id FROM visit WHERE code_hash = :hashed AND day = :day AND site_id = :site_id",
        hashed=_code_hash(db, held),
        day=place.day(at).isoformat(),
        site_id=place.id,
    )
    return str(row["id"]) if row else None


def _known(db: Db, visit_id: str) -> bool:
    return db.one("SELECT 1 AS yes FROM visit WHERE id = :id", id=visit_id) is not None


def _code_hash(db: Db, held: Appointment) -> str:
    return str(
        db.all("SELECT code_hash FROM appointment WHERE id = :id", id=held.id)[0]["code_hash"]
    )


def _turns(db: Db, held: Appointment) -> list[Entry]:
    rows = db.all(
        "SELECT id FROM queue_entry WHERE appointment_id = :id ORDER BY queued_at, id", id=held.id
    )
    return [queue.entry(db, row["id"]) for row in rows]


def missed(db: Db, visit_id: str) -> Entry | None:
    """The last turn of a visit whose call nobody answered, unless its service has seen, or is to
    see, the person since."""
    return missed_of(queue.entries(db, visit_id))


def missed_of(turns: Sequence[Entry]) -> Entry | None:
    """The same of the turns of a visit, oldest first."""
    again = {turn.service_id for turn in turns if turn.state in IN_HAND}
    absent = [turn for turn in turns if turn.state == "absent" and turn.service_id not in again]
    return absent[-1] if absent else None


def _ticket(db: Db, typed: str, place: Site, by: str, at: datetime) -> Arrived:
    code = read_scanned(typed)
    if len(code) != LENGTH:
        return Arrived("unknown")
    try:
        visit = visits.visit_of_code(db, code, at)
    except Unknown:
        return Arrived("unknown")
    here = visit.closed_at is None and visit.site_id == place.id
    absent = missed(db, visit.id) if here else None
    if absent:
        calls.came_back(db, absent.id, by, at)
    return Arrived("already", visit=visit, turn=queue.latest_open(db, visit.id))


def _shown(db: Db, answer: Answer, held: Appointment, visit_id: str) -> Arrived:
    return Arrived(answer, held, visits.visit(db, visit_id), queue.latest_open(db, visit_id))
