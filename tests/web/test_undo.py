"""For ten seconds, the way back from what was just done."""

import pytest

from accueil.reception import visits
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import DESK, PARQUET, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Node
from tests.web.people import arrive


def offered(browser: Browser) -> Node | None:
    found = browser.get(browser.home).page.all("form", class_="undo")
    return found[0] if found else None


def undo(browser: Browser) -> int:
    form = offered(browser)
    assert form
    return browser.post(form["action"]).status


def register(agent: Browser) -> None:
    agent.post("/accueil/visites", {"code": new_code(), "service": DESK})


def test_an_arrival_registered_by_mistake_is_taken_back(db: Db, agent: Browser) -> None:
    register(agent)
    assert undo(agent) == 303
    assert db.one("SELECT outcome FROM visit") == {"outcome": "mistake"}
    assert agent.get("/accueil/jour").page.all("a", class_="presence") == []


def test_a_visit_closed_by_mistake_is_open_again(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    agent.post(f"/accueil/visites/{visit.id}/clore/left")
    assert undo(agent) == 303
    assert visits.visit(db, visit.id).closed_at is None
    assert turn_of(db, visit).state == "waiting"


def test_a_call_taken_back_leaves_the_board(db: Db, agent: Browser, visitor: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    agent.post(f"/accueil/passages/{turn.id}/appeler")
    assert visitor.get("/ecran").page.all(class_="number")
    assert undo(agent) == 303
    assert visitor.get("/ecran").page.all(class_="number") == []


def test_a_partner_s_call_is_taken_back_too(db: Db, partner: Browser, visitor: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    assert undo(partner) == 303
    assert turn_of(db, visit).state == "waiting"
    assert visitor.get("/ecran").page.all(class_="number") == []


def test_after_ten_seconds_it_is_too_late(db: Db, agent: Browser, clock: Clock) -> None:
    register(agent)
    clock.pass_by(seconds=9.9)
    form = offered(agent)
    assert form
    assert 0 < int(form["data-expires-ms"]) <= 100
    clock.pass_by(seconds=0.2)
    answer = agent.post(form["action"])
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert answer.page.one(id="day")
    assert offered(agent) is None
    assert db.one("SELECT outcome FROM visit") == {"outcome": None}


def test_once_somebody_went_on_from_there_it_is_too_late(
    db: Db, agent: Browser, partner: Browser
) -> None:
    visit = arrive(db, service_id=DESK)
    agent.post(f"/accueil/visites/{visit.id}/file", {"service": PARQUET})
    form = offered(agent)
    assert form
    partner.post("/partenaire/appeler", {"room": "bearn-bureau-3"})
    assert agent.post(form["action"]).status == 409
    assert turn_of(db, visit).state == "called"


def test_what_was_undone_is_not_undone_again(agent: Browser) -> None:
    register(agent)
    form = offered(agent)
    assert form
    assert [agent.post(form["action"]).status for _ in range(2)] == [303, 409]
    assert offered(agent) is None


def test_one_person_s_change_is_not_another_s_to_undo(agent: Browser, admin: Browser) -> None:
    register(agent)
    form = offered(agent)
    assert form
    assert offered(admin) is None
    assert admin.post(form["action"]).status == 409


@pytest.mark.parametrize("seq", [0, 999_999, 2**63, 10**30])
def test_a_change_that_does_not_exist_is_not_undone(
    seq: int, agent: Browser, partner: Browser
) -> None:
    assert agent.post(f"/accueil/annuler/{seq}").status in (404, 409)
    assert partner.post(f"/partenaire/annuler/{seq}").status in (404, 409)


def test_what_is_not_a_visit_is_not_undone(db: Db, agent: Browser) -> None:
    [row] = db.all("SELECT seq FROM journal WHERE verb = 'logged in' ORDER BY seq LIMIT 1")
    assert agent.post(f"/accueil/annuler/{row['seq']}").status == 409
