"""Live screens: by a stream, or by asking when there is none; and honest when cut off."""

from playwright.sync_api import expect

from tests.browser.conftest import BOARD, KIOSK, Screens, Server, take_ticket


def test_without_streams_the_desk_asks_every_two_seconds(screens: Screens) -> None:
    desk = screens.open("/connexion", (1280, 800))
    desk.route("**/live/bearn?*", lambda route: route.fulfill(status=503))
    desk.fill("#login", "accueil")
    desk.fill("#password", "bonjour-accueil")
    desk.locator("main form button").first.click()
    desk.wait_for_selector("#day")
    number = take_ticket(screens.open("/borne", KIOSK))
    expect(desk.locator(".presence b", has_text=str(number))).to_be_visible()
    screens.complaints.clear()  # the refused stream


def test_what_the_agent_types_is_never_replaced(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.goto("/accueil/nouveau/droit")
    desk.get_by_text("Préciser un nom d’usage").click()
    desk.fill("#alias", "Madame B.")
    number = take_ticket(screens.open("/borne", KIOSK))
    expect(desk.locator(".presence b", has_text=str(number))).to_be_visible()
    expect(desk.locator("#alias")).to_have_value("Madame B.")


def test_a_board_cut_off_says_since_when_and_recovers(screens: Screens, server: Server) -> None:
    board = screens.open("/ecran", BOARD)
    board.wait_for_timeout(1_000)
    server.stop()
    expect(board.locator("#stale")).to_be_visible(timeout=15_000)
    expect(board.locator("#stale")).to_contain_text(":")
    server.start()
    expect(board.locator("#stale")).to_be_hidden(timeout=20_000)
    screens.complaints.clear()  # the browser's own words about the lost connection
