"""The day at the desk: who has come, who receives, who waits."""

import pytest

from accueil.reception.visits import OUTCOMES
from accueil.store.db import Db
from tests.personae import BEARN, DESK, MANDELA, MISSION_LOCALE, PARQUET, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.kiosk import take
from tests.web.people import arrive


def present(agent: Browser) -> list[str]:
    """The numbers of who is in the house, as the screen refreshes itself."""
    page = agent.get("/accueil/jour").page
    return [each.one("b").text for each in page.all("a", class_="presence")]


def test_an_arrival_at_the_kiosk_is_on_the_desk_s_screen(visitor: Browser, agent: Browser) -> None:
    assert present(agent) == []
    take(visitor, service=PARQUET)
    take(visitor, service=PARQUET)
    assert sorted(present(agent)) == ["1", "2"]


def test_the_screen_knows_its_version_and_asks_for_the_next(
    visitor: Browser, agent: Browser
) -> None:
    before = int(agent.get("/accueil").page.one(id="day")["data-version"])
    take(visitor)
    day = agent.get("/accueil/jour").page
    assert not day.whole
    assert int(day.one(id="day")["data-version"]) > before


def test_whoever_asked_for_privacy_is_on_top(db: Db, agent: Browser) -> None:
    for _ in range(3):
        arrive(db)
    arrive(db, private=True)
    arrive(db)
    assert present(agent)[0] == "4"


def test_each_queue_shows_who_waits_in_order(db: Db, agent: Browser) -> None:
    for service in (PARQUET, DESK, PARQUET):
        arrive(db, service_id=service)
    [line] = [
        each
        for each in agent.get("/accueil/jour").page.all("li", class_="line")
        if "Parquet" in each.one("h3").text
    ]
    assert [each.one("b").text for each in line.all("a", class_="chip")] == ["1", "3"]


def test_a_visit_has_its_own_panel(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=PARQUET, need="droit")
    day = agent.get("/accueil").page
    panel = agent.get(day.one("a", id=f"visit-{visit.id}")["href"]).page.one("aside")
    assert "1" in panel.one("h2").text.split()
    assert panel.one("form", action=f"/accueil/visites/{visit.id}/clore/received")


def test_a_visit_is_put_in_another_queue_and_keeps_its_number(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=DESK)
    page = agent.get(f"/accueil/visites/{visit.id}").page
    sent = agent.press(page, f"/accueil/visites/{visit.id}/file", service=PARQUET)
    assert sent.status == 303
    rows = db.all("SELECT service_id, state FROM queue_entry ORDER BY id")
    assert [(row["service_id"], row["state"]) for row in rows] == [
        (DESK, "moved"),
        (PARQUET, "waiting"),
    ]
    assert present(agent) == ["1"]


def test_while_somebody_is_received_a_second_turn_is_added(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=DESK)
    agent.post(f"/accueil/passages/{turn_of(db, visit).id}/appeler")
    page = agent.get(f"/accueil/visites/{visit.id}").page
    agent.press(page, f"/accueil/visites/{visit.id}/file", service=MISSION_LOCALE)
    rows = db.all("SELECT service_id, state FROM queue_entry ORDER BY id")
    assert [(row["service_id"], row["state"]) for row in rows] == [
        (DESK, "called"),
        (MISSION_LOCALE, "waiting"),
    ]


@pytest.mark.parametrize("outcome", [each for each in OUTCOMES if each != "unmet"])
def test_a_visit_ends_with_what_its_person_leaves_with(
    outcome: str, db: Db, agent: Browser
) -> None:
    visit = arrive(db, service_id=PARQUET)
    page = agent.get(f"/accueil/visites/{visit.id}").page
    closed = agent.press(page, f"/accueil/visites/{visit.id}/clore/{outcome}")
    assert (closed.status, closed.location) == (303, "/accueil")
    assert db.one("SELECT outcome FROM visit") == {"outcome": outcome}
    assert present(agent) == []
    events = db.all("SELECT seq FROM journal")
    assert agent.post(f"/accueil/visites/{visit.id}/clore/{outcome}").status == 409
    assert db.all("SELECT seq FROM journal") == events


def test_a_visit_that_was_closed_comes_back_when_its_person_does(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    agent.post(f"/accueil/visites/{visit.id}/clore/left")
    agent.post(f"/accueil/visites/{visit.id}/file", {"service": DESK})
    assert present(agent) == ["1"]


def test_an_outcome_that_does_not_exist_is_not_found(db: Db, agent: Browser) -> None:
    visit = arrive(db)
    for outcome in ("mistake", "x", "%00"):
        assert agent.post(f"/accueil/visites/{visit.id}/clore/{outcome}").status == 404


def test_a_queue_that_does_not_exist_changes_nothing(db: Db, agent: Browser) -> None:
    visit = arrive(db, service_id=PARQUET)
    before = db.all("SELECT seq FROM journal")
    for service in ("inconnu", "", "\0"):
        sent = agent.post(f"/accueil/visites/{visit.id}/file", {"service": service})
        assert sent.status == 422
    assert db.all("SELECT seq FROM journal") == before


ADDRESSES = (
    "GET /accueil/visites/{visit}",
    "POST /accueil/visites/{visit}/file",
    "POST /accueil/visites/{visit}/clore/left",
    "POST /accueil/passages/{turn}/appeler",
    "POST /accueil/passages/{turn}/recall",
)


def asked(agent: Browser, address: str, visit: str, turn: str) -> int:
    method, path = address.format(visit=visit, turn=turn).split(" ")
    if method == "GET":
        return agent.get(path).status
    return agent.post(path, {"service": PARQUET}).status


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_does_not_exist_or_is_not_here_is_not_found(
    address: str, db: Db, agent: Browser
) -> None:
    elsewhere = arrive(db, site_id=MANDELA, service_id="ecs-clic6")
    before = db.all("SELECT seq FROM journal")
    assert asked(agent, address, "inconnu", "inconnu") == 404
    assert asked(agent, address, "%00", "%00") == 404
    assert asked(agent, address, elsewhere.id, turn_of(db, elsewhere).id) == 404
    assert db.all("SELECT seq FROM journal") == before


@pytest.mark.parametrize("address", ADDRESSES)
def test_yesterday_s_visits_are_not_there_any_more(
    address: str, db: Db, agent: Browser, clock: Clock
) -> None:
    visit = arrive(db, service_id=PARQUET, at=clock.now.replace(day=22))
    assert asked(agent, address, visit.id, turn_of(db, visit).id) == 404


@pytest.mark.parametrize("site", ["inconnu", "", "\0", None])
def test_a_place_that_does_not_exist_cannot_be_chosen(site: str | None, agent: Browser) -> None:
    data = {} if site is None else {"site": site}
    assert agent.post("/accueil/lieu", data).status in (303, 404)
    assert agent.get("/accueil").status == 200


def test_a_place_without_a_shared_desk_cannot_be_stood_at(agent: Browser) -> None:
    agent.post("/accueil/lieu", {"site": MANDELA})
    assert agent.get("/accueil/nouveau/droit").status < 500
    assert agent.get("/accueil").status == 200
    agent.post("/accueil/lieu", {"site": BEARN})
    assert agent.get("/accueil/nouveau/droit").status == 200
