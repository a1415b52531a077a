"""What is left to know of a tree of criteria, once something is known of a person. Pure.

The rest is a truth, or the smaller tree that decides it. Its facts have few ways to come out:
`cells` gives one answer for each.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil, floor

from accueil.orientation.criteria import FALSE, TRUE, Group, Leaf, Node, leaves, truth
from accueil.orientation.facts import FACTS, Facts, Value

Rest = int | Node
MOST_SUBSETS = 64
# Stands for a criterion that nobody will ever tell; it belongs to no fact.
UNTOLD = Leaf("", "label", "")


def rest_of(node: Node, facts: Facts) -> Rest:
    """What is left to know of a tree: its truth, or the smaller tree that decides it."""

    def told(leaf: Leaf) -> Rest:
        if leaf.op == "label" or (leaf.fact in facts and facts[leaf.fact] is None):
            return UNTOLD
        return leaf if leaf.fact not in facts else truth(leaf, facts)

    return _simplified(node, told)


def put(rest: Rest, name: str, value: Value) -> Rest:
    """What is left once one more fact is known."""
    if isinstance(rest, int):
        return rest

    def told(leaf: Leaf) -> Rest:
        return leaf if leaf.fact != name else TRUE if leaf.holds(value) else FALSE

    return _simplified(rest, told)


def _simplified(node: Node, told: Callable[[Leaf], Rest]) -> Rest:
    if isinstance(node, Leaf):
        return told(node)
    ending, beginning = (FALSE, TRUE) if node.kind == "all" else (TRUE, FALSE)
    left: list[Node] = []
    for item in node.items:
        rest = _simplified(item, told)
        if isinstance(rest, int):
            if rest == ending:
                return ending if node.kind != "none" else FALSE
        elif rest != UNTOLD or UNTOLD not in left:
            left.append(rest)
    if not left:
        return beginning if node.kind != "none" else TRUE
    if len(left) == 1 and (node.kind != "none" or left[0] is UNTOLD):
        return left[0]
    return Group(node.kind, tuple(left))


def holds_untold(rest: Node) -> bool:
    """Whether something in it will never be told."""
    return any(leaf is UNTOLD for leaf in leaves(rest))


def cells(rest: Node, name: str) -> list[Value]:
    """One answer for each way that a fact's criteria in a tree can come out together."""
    return ways(name, [leaf for leaf in leaves(rest) if leaf.fact == name])


def ways(name: str, asked: Sequence[Leaf]) -> list[Value]:
    """One answer to a fact for each way that these criteria on it can come out together."""
    values: Iterable[Value]
    if FACTS[name].kind == "flag":
        values = (False, True)
    elif FACTS[name].kind == "number":
        values = _points(asked, FACTS[name].highest)
    else:
        values = _subsets(asked)
    outcomes: dict[tuple[bool, ...], Value] = {}
    for value in values:
        outcomes.setdefault(tuple(leaf.holds(value) for leaf in asked), value)
    return list(outcomes.values())


def _points(asked: Iterable[Leaf], highest: int) -> list[float]:
    """Every bound, and a number on each side of it."""
    bounds = {bound for leaf in asked for bound in _bounds(leaf)}
    marks = sorted({0.0, float(highest), *bounds})
    between = [(low + high) / 2 for low, high in pairwise(marks)]
    return sorted({*marks, *between})


def _bounds(leaf: Leaf) -> tuple[float, ...]:
    if isinstance(leaf.value, tuple):
        return leaf.value
    return (leaf.value,) if isinstance(leaf.value, float) else ()


def cuts(leaf: Leaf) -> Iterator[int]:
    """The whole numbers at which a criterion begins or ceases to hold."""
    bounds = _bounds(leaf)
    if leaf.op in ("between", "gte"):
        yield ceil(bounds[0])
    if leaf.op in ("between_excl", "gt"):
        yield floor(bounds[0]) + 1
    if leaf.op == "between":
        yield floor(bounds[1]) + 1
    if leaf.op in ("between_excl", "lt"):
        yield ceil(bounds[-1])


def _subsets(asked: Iterable[Leaf]) -> list[frozenset[str]]:
    """Nothing, and the unions of one word for each criterion."""
    words: dict[tuple[bool, ...], str] = {}
    known = [leaf.value for leaf in asked if isinstance(leaf.value, frozenset)]
    for word in sorted(frozenset().union(*known)):
        words.setdefault(tuple(word in value for value in known), word)
    found: dict[frozenset[str], None] = {frozenset(): None}
    for word in words.values():
        for each in list(found)[:MOST_SUBSETS]:
            found[each | {word}] = None
    return list(found)
