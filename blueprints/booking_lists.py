"""What staff look at before they book: who can be booked, who is, who is to be told of a change,
who would come earlier. A partner sees only what is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Protocol, TypeVar

from accueil.house.services import Service, services, services_by_id
from accueil.house.sites import Site, every_site
from accueil.planning import appointments, booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.slots import FreeSlot
from blueprints import web
from blueprints.access import asker, me, my_services

MOST_EARLIER = 12
SOON, LATER = timedelta(days=2), timedelta(days=60)


class Dated(Protocol):
    """A free slot, or an appointment."""

    @property
    def site_id(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...


T = TypeVar("T", bound=Dated)


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that is booked: by whoever is at work, or at its own phone; its next slot."""

    service: Service
    mine: bool
    first: FreeSlot | None


def offers() -> list[Offer]:
    """Every service that takes appointments, whoever books them."""
    found = []
    for each in services(web.db()):
        if each.booking == "none":
            continue
        mine = booking.may_book(each, asker())
        first = slots.free(web.db(), each.id, web.now(), asker=asker(), number=1) if mine else []
        found.append(Offer(each, mine, next(iter(first), None)))
    return found


def places() -> dict[str, Site]:
    """Every site that ever was, by its id."""
    return {place.id: place for place in every_site(web.db())}


def by_day(found: Iterable[T]) -> list[tuple[date, list[T]]]:
    """What is in the order of time, a day after the other, each by the clock of its site."""
    known = places()
    days = groupby(found, key=lambda each: known[each.site_id].day(each.starts_at))
    return [(day, list(on_day)) for day, on_day in days]


def booked(wanted: Service | None, here: Site) -> list[Appointment]:
    """Who is booked with a service from today on; with anybody, today and tomorrow."""
    of = [each for each in watched() if wanted is None or each == wanted.id]
    today = here.instant(here.day(web.now()), time())
    return appointments.of_days(web.db(), of, today, today + (LATER if wanted else SOON))


def to_tell() -> list[Appointment]:
    """Who is to be told of a change, by hour."""
    mine = set(watched())
    found = [
        held
        for place in places()
        for held in appointments.to_tell(web.db(), place, web.now())
        if held.service_id in mine
    ]
    return sorted(found, key=lambda held: held.starts_at)


def could_come_earlier() -> list[tuple[Appointment, list[FreeSlot]]]:
    """Who asked to come earlier and now could, with the slots to propose."""
    found = [
        (held, appointments.earlier_slots(web.db(), held, web.now()))
        for service_id in watched()
        for held in appointments.wanting_earlier(web.db(), service_id, web.now())
    ]
    return [(held, sooner) for held, sooner in found if sooner][:MOST_EARLIER]


def watched() -> list[str]:
    """The services that whoever is at work looks after: a partner's own, or all for the desk."""
    if me().role == "partner":
        return [each.id for each in my_services()]
    return list(services_by_id(web.db()))
