"""The kiosk's questions as a hand and an eye meet them, and what the device remembers: nothing."""

from collections.abc import Callable
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from blueprints.words import LANGUAGES
from tests.browser.conftest import KIOSK, Screens

HOME, LEAST_PX = "/borne/bearn", 80
NEVER = ("isole", "fact-age", "fact-household")


# One need a language: each is read by the tests of the catalogues, this one measures.
NEEDS = ("logement", "travail", "seniors")


def touch_need(screens: Screens, need: str, language: str = "fr") -> Page:
    page = screens.open(f"{HOME}?language={language}", KIOSK)
    page.locator(f"button[name=need][value={need}]").click()
    expect(page.locator("form.ways, li.card").first).to_be_visible()
    return page


@pytest.mark.parametrize(("need", "language"), list(zip(cycle(NEEDS), LANGUAGES, strict=False)))
def test_a_question_holds_on_one_screen_under_a_large_finger(
    need: str, language: str, screens: Screens, accessible: Callable[[Page], None]
) -> None:
    page = touch_need(screens, need, language)
    for button in page.locator("main button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= LEAST_PX
    assert page.evaluate("document.documentElement.scrollHeight") <= KIOSK[1]
    accessible(page)


def test_answers_and_their_reasons_are_accessible(
    screens: Screens, accessible: Callable[[Page], None]
) -> None:
    page = touch_need(screens, "logement")
    page.locator("button[value=isole]").click()
    expect(page.locator("button[name=fact-age]").first).to_be_visible()
    page.locator("button[name=enough]").click()
    expect(page.locator("ul.reasons").first).to_be_visible()
    accessible(page)


def test_the_device_keeps_nothing_of_what_was_said(screens: Screens) -> None:
    page = touch_need(screens, "logement")
    page.locator("button[value=isole]").click()
    expect(page.locator("button[name=fact-age]").first).to_be_visible()
    page.locator("button[name=fact-age]").nth(2).click()
    expect(page.locator("li.card").first).to_be_visible()
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])"
    )
    cookies = str(page.context.cookies())
    assert not [word for word in NEVER if word in stored + cookies]
    page.locator("main button[name=service]").first.click()
    expect(page.locator("p.number")).to_be_visible()
    assert not [word for word in NEVER if word in page.content()]
