"""The staff search the directory, and read one of its sheets."""

from datetime import date

import pytest

from accueil.store.db import Db
from tests.personae import MISSION_LOCALE
from tests.web.browser import Answer, Browser
from tests.web.directory import keep, load_directory

PAGE = "/annuaire"
LIVE = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture(autouse=True)
def directory(db: Db) -> None:
    load_directory(db)


def found(answer: Answer) -> list[str]:
    return [each.one("b").text for each in answer.page.all("a", class_="entry")]


def sheet(browser: Browser, listing_id: str = "epicerie") -> str:
    return browser.get(f"{PAGE}/{listing_id}").page.one("main").text


def test_everybody_of_the_house_searches(
    db: Db, agent: Browser, partner: Browser, admin: Browser
) -> None:
    keep(db)
    for browser in (agent, partner, admin):
        assert found(browser.get(f"{PAGE}?q=EPICERIE+lilas")) == []
        assert found(browser.get(f"{PAGE}?q=EPICERIE+coeur+chevilly")) == ["Épicerie du Béarn"]


def test_a_tile_shows_what_answers_its_need(agent: Browser) -> None:
    page = agent.get(f"{PAGE}?besoin=sante").page
    assert "Cramif" in page.one(id="results").text
    assert page.one("input", value="sante")["checked"] == ""
    assert found(agent.get(f"{PAGE}?besoin=inconnu")) == found(agent.get(PAGE))


def test_as_one_types_only_the_list_is_sent(db: Db, agent: Browser) -> None:
    keep(db)
    answer = agent.get(f"{PAGE}?q=epi+bearn", headers=LIVE)
    assert found(answer) == ["Épicerie du Béarn"]
    assert answer.page.all("input") == []
    assert answer.page.all("html") == []


def test_what_was_typed_stays_in_the_box_as_it_is(agent: Browser) -> None:
    answer = agent.get(PAGE, query_string={"q": "<b>L’Haÿ & {{ 1 }}"})
    assert answer.page.one("input", name="q")["value"] == "<b>L’Haÿ & {{ 1 }}"
    assert answer.page.one("h2", id="found").text == "Rien ne correspond"


@pytest.mark.parametrize(
    "typed", ["\0", "👩🏽", "x" * 5_000, "' OR 1=1 --", "%", "é" * 300], ids=range(6)
)
def test_nothing_typed_breaks_the_search(typed: str, agent: Browser) -> None:
    assert agent.get(PAGE, query_string={"q": typed}).status == 200


def test_no_more_than_fifty_are_shown(agent: Browser) -> None:
    answer = agent.get(PAGE)
    total = int(answer.page.one("h2", id="found").text.split()[0])
    assert total > len(found(answer)) == 50


def test_a_sheet_says_all_that_is_known(db: Db, partner: Browser) -> None:
    keep(db)
    page = partner.get(f"{PAGE}/epicerie").page
    text = page.one("main").text
    for words in (
        *("Épicerie du Béarn", "Cœur solidaire", "Des courses à petit prix.", "3 rue des Lilas"),
        *("94550 Chevilly-Larue", "contact@coeur.example.org", "https://coeur.example.org"),
        *("le mardi de 9h à 12h", "un justificatif de domicile", "3 places libres sur 12"),
        *("jamais vérifiée", "durée", "Ouvert à toutes et tous", "hors de la maison"),
    ):
        assert words in text
    numbers = [each.text for each in page.all("span", class_="tel")]
    assert numbers == ["01\xa046\xa087\xa000\xa000".replace("\xa0", " "), "115"]
    assert all(each.all("bdi", class_="solid") for each in page.all("span", class_="tel"))


def test_a_service_of_the_house_says_when_it_receives(agent: Browser) -> None:
    text = sheet(agent, MISSION_LOCALE)
    for words in ("dans la maison", "lundi 23 novembre", "de 16 à 25 ans", "3 rue du Béarn"):
        assert words in text
    links = [each["href"] for each in agent.get(f"{PAGE}/{MISSION_LOCALE}").page.all("a")]
    assert f"/rendez-vous?pour={MISSION_LOCALE}" in links


def test_a_project_is_in_the_directory_and_says_that_it_is_not_open(agent: Browser) -> None:
    assert "pas encore ouvert" in sheet(agent, "arfog-pension-famille")
    assert "pas encore ouvert" in agent.get(f"{PAGE}?q=pension").page.one(id="results").text


def test_only_an_admin_is_shown_the_way_to_change_a_sheet(
    db: Db, agent: Browser, partner: Browser, admin: Browser
) -> None:
    keep(db)
    for browser, changes in ((agent, False), (partner, False), (admin, True)):
        links = [each.get("href") for each in browser.get(f"{PAGE}/epicerie").page.all("a")]
        assert (f"{PAGE}/epicerie/modifier" in links) is changes
        assert ("/admin/annuaire/epicerie/conditions" in links) is changes


def test_a_partner_changes_nothing(db: Db, partner: Browser) -> None:
    keep(db)
    assert partner.get(f"{PAGE}/epicerie").page.one("main").all("form") == []
    for path in ("verifier", "places", "modifier", "retirer"):
        assert partner.post(f"{PAGE}/epicerie/{path}", {"left": "1"}).status == 403


@pytest.mark.parametrize("listing_id", ["inconnue", "%00", "x" * 3_000, "👩🏽"], ids=range(4))
def test_what_is_not_in_the_directory_is_nowhere(listing_id: str, agent: Browser) -> None:
    assert agent.get(f"{PAGE}/{listing_id}").status == 404


def test_the_admin_s_list_begins_with_what_was_never_verified(db: Db, admin: Browser) -> None:
    keep(db, verified_on=date(2026, 5, 1))
    before = admin.get(f"{PAGE}?a-verifier=1").page
    total = int(before.one("h2", id="found").text.split()[0])
    admin.press(admin.get(f"{PAGE}/epicerie").page, f"{PAGE}/epicerie/verifier")
    after = admin.get(f"{PAGE}?a-verifier=1").page.one("h2", id="found").text
    assert after.startswith(f"{total - 1} ")
    assert "à vérifier" in after


def test_the_others_see_the_ordinary_list(agent: Browser) -> None:
    assert found(agent.get(f"{PAGE}?a-verifier=1")) == found(agent.get(PAGE))
