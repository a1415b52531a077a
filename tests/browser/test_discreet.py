"""Somebody in danger: the desk knows within two seconds, and the device shows and keeps nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, KIOSK, PHONE, Screens

Check = Callable[[Page], None]
# htmx notes the page's own address, and that is all.
STORED = """Object.values(localStorage).concat(Object.values(sessionStorage))
  .filter((each) => each !== location.pathname && each !== location.pathname + location.search
    && !each.startsWith("/borne"))"""


@pytest.fixture
def kiosk(screens: Screens) -> Page:
    return screens.open("/borne", KIOSK)


def ask(kiosk: Page) -> str:
    """Touch "en privé"; the address that the square of the ticket opens."""
    kiosk.locator("button[name=private]").click()
    kiosk.wait_for_selector(".number")
    kiosk.wait_for_timeout(800)  # a touch at the same place, at once, would count for nothing
    source = kiosk.locator(".square").get_attribute("src")
    assert source
    return source.removesuffix("/qr.svg")


def numbers(kiosk: Page) -> None:
    kiosk.locator(".useful button").click()
    kiosk.wait_for_selector(".dial")


def test_the_desk_sees_it_whatever_it_is_doing(screens: Screens, kiosk: Page) -> None:
    desk = screens.log_in("accueil")
    desk.goto("/accueil/nouveau/droit")
    ask(kiosk)
    number = kiosk.locator(".number").inner_text()
    alert = desk.locator(".alert").filter(has_text=f"Ticket {number} ")
    expect(alert).to_be_visible()
    assert desk.locator("aside.panel").count() == 1
    box, panel = alert.bounding_box(), desk.locator("aside.panel").bounding_box()
    assert box
    assert panel
    assert box["x"] + box["width"] <= panel["x"]
    alert.get_by_role("button").click()
    expect(desk.locator("#panel-title")).to_contain_text(number)
    expect(desk.locator(".alert").filter(has_text=f"Ticket {number} ")).to_have_count(0)


def test_it_cannot_wait(screens: Screens, kiosk: Page) -> None:
    desk = screens.log_in("accueil")
    ask(kiosk)
    number = kiosk.locator(".number").inner_text()
    kiosk.locator("form[action$='/accueil'] button").click()
    expect(kiosk.locator("form[action$='/accueil']")).to_have_count(0)
    assert kiosk.locator(".number").inner_text() == number
    expect(desk.locator(".alert--urgent").filter(has_text=f"Ticket {number} ")).to_be_visible()


def test_the_kiosk_is_left_at_once_and_back_shows_nothing(kiosk: Page) -> None:
    ask(kiosk)
    numbers(kiosk)
    kiosk.locator("[data-done]").click()
    kiosk.wait_for_selector("button[name=need]")
    assert kiosk.evaluate(STORED) == []
    assert kiosk.evaluate("document.cookie") == ""
    assert [cookie["name"] for cookie in kiosk.context.cookies()] == ["accueil"]
    kiosk.go_back()
    kiosk.wait_for_timeout(500)
    assert kiosk.locator(".number, .dial").count() == 0


def test_the_phone_leaves_no_page_behind(screens: Screens, kiosk: Page) -> None:
    address = ask(kiosk)
    phone = screens.open(address, PHONE)
    title = phone.title()
    phone.locator("button[name=show]").click()
    phone.wait_for_selector("a.dial")
    assert phone.title() == title
    phone.locator("[data-leave]").click()
    phone.wait_for_selector("#turn")
    assert phone.evaluate(STORED) == []
    for _ in range(2):
        phone.go_back()
        phone.wait_for_timeout(300)
        assert phone.locator("a.dial").count() == 0


def test_escape_leaves_too_and_forward_shows_nothing(screens: Screens, kiosk: Page) -> None:
    phone = screens.open(ask(kiosk), PHONE)
    phone.locator("button[name=show]").click()
    phone.wait_for_selector("a.dial")
    phone.keyboard.press("Escape")
    phone.wait_for_selector("#turn")
    phone.go_forward()
    phone.wait_for_timeout(300)
    assert phone.locator("a.dial").count() == 0


def test_without_any_script_the_way_out_is_a_link(screens: Screens, kiosk: Page) -> None:
    phone = screens.open(ask(kiosk), PHONE, java_script_enabled=False)
    phone.locator("button[name=show]").click()
    phone.locator("[data-leave]").click()
    expect(phone.locator("#turn")).to_be_visible()
    other = screens.open("/borne", KIOSK, java_script_enabled=False)
    other.locator(".useful button").click()
    other.locator("[data-done]").click()
    expect(other.locator("button[name=need]").first).to_be_visible()


def test_what_was_missing_stays_open_while_the_house_lives(screens: Screens, kiosk: Page) -> None:
    ask(kiosk)
    desk = screens.log_in("accueil")
    desk.locator(".presence").first.click()
    desk.locator(".unmet summary").click()
    version = desk.locator("#day").get_attribute("data-version")
    ask(screens.open("/borne", KIOSK))
    expect(desk.locator("#day")).not_to_have_attribute("data-version", version or "")
    expect(desk.locator(".unmet button").first).to_be_visible()
    desk.locator(".unmet button[value=place]").click()
    expect(desk.locator("#undo, .undo")).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_screen_of_it_is_accessible(
    screens: Screens, accessible: Check, language: str
) -> None:
    kiosk = screens.open(f"/borne?language={language}", KIOSK)
    numbers(kiosk)
    accessible(kiosk)
    address = ask(kiosk)
    accessible(kiosk)
    numbers(kiosk)
    accessible(kiosk)
    for name in kiosk.locator("bdi.solid").all():
        assert name.evaluate("e => getComputedStyle(e).direction") == "ltr"
    phone = screens.open(address, PHONE)
    accessible(phone)
    phone.locator("button[name=show]").click()
    phone.wait_for_selector("a.dial")
    accessible(phone)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_desk_that_is_alerted_is_accessible(
    screens: Screens, accessible: Check, kiosk: Page, size: tuple[int, int]
) -> None:
    ask(kiosk)
    kiosk.locator("form[action$='/accueil'] button").click()
    desk = screens.log_in("accueil", size)
    expect(desk.locator(".alert--urgent").first).to_be_visible()
    accessible(desk)
    desk.locator(".alert button").first.click()
    desk.wait_for_selector("#panel")
    desk.locator(".unmet summary").click()
    accessible(desk)
    desk.goto("/admin/besoins-sans-reponse")
    accessible(desk)
