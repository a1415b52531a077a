"""What a scanner types: mangled by keyboards, read twice, not ours. And ten letters, by hand."""

import pytest

from accueil.store.codes import LETTERS, new_code
from accueil.store.db import Db
from tests.web.browser import Browser
from tests.web.check_in import ON_AZERTY, address, book, heading, scan, today, visits_of, words
from tests.web.conftest import Clock
from tests.web.kiosk import APPOINTMENT, ARRIVE, arrival, number, start

READINGS = {
    "as it is": lambda code: address(code),
    "small letters": lambda code: address(code).lower(),
    "a French keyboard": lambda code: address(code).translate(ON_AZERTY),
    "a French keyboard, small": lambda code: address(code).translate(ON_AZERTY).lower(),
    "twice, glued": lambda code: address(code) * 2,
    "twice, on two lines": lambda code: f"{address(code)}\r\n{address(code)}\r\n",
    "with what is before it": lambda code: f"BCD{address(code)}\t",
    "with a language after it": lambda code: f"{address(code)}?language=fr",
    "the same, on AZERTY": lambda code: f"{address(code)}?language=fr".translate(ON_AZERTY),
    "the code alone": lambda code: code,
    "the code alone, twice": lambda code: code * 2,
    "ten letters": lambda code: code[:10],
    "ten letters in groups": lambda code: f" {code[:5]} {code[5:10]} ".lower(),
}


@pytest.mark.parametrize("reading", READINGS)
def test_however_it_is_typed_it_is_one_arrival(reading: str, db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9, 30))
    first = scan(visitor, READINGS[reading](code))
    again = scan(visitor, READINGS[reading](code))
    for answer in (first, again):
        assert heading(answer.page) == "Votre numéro"
        assert "Attendez ici" in words(answer.page)
        assert number(answer.page) == 1
    assert visits_of(db) == 1


def hostile(code: str) -> list[str]:
    """Not ours, ours but tampered, of another house, and what breaks readers."""
    other = LETTERS[(LETTERS.index(code[-1]) + 1) % len(LETTERS)]
    return [
        "",
        "HTTPS://EXAMPLE.COM/MENU",
        "WIFI:S:Maison;T:WPA;P:secret;;",
        "BEGIN:VCARD\nFN:Awa\nEND:VCARD",
        address(new_code()),
        address(code[:-1] + other),
        address(code[1:]),
        f"HTTPS://ACCUEIL.EXAMPLE/P/{code[:17]}",
        new_code()[:10],
        "' OR 1=1 --",
        "\x00" * 40,
        "é" * 5_000,
        "B" * 40_000,
    ]


@pytest.mark.parametrize("nth", range(13))
def test_what_is_not_ours_is_not_recognised_and_is_no_dead_end(
    nth: int, db: Db, visitor: Browser
) -> None:
    code, _ = book(db, today(9, 30))
    answer = scan(visitor, hostile(code)[nth])
    assert answer.status == 422
    assert "n’est pas reconnu" in answer.page.one("p", role="alert").text
    assert visitor.press(answer.page, APPOINTMENT).status == 200
    assert visits_of(db) == 0


def test_a_code_of_long_ago_is_answered_with_its_day(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    code, _ = book(db, today(9, 30))
    clock.pass_by(days=30)
    assert heading(scan(visitor, address(code)).page) == "Ce n’est pas aujourd’hui"


def test_no_code_is_in_an_address_nor_shown(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9, 30))
    page = scan(visitor, address(code)).page
    assert not [each for each in visitor.been if code[:10] in each]
    shown = [text for node, text in page.words() if code[:10] in text]
    assert shown == []
    wrong = scan(visitor, address(code[:-1])).page
    assert wrong.one("input", class_="keypad-field").get("value") == ""


def test_ten_letters_that_are_not_recognised_stay_in_the_field(visitor: Browser) -> None:
    page = scan(visitor, "BCDEF GHJKL").page
    assert page.one("input", class_="keypad-field")["value"] == "BCDEFGHJKL"


def test_without_a_script_letters_are_touched_one_by_one(db: Db, visitor: Browser) -> None:
    code, _ = book(db, today(9, 30))
    page = arrival(visitor)
    for letter in f"{code[:4]}X":
        page = visitor.press(page, ARRIVE, letter=letter).page
    page = visitor.press(page, ARRIVE, erase="1").page
    for letter in code[4:10]:
        page = visitor.press(page, ARRIVE, letter=letter).page
    assert page.one("input", class_="keypad-field")["value"] == code[:10]
    [form] = [each for each in page.forms if each.get("id") == "typing"]
    typed = form.one("input", name="typed")["value"]
    assert number(visitor.post(ARRIVE, {"typed": typed}).page) == 1


def test_whoever_guesses_waits_and_whoever_scans_does_not(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    code, _ = book(db, today(9, 30))
    statuses = [scan(visitor, new_code()[:10]).status for _ in range(36)]
    assert statuses[:30] == [422] * 30
    assert statuses[-1] == 429
    late = scan(visitor, code[:10])
    assert late.status == 429
    assert "Attendez une minute" in late.page.one("p", role="alert").text
    assert scan(visitor, address(code)).status == 200
    clock.pass_by(minutes=1)
    assert number(scan(visitor, code[:10]).page) == 1


def test_a_scan_on_the_first_screen_has_a_form_to_go_in(visitor: Browser) -> None:
    form = start(visitor).one("form", id="scan")
    assert (form["action"], form["method"]) == (ARRIVE, "post")
    assert form.one("input", name="typed")["value"] == ""
