"""How long somebody will wait: a range, drawn from what stands before them. Pure.

The line is played DRAWS times: each host is free after so many minutes, takes the next person,
and keeps them as long as one of the meetings that were measured. Every play draws from the same
ranks each time, so that the same line has the same range, that the range does not tremble from
one look to the next, and that one more person before somebody never shortens it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from heapq import heapify, heapreplace
from statistics import NormalDist

# A prime, so that no two people of a line are drawn alike.
DRAWS = 97
# The share of the plays that end before the range begins, and before it ends.
LOW, HIGH = 0.1, 0.89
EXACT_UNTIL, STEP = 10, 5
SLOWEST, FASTEST = 2.0, 0.5
# Where the ranks of others than the people of the line begin, among all the columns.
_COMING, _SHOWING, _HOSTS = 10_000, 20_000, 30_000

Column = tuple[float, ...]
Window = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Range:
    """Whole minutes, both ends included: every minute up to ten, then by fives."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody before: `stays` are the minutes they may keep a host, DRAWS of them, shortest
    first. Whoever `yields` is passed by an appointment whose hour comes."""

    stays: Column
    yields: bool = True


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody booked whose hour is in `due` minutes, and who comes with such a `chance`."""

    due: float
    chance: float
    stays: Column


@dataclass(frozen=True, slots=True)
class Line:
    """What stands before one person, in minutes from now.

    `hosts`: when each is free, DRAWS possible minutes each. `windows`: when people are called.
    `passes`: how many of those `coming` may still go before the person. `due`: the person's own
    hour, before which they are not called. `spread`: how far, as a share, everybody may be
    slower or quicker today than what was measured.
    """

    ahead: Sequence[Person]
    hosts: Sequence[Column]
    windows: Sequence[Window]
    coming: Sequence[Coming] = ()
    passes: int = 0
    due: float = 0.0
    spread: float = 0.0


def wait_range(line: Line) -> Range | None:
    """The range of a line, or None: nobody receives, or not before the last window ends."""
    calls = plays(line)
    if not calls or calls[DRAWS // 2] == math.inf:
        return None
    low, high = calls[int(LOW * DRAWS)], calls[int(HIGH * DRAWS)]
    return rounded(low, min(high, line.windows[-1][1]))


def fits(line: Line) -> bool | None:
    """Whether the person will sooner be called than not before the last window ends; None when
    there is nobody to say it of."""
    calls = plays(line)
    return calls[DRAWS // 2] < math.inf if calls else None


def rounded(low: float, high: float) -> Range:
    """The smallest range of round minutes that holds these; never of one minute only."""
    least = _down(max(low, 0.0))
    return Range(least, max(_up(max(high, 0.0)), _up(least + 1)))


def plays(line: Line) -> list[float]:
    """When the person is called, in each play, shortest first: `inf` is not today. [] without
    hosts."""
    if not line.hosts:
        return []
    paces = _paces(line.spread)
    stays = [_drawn(each.stays, nth) for nth, each in enumerate(line.ahead, start=1)]
    hosts = [_drawn(each, nth) for nth, each in enumerate(line.hosts, start=_HOSTS)]
    coming = sorted(line.coming, key=lambda each: each.due)
    theirs = [
        _drawn(each.stays, -nth) for nth in range(1, len(coming) + 1) for each in (coming[nth - 1],)
    ]
    return sorted(
        _play(line, [host[draw] for host in hosts], draw, paces[draw], stays, coming, theirs)
        for draw in range(DRAWS)
    )


@cache
def ranks(column: int) -> tuple[int, ...]:
    """The ranks from 0 to DRAWS in an order of their own, the same for ever."""
    return tuple(sorted(range(DRAWS), key=lambda rank: sha256(b"%d %d" % (column, rank)).digest()))


def _drawn(stays: Column, column: int) -> list[float]:
    return [stays[rank] for rank in ranks(column)]


def _paces(spread: float) -> list[float]:
    return [min(max(1 + spread * _normal()[rank], FASTEST), SLOWEST) for rank in ranks(0)]


@cache
def _normal() -> Column:
    return tuple(NormalDist().inv_cdf((rank + 0.5) / DRAWS) for rank in range(DRAWS))


def _play(
    line: Line,
    free: list[float],
    draw: int,
    pace: float,
    stays: Sequence[Sequence[float]],
    coming: Sequence[Coming],
    theirs: Sequence[Sequence[float]],
) -> float:
    """One play: the minute when the person is called."""
    heapify(free)
    passes, booked = line.passes if coming else 0, 0
    for person, stay in (*zip(line.ahead, stays, strict=True), (None, ())):
        at = _open(free[0], line.windows)
        while passes and booked < len(coming) and coming[booked].due <= at < math.inf:
            if ranks(_SHOWING + booked)[draw] < coming[booked].chance * DRAWS:
                heapreplace(free, at + theirs[booked][draw] * pace)
                at = _open(free[0], line.windows)
                passes -= 1
            booked += 1
        if person is None or (person.yields and line.due and at >= line.due):
            return max(at, line.due)
        heapreplace(free, at + stay[draw] * pace)
    raise AssertionError("the person is the last of their line")


def _open(at: float, windows: Sequence[Window]) -> float:
    """The first minute from `at` on when people are called."""
    for start, end in windows:
        if at < end:
            return max(at, start)
    return math.inf


def _down(minutes: float) -> int:
    whole = math.floor(minutes)
    return whole if whole <= EXACT_UNTIL else whole - whole % STEP


def _up(minutes: float) -> int:
    whole = math.ceil(minutes)
    return whole if whole <= EXACT_UNTIL else whole + -whole % STEP
