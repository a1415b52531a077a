"""Opening hours between our rules and OpenStreetMap's, in their plain forms. Pure.

    Mo-Fr 09:00-12:00,13:30-17:00; We 14:00-17:00; PH off        weekdays
    We[1,5] 09:00-10:30                                          weekdays of a month

What OpenStreetMap cannot say (one Thursday in two) is not written, and what is not one of these
forms is not read: hours are better in the words of whoever wrote them than wrong.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from accueil.planning.recurrence import Rule, rule

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MOST_CHARACTERS = 2_000
_DAY = "|".join(DAYS)
_SPAN = r"([01]?[0-9]|2[0-4]):([0-5][0-9])-([01]?[0-9]|2[0-4]):([0-5][0-9])"
_DAYS = re.compile(rf"(?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*")
_NTH = re.compile(rf"({_DAY})\[(-?[1-5](?:,-?[1-5])*)\]")
_LINE = re.compile(rf"(?:(\S+) )?({_SPAN}(?:,{_SPAN})*|off|closed)")
_HOLIDAYS = {"PH": "public", "SH": "school"}

Times = tuple[tuple[str, str], ...]
_ALWAYS: Times = (("00:00", "24:00"),)


@dataclass(frozen=True, slots=True)
class Opening:
    """Days that share their hours; `not_on` is some of `closures.WORDS`."""

    rule: Rule
    times: Times
    not_on: frozenset[str] = frozenset()


def to_osm(
    rrule: str,
    weekday: int,
    times: Times,
    breaks: Times = (),
    closed_on: frozenset[str] = frozenset(),
) -> str | None:
    """A rule that began on `weekday`, with its hours, as OpenStreetMap writes them; None when it
    cannot."""
    days = _days(rule(rrule), weekday)
    hours = _without(times, breaks)
    if days is None or not hours:
        return None
    parts = [f"{days} {','.join(f'{start}-{end}' for start, end in hours)}"]
    parts += [f"{osm} off" for osm, ours in _HOLIDAYS.items() if ours in closed_on]
    return "; ".join(parts)


@lru_cache(maxsize=4_096)
def from_osm(text: str) -> tuple[Opening, ...] | None:
    """The openings that `text` writes; None when it is not one of the plain forms."""
    weekly: dict[int, Times] = {}
    monthly: list[tuple[tuple[tuple[int, int], ...], Times]] = []
    closed: set[str] = set()
    lines = _lines(text)
    if lines is None:
        return None
    for days, times in lines:
        if set(days.split(",")) <= set(_HOLIDAYS):
            if times:
                return None
            closed |= {_HOLIDAYS[each] for each in days.split(",")}
        elif nth := _nth(days):
            monthly.append((nth, times))
        elif _DAYS.fullmatch(days):
            weekly |= dict.fromkeys(_weekdays(days), times)
        else:
            return None
    return _openings(weekly, monthly, frozenset(closed))


def _lines(text: str) -> list[tuple[str, Times]] | None:
    """Days and their hours, none for "off"."""
    tidy = re.sub(r"\s+", " ", text).strip().strip(";").strip()
    tidy = re.sub(r" ?([,-]) ?", r"\1", tidy)
    found: list[tuple[str, Times]] = []
    for part in tidy.split(";") if 0 < len(tidy) <= MOST_CHARACTERS else ():
        if part.strip() == "24/7":
            found.append(("Mo-Su", _ALWAYS))
            continue
        read = _LINE.fullmatch(part.strip())
        times = () if read is None or read[2] in ("off", "closed") else _times(read[2])
        if read is None or times is None:
            return None
        found.append((read[1] or "Mo-Su", times))
    return found or None


def _times(text: str) -> Times | None:
    """None when an end is not after its start, or hours overlap."""
    spans = [
        (f"{int(first):02}:{minute}", f"{int(last):02}:{minutes}")
        for first, minute, last, minutes in re.findall(_SPAN, text)
    ]
    spans.sort()
    instants = [instant for span in spans for instant in span]
    in_order = all(sooner < later for sooner, later in spans) and instants == sorted(instants)
    return tuple(spans) if in_order and max(instants) <= "24:00" else None


def _nth(days: str) -> tuple[tuple[int, int], ...]:
    read = _NTH.fullmatch(days)
    if read is None:
        return ()
    return tuple((int(each), DAYS.index(read[1])) for each in read[2].split(","))


def _weekdays(days: str) -> Iterable[int]:
    for part in days.split(","):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        yield from (day % 7 for day in range(start, end + 1 if start <= end else end + 8))


def _openings(
    weekly: Mapping[int, Times],
    monthly: list[tuple[tuple[tuple[int, int], ...], Times]],
    closed: frozenset[str],
) -> tuple[Opening, ...] | None:
    """Days of the same hours together. A day both of every week and of some is not plain."""
    also = {day for nth, _ in monthly for _, day in nth}
    if also & set(weekly) or len(also) < len(monthly):
        return None
    by_hours: dict[Times, list[int]] = {}
    for day in sorted(weekly):
        by_hours.setdefault(weekly[day], []).append(day)
    found = [
        Opening(Rule("WEEKLY", weekdays=tuple(days)), times, closed)
        for times, days in by_hours.items()
        if times
    ]
    found += [Opening(Rule("MONTHLY", nth=nth), times, closed) for nth, times in monthly if times]
    return tuple(found) or None


def _days(found: Rule, weekday: int) -> str | None:
    """The days of a rule, None for what OpenStreetMap has no words for."""
    if found.interval != 1 or found.count is not None or found.months or found.month_days:
        return None
    if found.frequency in ("DAILY", "WEEKLY"):
        everyday = tuple(range(7)) if found.frequency == "DAILY" else (weekday,)
        return _ranges(found.weekdays or everyday)
    if found.frequency == "YEARLY":
        return None
    nth = found.nth
    if found.positions and len(found.weekdays) == 1:
        nth = tuple((position, found.weekdays[0]) for position in found.positions)
    days = {day for _, day in nth}
    if len(days) != 1 or any(abs(position) > 5 for position, _ in nth):
        return None
    return f"{DAYS[days.pop()]}[{','.join(str(position) for position, _ in nth)}]"


def _ranges(days: tuple[int, ...]) -> str:
    """Mo-Fr, or Mo,We: from three days in a row, their ends."""
    rows: list[list[int]] = []
    for day in days:
        if rows and day == rows[-1][-1] + 1:
            rows[-1].append(day)
        else:
            rows.append([day])
    parts = [
        [f"{DAYS[row[0]]}-{DAYS[row[-1]]}"] if len(row) > 2 else [DAYS[day] for day in row]
        for row in rows
    ]
    return ",".join(each for part in parts for each in part)


def _without(times: Times, breaks: Times) -> Times:
    """The hours that are left of `times` once the breaks are taken out."""
    left = sorted(times)
    for begins, ends in breaks:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, begins)), (max(start, ends), end))
            if piece[0] < piece[1]
        ]
    return tuple(dict.fromkeys(left))
