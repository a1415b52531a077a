"""Criteria read from data and written back: the `rule_format` of the seeds, strictly.

    {"criteria": {all|any|none: [...]}, "check": [...], "prefer": [...]}     each optional

A condition is {fact, op, value, at?, note?, sensitive?}.
"""

from collections.abc import Mapping
from typing import Any

from accueil.orientation.criteria import OPEN_TO_ALL, Group, GroupKind, Leaf, Node, Op, Rule, leaves
from accueil.orientation.facts import FACTS

GROUPS: tuple[GroupKind, ...] = ("all", "any", "none")
OPS: dict[str, tuple[Op, ...]] = {
    "number": ("between", "between_excl", "gt", "gte", "lt", "label"),
    "tags": ("has_any", "label"),
    "flag": ("is", "label"),
}
DEEPEST, MOST_LEAVES, MOST_VALUES, NOTE_CHARACTERS = 6, 60, 400, 200


class BadCriterion(ValueError):
    """A rule that cannot be: `where` is the path in it ("all[1].op"), `expected` says what was."""

    def __init__(self, where: str, expected: str):
        super().__init__(f"{where}: {expected}" if where else expected)
        self.where, self.expected = where, expected


def rule_from_data(data: Mapping[str, Any]) -> Rule:
    """A rule from `{"criteria": …, "check": […], "prefer": […]}`, each optional.
    `BadCriterion` says where it cannot be read."""
    for key in data:
        if key not in ("criteria", "check", "prefer"):
            raise BadCriterion(key, "expected criteria, check or prefer")
    rule = Rule(
        criteria=from_data(data.get("criteria", {}), "criteria"),
        check=_leaves_from_data(data.get("check", ()), "check"),
        prefer=_leaves_from_data(data.get("prefer", ()), "prefer"),
    )
    if sum(1 for _ in leaves(rule.criteria)) > MOST_LEAVES:
        raise BadCriterion("criteria", f"expected {MOST_LEAVES} conditions at most")
    return rule


def rule_to_data(rule: Rule) -> dict[str, Any]:
    """What `rule_from_data` reads back as the same rule; sorted, so that it is stable."""
    return {
        "criteria": to_data(rule.criteria),
        "check": [to_data(leaf) for leaf in rule.check],
        "prefer": [to_data(leaf) for leaf in rule.prefer],
    }


def from_data(data: object, where: str = "", depth: int = 0) -> Node:
    """A tree from JSON: a criterion, or groups by their names; several names must all hold."""
    if not isinstance(data, Mapping):
        raise BadCriterion(where, f"expected a condition or a group, got {data!r}")
    if depth > DEEPEST:
        raise BadCriterion(where, f"expected {DEEPEST} levels at most")
    if "fact" in data:
        return _leaf_from_data(data, where)
    groups = [_group_from_data(data, kind, where, depth) for kind in GROUPS if kind in data]
    unknown = [key for key in data if key not in GROUPS]
    if unknown:
        raise BadCriterion(f"{where}.{unknown[0]}", f"expected {', '.join(GROUPS)} or a fact")
    if not groups:
        return OPEN_TO_ALL
    first, *others = groups
    if not others:
        return first
    if first.kind == "all":
        return Group("all", (*first.items, *others))
    return Group("all", tuple(groups))


def to_data(node: Node) -> dict[str, Any]:
    if isinstance(node, Group):
        return {node.kind: [to_data(item) for item in node.items]}
    value: Any = node.value
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, tuple):
        value = [_short(bound) for bound in value]
    data = {"fact": node.fact, "op": node.op, "value": _short(value)}
    if node.at:
        data["at"] = node.at
    if node.note:
        data["note"] = node.note
    if node.sensitive:
        data["sensitive"] = True
    return data


def _short(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _group_from_data(data: Mapping[str, Any], kind: GroupKind, where: str, depth: int) -> Group:
    items, path = data[kind], f"{where}.{kind}" if where else kind
    if not isinstance(items, list | tuple) or len(items) > MOST_LEAVES:
        raise BadCriterion(path, "expected a list of conditions")
    if kind == "any" and not items:
        raise BadCriterion(path, "expected one condition at least")
    return Group(
        kind,
        tuple(from_data(item, f"{path}[{n}]", depth + 1) for n, item in enumerate(items)),
    )


def _leaves_from_data(data: object, where: str) -> tuple[Leaf, ...]:
    if not isinstance(data, list | tuple) or len(data) > MOST_LEAVES:
        raise BadCriterion(where, "expected a list of conditions")
    found = []
    for n, item in enumerate(data):
        leaf = from_data(item, f"{where}[{n}]")
        if not isinstance(leaf, Leaf):
            raise BadCriterion(f"{where}[{n}]", "expected a condition, not a group")
        found.append(leaf)
    return tuple(found)


def _leaf_from_data(data: Mapping[str, Any], where: str) -> Leaf:
    for key in data:
        if key not in ("fact", "op", "value", "at", "note", "sensitive"):
            raise BadCriterion(f"{where}.{key}", "expected fact, op, value, at, note or sensitive")
    name, op = data["fact"], data.get("op")
    if not isinstance(name, str) or name not in FACTS:
        raise BadCriterion(f"{where}.fact", f"expected one of {', '.join(FACTS)}, got {name!r}")
    allowed = OPS[FACTS[name].kind]
    if op not in allowed:
        raise BadCriterion(f"{where}.op", f"expected one of {', '.join(allowed)}, got {op!r}")
    if data.get("at") not in (None, "entree"):
        raise BadCriterion(f"{where}.at", f"expected entree, got {data['at']!r}")
    note, sensitive = data.get("note"), data.get("sensitive", False)
    if not (note is None or (isinstance(note, str) and len(note) <= NOTE_CHARACTERS)):
        raise BadCriterion(f"{where}.note", f"expected {NOTE_CHARACTERS} characters at most")
    if not isinstance(sensitive, bool):
        raise BadCriterion(f"{where}.sensitive", "expected true or false")
    value = _value_from_data(FACTS[name].highest, op, data.get("value"), f"{where}.value")
    return Leaf(name, op, value, data.get("at"), note, sensitive)


def _value_from_data(highest: int, op: Op, value: Any, where: str) -> Any:
    if op == "has_any":
        good = isinstance(value, list | tuple) and 0 < len(value) <= MOST_VALUES
        if not good or not all(isinstance(word, str) and word.strip() for word in value):
            raise BadCriterion(where, "expected a list of words, one at least")
        return frozenset(word.strip() for word in value)
    if op == "is":
        if not isinstance(value, bool):
            raise BadCriterion(where, "expected true or false")
        return value
    if op == "label":
        if not isinstance(value, str) or not 0 < len(value.strip()) <= NOTE_CHARACTERS:
            raise BadCriterion(where, f"expected 1 to {NOTE_CHARACTERS} characters")
        return value.strip()
    if op in ("between", "between_excl"):
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise BadCriterion(where, "expected two bounds")
        low, high = (_bound(highest, each, where) for each in value)
        if low > high or (low == high and op == "between_excl"):
            raise BadCriterion(where, f"expected a bound above {_short(low)}")
        return (low, high)
    return _bound(highest, value, where)


def _bound(highest: int, value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= highest:
        raise BadCriterion(where, f"expected a number from 0 to {highest}, got {value!r}")
    return float(value)
