"""People who asked to be told, and what the outbox holds for them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accueil.messages import contacts
from accueil.messages.contacts import About, Contact
from accueil.messages.filling import fill
from accueil.messages.outbox import Message, Outcome, message
from accueil.messages.reach import Kind, read_reach
from accueil.messages.sending import Leaving, drain
from accueil.planning.appointments import Appointment
from accueil.reception.visits import Visit
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.bookings import book

WAYS: frozenset[Kind] = frozenset({"email", "sms"})
MOBILE, MAIL = "06 18 42 04 84", "moussa@example.org"
SOON = MONDAY + timedelta(seconds=20)


def of(held: Appointment) -> About:
    return About("appointment", held.id, held.site_id)


def of_visit(visit: Visit) -> About:
    return About("visit", visit.id, visit.site_id)


def ask(
    db: Db, about: About, where: str = MOBILE, language: str = "fr", at: datetime = MONDAY
) -> Contact:
    return contacts.consent(db, about, read_reach(where), language, "visitor", at)


def told(db: Db, where: str = MOBILE, **wish: object) -> Appointment:
    """Somebody is booked (on Thursday the 26th, at 14:00) and asked to be told."""
    held = book(db, **wish)
    ask(db, of(held), where, held.language)
    return held


def every(db: Db) -> list[Message]:
    return [message(row) for row in db.all("SELECT * FROM message ORDER BY id")]


def kinds(db: Db, *states: str) -> list[str]:
    """What is in the outbox, in these states, or whichever."""
    return [each.kind for each in every(db) if not states or each.state in states]


def answering(*outcomes: Outcome) -> Callable[[Leaving], Outcome]:
    """A provider that answers so, one message after the other, and then takes them all."""
    left = list(outcomes)
    return lambda _leaving: left.pop(0) if left else "accepted"


def send(db: Db, at: datetime, *outcomes: Outcome) -> list[str]:
    """Fill the outbox and empty it; what was asked of the provider."""
    asked: list[str] = []
    answer = answering(*outcomes)

    def provider(leaving: Leaving) -> Outcome:
        asked.append(leaving.message.kind)
        return answer(leaving)

    fill(db, at)
    drain(db, WAYS, lambda: at, provider)
    return asked
