"""Appointments of the demonstration house, and what it takes to have one."""

from dataclasses import replace

from accueil.planning import booking, plans, series, slots
from accueil.planning.appointments import Appointment, appointment
from accueil.planning.booking import Wish
from accueil.planning.changes import carry_out
from accueil.planning.slots import DESK, FreeSlot
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Answer, Browser
from tests.web.page import Page

SEARCH = "/rendez-vous"
WRITER, CRAMIF, MISSION = "ecs-nouvelles-voies", "ecs-cramif", "ecs-mission-locale"
MEETING, SOCIAL = "ecs-petite-enfance", "ecs-eds-as-accompagnement"
PHONE = "06 18 42 04 84"


def free(db: Db, service: str = WRITER, asker: str = DESK, number: int = 6) -> list[FreeSlot]:
    return slots.free(db, service, MONDAY, asker=asker, number=number)


def book(
    db: Db, slot: FreeSlot | None = None, *, code: str | None = None, **wish: object
) -> Appointment:
    """Somebody has an appointment: the writer's next one, unless told otherwise."""
    known = {"channel": "desk", "language": "fr", **wish}
    chosen = slot or free(db)[0]
    return booking.book(
        db, Wish(slot_id=chosen.id, code=code or new_code(), **known), DESK, "an agent", MONDAY
    )


def again(db: Db, held: Appointment) -> Appointment:
    """What has become of an appointment."""
    return appointment(db, held.id)


def every(db: Db) -> list[Appointment]:
    return [appointment(db, row["id"]) for row in db.all("SELECT id FROM appointment ORDER BY id")]


def edit(db: Db, permanence_id: str, **changes: object) -> None:
    """The planning of a permanence is changed, and whoever has booked is kept."""
    changed = replace(series.permanence(db, permanence_id), **changes)
    carry_out(db, plans.editing(changed, MONDAY), {}, "an agent", MONDAY)


def meeting_of(db: Db, places: int) -> None:
    """The house books the meeting about small children, so many places at once."""
    db.run("UPDATE service SET booking = 'house' WHERE id = :id", id=MEETING)
    edit(db, "petite-enfance-reunion", places=places)


def form(browser: Browser, slot: FreeSlot, **carried: str) -> Page:
    answer = browser.get(f"{SEARCH}/creneau/{slot.id}", query_string=carried)
    assert answer.status == 200
    return answer.page


def take(browser: Browser, slot: FreeSlot, **fill: str) -> Answer:
    """Choose a slot, fill the small form, confirm."""
    return browser.press(form(browser, slot), SEARCH, fill=fill)


def code_of(page: Page) -> str:
    """What the square of an appointment's paper holds."""
    return page.one("img", class_="square")["src"].split("/")[2]


def hours(page: Page) -> list[str]:
    """The hours of the slots on a page."""
    return [each.one("b").text for each in page.all(class_="slot")]
