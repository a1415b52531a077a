"""A permanence tried before it is kept: its next dates, whom it touches, what stands in its way.

The change is made and taken back: what is shown is what would happen.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from accueil.house.sites import Room, Site, site
from accueil.planning import agenda, hours
from accueil.planning.agenda import Entry
from accueil.planning.changes import Affected, Planned, impact
from accueil.planning.closures import closed_days
from accueil.planning.horizon import AHEAD
from accueil.planning.recurrence import BadRule, days
from accueil.planning.rooms import RoomTaken, free_rooms
from accueil.planning.series import BadPermanence, Permanence
from accueil.store.db import Db

DATES_SHOWN = 6
DATES_COMPARED = 12  # a room is proposed that is free on so many of the next dates
# Which field of the form is in trouble, where the domain has another name for it.
_FIELDS = {
    "times": "start1",
    "breaks": "break_end1",
    "rrule": "repeat",
    "said": "phrase",
    "first_day": "first",
    "last_day": "last",
}


@dataclass(frozen=True, slots=True)
class Closed:
    """A day of the rule on which it is not held."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """`entries` are the next dates as they would be, `closed` the days left out before the last
    of them; `taken` says which room is not free, `free` which rooms are at all these hours,
    `skipped` a day when a clock change leaves an hour out; `troubles` are by field."""

    entries: tuple[Entry, ...] = ()
    closed: tuple[Closed, ...] = ()
    affected: tuple[Affected, ...] = ()
    taken: RoomTaken | None = None
    skipped: date | None = None
    free: tuple[Room, ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()

    def stands(self) -> bool:
        """Whether it can be kept."""
        return not (self.taken or self.skipped or self.troubles)


def trial(db: Db, wanted: Permanence, planned: Planned, at: datetime) -> Trial:
    """What `planned`, which makes the planning follow `wanted`, would do at the instant `at`."""
    place = site(db, wanted.site_id)
    try:
        skipped = _skipped(wanted, place, at)
        found = _tried(db, wanted, planned, at)
    except BadPermanence as error:
        field = _FIELDS.get(error.field, error.field)
        return Trial(troubles=((field, error.expected),))
    except BadRule:
        return Trial(troubles=(("repeat", "never"),))
    except RoomTaken as error:
        return Trial(taken=error, free=_free(db, wanted, place, at))
    if not found.entries:
        return Trial(troubles=(("repeat", "none-ahead"),))
    free = () if wanted.room_id else _free(db, wanted, place, at)
    return replace(found, skipped=skipped, free=free)


def _tried(db: Db, wanted: Permanence, planned: Planned, at: datetime) -> Trial:
    entries: list[Entry] = []

    def act(db: Db) -> None:
        planned.act(db)
        held = {wanted.id, *planned.scope.permanences}
        ahead = [each for one in held for each in agenda.next_of(db, one, at, 2 * DATES_SHOWN)]
        since = [each for each in ahead if each.occurrence.day >= wanted.first_day]
        entries.extend(sorted(since, key=lambda each: each.occurrence.starts_at))

    affected = impact(db, Planned(planned.verb, planned.scope, act), at)
    kept = [each for each in entries if each.occurrence.status == "scheduled"][:DATES_SHOWN]
    return Trial(tuple(kept), _closed(db, wanted, kept, at), tuple(affected))


def _closed(db: Db, wanted: Permanence, kept: list[Entry], at: datetime) -> tuple[Closed, ...]:
    """The days of the rule, before the last date shown, when the house is closed."""
    if not kept:
        return ()
    start, end = max(at.date(), wanted.first_day), kept[-1].occurrence.day
    closed = closed_days(db, start, end)
    found = []
    for day in days(wanted.rrule, wanted.first_day, start, end):
        reason = closed.reason(day, wanted.site_id, wanted.closed_on)
        if reason:
            found.append(Closed(day, reason))
    return tuple(found)


def _skipped(wanted: Permanence, place: Site, at: datetime) -> date | None:
    """The first day of the rule when one of its hours does not exist."""
    start = max(place.day(at), wanted.first_day)
    pairs = hours.from_text(hours.to_text(wanted.times))
    for day in days(wanted.rrule, wanted.first_day, start, start + AHEAD):
        if any(hours.skipped(place, day, clock) for pair in pairs for clock in pair):
            return day
    return None


def _free(db: Db, wanted: Permanence, place: Site, at: datetime) -> tuple[Room, ...]:
    """The rooms that are free on all the next dates, at all these hours."""
    start = max(place.day(at) + timedelta(days=1), wanted.first_day)
    coming = islice(days(wanted.rrule, wanted.first_day, start, start + AHEAD), DATES_COMPARED)
    pairs = hours.to_text(wanted.times)
    spans = [span for day in coming for span in hours.on_day(pairs, place, day)]
    free = [free_rooms(db, place.id, begin, end) for begin, end in spans]
    always = set.intersection(*({room.id for room in rooms} for rooms in free)) if free else set()
    return tuple(room for room in free[0] if room.id in always) if free else ()
