"""Paces: what was measured of a service, made ready to be drawn from. Pure.

Every column holds `waiting.DRAWS` minutes, equally likely, shortest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

from accueil.reception.waiting import DRAWS, Column, ranks

LEAST_MEASURES = 5
# A meeting of today says more of today than one of another day.
WEIGHT_OF_TODAY = 3.0
# So many meetings of today weigh as much as all that was known before: at least, at most, and
# when there are too few days to tell.
LEAST_STEADY, MOST_STEADY, STEADY = 4.0, 40.0, 12.0
LEAST_DAYS, LEAST_A_DAY = 4, 3
# Shares begin with what is likely, and what is counted soon outweighs it.
ABSENT_AT_FIRST, LEFT_AT_FIRST, COMES_AT_FIRST, COUNTED_AT_FIRST = 0.05, 0.03, 0.85, 10
ABSENCE_AT_FIRST = 4.0


@dataclass(frozen=True, slots=True)
class Measures:
    """What was seen of a service, in minutes.

    `today`: the meetings that ended today, from call to end; `before`: those of each past day.
    `absences`: from call to giving up, of those who did not come. `gaps`: from one meeting's end
    to the next call of the same host, while somebody waited. `starts`: how late the first call
    of a permanence was, when somebody was waiting. `left` of those who waited went away without
    being called; `came` of `booked` appointments were checked in.
    """

    today: tuple[float, ...] = ()
    before: tuple[tuple[float, ...], ...] = ()
    absences: tuple[float, ...] = ()
    gaps: tuple[float, ...] = ()
    starts: tuple[float, ...] = ()
    left: int = 0
    booked: int = 0
    came: int = 0

    @property
    def count(self) -> int:
        return len(self.today) + sum(map(len, self.before))

    @property
    def mean(self) -> float:
        """The mean meeting, today's and the others alike; 0 when there are none."""
        every = [*self.today, *(minutes for day in self.before for minutes in day)]
        return fmean(every) if every else 0.0

    def and_today(self, now: "Measures") -> "Measures":
        """These, of other days, with those of today."""
        return Measures(
            today=now.today,
            before=self.before,
            absences=self.absences + now.absences,
            gaps=self.gaps + now.gaps,
            starts=self.starts + now.starts,
            left=self.left + now.left,
            booked=self.booked + now.booked,
            came=self.came + now.came,
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """`stays`: how long one person of the line keeps a host, 0 for those who will have left.
    `meetings` and `called`: from the call to the end, of those who came in and of all.
    `gaps`, `starts`: as measured. `comes`: the share of the booked who come. `spread`: how far
    today may still be from what is thought of it, as a share.
    """

    stays: Column
    meetings: Column
    called: Column
    gaps: Column
    starts: Column
    comes: float
    spread: float


def pace(measures: Measures) -> Pace | None:
    """The pace of a service today; None when too little was measured."""
    if measures.count < LEAST_MEASURES:
        return None
    steady, between = _steadiness(measures.before)
    ratio = _ratio(measures, steady)
    known, known_days = _of_other_days(measures.before)
    meetings = _weighed(
        [
            *((minutes * ratio, known_days / DRAWS) for minutes in known),
            *((minutes, WEIGHT_OF_TODAY) for minutes in measures.today),
        ]
    )
    gaps = _column(measures.gaps or (0.0,))
    absences = _column(measures.absences or (ABSENCE_AT_FIRST,))
    came = measures.count
    absent = _share(len(measures.absences), len(measures.absences) + came, ABSENT_AT_FIRST)
    left = _share(measures.left, measures.left + len(measures.absences) + came, LEFT_AT_FIRST)
    whole = sorted(meetings[rank] + gaps[ranks(-1)[rank]] for rank in range(DRAWS))
    return Pace(
        stays=_weighed(
            [
                (0.0, left * DRAWS),
                *((minutes, (1 - left) * absent) for minutes in absences),
                *((minutes, (1 - left) * (1 - absent)) for minutes in whole),
            ]
        ),
        meetings=meetings,
        called=_weighed(
            [
                *((minutes, absent) for minutes in absences),
                *((minutes, 1 - absent) for minutes in meetings),
            ]
        ),
        gaps=gaps,
        starts=_column(measures.starts or (0.0,)),
        comes=_share(measures.came, measures.booked, COMES_AT_FIRST),
        spread=between * (steady / (len(measures.today) + steady)) ** 0.5,
    )


def still(column: Column, already: float) -> Column:
    """How much longer what a column holds may last, once it has lasted `already`; beyond all
    that was measured, a part of that again."""
    first = next((rank for rank, minutes in enumerate(column) if minutes > already), DRAWS)
    if first == DRAWS:
        return tuple(already * rank / DRAWS / 2 for rank in range(DRAWS))
    width = (DRAWS - first) / DRAWS
    return tuple(column[first + int(rank * width)] - already for rank in range(DRAWS))


@lru_cache(maxsize=64)
def _of_other_days(days: tuple[tuple[float, ...], ...]) -> tuple[Column, int]:
    """The meetings of other days as a column, and how many they were."""
    meetings = [minutes for day in days for minutes in day]
    return (_column(meetings), len(meetings)) if meetings else ((), 0)


@lru_cache(maxsize=64)
def _steadiness(days: tuple[tuple[float, ...], ...]) -> tuple[float, float]:
    """How many meetings of a day tell as much of it as all other days do; and how far a day's
    mean is from that of the others, as a share."""
    known = [day for day in days if len(day) >= LEAST_A_DAY]
    if len(known) < LEAST_DAYS:
        return STEADY, 0.2
    means = [fmean(day) for day in known]
    inside = fmean(_variance(day) for day in known)
    of_chance = fmean(inside / len(day) for day in known)
    between = max(_variance(means) - of_chance, inside / MOST_STEADY)
    if not between:  # every meeting as long as the others
        return STEADY, 0.0
    return max(inside / between, LEAST_STEADY), min(between**0.5 / fmean(means), 0.5)


def _variance(values: Sequence[float]) -> float:
    mean = fmean(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _ratio(measures: Measures, steady: float) -> float:
    """How much slower today is than the other days, as far as its meetings tell."""
    usual = _mean(measures.before)
    if not measures.today or not usual:
        return 1.0
    told = len(measures.today) / (len(measures.today) + steady)
    return 1 + told * (fmean(measures.today) / usual - 1)


@lru_cache(maxsize=64)
def _mean(days: tuple[tuple[float, ...], ...]) -> float:
    every = [minutes for day in days for minutes in day]
    return fmean(every) if every else 0.0


def _share(some: int, every: int, at_first: float) -> float:
    return (some + at_first * COUNTED_AT_FIRST) / (every + COUNTED_AT_FIRST)


def _column(values: Sequence[float]) -> Column:
    """DRAWS equally likely values of a sample, shortest first."""
    ordered = sorted(values)
    width = len(ordered) / DRAWS
    return tuple(ordered[int((rank + 0.5) * width)] for rank in range(DRAWS))


def _weighed(weighted: Sequence[tuple[float, float]]) -> Column:
    """DRAWS equally likely values of a sample whose values weigh so much each."""
    ordered = sorted(weighted)
    total = sum(weight for _, weight in ordered)
    column, reached, at = [], ordered[0][1], 0
    for rank in range(DRAWS):
        while reached < (rank + 0.5) / DRAWS * total and at < len(ordered) - 1:
            at += 1
            reached += ordered[at][1]
        column.append(ordered[at][0])
    return tuple(column)
