"""Handed on in one gesture, with the ticket kept: now, besides, or after; and back to the desk."""

import pytest

from accueil.reception import calls, queue, visits
from accueil.reception.calls import Host
from accueil.store.db import Db
from tests.personae import DESK, MANDELA, MISSION_LOCALE, PARQUET, PARQUET_ROOM, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.passages import hand_on, newest, panel, turns, undo, undoing
from tests.web.people import arrive


def received(db: Db, agent: Browser, service: str = DESK) -> visits.Visit:
    """Somebody whom a service receives now."""
    visit = arrive(db, service_id=service)
    turn = turn_of(db, visit)
    agent.post(f"/accueil/passages/{turn.id}/appeler")
    agent.post(f"/accueil/passages/{turn.id}/receive")
    return visit


def test_now_this_turn_ends_and_another_begins_with_the_same_ticket(db: Db, agent: Browser) -> None:
    visit = received(db, agent)
    assert hand_on(agent, visit, MISSION_LOCALE).status == 303
    assert turns(db, visit) == [(DESK, "done", None), (MISSION_LOCALE, "waiting", None)]
    assert newest(db, visit).number == visit.number
    assert visits.visit(db, visit.id).closed_at is None


def test_besides_both_wait_and_whichever_calls_first_has_them(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    hand_on(agent, visit, MISSION_LOCALE, "also")
    assert turns(db, visit) == [(PARQUET, "waiting", None), (MISSION_LOCALE, "waiting", None)]


def test_after_the_other_turn_comes_when_this_one_is_over(db: Db, agent: Browser) -> None:
    visit = received(db, agent)
    hand_on(agent, visit, MISSION_LOCALE, "then")
    assert turns(db, visit) == [(DESK, "serving", None), (MISSION_LOCALE, "waiting", "after")]
    day = agent.get("/accueil/jour").page
    assert "ensuite" in day.one(class_="chip--aside").text
    agent.post(f"/accueil/passages/{turn_of_service(db, visit, DESK).id}/finish")
    assert turns(db, visit) == [(DESK, "done", None), (MISSION_LOCALE, "waiting", None)]


def turn_of_service(db: Db, visit: visits.Visit, service: str) -> queue.Entry:
    return next(each for each in queue.entries(db, visit.id) if each.service_id == service)


def test_back_to_the_desk(db: Db, agent: Browser) -> None:
    visit = received(db, agent, PARQUET)
    hand_on(agent, visit, DESK)
    assert turns(db, visit) == [(PARQUET, "done", None), (DESK, "waiting", None)]


def test_touched_twice_once(db: Db, agent: Browser) -> None:
    visit = received(db, agent)
    page = panel(agent, visit).page
    address = f"/accueil/visites/{visit.id}/file"
    assert [agent.press(page, address, service=PARQUET).status for _ in range(2)] == [303, 303]
    assert turns(db, visit) == [(DESK, "done", None), (PARQUET, "waiting", None)]


@pytest.mark.parametrize("how", ["now", "also", "then"])
def test_for_ten_seconds_it_is_taken_back(how: str, db: Db, agent: Browser) -> None:
    visit = received(db, agent)
    hand_on(agent, visit, PARQUET, how)
    assert f"N° {visit.number}" in undoing(agent).replace("\N{NO-BREAK SPACE}", " ")
    assert "file" in undoing(agent)
    assert undo(agent).status == 303
    open_ones = [each for each in turns(db, visit) if each[1] != "undone"]
    assert open_ones == [(DESK, "serving", None)]


def test_a_call_that_is_taken_back_leaves_the_board_and_passes_nobody(
    db: Db, agent: Browser, visitor: Browser
) -> None:
    first, second = (arrive(db, service_id=DESK) for _ in range(2))
    agent.post(f"/accueil/passages/{turn_of(db, second).id}/appeler")
    assert visitor.get("/ecran").page.all(class_="number")
    assert turn_of(db, first).passed == 1
    undo(agent)
    assert visitor.get("/ecran").page.all(class_="number") == []
    assert turn_of(db, first).passed == 0


@pytest.mark.parametrize("how", ["later", "", "\0"])
def test_a_way_that_does_not_exist_changes_nothing(how: str, db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=DESK)
    form = {"service": PARQUET, "entry": turn_of(db, visit).id, "how": how}
    assert agent.post(f"/accueil/visites/{visit.id}/file", form).status == 422
    assert turns(db, visit) == [(DESK, "waiting", None)]


def test_somebody_else_s_turn_is_not_handed_on_with_this_visit(db: Db, agent: Browser) -> None:
    mine, other = arrive(db, service_id=DESK), arrive(db, service_id=DESK)
    elsewhere = turn_of(db, arrive(db, site_id=MANDELA, service_id="ecs-clic6"))
    form = {"service": PARQUET, "entry": turn_of(db, other).id}
    agent.post(f"/accueil/visites/{mine.id}/file", form)
    assert turns(db, other) == [(DESK, "waiting", None)]
    form["entry"] = elsewhere.id
    assert agent.post(f"/accueil/visites/{mine.id}/file", form).status == 404


def test_how_is_chosen_by_an_address_so_that_a_refresh_loses_nothing(
    db: Db, agent: Browser
) -> None:
    visit = arrive(db, service_id=DESK)
    page = panel(agent, visit, "?comment=then").page
    assert "comment=then" in page.one("aside")["hx-get"]
    assert page.one("input", name="how")["value"] == "then"
    assert panel(agent, visit, "?comment=nonsense").page.one("input", name="how")["value"] == "now"


def test_two_clerks_cannot_call_the_same_person(
    db: Db, agent: Browser, admin: Browser, partner: Browser
) -> None:
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    for browser in (agent, admin):
        browser.get(f"/accueil/visites/{turn.visit_id}")
    answers = [each.post(f"/accueil/passages/{turn.id}/appeler").status for each in (agent, admin)]
    answers.append(partner.post(f"/partenaire/passages/{turn.id}/appeler").status)
    assert answers == [303, 409, 409]
    assert len(db.all("SELECT id FROM call")) == 1


def test_two_services_cannot_have_the_same_person(db: Db, agent: Browser) -> None:
    """Waiting for two services: once one has called, the other says that they are elsewhere."""
    visit = arrive(db, service_id=DESK)
    hand_on(agent, visit, PARQUET, "also")
    calls.call(db, newest(db, visit).id, Host(account(db), PARQUET_ROOM), visit.arrived_at)
    page = panel(agent, visit).page
    desk_turn = turn_of_service(db, visit, DESK).id
    assert [form for form in page.forms if form["action"].endswith(f"{desk_turn}/appeler")] == []
    assert agent.post(f"/accueil/passages/{desk_turn}/appeler").status == 409
    assert agent.get("/accueil/jour").page.all("form", class_="foot") == []


def account(db: Db) -> str:
    return str(db.all("SELECT id FROM account WHERE login = 'claire'")[0]["id"])


def test_precedence_is_given_and_taken_back_and_nothing_says_why(
    db: Db, agent: Browser, clock: Clock
) -> None:
    first, second = (arrive(db, service_id=DESK) for _ in range(2))
    address = f"/accueil/visites/{second.id}/passe-avant"
    agent.press(panel(agent, second).page, address, given="1")
    assert "prioritaire" in agent.get("/accueil/jour").page.all("a", class_="chip")[0].text
    row = db.one("SELECT * FROM visit WHERE id = :id", id=second.id)
    assert row
    assert row["precedence"] == 1
    assert {"carte", "grossesse", "card", "infant"}.isdisjoint(map(str, row.values()))
    undo(agent)
    assert not visits.visit(db, second.id).precedence
    agent.press(panel(agent, second).page, address, given="1")
    agent.press(panel(agent, second).page, address)
    assert not visits.visit(db, second.id).precedence
    assert turn_of(db, first).number == 1
