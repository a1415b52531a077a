"""Passages: a visit goes from one service to the next with the ticket it has.

Handing over ends a turn and begins another; `also` begins one beside it; `then` one that is held
until what the visit has now is over. A turn can be parked, with a reason and perhaps an hour.
Each verb is one change of the visit, undone for ten seconds.
"""

from datetime import datetime

from accueil.house.sites import site
from accueil.reception import queue, visits, waits
from accueil.reception.change import NotNow, change
from accueil.reception.queue import HoldReason
from accueil.store.db import Db
from accueil.store.instants import to_text

OPEN = ("waiting", "called", "serving")


class BadReturn(ValueError):
    """A return that is over already, or on another day."""


def send_to(db: Db, visit_id: str, service_id: str, by: str, at: datetime) -> None:
    """Put a visit in a service's queue, besides the turns it has; a closed visit reopens."""
    with change(db, "queued", visit_id, by, at):
        _enter(db, visit_id, service_id, at)


def also(db: Db, entry_id: str, service_id: str, by: str, at: datetime) -> None:
    """Besides this turn, one with another service: whichever calls first."""
    send_to(db, queue.entry(db, entry_id).visit_id, service_id, by, at)


def then(db: Db, entry_id: str, service_id: str, by: str, at: datetime) -> None:
    """A turn with another service, once this one is over; at once if it already is."""
    visit_id = queue.entry(db, entry_id).visit_id
    with change(db, "queued after", visit_id, by, at):
        _enter(db, visit_id, service_id, at, hold="after")
        release(db, visit_id)


def move(db: Db, entry_id: str, service_id: str, by: str, at: datetime) -> None:
    """Exchange a turn for one with another service; `NotNow` if it has ended."""
    turn = queue.entry(db, entry_id)
    if turn.service_id == service_id:
        return
    with change(db, "moved", turn.visit_id, by, at):
        if not queue.advance(db, entry_id, OPEN, state="moved", ended_at=to_text(at)):
            raise NotNow
        _enter(db, turn.visit_id, service_id, at)


def hand_over(db: Db, entry_id: str, service_id: str, by: str, at: datetime) -> None:
    """End a turn and begin one with another service. Whoever was in the room was received;
    touched twice, once. `NotNow` if the turn ended otherwise, or goes to its own service."""
    turn = queue.entry(db, entry_id)
    if turn.service_id == service_id:
        raise NotNow
    if turn.state == "done" and _is_open(db, turn.visit_id, service_id):
        return
    ended = "done" if turn.state == "serving" else "moved"
    with change(db, "handed over", turn.visit_id, by, at):
        if not queue.advance(db, entry_id, OPEN, state=ended, ended_at=to_text(at)):
            raise NotNow
        _enter(db, turn.visit_id, service_id, at)


def park(
    db: Db, entry_id: str, reason: HoldReason, back_at: datetime | None, by: str, at: datetime
) -> None:
    """Hold a turn, which keeps its place: until `back_at`, today, or until somebody takes it up
    again. `NotNow` if it has ended; `BadReturn`."""
    turn = queue.entry(db, entry_id)
    if back_at and (back_at <= at or site(db, turn.site_id).day(back_at).isoformat() != turn.day):
        raise BadReturn
    held = {"hold": "parked", "hold_reason": reason, "back_at": back_at and to_text(back_at)}
    with change(db, "parked", turn.visit_id, by, at):
        if not queue.advance(db, entry_id, OPEN, **queue.WAITING, **held):
            raise NotNow


def resume(db: Db, entry_id: str, by: str, at: datetime) -> None:
    """A held turn is in line again, in its place. `NotNow` unless it waits."""
    turn = queue.entry(db, entry_id)
    with change(db, "resumed", turn.visit_id, by, at):
        if not queue.advance(db, entry_id, ("waiting",), **queue.NOT_HELD):
            raise NotNow


def give_precedence(db: Db, visit_id: str, given: bool, by: str, at: datetime) -> None:
    """A card, a pregnancy, an infant: the person goes before others, or no longer does. Which of
    them it is, is not kept."""
    if visits.visit(db, visit_id).precedence == given:
        return
    with change(db, "precedence", visit_id, by, at):
        db.run("UPDATE visit SET precedence = :given WHERE id = :id", given=int(given), id=visit_id)


def release(db: Db, visit_id: str) -> None:
    """In the caller's change: when nothing else of the visit is to come, what was to come after
    can; one at a time, the oldest first."""
    turns = queue.open_entries(db, visit_id)
    if turns and all(turn.hold == "after" for turn in turns):
        queue.advance(db, turns[0].id, ("waiting",), **queue.NOT_HELD)


def _is_open(db: Db, visit_id: str, service_id: str) -> bool:
    return any(turn.service_id == service_id for turn in queue.open_entries(db, visit_id))


def _enter(
    db: Db, visit_id: str, service_id: str, at: datetime, hold: queue.Hold | None = None
) -> None:
    visit = visits.visit(db, visit_id)
    visits.reopen(db, visit_id)
    entry_id = queue.enter(
        db,
        visit_id=visit_id,
        service_id=service_id,
        site_id=visit.site_id,
        day=visit.day,
        appointment=False,
        priority=visit.private,
        at=at,
        hold=hold,
    )
    waits.note(db, entry_id, at)
