"""Recurrence: RFC 5545 rules, read strictly, and the days that they give. Pure, in wall-clock days.

Days are those of naive dates: rules live on the wall, zones are added afterwards.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from dateutil.rrule import weekdays as _DATEUTIL_DAYS

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_INTERVAL = 999
MOST_COUNT = 100_000
FARTHEST = timedelta(days=5 * 366)
_EXAMPLE = "expected an RRULE such as FREQ=WEEKLY;BYDAY=MO"
_ALLOWED = frozenset(
    (
        "FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYWEEKNO", "BYSETPOS", "COUNT",
        "UNTIL", "WKST",
    )
)  # fmt: skip
_FREQUENCIES: dict[Frequency, Literal[0, 1, 2, 3]] = {
    "DAILY": DAILY,
    "WEEKLY": WEEKLY,
    "MONTHLY": MONTHLY,
    "YEARLY": YEARLY,
}
_DAY = re.compile(r"([+-]?[0-9]{1,2})?([A-Z]{2})")
_UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
# Weekdays and dates meet again every 28 years, and every 40 across a century.
_ALL_MEETINGS = 40 * 366


class BadRule(ValueError):
    """The rule cannot be used; `str` says what was expected."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as data. `weekdays` are plain (0 is Monday), `nth` are (position, weekday) pairs,
    -1 the last; `positions` choose among the days of a period (BYSETPOS)."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    week_numbers: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None
    until_time: time | None = None
    until_utc: bool = False
    week_start: int = 0

    def bounded(self) -> bool:
        return self.count is not None or self.until is not None

    def over(self, at: datetime) -> bool:
        """Whether `at` (aware) is after the last instant that UNTIL allows."""
        if self.until is None or self.until_time is None:
            return False
        last = datetime.combine(self.until, self.until_time)
        if self.until_utc:
            return at > last.replace(tzinfo=UTC)
        return at.replace(tzinfo=None) > last


def rule(text: str) -> Rule:
    """The rule that `text` writes. Raises `BadRule`."""
    parts = _parts(text)
    frequency = next((name for name in _FREQUENCIES if name == parts["FREQ"]), None)
    if frequency is None:
        raise BadRule(f"expected days, weeks, months or years, got FREQ={parts['FREQ']}")
    weekdays, nth = _by_day(parts.get("BYDAY"))
    until, until_time, until_utc = _until(parts.get("UNTIL"))
    start = parts.get("WKST", "MO")
    if start not in WEEKDAYS:
        raise BadRule(f"expected WKST such as MO, got {start!r}")
    found = Rule(
        frequency,
        interval=_number("INTERVAL", parts.get("INTERVAL", "1"), 1, MOST_INTERVAL),
        weekdays=weekdays,
        nth=nth,
        month_days=_numbers("BYMONTHDAY", parts, 31),
        months=_numbers("BYMONTH", parts, 12, negative=False),
        week_numbers=_numbers("BYWEEKNO", parts, 53),
        positions=_numbers("BYSETPOS", parts, 366),
        count=_number("COUNT", parts["COUNT"], 0, MOST_COUNT) if "COUNT" in parts else None,
        until=until,
        until_time=until_time,
        until_utc=until_utc,
        week_start=WEEKDAYS.index(start),
    )
    _check_together(found, parts)
    return found


def days(text: str, first: date, start: date, end: date) -> Iterator[date]:
    """The days of the rule, anchored on `first`, from `start` to `end`, both included.

    Raises `BadRule` as `check` does.
    """
    found = rule(text)
    if end < first or start > end or not _happens(found, first):
        return
    if _is_weekly_at_heart(found):
        # dateutil takes the first of January for another week's in some years.
        weekly = replace(found, frequency="WEEKLY", week_numbers=())
        for day in _given(weekly, first, start, end):
            if day.isocalendar().week in found.week_numbers:
                yield day
        return
    yield from _given(found, first, start, end)


def _is_weekly_at_heart(found: Rule) -> bool:
    """Whether a rule gives weekdays of some weeks of every year, and nothing else."""
    only_weeks = not (found.positions or found.month_days or found.count is not None)
    plain = found.interval == 1 and found.week_start == 0 and bool(found.weekdays)
    return plain and only_weeks and bool(found.week_numbers) and min(found.week_numbers) > 0


def _given(found: Rule, first: date, start: date, end: date) -> Iterator[date]:
    try:
        given = _dateutil(found, _anchor(found, first, start))
        for at in given.xafter(datetime.combine(start, time.min), inc=True):
            if at.date() > end:
                return
            yield at.date()
    except (ValueError, IndexError, OverflowError) as error:
        raise BadRule(f"{_EXAMPLE}: {error}") from None


def check(text: str, first: date) -> None:
    """Raise `BadRule` unless the rule can be read and its first day is `first`."""
    found = first_day(text, first)
    if found != first:
        raise BadRule(f"expected a first day that the rule gives, such as {found}, got {first}")


def first_day(text: str, start: date) -> date:
    """The first day of the rule on or after `start`; `BadRule` if it is years away or never."""
    if start > date.max - FARTHEST:
        raise BadRule(f"expected a first day of our time, got {start}")
    found = next(days(text, start, start, start + FARTHEST), None)
    if found is None:
        raise BadRule(f"expected a rule that happens within five years of {start}")
    return found


def _parts(text: str) -> dict[str, str]:
    pairs = [part.partition("=")[::2] for part in text.upper().split(";")]
    parts = dict(pairs)
    unknown = sorted(parts.keys() - _ALLOWED)
    if len(parts) != len(pairs):
        raise BadRule(f"expected each part of the rule once, got {text!r}")
    if unknown or not all(parts.values()) or not parts.get("FREQ"):
        raise BadRule(f"{_EXAMPLE}, got {unknown[0] if unknown and unknown[0] else text!r}")
    return parts


def _number(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
        raise BadRule(f"expected {name} from {least} to {most}, got {text!r}")
    return int(text)


def _numbers(name: str, parts: dict[str, str], most: int, negative: bool = True) -> tuple[int, ...]:
    found = []
    for text in parts[name].split(",") if name in parts else ():
        if not re.fullmatch(r"[+-]?[0-9]{1,3}", text) or not 1 <= abs(int(text)) <= most:
            raise BadRule(f"expected {name} from 1 to {most}, got {text!r}")
        if int(text) < 0 and not negative:
            raise BadRule(f"expected {name} from 1 to {most}, got {text!r}")
        found.append(int(text))
    return tuple(dict.fromkeys(found))


def _by_day(text: str | None) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    weekdays, nth = [], []
    for part in text.split(",") if text else ():
        read = _DAY.fullmatch(part)
        if read is None or read[2] not in WEEKDAYS or (read[1] and int(read[1]) == 0):
            raise BadRule(f"expected BYDAY such as MO or 1WE, got {part!r}")
        if read[1]:
            nth.append((int(read[1]), WEEKDAYS.index(read[2])))
        else:
            weekdays.append(WEEKDAYS.index(read[2]))
    # dateutil silently finds nothing when the two kinds are mixed.
    if weekdays and nth:
        raise BadRule(f"expected BYDAY with or without positions, not both: BYDAY={text}")
    return tuple(sorted(set(weekdays))), tuple(dict.fromkeys(nth))


def _until(text: str | None) -> tuple[date | None, time | None, bool]:
    if text is None:
        return None, None, False
    read = _UNTIL.fullmatch(text)
    try:
        if read is None:
            raise ValueError(text)
        day = datetime.strptime(read[1], "%Y%m%d").date()
        clock = datetime.strptime(read[2], "%H%M%S").time() if read[2] else None
    except ValueError:
        raise BadRule(f"expected UNTIL such as 20270630, got {text!r}") from None
    return day, clock, bool(read[3])


def _check_together(found: Rule, parts: dict[str, str]) -> None:
    in_weeks = found.frequency in ("DAILY", "WEEKLY")
    if found.nth and in_weeks:
        raise BadRule(f"expected positions in months or years only: BYDAY={parts['BYDAY']}")
    if found.nth and found.week_numbers:
        raise BadRule(f"expected BYWEEKNO without positions: BYDAY={parts['BYDAY']}")
    # In weeks dateutil counts them wrongly.
    if found.positions and in_weeks:
        raise BadRule(f"expected BYSETPOS in months or years, got FREQ={found.frequency}")
    if found.positions and not (
        found.weekdays or found.nth or found.month_days or found.months or found.week_numbers
    ):
        raise BadRule("expected BYSETPOS with days to choose from, such as BYDAY=MO")
    if found.week_numbers and found.frequency != "YEARLY":
        raise BadRule(f"expected BYWEEKNO in years only, got FREQ={found.frequency}")
    if found.month_days and found.frequency == "WEEKLY":
        raise BadRule("expected BYMONTHDAY in days, months or years, got FREQ=WEEKLY")
    if found.count is not None and found.until:
        raise BadRule("expected COUNT or UNTIL, not both")


def _dateutil(found: Rule, first: date) -> rrule:
    by_day = [_DATEUTIL_DAYS[day] for day in found.weekdays]
    by_day += [_DATEUTIL_DAYS[day](position) for position, day in found.nth]
    return rrule(
        _FREQUENCIES[found.frequency],
        dtstart=datetime.combine(first, time.min),
        interval=found.interval,
        wkst=_DATEUTIL_DAYS[found.week_start],
        count=found.count,
        until=datetime.combine(found.until, time.min) if found.until else None,
        bysetpos=found.positions or None,
        bymonth=found.months or None,
        bymonthday=found.month_days or None,
        byweekno=found.week_numbers or None,
        byweekday=by_day or None,
    )


def _anchor(found: Rule, first: date, start: date) -> date:
    """A later first day that gives the same days from `start` on, so that old rules cost no more
    than new ones."""
    if found.count is not None or start <= first:
        return first
    if found.frequency == "DAILY":
        steps = (start - first).days // found.interval
        return first + timedelta(days=steps * found.interval)
    if found.frequency == "WEEKLY":
        week = first - timedelta(days=(first.weekday() - found.week_start) % 7)
        steps = (start - week).days // (7 * found.interval) - 1
        return first + timedelta(days=max(0, steps) * 7 * found.interval)
    if found.frequency == "MONTHLY" and (found.weekdays or found.nth or found.month_days):
        months = (start.year - first.year) * 12 + start.month - first.month
        later = first.year * 12 + first.month - 1 + months - months % found.interval
        return max(first, date(later // 12, later % 12 + 1, 1))
    return first


def _happens(found: Rule, first: date) -> bool:
    """Whether any day can be one of the rule: dateutil would look for it until the year 9999."""
    if found.count == 0:
        return False
    if found.frequency == "DAILY" and found.interval % 7 == 0 and found.weekdays:
        return first.weekday() in found.weekdays
    if not (found.nth or found.month_days or found.week_numbers):
        return True
    ahead = min(_ALL_MEETINGS, (date.max - first).days)
    return any(_fits(found, first + timedelta(days=step)) for step in range(ahead))


def _fits(found: Rule, day: date) -> bool:
    """Whether a day is one of the rule, whatever its interval and positions."""
    if found.months and day.month not in found.months:
        return False
    from_end = day.day - monthrange(day.year, day.month)[1] - 1
    if found.month_days and not {day.day, from_end} & set(found.month_days):
        return False
    if found.weekdays and day.weekday() not in found.weekdays:
        return False
    if found.nth:
        most = 5 if found.frequency == "MONTHLY" or found.months else 53
        return any(weekday == day.weekday() and abs(nth) <= most for nth, weekday in found.nth)
    return True
