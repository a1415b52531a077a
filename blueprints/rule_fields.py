"""The form of a rule and its sheet: read from what was sent, and made into a rule.

A field is named by a path of the sheet and what it says of it: n.0.1.low. What cannot be used yet
is a trouble of its field, and everything that was typed stays on the sheet. What the form cannot
have sent is `Tampered`.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from accueil.orientation.criteria import OPEN_TO_ALL, Group, GroupKind, Leaf, Node, Op, Rule
from accueil.orientation.criteria_data import (
    DEEPEST,
    GROUPS,
    MOST_LEAVES,
    MOST_VALUES,
    NOTE_CHARACTERS,
)
from accueil.orientation.facts import FACTS
from blueprints.rule_answers import gathered, trouble
from blueprints.rule_sheet import PARTS, REMOVED, Block, Item, Line, Sheet, items, ops
from blueprints.typed import LONGEST, Fields

MOST_ITEMS = 3 * MOST_LEAVES
OF_LINE = frozenset(
    {"fact", "op", "low", "high", "tag", "others", "text", "wide", "entry", "note", "sensitive"}
)
OF_BLOCK = frozenset({"kind", "adding"})
_NAME = re.compile(r"([ncpr])((?:\.\d{1,2})*)\.([a-z]+)")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,20})?")
_UNITS = re.compile(r"(?i)\s|€|euros?|ans?$")
Values = Mapping[str, list[str]]


class Tampered(ValueError):
    """Fields that this form does not have, or more of them than it may."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet says: a rule of the lines that can be read, and troubles by field. The rule is
    the whole of the sheet once there are no troubles."""

    rule: Rule
    troubles: dict[str, str] = field(default_factory=dict)


def sheet_of(form: Fields) -> Sheet:
    """The sheet that was sent; an absent part is empty. `Tampered`."""
    found: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for name, values in form.lists():
        named = _NAME.fullmatch(name)
        if named is None:
            if re.match(r"[ncpr]\.", name):
                raise Tampered(name)
            continue
        part, steps, what = named.groups()
        path = part + "".join(f".{int(step)}" for step in steps.split(".")[1:])
        found[path][what] = [_clean(value) for value in values]
    if len(found) > MOST_ITEMS:
        raise Tampered("items")
    below: defaultdict[str, list[str]] = defaultdict(list)
    for path in found:
        above = path.rpartition(".")[0]
        if above and above not in found:
            raise Tampered(path)
        below[above].append(path)
    return {part: _root(part, found, below) for part in (*PARTS, REMOVED)}


def fields_of(sheet: Sheet, part: str) -> list[tuple[str, str]]:
    """The fields that say a part, as the form sends them."""
    found = [(f"{part}.kind", sheet[part].kind)]
    for path, each in items(sheet[part], part):
        found += [(f"{path}.{name}", value) for name, value in _said(each)]
    return found


def read(sheet: Sheet) -> Reading:
    """The rule that a sheet says, as far as it can be read."""
    troubles: dict[str, str] = {}
    criteria = _node(sheet["n"], "n", troubles) if sheet["n"].items else OPEN_TO_ALL
    check, prefer = (_leaves(sheet[part], part, troubles) for part in ("c", "p"))
    if sum(isinstance(each, Line) for _, each in items(sheet["n"], "n")) > MOST_LEAVES:
        troubles["n.adding"] = "full"
    return Reading(Rule(criteria or OPEN_TO_ALL, check, prefer), troubles)


def _clean(value: str) -> str:
    """Without the characters that nobody types."""
    good = (each for each in value[:LONGEST] if each == "\n" or unicodedata.category(each) != "Cc")
    return "".join(good).strip()


def _root(part: str, found: Mapping[str, Values], below: Mapping[str, list[str]]) -> Block:
    if part not in found:
        if below.get(part):
            raise Tampered(part)
        return Block("all")
    root = _item(part, found, below)
    if not isinstance(root, Block):
        raise Tampered(part)
    if part in ("c", "p") and any(isinstance(each, Block) for each in root.items):
        raise Tampered(part)
    return root


def _item(path: str, found: Mapping[str, Values], below: Mapping[str, list[str]]) -> Item:
    """A line, or a group with what stands in it, whatever numbers were skipped."""
    values = found[path]
    depth = path.count(".") - path.startswith(f"{REMOVED}.")
    if depth > DEEPEST:
        raise Tampered(path)
    if "fact" in values:
        return _line(path, values, path in below)
    if not values.keys() <= OF_BLOCK or _one(values, "kind") not in GROUPS:
        raise Tampered(path)
    inside = sorted(below.get(path, ()), key=lambda each: int(each.rpartition(".")[2]))
    if len(inside) > MOST_LEAVES:
        raise Tampered(path)
    return Block(
        _one(values, "kind"),
        tuple(_item(each, found, below) for each in inside),
        _one(values, "adding"),
    )


def _line(path: str, values: Values, holds: bool) -> Line:
    fact, op = _one(values, "fact"), _one(values, "op")
    if holds or not values.keys() <= OF_LINE or fact not in FACTS or op not in ops(fact):
        raise Tampered(path)
    written, left = gathered(fact, _one(values, "others"))
    ticked = filter(None, values.get("tag", ()))
    return Line(
        fact,
        op,
        low=_one(values, "low"),
        high=_one(values, "high"),
        tags=tuple(dict.fromkeys((*ticked, *written))),
        others=left,
        text=_one(values, "text"),
        wide="wide" in values,
        entry="entry" in values,
        note=_one(values, "note"),
        sensitive="sensitive" in values,
    )


def _one(values: Values, name: str) -> str:
    return values[name][0] if values.get(name) else ""


def _said(each: Item) -> list[tuple[str, str]]:
    if isinstance(each, Block):
        return [("kind", each.kind)]
    marks = [name for name in ("wide", "entry", "sensitive") if getattr(each, name)]
    texts = ("fact", "op", "low", "high", "others", "text", "note")
    return [
        *((name, getattr(each, name)) for name in texts if getattr(each, name)),
        *(("tag", tag) for tag in each.tags),
        *((name, "yes") for name in marks),
    ]


def _node(each: Item, path: str, troubles: dict[str, str]) -> Node | None:
    """What a line or a group says; None when nothing of it can be read."""
    if isinstance(each, Line):
        return _leaf(each, path, troubles)
    read = [_node(inner, f"{path}.{n}", troubles) for n, inner in enumerate(each.items)]
    if not each.items:
        troubles[f"{path}.kind"] = "empty"
    inside = tuple(node for node in read if node is not None)
    return Group(cast(GroupKind, each.kind), inside) if inside else None


def _leaves(block: Block, part: str, troubles: dict[str, str]) -> tuple[Leaf, ...]:
    read = [_node(each, f"{part}.{n}", troubles) for n, each in enumerate(block.items)]
    return tuple(leaf for leaf in read if isinstance(leaf, Leaf))


def _leaf(line: Line, path: str, troubles: dict[str, str]) -> Leaf | None:
    before = len(troubles)
    value = _value(line, path, troubles)
    if len(line.note) > NOTE_CHARACTERS:
        troubles[f"{path}.note"] = "long"
    if len(troubles) > before:
        return None
    op = "is" if line.op.startswith("is_") else line.op
    at = "entree" if line.entry else None
    return Leaf(line.fact, cast(Op, op), value, at, line.note or None, line.sensitive)


def _value(line: Line, path: str, troubles: dict[str, str]) -> Any:
    if line.op.startswith("is_"):
        return line.op == "is_true"
    if line.op == "label":
        if not 0 < len(line.text) <= NOTE_CHARACTERS:
            troubles[f"{path}.text"] = "long" if line.text else "missing"
        return line.text
    if line.op == "has_any":
        if line.others:
            troubles[f"{path}.others"] = trouble(line.fact, line.others)
        elif not 0 < len(line.tags) <= MOST_VALUES:
            troubles[f"{path}.tag"] = "full" if line.tags else "answer"
        return frozenset(line.tags)
    low = _bound(line.fact, line.low, f"{path}.low", troubles)
    if not line.op.startswith("between"):
        return low
    high = _bound(line.fact, line.high, f"{path}.high", troubles)
    nothing = line.op == "between_excl" and high == low
    if low is not None and high is not None and (high < low or nothing):
        troubles[f"{path}.high"] = "order"
    return (low, high)


def _bound(fact: str, text: str, name: str, troubles: dict[str, str]) -> float | None:
    """A number as people write it: 450, 450,50, 1 200 €, 18 ans."""
    written = _UNITS.sub("", text)
    if not text:
        troubles[name] = "missing"
    elif not _NUMBER.fullmatch(written):
        troubles[name] = "number"
    elif float(written.replace(",", ".")) > FACTS[fact].highest:
        troubles[name] = "range"
    else:
        return float(written.replace(",", "."))
    return None
