"""Appointments of this very Monday, and what a scanner makes of their squares."""

from datetime import datetime

from accueil.planning import booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.planning.slots import DESK
from accueil.reception import queue
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MISSION_LOCALE, paris
from tests.web.browser import Answer, Browser
from tests.web.kiosk import ARRIVE
from tests.web.page import Page

EARLY_MORNING = paris(2026, 11, 23, 7, 0)
# What a French keyboard makes of the keys that a scanner presses, set for an American one.
ON_AZERTY = str.maketrans("1234567890/:.-QWAZM", "&é\"'(-è_çà!M:)AZQW?")


def today(hour: int, minute: int = 0) -> datetime:
    return paris(2026, 11, 23, hour, minute)


def book(
    db: Db, starts_at: datetime, service: str = MISSION_LOCALE, **wish: str
) -> tuple[str, Appointment]:
    """Somebody has an appointment at this hour: their code, and the appointment."""
    code = new_code()
    free = slots.free(db, service, EARLY_MORNING, asker=DESK, number=200)
    slot = next(each for each in free if each.starts_at == starts_at)
    known = {"channel": "desk", "language": "fr", **wish}
    wanted = Wish(slot_id=slot.id, code=code, **known)
    return code, booking.book(db, wanted, DESK, "an agent", EARLY_MORNING)


def address(code: str) -> str:
    """What the square of an appointment holds."""
    return f"HTTPS://ACCUEIL.EXAMPLE/R/{code}"


def scan(kiosk: Browser, typed: str, **fields: str) -> Answer:
    """A scanner types on the kiosk's screen."""
    return kiosk.post(ARRIVE, {"typed": typed, **fields})


def turn_of(db: Db, held: Appointment) -> queue.Entry:
    """The turn of an appointment that was checked in."""
    [row] = db.all("SELECT id FROM queue_entry WHERE appointment_id = :id", id=held.id)
    return queue.entry(db, row["id"])


def heading(page: Page) -> str:
    return page.one("h1").text


def visits_of(db: Db) -> int:
    return len(db.all("SELECT id FROM visit"))


def words(page: Page) -> str:
    return page.one("main").text
