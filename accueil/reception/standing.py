"""Standings: what can be seen of the people who wait for an organisation, at one instant, and the
line that it makes before one of them. Pure.

The services of an organisation share their hosts, who call from all their lines; so its people
wait in one line, whichever of its services they wait for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from accueil.planning.permanences import Occurrence
from accueil.reception import line
from accueil.reception.paces import Pace, still
from accueil.reception.waiting import Column, Coming, Line, Person, Window, ranks

# Whoever lets people wait for so long, in minutes, without calling anybody has gone.
GONE_AFTER = 15.0
# Whoever is booked and late may still come; so long after their hour they will not.
LATE_AT_MOST = timedelta(minutes=15)
COMES_LATE = 0.5


class Turn(line.Turn, Protocol):
    """What is asked of a turn: see `queue.Entry`."""

    @property
    def service_id(self) -> str: ...
    @property
    def host_id(self) -> str | None: ...
    @property
    def called_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """`turns` are the open ones; `ended`, when each host who received today ended their last
    meeting; `occurrences`, today's; `booked`, the service and the hour of those who have an
    appointment today and have not come; `paces`, of those services of which enough is known."""

    at: datetime
    turns: Sequence[Turn]
    ended: Mapping[str, datetime]
    occurrences: Sequence[Occurrence]
    booked: Sequence[tuple[str, datetime]]
    paces: Mapping[str, Pace]


def line_of(seen: Standing, service_id: str, turn: Turn | None = None) -> Line | None:
    """What stands before a turn that waits, or before whoever would enter now; None when there
    is nothing to base a wait on, or when the turn is not called for now."""
    if service_id not in seen.paces or (turn and not _is_called_for(turn)):
        return None
    pace = seen.paces[service_id]
    then = _returns_at(seen, turn)
    places = line.order(seen.turns, then)
    rank = next((nth for nth, each in enumerate(places) if turn and each.turn.id == turn.id), None)
    before, after = places[:rank], [] if rank is None else places[rank + 1 :]
    walks_in = turn is None or turn.due_at is None
    among = {place.turn.id for place in before}
    coming = [
        coming
        for each_id, coming in _coming(seen)
        if each_id not in among and (walks_in or coming.due < _minutes(seen, then))
    ]
    return Line(
        ahead=[
            Person(seen.paces.get(place.turn.service_id, pace).stays, yields)
            for yields, some in ((False, before), (True, after if then > seen.at else []))
            for place in some
        ],
        hosts=_hosts(seen, pace),
        windows=windows(seen),
        coming=coming,
        passes=max(line.MOST_PASSED - turn.passed, 0) if turn else line.MOST_PASSED,
        due=_minutes(seen, then),
        spread=pace.spread,
    )


def _is_called_for(turn: Turn) -> bool:
    """Whether the turn is called, sooner or later, if nobody does anything to it."""
    return turn.state == "waiting" and (
        turn.hold is None or (turn.hold == "parked" and turn.back_at is not None)
    )


def _returns_at(seen: Standing, turn: Turn | None) -> datetime:
    """From when on the turn may be called: now, or its hour, or its return."""
    hours = (turn.due_at, turn.back_at if turn.hold else None) if turn else ()
    return max(seen.at, *(hour for hour in hours if hour), seen.at)


def windows(seen: Standing) -> list[Window]:
    """When people are called, from now on, in minutes: the hours of today's permanences, their
    breaks left out."""
    spans = sorted(
        (_minutes(seen, start), _minutes(seen, end))
        for occurrence in seen.occurrences
        for start, end in _held(occurrence)
        if end > seen.at
    )
    joined: list[Window] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((max(start, 0.0), end))
    return joined


def _held(occurrence: Occurrence) -> list[tuple[datetime, datetime]]:
    held, start = [], occurrence.starts_at
    for away, back in sorted(occurrence.away):
        if start < away:
            held.append((start, away))
        start = max(start, back)
    return [*held, (start, occurrence.ends_at)] if start < occurrence.ends_at else held


def _coming(seen: Standing) -> list[tuple[str, Coming]]:
    """Who is checked in and whose hour is to come, and who is booked and has not come yet."""
    here = [
        (each.id, each.service_id, each.due_at, 1.0)
        for each in line.early(seen.turns, seen.at)
        if each.due_at
    ]
    booked = [
        ("", service_id, due_at, seen.paces[service_id].comes * _still_comes(seen, due_at))
        for service_id, due_at in seen.booked
        if service_id in seen.paces
    ]
    return [
        (each_id, Coming(max(_minutes(seen, due_at), 0.0), chance, seen.paces[service_id].stays))
        for each_id, service_id, due_at, chance in (*here, *booked)
        if service_id in seen.paces
    ]


def _still_comes(seen: Standing, due_at: datetime) -> float:
    if due_at > seen.at:
        return 1.0
    return COMES_LATE if seen.at - due_at < LATE_AT_MOST else 0.0


def _hosts(seen: Standing, pace: Pace) -> list[Column]:
    """When each host is free: who receives, who is free and calls soon, who is expected."""
    receiving = {
        turn.host_id: turn
        for turn in seen.turns
        if turn.state in ("called", "serving") and turn.host_id
    }
    columns = [_busy(seen, turn, pace) for turn in receiving.values()]
    since = _waited_since(seen)
    for host_id, ended in seen.ended.items():
        if host_id not in receiving and not _has_gone(seen, max(ended, since), pace.gaps):
            columns.append(_free(seen, pace.gaps, ended, since))
    here = [each for each in seen.occurrences if each.is_on(seen.at)]
    if here:
        for occurrence in here[len(columns) :]:
            if not _has_gone(seen, max(occurrence.starts_at, since), pace.starts):
                columns.append(_free(seen, pace.starts, occurrence.starts_at, since))
        return columns
    return columns or _expected(seen, pace)


def _has_gone(seen: Standing, since: datetime, known: Column) -> bool:
    """Whether somebody waits for longer than a host was ever seen to let them."""
    return -_minutes(seen, since) > max(GONE_AFTER, known[-1])


def _free(seen: Standing, known: Column, begins: datetime, waited_since: datetime) -> Column:
    """When a host calls, who has nobody since `begins` and mostly takes what is `known` of it:
    one whom nobody waits for may be ready long since; one who lets people wait is not."""
    already = -_minutes(seen, begins)
    if waited_since < seen.at:
        return still(known, already) if already > 0 else known
    return tuple(max(minutes - already, 0.0) for minutes in known)


def _busy(seen: Standing, turn: Turn, pace: Pace) -> Column:
    own = seen.paces.get(turn.service_id, pace)
    known = own.called if turn.state == "called" else own.meetings
    left = still(known, -_minutes(seen, turn.called_at or seen.at))
    return tuple(minutes + own.gaps[rank] for minutes, rank in zip(left, ranks(-1), strict=True))


def _waited_since(seen: Standing) -> datetime:
    """Since when a free host has had somebody to call; now, when there is nobody."""
    return min((place.since for place in line.order(seen.turns, seen.at)), default=seen.at)


def _expected(seen: Standing, pace: Pace) -> list[Column]:
    """Who comes next today, when nobody is here: as late as they usually are."""
    later = [each.starts_at for each in seen.occurrences if each.starts_at > seen.at]
    begins = min(later, default=seen.at)
    return [
        tuple(_minutes(seen, begins) + late for late in pace.starts)
        for each in later
        if each == begins
    ]


def _minutes(seen: Standing, at: datetime) -> float:
    return (at - seen.at).total_seconds() / 60
