"""Questions: which fact to ask next, so that the fewest are asked. Pure.

A fact is worth asking while its answer can still change the verdict of a service. The most useful
one first: it settles, over its possible answers, the greatest number of services. A fact that
was asked and not said (None) is not asked again, and no criterion on it is ever settled.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from accueil.orientation.criteria import (
    Node,
    Rule,
    facts_of,
    leaves,
)
from accueil.orientation.facts import FACTS, AskedBy, Facts, Value
from accueil.orientation.outlooks import Seen, outlook
from accueil.orientation.remains import UNTOLD, Rest, cells, cuts, holds_untold, put, rest_of

Unasked = dict[AskedBy | None, dict[int, dict[str, float]]]
MOST_VISITS = 60_000


@dataclass(frozen=True, slots=True)
class Band:
    """Whole numbers from `low` to `high` (None: no bound) that no rule tells apart; `value` is
    one of them."""

    low: int | None
    high: int | None
    value: int


def next_question(
    rules: Iterable[Rule],
    facts: Facts,
    asked_by: AskedBy | None = None,
    unasked: Unasked | None = None,
) -> str | None:
    """The most useful fact to ask, or None when no answer can change a verdict.

    `asked_by` "anyone" leaves out what only a person may ask, and what would only make a
    difference with it. Equally useful facts are asked in the order of the vocabulary. `unasked`
    keeps, from one person to the next, what is the same before anything is known; it belongs to
    whoever holds the rules.
    """
    kept = {} if facts or unasked is None else unasked.setdefault(asked_by, {})
    facts = {**_never_told(asked_by), **facts}
    useful: defaultdict[str, float] = defaultdict(float)
    seen: Seen = {}
    for rule, services in _counted(rules):
        settled = kept.get(id(rule))
        if settled is None:
            settled = kept[id(rule)] = _settled(rule.criteria, facts, seen)
        for name, share in settled.items():
            useful[name] += services * share
    order = [name for name in FACTS if name in useful]
    return max(order, key=lambda name: useful[name], default=None)


def _settled(node: Node, facts: Facts, seen: Seen) -> dict[str, float]:
    """What each open fact would settle of a tree, by its parts, or by search."""
    whole = outlook(node, facts, seen)
    if whole is None:
        return usefulness(rest_of(node, facts))
    return {
        name: weight.yes + weight.no
        for name, weight in whole.weights.items()
        if weight.towards_yes or weight.towards_no
    }


def usefulness(rest: Rest) -> dict[str, float]:
    """For each fact whose answer can change what is left of a tree: the share of its possible
    answers that settle it."""
    if isinstance(rest, int):
        return {}
    patience = _Patience(rest)
    if not _can_be_settled(rest, patience):
        return {}
    repeated = [name for name, n in Counter(leaf.fact for leaf in leaves(rest)).items() if n > 1]
    certain = not repeated and not holds_untold(rest)
    found = {}
    for name in sorted(facts_of(rest) - {UNTOLD.fact}):
        ways = cells(rest, name)
        settled = sum(isinstance(put(rest, name, way), int) for way in ways)
        if settled or certain or _matters(rest, name, patience):
            found[name] = settled / len(ways)
    return found


def bands(rules: Iterable[Rule], name: str, facts: Facts) -> list[Band]:
    """The ranges of whole numbers between which the answer to a fact changes something."""
    rests = [rest_of(rule.criteria, facts) for rule, _ in _counted(rules)]
    open_rests = [rest for rest in rests if not isinstance(rest, int)]
    asked = [leaf for rest in open_rests for leaf in leaves(rest) if leaf.fact == name]
    lows = [0, *sorted({cut for leaf in asked for cut in cuts(leaf) if cut > 0})]
    kept: list[tuple[int, list[Rest]]] = []
    for low in lows:
        if low > FACTS[name].highest:
            continue
        outcome = [put(rest, name, float(low)) for rest in open_rests]
        if not kept or kept[-1][1] != outcome:
            kept.append((low, outcome))
    starts = [low for low, _ in kept]
    ends: list[int | None] = [start - 1 for start in starts[1:]]
    return [
        Band(low or None, high, high if high is not None and not low else low)
        for low, high in zip(starts, [*ends, None], strict=True)
    ]


class _Patience:
    """How much longer a search may last: past its end the answer is taken to be yes, since one
    question too many harms nobody, and a rule of sixty criteria must not keep anybody waiting."""

    def __init__(self, rest: Node):
        self._cost = sum(1 for _ in leaves(rest))
        self._left = MOST_VISITS

    def has_ended(self) -> bool:
        """Count one look at the whole tree."""
        self._left -= self._cost
        return self._left < 0


def _can_be_settled(rest: Node, patience: _Patience) -> bool:
    """Whether some answers to what is left give a yes or a no."""
    if not holds_untold(rest):
        return True
    return _search(rest, sorted(facts_of(rest) - {UNTOLD.fact}), patience)


def _search(rest: Node, names: Sequence[str], patience: _Patience) -> bool:
    if rest == UNTOLD or not names:
        return False
    for cell in cells(rest, names[0]):
        after = put(rest, names[0], cell)
        if isinstance(after, int) or patience.has_ended() or _search(after, names[1:], patience):
            return True
    return False


def _matters(rest: Node, name: str, patience: _Patience) -> bool:
    """Whether, for some answers to the others, this fact makes the difference."""
    others = sorted(facts_of(rest) - {UNTOLD.fact, name})
    for answers in _answers(rest, others):
        after: Rest = rest
        for other, value in answers:
            if patience.has_ended():
                return True
            after = put(after, other, value)
        if not isinstance(after, int) and any(
            isinstance(put(after, name, cell), int) for cell in cells(after, name)
        ):
            return True
    return False


def _answers(rest: Node, names: Sequence[str]) -> Iterator[tuple[tuple[str, Value], ...]]:
    if not names:
        yield ()
        return
    for value in cells(rest, names[0]):
        for others in _answers(rest, names[1:]):
            yield ((names[0], value), *others)


def _counted(rules: Iterable[Rule]) -> Iterable[tuple[Rule, int]]:
    """Each rule once, with the number of services that have it."""
    every = list(rules)
    numbers = Counter(map(id, every))
    once = dict(zip(map(id, every), every, strict=True))
    return [(rule, numbers[key]) for key, rule in once.items()]


def _never_told(asked_by: AskedBy | None) -> Facts:
    """What a screen may not ask is, to it, as what nobody will say."""
    if asked_by != "anyone":
        return {}
    return {name: None for name, fact in FACTS.items() if fact.asked_by == "person"}
