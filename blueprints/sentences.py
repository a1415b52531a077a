"""Sentences: a rule with its hours, said back in the language of the request.

Each message is a phrase of its own, so that another language can turn it as it must.
"""

import re
from collections.abc import Iterable
from datetime import date

import flask_babel
from babel.dates import get_day_names, get_month_names
from babel.lists import format_list

from accueil.house.text import Mode
from accueil.planning.recurrence import Rule
from blueprints.dates import dated

Times = Iterable[tuple[str, str | None]]
_INSIDE_AN_HOUR = re.compile(r"(?<=\d) (?=h\b)|(?<=\d h) (?=\d)")
_visitor = flask_babel.Domain(domain="visitor")


def sentence(
    rule: Rule | None,
    times: Times,
    mode: Mode | None,
    first: date | None = None,
    not_on: frozenset[str] = frozenset(),
) -> str:
    """When, at what hours and how people are received: "un jeudi sur deux, à partir de 14 h".

    An hour does not break across lines: its spaces are no-break spaces.
    """
    parts = [_days(rule, first), _hours(list(times)), *_limits(rule, first, not_on)]
    if mode:
        parts.append(_mode(mode))
    said = parts[0]
    for part in parts[1:]:
        said = _("%(sentence)s, %(more)s", sentence=said, more=part)
    return _INSIDE_AN_HOUR.sub("\N{NO-BREAK SPACE}", said)


def _(message: str, **values: object) -> str:
    return str(_visitor.gettext(message, **values))


def _days(rule: Rule | None, first: date | None) -> str:
    if rule is None:
        return _("jour à préciser")
    if rule.count == 1 and first:
        return _("le %(day)s", day=_full_date(first))
    speakers = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
    said = speakers[rule.frequency](rule)
    if rule.months and not (rule.frequency == "YEARLY" and rule.month_days):
        return _("%(days)s, en %(months)s", days=said, months=_months(rule.months))
    return said


def _daily(rule: Rule) -> str:
    if rule.interval == 1 and rule.weekdays and not rule.month_days:
        return _each(rule.weekdays)
    if rule.interval > 1:
        every = _("tous les %(number)s jours", number=rule.interval)
    else:
        every = _("tous les jours")
    if rule.weekdays:
        return _("%(every)s, le %(weekdays)s", every=every, weekdays=_these(rule.weekdays))
    if rule.month_days:
        return _("%(sentence)s, %(more)s", sentence=every, more=_month_days(rule.month_days))
    return every


def _weekly(rule: Rule) -> str:
    if rule.interval == 1:
        return _each(rule.weekdays) if rule.weekdays else _("toutes les semaines")
    if not rule.weekdays:
        return _("toutes les %(number)s semaines", number=rule.interval)
    if rule.interval == 2 and len(rule.weekdays) == 1:
        return _("un %(weekday)s sur deux", weekday=_weekdays(rule.weekdays))
    return _(
        "toutes les %(number)s semaines, le %(weekdays)s",
        number=rule.interval,
        weekdays=_these(rule.weekdays),
    )


def _monthly(rule: Rule) -> str:
    days = _days_of_period(rule)
    if not days:
        if rule.interval == 1:
            return _("tous les mois")
        return _("tous les %(number)s mois", number=rule.interval)
    if rule.interval == 1:
        return days
    return _("tous les %(number)s mois, %(days)s", number=rule.interval, days=days)


def _yearly(rule: Rule) -> str:
    days = _days_of_year(rule)
    if not days:
        if rule.interval == 1:
            return _("tous les ans")
        return _("tous les %(number)s ans", number=rule.interval)
    if rule.interval == 1:
        return days
    return _("tous les %(number)s ans, %(days)s", number=rule.interval, days=days)


def _days_of_year(rule: Rule) -> str:
    if rule.week_numbers:
        return _in_weeks(rule)
    if rule.months and rule.month_days:
        dates = [_date(date(2000, month, day)) for month, day in _dates(rule)]
        if len(dates) == len(rule.months) * len(rule.month_days):
            return _("chaque année, le %(dates)s", dates=_list(dates))
    if rule.nth and not rule.months:
        ranked = [_ranked_in_year(position, weekday) for position, weekday in rule.nth]
        return _list(ranked)
    return _days_of_period(rule)


def _dates(rule: Rule) -> list[tuple[int, int]]:
    """The (month, day) pairs of a year that has them all."""
    most = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return [
        (month, day)
        for month in rule.months
        for day in rule.month_days
        if 1 <= day <= most[month - 1]
    ]


def _in_weeks(rule: Rule) -> str:
    days = _each(rule.weekdays) if rule.weekdays else _("toute la semaine")
    numbers = set(rule.week_numbers)
    if numbers == set(range(2, 53, 2)):
        return _("%(days)s, les semaines paires", days=days)
    if numbers == set(range(1, 54, 2)):
        return _("%(days)s, les semaines impaires", days=days)
    listed = _list(str(number) for number in rule.week_numbers)
    return _("%(days)s, les semaines numéro %(numbers)s", days=days, numbers=listed)


def _days_of_period(rule: Rule) -> str:
    """The days of a month; "" when the rule names none."""
    if rule.positions and len(rule.weekdays) == 1 and not rule.month_days:
        return _ranked(rule.positions, rule.weekdays)
    days = ""
    if rule.nth:
        days = _list(_ranked(positions, weekdays) for positions, weekdays in _grouped(rule.nth))
    elif rule.weekdays:
        days = _each(rule.weekdays)
    if rule.month_days:
        dated = _month_days(rule.month_days)
        days = _("%(days)s, si c’est %(dates)s", days=days, dates=dated) if days else dated
    if rule.positions and days:
        chosen = _list(_position(position) for position in rule.positions)
        return _("%(positions)s de ces jours du mois : %(days)s", positions=chosen, days=days)
    return days


def _grouped(nth: Iterable[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """Positions with their weekdays: those that share positions together."""
    by_weekday: dict[int, list[int]] = {}
    for position, weekday in nth:
        by_weekday.setdefault(weekday, []).append(position)
    groups: dict[tuple[int, ...], list[int]] = {}
    for weekday, positions in by_weekday.items():
        groups.setdefault(tuple(positions), []).append(weekday)
    return [(list(positions), weekdays) for positions, weekdays in groups.items()]


def _ranked(positions: Iterable[int], weekdays: Iterable[int]) -> str:
    chosen = _list(_position(position) for position in positions)
    return _("%(positions)s %(weekday)s du mois", positions=chosen, weekday=_weekdays(weekdays))


def _ranked_in_year(position: int, weekday: int) -> str:
    named = _weekdays([weekday])
    if position < 0:
        return _(
            "le %(weekday)s numéro %(number)s de l’année, depuis la fin",
            weekday=named,
            number=-position,
        )
    return _("le %(weekday)s numéro %(number)s de l’année", weekday=named, number=position)


def _position(position: int) -> str:
    names = {
        1: _("le 1er"),
        2: _("le 2e"),
        3: _("le 3e"),
        4: _("le 4e"),
        5: _("le 5e"),
        -1: _("le dernier"),
        -2: _("l’avant-dernier"),
    }
    if position in names:
        return names[position]
    if position < 0:
        return _("le numéro %(number)s depuis la fin", number=-position)
    return _("le numéro %(number)s", number=position)


def _month_days(days: Iterable[int]) -> str:
    names = [_month_day(day) for day in days]
    return _("%(days)s du mois", days=_list(names))


def _month_day(day: int) -> str:
    if day == 1:
        return _("le 1er")
    if day == -1:
        return _("le dernier jour")
    if day < 0:
        return _("le %(number)s, en comptant depuis la fin,", number=-day)
    return _("le %(number)s", number=day)


def _each(weekdays: tuple[int, ...]) -> str:
    if len(weekdays) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        names = get_day_names("wide", locale=_locale())
        return _("du %(first)s au %(last)s", first=names[weekdays[0]], last=names[weekdays[-1]])
    return _("le %(weekdays)s", weekdays=_these(weekdays))


def _hours(times: list[tuple[str, str | None]]) -> str:
    if not times:
        return _("heures à préciser")
    return _list(
        _("de %(start)s à %(end)s", start=_clock(start), end=_clock(end))
        if end
        else _("à partir de %(start)s", start=_clock(start))
        for start, end in times
    )


def _clock(text: str) -> str:
    hour, minute = text.split(":")
    if minute == "00":
        return _("%(hour)s h", hour=int(hour))
    return _("%(hour)s h %(minute)s", hour=int(hour), minute=minute)


def _limits(rule: Rule | None, first: date | None, not_on: frozenset[str]) -> list[str]:
    """From when, until when, how many times, and when not."""
    parts = []
    single = rule is not None and rule.count == 1
    if first and not single:
        parts.append(_("à partir du %(day)s", day=_full_date(first)))
    if rule and rule.until:
        parts.append(_("jusqu’au %(day)s", day=_full_date(rule.until)))
    if rule and rule.count is not None and not single:
        parts.append(_("nombre de séances : %(number)s", number=rule.count))
    if "public" in not_on:
        parts.append(_("sauf les jours fériés"))
    if "school" in not_on:
        parts.append(_("hors vacances scolaires"))
    return parts


def _mode(mode: Mode) -> str:
    names = {
        "walk_in": _("sans rendez-vous"),
        "appointment": _("sur rendez-vous"),
        "both": _("avec ou sans rendez-vous"),
        "collective": _("réunion collective"),
        "partners_only": _("entre professionnels"),
    }
    return names[mode]


def _these(days: Iterable[int]) -> str:
    """Weekdays after an article, which French repeats: lundi et le mardi."""
    names = get_day_names("wide", locale=_locale())
    article = "le " if _locale() == "fr" else ""
    return _list(f"{article if rank else ''}{names[day]}" for rank, day in enumerate(days))


def _weekdays(days: Iterable[int]) -> str:
    names = get_day_names("wide", locale=_locale())
    return _list(names[day] for day in days)


def _months(months: Iterable[int]) -> str:
    names = get_month_names("wide", locale=_locale())
    return _list(names[month] for month in months)


def _date(day: date) -> str:
    return dated(day, "date", _locale())


def _full_date(day: date) -> str:
    return dated(day, "full", _locale())


def _list(items: Iterable[str]) -> str:
    return str(format_list(list(items), locale=_locale()))


def _locale() -> str:
    locale = flask_babel.get_locale()
    return str(locale.language) if locale else "fr"
