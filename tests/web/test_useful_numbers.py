"""The numbers to dial, from any screen, in the person's language."""

import pytest

from accueil.orientation.numbers import NUMBERS
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.web.bookings import book
from tests.web.browser import Browser
from tests.web.kiosk import (
    APPOINTMENT,
    HOME,
    TICKET,
    answers,
    arrival,
    code,
    number,
    start,
    take,
    turn_to,
)
from tests.web.page import Page
from tests.web.people import arrive

NUMEROS = f"{HOME}/numeros"
DIALLED = {"115", "3919", "119", "15", "17", "18", "112", "114"}


def numbers(page: Page) -> set[str]:
    return {each.text for each in page.all("bdi") if each.within("li")} & DIALLED


def on_phone(visitor: Browser, path: str) -> Page:
    answer = visitor.press(visitor.get(path).page, path.split("?")[0], show="numbers")
    assert answer.status == 200
    return answer.page


def test_the_house_knows_the_national_numbers() -> None:
    assert {each.dialled for each in NUMBERS} == DIALLED
    assert [each.dialled for each in NUMBERS if each.by == "sms"] == ["114"]


def test_they_are_reached_from_every_screen_of_the_kiosk(visitor: Browser) -> None:
    appointment = visitor.press(arrival(visitor), APPOINTMENT).page
    for page in (start(visitor), answers(visitor, "sante"), appointment, take(visitor).page):
        found = visitor.press(page, NUMEROS)
        assert found.status == 200
        assert numbers(found.page) == DIALLED


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_they_are_in_the_language_of_the_screen_and_never_reversed(
    language: str, visitor: Browser
) -> None:
    page = visitor.press(start(visitor, language), NUMEROS).page
    assert page.one("html")["lang"] == language
    for each in page.all("bdi"):
        if each.text in DIALLED:
            assert (each["dir"], each.classes) == ("ltr", {"solid"})
    spoken = turn_to(visitor, page, NUMEROS, "en").page
    assert spoken.one("html")["lang"] == "en"


def test_the_kiosk_dials_nothing(visitor: Browser) -> None:
    page = visitor.press(start(visitor), NUMEROS).page
    assert [each for each in page.all("a") if each["href"].startswith(("tel:", "sms:"))] == []


def test_each_has_a_pictogram_and_a_few_words(visitor: Browser) -> None:
    for card in visitor.press(start(visitor), NUMEROS).page.all("li"):
        assert card.one("svg")
        assert len(card.one("small").text) > 5


def test_the_kiosk_is_left_at_once_and_back_at_one_s_number(db: Db, visitor: Browser) -> None:
    ticket = take(visitor).page
    page = visitor.press(ticket, NUMEROS).page
    assert page.form(HOME).one("button").get("data-done") is not None
    [back] = [
        form
        for form in page.forms
        if form["action"] == TICKET and not form.all("button", name="private")
    ]
    sent = {each["name"]: each["value"] for each in back.all("input")}
    again = visitor.send(TICKET, sent).page
    assert (number(again), code(again)) == (number(ticket), code(ticket))
    assert len(db.all("SELECT id FROM visit")) == 1


def test_one_s_private_number_is_found_again_without_ringing_twice(
    db: Db, visitor: Browser
) -> None:
    ticket = visitor.press(start(visitor), TICKET, private="1").page
    page = visitor.press(ticket, NUMEROS).page
    assert visitor.press(page, TICKET, private="1").status == 200
    assert len(db.all("SELECT id FROM alert")) == 1
    assert len(db.all("SELECT id FROM visit")) == 1


def test_before_any_ticket_asking_there_opens_one(db: Db, visitor: Browser) -> None:
    page = visitor.press(start(visitor), NUMEROS).page
    assert visitor.press(page, TICKET, private="1").status == 200
    [visit] = db.all("SELECT need, private FROM visit")
    assert visit == {"need": None, "private": 1}


def test_a_birth_in_secret_is_said_to_ask_for_no_name(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine)
    for page in (visitor.press(start(visitor), NUMEROS).page, on_phone(visitor, f"/v/{mine}")):
        assert "Accoucher dans le secret" in page.text
        assert "ni nom ni papiers" in page.text
        assert page.all("input", type="text") == []


def test_the_phone_dials_and_writes(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine)
    page = on_phone(visitor, f"/v/{mine}")
    calls = {each["href"] for each in page.all("a", class_="dial")}
    assert calls == {f"tel:{each}" for each in DIALLED - {"114"}} | {"sms:114"}
    assert numbers(page) == DIALLED


def test_the_phone_s_page_is_left_for_the_ticket(db: Db, visitor: Browser) -> None:
    mine, other = new_code(), new_code()
    arrive(db, code=mine)
    book(db, code=other)
    for path in (f"/v/{mine}", f"/r/{other}"):
        [way] = [
            each for each in on_phone(visitor, path).all("a") if "data-leave" in each.attributes
        ]
        assert way["href"] == f"{path}?language=fr"
        assert visitor.get(way["href"]).status == 200


def test_a_ticket_that_is_no_longer_valid_still_has_them(visitor: Browser) -> None:
    for path in (f"/v/{new_code()}", f"/r/{new_code()}", "/v/x"):
        gone = visitor.get(path)
        assert gone.status == 404
        assert numbers(gone.page) == DIALLED


def test_the_numbers_in_another_language_on_a_phone(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, code=mine)
    page = visitor.press(on_phone(visitor, f"/v/{mine}"), f"/v/{mine}", language="ar").page
    assert page.one("html")["dir"] == "rtl"
    assert numbers(page) == DIALLED


@pytest.mark.parametrize("value", ["inconnu", "\0", "' --", "x" * 50_000], ids=range(4))
def test_no_field_breaks_the_page(value: str, visitor: Browser) -> None:
    for name in ("code", "numbered", "private", "language"):
        assert visitor.post(NUMEROS, {name: value}).status in (200, 303, 422)
