"""What a visitor does at the kiosk, touch by touch."""

import re

from tests.web.browser import Answer, Browser
from tests.web.page import Node, Page

HOME = "/borne/bearn"
ANSWERS, APPOINTMENT, TICKET = f"{HOME}/reponses", f"{HOME}/rendez-vous", f"{HOME}/ticket"
ARRIVE = f"{HOME}/arrivee"
CODE = re.compile(r"/v/([A-Z]{31})/qr\.svg$")


def start(kiosk: Browser, language: str = "fr") -> Page:
    return kiosk.get(HOME, query_string={"language": language}).page


def arrival(kiosk: Browser, language: str = "fr") -> Page:
    """Touch that one has an appointment: the scanner, and the way for whoever has no code."""
    return kiosk.press(start(kiosk, language), ARRIVE, language=language).page


def every_language(kiosk: Browser, page: Page, action: str) -> Page:
    """The screen of the languages, from the one that goes to `action`."""
    return kiosk.press(page, action, languages="1").page


def turn_to(kiosk: Browser, page: Page, action: str, language: str) -> Answer:
    """The same screen in another language: "Langue", then its tile."""
    return kiosk.press(every_language(kiosk, page, action), action, language=language)


def need(kiosk: Browser, tile: str, language: str = "fr") -> Page:
    """Touch a need's tile: a question, or the answers."""
    answer = kiosk.press(start(kiosk, language), ANSWERS, need=tile)
    assert answer.status == 200
    return answer.page


def answers(kiosk: Browser, tile: str, language: str = "fr") -> Page:
    """Touch a need's tile, and no answer to a question."""
    page = need(kiosk, tile, language)
    return kiosk.press(page, ANSWERS, enough="1").page if asked(page) else page


def asked(page: Page) -> str | None:
    """The fact that a screen asks, if it is a question."""
    tiles = [each["name"] for each in page.all("button") if is_fact(each.get("name"))]
    return tiles[0].removeprefix("fact-") if tiles else None


def is_fact(name: str | None) -> bool:
    return (name or "").startswith("fact-")


def say(kiosk: Browser, page: Page, value: str) -> Page:
    """Touch an answer to the question of a screen."""
    answer = kiosk.press(page, ANSWERS, **{f"fact-{asked(page)}": value})
    assert answer.status == 200
    return answer.page


def card(page: Page, service: str) -> Node:
    """The card of a service, by the name that is written on it."""
    found = [each for each in page.all("li", class_="card") if each.one("h2").text == service]
    assert len(found) == 1, [each.text for each in page.all("h2")]
    return found[0]


def cards(page: Page) -> list[str]:
    return [each.text for each in page.all("h2") if each.within("li")]


def take(kiosk: Browser, need: str = "droit", **button: str) -> Answer:
    """Touch a need, then a ticket: for the shared desk unless a `service` is touched."""
    return kiosk.press(answers(kiosk, need), TICKET, **button)


def number(page: Page) -> int:
    return int(page.one("p", class_="number").text)


def code(page: Page) -> str:
    """What the square of the ticket holds."""
    found = CODE.search(page.one("img", class_="square")["src"])
    assert found
    return found[1]
