"""Reading the planning as it is shown: its table, its lines, its cards."""

from datetime import date, time

from accueil.planning import exceptions
from accueil.planning.agenda import between
from accueil.planning.permanences import Occurrence
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.page import Node, Page


def occurrences(db: Db, permanence_id: str, day: date) -> list[Occurrence]:
    """The dates of a permanence on a day, by hour."""
    found = [each.occurrence for each in between(db, day, day, cancelled=True)]
    return [each for each in found if each.permanence_id == permanence_id]


def cancel(db: Db, occurrence: Occurrence) -> None:
    with db.transaction():
        exceptions.cancel(db, [occurrence.id], MONDAY)


def add(db: Db, permanence_id: str, day: date, room_id: str | None = None) -> None:
    """One more date, from 9 to 11."""
    with db.transaction():
        exceptions.add(db, permanence_id, day, time(9), time(11), room_id, MONDAY)


def table(page: Page) -> dict[str, list[Node]]:
    """The cells of each row of the planning's table, by the heading of the row."""
    body = page.one("table").one("tbody")
    return {row.one("th", scope="row").text: row.all("td") for row in body.all("tr")}


def heads(page: Page) -> list[str]:
    """The headings of the columns, without the one of the rows."""
    return [each.text for each in page.one("table").all("th", scope="col")][1:]


def cards(node: Node) -> list[str]:
    """What the cards in a part of the page say."""
    return [each.text for each in node.all(class_="card")]


def days(page: Page) -> dict[str, list[str]]:
    """The list by day of the small screens: what its cards say, by heading."""
    listed = page.one("div", class_="week-days").all("section")
    return {each.one("h2").text: cards(each) for each in listed}
