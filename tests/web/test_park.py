"""Parked with a reason and a return; back in line by oneself or taken up again; did not come, and
came back. Nobody parked or missed is called by mistake."""

import pytest
from flask import Flask

from accueil.reception import queue
from accueil.store.db import Db
from tests.personae import DESK, PARQUET, paris, turn_of
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock, log_in
from tests.web.passages import chips, undo, undoing, wait
from tests.web.people import arrive

CALL = "/partenaire/appeler"


def park(agent: Browser, turn: queue.Entry, reason: str = "paper", minutes: str = "20") -> Answer:
    """As a hand does it: the panel, « Mettre en pause », a reason, an hour."""
    page = agent.get(f"/accueil/visites/{turn.visit_id}?pause={turn.id}").page
    address = f"/accueil/passages/{turn.id}/pause"
    return agent.press(page, address, fill={"reason": reason}, minutes=minutes)


def test_parked_until_an_hour_one_is_back_in_one_s_place(
    db: Db, agent: Browser, clock: Clock
) -> None:
    first, second = (turn_of(db, arrive(db, service_id=DESK)) for _ in range(2))
    assert park(agent, first).status == 303
    assert chips(agent) == ["2", "1"]
    assert "9:40" in agent.get("/accueil/jour").page.one(class_="chip--aside").text
    wait(clock, agent, 20)
    assert chips(agent) == ["1", "2"]
    assert second.number == 2


def test_parked_until_they_return_one_is_taken_up_again(db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    park(agent, turn, "air", "")
    assert queue.entry(db, turn.id).back_at is None
    page = agent.get(f"/accueil/visites/{turn.visit_id}").page
    assert "prend l’air" in page.one("aside").text
    agent.press(page, f"/accueil/passages/{turn.id}/resume")
    assert queue.entry(db, turn.id).hold is None


def test_whoever_is_in_the_room_can_be_parked(db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    agent.post(f"/accueil/passages/{turn.id}/appeler")
    agent.post(f"/accueil/passages/{turn.id}/receive")
    park(agent, turn, "interpreter")
    again = queue.entry(db, turn.id)
    assert (again.state, again.hold, again.hold_reason) == ("waiting", "parked", "interpreter")


def test_what_was_parked_is_taken_back(db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    park(agent, turn)
    assert "mise en pause" in undoing(agent)
    undo(agent)
    assert queue.entry(db, turn.id).hold is None


def test_while_a_reason_is_chosen_nothing_refreshes_itself(db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    page = agent.get(f"/accueil/visites/{turn.visit_id}?pause={turn.id}").page
    assert page.one("aside").get("hx-get") is None
    assert panel_refreshes(agent, turn)


def panel_refreshes(agent: Browser, turn: queue.Entry) -> bool:
    return "hx-get" in agent.get(f"/accueil/visites/{turn.visit_id}").page.one("aside").attributes


@pytest.mark.parametrize("form", [{"minutes": "15"}, {"minutes": "-1"}, {"reason": "ill"}])
def test_what_is_not_proposed_changes_nothing(form: dict[str, str], db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    sent = {"reason": "paper", "minutes": "10", **form}
    assert agent.post(f"/accueil/passages/{turn.id}/pause", sent).status == 422
    assert queue.entry(db, turn.id).hold is None


def test_nobody_is_parked_until_tomorrow(db: Db, app: Flask, clock: Clock) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    clock.set(paris(2026, 11, 23, 23, 45))
    agent = log_in(Browser(app), "nadia")
    sent = {"reason": "air", "minutes": "30"}
    assert agent.post(f"/accueil/passages/{turn.id}/pause", sent).status == 422


def test_a_parked_person_is_called_by_nobody(db: Db, agent: Browser, partner: Browser) -> None:
    """Not by « the next », nor by a screen that still showed the button."""
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    old = agent.get(f"/accueil/visites/{turn.visit_id}").page
    park(agent, turn)
    partner.post(CALL, {"room": "bearn-bureau-3"})
    assert agent.press(old, f"/accueil/passages/{turn.id}/appeler").status == 409
    assert partner.post(f"/partenaire/passages/{turn.id}/appeler").status == 409
    assert agent.post(f"/accueil/passages/{turn.id}/recall").status == 409
    assert db.all("SELECT id FROM call") == []
    page = agent.get(f"/accueil/visites/{turn.visit_id}").page
    assert [form for form in page.forms if form["action"].endswith("/appeler")] == []


def missed(db: Db, agent: Browser) -> queue.Entry:
    """Somebody who did not answer their call."""
    turn = turn_of(db, arrive(db, service_id=DESK))
    agent.post(f"/accueil/passages/{turn.id}/appeler")
    agent.post(f"/accueil/passages/{turn.id}/absent")
    return turn


def test_a_missed_person_is_called_by_nobody(db: Db, agent: Browser) -> None:
    turn = missed(db, agent)
    for action in ("appeler", "recall", "receive"):
        assert agent.post(f"/accueil/passages/{turn.id}/{action}").status == 409
    assert agent.get("/accueil/jour").page.all("form", class_="foot") == []
    assert len(db.all("SELECT id FROM call")) == 1


def test_back_in_time_the_place_is_kept_and_it_is_said(
    db: Db, agent: Browser, clock: Clock
) -> None:
    turn = missed(db, agent)
    arrive(db, service_id=DESK)
    wait(clock, agent, 8)
    page = agent.get(f"/accueil/visites/{turn.visit_id}").page
    assert "gardée jusqu’à 9:30" in page.one("aside").text
    agent.press(page, f"/accueil/passages/{turn.id}/back")
    assert chips(agent) == ["1", "2"]
    assert "retour" in undoing(agent)


def test_back_too_late_one_goes_to_the_end_and_it_is_said(
    db: Db, agent: Browser, clock: Clock
) -> None:
    turn = missed(db, agent)
    arrive(db, service_id=DESK)
    wait(clock, agent, 11)
    page = agent.get(f"/accueil/visites/{turn.visit_id}").page
    assert "fin de la file" in page.one("aside").text
    agent.press(page, f"/accueil/passages/{turn.id}/back")
    assert chips(agent) == ["2", "1"]


def test_the_panel_of_a_missed_person_is_the_way_back(db: Db, agent: Browser) -> None:
    turn = missed(db, agent)
    page = agent.get(f"/accueil/visites/{turn.visit_id}").page
    assert page.one(class_="answer--absent").one("button").text == "Est revenue"
