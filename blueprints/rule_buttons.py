"""The buttons of a rule's form: what each does to the sheet, and where the hands are then."""

from collections.abc import Callable
from dataclasses import dataclass, field

from accueil.orientation.facts import FACTS
from blueprints.rule_fields import Tampered
from blueprints.rule_sheet import (
    PARTS,
    REMOVED,
    Block,
    Item,
    Line,
    NoRoom,
    Sheet,
    added,
    chosen,
    item,
    moved,
    new_line,
    removed,
)

UP, DOWN, RESTORE = "up", "down", "restore"
_NOTHING = Block("all")


@dataclass(frozen=True, slots=True)
class Pressed:
    """`focus` is the id of what comes under the hands, `taken_from` the path where what was just
    removed stood, `troubles` are by field."""

    sheet: Sheet
    focus: str = ""
    taken_from: str = ""
    troubles: dict[str, str] = field(default_factory=dict)


def pressed(sheet: Sheet, button: str, taken_from: str) -> Pressed:
    """The sheet once a button was pressed: "up:n.0.1"; a button that only shows changes nothing.
    `Tampered` when the form has no such button."""
    name, _, path = button.partition(":")
    if name not in _BUTTONS:
        return Pressed(sheet, taken_from=taken_from)
    if path.partition(".")[0] not in PARTS and name != RESTORE:
        raise Tampered(button)
    try:
        return _BUTTONS[name](sheet, taken_from if name == RESTORE else path)
    except LookupError:
        raise Tampered(button) from None
    except NoRoom:
        part = path.partition(".")[0] or "n"
        return Pressed(sheet, taken_from=taken_from, troubles={f"{part}.adding": "full"})


def _line(sheet: Sheet, path: str) -> Pressed:
    block = item(sheet, path)
    if not isinstance(block, Block):
        raise Tampered(path)
    if not block.adding:
        return Pressed(sheet, f"{path}.adding", troubles={f"{path}.adding": "fact"})
    if block.adding not in FACTS:
        raise Tampered(path)
    after, there = added(sheet, path, new_line(block.adding))
    return _after(chosen(after, path, ""), there)


def _group(sheet: Sheet, path: str) -> Pressed:
    if not path.startswith("n"):
        raise Tampered(path)
    return _after(*added(sheet, path, Block("any")))


def _remove(sheet: Sheet, path: str) -> Pressed:
    if "." not in path:
        raise Tampered(path)
    gone = Block("all", (item(sheet, path),))
    return Pressed({**removed(sheet, path), REMOVED: gone}, "restore", path)


def _restore(sheet: Sheet, path: str) -> Pressed:
    """Where it stood, or last in its part when that place is no more."""
    part = path.partition(".")[0]
    if part not in PARTS or not sheet[REMOVED].items:
        raise Tampered(path)
    back: Item = sheet[REMOVED].items[0]
    if part != "n" and isinstance(back, Block):
        raise Tampered(path)
    above, _, last = path.rpartition(".")
    try:
        return _after(*added(sheet, above, back, int(last)))
    except (LookupError, ValueError):
        return _after(*added(sheet, part, back))


def _move(step: int) -> Callable[[Sheet, str], Pressed]:
    def move(sheet: Sheet, path: str) -> Pressed:
        if "." not in path:
            raise Tampered(path)
        after, there = moved(sheet, path, step)
        button = UP if can_move(after, there, step) is (step < 0) else DOWN
        return Pressed({**after, REMOVED: _NOTHING}, f"{there}.{button}")

    return move


def can_move(sheet: Sheet, path: str, step: int) -> bool:
    """Whether there is a place up (-1) or down (1) for what stands at `path`."""
    part, _, steps = path.partition(".")
    if "." in steps:
        return True
    return 0 <= int(steps) + step < len(sheet[part].items)


def _after(sheet: Sheet, path: str) -> Pressed:
    """What was just put there is under the hands."""
    there = item(sheet, path)
    control = "kind" if isinstance(there, Block) else _first_field(there)
    return Pressed({**sheet, REMOVED: _NOTHING}, f"{path}.{control}")


def _first_field(line: Line) -> str:
    if FACTS[line.fact].kind != "tags":
        return "op"
    return "tag" if line.choices() else "others"


_BUTTONS: dict[str, Callable[[Sheet, str], Pressed]] = {
    "line": _line,
    "group": _group,
    "remove": _remove,
    RESTORE: _restore,
    UP: _move(-1),
    DOWN: _move(1),
}
