"""Asked in private: nothing is said on a screen that others see, nothing stays on the device."""

import json

import pytest
from flask import Flask

from accueil.reception import visits
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, DESK, PARQUET
from tests.web.bookings import MISSION, book, free
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.kiosk import HOME, TICKET, answers, code, number, start, take
from tests.web.page import Page
from tests.web.people import arrive

DAY = "2026-11-23"
NOW = f"{HOME}/accueil"
TELLING = ("priv", "danger", "violence", "urgen", "alert", "secret", "tout de suite")


def asked(kiosk: Browser) -> Page:
    return kiosk.press(start(kiosk), TICKET, private="1").page


def telling(text: str) -> list[str]:
    return [word for word in TELLING if word in text.lower()]


def test_the_ticket_looks_like_any_other(visitor: Browser, app: Flask) -> None:
    """But for one button, whose words say nothing of why."""
    private, other = asked(visitor), take(Browser(app)).page
    for page in (private, other):
        assert telling(page.one("title").text) == []
        assert telling(page.one(class_="ticket").text) == []
        assert telling(page.one("p", class_="lead").text) == []
    assert private.one("title").text == other.one("title").text
    assert private.one("h1").text == other.one("h1").text


def test_the_paper_says_only_the_number(visitor: Browser) -> None:
    page = asked(visitor)
    [*paper] = page.all(class_="paper-only")
    assert telling(" ".join(each.text for each in paper)) == []
    assert page.one(class_="ticket").one("p", class_="number").text == "1"


def test_it_cannot_wait_and_the_same_ticket_says_that_somebody_comes(
    db: Db, visitor: Browser
) -> None:
    page = asked(visitor)
    again = visitor.press(page, NOW)
    assert again.status == 200
    assert number(again.page) == number(page)
    assert code(again.page) == code(page)
    assert [row["urgent"] for row in db.all("SELECT urgent FROM alert")] == [1]
    assert [form for form in again.page.forms if form["action"] == NOW] == []
    assert visitor.press(page, NOW).status == 200
    assert len(db.all("SELECT id FROM alert")) == 1


def test_a_ticket_of_nobody_begins_again(db: Db, visitor: Browser) -> None:
    for sent in (new_code(), "", "\0", "x" * 9_000):
        answer = visitor.post(NOW, {"code": sent})
        assert (answer.status, answer.location) == (303, HOME)
    assert visitor.post(NOW, {"code": new_code(), "language": "xx"}).status == 303
    assert db.all("SELECT id FROM alert") == []


def test_the_ticket_of_another_site_is_nobody_s(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, site_id="mandela", service_id="ecs-clic6")
    assert visitor.post(NOW, {"code": mine}).status == 303
    assert db.all("SELECT id FROM alert") == []


@pytest.mark.parametrize("step", ["accueil", "numeros"])
def test_an_address_typed_shows_nothing(step: str, visitor: Browser) -> None:
    answer = visitor.get(f"{HOME}/{step}")
    assert (answer.status, answer.location) == (303, HOME)


def test_after_a_need_was_touched_the_private_ticket_does_not_keep_it(
    db: Db, visitor: Browser
) -> None:
    visitor.press(answers(visitor, "sante"), TICKET, private="1")
    [visit] = visits.open_visits(db, BEARN, DAY)
    assert (visit.need, visit.private) == (None, True)


def test_a_screen_left_there_a_while_still_asks_for_whoever_touches_it(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    """With a number of their own: the one on the screen may be another person's."""
    ticket = take(visitor).page
    clock.pass_by(minutes=3)
    page = visitor.press(ticket, TICKET, private="1").page
    assert number(page) != number(ticket)
    assert len(db.all("SELECT id FROM alert")) == 1
    assert [each.private for each in visits.open_visits(db, BEARN, DAY)] == [True, False]


def test_no_public_screen_says_it(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, service_id=PARQUET)
    before = {path: visitor.get(path).page.text for path in ("/ecran", "/ecran/bearn/appels")}
    visitor.post(f"/v/{mine}", {"ask": "desk"})
    visitor.post(f"/v/{mine}", {"ask": "now"})
    for path, text in before.items():
        assert visitor.get(path).page.text == text
    for path in (f"/v/{mine}", f"/v/{mine}/tour"):
        assert telling(visitor.get(path).page.text) == []


def test_a_partner_does_not_read_it(db: Db, visitor: Browser, partner: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, service_id=PARQUET)
    visitor.post(f"/v/{mine}", {"ask": "now"})
    day = partner.get("/partenaire").page
    assert telling(day.one("main").text) == []
    assert day.all(class_="chip--private") == []
    partner.press(day, "/partenaire/appeler")
    assert telling(partner.get("/partenaire").page.one("main").text) == []


def test_the_addresses_and_the_titles_of_the_phone_are_the_ticket_s_own(
    db: Db, visitor: Browser
) -> None:
    mine = new_code()
    arrive(db, code=mine)
    plain = visitor.get(f"/v/{mine}").page.one("title").text
    visitor.been.clear()
    titles = {visitor.post(f"/v/{mine}", {"show": "numbers"}).page.one("title").text}
    asked = visitor.follow(visitor.post(f"/v/{mine}", {"ask": "desk"})).page
    assert "tout de suite" not in asked.text
    now = visitor.post(f"/v/{mine}", {"ask": "now"}).page
    assert "L’accueil est prévenu." in now.text
    assert now.all("a", class_="dial")
    assert titles | {asked.one("title").text, now.one("title").text} == {plain}
    been = {each.split("?")[0].casefold() for each in visitor.been if each}
    assert been == {f"/v/{mine}".casefold()}


def test_nothing_is_kept_in_the_browser(app: Flask, db: Db, visitor: Browser) -> None:
    """`no-store` is checked on every answer; a cookie holds the forms' token, and no more."""
    visitor.press(asked(visitor), NOW)
    visitor.post(f"{HOME}/numeros")
    with visitor.client.session_transaction() as session:
        assert set(session) <= {"csrf_token"}


def test_from_an_appointment_the_hour_is_told_to_the_desk(
    db: Db, visitor: Browser, agent: Browser
) -> None:
    mine = new_code()
    held = book(db, free(db, MISSION)[0], code=mine, name="Zébulon")
    page = visitor.get(f"/r/{mine}").page
    answer = visitor.press(page, f"/r/{mine}", ask="desk")
    after = visitor.follow(answer).page
    assert telling(after.one("main").text.replace(after.one(class_="discreet").text, "")) == []
    alert = agent.get("/accueil").page.one(class_="alert")
    assert "Zébulon" not in alert.text
    assert "9:" in alert.text or "10:" in alert.text or "14:" in alert.text
    gone = agent.press(agent.get("/accueil").page, alert.one("form")["action"])
    assert gone.location == f"/rendez-vous/{held.id}"


def test_it_is_on_every_page_of_an_appointment(db: Db, visitor: Browser) -> None:
    mine = new_code()
    book(db, code=mine)
    for path in ("", "/dates", "/annuler"):
        assert visitor.get(f"/r/{mine}{path}").page.form(f"/r/{mine}", ask="desk")


def test_an_appointment_of_nobody_asks_nothing(db: Db, visitor: Browser) -> None:
    for sent in (new_code(), "x", "%00"):
        assert visitor.post(f"/r/{sent}", {"ask": "now"}).status == 404
        assert visitor.post(f"/v/{sent}", {"ask": "now"}).status == 404
    assert db.all("SELECT id FROM alert") == []


def test_the_journal_says_neither_who_nor_why(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine, alias="Zébulon")
    visitor.post(f"/v/{mine}", {"ask": "now"})
    journal = json.dumps(db.all("SELECT * FROM journal"), ensure_ascii=False)
    assert "Zébulon" not in journal
    assert mine not in journal
    row = db.one("SELECT * FROM alert")
    assert row
    assert set(row) == {
        *("id", "site_id", "day", "visit_id", "appointment_id", "channel"),
        *("urgent", "raised_at", "seen_at", "seen_by"),
    }


def test_the_desk_calls_first_whoever_cannot_wait(db: Db, visitor: Browser) -> None:
    mine = new_code()
    visit = arrive(db, code=mine, service_id=DESK)
    visitor.post(f"/v/{mine}", {"ask": "now"})
    assert visits.visit(db, visit.id).private
