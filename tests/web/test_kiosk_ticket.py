"""The last touch: a ticket, with a number and a square for one's phone, and no name."""

import pytest

from accueil.house.services import organisations, services
from accueil.reception import queue, visits
from accueil.reception.visits import REPEAT_WITHIN, Visit
from accueil.store.db import Db
from tests.personae import BEARN, DESK, MISSION_LOCALE, MONDAY, PARQUET, paris
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.kiosk import (
    ANSWERS,
    APPOINTMENT,
    HOME,
    TICKET,
    answers,
    arrival,
    code,
    number,
    start,
    take,
)
from tests.web.people import arrive


def only(db: Db) -> Visit:
    [visit] = visits.open_visits(db, BEARN, "2026-11-23")
    return visit


def waiting_for(db: Db) -> list[str]:
    return [turn.service_id for turn in queue.open_entries(db, only(db).id)]


def test_four_touches_give_a_number_and_a_square(db: Db, visitor: Browser) -> None:
    home = visitor.get(HOME).page
    home = visitor.press(home, HOME, language="en").page
    found = visitor.press(home, ANSWERS, need="droit").page
    ticket = visitor.press(found, TICKET, service=PARQUET)
    assert ticket.status == 200
    assert number(ticket.page) == 1
    square = visitor.get(ticket.page.one("img", class_="square")["src"])
    assert (square.status, square.response.mimetype) == (200, "image/svg+xml")
    visit = only(db)
    assert (visit.language, visit.need, visit.channel) == ("en", "droit", "kiosk")
    assert (visit.alias, visit.private) == (None, False)
    assert waiting_for(db) == [PARQUET]


def test_numbers_follow_one_another(visitor: Browser) -> None:
    assert [number(take(visitor).page) for _ in range(3)] == [1, 2, 3]


def test_the_people_before_are_on_the_ticket(db: Db, visitor: Browser) -> None:
    for _ in range(2):
        arrive(db, service_id=PARQUET)
    ticket = take(visitor, service=PARQUET).page
    assert "2" in ticket.one("p", class_="before").text.split()


def test_nobody_is_asked_to_type_anything(visitor: Browser) -> None:
    found = answers(visitor, "droit")
    appointment = visitor.press(arrival(visitor), APPOINTMENT).page
    ticket = visitor.press(found, TICKET).page
    for page in (start(visitor), found, appointment, ticket):
        assert {each.get("type") for each in page.all("input")} <= {"hidden"}
        assert page.all("textarea") + page.all("select") == []


@pytest.mark.parametrize("need", ["droit", "travail", "argent"])
def test_the_ticket_says_nothing_of_why_one_came(need: str, db: Db, visitor: Browser) -> None:
    found = answers(visitor, need)
    names = {each.name for each in (*services(db), *organisations(db))}
    for form in [each for each in found.forms if each["action"] == TICKET]:
        button = form.one("button")
        pressed = {button["name"]: button["value"]} if button.get("name") else {}
        page = visitor.press(found, TICKET, **pressed).page
        site = page.one("header").text
        shown = {name for name in names if name in page.text.replace(site, "")}
        assert shown <= {"Espace commun des solidarités"}, "the house itself"
        assert found.one(class_="lead").text not in page.text


def test_a_double_tap_is_one_ticket(db: Db, visitor: Browser) -> None:
    found = answers(visitor, "droit")
    first = visitor.press(found, TICKET, service=PARQUET).page
    second = visitor.press(found, TICKET, service=PARQUET).page
    assert (number(first), code(first)) == (number(second), code(second))
    assert waiting_for(db) == [PARQUET]


def test_whichever_button_is_touched_after_the_ticket_is_the_same(db: Db, visitor: Browser) -> None:
    found = answers(visitor, "droit")
    first = visitor.press(found, TICKET, service=PARQUET).page
    assert number(visitor.press(found, TICKET).page) == number(first)
    assert waiting_for(db) == [PARQUET]


def test_later_the_screen_is_another_person_s(visitor: Browser, clock: Clock) -> None:
    found = answers(visitor, "droit")
    visitor.press(found, TICKET)
    clock.set(MONDAY + REPEAT_WITHIN)
    assert visitor.press(found, TICKET).status == 200
    clock.pass_by(seconds=1)
    again = visitor.press(found, TICKET)
    assert (again.status, again.location) == (303, HOME)


def test_each_screen_makes_its_own_ticket(visitor: Browser) -> None:
    assert code(take(visitor).page) != code(take(visitor).page)


@pytest.mark.parametrize("wrong", ["", "x", "B" * 30, "B" * 32, "A" * 31, "\0" * 31, "é" * 31])
def test_a_code_that_is_not_one_begins_again(wrong: str, db: Db, visitor: Browser) -> None:
    answer = visitor.post(TICKET, {"code": wrong})
    assert answer.status == 422
    assert answer.page.form(ANSWERS, need="droit")
    assert db.all("SELECT id FROM visit") == []


def test_the_last_screen_goes_back_to_the_first(visitor: Browser) -> None:
    ticket = take(visitor).page
    home = visitor.press(ticket, HOME)
    assert home.status == 200
    assert home.page.form(ANSWERS, need="droit")
    assert code(ticket) not in home.page.html


def test_the_service_closed_between_two_touches_so_here_are_the_others(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    clock.set(paris(2026, 11, 23, 10, 29))
    found = answers(visitor, "droit")
    clock.set(paris(2026, 11, 23, 10, 30))
    closed = visitor.press(found, TICKET, service=PARQUET)
    assert closed.status == 409
    assert closed.page.one("p", role="alert").text
    assert db.all("SELECT id FROM visit") == []
    assert number(visitor.press(closed.page, TICKET).page) == 1
    assert waiting_for(db) == [DESK]


@pytest.mark.parametrize("service", ["ecs-clic6", "ecs-as-personnel-communal", "inconnu", "\0"])
def test_a_ticket_is_only_for_who_receives_here(service: str, db: Db, visitor: Browser) -> None:
    answer = visitor.post(TICKET, {"code": "B" * 31, "need": "droit", "service": service})
    assert answer.status == 409
    assert db.all("SELECT id FROM visit") == []


def test_somebody_who_has_an_appointment_waits_for_it(db: Db, visitor: Browser) -> None:
    page = visitor.press(arrival(visitor), APPOINTMENT).page
    ticket = visitor.press(page, TICKET, service=MISSION_LOCALE)
    assert ticket.status == 200
    [turn] = queue.open_entries(db, only(db).id)
    assert (turn.service_id, turn.appointment) == (MISSION_LOCALE, True)


def test_only_who_receives_by_appointment_today_is_listed(visitor: Browser) -> None:
    page = visitor.press(arrival(visitor), APPOINTMENT).page
    listed = [each["value"] for each in page.all("button", name="service")]
    assert MISSION_LOCALE in listed
    assert PARQUET not in listed


def test_an_appointment_whose_service_has_gone_lists_the_others(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    page = visitor.press(arrival(visitor), APPOINTMENT).page
    clock.set(paris(2026, 11, 23, 17, 30))
    gone = visitor.press(page, TICKET, service=MISSION_LOCALE)
    assert gone.status == 409
    assert gone.page.one("p", role="alert").text
    assert gone.page.form(TICKET)
    assert db.all("SELECT id FROM visit") == []


def test_the_screens_say_when_the_house_opens(visitor: Browser, clock: Clock) -> None:
    clock.set(paris(2026, 11, 23, 7, 45))
    assert "9:00" in take(visitor).page.one("main").text
