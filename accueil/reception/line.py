"""The line of a service: one order for those who walk in and those who are booked.

First whoever was passed as often as anybody may be; then who asked to speak in private; then,
by the time since when they are in line, appointments whose hour has come and people whom the
law or plain humanity lets go first (Code de l'action sociale et des familles, L241-3, for the
card); then everybody else, by the same time. Pure: turns in, places out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

# So many people who came after somebody may be called before them, and not one more.
MOST_PASSED = 3

Reason = Literal["passed", "private", "precedence", "appointment", "order"]
_RANKS: dict[Reason, int] = {
    "passed": 0,
    "private": 1,
    "precedence": 2,
    "appointment": 2,
    "order": 3,
}


class Turn(Protocol):
    """What the order asks of a turn: see `queue.Entry`."""

    @property
    def id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def priority(self) -> bool: ...
    @property
    def precedence(self) -> bool: ...
    @property
    def queued_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def hold(self) -> Literal["parked", "after"] | None: ...
    @property
    def back_at(self) -> datetime | None: ...
    @property
    def passed(self) -> int: ...


T = TypeVar("T", bound=Turn)


@dataclass(frozen=True, slots=True)
class Place(Generic[T]):
    """A turn in its place: why it stands there, and since when it is in line."""

    turn: T
    reason: Reason
    since: datetime


def order(turns: Iterable[T], at: datetime) -> list[Place[T]]:
    """Those of the turns that are in line at `at`, the next one first."""
    places = [Place(turn, reason(turn), since(turn)) for turn in turns if in_line(turn, at)]
    return sorted(places, key=lambda place: _key(place.turn))


def in_line(turn: Turn, at: datetime) -> bool:
    """Whether the turn can be called: it waits, nothing holds it, and its hour has come."""
    due = turn.due_at is None or turn.due_at <= at
    return turn.state == "waiting" and due and not is_held(turn, at)


def is_held(turn: Turn, at: datetime) -> bool:
    """Whether something holds the turn back; one parked until an hour is back by itself."""
    back = turn.hold == "parked" and turn.back_at is not None and turn.back_at <= at
    return turn.hold is not None and not back


def held(turns: Iterable[T], at: datetime) -> list[T]:
    """Those that something holds back, oldest first."""
    return sorted((turn for turn in turns if is_held(turn, at)), key=_age)


def early(turns: Iterable[T], at: datetime) -> list[T]:
    """Those checked in whose hour has not come, by hour."""
    waiting = [turn for turn in turns if turn.state == "waiting" and not is_held(turn, at)]
    return sorted((turn for turn in waiting if not in_line(turn, at)), key=_age)


def reason(turn: Turn) -> Reason:
    """Why a turn stands where it does."""
    if turn.passed >= MOST_PASSED:
        return "passed"
    if turn.priority:
        return "private"
    if turn.precedence:
        return "precedence"
    return "appointment" if turn.due_at else "order"


def since(turn: Turn) -> datetime:
    """Since when the turn is in line: its arrival, or the hour of an appointment if it came
    before."""
    return max(turn.due_at, turn.queued_at) if turn.due_at else turn.queued_at


def before(turns: Sequence[T], turn_id: str, at: datetime) -> int:
    """How many people are called before this turn, if nobody comes or leaves: at `at`, or when
    its own hour, or its return, has come."""
    mine = next(turn for turn in turns if turn.id == turn_id)
    then = max(at, mine.due_at or at, (mine.hold and mine.back_at) or at)
    others = (turn for turn in turns if turn.id != turn_id and in_line(turn, then))
    place = _key(mine)
    return sum(_key(turn) < place for turn in others)


def passed_by(turns: Iterable[T], called: Turn, at: datetime) -> list[T]:
    """Who in line was there before the one who is called."""
    return [turn for turn in turns if in_line(turn, at) and _age(turn) < _age(called)]


def _key(turn: Turn) -> tuple[int, datetime, str]:
    return (_RANKS[reason(turn)], *_age(turn))


def _age(turn: Turn) -> tuple[datetime, str]:
    return since(turn), turn.id
