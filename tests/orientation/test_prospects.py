"""What a rule can ever come to, against every person there can be."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given

from accueil.orientation import criteria, facts
from accueil.orientation.criteria import OPEN, Rule
from accueil.orientation.criteria_data import rule_from_data
from accueil.orientation.prospects import warning
from tests.orientation import drawn

ASKED = ("age", "household", "dalo")
OLD, YOUNG = (
    {"fact": "age", "op": "gt", "value": 60},
    {"fact": "age", "op": "lt", "value": 20},
)
LABEL = {"fact": "age", "op": "label", "value": "vieillissante"}
# With every number near a bound, each way that the criteria can come out is somebody's.
EVERYBODY = [
    facts.read(dict(zip(ASKED, said, strict=True)))
    for said in product(*(drawn.values_of(fact) for fact in ASKED))
]


def rule_of(**tree: list[Any]) -> Rule:
    return rule_from_data({"criteria": tree})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (OPEN, None),
        (rule_of(all=[OLD]), None),
        (rule_of(any=[OLD, YOUNG]), None),
        (rule_of(all=[OLD, YOUNG]), "never"),
        (rule_of(all=[OLD], none=[OLD]), "never"),
        (rule_of(any=[{"all": [OLD, YOUNG]}, {"none": [{"all": []}]}]), "never"),
        (rule_of(all=[LABEL]), "always-check"),
        (rule_of(all=[OLD, LABEL]), "always-check"),
        (rule_of(none=[LABEL]), "always-check"),
        (rule_of(any=[OLD, LABEL]), None),
        (rule_of(all=[OLD, YOUNG, LABEL]), "never"),
    ],
)
def test_what_is_said_of_a_rule(rule: Rule, expected: str | None) -> None:
    assert warning(rule) == expected


@given(drawn.rules(ASKED))
def test_it_is_so_for_everybody(data: drawn.Data) -> None:
    rule = rule_from_data(data)
    found = {criteria.verdict(rule, person) for person in EVERYBODY}
    expected = None if "yes" in found else "always-check" if "check" in found else "never"
    assert warning(rule) == expected
