"""Calls: a host asks for the next person, and the board sounds the number and the room.

    call(id, entry_id, nth, site_id, day, number, room_id, called_at, withdrawn)

Each verb takes one turn from one state to another or raises `NotNow`, so that two hosts can
never have the same person, and a double tap calls nobody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accueil.house.services import service
from accueil.house.sites import Unknown, room, site
from accueil.reception import line, passages, queue, visits
from accueil.reception.change import NotNow, change
from accueil.reception.queue import Entry
from accueil.store.db import Db
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text

SHOWN_ONCE_COME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Call:
    """One sounding of a number: the nth of its turn, whose present state is `state`."""

    id: str
    entry_id: str
    nth: int
    number: int
    room_id: str
    room: str
    called_at: datetime
    state: str

    def is_current(self, at: datetime) -> bool:
        """Whether the person is still to come, or came in a moment ago."""
        came = self.state in ("serving", "done") and at - self.called_at < SHOWN_ONCE_COME
        return self.state == "called" or came


@dataclass(frozen=True, slots=True)
class Host:
    """Who calls, and from which room."""

    account_id: str
    room_id: str


def call_next(db: Db, service_ids: Sequence[str], host: Host, at: datetime) -> Entry | None:
    """Call the next person of the host's services, or None when nobody is in line.

    Nobody is passed for the fourth time (`line.MOST_PASSED`). A host who has called somebody and
    not yet received them calls nobody else: the same turn is given back, which is what a double
    tap asks for.
    """
    with db.transaction():
        place = site(db, room(db, host.room_id).site_id)
        day = place.day(at).isoformat()
        pending = db.one(
            "SELECT id FROM queue_entry"
            " WHERE host_id = :host AND room_id = :room AND day = :day AND state = 'called'",
            host=host.account_id,
            room=host.room_id,
            day=day,
        )
        if pending:
            return queue.entry(db, pending["id"])
        turns = _callable(db, service_ids, place.id, day)
        places = line.order(turns, at)
        return _call(db, places[0].turn, turns, host, at) if places else None


def finish_and_call_next(
    db: Db, entry_id: str, service_ids: Sequence[str], host: Host, at: datetime
) -> Entry | None:
    """End a meeting and call the next person, in one transaction; touched twice, once."""
    with db.transaction():
        if queue.entry(db, entry_id).state != "done":
            finish(db, entry_id, host.account_id, at)
        return call_next(db, service_ids, host, at)


def call(db: Db, entry_id: str, host: Host, at: datetime) -> Entry:
    """Call one waiting person into the host's room, whatever their place; `NotNow` if they are
    not waiting, `Unknown` for a room of another site."""
    with db.transaction():
        turn = queue.entry(db, entry_id)
        return _call(db, turn, _callable(db, [turn.service_id], turn.site_id, turn.day), host, at)


def _call(db: Db, turn: Entry, turns: Sequence[Entry], host: Host, at: datetime) -> Entry:
    if room(db, host.room_id).site_id != turn.site_id:
        raise Unknown(host.room_id)
    with change(db, "called", turn.visit_id, host.account_id, at):
        called = queue.advance(
            db,
            turn.id,
            ("waiting",),
            state="called",
            called_at=to_text(at),
            room_id=host.room_id,
            host_id=host.account_id,
        )
        if not called:
            raise NotNow
        call_id = _sound(db, turn.id, at)
        db.many(
            "INSERT INTO passing (call_id, entry_id) VALUES (:call_id, :entry_id)",
            [{"call_id": call_id, "entry_id": each.id} for each in line.passed_by(turns, turn, at)],
        )
    return queue.entry(db, turn.id)


def recall(db: Db, entry_id: str, by: str, at: datetime) -> None:
    """Sound the number again; `NotNow` unless the person is called and has not come."""
    turn = queue.entry(db, entry_id)
    with change(db, "recalled", turn.visit_id, by, at):
        if not queue.advance(db, entry_id, ("called",), state="called"):
            raise NotNow
        _sound(db, entry_id, at)


def receive(db: Db, entry_id: str, by: str, at: datetime) -> None:
    """The person has come in; `NotNow` unless they were called."""
    _move_on(
        db, "receiving", entry_id, ("called",), by, at, state="serving", started_at=to_text(at)
    )


def finish(db: Db, entry_id: str, by: str, at: datetime) -> None:
    """The meeting is over. The visit ends with it, unless another turn is still to come."""
    turn = queue.entry(db, entry_id)
    with change(db, "finished", turn.visit_id, by, at):
        ended = to_text(at)
        if not queue.advance(db, entry_id, ("called", "serving"), state="done", ended_at=ended):
            raise NotNow
        passages.release(db, turn.visit_id)
        visits.close_if_answered(db, turn.visit_id, at)


def did_not_come(db: Db, entry_id: str, by: str, at: datetime) -> None:
    """Nobody answered the call. The visit stays open, for the desk to see; what was to come after
    this turn can come."""
    turn = queue.entry(db, entry_id)
    with change(db, "absent", turn.visit_id, by, at):
        if not queue.advance(db, entry_id, ("called",), state="absent", ended_at=to_text(at)):
            raise NotNow
        passages.release(db, turn.visit_id)


def came_back(db: Db, entry_id: str, by: str, at: datetime) -> None:
    """Somebody who did not answer their call is there: in their place, if the service waits so
    long (`Service.returning`), else at the end of the line. `NotNow` unless they were absent."""
    turn = queue.entry(db, entry_id)
    late = turn.ended_at is None or at - turn.ended_at > service(db, turn.service_id).returning
    again = {"queued_at": to_text(at), "due_at": None} if late else {}
    with change(db, "came back", turn.visit_id, by, at):
        visits.reopen(db, turn.visit_id)
        if not queue.advance(db, entry_id, ("absent",), **queue.WAITING, **again):
            raise NotNow


ACTIONS = {
    "recall": recall,
    "receive": receive,
    "finish": finish,
    "absent": did_not_come,
    "back": came_back,
    "resume": passages.resume,
}


def leave(db: Db, visit_id: str, at: datetime) -> None:
    """The visitor, from their phone: I cannot wait any longer. `NotNow` if the visit is over."""
    visits.close(db, visit_id, "left", "visitor", at)


def latest(db: Db, site_id: str, at: datetime, limit: int) -> list[Call]:
    """The last sounding of each of the last `limit` turns called today, newest first."""
    rows = db.all(
        "SELECT c.id, c.entry_id, c.nth, c.number, c.room_id, r.name AS room, c.called_at,"
        " e.state FROM call AS c JOIN room AS r ON r.id = c.room_id"
        " JOIN queue_entry AS e ON e.id = c.entry_id"
        " WHERE c.site_id = :site_id AND c.day = :day AND c.withdrawn = 0 AND NOT EXISTS"
        " (SELECT 1 FROM call AS later WHERE later.entry_id = c.entry_id AND later.nth > c.nth"
        " AND later.withdrawn = 0) ORDER BY c.called_at DESC, c.id DESC LIMIT :limit",
        site_id=site_id,
        day=site(db, site_id).day(at).isoformat(),
        limit=limit,
    )
    return [Call(**{**row, "called_at": from_text(row["called_at"])}) for row in rows]


def was_called(db: Db, room_id: str, number: int, at: datetime) -> bool:
    """Whether this number was called today into this room."""
    place = site(db, room(db, room_id).site_id)
    return bool(
        db.one(
            "SELECT 1 AS yes FROM call WHERE site_id = :site_id AND day = :day"
            " AND room_id = :room_id AND number = :number LIMIT 1",
            site_id=place.id,
            day=place.day(at).isoformat(),
            room_id=room_id,
            number=number,
        )
    )


def _callable(db: Db, service_ids: Sequence[str], site_id: str, day: str) -> list[Entry]:
    """Who waits for these services, and is in no room now."""
    busy = queue.in_a_room(db, site_id, day)
    turns = [each for one in service_ids for each in queue.waiting(db, one, site_id, day)]
    return [turn for turn in turns if turn.visit_id not in busy]


def _sound(db: Db, entry_id: str, at: datetime) -> str:
    """Sound the number; the call's id."""
    db.run("UPDATE queue_entry SET calls = calls + 1 WHERE id = :id", id=entry_id)
    turn, call_id = queue.entry(db, entry_id), new_id()
    db.run(
        "INSERT INTO call (id, entry_id, nth, site_id, day, number, room_id, called_at, withdrawn)"
        " VALUES (:id, :entry_id, :nth, :site_id, :day, :number, :room_id, :at, 0)",
        id=call_id,
        entry_id=entry_id,
        nth=turn.calls,
        site_id=turn.site_id,
        day=turn.day,
        number=turn.number,
        room_id=turn.room_id,
        at=to_text(at),
    )
    return call_id


def _move_on(
    db: Db,
    verb: str,
    entry_id: str,
    states: tuple[str, ...],
    by: str,
    at: datetime,
    **changes: object,
) -> None:
    turn = queue.entry(db, entry_id)
    with change(db, verb, turn.visit_id, by, at):
        if not queue.advance(db, entry_id, states, **changes):
            raise NotNow
