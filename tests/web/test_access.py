"""Each surface is for its own people, and every route says so."""

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed

from accueil.store.db import Db
from blueprints import access
from tests.web.browser import Browser
from tests.web.conftest import At
from tests.web.routes import GETS, POSTS, ROUTES, somebody

PEOPLE = {"agent": "nadia", "partner": "claire", "admin": "sylvie"}
FROM_HTMX = {"HX-Request": "true"}


def test_the_table_of_this_test_has_every_route_and_no_other(app: Flask) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(ROUTES)


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert [each for each in endpoints if access.rule_of(app, each) is None] == []


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_answers_its_own_people_and_refuses_the_others(
    route: str, app: Flask, db: Db, at_work: At
) -> None:
    address = somebody(db).address(route)
    browsers = {role: at_work(login) for role, login in PEOPLE.items()}
    browsers["anonymous"] = Browser(app)
    answered = {role for role, browser in browsers.items() if allowed(browser, route, address)}
    assert answered == ROUTES[route]


def allowed(browser: Browser, route: str, address: str) -> bool:
    """Whether the guard let a request pass: to log in is 401 for htmx, and not one's own 403."""
    ask = browser.get if route in GETS else browser.post
    answer = ask(address, headers=FROM_HTMX)
    status = answer.status
    answer.response.close()
    assert status < 500
    return status not in (401, 403)


@pytest.mark.own_application
def test_a_route_that_says_nothing_is_refused_to_everybody(app: Flask, at_work: At) -> None:
    app.add_url_rule("/oubli", "forgotten", lambda: "secret")
    assert access.rule_of(app, "forgotten") is None
    for browser in (Browser(app), *map(at_work, PEOPLE.values())):
        answer = browser.get("/oubli")
        assert answer.status == 403
        assert "secret" not in answer.page.html


def test_what_changes_something_cannot_be_asked_for_by_a_link(
    app: Flask, db: Db, visitor: Browser
) -> None:
    person, routes = somebody(db), app.url_map.bind("localhost")
    for route in POSTS:
        address = person.address(route)
        try:
            rule, _ = routes.match(address, "GET", return_rule=True)
        except MethodNotAllowed:
            assert visitor.get(address).status == 405
        else:  # a page has this address: the next test looks at it
            assert f"GET {rule.rule}" in GETS


def test_looking_changes_nothing(app: Flask, db: Db, at_work: At) -> None:
    person = somebody(db)
    before, commits = everything(db), commits_of_others(db)
    for browser in (Browser(app), *map(at_work, PEOPLE.values())):
        for route in GETS:
            browser.get(person.address(route)).response.close()
            if commits != (commits := commits_of_others(db)):
                assert everything(db) == before, route


def commits_of_others(db: Db) -> object:
    """A number that changes when another connection has written anything."""
    return db.one("PRAGMA data_version")


def everything(db: Db) -> list[object]:
    tables = ("visit", "queue_entry", "call", "journal", "login_session", "account")
    tables += ("permanence", "occurrence", "slot", "appointment", "booking", "closure", "undoing")
    tables += ("alert", "listing", "inclusion_record", "edition")
    return [db.all(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


@pytest.mark.parametrize("action", ["recall", "receive", "finish", "absent"])
def test_the_turn_of_another_partner_looks_exactly_like_one_that_does_not_exist(
    action: str, db: Db, other_partner: Browser
) -> None:
    turn = somebody(db).entry_id
    theirs = other_partner.post(f"/partenaire/passages/{turn}/{action}")
    nobodys = other_partner.post(f"/partenaire/passages/{turn[:-4]}0000/{action}")
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)
    assert theirs.status == 404
    assert dict(theirs.headers) == dict(nobodys.headers)


def test_a_session_that_was_never_opened_is_nobody(app: Flask) -> None:
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session["_user_id"] = "invented"
    assert browser.get("/accueil").location == "/connexion"
