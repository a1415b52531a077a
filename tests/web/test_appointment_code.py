"""The code opens one appointment, tells a guesser nothing, and goes nowhere else."""

import logging

import icalendar
import pytest

from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.web.bookings import book, every, free
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.test_phone_square import modules, square_of

PAGES = ("", "/dates", "/annuler", "/rendez-vous.ics")
FORMS = ("/dates", "/annuler", "/je-viens", "/plus-tot", "/reprendre")


@pytest.mark.parametrize("path", PAGES)
def test_every_wrong_code_is_answered_alike(
    path: str, db: Db, visitor: Browser, clock: Clock
) -> None:
    old = new_code()
    book(db, code=old)
    clock.pass_by(days=5)
    answers = [
        visitor.get(f"/r/{each}{path}") for each in (old, new_code(), "x", "A" * 31, "é" * 31)
    ]
    assert {each.status for each in answers} == {404}
    assert len({each.body for each in answers}) == 1
    assert len({str(sorted(each.headers.items())) for each in answers}) == 1
    assert answers[0].body == visitor.get(f"/v/{new_code()}").body, "as a ticket that is none"


@pytest.mark.parametrize("path", FORMS)
def test_nothing_is_done_with_a_wrong_code(path: str, db: Db, visitor: Browser) -> None:
    held, slot = book(db), free(db)[0]
    for each in (new_code(), "x"):
        form = {"slot": slot.id, "next_code": new_code(), "wanted": "1"}
        assert visitor.post(f"/r/{each}{path}", form).status == 404
    assert every(db) == [held]


@pytest.mark.parametrize("path", FORMS)
def test_a_link_changes_nothing(path: str, db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    assert visitor.get(f"/r/{code}{path}").status in (200, 405)
    assert every(db) == [held]


def test_another_site_presses_no_button(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    for path in FORMS:
        assert (
            visitor.send(f"/r/{code}{path}", headers={"Sec-Fetch-Site": "cross-site"}).status == 400
        )
    assert every(db) == [held]


def test_the_day_after_the_page_still_says_that_it_is_over(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    code = new_code()
    held = book(db, code=code)
    clock.set(held.ends_at)
    assert visitor.get(f"/r/{code}").status == 200
    clock.pass_by(days=1)
    assert visitor.get(f"/r/{code}").status == 404


def test_the_calendar_file_says_where_and_when_and_not_why(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code, name="Moussa")
    answer = visitor.get(f"/r/{code}/rendez-vous.ics")
    assert answer.response.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    [event] = icalendar.Calendar.from_ical(answer.body).walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (held.starts_at, held.ends_at)
    assert event["SUMMARY"] == "Rendez-vous, 3 rue du Béarn"
    assert event["LOCATION"] == "3 rue du Béarn, 94550 Chevilly-Larue"
    text = answer.body.decode()
    for secret in ("Nouvelles", "Moussa", "écrivain", code):
        assert secret not in text


def test_the_calendar_file_follows_the_appointment(db: Db, visitor: Browser) -> None:
    code = new_code()
    book(db, code=code)
    before, after = {}, {}
    for found in (before, after):
        body = visitor.get(f"/r/{code}/rendez-vous.ics").body
        [event] = icalendar.Calendar.from_ical(body).walk("VEVENT")
        found.update(uid=event["UID"], sequence=event["SEQUENCE"], status=event["STATUS"])
        visitor.post(f"/r/{code}/annuler")
    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"]
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")


def test_the_square_holds_the_address_in_capitals(visitor: Browser) -> None:
    mine = new_code()
    svg = visitor.get(f"/r/{mine}/qr.svg")
    assert modules(svg.response.text) == square_of(f"HTTP://LOCALHOST/R/{mine}")


def test_the_code_is_in_no_log_and_no_other_address(
    db: Db, visitor: Browser, agent: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = new_code()
    held = book(db, code=code)
    visitor.press(visitor.get(f"/r/{code}").page, f"/r/{code}/je-viens")
    agent.get(f"/rendez-vous/{held.id}")
    assert code not in caplog.text
    elsewhere = [each for each in visitor.been + agent.been if not each.lower().startswith("/r/")]
    assert code not in "".join(elsewhere)
    assert visitor.get(f"/r/{code}").headers["Referrer-Policy"] == "same-origin"
    assert code not in str(db.all("SELECT * FROM journal"))
