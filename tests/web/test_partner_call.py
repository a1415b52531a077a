"""A partner calls the next person, and receives them."""

import pytest

from accueil.reception import queue
from accueil.store.db import Db
from tests.personae import MISSION_LOCALE, PARQUET, turn_of
from tests.web.browser import Answer, Browser
from tests.web.page import Page
from tests.web.people import arrive

CALL = "/partenaire/appeler"


def call(partner: Browser) -> Answer:
    return partner.press(partner.get("/partenaire").page, CALL)


def guest(page: Page) -> str:
    return page.one("section", class_="guest").one("p", class_="big").text


def act(partner: Browser, action: str) -> Page:
    """Press what the page proposes for the person who is called or received."""
    page = partner.get("/partenaire").page
    [form] = [each for each in page.forms if each["action"].endswith(f"/{action}")]
    return partner.follow(partner.press(page, form["action"])).page


def test_the_next_person_is_called_to_my_room(db: Db, partner: Browser, visitor: Browser) -> None:
    arrive(db, service_id=PARQUET)
    answer = call(partner)
    assert answer.status == 303
    assert guest(partner.follow(answer).page) == "1"
    assert visitor.get("/ecran").page.one(class_="room").text == "Bureau 3"


def test_another_room_is_kept_for_the_next_time(db: Db, partner: Browser, visitor: Browser) -> None:
    arrive(db, service_id=PARQUET)
    page = partner.get("/partenaire").page
    partner.press(page, CALL, fill={"room": "bearn-bureau-6"})
    assert visitor.get("/ecran").page.one(class_="room").text == "Bureau 6"
    act(partner, "finish")
    chosen = partner.get("/partenaire").page.one("option", selected="")
    assert chosen["value"] == "bearn-bureau-6"


@pytest.mark.parametrize("room", ["inconnu", "", "\0", "mandela-bureau-partage", None])
def test_a_room_that_is_not_here_calls_nobody(room: str | None, db: Db, partner: Browser) -> None:
    arrive(db, service_id=PARQUET)
    answer = partner.post(CALL, {} if room is None else {"room": room})
    assert answer.status == 422
    assert answer.page.one(id="day")
    assert db.all("SELECT id FROM call") == []


def test_when_nobody_waits_nobody_is_called(db: Db, partner: Browser) -> None:
    arrive(db, service_id=MISSION_LOCALE)
    assert partner.post(CALL, {"room": "bearn-bureau-3"}).status == 303
    assert db.all("SELECT id FROM call") == []


def test_a_double_tap_calls_one_person_once(db: Db, partner: Browser) -> None:
    for _ in range(2):
        arrive(db, service_id=PARQUET)
    page = partner.get("/partenaire").page
    assert [partner.press(page, CALL).status for _ in range(2)] == [303, 303]
    assert [row["number"] for row in db.all("SELECT number FROM call")] == [1]


def test_two_partners_call_their_own_people(
    db: Db, partner: Browser, other_partner: Browser
) -> None:
    for service in (MISSION_LOCALE, PARQUET):
        arrive(db, service_id=service)
    assert guest(partner.follow(call(partner)).page) == "2"
    assert guest(other_partner.follow(call(other_partner)).page) == "1"


def test_called_again_the_board_sounds_again(db: Db, partner: Browser, visitor: Browser) -> None:
    arrive(db, service_id=PARQUET)
    call(partner)
    first = visitor.get("/ecran").page.one(class_="number")["data-of"]
    act(partner, "recall")
    page = visitor.get("/ecran").page
    assert page.one(class_="number")["data-of"] != first
    assert page.one("i", **{"data-call": page.one(class_="number")["data-of"]})
    assert page.all("li") == []


def test_received_then_over(db: Db, partner: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    call(partner)
    assert act(partner, "receive").one("section", class_="guest--serving")
    assert act(partner, "finish").all("section", class_="guest") == []
    assert turn_of(db, visit).state == "done"
    assert db.one("SELECT outcome FROM visit") == {"outcome": "received"}


def test_the_visit_goes_on_when_another_turn_is_to_come(
    db: Db, partner: Browser, agent: Browser, other_partner: Browser
) -> None:
    visit = arrive(db, service_id=PARQUET)
    call(partner)
    agent.post(f"/accueil/visites/{visit.id}/file", {"service": MISSION_LOCALE})
    act(partner, "finish")
    assert db.one("SELECT outcome FROM visit") == {"outcome": None}
    assert guest(other_partner.follow(call(other_partner)).page) == "1"


def test_nobody_came_so_the_next_is_called(db: Db, partner: Browser) -> None:
    for _ in range(2):
        arrive(db, service_id=PARQUET)
    call(partner)
    act(partner, "absent")
    assert guest(partner.follow(call(partner)).page) == "2"


def test_one_touch_ends_a_meeting_and_calls_the_next(db: Db, partner: Browser) -> None:
    visits = [arrive(db, service_id=PARQUET) for _ in range(2)]
    call(partner)
    act(partner, "receive")
    answer = call(partner)
    assert guest(partner.follow(answer).page) == "2"
    assert [turn_of(db, each).state for each in visits] == ["done", "called"]


def test_that_touch_repeated_ends_and_calls_nobody_else(db: Db, partner: Browser) -> None:
    for _ in range(3):
        arrive(db, service_id=PARQUET)
    call(partner)
    act(partner, "receive")
    page = partner.get("/partenaire").page
    partner.press(page, CALL)
    partner.press(page, CALL)
    assert [row["number"] for row in db.all("SELECT number FROM call ORDER BY number")] == [1, 2]


@pytest.mark.parametrize("action", ["recall", "receive", "finish", "absent"])
def test_what_is_not_possible_now_says_so_and_shows_the_queue(
    action: str, db: Db, partner: Browser
) -> None:
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    answer = partner.post(f"/partenaire/passages/{turn.id}/{action}")
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert answer.page.one(id="day")
    assert queue.entry(db, turn.id).state == "waiting"


def test_to_end_the_meeting_of_another_partner_is_not_possible(
    db: Db, partner: Browser, other_partner: Browser
) -> None:
    visit = arrive(db, service_id=PARQUET)
    call(partner)
    entry = turn_of(db, visit).id
    form = {"room": "bearn-bureau-1", "finish": entry}
    assert other_partner.post(CALL, form).status == 404
    assert queue.entry(db, entry).state == "called"


def test_whoever_left_meanwhile_is_not_received(db: Db, partner: Browser, agent: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    call(partner)
    agent.post(f"/accueil/visites/{visit.id}/clore/left")
    assert partner.post(f"/partenaire/passages/{turn_of(db, visit).id}/receive").status == 409
