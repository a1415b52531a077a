"""A rule and a person: yes, no or to check, as somebody reads it on paper (`naive`)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accueil.orientation.criteria import OPEN, Rule, misses, preference, reasons, verdict
from accueil.orientation.criteria_data import rule_from_data
from accueil.orientation.facts import read
from tests.orientation import drawn, naive

UNDER_18 = {"fact": "age", "op": "lt", "value": 18}
WORKING = {"fact": "employment", "op": "has_any", "value": ["demandeur-emploi"]}
JUDGED = {"fact": "situation", "op": "label", "value": "vieillissante"}


def rule(**data: Any) -> Rule:
    return rule_from_data(data)


def said(rule: Rule, **facts: object) -> str:
    return verdict(rule, read(facts))


# ---- what a verdict is -----------------------------------------------------------------------


@settings(max_examples=400)
@given(data=drawn.rules(), person=drawn.people())
def test_a_verdict_is_what_somebody_reads_on_paper(
    data: dict[str, Any], person: dict[str, Any]
) -> None:
    assert verdict(rule_from_data(data), read(person)) == naive.verdict(data, person)


@settings(max_examples=300)
@given(data=drawn.rules(), person=drawn.people(), more=drawn.people())
def test_knowing_more_never_takes_back_a_yes_or_a_no(
    data: dict[str, Any], person: dict[str, Any], more: dict[str, Any]
) -> None:
    known = {fact: value for fact, value in person.items() if value is not None}
    before = verdict(rule_from_data(data), read(person))
    after = verdict(rule_from_data(data), read({**more, **known}))
    assert before == "check" or after == before


@given(data=drawn.rules(), person=drawn.people())
def test_who_would_rather_not_say_is_as_one_who_was_not_asked(
    data: dict[str, Any], person: dict[str, Any]
) -> None:
    known = {fact: value for fact, value in person.items() if value is not None}
    assert verdict(rule_from_data(data), read(person)) == verdict(rule_from_data(data), read(known))


@given(leaf=drawn.leaves())
def test_what_was_not_asked_is_to_check_and_never_a_no(leaf: dict[str, Any]) -> None:
    assert verdict(rule(criteria=leaf), {}) == "check"
    assert verdict(rule(criteria={"none": [leaf]}), {}) == "check"


@given(data=drawn.rules(), person=drawn.people())
def test_a_warning_and_a_preference_never_change_a_verdict(
    data: dict[str, Any], person: dict[str, Any]
) -> None:
    bare = rule_from_data({"criteria": data["criteria"]})
    assert verdict(rule_from_data(data), read(person)) == verdict(bare, read(person))


def test_the_empty_rule_is_open_to_everyone() -> None:
    for empty in (OPEN, rule(), rule(criteria={}), rule(criteria={"all": []})):
        assert verdict(empty, {}) == "yes"
        assert said(empty, age=3) == "yes"


def test_none_turns_a_yes_into_a_no_and_leaves_what_is_unknown() -> None:
    grown = rule(criteria={"none": [UNDER_18]})
    assert (said(grown, age=18), said(grown, age=17), said(grown)) == ("yes", "no", "check")


def test_a_no_elsewhere_settles_what_was_not_asked() -> None:
    both = rule(criteria={"all": [UNDER_18, WORKING]})
    either = rule(criteria={"any": [UNDER_18, WORKING]})
    assert said(both, age=40) == "no"
    assert said(both, age=17) == "check"
    assert said(either, age=17) == "yes"
    assert said(either, age=40) == "check"
    assert said(either, age=40, employment=[]) == "no"


def test_a_label_is_never_computed() -> None:
    judged = rule(criteria={"all": [JUDGED]})
    assert said(judged, situation=["vieillissante"]) == "check"
    assert said(rule(criteria={"none": [JUDGED]}), situation=["vieillissante"]) == "check"
    assert said(rule(criteria={"all": [JUDGED, UNDER_18]}), age=30) == "no"


@pytest.mark.parametrize(
    ("op", "value", "yes", "no"),
    [
        ("between", [18, 20], [18, 19.5, 20], [17.99, 20.01, 21]),
        ("between_excl", [18, 21], [18.01, 20.99], [18, 21]),
        ("gt", 60, [60.01, 61], [60, 59]),
        ("gte", 60, [60, 61], [59.99]),
        ("lt", 21, [20.99, 0], [21]),
    ],
)
def test_every_bound_is_inside_or_outside_as_its_word_says(
    op: str, value: object, yes: list[float], no: list[float]
) -> None:
    found = rule(criteria={"fact": "age", "op": op, "value": value})
    assert [said(found, age=age) for age in yes] == ["yes"] * len(yes)
    assert [said(found, age=age) for age in no] == ["no"] * len(no)


# ---- reasons ---------------------------------------------------------------------------------


@settings(max_examples=200)
@given(data=drawn.rules(), person=drawn.people())
def test_reasons_never_contradict_the_verdict(data: dict[str, Any], person: dict[str, Any]) -> None:
    found, facts = rule_from_data(data), read(person)
    told = [each.verdict for each in reasons(found, facts) if each.part == "criteria"]
    told_apart = {"no": "no" in told, "check": "check" in told and "no" not in told}
    told_apart["yes"] = set(told) <= {"yes"}
    assert told_apart[verdict(found, facts)]


@given(data=drawn.rules(), person=drawn.people())
def test_every_condition_and_warning_is_told_and_only_the_preferences_that_hold(
    data: dict[str, Any], person: dict[str, Any]
) -> None:
    found, facts = rule_from_data(data), read(person)
    told = reasons(found, facts)
    warned = [each.node for each in told if each.part == "check"]
    preferred = [each for each in told if each.part == "prefer"]
    assert warned == list(found.check)
    assert {each.verdict for each in preferred} <= {"yes"}
    assert len(preferred) == preference(found, facts)
    assert preference(found, facts) == sum(
        naive.surely(leaf, person) for leaf in data.get("prefer", [])
    )


@given(data=drawn.rules(), person=drawn.people())
def test_only_a_no_has_something_in_the_way(data: dict[str, Any], person: dict[str, Any]) -> None:
    found, facts = rule_from_data(data), read(person)
    assert (misses(found.criteria, facts) > 0) == (verdict(found, facts) == "no")


@given(data=drawn.rules(), person=drawn.people(), n=st.integers(0, 20))
def test_an_order_of_conditions_changes_nothing(
    data: dict[str, Any], person: dict[str, Any], n: int
) -> None:
    turned = {key: _turned(items, n) for key, items in data["criteria"].items()}
    assert verdict(rule(criteria=turned), read(person)) == naive.verdict(data, person)


def _turned(items: list[Any], n: int) -> list[Any]:
    return items[n % len(items) :] + items[: n % len(items)] if items else items
