"""Limits as they are said in French: from when, until when, and when not. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from accueil.planning.phrases.days import exact_date, months, weekday_list
from accueil.planning.phrases.hours import part_of_day
from accueil.planning.phrases.words import NotUnderstood, Phrase

_EXCEPT = ("sauf", "hors", "hormis", "excepte|exceptee|exceptes", "a l' exception de|des|du|d'",
           "en dehors de|des|du|d'")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """From when and until when; `vague` names a question, when the year is not said."""

    first: date | None = None
    until: date | None = None
    vague: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Without:
    """When not: "public" holidays, "school" ones and their zone, weekdays, months."""

    closures: frozenset[str] = frozenset()
    zone: str | None = None
    weekdays: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()


Found = tuple[Span | Without, int] | None


def limits(said: Phrase, at: int) -> Found:
    """A limit said at this place, and the place after it, or None."""
    return _without(said, at) or _span(said, at)


def _span(said: Phrase, at: int) -> Found:
    """À partir du 7 janvier 2027, jusqu’au 30 juin 2027, du 7 janvier au 30 juin 2027."""
    both = said.after(at, "du|des")
    first = _day(said, both) if both is not None else None
    to = said.after(first[1], "jusqu'? au") if first else None
    last = _day(said, to) if to is not None else None
    if both is not None and first and to is not None and last:
        return _both_ends(said, at, (both, first[1] - 1), (to, last[1] - 1))
    for words, is_first in _ENDS:
        after = said.after(at, words)
        if after is None:
            continue
        end = _day(said, after)
        if end:
            return _one_end(end[0], is_first), end[1]
        in_month = _month_end(said, after, is_first)
        if in_month:
            return in_month
    return None


_ENDS = (
    ("a partir du|de|d'", True), ("a compter du|de|d'", True), ("depuis le", True),
    ("des le", True), ("des", True), ("jusqu' au|a|en", False), ("jusqu' a la? fin de?", False),
)  # fmt: skip


def _day(said: Phrase, at: int) -> tuple[date | None, int] | None:
    """A date and the place after it; its date None when the year is not said."""
    after = at + (said.weekday(at) is not None)
    if said.kind(after) != "date":
        return None
    year = said.numbers(after)[0]
    return (exact_date(said, at, after) if year else None), after + 1


def _one_end(day: date | None, is_first: bool) -> Span:
    if day is None:
        return Span(vague=frozenset({"anchor" if is_first else "until"}))
    return Span(first=day) if is_first else Span(until=day)


def _both_ends(said: Phrase, at: int, first: tuple[int, int], last: tuple[int, int]) -> Found:
    """Du 7 octobre au 30 juin 2027: the first is the one before the last."""
    until = _day(said, last[0])
    since = _day(said, first[0])
    if until is None or since is None:
        return None
    if until[0] is None:
        return Span(since[0], vague=frozenset({"until"} if since[0] else {"anchor", "until"})), (
            last[1] + 1
        )
    start = since[0]
    if start is None:
        _, month, day = said.numbers(first[1])
        year = until[0].year - ((month, day) > (until[0].month, until[0].day))
        try:
            start = date(year, month, day)
        except ValueError:
            raise NotUnderstood((said.said(*first),), "never") from None
    if start > until[0]:
        raise NotUnderstood((said.said(at, last[1] + 1),), "end_before_start")
    return Span(start, until[0]), last[1] + 1


def _month_end(said: Phrase, at: int, is_first: bool) -> Found:
    """À partir de janvier 2027, jusqu’en juin 2027, jusqu’à fin juin."""
    at = said.past(at, "la? fin de?")
    month = said.month(at)
    if month is None:
        return None
    if said.kind(at + 1) != "number":
        return _one_end(None, is_first), at + 1
    year = said.numbers(at + 1)[0]
    if not 1 <= year <= 9999:
        raise NotUnderstood((said.said(at, at + 2),), "never")
    day = date(year, month, 1 if is_first else monthrange(year, month)[1])
    return _one_end(day, is_first), at + 2


def _without(said: Phrase, at: int) -> Found:
    """Sauf jours fériés, hors vacances scolaires de la zone C, sauf le dimanche, sauf en août."""
    zone = said.after(at, "de? la? zone")
    if zone is not None and said.value(zone) in ("a", "b", "c"):
        return Without(zone=said.value(zone).upper()), zone + 1
    school = said.after(at, "en periode scolaire|scolaires")
    if school is not None:
        return Without(frozenset({"school"})), school
    after = next((end for words in _EXCEPT if (end := said.after(at, words))), None)
    if after is None:
        return None
    found, end = Without(), after
    while item := _exception(said, end if found == Without() else after):
        found = Without(
            found.closures | item[0].closures,
            found.zone or item[0].zone,
            found.weekdays | item[0].weekdays,
            found.months | item[0].months,
        )
        end = item[1]
        after = said.past(end, ",|et et?|sauf?|hors?")
        if after == end:
            break
    return (found, end) if found != Without() else None


def _exception(said: Phrase, at: int) -> tuple[Without, int] | None:
    after = said.past(at, "pendant|durant|en? le|les|la|l'|des|aux?")
    holidays = said.after(after, "jour|jours? ferie|feries")
    if holidays is not None:
        return Without(frozenset({"public"})), holidays
    school = said.after(after, "vacances|conges scolaires")
    if school is None:
        school = said.after(after, "periode|periodes de? vacances scolaires")
    if school is not None:
        return Without(frozenset({"school"})), school
    month = months(said, after)
    if month:
        return Without(months=month[0]), month[1]
    weekdays = weekday_list(said, at)
    if (
        weekdays is None
        or said.kind(weekdays[1]) in ("time", "date")
        or part_of_day(said, weekdays[1])
    ):
        return None
    return Without(weekdays=weekdays[0]), weekdays[1]
