"""Whoever tries passwords one after another is slowed down, and nobody else."""

from flask import Flask

from tests.personae import PASSWORD
from tests.web.browser import Answer, Browser
from tests.web.conftest import At, Clock, log_in

WRONG = "pas le bon mot de passe"


def attempt(browser: Browser, password: str = WRONG, login: str = "nadia") -> Answer:
    return browser.post("/connexion", {"login": login, "password": password})


def fail(browser: Browser, times: int) -> None:
    for _ in range(times):
        assert attempt(browser).status == 422


def test_five_mistakes_cost_nothing(visitor: Browser) -> None:
    fail(visitor, 5)
    assert attempt(visitor, PASSWORD).status == 303


def test_after_the_sixth_one_waits_even_with_the_right_password(
    visitor: Browser, clock: Clock
) -> None:
    fail(visitor, 6)
    refused = attempt(visitor, PASSWORD)
    assert refused.status == 429
    assert refused.page.one(role="alert").text
    assert refused.page.one("input", name="login")["value"] == "nadia"
    clock.pass_by(seconds=2)
    assert attempt(visitor, PASSWORD).status == 303


def test_each_mistake_more_doubles_the_wait(visitor: Browser, clock: Clock) -> None:
    fail(visitor, 6)
    for wait in (2, 4, 8, 16):
        clock.pass_by(seconds=wait - 1)
        assert attempt(visitor).status == 429
        clock.pass_by(seconds=1)
        assert attempt(visitor).status == 422


def test_the_wait_is_never_longer_than_a_quarter_of_an_hour(visitor: Browser, clock: Clock) -> None:
    fail(visitor, 6)
    for _ in range(12):
        clock.pass_by(minutes=15)
        assert attempt(visitor).status == 422
    clock.pass_by(minutes=15)
    assert attempt(visitor, PASSWORD).status == 303


def test_changing_device_does_not_help(app: Flask) -> None:
    for _ in range(6):
        fail(Browser(app), 1)
    assert attempt(Browser(app)).status == 429


def test_a_stranger_does_not_lock_the_person_out_of_their_own_screen(
    app: Flask, visitor: Browser, agent: Browser
) -> None:
    """On a device where Nadia has logged in before, mistakes are counted apart."""
    fail(visitor, 6)
    assert attempt(visitor).status == 429
    assert agent.press(agent.get("/accueil").page, "/deconnexion").status == 303
    log_in(agent, "nadia")


def test_one_person_s_mistakes_do_not_slow_the_others(app: Flask, visitor: Browser) -> None:
    fail(visitor, 6)
    assert attempt(Browser(app), PASSWORD, "claire").status == 303


def test_the_lock_is_slowed_down_too(at_work: At, clock: Clock) -> None:
    browser = at_work("nadia")
    clock.pass_by(minutes=11)
    for _ in range(6):
        assert browser.post("/deverrouiller", {"password": WRONG}).status == 422
    assert browser.post("/deverrouiller", {"password": PASSWORD}).status == 429
    clock.pass_by(seconds=2)
    assert browser.post("/deverrouiller", {"password": PASSWORD}).status == 303
