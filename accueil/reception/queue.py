"""Queues: one visit's turns with services, called one at a time.

    queue_entry(id, visit_id, service_id, site_id, day, state, appointment, priority, queued_at,
                called_at?, started_at?, ended_at?, room_id?, host_id?, calls)

    waiting -> called -> serving -> done          also: called -> absent,
                                                  any open state -> left | moved | undone

Order: priority first (somebody asked to speak in private), then the time of entering.
"""

from dataclasses import dataclass
from datetime import datetime

from accueil.house.sites import Unknown
from accueil.store.db import Db, Row
from accueil.store.errors import Taken
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text

OPEN = "('waiting', 'called', 'serving')"


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn. `number` is its visit's; instants are UTC."""

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
) -> str:
    """In the caller's change: a place at the end of a service's queue; the entry's id.

    Somebody who is already in that queue keeps the place they have.
    """
    present = db.one(
        "SELECT id FROM queue_entry WHERE visit_id = :visit_id AND service_id = :service_id"
        f" AND state IN {OPEN}",
        visit_id=visit_id,
        service_id=service_id,
    )
    if present:
        return str(present["id"])
    if not db.one("SELECT 1 AS yes FROM service WHERE id = :id AND retired = 0", id=service_id):
        raise Unknown(service_id)
    entry_id = new_id()
    db.run(
        "INSERT INTO queue_entry (id, visit_id, service_id, site_id, day, state, appointment,"
        " priority, queued_at, calls) VALUES (:id, :visit_id, :service_id, :site_id, :day,"
        " 'waiting', :appointment, :priority, :at, 0)",
        id=entry_id,
        visit_id=visit_id,
        service_id=service_id,
        site_id=site_id,
        day=day,
        appointment=int(appointment),
        priority=int(priority),
        at=to_text(at),
    )
    return entry_id


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
    """Every open turn of the day, service by service: those in a room, then those waiting."""
    rows = db.all(
        f"{_SELECT} WHERE e.site_id = :site_id AND e.day = :day AND e.state IN {OPEN}"
        " ORDER BY CASE e.state WHEN 'serving' THEN 0 WHEN 'called' THEN 1 ELSE 2 END,"
        " e.priority DESC, e.queued_at, e.id",
        site_id=site_id,
        day=day,
    )
    return [_entry(row) for row in rows]


def people_waiting(db: Db, service_id: str, site_id: str, day: str) -> int:
    """How many people somebody entering now would have before them."""
    row = db.one(
        "SELECT count(*) AS n FROM queue_entry WHERE service_id = :service_id"
        " AND day = :day AND state = 'waiting' AND site_id = :site_id",
        service_id=service_id,
        site_id=site_id,
        day=day,
    )
    return int(row["n"]) if row else 0


def people_before(db: Db, turn: Entry) -> int:
    """How many people are called before this turn, if nobody leaves; 0 unless it waits."""
    if turn.state != "waiting":
        return 0
    row = db.one(
        "SELECT count(*) AS n FROM queue_entry WHERE service_id = :service_id AND day = :day"
        " AND state = 'waiting' AND site_id = :site_id AND (priority > :priority"
        " OR (priority = :priority AND (queued_at < :queued_at"
        " OR (queued_at = :queued_at AND id < :id))))",
        service_id=turn.service_id,
        site_id=turn.site_id,
        day=turn.day,
        priority=int(turn.priority),
        queued_at=to_text(turn.queued_at),
        id=turn.id,
    )
    return int(row["n"]) if row else 0


def next_waiting(db: Db, service_id: str, site_id: str, day: str) -> str | None:
    """The id of the turn to be called next: the first whose person is in no room now."""
    row = db.one(
        "SELECT e.id FROM queue_entry AS e WHERE e.service_id = :service_id AND e.day = :day"
        " AND e.state = 'waiting' AND e.site_id = :site_id AND NOT EXISTS (SELECT 1"
        " FROM queue_entry AS other WHERE other.visit_id = e.visit_id"
        " AND other.state IN ('called', 'serving'))"
        " ORDER BY e.priority DESC, e.queued_at, e.id LIMIT 1",
        service_id=service_id,
        site_id=site_id,
        day=day,
    )
    return str(row["id"]) if row else None


def advance(db: Db, entry_id: str, states: tuple[str, ...], **changes: object) -> bool:
    """In the caller's change: alter a turn, if it is in one of `states`; whether it was."""
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
    " e.host_id, e.calls, v.language, v.need, v.alias, v.private"
    " FROM queue_entry AS e JOIN visit AS v ON v.id = e.visit_id"
    " LEFT JOIN room AS r ON r.id = e.room_id"
)
_FLAGS = ("appointment", "priority", "private")
_INSTANTS = ("queued_at", "called_at", "started_at", "ended_at")


def _entry(row: Row) -> Entry:
    flags = {column: bool(row[column]) for column in _FLAGS}
    instants = {column: row[column] and from_text(row[column]) for column in _INSTANTS}
    return Entry(**{**row, **flags, **instants})
