"""A desk and a partner, and what they do with a turn."""

from accueil.house.sites import site
from accueil.planning import booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.reception import queue
from accueil.reception.queue import Entry
from accueil.reception.visits import Visit
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, MISSION_LOCALE, paris
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock

FRIDAY = paris(2026, 11, 20, 9, 0)


def booked_today(
    db: Db, hour: int, minute: int = 0, *, service: str = MISSION_LOCALE, **wish: object
) -> tuple[Appointment, str]:
    """Somebody booked on Friday for this hour of Monday; the appointment, and its code."""
    code = new_code()
    wanted = paris(2026, 11, 23, hour, minute)
    free = slots.free(db, service, FRIDAY, asker=slots.DESK, number=100, site_id=BEARN)
    [slot] = [each for each in free if each.starts_at == wanted]
    known = {"channel": "desk", "language": "fr", **wish}
    held = booking.book(db, Wish(slot_id=slot.id, code=code, **known), slots.DESK, "x", FRIDAY)
    assert site(db, BEARN).day(held.starts_at).isoformat() == "2026-11-23"
    return held, code


def turns(db: Db, visit: Visit) -> list[tuple[str, str, str | None]]:
    """Where a visit stands: service, state, and what holds it, oldest first."""
    return [(each.service_id, each.state, each.hold) for each in queue.entries(db, visit.id)]


def newest(db: Db, visit: Visit) -> Entry:
    return queue.entries(db, visit.id)[-1]


def panel(agent: Browser, visit: Visit, tail: str = "") -> Answer:
    return agent.get(f"/accueil/visites/{visit.id}{tail}")


def hand_on(agent: Browser, visit: Visit, service: str, how: str | None = None) -> Answer:
    """Open somebody's panel, say how if it is not the usual way, touch a service."""
    page = panel(agent, visit, f"?comment={how}" if how else "").page
    return agent.press(page, f"/accueil/visites/{visit.id}/file", service=service)


def undo(browser: Browser) -> Answer:
    """Touch the way back, on the page where this browser works."""
    [form] = browser.get(browser.home).page.all("form", class_="undo")
    return browser.post(form["action"])


def undoing(browser: Browser) -> str:
    """What the way back says that it takes back."""
    [form] = browser.get(browser.home).page.all("form", class_="undo")
    return form.one("span", role="status").text


def wait(clock: Clock, browser: Browser, minutes: int) -> None:
    """Time passes, and somebody looks at the screen now and then: it does not lock itself."""
    for left in range(minutes, 0, -5):
        clock.pass_by(minutes=min(left, 5))
        browser.get(browser.home)


def chips(browser: Browser) -> list[str]:
    """The numbers of every line of the desk's day, in its order."""
    page = browser.get("/accueil/jour").page
    return [each.one("b").text for each in page.all("a", class_="chip")]
