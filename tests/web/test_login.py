"""Somebody comes to work and says who they are."""

import pytest
from flask import Flask

from accueil.house import accounts
from accueil.store.db import Db
from tests.personae import MONDAY, PASSWORD
from tests.web.browser import Answer, Browser
from tests.web.conftest import LOGINS, log_in


def attempt(browser: Browser, login: str, password: str = PASSWORD) -> Answer:
    form = browser.get("/connexion").page
    return browser.press(form, "/connexion", fill={"login": login, "password": password})


@pytest.mark.parametrize("login", LOGINS)
def test_everybody_lands_on_their_own_page(login: str, visitor: Browser) -> None:
    answer = attempt(visitor, login)
    assert (answer.status, answer.location) == (303, LOGINS[login])


@pytest.mark.parametrize("login", ["Nadia", " NADIA ", "ｎａｄｉａ"])
def test_a_login_may_be_typed_in_any_case(login: str, visitor: Browser) -> None:
    assert attempt(visitor, login).location == "/accueil"


def test_a_wrong_password_is_said_and_the_login_is_kept(visitor: Browser) -> None:
    answer = attempt(visitor, "nadia", "pas le bon mot de passe")
    assert answer.status == 422
    assert answer.page.one(role="alert").text
    assert answer.page.one("input", name="login")["value"] == "nadia"
    assert answer.page.one("input", name="password").get("value") is None
    assert visitor.get("/accueil").location == "/connexion"


def test_an_unknown_login_and_a_wrong_password_are_answered_alike(visitor: Browser) -> None:
    wrong = attempt(visitor, "nadia", "pas le bon mot de passe")
    unknown = attempt(visitor, "personne")
    assert unknown.status == wrong.status
    assert unknown.page.one("main").text == wrong.page.one("main").text


def test_a_closed_account_opens_nothing(db: Db, visitor: Browser, agent: Browser) -> None:
    nadia = next(each for each in accounts.accounts(db) if each.login == "nadia")
    accounts.close(db, nadia.id, "house", MONDAY)
    assert attempt(visitor, "nadia").status == 422
    assert agent.get("/accueil").location == "/connexion"


@pytest.mark.parametrize("value", ["", "\0", "é" * 5_000, "\u202e", "' OR 1=1 --"])
def test_nothing_that_is_typed_breaks_the_door(value: str, visitor: Browser) -> None:
    assert attempt(visitor, value, value or "x").status == 422


def test_the_cookies_are_for_this_house_and_no_script(visitor: Browser) -> None:
    set_cookies = attempt(visitor, "nadia").headers.getlist("Set-Cookie")
    assert len(set_cookies) == 2
    assert all("HttpOnly" in each for each in set_cookies)
    assert all("SameSite=Lax" in each or "SameSite=Strict" in each for each in set_cookies)


def test_over_https_the_cookies_stay_there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    page = app.test_client().get("/connexion", base_url="https://accueil.example")
    assert "Secure" in page.headers["Set-Cookie"]


def test_a_form_from_before_the_login_is_not_one_of_the_session(visitor: Browser) -> None:
    """What somebody planted on a shared device before is worth nothing after."""
    visitor.get("/connexion")
    before = visitor.token
    log_in(visitor, "nadia")
    assert visitor.token != before
    assert visitor.send("/verrou", {"csrf_token": before}).status == 400


def test_somebody_at_work_is_sent_to_their_page_by_every_door(partner: Browser) -> None:
    assert partner.get("/").location == "/partenaire"
    assert partner.get("/connexion").location == "/partenaire"


def test_a_stranger_is_sent_to_the_door_even_by_a_piece_of_page(visitor: Browser) -> None:
    assert visitor.get("/accueil").location == "/connexion"
    piece = visitor.get("/accueil/jour", headers={"HX-Request": "true"})
    assert (piece.status, piece.headers["HX-Redirect"]) == (401, "/connexion")


def test_the_language_chosen_at_the_door_is_kept_at_work(visitor: Browser) -> None:
    door = visitor.get("/connexion").page
    chosen = visitor.follow(visitor.press(door, "/langue", language="en"))
    assert chosen.page.one("html")["lang"] == "en"
    log_in(visitor, "nadia")
    assert visitor.get("/accueil").page.one("html")["lang"] == "en"


@pytest.mark.parametrize("language", ["ar", "xx", "", "\0"])
def test_staff_pages_keep_to_the_languages_they_have(language: str, visitor: Browser) -> None:
    visitor.post("/langue", {"language": language})
    assert visitor.get("/connexion").page.one("html")["lang"] == "fr"
