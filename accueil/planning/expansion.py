"""Rules carried out over some days: their dated starts, and the slots between. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from zoneinfo import ZoneInfo

from accueil.planning.closures import PUBLIC_HOLIDAYS
from accueil.planning.recurrence import days, rule

MOST = 10_000
MOST_LOOKED_AT = 100_000
_LATEST = date(2299, 12, 31)


class Wrong(ValueError):
    """What was asked cannot be given; `key` is the one to blame, `str` says what was expected."""

    def __init__(self, key: str, expected: str):
        super().__init__(expected)
        self.key = key


@dataclass(frozen=True, slots=True)
class Series:
    """One rule counted from `first`, at these hours ("09:00", the end None when unknown)."""

    rrule: str
    times: tuple[tuple[str, str | None], ...]
    first: date
    not_on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when to when, how many, and what changes: days or starts left out or added, days
    closed, hours taken."""

    zone: ZoneInfo
    since: date | None = None
    to: date | None = None
    limit: int | None = None
    exdates: frozenset[date | datetime] = frozenset()
    rdates: frozenset[date | datetime] = frozenset()
    closures: tuple[tuple[date, date], ...] = ()
    busy: tuple[tuple[datetime, datetime], ...] = ()
    slot_minutes: int = 30


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """One dated start; its instants are UTC, and None when no hour is known."""

    day: date
    clock: str
    starts_at: datetime | None
    ends_at: datetime | None
    local: str

    def written(self) -> str:
        return self.local


def occurrences(series: list[Series], bounds: Bounds) -> list[Start]:
    """The starts of the series, in order, within bounds. Raises `Wrong`."""
    since, to = bounds.since or date.min, bounds.to or _LATEST
    if to < since:
        raise Wrong("to", f"expected a day on or after {since}, got {to}")
    if not series:
        return []
    pairs = merge(
        *(_of_series(each, since, to, bounds.zone) for each in series), _added(series, bounds)
    )
    found: dict[tuple[date, str], Start] = {}
    for day, clock, end in islice(pairs, MOST_LOOKED_AT):
        if (day, clock) in found or _is_out(day, clock, bounds):
            continue
        if bounds.limit is None and len(found) == MOST:
            raise Wrong("limit", f"expected {MOST} occurrences at most")
        found[day, clock] = _start(day, clock, end or None, bounds.zone)
        if len(found) == bounds.limit:
            break
    return list(found.values())


def slots(found: list[Start], bounds: Bounds) -> list[str]:
    """The starts of the free slots, on a grid that begins with each occurrence and never moves."""
    taken = [
        (_instant(start, bounds.zone), _instant(end, bounds.zone)) for start, end in bounds.busy
    ]
    step = timedelta(minutes=bounds.slot_minutes)
    free: list[str] = []
    for each in found:
        at, end = each.starts_at, each.ends_at
        while at and end and at + step <= end:
            if not any(start < at + step and at < until for start, until in taken):
                free.append(at.astimezone(bounds.zone).isoformat(timespec="seconds"))
            at += step
        if len(free) > MOST_LOOKED_AT:
            raise Wrong("slot_minutes", f"expected {MOST_LOOKED_AT} slots at most")
    return free


Pair = tuple[date, str, str]  # a day, its start and its end, "" when there is none


def _of_series(series: Series, since: date, to: date, zone: ZoneInfo) -> Iterator[Pair]:
    known = rule(series.rrule)
    for day in days(series.rrule, series.first, max(since, series.first), to):
        if "public" in series.not_on and day in PUBLIC_HOLIDAYS:
            continue
        for start, end in series.times or (("", None),):
            if not start or not known.over(_wall(day, start).replace(tzinfo=zone)):
                yield day, start, end or ""


def _added(series: list[Series], bounds: Bounds) -> Iterator[Pair]:
    """The dates added: all the hours of that day, or that start with the usual length."""
    pairs: list[Pair] = []
    times = sorted({pair for each in series for pair in each.times}, key=lambda pair: pair[0])
    for each in bounds.rdates:
        if not isinstance(each, datetime):
            pairs += [(each, start, end or "") for start, end in times or [("", None)]]
            continue
        pairs.append((each.date(), f"{each:%H:%M}", _usual_end(each, times)))
    since, to = bounds.since or date.min, bounds.to or _LATEST
    return iter(sorted(pair for pair in pairs if since <= pair[0] <= to))


def _usual_end(start: datetime, times: list[tuple[str, str | None]]) -> str:
    if len(times) != 1 or times[0][1] is None:
        return ""
    length = _wall(start.date(), times[0][1]) - _wall(start.date(), times[0][0])
    end = start + length
    return f"{end:%H:%M}" if end.date() == start.date() else ""


def _is_out(day: date, clock: str, bounds: Bounds) -> bool:
    if any(first <= day <= last for first, last in bounds.closures) or day in bounds.exdates:
        return True
    return bool(clock) and _wall(day, clock) in bounds.exdates


def _start(day: date, clock: str, end: str | None, zone: ZoneInfo) -> Start:
    if not clock:
        return Start(day, clock, None, None, day.isoformat())
    wall = _wall(day, clock)
    instant = _instant(wall, zone)
    back = instant.astimezone(zone)
    if back.replace(tzinfo=None) != wall:
        raise Wrong("occurrences", f"the hour {wall.isoformat()} does not exist in {zone.key}")
    ends_at = _instant(_wall(day, end), zone) if end else None
    return Start(day, clock, instant, ends_at, back.isoformat(timespec="seconds"))


def _wall(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
