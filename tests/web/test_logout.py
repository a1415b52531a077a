"""Somebody leaves, and the shared screen forgets them."""

from flask import Flask

from tests.web.browser import Browser


def leave(browser: Browser) -> None:
    day = browser.get("/accueil").page
    answer = browser.press(day, "/deconnexion")
    assert (answer.status, answer.location) == (303, "/connexion")
    assert '"cache"' in answer.headers["Clear-Site-Data"]


def test_leaving_closes_the_page(agent: Browser) -> None:
    leave(agent)
    assert agent.get("/accueil").location == "/connexion"


def test_leaving_ends_the_session_in_the_house_not_only_on_the_device(
    app: Flask, agent: Browser
) -> None:
    """Whoever copied the cookie has nothing."""
    copy = Browser(app, agent.keys(), "/accueil")
    assert copy.get("/accueil").status == 200
    leave(agent)
    assert copy.get("/accueil").location == "/connexion"


def test_leaving_one_screen_leaves_the_others_open(agent: Browser, admin: Browser) -> None:
    leave(agent)
    assert admin.get("/accueil").status == 200
