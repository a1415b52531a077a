"""What is said of a person leaves no trace in a browser: storage, cookies, addresses, history."""

from urllib.parse import unquote

from playwright.sync_api import Page, expect

from tests.browser.conftest import KIOSK, Screens

# Neither the fields nor what was answered; the words are those that nothing else on a page says.
NEVER = ("fact-", "monoparentale", "98765", "pouldreuzic", "victime-de-violences")
KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, history.state, location.href, document.cookie, name,
  (await indexedDB.databases()).map(each => each.name), await caches.keys(),
])"""


def remembers(page: Page, addresses: list[str]) -> list[str]:
    """Which of these words the device knows, anywhere."""
    known = [page.evaluate(KEPT), str(page.context.cookies()), *map(unquote, addresses)]
    return [word for word in NEVER if word in "\n".join(known).casefold()]


def watched(page: Page) -> list[str]:
    """Every address that a page asks for, from now on, and where it says that it comes from."""
    asked: list[str] = []
    page.on("request", lambda each: asked.extend([each.url, each.headers.get("referer", "")]))
    return asked


def test_the_kiosk_forgets_every_answer(screens: Screens) -> None:
    kiosk = screens.open("/borne", KIOSK)
    asked = watched(kiosk)
    kiosk.locator("button[name=need][value=logement]").click()
    kiosk.locator("button[name=fact-household][value=monoparentale]").click()
    kiosk.locator("button[name=fact-age]").last.click()
    expect(kiosk.locator("li.card").first).to_be_visible()
    assert remembers(kiosk, asked) == []
    kiosk.locator("form[action$=ticket] button").last.click()
    expect(kiosk.locator("p.number")).to_be_visible()
    assert remembers(kiosk, asked) == []
    assert [word for word in NEVER if word in kiosk.content()] == []
    for way in (kiosk.go_back, kiosk.go_forward, kiosk.reload):
        way()
        kiosk.wait_for_load_state()
        assert [word for word in NEVER if word in kiosk.content()] == []


def test_the_desk_forgets_every_answer(screens: Screens) -> None:
    desk = screens.log_in("accueil")
    asked = watched(desk)
    desk.goto("/accueil/nouveau/logement")
    desk.locator("details.every summary").click()
    every = desk.locator("details.every form")
    every.locator("[name=fact-resources_monthly_eur]").fill("98765")
    every.locator("[name=fact-situation][value=victime-de-violences]").check()
    every.locator("button.button--main").click()
    expect(desk.locator("form.said button").first).to_be_visible()
    assert remembers(desk, asked) == []
    desk.locator("#register button[name=service]").first.click()
    expect(desk.locator("img.square")).to_be_visible()
    assert remembers(desk, asked) == []
    desk.go_back()
    desk.wait_for_load_state()
    expect(desk.locator("form.said")).to_have_count(0)
    desk.goto("/accueil/nouveau/logement")
    assert desk.locator("[name=fact-resources_monthly_eur]").first.input_value() == ""
