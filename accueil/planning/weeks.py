"""The planning laid out: the rows and columns of a week, the weeks of a month.

Data in, data out; only `days` reads the closures.
"""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accueil.house.services import Organisation, Service
from accueil.house.sites import Room
from accueil.planning.agenda import Entry
from accueil.planning.closures import EVERYWHERE, closed_days
from accueil.planning.series import Permanence
from accueil.store.db import Db

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Services = Mapping[str, Service]


@dataclass(frozen=True, slots=True)
class Day:
    """A day, with why everything is closed, or else why some permanences are not held."""

    date: date
    today: bool
    closed: str | None
    partly: str | None


Held = tuple[Day, list[Entry]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the week: a room, or a partner with its tone, and its entries of each day.

    `name` is None for what is held in no room.
    """

    name: str | None
    tone: str | None
    cells: tuple[tuple[Entry, ...], ...]


def columns(monday: date, entries: Iterable[Entry]) -> list[date]:
    """The days of a week that are shown: Saturday and Sunday when something is there."""
    held = {each.occurrence.day for each in entries}
    week = [monday + DAY * number for number in range(7)]
    return [day for day in week if day.weekday() < 5 or day in held]


def days(
    db: Db,
    shown: Sequence[date],
    today: date,
    site_ids: Collection[str],
    rules: Iterable[Permanence],
) -> list[Day]:
    """These days at these sites, with what is closed there for permanences of these rules."""
    closed = closed_days(db, shown[0], shown[-1])
    kept = frozenset(word for each in rules for word in each.closed_on)

    def reasons(day: date, closed_on: frozenset[str]) -> list[str | None]:
        return [closed.reason(day, site_id, closed_on) for site_id in site_ids]

    found = []
    for day in shown:
        everywhere = reasons(day, EVERYWHERE)
        why = next(iter(everywhere), None) if all(everywhere) else None
        partly = next(filter(None, reasons(day, kept | EVERYWHERE)), None)
        found.append(Day(day, day == today, why, None if why else partly))
    return found


def by_room(rooms: Iterable[Room], entries: Sequence[Entry], shown: Sequence[Day]) -> list[Line]:
    """Every room, then what is held in none, or in one that is no longer in use."""
    heads: dict[str | None, Line] = {each.id: Line(each.name, None, ()) for each in rooms}
    for entry in entries:
        heads.setdefault(entry.occurrence.room_id, Line(entry.occurrence.room, None, ()))
    return _filled(heads, lambda entry: entry.occurrence.room_id, entries, shown)


def by_partner(names: Services, entries: Sequence[Entry], shown: Sequence[Day]) -> list[Line]:
    """Each partner who comes, in the order of the house."""
    heads: dict[str | None, Line] = {
        partner.id: Line(partner.name, partner.colour, ()) for partner in partners(names, entries)
    }
    return _filled(
        heads, lambda entry: names[entry.occurrence.service_id].organisation.id, entries, shown
    )


def partners(names: Services, entries: Iterable[Entry]) -> dict[Organisation, list[str]]:
    """Who comes, in the order of the house, with the names of the services they come for."""
    here = {each.occurrence.service_id for each in entries}
    found: dict[Organisation, list[str]] = defaultdict(list)
    for service in names.values():
        if service.id in here:
            found[service.organisation].append(service.name)
    return found


def of_day(entries: Iterable[Entry], day: date) -> list[list[Entry]]:
    """One day's entries, those of one service in one room received in one way together."""
    found: dict[tuple[str, str | None, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        held = entry.occurrence
        if held.day == day:
            found[held.service_id, held.room_id, held.mode].append(entry)
    return list(found.values())


def weeks(shown: Sequence[Day], entries: Iterable[Entry]) -> list[list[Held | None]]:
    """The days of a month from Monday to Sunday; None for those of other months."""
    held = {day.date: (day, found) for day, found in _held(shown, entries)}
    first = shown[0].date
    return [
        [held.get(day) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]


def runs(shown: Sequence[Day], entries: Iterable[Entry]) -> list[tuple[Day, date, list[Entry]]]:
    """The days of a month where something is said, each with the last of those that follow it
    closed for the same reason."""
    found: list[tuple[Day, date, list[Entry]]] = []
    for day, here in _held(shown, entries):
        if not here and not day.closed:
            continue
        if not here and found:
            first, last, before = found[-1]
            if not before and first.closed == day.closed and last + DAY == day.date:
                found[-1] = (first, day.date, [])
                continue
        found.append((day, day.date, here))
    return found


def _held(shown: Iterable[Day], entries: Iterable[Entry]) -> list[Held]:
    found: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.occurrence.day].append(entry)
    return [(day, found[day.date]) for day in shown]


def _filled(
    heads: Mapping[str | None, Line],
    row: Callable[[Entry], str | None],
    entries: Iterable[Entry],
    shown: Sequence[Day],
) -> list[Line]:
    cells = defaultdict(list)
    for entry in entries:
        cells[row(entry), entry.occurrence.day].append(entry)
    return [
        Line(head.name, head.tone, tuple(tuple(cells[key, day.date]) for day in shown))
        for key, head in heads.items()
    ]
