"""The form of a permanence, as a browser fills and sends it; and people who have booked."""

from typing import Any

from accueil.planning import appointments, booking, series, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Answer, Browser
from tests.web.page import Node, Page

NEW = "/planning/permanences/nouvelle"
WEDNESDAYS = "parquet-mercredis"
PARQUET_BOOKED = "ecs-parquet-rdv"


def filled(page: Page) -> dict[str, Any]:
    """What the rule's form sends when nobody touches it: only what is ticked."""
    form = page.one(id="rule")
    sent: dict[str, Any] = {}
    for each in form.all("input"):
        if each.get("type") in ("radio", "checkbox") and each.get("checked") is None:
            continue
        sent.setdefault(each["name"], []).append(each.get("value") or "")
    for each in form.all("select"):
        options = each.all("option")
        chosen = [option for option in options if option.get("selected") is not None]
        sent[each["name"]] = [(chosen or options)[0]["value"]]
    sent["phrase"] = [form.one("textarea").text]
    return sent


def send(browser: Browser, page: Page, step: str = "check", **changed: Any) -> Answer:
    return browser.send(page.one(id="rule")["action"], filled(page) | {"step": step} | changed)


def read(browser: Browser, phrase: str) -> Answer:
    return send(browser, browser.get(NEW).page, phrase=phrase)


def asked(page: Page) -> list[str]:
    found = page.all("section", class_="card--asked")
    return [each.text for each in found[0].all("h3")] if found else []


def preview(page: Page) -> Node:
    return page.one(id="preview")


def problems(page: Page) -> list[str]:
    """What the page says is wrong beside its fields."""
    named = [each.get("id") or "" for each in page.all(class_="problem")]
    return [each.removeprefix("trouble-") for each in named if each]


def opened(db: Db) -> list[series.Permanence]:
    rows = db.all("SELECT id FROM permanence WHERE source = 'planning' ORDER BY id")
    return [series.permanence(db, row["id"]) for row in rows]


def booked(db: Db, name: str | None = "Amina", nth: int = 0) -> Appointment:
    """Somebody has one of the next slots with the Parquet."""
    free = slots.free(db, PARQUET_BOOKED, MONDAY, asker=slots.DESK, number=12)
    wish = Wish(free[nth].id, new_code(), "desk", "fr", name, "06 12 34 56 78")
    return booking.book(db, wish, slots.DESK, "an agent", MONDAY)


def now(db: Db, held: Appointment) -> Appointment:
    return appointments.appointment(db, held.id)
