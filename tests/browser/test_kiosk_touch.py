"""Fingers: large targets, a double tap that makes one visit, a page left open all night."""

import sqlite3

from playwright.sync_api import Page

from tests.browser.conftest import KIOSK, Screens, Server, take_ticket

SMALLEST = 80


def test_every_target_of_the_kiosk_is_large(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    _measure(kiosk)
    kiosk.locator("button[name=need][value=droit]").click()
    kiosk.wait_for_selector(".card")
    _measure(kiosk)
    kiosk.locator("button[name=service]").first.click()
    kiosk.wait_for_selector(".number")
    _measure(kiosk)


def test_the_first_screen_and_the_ticket_fit_without_scrolling(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    overflow = "document.documentElement.scrollHeight - innerHeight"
    assert kiosk.evaluate(overflow) <= 0
    take_ticket(kiosk)
    assert kiosk.evaluate(overflow) <= 0


def test_a_double_tap_makes_one_visit(screens: Screens, server: Server) -> None:
    before = _visits(server)
    kiosk = screens.open("/borne", KIOSK)
    kiosk.locator("button[name=need][value=droit]").click()
    kiosk.locator("button[name=service]").first.dblclick()
    kiosk.wait_for_selector(".number")
    kiosk.wait_for_timeout(500)
    assert _visits(server) == before + 1


def test_a_second_tap_at_the_same_place_does_nothing_on_the_screen_that_came(
    screens: Screens, server: Server
) -> None:
    """Under "Back" of a question is the call for help; under a need, a ticket."""
    kiosk, before = screens.open("/borne", KIOSK), _visits(server)
    _tap_twice(kiosk, "button[name=need][value=logement]")
    kiosk.wait_for_selector("button[name=enough]")
    _tap_twice(kiosk, ".band > form:first-of-type button")
    kiosk.wait_for_selector("button[name=need]")
    _tap_twice(kiosk, "button[name=need][value=droit]")
    kiosk.wait_for_timeout(800)
    assert kiosk.locator("button[name=service]").count() >= 1
    assert _visits(server) == before
    kiosk.locator("button[name=service]").first.click()
    kiosk.wait_for_selector(".number")


def _tap_twice(page: Page, selector: str) -> None:
    """A finger that trembles: again, a quarter of a second later."""
    box = page.locator(selector).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    page.wait_for_timeout(250)
    page.mouse.click(x, y)
    page.wait_for_timeout(250)


def test_speaking_in_private_takes_one_touch(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    kiosk.locator("button[name=private]").click()
    kiosk.wait_for_selector(".number")
    desk = screens.log_in("accueil")
    assert desk.locator(".presence--private").count() >= 1


def test_a_page_left_open_all_night_heals_itself(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    kiosk.context.clear_cookies()
    kiosk.evaluate(
        "document.querySelectorAll('[name=csrf_token]').forEach(field => field.value = 'old')"
    )
    assert take_ticket(kiosk) >= 1


def test_the_ticket_prints_on_one_strip_of_80_mm(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    take_ticket(kiosk)
    kiosk.wait_for_load_state("networkidle")
    pdf = kiosk.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1
    width = float(pdf.split(b"/MediaBox [0 0 ")[1].split()[0])
    assert abs(width - 80 / 25.4 * 72) < 2


def _measure(kiosk: Page) -> None:
    for target in kiosk.locator(".screen button:visible").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= SMALLEST, target.inner_text()
        assert box["width"] >= SMALLEST, target.inner_text()


def _visits(server: Server) -> int:
    with sqlite3.connect(server.folder / "accueil.db") as file:
        return int(file.execute("SELECT count(*) FROM visit").fetchone()[0])
