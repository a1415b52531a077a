"""No other site can press a button of this house; a kiosk left open all night still works."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.web.browser import FROM_HERE, Browser
from tests.web.conftest import At
from tests.web.routes import ANYONE, POSTS, ROUTES, somebody

ELSEWHERE = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://ailleurs.example"},
    {"Origin": "http://localhost.ailleurs.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
]
HERE = [FROM_HERE, {"Origin": "http://localhost"}]
STAFF_POSTS = [route for route in POSTS if ROUTES[route] != ANYONE]
VISITOR_POSTS = [route for route in POSTS if ROUTES[route] == ANYONE]


@pytest.mark.parametrize("login", ["nadia", "claire", "sylvie"])
def test_without_its_token_no_form_of_the_staff_is_taken(login: str, db: Db, at_work: At) -> None:
    """Not even from a page of this house."""
    person, browser = somebody(db), at_work(login)
    for route in STAFF_POSTS:
        assert browser.send(person.address(route)).status == 400, route
        assert browser.send(person.address(route), headers=FROM_HERE).status == 400, route


@pytest.mark.parametrize("route", VISITOR_POSTS)
def test_without_its_token_a_visitor_s_form_is_refused_to_other_sites(
    route: str, db: Db, visitor: Browser
) -> None:
    address = somebody(db).address(route)
    answered = [visitor.send(address, headers=headers).status for headers in ELSEWHERE]
    assert answered == [400] * len(ELSEWHERE)


@pytest.mark.parametrize("route", VISITOR_POSTS)
def test_without_its_token_a_visitor_s_form_is_taken_from_a_page_of_this_house(
    route: str, db: Db, visitor: Browser
) -> None:
    address = somebody(db).address(route)
    answered = {visitor.send(address, headers=headers).status for headers in HERE}
    assert answered <= {200, 303, 422}


@pytest.mark.parametrize("token", ["", "x", "IjEi.x.y", "\0", "é" * 9_000, None])
def test_a_kiosk_whose_token_is_worth_nothing_gives_a_ticket(
    token: str | None, visitor: Browser
) -> None:
    visitor.get("/borne")
    form = {"code": new_code(), **({"csrf_token": token} if token is not None else {})}
    answer = visitor.send("/borne/bearn/ticket", form, headers=FROM_HERE)
    assert (answer.status, answer.page.one("p", class_="number").text) == (200, "1")
    refused = visitor.send("/borne/bearn/ticket", form, headers=ELSEWHERE[1])
    assert refused.status == 400


def test_a_kiosk_that_was_left_open_all_night_gives_a_ticket(
    app: Flask, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its token and its cookie are of yesterday evening; the person sees nothing of it."""
    limit = timedelta(seconds=app.config["WTF_CSRF_TIME_LIMIT"])
    evening = int(time.time() - limit.total_seconds() - 60)
    with monkeypatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda _: evening)
        visitor.get("/borne")
    old = visitor.token
    assert (
        visitor.send("/borne/bearn/ticket", {"csrf_token": old, "code": new_code()}).status == 400
    )
    form = {"csrf_token": old, "code": new_code()}
    answer = visitor.send("/borne/bearn/ticket", form, headers=FROM_HERE)
    assert answer.status == 200
    following = visitor.press(answer.page, "/borne/bearn/ticket", private="1")
    assert following.status == 200


def test_the_token_of_another_device_is_not_one(app: Flask, visitor: Browser) -> None:
    other = Browser(app)
    other.get("/borne")
    visitor.get("/borne")
    form = {"csrf_token": other.token, "code": new_code()}
    assert visitor.send("/borne/bearn/ticket", form).status == 400
    assert visitor.send("/borne/bearn/ticket", form, headers=FROM_HERE).status == 200
