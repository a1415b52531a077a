"""Booking as people touch it: at the desk, at the kiosk, on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, KIOSK, PHONE, Screens

Check = Callable[[Page], None]
WRITER = "ecs-nouvelles-voies"


def book_at_desk(page: Page, language: str = "fr") -> str:
    """The writer's first slot, for somebody who speaks `language`; the code of their page."""
    page.goto(f"/rendez-vous?pour={WRITER}")
    page.locator("a.slot").first.click()
    page.fill("#name", "Moussa")
    page.fill("#phone", "06 18 42 04 84")
    page.select_option("#visitor-language", language)
    page.get_by_role("button", name="Confirmer").click()
    source = page.locator(".slip .square").get_attribute("src")
    assert source
    return source.split("/")[2]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_staff(screens: Screens, accessible: Check, size: tuple[int, int]) -> None:
    page = screens.log_in("accueil", size)
    page.goto("/rendez-vous")
    accessible(page)
    page.goto(f"/rendez-vous?pour={WRITER}")
    accessible(page)
    page.locator("a.slot").first.click()
    page.wait_for_selector("#name")
    accessible(page)
    book_at_desk(page)
    accessible(page)
    page.get_by_role("link", name="Voir le rendez-vous").click()
    page.wait_for_selector(".details")
    accessible(page)
    page.get_by_role("link", name="Déplacer").click()
    page.wait_for_selector(".why")
    accessible(page)
    page.locator("input[value=house]").check()
    page.locator("button.slot").last.click()
    page.wait_for_selector(".booking-tell")
    accessible(page)
    page.goto("/rendez-vous")
    page.wait_for_selector(".person")
    accessible(page)
    page.goto("/accueil")
    page.get_by_role("link", name="à prévenir").click()
    page.wait_for_url("**/rendez-vous#a-prevenir")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_visitor(screens: Screens, accessible: Check, language: str) -> None:
    code = book_at_desk(screens.log_in("accueil"), language)
    phone = screens.open(f"/r/{code}", PHONE)
    assert phone.evaluate("document.documentElement.lang") == language
    accessible(phone)
    phone.locator("form[action$=plus-tot] button").click()
    phone.wait_for_selector("button[value='0']")
    accessible(phone)
    phone.locator("a[href*='/dates']").click()
    phone.wait_for_selector("button.slot")
    accessible(phone)
    phone.locator("button.slot").nth(2).click()
    phone.wait_for_selector(".plate")
    phone.locator("a.button--leave").click()
    phone.wait_for_selector("button.button--leave")
    accessible(phone)
    phone.locator("button.button--leave").click()
    phone.wait_for_selector(".plate--off")
    accessible(phone)


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("javascript", [True, False])
def test_the_kiosk(screens: Screens, accessible: Check, language: str, javascript: bool) -> None:
    kiosk = screens.open(f"/borne?language={language}", KIOSK, java_script_enabled=javascript)
    kiosk.locator("button[name=need][value=papiers]").click()
    kiosk.locator("form[action$=creneaux] button").first.click()
    kiosk.wait_for_selector(".tile--slot")
    if javascript:
        accessible(kiosk)
    hour = kiosk.locator(".tile--slot b").first.inner_text()
    kiosk.locator(".tile--slot").first.click()
    kiosk.wait_for_selector(".when-hour")
    assert kiosk.locator(".when-hour").inner_text().strip() == hour.strip()
    if javascript:
        accessible(kiosk)


def test_on_the_kiosk_every_date_is_above_the_band(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    kiosk.locator("button[name=need][value=papiers]").click()
    kiosk.locator("form[action$=creneaux] button").first.click()
    last = kiosk.locator(".tile--slot").last.bounding_box()
    band = kiosk.locator(".band").bounding_box()
    assert last
    assert band
    assert last["y"] + last["height"] <= band["y"]
