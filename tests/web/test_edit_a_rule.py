"""An admin writes who a service is for: builds it, reads it back, tries it, keeps it."""

from dataclasses import replace
from typing import Any

import pytest

from accueil.house.text import HouseText
from accueil.orientation import directory_text, listings
from accueil.orientation.criteria import OPEN, Group, Leaf, Rule
from accueil.orientation.criteria_data import rule_from_data
from accueil.store.db import Db
from blueprints.rule_fields import read, sheet_of
from blueprints.typed import Fields
from tests.personae import FOLDER, MONDAY
from tests.web.browser import Answer, Browser
from tests.web.page import Page

CIMES, RELIANCES, DESK = "essor93-cimes", "reliances-suivi", "ecs-parquet-sans-rdv"
ADULTS = rule_from_data({"criteria": {"all": [{"fact": "age", "op": "gte", "value": 18}]}})
LIVE, WHOLE = ({"headers": {"HX-Request": "true", "HX-Target": each}} for each in ("said", "rule"))


@pytest.fixture(autouse=True)
def directory(db: Db, text: HouseText) -> tuple[listings.Listing, ...]:
    known = directory_text.read(FOLDER, frozenset(each.id for each in text.services))
    with db.transaction():
        directory_text.load(db, known, MONDAY)
    return known


def address(listing_id: str) -> str:
    return f"/admin/annuaire/{listing_id}/conditions"


def filled(page: Page) -> dict[str, list[str]]:
    """What the form sends when nobody touches it."""
    form = page.one(id="rule")
    sent: dict[str, list[str]] = {}
    for each in form.all("input"):
        if each.get("type") == "checkbox" and each.get("checked") is None:
            continue
        sent.setdefault(each["name"], []).append(each.get("value") or "")
    for each in form.all("select"):
        options = each.all("option")
        chosen = [option for option in options if option.get("selected") is not None]
        sent[each["name"]] = [(chosen or options)[0]["value"]]
    return sent


def press(browser: Browser, page: Page, button: str, **typed: Any) -> Answer:
    """Type in fields (n__0__low is n.0.low), then press a button of the form."""
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    if button not in ("show", "try"):
        page.one("button", name="do", value=button)
    form = page.one(id="rule")
    return browser.send(form["action"], filled(page) | fields | {"do": button})


def problems(page: Page) -> list[str]:
    named = [each.get("id") or "" for each in page.all("p", class_="problem")]
    return [each.removeprefix("trouble-") for each in named if each]


def rule(db: Db, listing_id: str) -> Rule:
    return listings.listing(db, listing_id).rule


def sentence(page: Page) -> str:
    return page.one(id="sentence").text


def verdict(page: Page) -> set[str]:
    return page.one("p", class_="verdict").classes - {"verdict"}


def reasons(page: Page) -> list[str]:
    return [each.text for each in page.one(id="because").all("li")]


def test_every_rule_of_the_directory_is_shown_so_that_nothing_of_it_is_lost(
    admin: Browser, directory: tuple[listings.Listing, ...]
) -> None:
    for each in directory:
        page = admin.get(address(each.id)).page
        found = read(sheet_of(Fields(
            [(name, value) for name, values in filled(page).items() for value in values]
        )))  # fmt: skip
        assert (found.rule, found.troubles) == (each.rule, {}), each.id


def test_a_service_that_the_directory_says_nothing_of_is_open_to_all(
    db: Db, admin: Browser
) -> None:
    page = admin.get(address(DESK)).page
    assert "Ouvert à toutes et tous" in sentence(page)
    assert verdict(page) == {"verdict--yes"}
    assert press(admin, page, "save").status == 303
    assert rule(db, DESK) == OPEN


def test_a_rule_is_built_button_by_button_and_kept(db: Db, admin: Browser) -> None:
    page = admin.get(address(DESK)).page
    page = press(admin, page, "line:n", n__adding="age").page
    page = press(admin, page, "group:n", n__0__low="18", n__0__high="25").page
    page = press(admin, page, "line:n.1", n__1__adding="ase").page
    ticked = {"n__1__0__tag": ["sorti-ase"], "n__1__0__note": "dit au téléphone"}
    page = press(admin, page, "line:n.1", **ticked, n__1__adding="commune").page
    page = press(admin, page, "line:p", n__1__1__others="Rungis", p__adding="dalo").page
    assert "de 18 à 25 ans" in sentence(page)
    assert "Rungis" in sentence(page)
    kept = press(admin, page, "save")
    assert (kept.status, kept.location) == (303, f"/annuaire/{DESK}")
    assert rule(db, DESK) == Rule(
        Group("all", (
            Leaf("age", "between", (18.0, 25.0)),
            Group("any", (
                Leaf("ase", "has_any", frozenset({"sorti-ase"}), None, "dit au téléphone", True),
                Leaf("commune", "has_any", frozenset({"Rungis"})),
            )),
        )),
        prefer=(Leaf("dalo", "is", True, sensitive=True),),
    )  # fmt: skip


def test_any_button_keeps_what_is_half_typed(admin: Browser) -> None:
    page = admin.get(address(RELIANCES)).page
    typed = {"n.0.low": ["dix-huit"], "n.0.note": ["à « trancher »"], "n.1.0.tag": []}
    before = filled(page) | typed
    for button in ("show", "up:n.1.2", "line:c", "try", "save"):
        after = admin.send(address(RELIANCES), before | {"do": button, "fact-age": "19"})
        assert after.page.all("input", name="n.0.low", value="dix-huit"), button
        assert after.page.all("input", name="n.0.note", value="à « trancher »"), button
        assert after.page.one("input", name="fact-age")["value"] == "19", button


def test_what_was_removed_is_put_back_where_it_stood(admin: Browser) -> None:
    page = admin.get(address(RELIANCES)).page
    gone = press(admin, page, "remove:n.1.1").page
    assert "19 à 25" not in sentence(gone)
    back = press(admin, gone, "restore").page
    assert sentence(back) == sentence(page)
    assert filled(back).keys() == filled(page).keys()


def test_what_is_not_finished_is_not_kept_and_said_beside_its_field(db: Db, admin: Browser) -> None:
    page = press(admin, admin.get(address(CIMES)).page, "line:n", n__adding="commune").page
    assert problems(page) == []
    kept = press(admin, page, "save", n__0__high="12", n__3__low="beaucoup")
    assert kept.status == 422
    assert problems(kept.page) == ["n.0.high", "n.3.low", "n.4.tag"]
    assert kept.page.one("title").text.startswith("Erreur")
    assert kept.page.one("input", name="n.3.low")["value"] == "beaucoup"
    assert "Cochez" not in press(admin, kept.page, "show").page.one(id="rule").text
    assert rule(db, CIMES).criteria.items[3].value == 450


def test_a_condition_is_added_on_something(admin: Browser) -> None:
    answer = press(admin, admin.get(address(CIMES)).page, "line:c")
    assert answer.status == 422
    assert problems(answer.page) == ["c.adding"]


# ---- the sentence and the trial come as one types --------------------------------------------


def test_only_what_is_read_back_comes_while_one_types(admin: Browser) -> None:
    page = admin.get(address(CIMES)).page
    sent = filled(page) | {"n.0.low": "17", "fact-age": "17,5", "fact-autonomy": "moins-autonome"}
    answer = admin.send(address(CIMES), sent, **LIVE)
    assert not answer.page.whole
    assert "plus de 17 ans" in sentence(answer.page)
    for tag in ("input", "select", "button", "form"):
        assert answer.page.all(tag) == []
    assert verdict(answer.page) == {"verdict--no"}
    assert "ne peut pas être lue" in answer.page.one(id="verdict").text  # 17 years and a half


def test_a_button_shows_the_form_again_and_not_the_page(admin: Browser) -> None:
    sent = filled(admin.get(address(CIMES)).page) | {"do": "up:n.2"}
    answer = admin.send(address(CIMES), sent, **WHOLE)
    assert not answer.page.whole
    [focused] = [each for each in answer.page.everything() if each.get("autofocus") is not None]
    assert focused["id"] == "n.1.up"


@pytest.mark.parametrize(
    ("person", "found", "why"),
    [
        ({}, "check", "plus de 18 ans et moins de 21 ans : à vérifier"),
        ({"fact-age": "18"}, "no", "plus de 18 ans et moins de 21 ans : non"),
        ({"fact-age": "19", "fact-contrat_jeune_majeur": "-"}, "no", "à l’entrée : non"),
        (
            {
                "fact-age": "19", "fact-contrat_jeune_majeur": "APJM",
                "fact-autonomy": "capable-logement-autonome", "fact-resources_monthly_eur": "450",
            },
            "yes", "450 € par mois : oui",
        ),
    ],
)  # fmt: skip
def test_a_made_up_person_is_answered_with_reasons(
    admin: Browser, person: dict[str, str], found: str, why: str
) -> None:
    page = admin.get(address(CIMES)).page
    answer = admin.send(address(CIMES), filled(page) | person | {"do": "try"})
    assert verdict(answer.page) == {f"verdict--{found}"}
    assert why in "\n".join(reasons(answer.page)).replace("\N{NARROW NO-BREAK SPACE}", " ").replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_only_what_the_rule_reads_is_asked_of_the_made_up_person(admin: Browser) -> None:
    page = admin.get(address(RELIANCES)).page
    assert {name for name in filled(page) if name.startswith("fact-")} == {
        "fact-age", "fact-situation"
    }  # fmt: skip
    assert {each["value"] for each in page.all("input", name="fact-ase")} == {
        "prise-en-charge-prend-fin", "sorti-ase", "-"
    }  # fmt: skip


def test_answers_that_contradict_each_other_are_said(admin: Browser) -> None:
    sent = filled(admin.get(address(RELIANCES)).page)
    person = {"fact-ase": ["sorti-ase", "prise-en-charge-prend-fin"]}
    answer = admin.send(address(RELIANCES), sent | person | {"do": "try"})
    assert "se contredisent" in answer.page.one(id="verdict").text


def test_nothing_of_the_made_up_person_is_kept(db: Db, admin: Browser) -> None:
    person = {"fact-age": "19", "fact-resources_monthly_eur": "4242,17", "fact-ase": "planted-word"}
    page = admin.get(address(CIMES)).page
    tried = admin.send(address(CIMES), filled(page) | person | {"do": "try"})
    kept = press(admin, tried.page, "save", n__0__high="22")
    assert kept.status == 303
    for planted in ("4242,17", "4242.17", "planted-word"):
        assert planted not in dump(db)
        assert planted not in "\n".join(admin.been)


def dump(db: Db) -> str:
    tables = [row["name"] for row in db.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return "\n".join(str(dict(row)) for each in tables for row in db.all(f"SELECT * FROM {each}"))


# ---- two admins, and rules that answer nobody ------------------------------------------------


def test_what_another_admin_kept_meanwhile_is_not_lost(db: Db, admin: Browser) -> None:
    page = admin.get(address(CIMES)).page
    listings.set_rule(db, CIMES, ADULTS, "an admin", MONDAY, listings.listing(db, CIMES).version)
    refused = press(admin, page, "save", n__0__high="22")
    assert refused.status == 409
    assert "18 ans ou plus" in refused.page.one(id="kept").text
    assert "moins de 22 ans" in sentence(refused.page)
    assert rule(db, CIMES) == ADULTS
    assert press(admin, refused.page, "save").status == 303
    assert rule(db, CIMES).criteria.items[0].value == (18, 22)


def test_another_change_of_the_same_listing_is_no_clash(db: Db, admin: Browser) -> None:
    page = admin.get(address(CIMES)).page
    listings.save(db, replace(listings.listing(db, CIMES), hours="le matin"), "an admin", MONDAY)
    assert press(admin, page, "save", n__0__high="22").status == 303
    found = listings.listing(db, CIMES)
    assert (found.hours, found.rule.criteria.items[0].value) == ("le matin", (18, 22))


def test_the_same_button_twice_keeps_it_once(db: Db, admin: Browser) -> None:
    page = admin.get(address(CIMES)).page
    before = listings.listing(db, CIMES).version
    for _ in range(2):
        assert press(admin, page, "save", n__0__high="22").status == 303
    assert listings.listing(db, CIMES).version == before + 1


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ({"n__4__op": "lt", "n__4__low": "18"}, "Personne ne peut remplir"),
        ({"n__4__op": "label", "n__4__text": "jeune"}, "toujours « à vérifier »"),
    ],
)
def test_a_rule_that_answers_nobody_is_confirmed_once(
    db: Db, admin: Browser, added: dict[str, str], words: str
) -> None:
    page = press(admin, admin.get(address(CIMES)).page, "line:n", n__adding="age").page
    asked = press(admin, page, "save", **added)
    assert asked.status == 409
    assert words in asked.page.one("p", class_="notice").text.replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    assert len(rule(db, CIMES).criteria.items) == 4
    other = press(admin, asked.page, "save", n__3__low="500")  # not what was to be confirmed
    assert other.status == 409
    assert press(admin, other.page, "save").status == 303
    assert len(rule(db, CIMES).criteria.items) == 5


# ---- what the form cannot have sent ----------------------------------------------------------


def test_a_listing_that_is_not_there(admin: Browser) -> None:
    assert admin.get(address("nothing")).status == 404
    assert admin.post(address("nothing"), {"do": "save", "n.kind": "all"}).status == 404


def test_what_was_imported_is_its_source_s_to_change(admin: Browser, db: Db) -> None:
    with db.transaction():
        listings.put(db, [listings.Listing("x--1", "Abri", "Voisins", source="x")])
    assert admin.get(address("x--1")).status == 404
    assert admin.post(address("x--1"), {"do": "save", "n.kind": "all"}).status == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"n.kind": "all", "n.0.fact": "age", "n.0.op": "__import__"},
        {"n.kind": "all", "n.0.1.fact": "age", "n.0.1.op": "gt"},
        {f"n{'.0' * deep}.kind": "any" for deep in range(51)},
        {"n.kind": "all"} | {f"n.{n}.kind": "any" for n in range(99)},
        {"n.kind": "all", "do": "remove:n.7"},
    ],
)
def test_what_the_form_cannot_have_sent_changes_nothing(
    db: Db, admin: Browser, fields: dict[str, str]
) -> None:
    before = rule(db, CIMES)
    refused = admin.post(address(CIMES), {"do": "save"} | fields)
    assert refused.status == 422
    assert "rien n’a été changé" in refused.page.one("main").text
    assert filled(refused.page)["n.3.low"] == ["450"]
    assert rule(db, CIMES) == before


def test_ten_thousand_fields_are_too_many(db: Db, admin: Browser) -> None:
    before = rule(db, CIMES)
    refused = admin.post(address(CIMES), {f"n.{n}.kind": "any" for n in range(10_000)})
    assert refused.status == 413
    assert rule(db, CIMES) == before


def test_the_page_speaks_english_too(admin: Browser) -> None:
    admin.post("/langue", {"language": "en"})
    assert admin.get(address(CIMES)).page.one("html")["lang"] == "en"
