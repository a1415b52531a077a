"""In what is read from right to left, hours, phones, ranges and codes stay as they are."""

import re
from collections.abc import Iterator

import pytest

from accueil.orientation.needs import NEEDS
from blueprints.words import RIGHT_TO_LEFT
from tests.web.browser import Browser
from tests.web.kiosk import HOME, TICKET, answers, need, start
from tests.web.page import Node, Page

# Two runs of digits with something between them, which a right-to-left line would exchange; and
# what is typed letter by letter.
TURNS = re.compile(r"\d+\s*[:./–-]\s*\d+|\d{2}\s\d{2}\s\d{2}|\b[BCDEFGHJKLNPRSTUVXY]{5}\b")
SLOTS, BOOK = f"{HOME}/creneaux", f"{HOME}/reserver"


def screens(kiosk: Browser, language: str) -> Iterator[Page]:
    """Every screen of the kiosk that somebody who reads `language` comes to."""
    yield start(kiosk, language)
    for each in NEEDS:
        yield need(kiosk, each.id, language)
        yield answers(kiosk, each.id, language)
    found = answers(kiosk, "papiers", language)
    form = next(each for each in found.forms if each["action"] == SLOTS)
    yield (slots := kiosk.press(found, SLOTS, service=form.one("button")["value"]).page)
    slot = slots.all("button", name="slot")[0]["value"]
    yield kiosk.press(slots, BOOK, slot=slot).page
    yield (ticket := kiosk.press(answers(kiosk, "droit", language), TICKET).page)
    yield kiosk.press(ticket, TICKET, private="1").page
    yield kiosk.press(ticket, f"{HOME}/numeros").page
    yield kiosk.get(f"{HOME}/arrivee", query_string={"language": language}).page


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_nothing_turns_round(language: str, visitor: Browser) -> None:
    told = 0
    for page in screens(visitor, language):
        assert page.one("html")["dir"] == "rtl"
        for node, words in page.one("div", id="screen").words():
            if TURNS.search(words):
                told += 1
                assert direction(node) == "ltr", f"{page.one('h1').text}: {words}"
    assert told > 20


def test_an_hour_does_not_break_across_lines(visitor: Browser) -> None:
    told = [
        words for node, words in answers(visitor, "droit", "ar").words() if "solid" in node.classes
    ]
    assert len(told) > 3
    assert [words for words in told if " " in words] == []


def direction(node: Node) -> str:
    """That of the nearest element that has one."""
    found: Node | None = node
    while found is not None and not found.get("dir"):
        found = found.parent
    return found["dir"] if found else "ltr"
