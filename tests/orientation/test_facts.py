"""What people say of themselves, read strictly: a value that cannot be is named, never guessed."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accueil.orientation.facts import (
    FACTS,
    MOST_TAGS,
    TAG_CHARACTERS,
    BadFact,
    contradictions,
    fact,
    read,
)
from tests.orientation import drawn

# The vocabulary of the seeds, fact by fact.
VOCABULARY = {
    "number": {"age", "resources_monthly_eur"},
    "flag": {"dalo"},
    "tags": {
        *("situation", "ase", "household", "housing", "gender", "commune", "employment"),
        *("relation", "autonomy", "contrat_jeune_majeur", "actor", "departement", "wants"),
        *("territory", "iae"),
    },
}
# Those that the seeds mark sensitive, in one rule or another.
SENSITIVE = (
    *("ase", "resources_monthly_eur", "contrat_jeune_majeur", "housing"),
    *("gender", "situation"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=5), inside, max_size=3)
    ),
    max_leaves=6,
)


def test_the_vocabulary_is_that_of_the_seeds() -> None:
    assert {name: fact.kind for name, fact in FACTS.items()} == {
        name: kind for kind, names in VOCABULARY.items() for name in names
    }


def test_what_the_seeds_mark_sensitive_is_asked_by_a_person_only() -> None:
    assert all(FACTS[name].asked_by == "person" for name in SENSITIVE)
    assert all(not FACTS[name].aloud for name in ("situation", "gender"))


def test_what_is_said_is_read_as_it_is_said() -> None:
    assert read({"age": 19, "ase": "sorti-ase", "housing": ["mal-loge", " x "], "dalo": False}) == {
        "age": 19.0,
        "ase": frozenset({"sorti-ase"}),
        "housing": frozenset({"mal-loge", "x"}),
        "dalo": False,
    }
    assert read({"age": None, "ase": None, "dalo": None, "situation": []}) == {
        **dict.fromkeys(("age", "ase", "dalo")),
        "situation": frozenset(),
    }
    assert read({"age": 0}) == {"age": 0.0}
    assert read({"age": 120, "resources_monthly_eur": 449.99}) == {
        "age": 120.0,
        "resources_monthly_eur": 449.99,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("age", value) for value in (-3, 200, 120.5, "abc", "19", True, [19], "", float("nan"))),
        *(("age", value) for value in (float("inf"), 10**400, -(10**400))),
        *(("resources_monthly_eur", value) for value in (-1, 100_001, False, "450 €")),
        *(("dalo", value) for value in (0, 1, "oui", [True], [])),
        *(("ase", value) for value in (1, True, [1], [[]], [""], " ", ["x" * 101], [None])),
        ("ase", [f"mot-{n}" for n in range(MOST_TAGS + 1)]),
        ("commune", "x" * (TAG_CHARACTERS + 1)),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_its_fact_named(name: str, value: object) -> None:
    with pytest.raises(BadFact) as refused:
        read({name: value})
    assert refused.value.fact == name
    assert name in str(refused.value)


@pytest.mark.parametrize("value", [{"between": [18, 20]}, {"has_any": ["femme"]}, {}])
def test_an_object_is_refused_and_what_it_holds_named(value: dict[str, Any]) -> None:
    for name in ("age", "gender", "dalo"):
        with pytest.raises(BadFact) as refused:
            read({name: value})
        assert all(key in str(refused.value) for key in (name, *value))


@pytest.mark.parametrize("name", ["", "Age", "âge", "taille", "check", "__class__"])
def test_a_fact_that_nobody_asks_is_refused_by_its_name(name: str) -> None:
    for attempt in (lambda: fact(name), lambda: read({"age": 20, name: 3})):
        with pytest.raises(BadFact) as refused:
            attempt()
        assert refused.value.fact == name


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([*FACTS, "taille"]), JSON, max_size=4))
def test_anything_at_all_is_read_or_refused(said: dict[str, Any]) -> None:
    with suppress(BadFact):
        assert read(said).keys() == said.keys()


@given(drawn.people())
def test_what_people_say_is_always_read(person: dict[str, Any]) -> None:
    found = read(person)
    assert {name for name, value in found.items() if value is None} == {
        name for name, value in person.items() if value is None
    }


@pytest.mark.parametrize(
    ("said", "pairs"),
    [
        ({"household": ["isole", "famille-avec-enfants"]}, [("household", "household")]),
        ({"household": ["monoparentale", "famille-avec-enfants"]}, []),
        ({"autonomy": ["capable-logement-autonome", "moins-autonome"]}, [("autonomy", "autonomy")]),
        ({"ase": ["sorti-ase", "prise-en-charge-prend-fin"]}, [("ase", "ase")]),
        ({"age": 22, "contrat_jeune_majeur": "AED"}, [("age", "contrat_jeune_majeur")]),
        ({"age": 21, "contrat_jeune_majeur": "AED"}, []),
        ({"age": 9, "employment": "demandeur-emploi"}, [("age", "employment")]),
        ({"age": 9, "household": "monoparentale"}, [("age", "household")]),
        ({"age": None, "household": None, "ase": None}, []),
        ({}, []),
    ],
)
def test_what_cannot_both_be_true_is_told(
    said: dict[str, Any], pairs: list[tuple[str, str]]
) -> None:
    assert contradictions(read(said)) == pairs
