"""A rule read as `rule_format` of the seeds tells it, on the JSON itself, and questions found by
trying every answer. Nothing here is ours but the reading: no object, no count, no shortcut.

A person is what JSON says of them: {"age": 19, "ase": ["sorti-ase"], "dalo": true}. A fact that
is absent was not asked; one that is null they would rather not say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, combinations, product
from typing import Any, Literal

Data = Mapping[str, Any]
Person = Mapping[str, Any]
Verdict = Literal["yes", "check", "no"]

COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "has_any": lambda said, value: bool(set(words(said)) & set(value)),
    "is": lambda said, value: said == value,
    "between": lambda said, value: said >= value[0] and said <= value[1],
    "between_excl": lambda said, value: said > value[0] and said < value[1],
    "gt": lambda said, value: said > value,
    "gte": lambda said, value: said >= value,
    "lt": lambda said, value: said < value,
}


def words(said: str | Iterable[str]) -> list[str]:
    return [said] if isinstance(said, str) else list(said)


def verdict(rule: Data, person: Person) -> Verdict:
    """Yes when it is sure, no when the contrary is, and to check in between."""
    tree = rule.get("criteria", {})
    if surely(tree, person):
        return "yes"
    return "no" if surely_not(tree, person) else "check"


def surely(tree: Data, person: Person) -> bool:
    """Whether what is known is enough to say that the person fulfils the tree."""
    if "fact" in tree:
        return is_known(tree, person) and compare(tree, person)
    return (
        all(surely(each, person) for each in tree.get("all", []))
        and ("any" not in tree or any(surely(each, person) for each in tree["any"]))
        and all(surely_not(each, person) for each in tree.get("none", []))
    )


def surely_not(tree: Data, person: Person) -> bool:
    """Whether what is known is enough to say that they do not."""
    if "fact" in tree:
        return is_known(tree, person) and not compare(tree, person)
    return (
        any(surely_not(each, person) for each in tree.get("all", []))
        or ("any" in tree and all(surely_not(each, person) for each in tree["any"]))
        or any(surely(each, person) for each in tree.get("none", []))
    )


def is_known(leaf: Data, person: Person) -> bool:
    """A label is for the agent to judge: no fact ever settles it."""
    return leaf["op"] != "label" and person.get(leaf["fact"]) is not None


def compare(leaf: Data, person: Person) -> bool:
    return COMPARES[leaf["op"]](person[leaf["fact"]], leaf["value"])


# ---- questions, by trying every answer -------------------------------------------------------


def leaves(tree: Data) -> Iterator[Data]:
    if "fact" in tree:
        yield tree
    else:
        for kind in ("all", "any", "none"):
            for each in tree.get(kind, []):
                yield from leaves(each)


def asked_in(rules: Iterable[Data]) -> list[Data]:
    """The criteria that decide a verdict; `check` and `prefer` never do."""
    return [leaf for rule in rules for leaf in leaves(rule.get("criteria", {}))]


def answers_to(fact: str, rules: Iterable[Data]) -> list[Any]:
    """Every answer that these rules could tell from another."""
    found = [leaf for leaf in asked_in(rules) if leaf["fact"] == fact and leaf["op"] != "label"]
    values = [leaf["value"] for leaf in found]
    if any(leaf["op"] == "has_any" for leaf in found):
        named = sorted({word for value in values for word in value})
        return [list(some) for n in range(len(named) + 1) for some in combinations(named, n)]
    if any(leaf["op"] == "is" for leaf in found):
        return [True, False]
    bounds = sorted(set(chain.from_iterable(v if isinstance(v, list) else [v] for v in values)))
    around = {bound + step for bound in bounds for step in (-0.25, 0, 0.25)}
    return sorted(number for number in around if number >= 0)


def can_change(rules: list[Data], person: Person, may_ask: Iterable[str]) -> bool:
    """Whether some answers to what was not asked yet, together, would change a verdict."""
    open_facts = [fact for fact in may_ask if fact not in person]
    domains = [[None, *answers_to(fact, rules)] for fact in open_facts]
    before = [verdict(rule, person) for rule in rules]
    return any(
        [verdict(rule, {**person, **dict(zip(open_facts, said, strict=True))}) for rule in rules]
        != before
        for said in product(*domains)
    )


def makes_a_difference(
    rules: list[Data], person: Person, fact: str, may_ask: Iterable[str]
) -> bool:
    """Whether, once some of the others are known, this fact changes a verdict."""
    others = [each for each in may_ask if each not in person and each != fact]
    domains = [[None, *answers_to(each, rules)] for each in others]
    for said in product(*domains):
        known = {**person, **dict(zip(others, said, strict=True))}
        before = [verdict(rule, known) for rule in rules]
        for value in answers_to(fact, rules):
            if [verdict(rule, {**known, fact: value}) for rule in rules] != before:
                return True
    return False
