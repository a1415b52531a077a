"""The feed as a calendar asks for it: with no account, several times a day, for a year."""

import logging
from datetime import timedelta
from email.utils import parsedate_to_datetime

import icalendar
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accueil.planning import booking, feeds, slots
from accueil.planning.booking import Wish
from accueil.planning.changes import Decision, carry_out
from accueil.planning.plans import cancelling
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Browser, guarded
from tests.web.conftest import Clock

NAME, PHONE = "Zébulon Kanari", "06 12 34 56 78"


@pytest.fixture
def token(db: Db) -> str:
    return opened(db, "parquet")


def opened(db: Db, organisation_id: str) -> str:
    claire = db.all("SELECT id FROM account WHERE login = 'claire'")[0]["id"]
    return feeds.open_address(db, "organisation", organisation_id, claire, MONDAY)


def ask(visitor: Browser, token: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.client.get(f"/agenda/{token}.ics", headers=named)


def first_of(db: Db, token: str, at: object = MONDAY) -> str:
    shown = feeds.address_of_token(db, token)
    entries = feeds.entries(db, shown, MONDAY)
    return next(each.uid.partition("@")[0] for each in entries if each.starts_at > MONDAY)


def cancel(db: Db, occurrence_id: str) -> None:
    carry_out(db, cancelling([occurrence_id], MONDAY), {}, "house", MONDAY)


def test_it_is_a_calendar_that_nobody_else_may_keep(visitor: Browser, token: str) -> None:
    answer = ask(visitor, token)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.cache_control.private
    assert answer.cache_control.no_cache
    assert answer.headers["Content-Disposition"] == 'inline; filename="planning.ics"'
    assert "Set-Cookie" not in answer.headers
    assert guarded("/static/", answer) == []
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert str(calendar["X-WR-CALNAME"]) == "Correspondant du Parquet"
    assert len(calendar.walk("VEVENT")) > 50


def test_unchanged_it_is_not_sent_again(db: Db, visitor: Browser, token: str) -> None:
    first = ask(visitor, token)
    tag = first.headers["ETag"]
    again = ask(visitor, token, If_None_Match=tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert ask(visitor, token, If_Modified_Since=first.headers["Last-Modified"]).status_code == 304
    cancel(db, first_of(db, token))
    changed = ask(visitor, token, If_None_Match=tag)
    assert changed.status_code == 200
    assert changed.data.count(b"STATUS:CANCELLED") == 1


def test_it_says_when_it_last_changed_and_never_later_than_now(
    visitor: Browser, token: str, clock: Clock
) -> None:
    clock.pass_by(days=1)
    said = parsedate_to_datetime(ask(visitor, token).headers["Last-Modified"])
    assert clock.now - timedelta(days=1) < said <= clock.now


def test_asking_for_its_headers_alone_is_answered(visitor: Browser, token: str) -> None:
    whole = ask(visitor, token)
    head = visitor.client.head(f"/agenda/{token}.ics")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_any_other_address_is_a_short_plain_404(visitor: Browser, db: Db, token: str) -> None:
    feeds.revoke(db, feeds.address_of_token(db, token).id, "house", MONDAY)
    for wrong in (token, token.lower(), "x", "%00", "é"):
        answer = ask(visitor, wrong)
        assert (answer.status_code, answer.mimetype) == (404, "text/plain")
        assert len(answer.data) < 40
        assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_of_anybody_is_in_it(db: Db, visitor: Browser) -> None:
    """A name and a phone, planted in an appointment that is then to be told of."""
    slot = next(
        each
        for service in ("ecs-cramif", "ecs-mission-locale", "ecs-parquet-avec-rdv")
        for each in slots.free(db, service, MONDAY, asker=slots.DESK)
    )
    wish = Wish(
        slot_id=slot.id, code=new_code(), channel="desk", language="fr", name=NAME, phone=PHONE
    )
    held = booking.book(db, wish, slots.DESK, "desk", MONDAY)
    tell = {held.id: Decision("tell")}
    carry_out(db, cancelling([held.occurrence_id], MONDAY), tell, "house", MONDAY)
    site = db.all("SELECT site_id FROM occurrence WHERE id = :id", id=held.occurrence_id)[0]
    claire = db.all("SELECT id FROM account WHERE login = 'claire'")[0]["id"]
    whole = feeds.open_address(db, "site", site["site_id"], claire, MONDAY)
    answer = ask(visitor, whole)
    text = answer.data.decode().replace("\r\n ", "") + str(answer.headers)
    assert held.occurrence_id in text
    for word in ("Zébulon", "Kanari", PHONE, PHONE.replace(" ", ""), "612345678", "Claire"):
        assert word not in text


def test_its_token_is_in_no_log(
    app: Flask, visitor: Browser, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(visitor, token)
    ask(visitor, f"{token}x")
    assert token not in caplog.text


def test_a_disk_that_cannot_be_written_still_shows_the_calendar(
    app: Flask, visitor: Browser, token: str
) -> None:
    store = app.extensions["house"].store
    with store.connection() as db:
        db.run("PRAGMA query_only = ON")
    try:
        assert ask(visitor, token).status_code == 200
    finally:
        with store.connection() as db:
            db.run("PRAGMA query_only = OFF")
