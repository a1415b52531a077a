"""Recurrence: the days that an RFC 5545 rule gives. Pure, in wall-clock days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrule, rruleset, rrulestr

MOST_INTERVAL = 999
FARTHEST = timedelta(days=5 * 366)
_ALLOWED = {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "COUNT", "UNTIL"}


class BadRule(ValueError):
    """The rule cannot be used; `str` says what was expected."""


def days(rule: str, first: date, start: date, end: date) -> Iterator[date]:
    """The days of `rule`, anchored on `first`, from `start` to `end`, both included.

    Raises `BadRule` as `check` does.
    """
    found = _parsed(rule, first)
    try:
        # On naive datetimes: rules live on the wall, zones are added afterwards.
        for at in found.xafter(datetime.combine(start, time.min), inc=True):
            if at.date() > end:
                return
            yield at.date()
    except (ValueError, IndexError) as error:
        raise BadRule(f"expected an RRULE such as FREQ=WEEKLY;BYDAY=MO: {error}") from None


def check(rule: str, first: date) -> None:
    """Raise `BadRule` unless the rule can be read and its first day is `first`."""
    if first > date.max - FARTHEST:
        raise BadRule(f"expected a first day of our time, got {first}")
    found = next(days(rule, first, first, first + FARTHEST), None)
    if found is None:
        raise BadRule(f"expected a rule that happens within five years of {first}")
    if found != first:
        raise BadRule(f"expected a first day that the rule gives, such as {found}, got {first}")


def _parsed(rule: str, first: date) -> rrule | rruleset:
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    unknown = parts.keys() - _ALLOWED
    if unknown or not parts.get("FREQ"):
        raise BadRule(f"expected an RRULE such as FREQ=WEEKLY;BYDAY=MO, got {rule!r}")
    if parts["FREQ"] not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise BadRule(f"expected days, weeks, months or years, got FREQ={parts['FREQ']}")
    interval = parts.get("INTERVAL", "1")
    if not interval.isdecimal() or not 1 <= int(interval) <= MOST_INTERVAL:
        raise BadRule(f"expected INTERVAL from 1 to {MOST_INTERVAL}, got {interval!r}")
    by_day = parts.get("BYDAY", "").split(",")
    numbered = [day for day in by_day if day[:1] in "+-0123456789" and day]
    if numbered and parts["FREQ"] not in ("MONTHLY", "YEARLY"):
        raise BadRule(f"expected positions in months or years only: {parts['BYDAY']}")
    # dateutil silently finds nothing when the two kinds are mixed.
    if numbered and len(numbered) != len(by_day):
        raise BadRule(f"expected BYDAY with or without positions, not both: {parts['BYDAY']}")
    try:
        return rrulestr(rule, dtstart=datetime.combine(first, time.min))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise BadRule(f"expected an RRULE such as FREQ=WEEKLY;BYDAY=MO: {error}") from None
