"""Every surface, in its languages and at its own size: zero accessibility violations."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import BOARD, DESK, KIOSK, PHONE, Screens, take_ticket, touch_need

Check = Callable[[Page], None]


@pytest.mark.parametrize("language", ["fr", "fr@falc", "en", "ar"])
def test_the_kiosk_and_the_phone(screens: Screens, accessible: Check, language: str) -> None:
    kiosk = screens.open(f"/borne?language={language}", KIOSK)
    accessible(kiosk)
    kiosk.locator(".tile--wide").click()
    kiosk.wait_for_selector("#typing")
    accessible(kiosk)
    kiosk.locator(".band button").first.click()
    kiosk.wait_for_selector(".cards")
    accessible(kiosk)
    kiosk.goto(f"/borne?language={language}")
    for need in ("droit", "seniors", "alimentation"):
        touch_need(kiosk, need)
        accessible(kiosk)
        kiosk.goto(f"/borne?language={language}")
    take_ticket(kiosk)
    accessible(kiosk)
    assert kiosk.evaluate("document.documentElement.lang") == language.partition("@")[0]
    assert kiosk.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    source = kiosk.locator(".square").get_attribute("src")
    assert source
    phone = screens.open(source.removesuffix("/qr.svg"), PHONE)
    accessible(phone)
    phone.locator("a.button--leave").click()
    accessible(phone)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_desk(screens: Screens, accessible: Check, language: str) -> None:
    take_ticket(screens.open("/borne", KIOSK))
    desk = screens.log_in("accueil")
    if language == "en":
        desk.get_by_role("button", name="English").click()
        desk.wait_for_selector("html[lang=en] #day")
    accessible(desk)
    for path in ("/accueil/nouveau", "/accueil/nouveau/droit", "/accueil/nouveau/alimentation"):
        desk.goto(path)
        accessible(desk)
    desk.locator(".answer button[name=service]").first.click()
    desk.wait_for_selector(".square")
    accessible(desk)
    desk.goto("/accueil")
    desk.locator(".presence").first.click()
    desk.wait_for_selector("#panel")
    accessible(desk)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_partner(screens: Screens, accessible: Check, size: tuple[int, int]) -> None:
    take_ticket(screens.open("/borne", KIOSK))
    partner = screens.log_in("parquet", size)
    accessible(partner)
    call = partner.get_by_role("button", name="Appeler le suivant")
    if call.count():
        call.click()
    partner.wait_for_selector(".guest")
    accessible(partner)


def test_the_board(screens: Screens, accessible: Check) -> None:
    accessible(screens.open("/ecran", BOARD))


@pytest.mark.parametrize("path", ["/connexion", "/v/nothing", "/nothing"])
def test_the_door_and_the_dead_ends(screens: Screens, accessible: Check, path: str) -> None:
    page = screens.open(path, PHONE)
    accessible(page)
    screens.complaints[:] = [text for text in screens.complaints if "404" not in text]


def test_the_admin(screens: Screens, accessible: Check) -> None:
    page = screens.log_in("admin")
    accessible(page)
    page.locator("summary").first.click()
    page.get_by_role("link", name="Fermer ce compte").first.click()
    page.get_by_role("heading", name="Fermer ce compte ?").wait_for()
    accessible(page)


def test_the_locked_desk(screens: Screens, accessible: Check) -> None:
    desk = screens.log_in("accueil")
    desk.get_by_role("button", name="Verrouiller").click()
    desk.wait_for_selector("#password")
    accessible(desk)


@pytest.mark.parametrize("path", ["/borne", "/connexion", "/ecran"])
def test_nothing_is_lost_on_the_narrowest_screen(
    screens: Screens, accessible: Check, path: str
) -> None:
    accessible(screens.open(path, (320, 640)))
