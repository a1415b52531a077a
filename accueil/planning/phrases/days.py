"""Days as they are said in French: "les 1er et 5e mercredis du mois", "un jeudi sur deux". Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from accueil.planning.phrases.often import WORKING_DAYS, Days, Found, often
from accueil.planning.phrases.words import NotUnderstood, Phrase

_ARTICLES = "le|les|l'|chaque|tous|toutes|du"
_OF_THE_MONTH = ("du mois", "de chaque mois", "de tous les mois", "par mois", "dans le mois")


def days(said: Phrase, at: int) -> Found:
    """The days said at this place and the place after them, or None."""
    for reader in _READERS:
        found = reader(said, at)
        if found:
            return found
    return None


def weekday_list(said: Phrase, at: int) -> tuple[frozenset[int], int] | None:
    """Plain weekdays, "le lundi et le jeudi" or "du lundi au vendredi"."""
    found: frozenset[int] = frozenset()
    end = at
    while True:
        item = _range(said, at) or _weekday(said, at)
        if item is None:
            return (found, end) if found else None
        found, end = found | item[0], item[1]
        at = _connector(said, end)


def months(said: Phrase, at: int) -> tuple[frozenset[int], int] | None:
    """Months in a list or a range: "juillet et août", "septembre à juin"."""
    first = said.month(at)
    if first is None:
        return None
    to = said.after(at + 1, "a|au|-")
    if to is not None and (last := said.month(to)):
        return frozenset((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)), (
            to + 1
        )
    found, end = frozenset({first}), at + 1
    while True:
        following = said.past(_connector(said, end), "de|d'|en")
        month = said.month(following) if following > end else None
        if month is None:
            return found, end
        found, end = found | {month}, following + 1


def _weeks(said: Phrase, at: int) -> Found:
    """Les semaines paires, en semaine impaire; les mois pairs; en semaine, le week-end."""
    after = said.past(at, "des|les|en|la|toutes? les?")
    if said.after(after, "semaine|semaines") is not None:
        if said.after(after + 1, "paire|paires") is not None:
            return Days(weeks="even"), after + 2
        if said.after(after + 1, "impaire|impaires") is not None:
            return Days(weeks="odd"), after + 2
    for parity, words in enumerate(("pairs", "impairs")):
        end = said.after(at, f"des|les|tous les? mois {words}")
        if end is not None:
            return Days(months=frozenset(range(2 - parity, 13, 2))), end
    end = said.after(at, "en semaine")
    if end is not None:
        return Days(WORKING_DAYS), end
    end = said.after(at, f"{_ARTICLES}? les? week-end|week-ends")
    return (Days(frozenset({5, 6})), end) if end is not None else None


def _in_months(said: Phrase, at: int) -> Found:
    """De mars, en juillet et août, d’octobre à mars."""
    after = said.past(at, "du|au mois de|d'")
    if after == at:
        after = said.past(at, "de|d'|en")
    found = months(said, after) if after > at else None
    return (Days(months=found[0]), found[1]) if found else None


def _one_date(said: Phrase, at: int) -> Found:
    """Le jeudi 7 janvier 2027; tous les 15 mars."""
    yearly = said.after(at, "chaque") or said.after(at, "tous les")
    after = yearly or said.past(at, "le")
    weekday = said.weekday(after)
    after += weekday is not None
    if said.kind(after) != "date":
        return None
    year, month, day = said.numbers(after)
    if yearly and not year and weekday is None:
        return Days(month_days=(day,), months=frozenset({month})), after + 1
    if not year or yearly:
        return None
    return Days(on=exact_date(said, at, after)), after + 1


def exact_date(said: Phrase, at: int, after: int) -> date:
    """The date that ends at `after`; `NotUnderstood` if there is none, or on another weekday."""
    year, month, day = said.numbers(after)
    try:
        found = date(year, month, day)
    except ValueError:
        raise NotUnderstood((said.said(after, after + 1),), "never") from None
    weekday = said.weekday(after - 1) if after > at else None
    if weekday is not None and weekday != found.weekday():
        raise NotUnderstood((said.said(after - 1, after + 1),), "never")
    return found


def _listed(said: Phrase, at: int) -> Found:
    """Le lundi et le 1er mercredi du mois; les 1er et 15 du mois; du lundi au vendredi."""
    found, end = Days(), at
    ranks: tuple[int, ...] = ()
    while True:
        item = _item(said, at, ranks if at > end else ())
        if item is None or (found.named() and bool(item[0].month_days) != bool(found.month_days)):
            break
        found = replace(
            found,
            weekdays=found.weekdays | item[0].weekdays,
            nth=found.nth + tuple(pair for pair in item[0].nth if pair not in found.nth),
            month_days=found.month_days + item[0].month_days,
        )
        ranks, end = tuple(position for position, _ in item[0].nth), item[1]
        at = _connector(said, end)
        if at == end:
            break
    return (found, end) if found.named() else None


def _item(said: Phrase, at: int, ranks: tuple[int, ...]) -> Found:
    """One of a list. A bare weekday after a ranked one, of which `ranks` are the positions, shares
    them when the phrase goes on with "du mois", and is refused as ambiguous otherwise."""
    ranked = _ranked(said, at)
    if ranked:
        return ranked
    plain = _range(said, at) or _weekday(said, at)
    if plain is None or (said.kind(plain[1]) == "date"):
        return None
    found, end = plain
    if not ranks or said.weekday(at) is None:
        return Days(found), _of_the_month(said, end)
    if _of_the_month(said, end) == end:
        raise NotUnderstood((said.said(at, end),), "ambiguous")
    return Days(nth=_pairs(ranks, found)), _of_the_month(said, end)


def _ranked(said: Phrase, at: int) -> Found:
    """Les 1er et 5e mercredis du mois; le 15 du mois; le dernier jour du mois."""
    after = _article(said, at)
    ranks: list[int] = []
    only_positions = True
    while True:
        rank = said.position(after)
        if rank is None and said.kind(after) == "number":
            rank, only_positions = said.numbers(after)[0], False
        if rank is None:
            return None
        ranks.append(rank)
        after += 1
        following = _connector(said, after)
        if following == after:
            break
        after = said.past(following, "le|les|l'")
    weekday = said.weekday(after)
    if weekday is None:
        return _month_days(said, at, ranks, after)
    if not only_positions:
        return None
    if not all(rank in (-2, -1, 1, 2, 3, 4, 5) for rank in ranks):
        raise NotUnderstood((said.said(at, after + 1),), "never")
    return Days(nth=_pairs(tuple(ranks), frozenset({weekday}))), _of_the_month(said, after + 1)


def _month_days(said: Phrase, at: int, ranks: list[int], after: int) -> Found:
    after = said.past(after, "jour|jours") if set(ranks) <= {1, -1, -2} else after
    end = _of_the_month(said, after)
    if end == after:
        return None
    if not all(-2 <= rank <= 31 and rank for rank in ranks):
        raise NotUnderstood((said.said(at, end),), "never")
    return Days(month_days=tuple(dict.fromkeys(ranks))), end


def _range(said: Phrase, at: int) -> tuple[frozenset[int], int] | None:
    after = said.past(at, "du|de")
    first, to = said.weekday(after), said.after(after + 1, "au|a|-|jusqu'? au?")
    last = said.weekday(to) if first is not None and to is not None else None
    if first is None or to is None or last is None:
        return None
    span = range((last - first) % 7 + 1)
    return frozenset((first + step) % 7 for step in span), to + 1


def _weekday(said: Phrase, at: int) -> tuple[frozenset[int], int] | None:
    after = _article(said, at)
    weekday = said.weekday(after)
    return None if weekday is None else (frozenset({weekday}), after + 1)


def _article(said: Phrase, at: int) -> int:
    after = said.after(at, "tous|toutes les")
    return said.past(at, "chaque|le|les|l'|ce?") if after is None else after


def _connector(said: Phrase, at: int) -> int:
    after = said.past(at, ",|/|&|+")
    return said.past(after, "et|puis|ainsi que?")


def _of_the_month(said: Phrase, at: int) -> int:
    return next((end for words in _OF_THE_MONTH if (end := said.after(at, words))), at)


def _pairs(ranks: tuple[int, ...], weekdays: frozenset[int]) -> tuple[tuple[int, int], ...]:
    return tuple(dict.fromkeys((rank, day) for day in sorted(weekdays) for rank in ranks))


_READERS: tuple[Callable[[Phrase, int], Found], ...] = (
    _one_date,
    _listed,
    _weeks,
    often,
    _in_months,
)
