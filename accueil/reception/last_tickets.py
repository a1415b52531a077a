"""Last tickets: no more of them than the hours of a permanence can hold, as its measures say; as
long as there are none, as long as its slots are planned to last."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from accueil.house.sites import Site
from accueil.planning.permanences import Occurrence, of_day
from accueil.reception import queue, waits
from accueil.reception.standing import Standing, line_of
from accueil.reception.waiting import Range, fits, wait_range
from accueil.store.db import Db


@dataclass(frozen=True, slots=True)
class Outlook:
    """What somebody who walked in now would find: a `wait`, if it can be said; or that those who
    wait fill the hours that are left."""

    wait: Range | None
    full: bool


def last_ticket(db: Db, service_id: str, place: Site, at: datetime) -> bool:
    """Whether those who wait for a service fill what is left of its permanence; never without
    measures nor planned slots, and never of the shared desk, which sends nobody away."""
    return fills(db, waits.standing(db, service_id, place, at), service_id, place)


def fills(db: Db, seen: Standing, service_id: str, place: Site) -> bool:
    """The same of a line that was seen."""
    if _is_desk(db, service_id):
        return False
    if service_id in seen.paces:
        return is_full(seen, service_id)
    return _is_booked_up(db, service_id, place, seen.at)


def outlook(db: Db, service_id: str, place: Site, at: datetime) -> Outlook:
    """The wait for a service, and whether its last ticket is given."""
    seen = waits.standing(db, service_id, place, at)
    found = line_of(seen, service_id)
    return Outlook(wait_range(found) if found else None, fills(db, seen, service_id, place))


def is_full(seen: Standing, service_id: str) -> bool:
    """Whether whoever took a ticket now would not be called before the permanence under way
    ends."""
    under_way = [each for each in seen.occurrences if each.is_on(seen.at)]
    own = [each for each in under_way if each.service_id == service_id]
    if not own:
        return False
    ends = max(each.ends_at for each in own)
    until = [replace(each, ends_at=min(each.ends_at, ends)) for each in under_way]
    found = line_of(replace(seen, occurrences=until), service_id)
    return found is not None and fits(found) is False


def _is_booked_up(db: Db, service_id: str, place: Site, at: datetime) -> bool:
    """Whether those who wait would take the time left, at a slot each."""
    today = of_day(db, place.id, at)
    own = [each for each in today if each.service_id == service_id and each.is_on(at)]
    slots = [slot for slot in (_slot(db, each) for each in own) if slot]
    if not slots:
        return False
    waiting = queue.people_waiting(db, service_id, place.id, place.day(at).isoformat())
    return waiting * min(slots) >= sum((each.ends_at - at for each in own), timedelta())


def _slot(db: Db, occurrence: Occurrence) -> timedelta | None:
    row = db.one("SELECT slot_minutes FROM permanence WHERE id = :id", id=occurrence.permanence_id)
    return timedelta(minutes=row["slot_minutes"]) if row and row["slot_minutes"] else None


def _is_desk(db: Db, service_id: str) -> bool:
    return bool(
        db.one("SELECT 1 AS yes FROM service WHERE id = :id AND reception = 1", id=service_id)
    )
