"""What a rule can ever come to: a yes, or no more than a "check". Pure."""

from collections.abc import Iterator, Sequence
from typing import Literal

from accueil.orientation.criteria import (
    FALSE,
    TRUE,
    UNKNOWN,
    Group,
    Leaf,
    Node,
    Rule,
    leaves,
    truth,
)
from accueil.orientation.facts import Value
from accueil.orientation.remains import ways

Warning = Literal["never", "always-check"]
MOST_TRIES, MOST_LISTS = 2_000, 6
_ALWAYS, _NEVER = Group("all"), Group("any")


class _TooLong(Exception):
    """There are more people to try than is worth it."""


def warning(rule: Rule) -> Warning | None:
    """ "never" for a rule that nobody can fulfil, "always-check" for one that an agent must read
    whatever the person says. A rule too long to be searched is taken to be good."""
    try:
        if _can_be_yes(rule.criteria):
            return None
        return "always-check" if _can_be_yes(_hopeful(rule.criteria)) else "never"
    except _TooLong:
        return None


def _can_be_yes(node: Node) -> bool:
    asked: dict[str, list[Leaf]] = {}
    for leaf in leaves(node):
        if leaf.op != "label":
            asked.setdefault(leaf.fact, []).append(leaf)
    lists = ({leaf.value for leaf in these if leaf.op == "has_any"} for these in asked.values())
    if any(len(these) > MOST_LISTS for these in lists):
        raise _TooLong
    people = [(name, ways(name, these)) for name, these in sorted(asked.items())]
    return _search(node, people, {}, iter(range(MOST_TRIES)))


def _search(
    node: Node,
    people: Sequence[tuple[str, list[Value]]],
    said: dict[str, Value | None],
    tries: Iterator[int],
) -> bool:
    """Whether somebody who says `said`, and something of the other facts, has a yes."""
    if next(tries, None) is None:
        raise _TooLong
    found = truth(node, said)
    if found != UNKNOWN or not people:
        return found == TRUE
    (name, answers), *others = people
    return any(_search(node, others, {**said, name: answer}, tries) for answer in answers)


def _hopeful(node: Node, wanted: int = TRUE) -> Node:
    """The tree where what an agent reads comes out as it should."""
    if isinstance(node, Group):
        inside = TRUE + FALSE - wanted if node.kind == "none" else wanted
        return Group(node.kind, tuple(_hopeful(item, inside) for item in node.items))
    if node.op != "label":
        return node
    return _ALWAYS if wanted == TRUE else _NEVER
