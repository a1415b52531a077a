"""The poster at the door, and what a phone that has read it can do."""

import pytest
from flask import Flask

from accueil.reception.poster import poster
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, DESK, MANDELA, MONDAY
from tests.web.browser import Answer, Browser
from tests.web.check_in import book, heading, today, visits_of, words
from tests.web.conftest import Clock
from tests.web.kiosk import number
from tests.web.page import Page

DOOR = f"/porte/{BEARN}"


def token(page: Page) -> str:
    return page.one("img", class_="poster-square")["src"].split("/")[2]


def opened(phone: Browser) -> Page:
    return phone.get(f"/P/{token(phone.get(DOOR).page)}").page


def there(page: Page, way: str) -> str:
    """Where a form of the page goes."""
    return next(each["action"] for each in page.forms if each["action"].endswith(way))


def arrive(phone: Browser, page: Page, typed: str) -> Answer:
    return phone.press(page, there(page, "/arrivee"), fill={"typed": typed})


def walk_in(phone: Browser, page: Page, **button: str) -> Answer:
    chosen = button or {"need": "droit"}
    if "need" in chosen:
        page = phone.press(page, page_address(page), step="need").page
    return phone.press(page, there(page, "/ticket"), **chosen)


def page_address(page: Page) -> str:
    return there(page, "/arrivee").removesuffix("/arrivee")


def test_the_poster_changes_every_minute_and_survives_a_restart(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    first, part = visitor.get(DOOR).page, visitor.get(f"{DOOR}/code").page
    assert token(first) == token(part) == poster(db, BEARN, MONDAY).token
    clock.pass_by(seconds=60)
    later = visitor.get(f"{DOOR}/code").page
    assert token(later) != token(first)
    assert len(later.one(class_="poster-letters").one("bdi").text) == 4
    square = visitor.get(f"/p/{token(later)}/qr.svg")
    assert square.response.mimetype == "image/svg+xml"


def test_a_site_without_a_desk_has_no_poster(visitor: Browser) -> None:
    assert visitor.get(f"/porte/{MANDELA}").status == 404


@pytest.mark.parametrize("seconds", [0, 179])
def test_what_it_showed_opens_for_three_minutes(
    seconds: int, visitor: Browser, clock: Clock
) -> None:
    shown = token(visitor.get(DOOR).page)
    clock.pass_by(seconds=seconds)
    assert heading(visitor.get(f"/p/{shown.lower()}").page) == "Espace commun des solidarités"


def test_later_it_has_changed(visitor: Browser, clock: Clock) -> None:
    shown = token(visitor.get(DOOR).page)
    for minutes in (3, 60, 60 * 24 * 400):
        clock.set(MONDAY)
        clock.pass_by(minutes=minutes)
        answer = visitor.get(f"/p/{shown}", headers={"Accept-Language": "fr"})
        assert answer.status == 410
        assert "Visez de nouveau l’affiche" in words(answer.page)


def test_what_no_door_of_this_house_showed_is_unknown(visitor: Browser, db: Db) -> None:
    shown = token(visitor.get(DOOR).page)
    tampered = shown[:-1] + ("B" if shown[-1] != "B" else "C")
    later = "BBBBBBC" + shown[7:]
    for other in (tampered, later, shown[:7], "nothing", "é", "B" * 400):
        assert visitor.get(f"/p/{other}").status == 404


@pytest.mark.own_application
def test_another_house_draws_other_letters(app: Flask, db: Db, visitor: Browser) -> None:
    ours = poster(db, BEARN, MONDAY)
    db.key = b"the key of another house"
    assert poster(db, BEARN, MONDAY).letters != ours.letters
    assert visitor.get(f"/p/{poster(db, BEARN, MONDAY).token}").status == 404


def test_ten_letters_are_answered_with_a_number(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9, 30))
    answer = arrive(visitor, opened(visitor), f"{code[:5].lower()} {code[5:10]}")
    assert number(answer.page) == 1
    assert "Attendez ici" in words(answer.page)
    private = visitor.press(answer.page, there(answer.page, "/arrivee"), ask="desk").page
    assert number(private) == 1
    assert "vient vers vous" in words(private)
    assert visits_of(db) == 1


def test_a_whole_code_opens_the_turn(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9, 30))
    answer = arrive(visitor, opened(visitor), f"https://accueil.example/r/{code}")
    assert f"/v/{code}?" in str(answer.location).replace("/V/", "/v/")
    assert number(visitor.follow(answer).page) == 1


def test_who_is_not_expected_today_still_finds_somebody(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9).replace(day=24))
    page = arrive(visitor, opened(visitor), code[:10]).page
    assert heading(page) == "Ce n’est pas aujourd’hui"
    assert visitor.press(page, page_of(page)).status == 200
    assert visitor.press(page, there(page, "/ticket"), private="1").status == 303


def page_of(page: Page) -> str:
    return there(page, "/ticket").removesuffix("/ticket")


def test_letters_that_nobody_has_are_refused_and_kept(visitor: Browser, db: Db) -> None:
    answer = arrive(visitor, opened(visitor), "BCDEF GHJKL")
    assert answer.status == 422
    assert answer.page.one("input", name="typed")["value"] == "BCDEF GHJKL"
    assert visits_of(db) == 0


def test_phones_that_guess_do_not_stop_the_kiosk(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9, 30))
    page = opened(visitor)
    statuses = [arrive(visitor, page, new_code()[:10]).status for _ in range(36)]
    assert statuses[-1] == 429
    assert visitor.post(f"/borne/{BEARN}/arrivee", {"typed": code[:10]}).status == 200


def test_without_appointment_one_says_what_for_and_waits_for_the_desk(
    db: Db, visitor: Browser
) -> None:
    answer = walk_in(visitor, opened(visitor))
    assert number(visitor.follow(answer).page) == 1
    [visit] = db.all("SELECT * FROM visit")
    [turn] = db.all("SELECT * FROM queue_entry")
    assert (visit["channel"], visit["need"], turn["service_id"]) == ("phone", "droit", DESK)


def test_in_private_nothing_is_asked(db: Db, visitor: Browser) -> None:
    walk_in(visitor, opened(visitor), private="1")
    [visit] = db.all("SELECT * FROM visit")
    assert (visit["private"], visit["need"]) == (1, None)
    assert len(db.all("SELECT id FROM alert")) == 1


def test_a_form_sent_twice_is_one_turn(db: Db, visitor: Browser, clock: Clock) -> None:
    page = visitor.press(page := opened(visitor), page_address(page), step="need").page
    for _ in range(3):
        answer = visitor.press(page, there(page, "/ticket"), need="droit")
        assert number(visitor.follow(answer).page) == 1
        clock.pass_by(minutes=2)
    assert visits_of(db) == 1


def test_the_page_can_be_filled_in_after_the_poster_has_changed(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    page = opened(visitor)
    clock.pass_by(minutes=10)
    assert walk_in(visitor, page).status == 303
    clock.pass_by(minutes=5)
    assert visitor.press(page, page_address(page), step="need").status == 410


def test_one_phone_takes_three_turns_in_an_hour_and_still_asks_in_private(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    statuses = [walk_in(visitor, opened(visitor)).status for _ in range(5)]
    assert statuses == [303, 303, 303, 429, 429]
    assert walk_in(visitor, opened(visitor), private="1").status == 303
    clock.pass_by(minutes=61)
    assert walk_in(visitor, opened(visitor)).status == 303


def test_a_crowd_of_phones_takes_a_dozen_turns_a_minute(app: Flask, db: Db, clock: Clock) -> None:
    statuses = [walk_in(phone, opened(phone)).status for phone in (Browser(app) for _ in range(20))]
    assert statuses[:12] == [303] * 12
    assert statuses[-1] == 429
    clock.pass_by(minutes=1)
    phone = Browser(app)
    assert walk_in(phone, opened(phone)).status == 303


@pytest.mark.parametrize("language", ["ar", "fr@falc"])
def test_it_speaks_the_phone_s_language_or_the_one_chosen(language: str, visitor: Browser) -> None:
    page = opened(visitor)
    chosen = visitor.press(page, page_address(page), language=language).page
    needs = visitor.press(chosen, page_address(chosen), step="need").page
    turn = visitor.follow(visitor.press(needs, there(needs, "/ticket"), need="droit")).page
    for each in (chosen, needs, turn):
        assert each.one("html")["lang"] == language.partition("@")[0]


def test_nonsense_in_its_forms_changes_nothing(db: Db, visitor: Browser) -> None:
    page = opened(visitor)
    ticket = there(page, "/ticket")
    for fields in ({"code": "x"}, {}, {"code": new_code(), "need": "nothing"}):
        assert visitor.post(ticket, fields).status == 422
    assert visitor.post(page_address(page), {"language": "klingon"}).status == 422
    assert visits_of(db) == 0
