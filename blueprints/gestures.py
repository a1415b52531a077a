"""Gestures on one turn, the desk's and the partners' alike: call, hand on, park; and what is said
of its place before they are made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request

from accueil.house.services import service
from accueil.house.sites import Unknown
from accueil.reception import calls, line, passages, queue, waits
from accueil.reception.calls import Host
from accueil.reception.change import NotNow
from accueil.reception.day import Presence, Reception
from accueil.reception.line import Place
from accueil.reception.queue import HOLD_REASONS, Entry, HoldReason
from accueil.store.db import Db
from blueprints import web
from blueprints.access import me

HandOn = Callable[[Db, str, str, str, datetime], None]
HANDING_ON: Mapping[str, HandOn] = {
    "now": passages.hand_over,
    "also": passages.also,
    "then": passages.then,
}
RETURNS = (10, 20, 30)  # minutes
# Where somebody is, of their open turns: with whom receives them first.
IN_HAND = ("serving", "called", "waiting")


@dataclass(frozen=True, slots=True)
class Spot:
    """A turn that waits, as it stands: its `place` in line and its rank, unless it is early or
    held, or `busy` in a room; who stands `ahead` and would be passed; `first`, who was passed so
    often that they come before."""

    turn: Entry
    place: Place[Entry] | None
    rank: int
    total: int
    ahead: tuple[Entry, ...]
    first: Entry | None
    early: bool
    held: bool
    busy: bool


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who did not come to their call, whose place is kept until an hour."""

    turn: Entry
    kept_until: datetime


def spot(lines: Iterable[Reception], turn: Entry, at: datetime) -> Spot | None:
    """Where a turn stands among today's lines; None for one that does not wait."""
    if turn.state != "waiting":
        return None
    found = list(lines)
    busy = {each.visit_id for one in found for each in one.in_rooms}
    places = [each for one in found if one.service.id == turn.service_id for each in one.places]
    rank = next((nth for nth, each in enumerate(places, 1) if each.turn.id == turn.id), 0)
    free = [each.turn for each in places if each.turn.visit_id not in busy]
    ahead = [each.turn for each in (places[: rank - 1] if rank else places)]
    held = line.is_held(turn, at)
    return Spot(
        turn=turn,
        place=places[rank - 1] if rank else None,
        rank=rank,
        total=len(places),
        ahead=tuple(each for each in ahead if each in free),
        first=_must_be_first(turn, free, at),
        early=not held and not line.in_line(turn, at),
        held=held,
        busy=turn.visit_id in busy,
    )


def choices(lines: Sequence[Reception], present: Presence, at: datetime) -> dict[str, Any]:
    """What a panel shows of one person's open turns: each with its place and how long it may still
    wait, the one in hand, how it is handed on and to whom, and the one that is being parked
    (`pause` in the address)."""
    found = [turn for turn in present.turns if turn.state in IN_HAND]
    found.sort(key=lambda turn: (IN_HAND.index(turn.state), turn.hold is not None))
    taken = {turn.service_id for turn in found}
    current = found[0] if found else None
    others = [each for each in lines if each.service.id not in taken]
    others.sort(key=lambda each: (not each.service.reception, not each.is_here(at)))
    usual = "also" if current and current.state == "called" else "now"
    return {
        "open": found,
        "spots": {turn.id: spot(lines, turn, at) for turn in found},
        "waits": {turn.id: waits.wait_of(web.db(), turn, at) for turn in found},
        "current": current,
        "how": asked(HANDING_ON, "comment", usual),
        "elsewhere": others,
        "parking": next((turn for turn in found if turn.id == request.args.get("pause")), None),
        "returns": returns(at),
    }


def absent(present: Presence, at: datetime) -> list[Absent]:
    """The turns to which somebody did not come, and has not come back."""
    taken = {turn.service_id for turn in present.turns if turn.state in IN_HAND}
    return [
        Absent(turn, turn.ended_at + service(web.db(), turn.service_id).returning)
        for turn in present.turns
        if turn.state == "absent" and turn.ended_at and turn.service_id not in taken
    ]


def call(turn: Entry, host: Host) -> None:
    """Call one person, whatever their place. `NotNow` for one who is held, or when somebody before
    them was passed as often as anybody may be: they come first."""
    db, at = web.db(), web.now()
    with db.transaction():
        turn = queue.entry(db, turn.id)
        busy = queue.in_a_room(db, turn.site_id, turn.day)
        others = queue.waiting(db, turn.service_id, turn.site_id, turn.day)
        free = [each for each in others if each.visit_id not in busy]
        if line.is_held(turn, at) or _must_be_first(turn, free, at):
            raise NotNow
        calls.call(db, turn.id, host, at)


def hand_on(turn: Entry, service_id: str, how: str) -> None:
    """To another service with the same ticket: `now` this turn ends, `also` besides it, `then`
    once it is over. `Unknown` for any other word."""
    if how not in HANDING_ON:
        raise Unknown(how)
    HANDING_ON[how](web.db(), turn.id, service_id, me().id, web.now())


def park(turn: Entry) -> None:
    """Hold a turn as the form says: why, and for how many minutes, if that is known. `Unknown` for
    what the form does not propose."""
    minutes = request.form.get("minutes", "")
    if minutes not in ("", *map(str, RETURNS)):
        raise Unknown(minutes)
    back_at = web.now() + timedelta(minutes=int(minutes)) if minutes else None
    passages.park(web.db(), turn.id, _reason(), back_at, me().id, web.now())


def asked(names: Iterable[str], key: str, otherwise: str = "") -> str:
    """One of a few words of the address, or what stands for none."""
    word = request.args.get(key, otherwise)
    return word if word in names else otherwise


def returns(at: datetime) -> list[tuple[int, datetime]]:
    """The returns that are proposed: minutes, and the hour."""
    return [(minutes, at + timedelta(minutes=minutes)) for minutes in RETURNS]


def _reason() -> HoldReason:
    chosen = request.form.get("reason", "other")
    for known in HOLD_REASONS:
        if known == chosen:
            return known
    raise Unknown(chosen)


def _must_be_first(turn: Entry, others: Iterable[Entry], at: datetime) -> Entry | None:
    """Whom a call of this turn would pass once more than anybody may be."""
    passed = line.passed_by([each for each in others if each.id != turn.id], turn, at)
    return next((each for each in passed if each.passed >= line.MOST_PASSED), None)
