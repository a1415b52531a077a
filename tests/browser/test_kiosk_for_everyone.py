"""The kiosk for every eye, hand and ear: sizes, looks, reach, languages, and what it says aloud."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from blueprints.words import LANGUAGES
from tests.browser.conftest import KIOSK, Screens, wait_until

Check = Callable[[Page], None]
HOME = "/borne/bearn"
SMALLEST_PX, GAP_PX, TEXT_PX = 80, 16, 36
NARROW, ZOOMED = (320, 640), (KIOSK[0] // 2, KIOSK[1] // 2)
# What a finger may touch, and is on the screen.
TARGETS = """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden])")]
  .filter((each) => each.checkVisibility() && !each.closest("dialog"))
  .map((each) => [each.innerText || each.ariaLabel, each.getBoundingClientRect().toJSON()])
  .map(([name, box]) => ({ name, ...box }))"""
# Every run of text on the screen that is smaller than this.
SMALL = """(least) => [...document.querySelectorAll("#screen *")]
  .filter((each) => each.checkVisibility() && !each.closest(".unseen, dialog, .all-numbers"))
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((each) => parseFloat(getComputedStyle(each).fontSize) < least)
  .map((each) => each.textContent)"""
# What is touched at each place of the upper half of the screen.
UPPER = """() => {
  const found = new Set();
  for (let y = 5; y < innerHeight / 2; y += 15)
    for (let x = 5; x < innerWidth; x += 40)
      found.add(document.elementFromPoint(x, y)?.closest("button, a, input")?.innerText);
  return [...found].filter(Boolean);
}"""


def screens_of(kiosk: Page, look: str = "") -> Iterator[str]:
    """The kiosk's screens, one after the other, from the first to a ticket and to the numbers."""
    home = f"{HOME}?look={look}"
    kiosk.clock.set_fixed_time(kiosk.evaluate("Date.now()"))  # looked at for longer than it rests
    kiosk.goto(home)
    yield "start"
    kiosk.locator("button[name=languages]:visible").first.click()
    kiosk.wait_for_selector(".tiles--languages")
    yield "languages"
    kiosk.goto(home)
    kiosk.locator("button[name=need][value=logement]").click()
    kiosk.wait_for_selector(".ways")
    yield "question"
    kiosk.locator("button[name=enough]").click()
    kiosk.wait_for_selector(".cards")
    yield "answers"
    kiosk.locator("form[action$=creneaux] button").first.click()
    kiosk.wait_for_selector(".tile--slot")
    yield "slots"
    kiosk.locator("footer button[name=private]").click()
    kiosk.wait_for_selector(".number")
    yield "ticket"
    kiosk.wait_for_timeout(800)  # a touch at the same place, at once, would count for nothing
    kiosk.locator("form[action$=numeros] button").click()
    kiosk.wait_for_selector(".dial")
    yield "numbers"


def test_all_is_large_enough_to_read_and_to_touch(screens: Screens) -> None:
    kiosk = screens.open("about:blank", KIOSK)
    for name in screens_of(kiosk):
        assert kiosk.evaluate(SMALL, TEXT_PX) == [], name
        targets = kiosk.evaluate(TARGETS)
        small = [each for each in targets if min(each["width"], each["height"]) < SMALLEST_PX]
        assert small == [], name
        assert list(crowded(targets)) == [], name


def crowded(targets: list[dict[str, float]]) -> Iterator[tuple[object, object]]:
    """Pairs that a finger may take for one another; what scrolls under the band is apart."""
    for number, one in enumerate(targets):
        for other in targets[number + 1 :]:
            across = max(one["left"], other["left"]) - min(one["right"], other["right"])
            down = max(one["top"], other["top"]) - min(one["bottom"], other["bottom"])
            if 0 <= max(across, down) < GAP_PX - 0.5:
                yield one["name"], other["name"]


def test_all_is_touched_in_the_lower_half(screens: Screens) -> None:
    kiosk = screens.open("about:blank", KIOSK)
    for name in screens_of(kiosk, "low"):
        assert kiosk.evaluate(UPPER) == [], name
        assert all(each["top"] >= KIOSK[1] / 2 for each in kiosk.evaluate(TARGETS)), name
        last = kiosk.locator("main button")
        if last.count():
            last.last.scroll_into_view_if_needed()
            box = last.last.bounding_box()
            assert box
            assert box["y"] >= KIOSK[1] / 2, name
            assert kiosk.evaluate(UPPER) == [], name


@pytest.mark.parametrize("look", ["large", "contrast+low"])
def test_each_look_is_accessible(screens: Screens, accessible: Check, look: str) -> None:
    kiosk = screens.open("about:blank", KIOSK)
    for name in screens_of(kiosk, look):
        accessible(kiosk)
        if "contrast" in look:
            enhanced = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}
            found = Axe().run(kiosk, options=enhanced)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_looks_stay_for_one_person_and_go_with_them(screens: Screens) -> None:
    kiosk = screens.open("about:blank", KIOSK)
    kiosk.clock.install()
    kiosk.goto(HOME)
    for icon in range(3):
        kiosk.locator("button[name=look]").nth(icon).click()
        expect(kiosk.locator("button[name=look][aria-pressed=true]")).to_have_count(icon + 1)
        kiosk.clock.run_for(1_000)  # a touch at the same place, at once, would count for nothing
    expect(kiosk.locator("#screen")).to_have_class("screen large contrast low")
    kiosk.locator("button[name=need][value=droit]").click()
    expect(kiosk.locator(".cards")).to_be_visible()
    expect(kiosk.locator("#screen")).to_have_class("screen large contrast low")
    size = "parseFloat(getComputedStyle(document.querySelector('#screen')).fontSize)"
    assert kiosk.evaluate(size) == pytest.approx(44 * 1.3, abs=1)
    assert kiosk.evaluate("JSON.stringify([{...localStorage}, document.cookie])") == '[{},""]'
    kiosk.clock.run_for(82_000)
    kiosk.wait_for_selector("button[name=need]")
    expect(kiosk.locator("#screen")).to_have_class("screen ")


@pytest.mark.parametrize("language", ["fr", "ar", "ru"])
def test_fourteen_languages_and_a_calm_first_screen(
    screens: Screens, accessible: Check, language: str
) -> None:
    kiosk = screens.open(f"{HOME}?language={language}", KIOSK)
    pills = kiosk.locator("button.pill:visible")
    assert pills.count() <= 5
    rows = {round(box["y"]) for each in pills.all() if (box := each.bounding_box())}
    assert len(rows) <= 2
    kiosk.locator("button[name=languages]:visible").first.click()
    tiles = kiosk.locator(".tile--language")
    expect(tiles).to_have_text(list(LANGUAGES.values()))
    assert kiosk.evaluate("document.documentElement.scrollHeight") <= KIOSK[1]
    accessible(kiosk)
    tiles.filter(has_text=LANGUAGES["ps"]).click()
    expect(kiosk.locator("html[lang=ps][dir=rtl]")).to_have_count(1)
    expect(kiosk.locator("button[name=need]").first).to_be_visible()


@pytest.mark.parametrize(("size", "look"), [(NARROW, ""), (ZOOMED, "large")])
def test_narrow_or_at_twice_the_size_nothing_is_lost(
    screens: Screens, accessible: Check, size: tuple[int, int], look: str
) -> None:
    kiosk = screens.open("about:blank", size, device_scale_factor=2)
    for _ in screens_of(kiosk, look):
        accessible(kiosk)


def test_in_the_system_s_own_colours_what_is_on_is_seen(
    screens: Screens, accessible: Check
) -> None:
    kiosk = screens.open(f"{HOME}?look=large", KIOSK, forced_colors="active")
    accessible(kiosk)
    colours = "(each) => getComputedStyle(each).backgroundColor"
    tools = [each.evaluate(colours) for each in kiosk.locator("button[name=look]").all()]
    assert tools[0] != tools[1] == tools[2]
    pills = [each.evaluate(colours) for each in kiosk.locator("button.pill").all()]
    assert pills[0] != pills[1] == pills[2]
    edges = "(each) => getComputedStyle(each).borderTopWidth"
    assert kiosk.locator("button[name=need]").first.evaluate(edges) == "2px"


def test_a_screen_is_read_aloud_once_it_is_touched_and_until_the_next(screens: Screens) -> None:
    kiosk = screens.open(HOME, KIOSK)
    asked: list[str] = []
    kiosk.on("request", lambda each: asked.append(each.url))
    kiosk.wait_for_timeout(300)
    assert [each for each in asked if each.endswith(".wav")] == []
    kiosk.locator(".listen").click()
    expect(kiosk.locator(".listen.speaking")).to_have_count(1)
    wait_until(kiosk, lambda: any(each.endswith("/borne/dire/fr/start.wav") for each in asked))
    kiosk.locator("h1").click()
    expect(kiosk.locator(".listen.speaking")).to_have_count(0)
    kiosk.locator(".listen").click()
    expect(kiosk.locator(".listen.speaking")).to_have_count(1)
    kiosk.locator("button[name=need][value=droit]").click()
    kiosk.wait_for_selector(".cards")
    expect(kiosk.locator(".listen.speaking")).to_have_count(0)
    screens.open(f"{HOME}?language=ps", KIOSK)
    assert screens.contexts[-1].pages[0].locator(".listen").count() == 0


def test_without_any_script_looks_and_languages_still_go_to_the_ticket(screens: Screens) -> None:
    kiosk = screens.open(HOME, KIOSK, java_script_enabled=False)
    expect(kiosk.locator(".listen")).to_be_hidden()
    kiosk.locator("button[name=look]").nth(1).click()
    kiosk.locator(".pill--others").click()
    kiosk.locator(".tile--language[value=uk]").click()
    kiosk.locator("button[name=need][value=droit]").click()
    kiosk.locator("main button[name=service]").first.click()
    expect(kiosk.locator(".number")).to_be_visible()
    expect(kiosk.locator("html[lang=uk] .screen.contrast")).to_have_count(1)
