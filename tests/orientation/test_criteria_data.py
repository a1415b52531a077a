"""Rules read from JSON and written back: strictly, and without a loss."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accueil.orientation.criteria import OPEN, OPEN_TO_ALL, Group, Leaf
from accueil.orientation.criteria_data import BadCriterion, rule_from_data, rule_to_data
from accueil.orientation.facts import FACTS
from tests.orientation import drawn, naive

AGE = {"fact": "age", "op": "between", "value": [18, 20]}
CARE = {"fact": "ase", "op": "has_any", "value": ["sorti-ase"]}
KEYS = ("criteria", "check", "prefer", "all", "any", "none", "fact", "op", "value", "at", "note")
WORDS = (*KEYS, *FACTS, "between", "has_any", "is", "lt", "label", "entree", "", "x" * 201)
# What somebody may type who has seen a rule once.
GARBAGE = st.recursive(
    st.sampled_from([None, True, 0, -1, 18, 1e9, float("nan"), float("inf"), 10**30, *WORDS]),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS), inside, max_size=4)
        | st.fixed_dictionaries(
            {
                "fact": st.sampled_from(list(FACTS)),
                "op": st.sampled_from(("between", "has_any", "is", "gt", "label", "near")),
                "value": inside,
            }
        )
    ),
    max_leaves=8,
)


@settings(max_examples=200)
@given(drawn.rules())
def test_a_rule_written_and_read_back_is_the_same(data: dict[str, Any]) -> None:
    rule = rule_from_data(data)
    written = rule_to_data(rule)
    assert rule_from_data(json.loads(json.dumps(written))) == rule
    assert rule_to_data(rule_from_data(written)) == written


@given(drawn.rules(), drawn.people())
def test_what_is_written_means_what_was_read(data: dict[str, Any], person: dict[str, Any]) -> None:
    written = rule_to_data(rule_from_data(data))
    assert naive.verdict(written, person) == naive.verdict(data, person)


@given(drawn.rules())
def test_every_note_and_mark_is_kept(data: dict[str, Any]) -> None:
    """`sensitive`, `at` and `note` are for people to read, and are all still there."""

    def marks(each: dict[str, Any]) -> list[dict[str, Any]]:
        found = [*naive.leaves(each["criteria"]), *each["check"], *each["prefer"]]
        return sorted(found, key=lambda leaf: json.dumps(leaf, sort_keys=True))

    assert marks(rule_to_data(rule_from_data(data))) == marks(data)


@settings(max_examples=300)
@given(
    st.one_of(
        st.dictionaries(st.sampled_from(KEYS), GARBAGE, max_size=3),
        st.fixed_dictionaries({"criteria": GARBAGE}, optional={"check": GARBAGE}),
    )
)
def test_anything_at_all_is_read_or_refused_as_a_bad_criterion(data: dict[str, Any]) -> None:
    with suppress(BadCriterion):
        rule = rule_from_data(data)
        assert rule_from_data(rule_to_data(rule)) == rule


def test_what_is_empty_is_open_to_all() -> None:
    assert rule_from_data({}) == OPEN
    assert rule_from_data({"criteria": {}, "check": [], "prefer": []}) == OPEN
    assert rule_from_data({"criteria": {"all": []}}).criteria == OPEN_TO_ALL


def test_several_groups_of_one_object_must_all_hold() -> None:
    age = Leaf("age", "between", (18.0, 20.0))
    care = Leaf("ase", "has_any", frozenset({"sorti-ase"}))
    found = rule_from_data({"criteria": {"all": [AGE], "any": [CARE], "none": [AGE]}})
    assert found.criteria == Group("all", (age, Group("any", (care,)), Group("none", (age,))))
    found = rule_from_data({"criteria": {"any": [CARE], "none": [AGE]}})
    assert found.criteria == Group("all", (Group("any", (care,)), Group("none", (age,))))


def criterion(**changed: Any) -> dict[str, Any]:
    return {"criteria": {"all": [{**AGE, **changed}]}}


def tall(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = AGE
    for _ in range(levels):
        node = {"all": [node]}
    return node


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"criterias": {}}, "criterias"),
        ({"criteria": []}, "criteria"),
        ({"criteria": None}, "criteria"),
        ({"criteria": {"some": []}}, "criteria.some"),
        ({"criteria": {"any": []}}, "criteria.any"),
        ({"criteria": {"all": AGE}}, "criteria.all"),
        ({"criteria": {"all": [AGE, 3]}}, "criteria.all[1]"),
        ({"criteria": {"all": [AGE] * 61}}, "criteria.all"),
        ({"criteria": {"all": [{"any": [AGE] * 31}, {"any": [AGE] * 31}]}}, "criteria"),
        ({"criteria": tall(8)}, "criteria.all[0].all[0].all[0].all[0].all[0].all[0].all[0]"),
        ({"check": AGE}, "check"),
        ({"check": [{"all": [AGE]}]}, "check[0]"),
        ({"prefer": [AGE, {}]}, "prefer[1]"),
        (criterion(fact="taille"), "criteria.all[0].fact"),
        (criterion(fact=["age"]), "criteria.all[0].fact"),
        (criterion(op="near"), "criteria.all[0].op"),
        (criterion(op=None), "criteria.all[0].op"),
        (criterion(op=["between"]), "criteria.all[0].op"),
        (criterion(op="has_any", value=["femme"]), "criteria.all[0].op"),
        (criterion(value=[20, 18]), "criteria.all[0].value"),
        (criterion(op="between_excl", value=[18, 18]), "criteria.all[0].value"),
        (criterion(value=[18]), "criteria.all[0].value"),
        (criterion(value=[-1, 20]), "criteria.all[0].value"),
        (criterion(value=[18, 200]), "criteria.all[0].value"),
        (criterion(value=[18, True]), "criteria.all[0].value"),
        (criterion(op="gt", value=float("nan")), "criteria.all[0].value"),
        (criterion(op="label", value=" "), "criteria.all[0].value"),
        (criterion(at="sortie"), "criteria.all[0].at"),
        (criterion(note=3), "criteria.all[0].note"),
        (criterion(note="x" * 201), "criteria.all[0].note"),
        (criterion(sensitive="oui"), "criteria.all[0].sensitive"),
        (criterion(valeur=3), "criteria.all[0].valeur"),
        ({"criteria": {**CARE, "value": []}}, "criteria.value"),
        ({"criteria": {**CARE, "value": "sorti-ase"}}, "criteria.value"),
        ({"criteria": {**CARE, "value": ["sorti-ase", 3]}}, "criteria.value"),
        ({"criteria": {"fact": "dalo", "op": "is", "value": "oui"}}, "criteria.value"),
    ],
)
def test_a_mistake_is_told_by_its_place(data: dict[str, Any], where: str) -> None:
    with pytest.raises(BadCriterion) as refused:
        rule_from_data(data)
    assert refused.value.where == where


def test_an_unknown_fact_or_operator_is_named() -> None:
    for changed, word in (({"fact": "taille"}, "taille"), ({"op": "near"}, "near")):
        with pytest.raises(BadCriterion, match=word):
            rule_from_data(criterion(**changed))
