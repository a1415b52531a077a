"""The next question: asked while its answer can change a verdict, and never otherwise, as
somebody finds who tries every answer (`naive`)."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accueil.orientation.criteria import Rule, verdict
from accueil.orientation.criteria_data import rule_from_data
from accueil.orientation.facts import FACTS, AskedBy, read
from accueil.orientation.questions import bands, next_question
from tests.orientation import drawn, naive

# Few facts, of every kind, so that every answer can be tried. A screen may ask the first two.
FEW = ("age", "household", "ase", "dalo")
BY_A_SCREEN = ("age", "household")
SOME_RULES = st.lists(drawn.rules(FEW, depth=1), min_size=1, max_size=3)
DEEP_RULES = st.lists(drawn.rules(FEW, depth=2), min_size=1, max_size=2)

AGE = {"fact": "age", "op": "between", "value": [18, 20]}
CARE = {"fact": "ase", "op": "has_any", "value": ["sorti-ase"]}
HOME = {"fact": "household", "op": "has_any", "value": ["isole"]}
JUDGED = {"fact": "age", "op": "label", "value": "vieillissante"}


def made(rules: list[dict[str, Any]]) -> list[Rule]:
    return [rule_from_data(each) for each in rules]


def one(**criteria: Any) -> list[Rule]:
    return made([{"criteria": criteria}])


# ---- when to ask -----------------------------------------------------------------------------


@pytest.mark.parametrize(("asked_by", "may_ask"), [(None, FEW), ("anyone", BY_A_SCREEN)])
@settings(max_examples=150)
@given(rules=st.one_of(SOME_RULES, DEEP_RULES), person=drawn.people(FEW))
def test_there_is_no_question_exactly_when_no_answer_can_change_a_verdict(
    asked_by: AskedBy | None, may_ask: tuple[str, ...], rules: list[Any], person: dict[str, Any]
) -> None:
    asked = next_question(made(rules), read(person), asked_by)
    assert (asked is None) == (not naive.can_change(rules, person, may_ask))


@settings(max_examples=100)
@given(rules=SOME_RULES, person=drawn.people(FEW))
def test_what_is_asked_can_make_the_difference(rules: list[Any], person: dict[str, Any]) -> None:
    asked = next_question(made(rules), read(person))
    if asked is not None:
        assert asked not in person
        assert naive.makes_a_difference(rules, person, asked, FEW)


def test_nothing_is_asked_of_what_is_open_to_all_or_settled() -> None:
    assert next_question([], {}) is None
    assert next_question(one(all=[]), {}) is None
    assert next_question(one(all=[AGE]), {}) == "age"
    assert next_question(one(all=[AGE]), {"age": 19.0}) is None
    assert next_question(one(all=[AGE, CARE]), {"age": 40.0}) is None


def test_what_they_would_rather_not_say_is_not_asked_again() -> None:
    assert next_question(one(all=[AGE]), {"age": None}) is None
    assert next_question(one(all=[AGE, CARE]), {"age": None}) == "ase"
    assert next_question(one(any=[AGE, CARE]), {"age": None}) == "ase"


def test_what_no_answer_can_settle_any_more_is_not_asked() -> None:
    """Whether they are 18 decides nothing once nobody will say the rest."""
    both_ways = [{"all": [AGE, CARE]}, {"all": [{"none": [AGE]}, CARE]}]
    assert next_question(one(any=both_ways), {}) == "ase"
    assert next_question(one(any=both_ways), {"ase": None}) is None


def test_a_label_is_for_a_person_to_judge_and_is_never_asked() -> None:
    assert next_question(one(all=[JUDGED]), {}) is None
    assert next_question(one(any=[JUDGED, HOME]), {}) == "household"
    assert next_question(one(any=[JUDGED, HOME]), {"household": frozenset()}) is None


def test_a_screen_asks_nothing_that_only_a_person_may() -> None:
    assert next_question(one(all=[CARE]), {}, "anyone") is None
    assert next_question(one(all=[CARE, AGE]), {}, "anyone") == "age"
    assert next_question(one(all=[CARE, AGE]), {"age": 19.0}, "anyone") is None
    assert next_question(one(all=[CARE, AGE]), {"age": 19.0}, "person") == "ase"


def test_a_screen_does_not_ask_what_would_only_help_a_person() -> None:
    either_age = [{"all": [AGE, CARE]}, {"all": [{"none": [AGE]}, {"none": [CARE]}]}]
    assert next_question(one(any=either_age), {}) in ("age", "ase")
    assert next_question(one(any=either_age), {}, "anyone") is None


def test_a_warning_or_a_preference_is_never_worth_a_question() -> None:
    assert next_question(made([{"check": [AGE], "prefer": [CARE]}]), {}) is None


def test_the_most_useful_question_comes_first() -> None:
    """One that settles two services rather than one; else the order of the vocabulary."""
    assert next_question(one(all=[CARE]) + one(all=[CARE]) + one(all=[HOME]), {}) == "ase"
    assert next_question(one(all=[CARE]) + one(all=[HOME]), {}) == "household"


# ---- how many are asked ----------------------------------------------------------------------


@settings(max_examples=100)
@given(rules=st.lists(drawn.rules(), min_size=1, max_size=6), person=drawn.people())
def test_asking_as_told_ends_and_never_asks_more_than_asking_all(
    rules: list[Any], person: dict[str, Any]
) -> None:
    ready, said = made(rules), read(person)
    known: dict[str, Any] = {}
    while (asked := next_question(ready, known)) is not None:
        assert asked not in known
        known[asked] = said.get(asked)
    everything = {leaf["fact"] for leaf in naive.asked_in(rules) if leaf["op"] != "label"}
    assert set(known) <= everything
    settled = [verdict(rule, known) for rule in ready]
    assert settled == [verdict(rule, said) for rule in ready]


# ---- bands -----------------------------------------------------------------------------------


@settings(max_examples=100)
@given(rules=SOME_RULES, person=drawn.people(FEW[1:]))
def test_every_age_is_in_one_band_where_no_rule_tells_them_apart(
    rules: list[Any], person: dict[str, Any]
) -> None:
    found = bands(made(rules), "age", read(person))
    assert found[0].low is None
    assert found[-1].high is None
    for before, after in pairwise(found):
        assert before.high is not None
        assert after.low == before.high + 1
    for band in found:
        low, high = band.low or 0, FACTS["age"].highest if band.high is None else band.high
        assert low <= band.value <= high
        told = {
            tuple(naive.verdict(rule, {**person, "age": age}) for rule in rules)
            for age in range(low, high + 1)
        }
        assert len(told) == 1


def test_bands_are_those_that_the_services_still_open_tell_apart() -> None:
    rules = made(
        [
            {"criteria": {"all": [{"fact": "age", "op": "between", "value": [16, 25]}]}},
            {"criteria": {"all": [{"fact": "age", "op": "gt", "value": 60}, HOME]}},
        ]
    )
    said = [(band.low, band.high) for band in bands(rules, "age", {})]
    assert said == [(None, 15), (16, 25), (26, 60), (61, None)]
    families = {"household": frozenset({"monoparentale"})}
    said = [(band.low, band.high) for band in bands(rules, "age", families)]
    assert said == [(None, 15), (16, 25), (26, None)]
