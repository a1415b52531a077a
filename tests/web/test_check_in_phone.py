"""The page of one's appointment: its code for the kiosk, and on the day the letters of the door."""

import pytest

from accueil.planning import booking
from accueil.reception.poster import poster
from accueil.store.codes import LETTERS
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, MONDAY
from tests.web.browser import Answer, Browser
from tests.web.check_in import book, heading, today, turn_of, visits_of, words
from tests.web.conftest import Clock
from tests.web.kiosk import number
from tests.web.page import Page


def letters(db: Db, site_id: str = BEARN, at: object = MONDAY) -> str:
    return poster(db, site_id, at).letters


def say(phone: Browser, code: str, typed: str) -> Answer:
    page = phone.get(f"/r/{code}").page
    return phone.press(page, f"/r/{code}/arrivee", fill={"letters": typed})


def asks(page: Page) -> bool:
    return page.all("input", name="letters") != []


def test_it_shows_its_ten_letters_in_two_groups_under_its_square(db: Db, visitor: Browser) -> None:
    for hour in (today(10), today(10).replace(day=24)):
        code, _ = book(db, hour)
        page = visitor.get(f"/r/{code}").page
        assert page.one("p", class_="ten").text == f"{code[:5]} {code[5:10]}"
        assert page.one("img", class_="square")["src"] == f"/r/{code}/qr.svg"
        assert asks(page) is (hour.day == 23)


def test_the_letters_of_the_door_check_in_and_the_page_becomes_the_turn(
    db: Db, visitor: Browser
) -> None:
    code, held = book(db, today(9, 30))
    there = say(visitor, code, f" {letters(db).lower()} ")
    assert number(visitor.follow(there).page) == 1
    assert turn_of(db, held).due_at == held.starts_at
    assert number(visitor.follow(visitor.get(f"/r/{code}")).page) == 1
    assert visits_of(db) == 1


@pytest.mark.parametrize("typed", ["", "BBBB", "1234", "é" * 40, "of another site", "backwards"])
def test_other_letters_are_refused_and_kept_in_the_field(
    typed: str, db: Db, visitor: Browser
) -> None:
    code, _ = book(db, today(9, 30))
    wrong = {"of another site": letters(db, MANDELA), "backwards": letters(db)[::-1]}
    answer = say(visitor, code, wrong.get(typed, typed))
    assert answer.status == 422
    assert "pas celles de l’affiche" in answer.page.one("p", role="alert").text
    assert answer.page.one("input", name="letters")["value"] == wrong.get(typed, typed).upper()[:20]
    assert visits_of(db) == 0


def test_letters_count_for_three_minutes_of_the_house_s_clock(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    code, _ = book(db, today(10))
    shown = letters(db)
    clock.pass_by(minutes=3)
    assert say(visitor, code, shown).status == 422
    clock.set(MONDAY)
    clock.pass_by(minutes=2, seconds=59)
    assert say(visitor, code, shown).status == 303


def test_whoever_tries_all_letters_waits(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(10))
    wrong = [f"BBB{letter}" for letter in LETTERS[:14]]
    statuses = [say(visitor, code, each).status for each in wrong]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert say(visitor, code, letters(db)).status == 429


def test_early_and_late_are_said_on_the_turn_s_page(db: Db, visitor: Browser, clock: Clock) -> None:
    early, _ = book(db, today(11))
    page = visitor.follow(say(visitor, early, letters(db))).page
    assert "11:00" in page.one(id="turn").text
    late, _ = book(db, today(9, 30))
    clock.set(today(9, 50))
    page = visitor.follow(say(visitor, late, letters(db, at=clock.now))).page
    assert "votre place est avec les personnes qui attendent" in page.one(id="turn").text


def test_a_form_left_open_since_another_day(db: Db, visitor: Browser, clock: Clock) -> None:
    code, held = book(db, today(10))
    page = visitor.get(f"/r/{code}").page
    booking.move(db, held.id, _next_day(db), "desk", "an agent", MONDAY)
    answer = visitor.press(page, f"/r/{code}/arrivee", fill={"letters": letters(db)})
    assert heading(answer.page) == "Ce n’est pas aujourd’hui"
    assert "mardi 24 novembre" in words(answer.page)
    assert visits_of(db) == 0


def _next_day(db: Db) -> str:
    rows = db.all(
        "SELECT s.id FROM slot AS s JOIN occurrence AS o ON o.id = s.occurrence_id"
        " WHERE o.permanence_id = 'mission-locale' AND o.day = '2026-11-24' ORDER BY s.starts_at"
    )
    return str(rows[0]["id"])


def test_a_wrong_code_has_no_such_page(db: Db, visitor: Browser) -> None:
    assert visitor.post("/r/nothing/arrivee", {"letters": letters(db)}).status == 404


def test_once_the_visit_is_over_the_page_is_the_appointment_s_again(
    db: Db, visitor: Browser
) -> None:
    code, _ = book(db, today(9, 30))
    say(visitor, code, letters(db))
    visitor.post(f"/v/{code}/partir")
    assert heading(visitor.get(f"/r/{code}").page) == "Votre rendez-vous"
