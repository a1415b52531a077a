"""What may be done to one date of a permanence, or to those of a period, read from its form."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accueil.house import accounts
from accueil.house.accounts import Account
from accueil.house.services import services_by_id
from accueil.house.sites import Room, Site, rooms, site
from accueil.planning import exceptions, plans
from accueil.planning.changes import Planned
from accueil.planning.permanences import Occurrence
from accueil.planning.rooms import free_rooms
from accueil.store.db import Db
from blueprints.typed import Typed

LONGEST_PERIOD = timedelta(days=396)
PERIOD_ACTIONS = ("absent", "host", "room")


@dataclass(frozen=True, slots=True)
class Period:
    """From one instant to another, as hours of the wall or as whole days."""

    start: datetime
    end: datetime


def change(
    db: Db, action: str, occurrence: Occurrence, typed: Typed, at: datetime
) -> Planned | None:
    """What the form of one `ACTIONS` asks of a date; None when a field is in trouble."""
    return ACTIONS[action](db, occurrence, typed, at)


def hosts(db: Db, service_id: str) -> list[Account]:
    """Who may receive for a service: the accounts of its organisation."""
    owner = services_by_id(db)[service_id].organisation.id
    return [each for each in accounts.accounts(db) if each.organisation_id == owner]


def room_choices(db: Db, occurrence: Occurrence) -> list[tuple[Room, bool]]:
    """The rooms of the site, those that are free at these hours first, with whether they are."""
    free = free_rooms(
        db, occurrence.site_id, occurrence.starts_at, occurrence.ends_at, occurrence.id
    )
    ids = {room.id for room in free}
    return [(room, True) for room in free] + [
        (room, False) for room in rooms(db, occurrence.site_id) if room.id not in ids
    ]


def period(typed: Typed, place: Site) -> Period | None:
    """From a day to another; without hours, from the first's morning to the last's night."""
    first, last = typed.day("first"), typed.day("last")
    start, end = typed.clock("start"), typed.clock("end")
    for name, value in (("first", first), ("last", last)):
        if value is None:
            typed.trouble(name, "missing")
    if first is None or last is None or typed.troubles:
        return None
    if last < first:
        typed.trouble("last", "after-first")
        return None
    if last - first > LONGEST_PERIOD:
        typed.trouble("last", "far")
        return None
    begin = place.instant(first, start or time.min)
    finish = place.instant(last, end) if end else place.instant(last + timedelta(days=1), time.min)
    if finish <= begin:
        typed.trouble("end", "end-after-start")
        return None
    return Period(begin, finish)


def period_change(
    db: Db, ids: list[str], span: Period, typed: Typed, service_ids: Iterable[str], at: datetime
) -> Planned | None:
    """What the form of a period asks of its dates."""
    match typed.one_of("what", PERIOD_ACTIONS) or typed.troubles.get("what", "absent"):
        case "host":
            known = ({each.id for each in hosts(db, one)} for one in service_ids)
            host_id = typed.one_of("host", set.intersection(*known))
            if host_id is None:
                typed.trouble("host", "missing")
                return None
            return plans.with_host(ids, host_id, at)
        case "room":
            room_id = typed.text("room")
            if not room_id:
                typed.trouble("room", "missing")
                return None
            return plans.in_room(ids, room_id, at)
        case "absent":
            return plans.absent(ids, [(span.start, span.end)], at)
    return None


def _cancel(_db: Db, occurrence: Occurrence, _typed: Typed, at: datetime) -> Planned:
    return plans.cancelling([occurrence.id], at)


def _restore(_db: Db, occurrence: Occurrence, _typed: Typed, at: datetime) -> Planned:
    return plans.restoring(occurrence.id, at)


def _reschedule(db: Db, occurrence: Occurrence, typed: Typed, at: datetime) -> Planned | None:
    """Another day or other hours; in another room as well when one is named."""
    day, start, end = typed.day("day"), typed.clock("start"), typed.clock("end")
    room_id = typed.one_of("room", {room.id for room in rooms(db, occurrence.site_id)})
    for name, value in (("day", day), ("start", start), ("end", end)):
        if value is None:
            typed.trouble(name, "missing")
    if day is None or start is None or end is None or typed.troubles:
        return None
    if not timedelta(days=-1) <= day - at.date() <= LONGEST_PERIOD:
        typed.trouble("day", "far")
        return None
    moved = plans.rescheduling(occurrence.id, day, start, end, at)
    if room_id is None:
        return moved
    away = plans.in_room([occurrence.id], None, at)
    return _together(moved, away.act, moved.act, plans.in_room([occurrence.id], room_id, at).act)


def _room(db: Db, occurrence: Occurrence, typed: Typed, at: datetime) -> Planned | None:
    room_id = typed.one_of("room", {room.id for room in rooms(db, occurrence.site_id)})
    return None if typed.troubles else plans.in_room([occurrence.id], room_id, at)


def _host(db: Db, occurrence: Occurrence, typed: Typed, at: datetime) -> Planned | None:
    host_id = typed.one_of("host", {each.id for each in hosts(db, occurrence.service_id)})
    return None if typed.troubles else plans.with_host([occurrence.id], host_id, at)


def _absence(db: Db, occurrence: Occurrence, typed: Typed, at: datetime) -> Planned | None:
    """Nobody receives for a part of it."""
    start, end = typed.clock("start"), typed.clock("end")
    for name, value in (("start", start), ("end", end)):
        if value is None:
            typed.trouble(name, "missing")
    if start is None or end is None or typed.troubles:
        return None
    place = site(db, occurrence.site_id)
    span = place.instant(occurrence.day, start), place.instant(occurrence.day, end)
    if span[0] >= span[1]:
        typed.trouble("end", "end-after-start")
    elif span[0] >= occurrence.ends_at or span[1] <= occurrence.starts_at:
        typed.trouble("start", "outside")
    return None if typed.troubles else plans.absent([occurrence.id], [span], at)


def _together(named: Planned, *acts: Callable[[Db], object]) -> Planned:
    """Several acts as one change."""

    def act(db: Db) -> None:
        for each in acts:
            each(db)

    return Planned(named.verb, named.scope, act)


ACTIONS: dict[str, Callable[[Db, Occurrence, Typed, datetime], Planned | None]] = {
    "annuler": _cancel,
    "horaires": _reschedule,
    "bureau": _room,
    "professionnel": _host,
    "absence": _absence,
    "retablir": _restore,
}


def in_period(db: Db, permanence_ids: Iterable[str], span: Period, at: datetime) -> list[str]:
    """The dates of these permanences that a period touches and that have not begun."""
    return exceptions.ahead_of(db, permanence_ids, span.start, span.end, at)
