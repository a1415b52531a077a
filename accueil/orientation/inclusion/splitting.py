"""JSON cut by hand where it is not quite JSON: a list one of whose values cannot be read still says
where each of them ends."""

import re

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_MARK = re.compile(_STRING + rb'|[][{},"]', re.DOTALL)
_MEMBER = re.compile(rb'\s*"([^"\\]*)"\s*:(.*)', re.DOTALL)
_CLOSES = {b"]": b"[", b"}": b"{"}


def values(content: bytes) -> list[bytes] | None:
    """What is between the commas of a list, or of an object; None when that cannot be told."""
    found: list[bytes] = []
    opened: list[bytes] = []
    start = 0
    for each in _MARK.finditer(content):
        mark = each[0]
        if mark == b'"' or (not opened and mark not in (b"[", b"{")):
            return None
        if mark in (b"[", b"{"):
            opened.append(mark)
            start = start or each.end()
        elif mark in _CLOSES and opened.pop() != _CLOSES[mark]:
            return None
        if not opened or (len(opened) == 1 and mark == b","):
            found.append(content[start : each.start()])
            start = each.end()
        if not opened:
            rest = content[start:].strip()
            return None if rest or not all(map(bytes.strip, found)) else found
    return None


def members(content: bytes) -> dict[str, bytes] | None:
    """The values of an object by their keys, as these are written; None when that cannot be
    told."""
    read = [_MEMBER.fullmatch(piece) for piece in values(content) or ()]
    found = {each[1].decode(): each[2] for each in read if each}
    return found if found and all(read) else None
