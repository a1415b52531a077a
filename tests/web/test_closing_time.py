"""Closing time: whoever still waits is shown to the desk, with what can be done; the night closes
what was left, and the morning says so."""

from flask import Flask

from accueil.reception import overnight, visits
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, PARQUET, paris, turn_of
from tests.web.browser import Browser
from tests.web.conftest import Clock, log_in
from tests.web.passages import hand_on, turns
from tests.web.people import arrive


def at_desk(app: Flask, clock: Clock, hour: int, minute: int, day: int = 23) -> Browser:
    clock.set(paris(2026, 11, day, hour, minute))
    return log_in(Browser(app), "nadia")


def stranded(agent: Browser) -> list[str]:
    page = agent.get("/accueil/jour").page
    return [each.one("b").text for each in page.one(id="closing").all("a", class_="closing-who")]


def test_a_service_that_goes_leaves_nobody_forgotten(db: Db, app: Flask, clock: Clock) -> None:
    """The Parquet is here until 10:30, then from 13:30."""
    db.run("UPDATE occurrence SET status = 'cancelled' WHERE starts_at > '2026-11-23T12:00'")
    for service in (PARQUET, MISSION_LOCALE, PARQUET):
        arrive(db, service_id=service)
    assert stranded(at_desk(app, clock, 10, 29)) == []
    agent = at_desk(app, clock, 10, 30)
    assert stranded(agent) == ["1", "3"]
    assert "terminé à 10:30" in agent.get("/accueil").page.one(id="closing").text


def test_who_waits_for_the_afternoon_is_not_forgotten_but_waits(
    db: Db, app: Flask, clock: Clock
) -> None:
    arrive(db, service_id=PARQUET)
    assert stranded(at_desk(app, clock, 11, 0)) == []


def test_who_waits_elsewhere_too_is_not_stranded(db: Db, app: Flask, clock: Clock) -> None:
    db.run("UPDATE occurrence SET status = 'cancelled' WHERE starts_at > '2026-11-23T12:00'")
    visit = arrive(db, service_id=PARQUET)
    agent = at_desk(app, clock, 10, 0)
    hand_on(agent, visit, MISSION_LOCALE, "also")
    assert stranded(at_desk(app, clock, 10, 31)) == []


def test_each_can_be_given_to_the_desk_a_service_a_date_or_an_address(
    db: Db, app: Flask, clock: Clock
) -> None:
    db.run("UPDATE occurrence SET status = 'cancelled' WHERE starts_at > '2026-11-23T12:00'")
    first, second = (arrive(db, service_id=PARQUET) for _ in range(2))
    agent = at_desk(app, clock, 10, 31)
    page = agent.get("/accueil").page
    ways = {each["href"] for each in page.one(id="closing").all("a")}
    assert {f"/accueil/visites/{first.id}", f"/rendez-vous?visite={first.id}"} <= ways
    agent.press(page, f"/accueil/visites/{first.id}/file", service=DESK)
    assert turns(db, first) == [(PARQUET, "moved", None), (DESK, "waiting", None)]
    agent.press(page, f"/accueil/visites/{second.id}/clore/address")
    assert visits.visit(db, second.id).outcome == "address"
    assert stranded(agent) == []


def test_after_the_desk_has_closed_everybody_still_here_is_shown(
    db: Db, app: Flask, clock: Clock
) -> None:
    for service in (DESK, PARQUET):
        arrive(db, service_id=service)
    assert at_desk(app, clock, 17, 29).get("/accueil").page.one(id="closing").text == ""
    closing = at_desk(app, clock, 17, 31).get("/accueil").page.one(id="closing")
    assert "2 personnes sont encore là" in closing.text
    assert [each.one("b").text for each in closing.all("a", class_="chip")] == ["1", "2"]


def test_the_next_morning_says_how_many_were_left(db: Db, app: Flask, clock: Clock) -> None:
    for _ in range(2):
        arrive(db, service_id=PARQUET)
    gone = arrive(db, service_id=PARQUET)
    visits.close(db, gone.id, "unmet", "nadia", paris(2026, 11, 23, 10, 0), missing="wait")
    overnight.end_past_days(db, paris(2026, 11, 24, 0, 10))
    morning = at_desk(app, clock, 9, 0, day=24).get("/accueil").page
    [notice] = morning.all("a", class_="night")
    assert "Lundi 23 novembre, 2 personnes attendaient encore" in notice.text
    assert notice["href"] == "/accueil/chiffres?jour=2026-11-23"
    assert at_desk(app, clock, 14, 0, day=24).get("/accueil").page.all("a", class_="night") == []
    assert turn_of(db, gone).state == "left"


def test_a_morning_when_nobody_was_left_says_nothing(db: Db, agent: Browser) -> None:
    assert agent.get("/accueil").page.all("a", class_="night") == []
