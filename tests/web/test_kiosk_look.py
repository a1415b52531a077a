"""Large text, high contrast, all to touch low down: one touch each on every screen, and back."""

import re
from itertools import product
from pathlib import Path

import pytest

from tests.web.browser import Browser
from tests.web.kiosk import ANSWERS, HOME, TICKET, answers, code, number, start
from tests.web.page import Page

LOOKS = ("large", "contrast", "low")
BASE = (Path(__file__).parents[2] / "static" / "css" / "base.css").read_text(encoding="utf-8")
THEMES = {"system": "prefers-contrast: more", "touched": "\n.contrast {"}
# Which colour is written on which.
WRITTEN = [
    *product(("ink", "ink-soft", "act", "act-deep", "alert"), ("paper", "card", "here", "away")),
    ("soon-ink", "soon"),
    ("on-act", "act"),
    ("on-act", "act-deep"),
    ("on-act-soft", "act"),
]


def looks(page: Page) -> set[str]:
    """How a screen looks, and what its buttons say of it."""
    shown = page.one("div", id="screen").classes - {"screen"}
    pressed = [each for each in page.all("button", name="look") if each["aria-pressed"] == "true"]
    assert len(page.all("button", name="look")) == len(LOOKS)
    assert len(pressed) == len(shown)
    return shown


def turn(kiosk: Browser, page: Page, address: str, one: str) -> Page:
    """Touch one look, on or off."""
    tool = page.all("button", name="look")[LOOKS.index(one)]
    return kiosk.press(page, address, look=tool["value"]).page


def test_each_is_one_touch_away_and_one_touch_back(visitor: Browser) -> None:
    page = start(visitor)
    assert looks(page) == set()
    for one in LOOKS:
        turned = turn(visitor, page, HOME, one)
        assert looks(turned) == {one}
        assert looks(turn(visitor, turned, HOME, one)) == set()


def test_they_add_up_and_go_along_to_the_ticket(visitor: Browser) -> None:
    page = turn(visitor, start(visitor, "ar"), HOME, "large")
    page = turn(visitor, page, HOME, "contrast")
    found = visitor.press(page, ANSWERS, need="droit").page
    assert looks(found) == {"large", "contrast"}
    ticket = visitor.press(found, TICKET).page
    assert looks(ticket) == {"large", "contrast"}
    assert ticket.one("html")["lang"] == "ar"
    lower = turn(visitor, ticket, TICKET, "low")
    assert looks(lower) == {"large", "contrast", "low"}
    assert (number(lower), code(lower)) == (number(ticket), code(ticket))


def test_they_change_nothing_of_what_was_said(visitor: Browser) -> None:
    page = answers(visitor, "logement")
    turned = turn(visitor, page, ANSWERS, "contrast")
    assert [each.text for each in turned.all("h2")] == [each.text for each in page.all("h2")]


def test_back_keeps_them_and_the_next_person_has_none(visitor: Browser) -> None:
    page = turn(visitor, answers(visitor, "droit"), ANSWERS, "large")
    back = next(each for each in page.forms if each["action"] == HOME and each["method"] == "get")
    assert {each["name"]: each["value"] for each in back.all("input")} == {"look": "large"}
    assert looks(start(visitor)) == set()
    assert "large" not in page.one("div", id="screen")["data-start"]


@pytest.mark.parametrize("look", ["x", "large<script>", "LARGE", "large,low", "\0", "é" * 3_000])
def test_what_is_no_look_is_left_out(look: str, visitor: Browser) -> None:
    page = visitor.get(HOME, query_string={"look": look}).page
    assert looks(page) == set()


@pytest.mark.parametrize("theme", THEMES)
def test_a_contrast_of_seven_to_one_at_least(theme: str) -> None:
    colours = theme_of(":root {") | theme_of(THEMES[theme])
    low = [
        (ink, paper, round(found, 1))
        for ink, paper in WRITTEN
        if (found := contrast(colours[ink], colours[paper])) < 7
    ]
    assert low == []


def theme_of(start: str) -> dict[str, str]:
    block = BASE.partition(start)[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 has it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
