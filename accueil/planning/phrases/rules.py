"""From what was said of the days to RRULEs, and to what remains to be asked. Pure."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from accueil.planning.phrases.limits import Span, Without
from accueil.planning.phrases.often import Days
from accueil.planning.phrases.words import NotUnderstood

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_EVEN, _ODD = range(2, 53, 2), range(1, 54, 2)
ALL_WEEK = frozenset(range(7))
ALL_YEAR = frozenset(range(1, 13))


def rules(said: Days | None, span: Span, without: Without, words: str) -> list[str]:
    """The RRULEs of these days, in as many as their kinds need; `words` are told when they
    contradict each other."""
    if said is None and not without.months:
        return []
    kept = _less(said or Days(unit="week"), without, words)
    found = [_rule(part, words) for part in _kinds(kept)]
    until = f";UNTIL={span.until:%Y%m%d}" if span.until else ""
    return [rule + until for rule in found]


def questions(said: Days | None, span: Span) -> set[str]:
    """What is to be asked of the days: "day", "anchor", "until"."""
    asked = set(span.vague)
    if said is None:
        return asked | {"day"}
    if not said.named() or (said.unit in ("month", "year") and said.weekdays):
        asked.add("day")
    if said.every > 1 and not _anchored(said, span.first):
        asked.add("anchor")
    return asked


def _anchored(said: Days, first: date | None) -> bool:
    """Whether the first day said is one of the days said: the alternation starts from it."""
    if first is None:
        return False
    if said.weekdays:
        return first.weekday() in said.weekdays
    if said.nth:
        return any(_is_nth(first, position, weekday) for position, weekday in said.nth)
    return not said.month_days or first.day in said.month_days


def _is_nth(day: date, position: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    left = monthrange(day.year, day.month)[1] - day.day
    return position in ((day.day - 1) // 7 + 1, -(left // 7 + 1))


def _less(said: Days, without: Without, words: str) -> Days:
    """The days without the weekdays and months said to be left out."""
    if without.months:
        said = replace(said, months=(said.months or ALL_YEAR) - without.months)
        if not said.months:
            raise NotUnderstood((words,), "never")
    if not without.weekdays:
        return said
    whole = said.unit == "day" and said.every == 1
    week = ALL_WEEK if whole else said.weekdays
    left = week - without.weekdays
    if not left or not without.weekdays <= week:
        raise NotUnderstood((words,), "never")
    return replace(said, weekdays=left, unit=None if whole else said.unit)


def _kinds(said: Days) -> list[Days]:
    """Plain weekdays and ranked ones cannot be in one rule."""
    if said.weekdays and said.nth:
        return [replace(said, nth=()), replace(said, weekdays=frozenset())]
    return [said]


def _rule(said: Days, words: str) -> str:
    frequency = _frequency(said)
    if frequency is None:
        raise NotUnderstood((words,), "contradictory")
    parts = [f"FREQ={frequency}"]
    if said.every > 1:
        parts.append(f"INTERVAL={said.every}")
    if said.on:
        parts.append("COUNT=1")
    if said.months:
        parts.append(f"BYMONTH={_list(sorted(said.months))}")
    if said.weeks:
        parts.append(f"BYWEEKNO={_list(_EVEN if said.weeks == 'even' else _ODD)}")
    if said.month_days:
        parts.append(f"BYMONTHDAY={_list(said.month_days)}")
    by_day = [_CODES[day] for day in sorted(said.weekdays)]
    by_day += [f"{position}{_CODES[day]}" for position, day in said.nth]
    if by_day and not _is_vague(said):
        parts.append(f"BYDAY={_list(by_day)}")
    return ";".join(parts)


def _is_vague(said: Days) -> bool:
    """Tous les mois le mardi: which one is asked, and no rule gives them all."""
    return said.unit in ("month", "year") and bool(said.weekdays)


def _frequency(said: Days) -> str | None:
    """None when what was said cannot be one rule."""
    if said.on:
        return "DAILY" if said.unit is None and not said.months and not said.weeks else None
    if said.weeks:
        alone = said.every == 1 and said.unit in (None, "week")
        return "YEARLY" if alone and not (said.nth or said.month_days or said.months) else None
    if said.unit == "day":
        return None if said.weekdays or said.nth or said.month_days else "DAILY"
    if said.nth or said.month_days:
        if said.unit == "week":
            return None
        if not said.months:
            return None if said.unit == "year" else "MONTHLY"
        return "YEARLY" if said.unit in (None, "year") or said.every == 1 else None
    return _FREQUENCIES[said.unit or "week"]


def _list(items: Iterable[object]) -> str:
    return ",".join(str(item) for item in items)
