"""The desk calls somebody itself: the board sounds, the panel follows."""

import pytest

from accueil.reception import queue
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, PARQUET, paris, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.people import arrive


def board(visitor: Browser) -> list[str]:
    """What is called last: a number and a room."""
    page = visitor.get("/ecran").page
    return [each.text for each in page.all(class_="number") + page.all(class_="room")]


def call(agent: Browser, entry_id: str) -> int:
    return agent.post(f"/accueil/passages/{entry_id}/appeler").status


def test_the_first_of_the_desk_s_queue_is_called_from_the_day(
    db: Db, agent: Browser, visitor: Browser
) -> None:
    first = turn_of(db, arrive(db, service_id=DESK))
    arrive(db, service_id=DESK)
    day = agent.get("/accueil").page
    assert agent.press(day, f"/accueil/passages/{first.id}/appeler").status == 303
    assert board(visitor) == ["1", "Accueil"]


def test_somebody_called_for_a_partner_goes_to_the_partner_s_room(
    db: Db, agent: Browser, visitor: Browser
) -> None:
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    page = agent.get(f"/accueil/visites/{turn.visit_id}").page
    answer = agent.press(page, f"/accueil/passages/{turn.id}/appeler")
    assert answer.location == f"/accueil/visites/{turn.visit_id}"
    assert board(visitor) == ["1", "Bureau 3"]


def test_called_again_come_and_over(db: Db, agent: Browser, visitor: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    address = f"/accueil/passages/{turn.id}"
    call(agent, turn.id)
    for action, state in (("recall", "called"), ("receive", "serving"), ("finish", "done")):
        page = agent.get(f"/accueil/visites/{turn.visit_id}").page
        assert agent.press(page, f"{address}/{action}").status == 303
        assert queue.entry(db, turn.id).state == state
    assert db.one("SELECT outcome FROM visit") == {"outcome": "received"}


def test_nobody_came_so_the_visit_stays_for_the_desk_to_see(db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    call(agent, turn.id)
    page = agent.get(f"/accueil/visites/{turn.visit_id}").page
    agent.press(page, f"/accueil/passages/{turn.id}/absent")
    day = agent.get("/accueil/jour").page
    assert day.all("a", id=f"visit-{turn.visit_id}")


@pytest.mark.parametrize("action", ["recall", "receive", "finish", "absent"])
def test_what_is_not_possible_now_says_so_and_shows_the_day(
    action: str, db: Db, agent: Browser
) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    before = db.all("SELECT seq FROM journal")
    answer = agent.post(f"/accueil/passages/{turn.id}/{action}")
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert answer.page.one(id="day")
    assert db.all("SELECT seq FROM journal") == before


def test_a_double_tap_calls_once(db: Db, agent: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=DESK))
    assert (call(agent, turn.id), call(agent, turn.id)) == (303, 409)
    assert len(db.all("SELECT id FROM call")) == 1


def test_two_screens_cannot_call_the_same_person(db: Db, agent: Browser, partner: Browser) -> None:
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    assert call(agent, turn.id) == 409
    assert len(db.all("SELECT id FROM call")) == 1


def test_without_a_room_today_nobody_is_called_anywhere(
    db: Db, agent: Browser, visitor: Browser
) -> None:
    """The Cramif comes on Thursdays: somebody may wait for it, and cannot be sent to a room."""
    turn = turn_of(db, arrive(db, service_id="ecs-cramif"))
    assert call(agent, turn.id) == 409
    assert board(visitor) == []


def test_two_people_of_two_queues_can_be_called_one_after_the_other(db: Db, agent: Browser) -> None:
    turns = [turn_of(db, arrive(db, service_id=each)) for each in (DESK, MISSION_LOCALE)]
    assert [call(agent, turn.id) for turn in turns] == [303, 303]


def test_a_call_of_before_lunch_is_still_on_the_board_after(
    db: Db, agent: Browser, visitor: Browser, clock: Clock
) -> None:
    call(agent, turn_of(db, arrive(db, service_id=DESK)).id)
    clock.set(paris(2026, 11, 23, 14, 0))
    assert board(visitor) == ["1", "Accueil"]
    clock.set(paris(2026, 11, 24, 9, 0))
    assert board(visitor) == []
