"""Who is to be phoned: whom a message has not reached, and whom none was sent to."""

from dataclasses import dataclass, field
from datetime import datetime

from accueil.house.sites import Site, every_site
from accueil.messages import phoning, providers
from accueil.messages.contacts import About
from accueil.messages.phoning import Missed
from accueil.planning import appointments
from accueil.planning.appointments import Appointment, appointment
from accueil.planning.contact import read_phone
from accueil.reception import visits
from accueil.reception.visits import Visit
from blueprints import web


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to phone about `held` or about `visit`, and where; `missed` are the messages that
    did not reach them, if any was sent."""

    about: About
    place: Site
    at: datetime
    held: Appointment | None
    visit: Visit | None
    phone: str | None
    email: str | None
    missed: list[Missed] = field(default_factory=list)


def to_phone() -> list[Person]:
    """Everybody who is to be phoned, by hour: those who wait here first."""
    found: dict[str, Person] = {}
    for each in phoning.missed(web.db(), web.now()):
        person = found.setdefault(each.about.id, _person(each.about, each))
        person.missed.append(each)
    coming = phoning.on_their_way(web.db(), providers.ways())
    for place in every_site(web.db()):
        for held in appointments.to_tell(web.db(), place.id, web.now()):
            if held.id not in found and held.id not in coming:
                about = About("appointment", held.id, held.site_id)
                found[held.id] = _person(about, None)
    return sorted(found.values(), key=lambda person: (person.visit is None, person.at))


def sent() -> list[tuple[Person, Missed]]:
    """What was sent today, and may not have arrived, the last first."""
    found = [
        each
        for place in every_site(web.db())
        for each in phoning.sent_today(web.db(), place, web.now())
    ]
    return [(_person(each.about, each), each) for each in found]


def _person(about: About, missed: Missed | None) -> Person:
    place = next(each for each in every_site(web.db()) if each.id == about.site_id)
    phone = email = None
    if missed and missed.way == "sms":
        phone = read_phone(missed.address)
    elif missed:
        email = missed.address
    if about.what == "visit":
        visit = visits.visit(web.db(), about.id)
        return Person(about, place, visit.arrived_at, None, visit, phone, email)
    held = appointment(web.db(), about.id)
    return Person(about, place, held.starts_at, held, None, held.phone or phone, email)
