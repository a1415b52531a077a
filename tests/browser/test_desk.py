"""The hurried agent: three touches for a newcomer, a way back, a lock when they turn away."""

from playwright.sync_api import expect

from tests.browser.conftest import Screens


def test_a_newcomer_is_registered_in_three_touches(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.get_by_role("link", name="Nouvelle personne").click()
    desk.get_by_role("link", name="Droit, plainte, justice").click()
    desk.get_by_role("button", name="Mettre dans la file").first.click()
    expect(desk.locator(".big")).to_have_text("1")
    desk.get_by_role("link", name="C’est fait").click()
    expect(desk.locator(".chip b")).to_have_text("1")


def test_a_newcomer_waits_for_the_service_that_was_touched(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.goto("/accueil/nouveau/droit")
    parquet = desk.locator(".answer", has_text="Correspondant du Parquet").first
    parquet.get_by_role("button", name="Mettre dans la file").click()
    number = desk.locator(".big").inner_text()
    line = desk.locator(".line", has=desk.get_by_role("heading", name="Correspondant du Parquet"))
    expect(line.first.locator(".chip b", has_text=number)).to_be_visible()


def test_what_was_done_is_undone_for_ten_seconds(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.goto("/accueil/nouveau/travail")
    desk.get_by_role("button", name="Mettre dans la file").first.click()
    number = desk.locator(".big").inner_text()
    expect(desk.locator(".presence b", has_text=number)).to_be_visible()
    desk.get_by_role("button", name="Annuler").click()
    expect(desk.locator(".presence b", has_text=number)).to_have_count(0)
    expect(desk.locator(".undo", has_text=f"N° {number}")).to_have_count(0)


def test_the_way_back_closes_after_ten_seconds(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.clock.install()
    desk.goto("/accueil/nouveau/travail")
    desk.get_by_role("button", name="Mettre dans la file").first.click()
    expect(desk.locator(".undo")).to_be_visible()
    desk.clock.run_for(10_500)
    expect(desk.locator(".undo")).to_have_count(0)


def test_the_screen_locks_itself_when_nobody_touches_it(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    desk.clock.install()
    desk.goto("/accueil")
    desk.clock.run_for(10 * 60_000 + 1_000)
    desk.wait_for_selector("#password")
    desk.goto("/accueil")
    expect(desk.locator("#password")).to_be_visible()
    desk.fill("#password", "bonjour-accueil")
    desk.get_by_role("button", name="Déverrouiller").click()
    desk.wait_for_selector("#day")
    # A region that asked for itself once the screen was locked was refused: as it should be.
    screens.complaints[:] = [text for text in screens.complaints if "401" not in text]
