"""The house's server stops, and starts again, under a kiosk that is loaded anew in between."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import KIOSK, Screens, Server, take_ticket

HELD = """async () => {
  const kept = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
  return kept.sort();
}"""


def watched(screens: Screens) -> Page:
    """A kiosk that was started once while the house answered."""
    kiosk = screens.open("/borne", KIOSK)
    kiosk.evaluate("navigator.serviceWorker.ready.then(() => null)")
    kiosk.reload()
    return kiosk


def test_it_says_where_to_go_and_comes_back_by_itself(screens: Screens, server: Server) -> None:
    kiosk = watched(screens)
    server.stop()
    kiosk.reload()
    expect(kiosk.locator("main h1")).to_have_text("Allez à l’accueil, s’il vous plaît")
    assert kiosk.locator("main li").count() == 12
    assert kiosk.evaluate("getComputedStyle(document.querySelector('main')).position") == "fixed"
    server.start()
    expect(kiosk.locator("button[name=need]").first).to_be_visible()
    screens.complaints.clear()  # the browser's own words about the lost connection


def test_in_the_middle_of_a_visit_it_comes_back_to_nobody_s_screen(
    screens: Screens, server: Server
) -> None:
    kiosk = watched(screens)
    kiosk.goto("/borne?language=uk&look=contrast")
    kiosk.locator("button[name=need][value=droit]").click()
    kiosk.wait_for_selector(".cards")
    server.stop()
    kiosk.locator("main button[name=service]").first.click()
    expect(kiosk.locator("#away")).to_be_visible()
    assert kiosk.locator("html").get_attribute("lang") == "uk"
    server.start()
    expect(kiosk.locator("#away")).to_be_hidden()
    expect(kiosk.locator("html[lang=fr] button[name=need]").first).to_be_visible()
    expect(kiosk.locator("#screen")).to_have_class("screen ")
    screens.complaints.clear()


def test_the_device_holds_that_page_and_nothing_of_anyone(screens: Screens) -> None:
    kiosk = watched(screens)
    take_ticket(kiosk)
    kiosk.reload()
    held = kiosk.evaluate(HELD)
    assert "/borne/absente" in held
    assert [each for each in held if not each.startswith("/static/")] == ["/borne/absente"]
    desk = screens.open("/connexion", KIOSK)
    registered = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    assert desk.evaluate(registered) == 0
