"""Every system of the five texts, boundary by boundary: whom it takes is what its text says.

The words of the texts are quoted where a bound hangs on them.
"""

from typing import Any

import pytest

from accueil.house.text import HouseText
from accueil.orientation.catalogue import Catalogue, read
from accueil.orientation.criteria import OPEN, preference, reasons, verdict
from accueil.orientation.facts import read as facts_from
from accueil.orientation.listings import listing
from accueil.orientation.territory import placed
from accueil.store.db import Db

# One line a service, and what a person must be for a yes; each test below takes one thing away.
COTEAUX = {"age": 19, "ase": "sortant-mecs", "resources_monthly_eur": 450}
CIMES = {
    "age": 19,
    "contrat_jeune_majeur": "AED",
    "autonomy": "capable-logement-autonome",
    "resources_monthly_eur": 450,
}
END_OF_CONTRACT = {"age": 20, "contrat_jeune_majeur": "en-fin"}
ALTHO = {"household": "famille-avec-enfants", "housing": "hotel-via-115"}
RELAIS = {"household": "isole", "situation": "isolement-aggrave"}
JOINT_ACTION = {
    "territory": "Segré-en-Anjou",
    "housing": "difficulte-maintien",
    "iae": "souhaite-chantier",
}
VIOLENCE = {"gender": "femme", "situation": "victime-de-violences"}
RESIDENCE = {"household": "isole", "situation": "en-insertion-sans-acces-logement-perenne"}
RELIANCES = ("reliances-suivi", "reliances-hebergement-temporaire", "reliances-studios")
PROJECTS = {"arfog-seraphine", "arfog-pension-famille", "arfog-residence-siemp"}


@pytest.fixture
def catalogue(db: Db, house: HouseText) -> Catalogue:
    return read(db)


def said(catalogue: Catalogue, service: str, **facts: object) -> str:
    rules = {each.id: each.rule for each in catalogue.candidates}
    return verdict(rules[service], placed(facts_from(facts)))


# ---- ages, to the day that the text gives ----------------------------------------------------


@pytest.mark.parametrize(
    ("service", "others", "yes", "no"),
    [
        # « âgé de 18 ans et jusqu’à 20 ans »
        ("essor93-coteaux", COTEAUX, (18, 19, 20), (17, 21, 40)),
        # « plus de 18 ans et de moins de 21 ans »
        ("essor93-cimes", CIMES, (18.5, 19, 20), (17, 18, 21, 22)),
        # « de 18 ans à 21 ans … moins de 21 ans à l’entrée »
        ("essor93-fin-cjm", END_OF_CONTRACT, (18, 20, 20.9), (17, 21, 22)),
        ("ecs-mission-locale", {}, (16, 17, 25), (15, 26)),
        # « plus de 60 ans »
        ("ecs-clic6", {"relation": []}, (61, 67, 120), (60, 59, 0)),
        # « entre 18 et 25 ans révolus »
        ("reliances-suivi", {"ase": "prise-en-charge-prend-fin"}, (18, 25), (17, 26)),
        # « sortis du dispositif ASE, qui ont entre 19 et 25 ans révolus »
        ("reliances-studios", {"ase": "sorti-ase", "situation": []}, (19, 25), (17, 18, 26)),
    ],
)
def test_an_age_is_inside_or_outside_as_the_text_says(
    catalogue: Catalogue,
    service: str,
    others: dict[str, Any],
    yes: tuple[float, ...],
    no: tuple[float, ...],
) -> None:
    told = {age: said(catalogue, service, **{**others, "age": age}) for age in (*yes, *no)}
    assert told == {**dict.fromkeys(yes, "yes"), **dict.fromkeys(no, "no")}


@pytest.mark.parametrize(
    ("service", "others"), [("essor93-coteaux", COTEAUX), ("essor93-cimes", CIMES)]
)
def test_resources_of_450_euros_are_enough(
    catalogue: Catalogue, service: str, others: dict[str, Any]
) -> None:
    """« des ressources d’un minimum de 450 € »"""
    for euros, expected in ((450, "yes"), (500, "yes"), (449.99, "no"), (0, "no")):
        others = {**others, "resources_monthly_eur": euros}
        assert said(catalogue, service, **others) == expected


# ---- each condition is asked, and its lack is a no -------------------------------------------

WHOLE = [
    ("essor93-coteaux", COTEAUX),
    ("essor93-cimes", CIMES),
    ("essor93-fin-cjm", END_OF_CONTRACT),
    ("essor93-adepape", {"ase": "a-beneficie-un-jour-ase-93"}),
    ("essor93-altho", ALTHO),
    ("essor93-service-technique", {"housing": "heberge-essor93"}),
    ("arfog-chrs-urgence", VIOLENCE),
    ("arfog-chrs-insertion-paris", {"gender": "femme", "household": "monoparentale"}),
    ("arfog-chrs-petite-couronne", {"household": "famille-avec-enfants"}),
    ("arfog-solibail", {"household": "couple-avec-enfants"}),
    ("arfog-residences-sociales", RESIDENCE),
    ("arfog-maison-relais", RELAIS),
    ("arfog-avdl", {"housing": "mal-loge"}),
    ("aide-accueil-action-mutualisee", JOINT_ACTION),
    ("ecs-aef94", {"employment": "demandeur-emploi"}),
    ("ecs-as-personnel-communal", {"employment": "agent-communal"}),
    ("ecs-pole-gerontologique", {"actor": "professionnel"}),
]


@pytest.mark.parametrize(("service", "person"), WHOLE, ids=[each[0] for each in WHOLE])
def test_whoever_fulfils_all_has_a_yes_and_each_lack_is_a_no_or_to_check(
    catalogue: Catalogue, service: str, person: dict[str, Any]
) -> None:
    assert said(catalogue, service, **person) == "yes"
    for fact in person:
        others = {name: value for name, value in person.items() if name != fact}
        lacking = 1 if fact in ("age", "resources_monthly_eur") else ["autre chose"]
        assert said(catalogue, service, **others) == "check"
        assert said(catalogue, service, **others, **{fact: None}) == "check"
        assert said(catalogue, service, **others, **{fact: lacking}) == "no"


def test_nobody_is_refused_before_they_are_asked(catalogue: Catalogue) -> None:
    assert {verdict(each.rule, {}) for each in catalogue.candidates} == {"yes", "check"}


def test_coteaux_takes_those_who_leave_a_family_a_home_or_any_shared_place(
    catalogue: Catalogue,
) -> None:
    for left in ("sortant-famille-accueil", "sortant-mecs", "sortant-lieu-collectif"):
        assert said(catalogue, "essor93-coteaux", **{**COTEAUX, "ase": [left]}) == "yes"
    for other in ("sorti-ase", "prise-en-charge-prend-fin"):
        assert said(catalogue, "essor93-coteaux", **{**COTEAUX, "ase": other}) == "no"


def test_cimes_asks_for_one_of_two_contracts_at_admission(catalogue: Catalogue) -> None:
    for contract, expected in (("AED", "yes"), ("APJM", "yes"), ("en-fin", "no")):
        person = {**CIMES, "contrat_jeune_majeur": contract}
        assert said(catalogue, "essor93-cimes", **person) == expected
    assert said(catalogue, "essor93-cimes", **{**CIMES, "autonomy": "moins-autonome"}) == "no"


def test_a_family_member_may_ask_the_clic_at_any_age(catalogue: Catalogue) -> None:
    relative = "famille-d-une-personne-agee"
    assert said(catalogue, "ecs-clic6", age=30, relation=relative) == "yes"
    assert said(catalogue, "ecs-clic6", relation=relative) == "yes"
    assert said(catalogue, "ecs-clic6", age=60) == "check"
    assert said(catalogue, "ecs-clic6", age=61) == "yes"


@pytest.mark.parametrize("service", RELIANCES)
def test_reliances_takes_three_cases_and_only_between_18_and_25(
    catalogue: Catalogue, service: str
) -> None:
    breaking = "rupture-besoin-hebergement-momentane"
    three = [
        {"ase": "prise-en-charge-prend-fin", "age": 18},
        {"ase": "sorti-ase", "age": 19},
        {"situation": breaking, "age": 18},
    ]
    for person in three:
        assert said(catalogue, service, **person) == "yes"
        assert said(catalogue, service, **{**person, "age": 26}) == "no"
        assert said(catalogue, service, **{**person, "age": 17}) == "no"
    assert said(catalogue, service, age=18, ase="sorti-ase") == "check"
    assert said(catalogue, service, age=18, ase="sorti-ase", situation=breaking) == "yes"
    assert said(catalogue, service, age=22, ase=[], situation=[]) == "no"
    assert said(catalogue, service, age=22, situation=breaking, ase=None) == "yes"


def test_the_maison_relais_takes_one_of_three_situations_and_two_households(
    catalogue: Catalogue,
) -> None:
    service = "arfog-maison-relais"
    for situation in ("difficulte-de-sante", "long-parcours-errance", "isolement-aggrave"):
        for household in ("isole", "monoparentale"):
            assert said(catalogue, service, household=household, situation=situation) == "yes"
        assert said(catalogue, service, household="couple-sans-enfant", situation=situation) == "no"
    assert said(catalogue, service, household="isole", situation=["errance"]) == "no"


def test_each_residence_has_its_households(catalogue: Catalogue) -> None:
    """« couples avec enfants, familles monoparentales », « personnes isolées »…"""
    alone, parent = ["isole"], ["monoparentale", "famille-avec-enfants"]
    couple = ["couple-avec-enfants", "famille-avec-enfants"]
    insertion = "en-insertion-sans-acces-logement-perenne"

    def told(service: str, **others: object) -> list[str]:
        three = (alone, parent, couple)
        return [said(catalogue, service, household=each, **others) for each in three]

    assert told("arfog-solibail") == ["no", "yes", "yes"]
    assert told("arfog-residences-sociales", situation=insertion) == ["yes", "yes", "no"]
    assert told("arfog-chrs-petite-couronne") == ["no", "yes", "yes"]
    assert told("arfog-chrs-insertion-paris", gender="femme") == ["no", "yes", "yes"]
    assert told("arfog-chrs-insertion-paris", gender="homme") == ["no", "no", "no"]
    assert told("essor93-altho", housing="hotel-via-115") == ["no", "yes", "yes"]


def test_a_shelter_takes_women_with_or_without_children(catalogue: Catalogue) -> None:
    for household in (None, "isole", "monoparentale"):
        assert said(catalogue, "arfog-chrs-urgence", **VIOLENCE, household=household) == "yes"
    assert said(catalogue, "arfog-chrs-urgence", gender="homme") == "no"


# ---- warnings and preferences ----------------------------------------------------------------


def test_the_three_towns_of_the_social_workers_are_a_warning_only(catalogue: Catalogue) -> None:
    rules = {each.id: each.rule for each in catalogue.candidates}
    for service in ("ecs-eds-as-accueil", "ecs-eds-as-accompagnement"):
        for town, expected in (("Chevilly-Larue", "yes"), ("94260", "yes"), ("94150", "yes"),
                               ("Marseille", "no"), (None, "check")):  # fmt: skip
            facts = placed(facts_from({"commune": town}))
            assert verdict(rules[service], facts) == "yes"
            [warned] = reasons(rules[service], facts)
            assert (warned.part, warned.verdict) == ("check", expected)


def test_solibail_warns_outside_93_and_94_and_never_hides(catalogue: Catalogue) -> None:
    rule = next(each.rule for each in catalogue.candidates if each.id == "arfog-solibail")
    for departement, expected in (("93", "yes"), ("94", "yes"), ("75", "no"), (None, "check")):
        facts = facts_from({"household": "monoparentale", "departement": departement})
        assert verdict(rule, facts) == "yes"
        assert [each.verdict for each in reasons(rule, facts)] == ["yes", expected]


def test_a_town_gives_its_departement(catalogue: Catalogue) -> None:
    rule = next(each.rule for each in catalogue.candidates if each.id == "arfog-solibail")
    facts = placed(facts_from({"household": "monoparentale", "commune": "Montreuil (93)"}))
    assert [each.verdict for each in reasons(rule, facts)] == ["yes", "yes"]


@pytest.mark.parametrize(
    ("service", "preferred"),
    [
        ("arfog-avdl", {"dalo": True}),
        ("essor93-coteaux", {"autonomy": "moins-autonome"}),
        ("arfog-solibail", {"wants": "parcours-insertion"}),
        ("ecs-petite-enfance", {"relation": "parent-de-tout-petit"}),
    ],
)
def test_a_preference_changes_the_order_and_no_verdict(
    catalogue: Catalogue, service: str, preferred: dict[str, Any]
) -> None:
    """In AVDL « en particulier les ménages bénéficiaires du DALO » does not open it to all."""
    rule = next(each.rule for each in catalogue.candidates if each.id == service)
    person = facts_from(preferred)
    assert preference(rule, person) == 1
    assert preference(rule, {}) == 0
    assert verdict(rule, person) == verdict(rule, {})


def test_avdl_takes_nobody_who_has_a_good_home(catalogue: Catalogue) -> None:
    assert said(catalogue, "arfog-avdl", housing=[], dalo=True) == "no"
    assert said(catalogue, "arfog-avdl", dalo=True) == "check"
    assert said(catalogue, "arfog-avdl", housing="sans-logement", dalo=False) == "yes"


# ---- what is proposed, and what is counted ---------------------------------------------------


def test_every_service_of_the_texts_is_there_and_projects_are_never_proposed(
    catalogue: Catalogue,
) -> None:
    assert len(catalogue.candidates) == 74
    assert {each.id for each in catalogue.candidates if each.state == "project"} == PROJECTS
    assert not PROJECTS & {each.id for each in catalogue.answering(frozenset())}
    for tag in catalogue.needs:
        assert not PROJECTS & {each.id for each in catalogue.answering(frozenset({tag}))}


def test_what_has_no_condition_is_open_to_all(catalogue: Catalogue) -> None:
    conditioned = {each.id for each in catalogue.candidates if each.rule.criteria != OPEN.criteria}
    asked = {each for each, _ in WHOLE}
    asked |= {"ecs-mission-locale", "ecs-clic6", "arfog-seraphine", *RELIANCES}
    assert conditioned == asked


@pytest.mark.parametrize(
    ("service", "total", "unit"),
    [
        ("essor93-coteaux", 10, "places"),
        ("essor93-cimes", 40, "places"),
        ("essor93-fin-cjm", 30, "places"),
        ("essor93-adepape", 80, "persons_a_year"),
        ("essor93-altho", 22, "households"),
        ("arfog-chrs-urgence", 27, "places"),
        ("arfog-chrs-insertion-paris", 276, "places"),
        ("arfog-chrs-petite-couronne", 87, "places"),
        ("arfog-solibail", 171, "dwellings"),
        ("arfog-maison-relais", 16, "dwellings"),
        ("reliances-hebergement-temporaire", 2, "places"),
        ("reliances-studios", 2, "dwellings"),
        ("aide-accueil-action-mutualisee", 15, "persons_a_year"),
        ("arfog-avdl", None, "places"),
    ],
)
def test_places_are_counted_as_the_text_counts_them(
    db: Db, catalogue: Catalogue, service: str, total: int | None, unit: str
) -> None:
    places = listing(db, service).places
    assert (places.total, places.unit, places.left) == (total, unit, None)
    assert places.reserved == (1 if service == "essor93-cimes" else 0)
