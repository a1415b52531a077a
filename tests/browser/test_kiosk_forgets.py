"""The kiosk forgets: warned when idle, reset by itself, and Back shows nothing of anyone."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import KIOSK, Screens, Server, take_ticket


def test_a_ticket_left_on_the_screen_is_cleared(screens: Screens) -> None:
    kiosk = _kiosk(screens)
    take_ticket(kiosk)
    kiosk.clock.run_for(21_000)
    kiosk.wait_for_selector("button[name=need]")
    _back_shows_nothing(kiosk)


def test_a_screen_left_half_way_warns_then_begins_again(screens: Screens) -> None:
    kiosk = _kiosk(screens)
    kiosk.locator("button[name=need][value=droit]").click()
    kiosk.wait_for_selector(".card")
    kiosk.clock.run_for(62_000)
    expect(kiosk.locator("#idle")).to_be_visible()
    kiosk.locator("[data-stay]").click()
    expect(kiosk.locator("#idle")).not_to_be_visible()
    expect(kiosk.locator(".card").first).to_be_visible()
    kiosk.clock.run_for(82_000)
    kiosk.wait_for_selector("button[name=need]")
    _back_shows_nothing(kiosk)


def test_done_begins_again_in_french(screens: Screens) -> None:
    kiosk = _kiosk(screens, "/borne?language=ar")
    take_ticket(kiosk)
    kiosk.locator("[data-done]").click()
    kiosk.wait_for_selector("button[name=need]")
    assert kiosk.evaluate("document.documentElement.lang") == "fr"
    _back_shows_nothing(kiosk)


def test_nothing_of_the_visit_is_kept_on_the_device(screens: Screens) -> None:
    kiosk = _kiosk(screens)
    take_ticket(kiosk)
    assert kiosk.evaluate("localStorage.length") == 0
    # htmx notes the page's own address, which says nothing of anyone.
    assert kiosk.evaluate("Object.values(sessionStorage)") == ["/borne"]
    assert kiosk.url.endswith("/borne")


def test_without_the_server_it_says_to_go_to_the_desk_and_comes_back(
    screens: Screens, server: Server
) -> None:
    kiosk = screens.open("/borne", KIOSK)
    server.stop()
    kiosk.locator("button[name=need][value=droit]").click()
    expect(kiosk.locator("#away")).to_be_visible()
    server.start()
    expect(kiosk.locator("#away")).to_be_hidden()
    expect(kiosk.locator("button[name=need]").first).to_be_visible()
    screens.complaints.clear()  # the browser's own words about the lost connection


def _kiosk(screens: Screens, path: str = "/borne") -> Page:
    """A kiosk whose clock the test drives: a minute of rest need not last one."""
    page = screens.open("about:blank", KIOSK)
    page.clock.install()
    page.goto(path)
    return page


def _back_shows_nothing(kiosk: Page) -> None:
    kiosk.go_back()
    kiosk.wait_for_timeout(500)
    assert kiosk.locator(".number, .card").count() == 0
