"""From somebody at the desk to their appointment, and back to the day."""

from accueil.reception import visits
from accueil.store.db import Db
from tests.personae import PARQUET
from tests.web.bookings import CRAMIF, SEARCH, WRITER, every, free
from tests.web.browser import Browser
from tests.web.page import Node, Page
from tests.web.people import arrive


def link(page: Page, words: str) -> Node:
    [found] = [each for each in page.all("a") if each.text == words]
    return found


def test_an_answer_that_is_booked_leads_to_its_dates(agent: Browser) -> None:
    panel = agent.get("/accueil/nouveau/papiers").page
    found = {each["href"] for each in panel.all("a") if each.text == "Prendre rendez-vous"}
    assert found == {f"{SEARCH}?pour={WRITER}&besoin=papiers"}
    assert agent.get(found.pop()).page.all(class_="slot")


def test_an_answer_booked_by_phone_is_noted(agent: Browser) -> None:
    panel = agent.get("/accueil/nouveau/sante").page
    assert f"pour={CRAMIF}" in link(panel, "Noter le rendez-vous")["href"]


def test_a_visit_is_closed_once_its_appointment_is_made(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    panel = agent.get(f"/accueil/visites/{visit.id}").page
    page = agent.get(link(panel, "Prendre un rendez-vous")["href"]).page
    [offer] = [each for each in page.all("a", class_="offer") if WRITER in each["href"]]
    slot = agent.get(offer["href"]).page.all("a", class_="slot")[0]
    given = agent.press(agent.get(slot["href"]).page, SEARCH).page
    assert visits.visit(db, visit.id).outcome is None
    agent.press(given, f"/accueil/visites/{visit.id}/clore/appointment")
    assert visits.visit(db, visit.id).outcome == "appointment"


def test_somebody_who_only_came_to_book_is_counted(db: Db, agent: Browser) -> None:
    slot = free(db)[0]
    page = agent.get(f"{SEARCH}/creneau/{slot.id}?besoin=papiers").page
    given = agent.press(page, SEARCH, fill={"visitor_language": "ar"}).page
    assert agent.press(given, "/accueil/visites", outcome="appointment").status == 303
    row = db.one("SELECT need, outcome, language FROM visit")
    assert row == {"need": "papiers", "outcome": "appointment", "language": "ar"}
    assert len(every(db)) == 1


def test_the_visit_is_not_lost_when_what_was_typed_is_wrong(db: Db, agent: Browser) -> None:
    page = agent.get(f"{SEARCH}/creneau/{free(db)[0].id}?visite=abc&besoin=papiers").page
    again = agent.press(page, SEARCH, fill={"phone": "12"}).page
    carried = {each["name"]: each["value"] for each in again.all("input", type="hidden")}
    assert (carried["visite"], carried["besoin"]) == ("abc", "papiers")
