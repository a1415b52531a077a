"""Criteria: a rule as data, and its verdict on what is known of a person. Pure.

A rule is a tree of all, any and none over criteria on facts. Its logic has three values: what
was not asked gives "check", never "no" (Kleene's strong logic, where unknown lies between false
and true). `check` conditions warn and never hide; `prefer` conditions only change an order.
The format is `rule_format` of the seeds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from accueil.orientation.facts import Facts, Value

GroupKind = Literal["all", "any", "none"]
Op = Literal["has_any", "is", "between", "between_excl", "gt", "gte", "lt", "label"]
Verdict = Literal["yes", "check", "no"]
Part = Literal["criteria", "check", "prefer"]
# Truth counts: conjunction is the least, disjunction the greatest, negation what is left of 2.
FALSE, UNKNOWN, TRUE = 0, 1, 2
VERDICTS: tuple[Verdict, ...] = ("no", "check", "yes")

_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "has_any": lambda said, value: not said.isdisjoint(value),
    "is": lambda said, value: said is value,
    "between": lambda said, value: bool(value[0] <= said <= value[1]),
    "between_excl": lambda said, value: bool(value[0] < said < value[1]),
    "gt": lambda said, value: bool(said > value),
    "gte": lambda said, value: bool(said >= value),
    "lt": lambda said, value: bool(said < value),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One criterion on one fact.

    `value`: a frozenset of words (has_any), a pair of bounds, a number, a boolean, or what an
    agent reads (label). `at` is "entree" for what is tested at admission only.
    """

    fact: str
    op: Op
    value: frozenset[str] | tuple[float, float] | float | bool | str
    at: str | None = None
    note: str | None = None
    sensitive: bool = False

    def holds(self, said: Value) -> bool:
        """Whether a person of whom `said` is known fulfils it. A label is never computed."""
        return _HOLDS[self.op](said, self.value)


@dataclass(frozen=True, slots=True)
class Group:
    kind: GroupKind
    items: tuple["Node", ...] = ()


Node = Leaf | Group
OPEN_TO_ALL = Group("all")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who a service is for. The empty rule is open to everyone."""

    criteria: Node = OPEN_TO_ALL
    check: tuple[Leaf, ...] = ()
    prefer: tuple[Leaf, ...] = ()


OPEN = Rule()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict: a criterion, or several joined by their group, and what it came to.

    `part` is where it stands in the rule: a "check" that is not fulfilled is a warning only.
    """

    node: Node
    verdict: Verdict
    part: Part = "criteria"


def verdict(rule: Rule, facts: Facts) -> Verdict:
    """Whether the person may have the service, from what is known of them."""
    return VERDICTS[truth(rule.criteria, facts)]


def truth(node: Node, facts: Facts) -> int:
    """FALSE, UNKNOWN or TRUE."""
    if isinstance(node, Leaf):
        said = facts.get(node.fact)
        if said is None or node.op == "label":
            return UNKNOWN
        return TRUE if node.holds(said) else FALSE
    if node.kind == "all":
        found = TRUE
        for item in node.items:
            found = min(found, truth(item, facts))
            if not found:
                break
        return found
    found = FALSE
    for item in node.items:
        found = max(found, truth(item, facts))
        if found == TRUE:
            break
    return found if node.kind == "any" else TRUE - found


def reasons(rule: Rule, facts: Facts) -> tuple[Reason, ...]:
    """Why `verdict` says what it says: each condition of the rule, and what it came to."""
    whole = rule.criteria
    parts = whole.items if isinstance(whole, Group) and whole.kind == "all" else (whole,)
    told = [_reason(part, facts) for part in parts]
    for leaf in rule.check:
        told.append(_reason(leaf, facts, "check"))
    for leaf in rule.prefer:
        if truth(leaf, facts) == TRUE:
            told.append(_reason(leaf, facts, "prefer"))
    return tuple(told)


def preference(rule: Rule, facts: Facts) -> int:
    """How many of the rule's preferences the person is known to fulfil."""
    return sum(truth(leaf, facts) == TRUE for leaf in rule.prefer)


def misses(node: Node, facts: Facts) -> int:
    """How many criteria stand between the person and a yes: those known not to be fulfilled."""
    if isinstance(node, Leaf):
        return int(truth(node, facts) == FALSE)
    if node.kind == "none":
        return sum(truth(item, facts) == TRUE for item in node.items)
    counts = [misses(item, facts) for item in node.items]
    return sum(counts) if node.kind == "all" else min(counts, default=1)


def leaves(node: Node) -> Iterator[Leaf]:
    """Every criterion of a tree, in order."""
    if isinstance(node, Leaf):
        yield node
    else:
        for item in node.items:
            yield from leaves(item)


def facts_of(node: Node) -> frozenset[str]:
    """The facts that a tree asks."""
    return frozenset(leaf.fact for leaf in leaves(node))


def _reason(node: Node, facts: Facts, part: Part = "criteria") -> Reason:
    """A choice that is fulfilled is told by what fulfils it."""
    found = truth(node, facts)
    if isinstance(node, Group) and node.kind == "any" and found == TRUE:
        node = next(item for item in node.items if truth(item, facts) == TRUE)
    return Reason(node, VERDICTS[found], part)
