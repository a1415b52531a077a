"""A partner's month: their dates, how full they are, and the rules behind them."""

from datetime import date

import pytest

from accueil.planning import closures
from accueil.planning.closures import Closure
from accueil.planning.horizon import remake
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Browser
from tests.web.page import Page
from tests.web.planning import add, cancel, cards, days, heads, occurrences, table

DECEMBER = "/planning/mois?mois=2026-12"
SECOND = date(2026, 12, 2)


def on(page: Page, number: int) -> list[str]:
    """The cards of a day of the month, in the table."""
    for each in page.one("table").one("tbody").all("td"):
        if each.all(class_="date") and each.one(class_="date").one("span").text == str(number):
            return cards(each)
    raise AssertionError(f"no {number}")


def test_a_partner_s_month_has_their_dates_only(partner: Browser) -> None:
    page = partner.get(DECEMBER).page
    assert page.one("h1").text == "Décembre 2026"
    assert heads(page)[0] == "lundi"
    assert len(heads(page)) == 7
    assert list(table(page)) == ["S49", "S50", "S51", "S52", "S53"]
    assert on(page, 2) == [
        "9:00–12:30 7 libres sur 7 Correspondant du Parquet, sur rendez-vous"
        " Bureau 3 · sur rendez-vous"
    ]
    assert len(on(page, 7)) == 2
    assert on(page, 8) == []
    assert all("Parquet" in card for card in cards(page))


def test_on_a_phone_only_days_with_something_are_listed(partner: Browser) -> None:
    listed = days(partner.get(DECEMBER).page)
    assert list(listed)[:3] == ["mercredi 2", "lundi 7", "lundi 14"]
    assert listed["vendredi 25 Fermé : Noël"] == []


def test_each_date_is_one_touch_from_its_page(partner: Browser, db: Db) -> None:
    [held] = occurrences(db, "parquet-mercredis", SECOND)
    page = partner.get(DECEMBER).page
    ways = [each["href"] for each in page.all("a", class_="card")]
    assert f"/planning/seances/{held.id}" in ways
    assert page.all("div", class_="card") == []


def test_exceptions_and_closures_are_on_the_month(partner: Browser, db: Db) -> None:
    [held] = occurrences(db, "parquet-mercredis", SECOND)
    cancel(db, held)
    add(db, "parquet-mercredis", date(2026, 12, 10))
    last = Closure("x", "house", None, "", date(2026, 12, 23), date(2026, 12, 31), "Fin d’année")
    with db.transaction():
        closures.add(db, last)
        remake(db, ["parquet-lundi", "parquet-mercredis"], MONDAY)
    page = partner.get(DECEMBER).page
    assert "annulée" in on(page, 2)[0]
    assert "ajoutée" in on(page, 10)[0]
    assert on(page, 28) == on(page, 30) == []
    assert list(days(page))[-1] == "Du mercredi 23 au jeudi 31 Fermé : Fin d’année"


def test_a_school_holiday_that_only_some_keep_is_said_so(partner: Browser, db: Db) -> None:
    days_off = (date(2026, 12, 19), date(2027, 1, 3))
    with db.transaction():
        closures.add(db, Closure("x", "school", None, "C", *days_off, "Vacances de Noël"))
        db.run("UPDATE permanence SET closed_on = 'house school-c' WHERE id = 'parquet-lundi'")
    page = partner.get(DECEMBER).page
    assert "Fermé pour certains : Vacances de Noël" in page.one("table").text


def test_the_rules_are_there_with_what_can_be_done(partner: Browser) -> None:
    page = partner.get(DECEMBER).page
    said = [each.one("p", class_="said").text for each in page.all("li", class_="rule")]
    assert "le lundi, de 9 h à 10 h 30 et de 13 h 30 à 17 h 30, sans rendez-vous" in said
    ways = {each["href"] for each in page.one("main").all("a")}
    assert "/planning/permanences/parquet-lundi" in ways
    assert "/planning/permanences/parquet-lundi/date" in ways
    assert any(each.startswith("/planning/absence") for each in ways)
    assert page.one("section", class_="rules").one("h2").text == "Mes permanences"


def test_the_months_follow_one_another(partner: Browser) -> None:
    page = partner.get("/planning/mois?mois=2027-01").page
    before = page.one("a", **{"aria-label": "Mois précédent"})
    assert partner.get(before["href"]).page.one("h1").text == "Décembre 2026"
    after = page.one("a", **{"aria-label": "Mois suivant"})
    assert partner.get(after["href"]).page.one("h1").text == "Février 2027"
    assert partner.get("/planning/mois").page.one("h1").text == "Novembre 2026"


def test_the_desk_chooses_a_partner(agent: Browser) -> None:
    page = agent.get(DECEMBER).page
    choice = {each["value"] for each in page.one("select", id="partenaire").all("option")}
    assert {"parquet", "mission-locale", "cramif"} <= choice
    assert "valophis" not in choice
    chosen = agent.press(page, "/planning/mois", fill={"partenaire": "cramif"}).page
    assert chosen.one("h1").text == "Décembre 2026"
    assert len(cards(chosen.one("table"))) == 5
    assert "/planning/absence?permanence=cramif-jeudi" in {
        each["href"] for each in chosen.one("main").all("a")
    }


def test_a_partner_who_comes_to_two_places_is_told_where(agent: Browser) -> None:
    page = agent.get(f"{DECEMBER}&partenaire=nouvelles-voies").page
    assert {"3 rue du Béarn" in card or "Maison pour tous" in card for card in cards(page)} == {
        True
    }


def test_a_partner_without_permanences_is_told_so(agent: Browser) -> None:
    page = agent.get(f"{DECEMBER}&partenaire=valophis").page
    assert "Aucune date ce mois-ci." in page.one("main").text
    assert "Aucune permanence pour l’instant." in page.one("main").text


def test_the_month_of_another_partner_looks_like_nobody_s(partner: Browser) -> None:
    theirs = partner.get(f"{DECEMBER}&partenaire=mission-locale")
    nobodys = partner.get(f"{DECEMBER}&partenaire=inconnu")
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)
    assert theirs.status == 404
    assert partner.get("/planning/mois/jours?partenaire=mission-locale").status == 404
    assert partner.get(f"{DECEMBER}&partenaire=parquet").status == 200


@pytest.mark.parametrize(
    "month",
    ["13", "2026-13", "2026-00", "9999-12", "0001-01", "1999-12", "foo", "%00", "2026-W48", "2026"],
)
def test_a_month_that_cannot_be_shown_is_said_and_this_one_shown(
    month: str, partner: Browser
) -> None:
    answer = partner.get(f"/planning/mois?mois={month}")
    assert answer.status == 422
    assert "Voici le mois en cours" in answer.page.one(role="alert").text
    assert answer.page.one("h1").text == "Novembre 2026"


def test_the_month_refreshes_itself_as_it_is(partner: Browser) -> None:
    region = partner.get(DECEMBER).page.one(id="day")
    again = partner.get(region["hx-get"]).page
    assert not again.whole
    assert again.one(id="day").text == region.text
    assert again.all("input") + again.all("select") + again.all("button") == []


@pytest.mark.parametrize("month", ["2000-01", "2024-02", "2026-02", "2027-08", "2099-12"])
def test_every_month_has_its_own_days(month: str, partner: Browser) -> None:
    page = partner.get(f"/planning/mois?mois={month}").page
    numbers = [each.one("span").text for each in page.all("p", class_="date")]
    year, number = map(int, month.split("-"))
    last = (date(year + number // 12, number % 12 + 1, 1) - date(year, number, 1)).days
    assert numbers == [str(each) for each in range(1, last + 1)]
