"""Queues: one visit's turns with services, called one at a time.

    queue_entry(id, visit_id, service_id, site_id, day, state, appointment, priority, queued_at,
                called_at?, started_at?, ended_at?, room_id?, host_id?, calls,
                hold?, hold_reason?, back_at?, appointment_id?, due_at?)

    waiting -> called -> serving -> done          also: called -> absent -> waiting,
                                                  any open state -> left | moved | undone

A turn that waits may be held: parked, until `back_at` or until somebody takes it up again, or
"after" another turn of its visit. The order of those that wait is in `line`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from accueil.house.sites import Unknown
from accueil.reception import line
from accueil.store.db import Db, Row
from accueil.store.errors import Taken
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text

OPEN = "('waiting', 'called', 'serving')"
Hold = Literal["parked", "after"]
HoldReason = Literal["paper", "air", "call", "interpreter", "other"]
HOLD_REASONS: tuple[HoldReason, ...] = ("paper", "air", "call", "interpreter", "other")
NOT_HELD = {"hold": None, "hold_reason": None, "back_at": None}
WAITING = {
    "state": "waiting",
    **dict.fromkeys(("called_at", "started_at", "ended_at", "room_id", "host_id")),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn. `number` is its visit's; instants are UTC. `priority`: its person asked to speak in
    private. `precedence`: a card, a pregnancy, an infant. `due_at`: the hour of an appointment
    whose holder came in time. `passed`: how many were called before it who had come after it.
    """

    id: str
    visit_id: str
    number: int
    service_id: str
    site_id: str
    day: str
    state: str
    appointment: bool
    priority: bool
    queued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    room_id: str | None
    room: str | None
    host_id: str | None
    calls: int
    language: str
    need: str | None
    alias: str | None
    private: bool
    hold: Hold | None
    hold_reason: HoldReason | None
    back_at: datetime | None
    appointment_id: str | None
    due_at: datetime | None
    precedence: bool
    passed: int


def enter(
    db: Db,
    *,
    visit_id: str,
    service_id: str,
    site_id: str,
    day: str,
    appointment: bool,
    priority: bool,
    at: datetime,
    appointment_id: str | None = None,
    due_at: datetime | None = None,
    hold: Hold | None = None,
) -> str:
    """In the caller's change: a turn in a service's queue; the entry's id.

    Somebody who is already in that queue keeps the place they have; what was to come after comes
    now, unless it still is to.
    """
    present = _present(db, visit_id, service_id, hold)
    if present:
        return present
    if not db.one("SELECT 1 AS yes FROM service WHERE id = :id AND retired = 0", id=service_id):
        raise Unknown(service_id)
    entry_id = new_id()
    db.run(
        "INSERT INTO queue_entry (id, visit_id, service_id, site_id, day, state, appointment,"
        " priority, queued_at, calls, appointment_id, due_at, hold) VALUES (:id, :visit_id,"
        " :service_id, :site_id, :day, 'waiting', :appointment, :priority, :at, 0,"
        " :appointment_id, :due_at, :hold)",
        id=entry_id,
        visit_id=visit_id,
        service_id=service_id,
        site_id=site_id,
        day=day,
        appointment=int(appointment),
        priority=int(priority),
        at=to_text(at),
        appointment_id=appointment_id,
        due_at=due_at and to_text(due_at),
        hold=hold,
    )
    return entry_id


def _present(db: Db, visit_id: str, service_id: str, hold: Hold | None) -> str | None:
    """The turn that a visit has in a line already; what was to come after comes now."""
    found = db.one(
        "SELECT id, hold FROM queue_entry WHERE visit_id = :visit_id AND service_id = :service_id"
        f" AND state IN {OPEN}",
        visit_id=visit_id,
        service_id=service_id,
    )
    if found and found["hold"] == "after" and hold is None:
        advance(db, found["id"], ("waiting",), **NOT_HELD)
    return str(found["id"]) if found else None


def entry(db: Db, entry_id: str) -> Entry:
    """One turn; `Unknown` if there is none."""
    row = db.one(f"{_SELECT} WHERE e.id = :id", id=entry_id)
    if row is None:
        raise Unknown(entry_id)
    return _entry(row)


def open_entries(db: Db, visit_id: str) -> list[Entry]:
    """The turns of a visit that are still to come or under way, oldest first."""
    rows = db.all(
        f"{_SELECT} WHERE e.visit_id = :visit_id AND e.state IN {OPEN} ORDER BY e.queued_at, e.id",
        visit_id=visit_id,
    )
    return [_entry(row) for row in rows]


def latest_open(db: Db, visit_id: str) -> Entry | None:
    """The last turn that the visit entered and that is not over, or None."""
    return next(reversed(open_entries(db, visit_id)), None)


def entries(db: Db, visit_id: str) -> list[Entry]:
    """Every turn of a visit, oldest first."""
    rows = db.all(
        f"{_SELECT} WHERE e.visit_id = :visit_id ORDER BY e.queued_at, e.id", visit_id=visit_id
    )
    return [_entry(row) for row in rows]


def turns_of_open_visits(db: Db, site_id: str, day: str) -> list[Entry]:
    """Every turn of the visits still open at a site on its day, oldest first."""
    rows = db.all(
        f"{_SELECT} WHERE v.site_id = :site_id AND v.day = :day AND v.closed_at IS NULL"
        " ORDER BY e.queued_at, e.id",
        site_id=site_id,
        day=day,
    )
    return [_entry(row) for row in rows]


def lines_of_site(db: Db, site_id: str, day: str) -> list[Entry]:
    """Every open turn of the day: those being received, those called, those waiting."""
    rows = db.all(
        f"{_SELECT} WHERE e.site_id = :site_id AND e.day = :day AND e.state IN {OPEN}"
        " ORDER BY CASE e.state WHEN 'serving' THEN 0 WHEN 'called' THEN 1 ELSE 2 END,"
        " e.queued_at, e.id",
        site_id=site_id,
        day=day,
    )
    return [_entry(row) for row in rows]


def turns_touched(db: Db, site_id: str, day: str, visit_ids: Collection[str]) -> dict[str, Entry]:
    """Every turn of these visits, and of whoever they were called before, by its id."""
    if not visit_ids:
        return {}
    names = {f"visit_{nth}": visit_id for nth, visit_id in enumerate(visit_ids)}
    these = f"({', '.join(f':{name}' for name in names)})"
    rows = db.all(
        f"{_SELECT} WHERE e.id IN (SELECT id FROM queue_entry WHERE visit_id IN {these}"
        " UNION SELECT p.entry_id FROM queue_entry AS f JOIN call AS c ON c.entry_id = f.id"
        f" JOIN passing AS p ON p.call_id = c.id WHERE f.visit_id IN {these})"
        " AND e.site_id = :site_id AND e.day = :day",
        site_id=site_id,
        day=day,
        **names,
    )
    return {row["id"]: _entry(row) for row in rows}


def waiting(db: Db, service_id: str, site_id: str, day: str) -> list[Entry]:
    """The turns that wait for a service, held ones included, oldest first."""
    rows = db.all(
        f"{_SELECT} WHERE e.service_id = :service_id AND e.site_id = :site_id AND e.day = :day"
        " AND e.state = 'waiting' ORDER BY e.queued_at, e.id",
        service_id=service_id,
        site_id=site_id,
        day=day,
    )
    return [_entry(row) for row in rows]


def people_waiting(db: Db, service_id: str, site_id: str, day: str) -> int:
    """How many people somebody entering now would have before them; nobody who is held."""
    row = db.one(
        "SELECT count(*) AS n FROM queue_entry WHERE service_id = :service_id"
        " AND day = :day AND state = 'waiting' AND hold IS NULL AND site_id = :site_id",
        service_id=service_id,
        site_id=site_id,
        day=day,
    )
    return int(row["n"]) if row else 0


def people_before(db: Db, turn: Entry, at: datetime) -> int:
    """How many people are called before this turn, if nobody comes or leaves; 0 unless it waits.

    Before somebody who came early for an appointment: those whom their hour finds in line.
    """
    if turn.state != "waiting":
        return 0
    others = waiting(db, turn.service_id, turn.site_id, turn.day)
    return line.before(others, turn.id, at)


def next_waiting(db: Db, service_id: str, site_id: str, day: str, at: datetime) -> Entry | None:
    """The turn to be called next: the first in line whose person is in no room now."""
    turns = waiting(db, service_id, site_id, day)
    busy = in_a_room(db, site_id, day)
    places = line.order([turn for turn in turns if turn.visit_id not in busy], at)
    return places[0].turn if places else None


def in_a_room(db: Db, site_id: str, day: str) -> frozenset[str]:
    """The ids of the visits whose person is called or being received."""
    rows = db.all(
        "SELECT visit_id FROM queue_entry WHERE site_id = :site_id AND day = :day"
        " AND state IN ('called', 'serving')",
        site_id=site_id,
        day=day,
    )
    return frozenset(row["visit_id"] for row in rows)


def advance(db: Db, entry_id: str, states: tuple[str, ...], **changes: object) -> bool:
    """In the caller's change: alter a turn, if it is in one of `states`; whether it was. One that
    no longer waits is held no more."""
    if changes.get("state", "waiting") != "waiting":
        changes = {**changes, **NOT_HELD}
    assignments = ", ".join(f"{column} = :{column}" for column in changes)
    allowed = ", ".join(f"'{state}'" for state in states)
    try:
        return bool(
            db.run(
                f"UPDATE queue_entry SET {assignments}"
                f" WHERE id = :entry_id AND queue_entry.state IN ({allowed})",
                **changes,
                entry_id=entry_id,
            )
        )
    except Taken:
        return False


def end_all(db: Db, visit_id: str, state: str, at: datetime) -> None:
    """In the caller's change: every open turn of a visit ends; those waiting have left."""
    for turn in open_entries(db, visit_id):
        ended = "left" if turn.state == "waiting" else state
        advance(db, turn.id, (turn.state,), state=ended, ended_at=to_text(at))


_SELECT = (
    "SELECT e.id, e.visit_id, v.number, e.service_id, e.site_id, e.day, e.state, e.appointment,"
    " e.priority, e.queued_at, e.called_at, e.started_at, e.ended_at, e.room_id, r.name AS room,"
    " e.host_id, e.calls, v.language, v.need, v.alias, v.private, e.hold, e.hold_reason, e.back_at,"
    " e.appointment_id, e.due_at, v.precedence, (SELECT count(*) FROM passing AS p"
    " JOIN call AS c ON c.id = p.call_id WHERE p.entry_id = e.id AND c.withdrawn = 0) AS passed"
    " FROM queue_entry AS e JOIN visit AS v ON v.id = e.visit_id"
    " LEFT JOIN room AS r ON r.id = e.room_id"
)
_FLAGS = ("appointment", "priority", "private", "precedence")
_INSTANTS = ("queued_at", "called_at", "started_at", "ended_at", "back_at", "due_at")


def _entry(row: Row) -> Entry:
    """The row's own dictionary becomes the turn: a long line is read at every look of a phone."""
    for column in _FLAGS:
        row[column] = bool(row[column])
    for column in _INSTANTS:
        if row[column]:
            row[column] = from_text(row[column])
    return Entry(**row)
