"""The outlook of a tree follows from its parts: it must say what a search would find."""

from typing import Any

from hypothesis import given, settings

from accueil.orientation.criteria import UNKNOWN, truth
from accueil.orientation.criteria_data import from_data
from accueil.orientation.facts import read
from accueil.orientation.outlooks import outlook
from accueil.orientation.questions import usefulness
from accueil.orientation.remains import rest_of
from tests.orientation import drawn

AGE: dict[str, Any] = {"fact": "age", "op": "gte", "value": 18}
HOME: dict[str, Any] = {"fact": "household", "op": "has_any", "value": ["isole"]}
READ_BY_AN_AGENT: dict[str, Any] = {"fact": "situation", "op": "label", "value": "fragile"}


@settings(max_examples=300)
@given(rule=drawn.rules(), person=drawn.people())
def test_an_outlook_has_the_facts_that_a_search_finds_and_what_they_settle(
    rule: dict[str, Any], person: dict[str, Any]
) -> None:
    node, known = from_data(rule.get("criteria", {})), read(person)
    whole = outlook(node, known, {})
    if whole is None:
        return  # parts that share a fact: searched, always
    assert whole.truth == truth(node, known)
    found = {
        name: weight.yes + weight.no
        for name, weight in whole.weights.items()
        if weight.towards_yes or weight.towards_no
    }
    assert found.keys() == usefulness(rest_of(node, known)).keys()
    assert (whole.may_be_yes or whole.may_be_no) == bool(found) or whole.truth != UNKNOWN


def test_parts_that_share_a_fact_have_none() -> None:
    both = {"all": [{"any": [AGE, HOME]}, {"any": [AGE, {"none": [HOME]}]}]}
    assert outlook(from_data(both), {}, {}) is None


def test_a_shared_fact_that_is_known_is_no_hindrance() -> None:
    both = from_data({"all": [{"any": [AGE, HOME]}, {"any": [AGE, {"none": [HOME]}]}]})
    assert outlook(both, {"age": 40.0}, {}) is not None
    after = outlook(both, {"age": 40.0}, {})
    assert after is not None
    assert after.weights == {}


def test_what_nobody_will_tell_hides_what_only_it_could_settle() -> None:
    all_ = outlook(from_data({"all": [AGE, READ_BY_AN_AGENT]}), {}, {})
    assert all_ is not None
    assert (all_.may_be_yes, all_.may_be_no) == (False, True)
    assert not all_.weights["age"].towards_yes
    assert all_.weights["age"].towards_no
    skipped = outlook(from_data({"any": [AGE, HOME]}), {"age": None}, {})
    assert skipped is not None
    assert (skipped.may_be_yes, skipped.may_be_no) == (True, False)


def test_a_part_that_rules_share_is_looked_at_once() -> None:
    part = from_data({"any": [AGE, HOME]})
    seen: dict[int, Any] = {}
    first = outlook(part, {}, seen)
    assert outlook(part, {}, seen) is first
    assert len(seen) == 3
