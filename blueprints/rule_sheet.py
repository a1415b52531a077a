"""The sheet on which a rule is written: its lines and groups as they are on the form, half typed
or not, and what the form's buttons do to them.

A sheet has three parts, each a group: "n", what is needed, "c", what is to be checked, and "p",
who comes first. An item is named by its path: n.0 is the first of what is needed, n.0.1 the
second of the group that stands there. A fourth part, "r", holds what was just removed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from accueil.orientation.criteria import Group, Leaf, Node, Rule
from accueil.orientation.criteria_data import DEEPEST, MOST_LEAVES, OPS
from accueil.orientation.facts import FACTS

PARTS = ("n", "c", "p")
REMOVED = "r"
FLAGS = ("is_true", "is_false", "label")
DEEPEST_GROUP = DEEPEST - 1


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion as it is typed. `low` is the number, or the lower bound; `tags` are ticked and
    `others` written; `text` is what the agent reads. `wide` shows the answers that are not
    ticked too."""

    fact: str
    op: str
    low: str = ""
    high: str = ""
    tags: tuple[str, ...] = ()
    others: str = ""
    text: str = ""
    wide: bool = False
    entry: bool = False
    note: str = ""
    sensitive: bool = False

    def choices(self) -> tuple[str, ...]:
        """The answers to tick: those of the fact, then those that only this line has."""
        return tuple(dict.fromkeys((*FACTS[self.fact].tags, *self.tags)))


@dataclass(frozen=True, slots=True)
class Block:
    """A group as it is typed; `adding` is the fact that was chosen for a line to come."""

    kind: str
    items: tuple["Item", ...] = ()
    adding: str = ""


Item = Line | Block
Sheet = Mapping[str, Block]


class NoRoom(ValueError):
    """A part holds MOST_LEAVES lines, and groups DEEPEST_GROUP levels, at most."""


def ops(fact: str) -> tuple[str, ...]:
    """The operators of a fact, as the form names them."""
    kind = FACTS[fact].kind
    return FLAGS if kind == "flag" else OPS[kind]


def filled(rule: Rule) -> Sheet:
    """The sheet of a rule."""
    root = _item(rule.criteria)
    return {
        "n": root if isinstance(root, Block) else Block("all", (root,)),
        "c": Block("all", tuple(_item(leaf) for leaf in rule.check)),
        "p": Block("all", tuple(_item(leaf) for leaf in rule.prefer)),
    }


def new_line(fact: str) -> Line:
    """What only a person may ask is sensitive, until somebody says that it is not."""
    return Line(fact, ops(fact)[0], wide=True, sensitive=FACTS[fact].asked_by == "person")


def items(block: Block, path: str) -> Iterator[tuple[str, Item]]:
    """Everything in a group, with its path, in order."""
    for n, each in enumerate(block.items):
        yield f"{path}.{n}", each
        if isinstance(each, Block):
            yield from items(each, f"{path}.{n}")


def item(sheet: Sheet, path: str) -> Item:
    """What stands at a path; `LookupError` if nothing does."""
    part, *steps = path.split(".")
    found: Item = sheet[part]
    for step in steps:
        if not isinstance(found, Block) or not step.isdecimal():
            raise LookupError(path)
        found = found.items[int(step)]
    return found


def added(sheet: Sheet, path: str, new: Item, at: int | None = None) -> tuple[Sheet, str]:
    """`new` in the group of `path`, last unless told otherwise; and its path. `NoRoom`."""
    block = item(sheet, path)
    if not isinstance(block, Block):
        raise LookupError(path)
    part = path.partition(".")[0]
    where = len(block.items) if at is None else min(at, len(block.items))
    if _deepest(new, path.count(".") + 1) > (DEEPEST if part == "n" else 1):
        raise NoRoom(path)
    if _lines(sheet[part]) + _lines(new) > MOST_LEAVES or len(block.items) >= MOST_LEAVES:
        raise NoRoom(path)
    these = (*block.items[:where], new, *block.items[where:])
    return _with(sheet, path, lambda old: replace(old, items=these)), f"{path}.{where}"


def chosen(sheet: Sheet, path: str, fact: str) -> Sheet:
    """With this fact, or none, chosen for the next line of a group."""
    return _with(sheet, path, lambda old: replace(old, adding=fact))


def removed(sheet: Sheet, path: str) -> Sheet:
    """Without what stands at `path`."""
    item(sheet, path)
    above, _, last = path.rpartition(".")
    return _with(
        sheet,
        above,
        lambda old: replace(old, items=(*old.items[: int(last)], *old.items[int(last) + 1 :])),
    )


def moved(sheet: Sheet, path: str, step: int) -> tuple[Sheet, str]:
    """What stands at `path` one place up (-1) or down (1) as it is read: past a line, into a
    group, out of its own. It stays where it is at the end of its part."""
    what = item(sheet, path)
    above, _, last = path.rpartition(".")
    here, siblings = int(last), cast(Block, item(sheet, above)).items
    there = here + step
    rest = removed(sheet, path)
    if not 0 <= there < len(siblings):
        group, _, place = above.rpartition(".")
        return added(rest, group, what, int(place) + (step > 0)) if group else (sheet, path)
    if isinstance(siblings[there], Block):
        inside = f"{above}.{there if step < 0 else here}"
        try:
            return added(rest, inside, what, None if step < 0 else 0)
        except NoRoom:
            pass
    return added(rest, above, what, there)


def _item(node: Node) -> Item:
    if isinstance(node, Group):
        return Block(node.kind, tuple(_item(each) for each in node.items))
    return _line(node)


def _line(leaf: Leaf) -> Line:
    value = leaf.value
    line = Line(
        leaf.fact, leaf.op, entry=leaf.at is not None, note=leaf.note or "",
        sensitive=leaf.sensitive,
    )  # fmt: skip
    if isinstance(value, bool):
        return replace(line, op="is_true" if value else "is_false")
    if isinstance(value, frozenset):
        return replace(line, tags=tuple(sorted(value)))
    if isinstance(value, str):
        return replace(line, text=value)
    low, high = value if isinstance(value, tuple) else (value, None)
    return replace(line, low=number(low), high="" if high is None else number(high))


def number(value: float) -> str:
    """450, 450,5."""
    return str(int(value)) if value == int(value) else repr(value).replace(".", ",")


def _with(sheet: Sheet, path: str, change: Callable[[Block], Block]) -> Sheet:
    part, *steps = path.split(".")
    return {**sheet, part: _changed(sheet[part], [int(step) for step in steps], change)}


def _changed(block: Block, steps: list[int], change: Callable[[Block], Block]) -> Block:
    if not steps:
        return change(block)
    first, *others = steps
    inner = _changed(cast(Block, block.items[first]), others, change)
    return replace(block, items=(*block.items[:first], inner, *block.items[first + 1 :]))


def _deepest(new: Item, depth: int) -> int:
    """How deep lines may stand in `new`, were it at `depth`: a group is there to hold some."""
    if isinstance(new, Line):
        return depth
    return max((_deepest(each, depth + 1) for each in new.items), default=depth + 1)


def _lines(new: Item) -> int:
    return 1 if isinstance(new, Line) else sum(_lines(each) for each in new.items)
