"""A card, a pregnancy, an infant: one touch, taken back by the same one; which, nobody knows."""

from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import PARQUET
from tests.web.browser import Browser
from tests.web.check_in import book, scan, today
from tests.web.kiosk import ARRIVE, HOME, TICKET, number, take
from tests.web.page import Page
from tests.web.people import arrive

PRECEDENCE = f"{HOME}/priorite"


def pressed(page: Page) -> str:
    return page.one("button", name="given")["aria-pressed"]


def given(db: Db) -> int:
    [row] = db.all("SELECT precedence FROM visit ORDER BY number DESC LIMIT 1")
    return int(row["precedence"])


def test_on_the_kiosk_s_ticket(db: Db, visitor: Browser) -> None:
    for _ in range(3):
        arrive(db, service_id=PARQUET)
    ticket = take(visitor, service=PARQUET).page
    assert "3 personnes avant vous" in ticket.text
    assert pressed(ticket) == "false"
    moved = visitor.press(ticket, PRECEDENCE, given="1")
    assert moved.status == 307
    assert moved.location == TICKET
    kept = {each["name"]: each["value"] for each in ticket.form(PRECEDENCE, given="1").all("input")}
    again = visitor.send(TICKET, {**kept, "given": "1"}).page
    assert number(again) == number(ticket)
    assert pressed(again) == "true"
    assert "Vous êtes le prochain numéro" in again.text
    visitor.press(again, PRECEDENCE, given="0")
    assert given(db) == 0


def test_on_the_answer_to_an_appointment(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9, 30))
    page = scan(visitor, code).page
    said = visitor.press(page, ARRIVE, given="1").page
    assert pressed(said) == "true"
    assert given(db) == 1
    assert number(said) == 1
    visitor.press(said, ARRIVE, given="0")
    assert given(db) == 0


def test_on_one_s_phone(db: Db, visitor: Browser) -> None:
    mine = new_code()
    arrive(db, service_id=PARQUET)
    arrive(db, service_id=PARQUET, code=mine)
    page = visitor.get(f"/v/{mine}").page
    visitor.press(page, f"/v/{mine}/priorite", given="1")
    after = visitor.get(f"/v/{mine}").page
    assert pressed(after) == "true"
    assert after.all(class_="many") == []
    visitor.press(after, f"/v/{mine}/priorite", given="0")
    assert given(db) == 0


def test_a_code_of_nobody_begins_again(db: Db, visitor: Browser) -> None:
    for code in ("", "nothing", new_code()):
        assert visitor.post(PRECEDENCE, {"code": code, "given": "1"}).location == HOME
    assert visitor.post("/v/nothing/priorite", {"given": "1"}).status == 404
    assert visitor.get(PRECEDENCE).location == HOME
