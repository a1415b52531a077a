"""Outlooks: what a tree of criteria may still come to, and what each fact would settle of it.

The outlook of a group follows from those of its parts as long as no two parts ask the same fact,
which is so of nearly every rule: then thousands of services, which share a few hundred parts,
are weighed in milliseconds. Where parts share a fact there is none, and `questions` searches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accueil.orientation.criteria import FALSE, TRUE, UNKNOWN, Group, Leaf, Node, truth
from accueil.orientation.facts import FACTS, Facts


class Weight(NamedTuple):
    """What asking one fact would do: the shares of its answers that settle the tree by a yes and
    by a no, and whether it can make the difference towards each once others are known."""

    yes: float
    no: float
    towards_yes: bool
    towards_no: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """`truth` is what the tree comes to now; `weights` those of the facts that are still open.
    `may_be_yes` and `may_be_no` say what answers can still make of it: neither, when it hangs on
    what nobody will tell."""

    truth: int
    may_be_yes: bool
    may_be_no: bool
    weights: dict[str, Weight]


_SETTLED = {
    TRUE: Outlook(TRUE, True, False, {}),
    FALSE: Outlook(FALSE, False, True, {}),
    UNKNOWN: Outlook(UNKNOWN, False, False, {}),
}
# The answers to one criterion alone: some fulfil it, and some do not.
_WEIGHTS = {
    (True, True): Weight(0.5, 0.5, True, True),
    (True, False): Weight(1.0, 0.0, True, False),
    (False, True): Weight(0.0, 1.0, False, True),
}
Seen = dict[int, "Outlook | None"]


def outlook(node: Node, facts: Facts, seen: Seen) -> Outlook | None:
    """The outlook of a tree for what is known of a person; None when parts of it share a fact.

    `seen` keeps what was found of each node for the time of one question, so that a part which
    many rules share is looked at once.
    """
    key = id(node)
    if key not in seen:
        seen[key] = (
            _of_leaf(node, facts) if isinstance(node, Leaf) else _of_group(node, facts, seen)
        )
    return seen[key]


def _of_leaf(leaf: Leaf, facts: Facts) -> Outlook:
    if leaf.op == "label" or leaf.fact in facts:
        return _SETTLED[truth(leaf, facts)]
    may_hold, may_fail = _ways(leaf)
    return Outlook(UNKNOWN, may_hold, may_fail, {leaf.fact: _WEIGHTS[may_hold, may_fail]})


def _ways(leaf: Leaf) -> tuple[bool, bool]:
    """Whether some answers fulfil a criterion, and whether some do not: nobody is less than 0."""
    if FACTS[leaf.fact].kind != "number":
        return True, True
    least, most = leaf.holds(0.0), leaf.holds(float(FACTS[leaf.fact].highest))
    return isinstance(leaf.value, tuple) or least or most, not (least and most)


def _of_group(group: Group, facts: Facts, seen: Seen) -> Outlook | None:
    ending = FALSE if group.kind == "all" else TRUE
    left: list[Outlook] = []
    unclear = False
    for item in group.items:
        part = outlook(item, facts, seen)
        if part is None:
            unclear = True
        elif part.truth == ending:
            return _SETTLED[ending if group.kind != "none" else FALSE]
        elif part.truth == UNKNOWN:
            left.append(part)
    if unclear or _share_a_fact(left):
        return None
    if not left:
        return _SETTLED[TRUE if group.kind != "any" else FALSE]
    whole = left[0] if len(left) == 1 else _joined(left, group.kind == "all")
    return _turned(whole) if group.kind == "none" else whole


def _share_a_fact(parts: Sequence[Outlook]) -> bool:
    facts: set[str] = set()
    for part in parts:
        if not facts.isdisjoint(part.weights):
            return True
        facts.update(part.weights)
    return False


def _joined(parts: Sequence[Outlook], all_: bool) -> Outlook:
    """Several open parts, of which all must hold, or any. One part alone settles the whole by a
    no when all must hold, by a yes when any may."""
    yes = [part.may_be_yes for part in parts]
    no = [part.may_be_no for part in parts]
    decisive, other = (no, yes) if all_ else (yes, no)
    blocked = other.count(False)
    weights: dict[str, Weight] = {}
    for part, open_ in zip(parts, other, strict=True):
        others_may = blocked == 0 or (blocked == 1 and not open_)
        for name, weight in part.weights.items():
            if all_:
                towards_yes = weight.towards_yes and others_may
                weights[name] = Weight(0.0, weight.no, towards_yes, weight.towards_no)
            else:
                towards_no = weight.towards_no and others_may
                weights[name] = Weight(weight.yes, 0.0, weight.towards_yes, towards_no)
    may, must = any(decisive), all(other)
    return Outlook(UNKNOWN, must if all_ else may, may if all_ else must, weights)


def _turned(whole: Outlook) -> Outlook:
    """None of them: its yes is their no."""
    weights = {
        name: Weight(weight.no, weight.yes, weight.towards_no, weight.towards_yes)
        for name, weight in whole.weights.items()
    }
    return Outlook(UNKNOWN, whole.may_be_no, whole.may_be_yes, weights)
