"""A screen that nobody touches hides what it shows, until its person is back."""

from datetime import timedelta

import pytest
from flask import Flask

from accueil.house.sessions import IDLE, IDLE_OF_PARTNER
from accueil.store.db import Db
from tests.personae import PASSWORD
from tests.web.browser import Browser
from tests.web.conftest import At, Clock
from tests.web.routes import ANYONE, GETS, ROUTES, WHEN_LOCKED, somebody

SCREENS = [("nadia", "/accueil/jour", IDLE), ("claire", "/partenaire/file", IDLE_OF_PARTNER)]
FROM_HTMX = {"HX-Request": "true"}


def unlock(browser: Browser, password: str = PASSWORD) -> int:
    page = browser.get("/verrou").page
    return browser.press(page, "/deverrouiller", fill={"password": password}).status


def test_after_ten_minutes_without_a_touch_the_screen_is_locked(
    agent: Browser, clock: Clock
) -> None:
    clock.pass_by(minutes=10)
    assert agent.get("/accueil").status == 200
    clock.pass_by(minutes=10, seconds=1)
    assert agent.get("/accueil").location == "/verrou"


def test_whoever_works_is_not_locked_out(agent: Browser, clock: Clock) -> None:
    for _ in range(10):
        clock.pass_by(minutes=8)
        assert agent.get("/accueil").status == 200


@pytest.mark.parametrize(("login", "path", "idle"), SCREENS)
def test_a_screen_that_refreshes_itself_does_not_stay_awake(
    login: str, path: str, idle: timedelta, at_work: At, clock: Clock
) -> None:
    browser = at_work(login)
    for _ in range(5):
        clock.set(clock() + idle / 5)
        assert browser.get(path, headers=FROM_HTMX).status == 200
    clock.pass_by(seconds=1)
    piece = browser.get(path, headers=FROM_HTMX)
    assert (piece.status, piece.headers.get("HX-Redirect")) == (401, "/verrou")


def test_a_partner_receives_somebody_for_longer_than_that(partner: Browser, clock: Clock) -> None:
    clock.set(clock() + IDLE_OF_PARTNER)
    assert partner.get("/partenaire").status == 200
    clock.set(clock() + IDLE_OF_PARTNER + timedelta(seconds=1))
    assert partner.get("/partenaire").location == "/verrou"


def test_a_boosted_link_loads_the_lock_with_its_own_sheets(agent: Browser, clock: Clock) -> None:
    clock.pass_by(minutes=11)
    answer = agent.get("/accueil", headers={**FROM_HTMX, "HX-Boosted": "true"})
    assert (answer.status, answer.headers["HX-Redirect"]) == (401, "/verrou")


def test_the_screen_is_locked_by_hand(agent: Browser) -> None:
    day = agent.get("/accueil").page
    assert agent.press(day, "/verrou").location == "/verrou"
    assert agent.get("/accueil").location == "/verrou"


def test_a_locked_screen_gives_nothing_but_the_way_back(db: Db, at_work: At, clock: Clock) -> None:
    person = somebody(db)
    clock.set(clock() + IDLE_OF_PARTNER + timedelta(minutes=1))
    answered = set()
    for route in (each for each in ROUTES if ROUTES[each] != ANYONE):
        leaving = "karim" if route == "POST /deconnexion" else "sylvie"
        browser = at_work("claire" if "partenaire" in route else leaving)
        ask = browser.get if route in GETS else browser.post
        answer = ask(person.address(route), headers=FROM_HTMX)
        if (answer.status, answer.headers.get("HX-Redirect")) != (401, "/verrou"):
            answered.add(route)
    assert answered == WHEN_LOCKED


def test_the_lock_says_whose_screen_it_is_and_shows_nothing_of_the_day(
    agent: Browser, clock: Clock
) -> None:
    clock.pass_by(minutes=11)
    page = agent.get("/verrou").page
    assert "Nadia Benali" in page.text
    assert page.all(id="day") == []


def test_the_password_opens_it_again_on_the_same_page(agent: Browser, clock: Clock) -> None:
    clock.pass_by(minutes=11)
    assert unlock(agent) == 303
    assert agent.get("/accueil").status == 200
    clock.pass_by(minutes=9)
    assert agent.get("/accueil").status == 200


def test_another_password_does_not(agent: Browser, clock: Clock) -> None:
    clock.pass_by(minutes=11)
    assert unlock(agent, "pas le bon mot de passe") == 422
    assert agent.get("/accueil").location == "/verrou"


@pytest.mark.parametrize("address", ["/verrou", "/connexion", "/", "/accueil", "/borne"])
def test_nothing_but_the_password_opens_it(address: str, agent: Browser, clock: Clock) -> None:
    clock.pass_by(minutes=11)
    agent.get(address)
    agent.get(address)
    assert agent.get("/accueil").location == "/verrou"


def test_locking_a_locked_screen_does_not_open_it(agent: Browser, clock: Clock) -> None:
    clock.pass_by(minutes=11)
    agent.post("/verrou")
    assert agent.get("/accueil").location == "/verrou"


def test_somebody_else_can_take_the_screen(agent: Browser, clock: Clock) -> None:
    clock.pass_by(minutes=11)
    page = agent.get("/verrou").page
    assert agent.press(page, "/deconnexion").location == "/connexion"


def test_an_open_screen_has_no_lock_to_show(agent: Browser) -> None:
    assert agent.get("/verrou").location == "/accueil"


def test_after_ten_hours_of_work_the_password_is_asked_again(agent: Browser, clock: Clock) -> None:
    for _ in range(60):
        clock.pass_by(minutes=10)
        last = agent.get("/accueil")
    assert last.status == 200
    clock.pass_by(seconds=1)
    assert agent.get("/accueil").location == "/connexion"


def test_a_session_that_ended_cannot_be_unlocked(app: Flask, agent: Browser, clock: Clock) -> None:
    clock.pass_by(hours=11)
    answer = agent.send("/deverrouiller", {"csrf_token": agent.token, "password": PASSWORD})
    assert answer.location == "/connexion"
