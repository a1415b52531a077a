"""The desk is told, whatever it is doing; an agent says that they go there."""

from datetime import timedelta

import pytest

from accueil.reception import visits
from accueil.reception.overnight import forget_alerts
from accueil.reception.visits import Visit
from accueil.store import journal
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, PARQUET
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Node
from tests.web.people import arrive


def ask(db: Db, clock: Clock, *, urgent: bool = False, **fields: object) -> Visit:
    visit = arrive(db, **fields)
    visits.ask_in_private(db, visit.id, "visitor", clock(), urgent=urgent)
    return visit


def shown(agent: Browser, path: str = "/accueil") -> list[Node]:
    return agent.get(path).page.all("li", class_="alert")


def test_it_is_above_the_day_with_the_number_and_since_when(
    db: Db, agent: Browser, clock: Clock
) -> None:
    visit = ask(db, clock)
    clock.pass_by(minutes=1)
    [alert] = shown(agent)
    assert alert.text.startswith(f"Ticket {visit.number} demande à parler en privé")
    assert "il y a 1 min" in alert.text
    assert "alert--urgent" not in alert.classes


def test_what_cannot_wait_is_said_so_and_comes_first(db: Db, agent: Browser, clock: Clock) -> None:
    ask(db, clock)
    second = ask(db, clock, urgent=True)
    first = shown(agent)[0]
    assert "alert--urgent" in first.classes
    assert first.text.startswith(f"Ticket {second.number} demande quelqu’un tout de suite")


@pytest.mark.parametrize("path", ["", "/nouveau", "/nouveau/droit", "/visites/{visit}", "/jour"])
def test_it_is_there_whatever_panel_is_open(
    path: str, db: Db, agent: Browser, clock: Clock
) -> None:
    visit = ask(db, clock)
    assert len(shown(agent, f"/accueil{path.format(visit=visit.id)}")) == 1


def test_the_screens_of_the_site_are_woken(db: Db, clock: Clock) -> None:
    visit = arrive(db)
    before = journal.version(db, BEARN)
    visits.ask_in_private(db, visit.id, "visitor", clock())
    assert journal.version(db, BEARN) > before


def test_going_there_shows_whom_to_find_and_what_not_to_ask(
    db: Db, agent: Browser, clock: Clock
) -> None:
    visit = ask(db, clock)
    [alert] = shown(agent)
    gone = agent.press(agent.get("/accueil").page, alert.one("form")["action"])
    assert (gone.status, gone.location) == (303, f"/accueil/visites/{visit.id}")
    panel = agent.follow(gone).page.one("aside")
    assert "ni nom ni papiers" in panel.text
    assert shown(agent) == []


def test_the_bar_says_what_not_to_ask_too(db: Db, agent: Browser, clock: Clock) -> None:
    ask(db, clock)
    assert "ni nom ni papiers" in agent.get("/accueil").page.one(id="alerts").text
    assert agent.get("/accueil/jour").page.one(id="alerts")["aria-live"] == "assertive"


def test_the_second_agent_is_told_that_another_goes(
    db: Db, agent: Browser, admin: Browser, clock: Clock
) -> None:
    ask(db, clock)
    action = shown(agent)[0].one("form")["action"]
    assert agent.post(action).status == 303
    assert agent.post(action).status == 303
    late = admin.post(action)
    assert late.status == 409
    assert late.page.one(id="day")


def test_no_partner_no_visitor_and_no_other_site_can(
    db: Db, agent: Browser, partner: Browser, visitor: Browser, clock: Clock
) -> None:
    ask(db, clock, service_id=PARQUET)
    action = shown(agent)[0].one("form")["action"]
    assert partner.post(action).status == 403
    assert visitor.post(action).location == "/connexion"
    assert "alert" not in partner.get("/partenaire").page.html.replace("alert-triangle", "")
    db.run("UPDATE alert SET site_id = :site", site=MANDELA)
    assert agent.post(action).status == 404
    assert agent.post("/accueil/alertes/nothing").status == 404
    assert shown(agent) == []


def test_the_next_day_it_is_gone(db: Db, agent: Browser, clock: Clock) -> None:
    ask(db, clock)
    action = shown(agent)[0].one("form")["action"]
    assert forget_alerts(db, clock() + timedelta(days=1)) == 1
    assert shown(agent) == []
    assert agent.post(action).status == 404
