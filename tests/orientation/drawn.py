"""Rules and people drawn at random, as JSON says them, in the vocabulary of the seeds.

Criteria and answers are written out once, so that to draw one is to draw a place in a list.
"""

from itertools import combinations
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]

WORDS = {
    "household": ("isole", "monoparentale", "famille-avec-enfants"),
    "commune": ("Chevilly-Larue", "Fresnes", "Rungis"),
    "housing": ("sans-logement", "mal-loge", "hotel-via-115"),
    "ase": ("sorti-ase", "sortant-mecs", "prise-en-charge-prend-fin"),
    "gender": ("femme", "homme"),
    "situation": ("errance", "victime-de-violences"),
}
FLAGS = ("dalo",)
# Few numbers, so that rules and people often meet.
NUMBERS = {"age": (0, 16, 17.5, 18, 20, 21, 25, 60), "resources_monthly_eur": (0, 449.5, 450)}
FACTS = (*NUMBERS, *WORDS, *FLAGS)


def _tests(fact: str) -> list[Data]:
    """Every criterion on a fact, but its label."""
    if fact in FLAGS:
        return [{"op": "is", "value": value} for value in (True, False)]
    if fact in WORDS:
        some = [sorted(each) for n in (1, 2) for each in combinations(WORDS[fact], n)]
        return [{"op": "has_any", "value": value} for value in some]
    pairs = [list(pair) for pair in combinations(NUMBERS[fact], 2)]
    return [
        *({"op": op, "value": pair} for op in ("between", "between_excl") for pair in pairs),
        *({"op": op, "value": n} for op in ("gt", "gte", "lt") for n in NUMBERS[fact]),
    ]


def values_of(fact: str) -> list[Any]:
    """What a person may say of a fact; never null."""
    if fact in FLAGS:
        return [True, False]
    if fact in WORDS:
        words = (*WORDS[fact], "autre chose")
        return [*words, *(list(each) for n in range(4) for each in combinations(words, n))]
    near = {number + step for number in NUMBERS[fact] for step in (-0.25, 0, 1)}
    return sorted(number for number in near if number >= 0)


LABEL = {"op": "label", "value": "vieillissante"}
MORE: tuple[Data, ...] = (
    *({}, {}, {}, {"at": "entree"}, {"note": "borne à trancher"}, {"sensitive": True}),
    {"at": "entree", "note": "à confirmer", "sensitive": True},
)
TESTS = {fact: [LABEL, *_tests(fact)] for fact in FACTS}
SAID = {fact: [None, *values_of(fact)] for fact in FACTS}


@st.composite
def leaves(draw: st.DrawFn, facts: tuple[str, ...] = FACTS) -> Data:
    """One criterion on one of these facts."""
    fact = draw(st.sampled_from(facts))
    return {"fact": fact, **draw(st.sampled_from(TESTS[fact])), **draw(st.sampled_from(MORE))}


KINDS = (("all",), ("any",), ("none",), ("all", "any"), ("any", "none"), ("all", "none"))


@st.composite
def trees(draw: st.DrawFn, facts: tuple[str, ...] = FACTS, depth: int = 2) -> Data:
    """Groups of groups of criteria; one object may hold two groups, as in the seeds. A group is
    rarely empty, and a choice never is."""
    found: Data = {}
    for kind in draw(st.sampled_from(KINDS)):
        count = draw(st.sampled_from((1, 2, 2, 3) if kind == "any" else (0, 1, 2, 2, 3)))
        found[kind] = [
            draw(trees(facts, depth - 1) if depth and not draw(_third) else leaves(facts))
            for _ in range(count)
        ]
    return found


_third = st.integers(0, 2)


@st.composite
def rules(draw: st.DrawFn, facts: tuple[str, ...] = FACTS, depth: int = 2) -> Data:
    return {
        "criteria": draw(trees(facts, depth)),
        "check": [draw(leaves(facts))] if draw(st.booleans()) else [],
        "prefer": [draw(leaves(facts))] if draw(st.booleans()) else [],
    }


def people(facts: tuple[str, ...] = FACTS) -> st.SearchStrategy[Data]:
    """Some facts are said, some would rather not be, some were not asked."""
    return st.fixed_dictionaries({}, optional={fact: st.sampled_from(SAID[fact]) for fact in facts})
