"""From the first touch to a ticket: six touches at most, four for most people."""

import re
from statistics import median

from accueil.orientation.needs import NEEDS
from tests.web.browser import Browser
from tests.web.kiosk import TICKET, asked, need, number, say
from tests.web.page import Node, Page

# People of the five source texts, by what they would answer; what is not here is not said.
PEOPLE: dict[str, dict[str, str]] = {
    "19, leaving care": {"age": "19", "household": "isole", "employment": "demandeur-emploi"},
    "67, home help": {"age": "67", "household": "isole", "relation": "-"},
    "a family in a hotel": {"age": "35", "household": "couple-avec-enfants", "employment": "-"},
    "alone with two children": {"age": "27", "household": "monoparentale"},
    "looking for work": {
        "age": "42",
        "household": "couple-sans-enfant",
        "employment": "demandeur-emploi",
    },
    "for an old parent": {"age": "50", "relation": "famille-d-une-personne-agee"},
    "16, out of school": {"age": "16", "household": "-", "employment": "demandeur-emploi"},
    "rather not say": {},
}
MOST, USUAL = 6, 4
FIRST = 1  # of one's own language, though a French reader needs none


def holds(tile: Node, years: int) -> bool:
    """Whether a band of ages, as it is written, is that of somebody of so many years."""
    bounds = [int(each) for each in re.findall(r"[0-9]+", tile.text)]
    if "ou moins" in tile.text:
        return years <= bounds[0]
    if "Moins de" in tile.text:
        return years < bounds[0]
    if "Plus de" in tile.text:
        return years > bounds[0]
    return bounds[0] <= years <= bounds[-1]


def chosen(page: Page, person: dict[str, str]) -> str:
    """The tile that somebody touches: theirs, none of these, or "I would rather not say"."""
    fact = asked(page) or ""
    tiles = page.all("button", name=f"fact-{fact}")
    if fact not in person:
        return ""
    if fact == "age":
        years = [
            each["value"] for each in tiles if each["value"] and holds(each, int(person[fact]))
        ]
        assert len(years) == 1, [each.text for each in tiles]
        return years[0]
    values = [each["value"] for each in tiles]
    return person[fact] if person[fact] in values else "-"


def touches(kiosk: Browser, tile: str, person: dict[str, str]) -> int:
    """How many touches to a ticket, for whoever is here, or else for the desk."""
    page = need(kiosk, tile, "fr")
    count = FIRST + 1
    while asked(page):
        page = say(kiosk, page, chosen(page, person))
        count += 1
    here = page.all("button", name="service")
    offered = [each for each in here if each.within("form", action=TICKET)]
    ticket = kiosk.press(page, TICKET, **({"service": offered[0]["value"]} if offered else {}))
    assert number(ticket.page)
    return count + 1


def test_six_touches_at_most_and_four_for_most_people(visitor: Browser) -> None:
    counted = {
        (name, tile.id): touches(visitor, tile.id, person)
        for name, person in PEOPLE.items()
        for tile in NEEDS
    }
    slow = {visit: count for visit, count in counted.items() if count > MOST}
    assert slow == {}
    assert median(counted.values()) <= USUAL
