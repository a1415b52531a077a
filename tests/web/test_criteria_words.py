"""Criteria and facts in words that a person at a counter understands."""

import tomllib
from collections.abc import Iterator
from typing import Any

import flask_babel
import pytest
from flask import Flask

from accueil.orientation.criteria import Group, Leaf, Node, Reason, Rule, leaves, reasons
from accueil.orientation.criteria_data import rule_from_data
from accueil.orientation.facts import FACTS
from blueprints import criteria_words, fact_words
from blueprints.criteria_words import condition, reason, sentence, spoken_aloud
from tests.personae import FOLDER

LONGEST_QUESTION = 16


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    """Words need a language, and no house: a command says them too."""
    app = Flask(__name__)
    flask_babel.Babel(app, default_locale="fr")
    with app.app_context(), flask_babel.force_locale("fr"):
        yield


def age(op: Any, value: Any, **more: Any) -> Leaf:
    return Leaf("age", op, value, **more)


def of(fact: str, *words: str, **more: Any) -> Leaf:
    return Leaf(fact, "has_any", frozenset(words), **more)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


YOUNG, FAMILY = age("between", (16.0, 25.0)), of("household", "famille-avec-enfants")


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (YOUNG, "de 16 à 25 ans"),
        (age("between", (18.0, 18.0)), "18 ans"),
        (age("between", (0.0, 1.0)), "de 0 à 1 an"),
        (age("between_excl", (18.0, 21.0)), "plus de 18 ans et moins de 21 ans"),
        (age("gt", 60.0), "plus de 60 ans"),
        (age("gte", 60.0), "60 ans ou plus"),
        (age("lt", 1.0), "moins de 1 an"),
        (age("lt", 21.0, at="entree"), "moins de 21 ans, à l’entrée"),
        (age("label", "vieillissante"), "vieillissante"),
        (Leaf("resources_monthly_eur", "gte", 450.0), "ressources d’au moins 450 € par mois"),
        (Leaf("resources_monthly_eur", "lt", 1200.0), "ressources de moins de 1 200 € par mois"),
        (
            Leaf("resources_monthly_eur", "between", (450.0, 800.5)),
            "ressources de 450 € à 800,50 € par mois",
        ),
        (of("household", "monoparentale", "famille-avec-enfants"),
         "famille avec enfants ou parent seul avec enfants"),
        (of("commune", "Rungis", "Chevilly-Larue", "Fresnes"),
         "habiter Chevilly-Larue, Fresnes ou Rungis"),
        (of("departement", "93", "94"), "habiter le département 93 ou 94"),
        (Leaf("dalo", "is", value=False), "droit au logement opposable non reconnu"),
        (of("housing", "tiny-house"), "tiny-house"),
        (Group("any", (age("gt", 60.0), FAMILY)), "plus de 60 ans ou famille avec enfants"),
        (Group("none", (FAMILY,)), "pas « famille avec enfants »"),
        (Group("none", (FAMILY, YOUNG)), "pas « famille avec enfants » et pas « de 16 à 25 ans »"),
        (
            Group("any", (of("ase", "sorti-ase"), Group("all", (YOUNG, FAMILY)))),
            "sortie de l’aide sociale à l’enfance ou (de 16 à 25 ans et famille avec enfants)",
        ),
        (
            Group("all", (YOUNG, Group("any", (FAMILY, of("household", "isole"))))),
            "de 16 à 25 ans et (famille avec enfants ou personne seule)",
        ),
        (Group("any", (Group("all", (YOUNG,)),)), "de 16 à 25 ans"),
        (Group("all"), "toutes et tous"),
    ],
)  # fmt: skip
def test_a_condition_says_its_bounds_and_its_words(node: Node, said: str) -> None:
    assert plain(condition(node)) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Reason(YOUNG, "yes"), "de 16 à 25 ans : oui"),
        (Reason(YOUNG, "check"), "de 16 à 25 ans : à vérifier"),
        (Reason(YOUNG, "no"), "de 16 à 25 ans : non"),
        (Reason(of("commune", "Rungis"), "yes", "check"), "habiter Rungis : oui"),
        (Reason(of("commune", "Rungis"), "no", "check"), "habiter Rungis : non, à vérifier"),
        (Reason(FAMILY, "yes", "prefer"), "en priorité : famille avec enfants"),
    ],
)
def test_a_reason_says_what_it_came_to(told: Reason, said: str) -> None:
    """A warning that is not fulfilled remains a warning."""
    assert reason(told) == said


def test_a_rule_is_read_back_whole() -> None:
    rule = Rule(Group("all", (YOUNG, FAMILY)), (of("commune", "Rungis"),), (age("gt", 18.0),))
    assert sentence(rule) == (
        "Conditions : de 16 à 25 ans ; famille avec enfants."
        " À vérifier : habiter Rungis. En priorité : plus de 18 ans."
    )


def test_a_rule_without_conditions_is_open_to_everybody() -> None:
    assert sentence(Rule()) == "Ouvert à toutes et tous."
    assert sentence(Rule(Group("none"))) == "Ouvert à toutes et tous."
    assert sentence(Rule(YOUNG)) == "Condition : de 16 à 25 ans."


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_has_a_name_and_a_short_question(fact: str) -> None:
    assert fact_words.fact(fact) != fact
    asked = fact_words.question(fact)
    assert asked.endswith(" ?")
    assert len(asked.removesuffix(" ?").split()) <= LONGEST_QUESTION
    said = [fact_words.choice(fact, each.id) for each in FACTS[fact].choices]
    assert len(set(said)) == len(said)
    assert all(each[0].isupper() for each in said)


def test_every_word_of_the_vocabulary_is_said_in_words() -> None:
    places = {"territory"}
    for fact in FACTS.values():
        for word in fact.tags if fact.id not in places else ():
            assert fact_words.tag(fact.id, word) != word or word in ("femme", "homme")


def test_two_words_are_never_said_alike() -> None:
    said = [fact_words.tag(fact.id, word) for fact in FACTS.values() for word in fact.tags]
    assert len(set(said)) == len(said)


def demonstration() -> Iterator[Rule]:
    """Every rule of the demonstration house's directory."""
    path = FOLDER / "directory.toml"
    for each in tomllib.loads(path.read_text(encoding="utf-8"))["listing"]:
        parts = {key: each[key] for key in ("criteria", "check", "prefer") if key in each}
        yield rule_from_data(parts)


def test_no_rule_of_the_directory_shows_a_word_of_the_code() -> None:
    rules = list(demonstration())
    assert len({sentence(rule) for rule in rules}) > 20
    for rule in rules:
        said = " ".join((sentence(rule), *map(reason, reasons(rule, {}))))
        for leaf in (*leaves(rule.criteria), *rule.check, *rule.prefer):
            words = leaf.value if isinstance(leaf.value, frozenset) else ()
            shown = [word for word in words if word in said and "-" in word]
            assert [word for word in shown if word[0].islower()] == [], said


def test_what_is_private_is_not_for_a_screen_that_others_read() -> None:
    violence = of("situation", "victime-de-violences", sensitive=True)
    assert not spoken_aloud(Reason(violence, "check"))
    assert not spoken_aloud(Reason(of("gender", "femme"), "check"))
    assert not spoken_aloud(Reason(Group("any", (YOUNG, violence)), "check"))
    assert spoken_aloud(Reason(Group("any", (YOUNG, FAMILY)), "check"))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, 17, "moins de 18 ans"),
        (None, 60, "60 ans ou moins"),
        (16, 25, "de 16 à 25 ans"),
        (18, 18, "18 ans"),
        (61, None, "plus de 60 ans"),
        (None, None, "à tout âge"),
    ],
)
def test_a_band_of_ages_is_said_as_one_says_one_s_age(
    low: int | None, high: int | None, said: str
) -> None:
    assert fact_words.ages(low, high) == said


def test_the_words_of_facts_are_found_with_those_of_criteria() -> None:
    assert criteria_words.question("age") == "Quel âge avez-vous ?"
    assert criteria_words.choice("dalo", "yes") == "Oui"
    assert criteria_words.choice("household", "none") == "Une autre situation"
    assert criteria_words.choice("housing", "none") == "Aucun de ceux-là"
    assert criteria_words.tag("commune", "Rungis") == "Rungis"
