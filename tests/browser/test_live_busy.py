"""What changes while a screen is fetching what changed before is not missed."""

from playwright.sync_api import Route, expect

from tests.browser.conftest import BOARD, KIOSK, Screens, take_ticket, wait_until


def test_a_change_that_comes_while_a_region_is_fetched_is_seen(screens: Screens) -> None:
    partner = screens.log_in("parquet")
    number = take_ticket(screens.open("/borne", KIOSK))
    board = screens.open("/ecran", BOARD)
    held: list[Route] = []
    board.route("**/appels", lambda route: route.continue_() if held else held.append(route))
    take_ticket(screens.open("/borne", KIOSK))
    wait_until(board, lambda: len(held) == 1)
    before = held[0].fetch()
    partner.get_by_role("button", name="Appeler le suivant").click()
    expect(partner.locator(".guest")).to_be_visible()
    board.wait_for_timeout(2_000)  # the stream has said so
    held[0].fulfill(response=before)
    expect(board.locator(".now .number")).to_have_text(str(number))
