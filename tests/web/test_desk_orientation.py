"""At the desk, a person asks: the fewest questions, who can help and why, and nothing is kept."""

from dataclasses import replace
from typing import Any

import pytest

from accueil.orientation import listings
from accueil.orientation.criteria import Group
from accueil.orientation.criteria_data import rule_from_data
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.browser import Answer, Browser
from tests.web.directory import load_directory
from tests.web.page import Node, Page

HOUSING, SENIORS = "/accueil/nouveau/logement", "/accueil/nouveau/seniors"
REGISTER = "/accueil/visites"
LIVE = {"HX-Request": "true", "HX-Target": "orientation"}
LEAVING_CARE = {
    "fact-age": "19",
    "fact-ase": "sortant-mecs",
    "fact-resources_monthly_eur": "500",
    "fact-contrat_jeune_majeur": "APJM",
    "fact-autonomy": "capable-logement-autonome",
}


@pytest.fixture(autouse=True)
def directory(db: Db) -> None:
    load_directory(db)


def told(agent: Browser, path: str = HOUSING, **facts: Any) -> Answer:
    return agent.post(path, {f"fact-{name}": value for name, value in facts.items()})


def verdicts(page: Page) -> dict[str, str]:
    """What is said of each service that is proposed, in the order of the page."""
    return {
        each.one("h3").all("span")[0].text: each.one("span", class_="verdict").text
        for each in page.one(id="orientation").all("li", class_="answer")
        if each.all("span", class_="verdict")
    }


def unfit(page: Page) -> list[str]:
    return [each.one("h3").text for each in page.all("li", class_="answer--no")]


def asked(page: Page) -> str | None:
    found = page.all("form", class_="ask")
    return found[0].one("h3").text if found else None


def answer(page: Page, name: str) -> Node:
    return next(
        each
        for each in page.one(id="orientation").all("li", class_="answer")
        if name in each.one("h3").text
    )


def carried(page: Page) -> set[tuple[str, str]]:
    """What the next question's form says again, without anybody typing it."""
    form = page.one("form", class_="ask")
    hidden = form.all("input", type="hidden")
    return {(each["name"], each.get("value") or "") for each in hidden} - {
        ("csrf_token", form.one("input", name="csrf_token")["value"])
    }


def test_after_a_need_there_are_answers_at_once_and_a_question(agent: Browser) -> None:
    page = agent.get(SENIORS).page
    assert verdicts(page) == {"Clic6": "À vérifier"}
    assert asked(page) == "Quel âge avez-vous ?"
    assert "Plus de 60 ans" in answer(page, "Clic6").text.replace("plus", "Plus")


def test_an_answer_may_settle_everything(agent: Browser) -> None:
    page = told(agent, SENIORS, age="67").page
    assert verdicts(page) == {"Clic6": "Oui"}
    assert asked(page) is None
    assert "Âge : 67 ans" in page.one("form", class_="said").text


def test_or_call_for_another_question(agent: Browser) -> None:
    page = told(agent, SENIORS, age="60").page
    assert asked(page) == "Pour qui venez-vous ?"
    assert ("fact-age", "60") in carried(page)


def test_a_young_adult_who_leaves_care(agent: Browser) -> None:
    page = agent.post(HOUSING, LEAVING_CARE).page
    found = verdicts(page)
    assert (found["Dispositif des Coteaux"], found["Dispositif Cimes"]) == ("Oui", "Oui")
    poorer = agent.post(HOUSING, {**LEAVING_CARE, "fact-resources_monthly_eur": "449"}).page
    assert {"Dispositif des Coteaux", "Dispositif Cimes"} <= set(unfit(poorer))
    refusal = next(
        each for each in poorer.all("li", class_="answer--no") if "Cimes" in each.one("h3").text
    )
    assert "non" in refusal.one("li", class_="reason--no").text


def test_a_project_is_never_an_answer(agent: Browser) -> None:
    page = agent.get(HOUSING).page
    assert "Pension de famille" not in page.one(id="orientation").text


def test_a_question_that_is_not_asked_is_not_asked_again(agent: Browser) -> None:
    first = asked(agent.get(HOUSING).page)
    page = agent.get(HOUSING).page
    skip = [each for each in page.one("form", class_="ask").all("button") if each["value"] == ""]
    after = agent.post(HOUSING, {skip[0]["name"]: ""}).page
    assert asked(after) != first
    assert (skip[0]["name"], "") in carried(after)
    assert "pas demandé" in after.one("form", class_="said").text


def test_all_questions_can_be_skipped_and_the_answers_stay(agent: Browser) -> None:
    page, facts = agent.get(HOUSING).page, dict[str, str]()
    before = set(verdicts(page))
    for _ in range(20):
        if asked(page) is None:
            break
        [skip] = [
            each["name"]
            for each in page.one("form", class_="ask").all("button")
            if each.get("value") == ""
        ]
        facts[skip] = ""
        page = agent.post(HOUSING, facts).page
    assert asked(page) is None
    assert set(verdicts(page)) == before


def test_what_was_said_is_taken_back_in_one_touch(agent: Browser) -> None:
    page = told(agent, SENIORS, age="60").page
    after = agent.press(page, SENIORS, without="age").page
    assert asked(after) == "Quel âge avez-vous ?"
    assert after.all("form", class_="said") == []


def test_several_facts_are_said_at_once_and_what_is_empty_was_not_asked(agent: Browser) -> None:
    form = {"whole": "1", "fact-age": "67", "fact-relation": "", "skipped": "employment"}
    page = agent.post(SENIORS, form).page
    assert "Âge : 67 ans" in page.one("form", class_="said").text
    assert "Travail : pas demandé" in page.one("form", class_="said").text
    assert "proche" not in page.one("form", class_="said").text


def test_what_is_private_has_a_lock_and_says_that_nothing_is_kept(agent: Browser) -> None:
    page = agent.get(HOUSING).page
    for _ in range(20):
        form = page.one("form", class_="ask")
        if "Rien de ce qui est dit ici n’est gardé" in form.text:
            return
        skip = next(each["name"] for each in form.all("button") if each.get("value") == "")
        page = agent.post(HOUSING, {**dict(carried(page)), skip: ""}).page
    raise AssertionError("no question of this need is private")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"age": "-1"}, "de 0 à 120"),
        ({"age": "200"}, "de 0 à 120"),
        ({"age": "19,5"}, "de 0 à 120"),
        ({"commune": "Zzyzx"}, "liste officielle"),
        ({"resources_monthly_eur": "beaucoup"}, "en euros"),
        ({"dalo": "peut-être"}, "pas comprise"),
        ({"inventé": "1"}, "pas comprise"),
        ({"household": "x" * 300}, "pas comprise"),
    ],
    ids=range(8),
)
def test_what_cannot_be_is_said_and_the_rest_is_kept(
    facts: dict[str, str], said: str, agent: Browser
) -> None:
    refused = told(agent, employment="demandeur-emploi", **facts)
    assert refused.status == 422
    assert said in refused.page.one(id="wrong").text
    assert "Travail" in refused.page.one("form", class_="said").text
    assert verdicts(refused.page)


def test_a_wrong_number_is_asked_again_as_it_was_typed(agent: Browser) -> None:
    refused = told(agent, age="200").page
    field = refused.one("form", class_="ask").one("input", name="fact-age")
    assert (field["value"], field["aria-invalid"]) == ("200", "true")


def test_of_several_wrong_answers_each_is_told_and_kept(agent: Browser) -> None:
    wrong = {"age": "-5", "commune": "Atlantis", "resources_monthly_eur": "abc"}
    refused = told(agent, **wrong)
    assert refused.status == 422
    said = refused.page.one(id="wrong").text
    assert all(word in said for word in ("Un âge", "Cette commune", "Une somme"))
    sheet = refused.page.one("details", class_="every")
    assert sheet.get("open") is not None
    for name, typed in wrong.items():
        assert sheet.one("input", name=f"fact-{name}", autocomplete="off")["value"] == typed


def test_a_commune_is_said_back_with_its_departement(agent: Browser) -> None:
    page = told(agent, commune="fresnes").page
    assert "Fresnes (94)" in page.one(id="orientation").text


def test_answers_that_cannot_both_be_true_are_kept_and_do_not_count(agent: Browser) -> None:
    refused = told(agent, age="45", contrat_jeune_majeur="APJM")
    assert refused.status == 422
    assert "ne peuvent pas être vraies ensemble" in refused.page.one("p", role="alert").text
    assert len(refused.page.all("button", class_="said-chip--clash")) == 2
    assert asked(refused.page) is None
    assert verdicts(refused.page) == verdicts(agent.get(HOUSING).page)
    settled = agent.press(refused.page, HOUSING, without="contrat_jeune_majeur")
    assert settled.status == 200
    assert "45 ans" in settled.page.one("form", class_="said").text


def test_where_nobody_fits_there_is_a_door(db: Db, agent: Browser) -> None:
    clic = listings.listing(db, "ecs-clic6")
    listings.set_rule(
        db,
        clic.id,
        rule_from_data({"criteria": {"fact": "age", "op": "gt", "value": 60}}),
        "sylvie",
        MONDAY,
        clic.version,
    )
    page = told(agent, SENIORS, age="30").page
    text = page.one(id="orientation").text
    assert verdicts(page) == {}
    for words in ("Personne ne convient", "Clic6", "plus de 60 ans", "CCAS", "115"):
        assert words in text
    assert "Attendra l’accueil" in page.one("form", id="register").text


def test_with_htmx_only_the_answers_are_sent(agent: Browser) -> None:
    answer = agent.post(SENIORS, {"fact-age": "60"}, headers=LIVE)
    assert answer.page.all("html") == []
    assert answer.page.all("input", name="alias") == []
    assert asked(answer.page) == "Pour qui venez-vous ?"


def test_registering_says_nothing_of_the_person(db: Db, agent: Browser) -> None:
    page = agent.post(HOUSING, LEAVING_CARE).page
    form = page.one("form", id="register")
    assert [each for each in form.all("input") if each["name"].startswith("fact-")] == []
    done = agent.press(page, REGISTER, outcome="address")
    assert done.status == 303
    [visit] = db.all("SELECT * FROM visit")
    assert "APJM" not in str(visit)
    assert "sortant-mecs" not in str(db.all("SELECT * FROM journal"))


def test_no_address_ever_says_what_the_person_said(agent: Browser) -> None:
    page = agent.post(HOUSING, LEAVING_CARE).page
    links = [each.get("href") or each.get("action") or "" for each in page.everything()]
    assert [each for each in links if "fact" in each or "APJM" in each] == []
    assert "Set-Cookie" not in agent.post(HOUSING, LEAVING_CARE).headers


def test_opening_the_panel_again_has_forgotten_everything(agent: Browser) -> None:
    told(agent, SENIORS, age="67")
    page = agent.get(SENIORS).page
    assert page.all("form", class_="said") == []
    assert asked(page) == "Quel âge avez-vous ?"


@pytest.mark.parametrize("need_id", ["inconnu", "%00", "x" * 3_000], ids=range(3))
def test_a_need_that_does_not_exist_brings_back_the_day(need_id: str, agent: Browser) -> None:
    refused = agent.post(f"/accueil/nouveau/{need_id}", {"fact-age": "67"})
    assert refused.status == 422
    assert refused.page.one(id="day")


def test_a_partner_asks_nobody_anything_here(partner: Browser) -> None:
    assert told(partner, age="67").status == 403


def test_a_service_that_is_full_says_so(db: Db, agent: Browser) -> None:
    cimes = listings.listing(db, "essor93-cimes")
    full = listings.Places(40, 0, on=MONDAY.date(), reserved=1)
    listings.save(db, replace(cimes, places=full), "sylvie", MONDAY)
    page = agent.post(HOUSING, LEAVING_CARE).page
    assert "Complet" in answer(page, "Dispositif Cimes").text


def test_a_rule_without_conditions_is_open_to_all(db: Db, agent: Browser) -> None:
    parquet = listings.listing(db, "ecs-parquet-sans-rdv")
    assert parquet.rule.criteria == Group("all")
    page = agent.get("/accueil/nouveau/droit").page
    assert verdicts(page)["Correspondant du Parquet"] == "Oui"
