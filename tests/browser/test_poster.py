"""The poster at the door and the phone before it: what it shows counts for three minutes."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.appointments import book
from tests.browser.conftest import KIOSK, PHONE, Screens, Server
from tests.personae import MONDAY

DOOR = "/porte/bearn"
Check = Callable[[Page], None]


class Hands:
    """The house's clock, in a file."""

    def __init__(self, file: Path):
        self.file, self.at = file, MONDAY
        self.pass_by()

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)
        self.file.write_text(self.at.isoformat())


@pytest.fixture
def clock(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """The server, started again, reads the time from a file that the test writes."""
    hands = Hands(server.folder / "clock")
    server.stop()
    monkeypatch.setenv("ACCUEIL_CLOCK", str(hands.file))
    server.start()
    yield hands
    server.stop()
    monkeypatch.undo()
    server.start()


def opens(door: Page) -> str:
    """Where the square leads."""
    source = door.locator(".poster-square").get_attribute("src")
    assert source
    return source.removesuffix("/qr.svg")


def letters(door: Page) -> str:
    return door.locator(".poster-letters bdi").inner_text()


def test_the_phone_opens_it_and_arrives(
    screens: Screens, server: Server, accessible: Check
) -> None:
    door = screens.open(DOOR, KIOSK)
    accessible(door)
    box = door.locator(".poster-square").bounding_box()
    assert box
    assert box["width"] > 600
    code = book(server)
    phone = screens.open(opens(door), PHONE, locale="fr-FR")
    accessible(phone)
    phone.fill("#typed", f"{code[:5]} {code[5:10]}".lower())
    phone.get_by_role("button", name="Je suis là").click()
    expect(phone.locator(".plate .number")).to_be_visible()
    accessible(phone)


def test_without_appointment_and_without_a_script(screens: Screens, accessible: Check) -> None:
    door = screens.open(DOOR, KIOSK, java_script_enabled=False)
    phone = screens.open(opens(door), PHONE, java_script_enabled=False)
    phone.locator("button[name=step]").click()
    phone.locator("button[name=need][value=droit]").click()
    expect(phone.locator(".plate .number")).to_be_visible()


def test_the_page_of_an_appointment_asks_for_the_letters_of_the_door(
    screens: Screens, server: Server, accessible: Check
) -> None:
    code, door = book(server), screens.open(DOOR, KIOSK)
    phone = screens.open(f"/r/{code}", PHONE)
    accessible(phone)
    phone.locator(".at-door summary").click()
    phone.fill("#letters", letters(door).lower())
    phone.get_by_role("button", name="Je suis là").click()
    expect(phone.locator("#turn .number")).to_be_visible()
    accessible(phone)


def test_it_changes_expires_and_survives_a_restart(
    screens: Screens, server: Server, clock: Hands
) -> None:
    door = screens.open(DOOR, KIOSK)
    first, opened = letters(door), opens(door)
    server.stop()
    clock.pass_by(minutes=1)
    server.start()
    expect(door.locator(".poster-letters bdi")).not_to_have_text(first, timeout=30_000)
    phone = screens.open(opened, PHONE, locale="fr-FR")
    expect(phone.locator("#typed")).to_be_visible()
    clock.pass_by(minutes=2)
    phone.goto(opened)
    expect(phone.locator("h1")).to_have_text("Ce code a changé")
    forgive(screens, "410|Failed to load|ERR_|htmx")


def test_a_house_that_does_not_answer_is_said_in_place_of_old_letters(
    screens: Screens, server: Server
) -> None:
    door = screens.open("about:blank", KIOSK)
    door.clock.install()
    door.goto(DOOR)
    server.stop()
    door.clock.run_for(125_000)
    expect(door.locator("#away")).to_be_visible()
    server.start()
    door.clock.run_for(25_000)
    expect(door.locator("#away")).to_be_hidden()
    forgive(screens, "ERR_|Failed to load|htmx")


def forgive(screens: Screens, said: str) -> None:
    """What the console says of an answer that was no, or of no answer."""
    screens.complaints[:] = [each for each in screens.complaints if not re.search(said, each)]
