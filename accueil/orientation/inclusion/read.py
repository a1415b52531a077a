"""A data·inclusion file, read: what can be taken of it, and everything that cannot, told.

The file is cut into its entries first, without reading them; each is then read, checked and handed
on alone, so that a file of twenty thousand services takes hardly more memory than its own bytes.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec

from accueil.orientation.inclusion.check import (
    Broken,
    Entry,
    Noted,
    Notes,
    check,
    visible,
)
from accueil.orientation.inclusion.schema import KINDS, Kind
from accueil.orientation.inclusion.splitting import members, values

MOST_ENTRIES = 200_000
MOST_TOLD = 200
LISTS: dict[str, Kind] = {"structures": "structure", "services": "service"}
_PIECE = 1_048_576
_BYTE = re.compile(r"\(byte (\d+)\)")
_NOT_NUMBERS = (b"NaN", b"Infinity", b"-Infinity")
_NOT_JSON = ("not-json", "not-a-number", "cut-short")
_LIST, _OBJECT = list[msgspec.Raw], dict[str, msgspec.Raw]
_Key = tuple[Kind, str, str]
_Lists = tuple[dict[Kind, list[bytes]], list[str]]


class BadFile(ValueError):
    """A file of which nothing can be taken. `reason` is a word: empty, encoding, not-json,
    cut-short, not-a-number, too-deep, not-a-directory, no-entry, too-many, v0. `where` says more:
    the line, or the keys."""

    def __init__(self, reason: str, where: str = ""):
        super().__init__(f"{reason}: {where}" if where else reason)
        self.reason, self.where = reason, where


@dataclass(frozen=True, slots=True)
class Twin:
    """An entry whose id another had before it in the file; only the first is taken. `same`: it
    says nothing else."""

    kind: Kind
    number: int
    first: int
    id: str
    same: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file. `kinds` are the lists that it has; `good` counts what can be
    taken, by kind; `own` is what this house had exported itself. Of what is broken and of twins,
    the first MOST_TOLD are told. `unread` are the ids of what is broken: it is not gone. `whole`
    are the lists that say which entries are not gone: every one has its id."""

    kinds: tuple[Kind, ...]
    whole: tuple[Kind, ...]
    sources: tuple[str, ...]
    entries: int
    good: dict[Kind, int]
    own: int
    broken_count: int
    broken: tuple[Broken, ...]
    twin_count: int
    twins: tuple[Twin, ...]
    notes: tuple[Noted, ...]
    unread: tuple[_Key, ...]


@dataclass(slots=True)
class _Reading:
    """What is gathered as a file is read."""

    keep: Callable[[Entry], None]
    own_source: str
    notes: Notes = field(default_factory=Notes)
    seen: dict[_Key, tuple[int, bytes]] = field(default_factory=dict)
    served: set[tuple[str, str]] = field(default_factory=set)
    missing: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    own: int = 0

    def take(self, found: Entry | Broken) -> None:
        if isinstance(found, Broken):
            self.broken.append(found)
            return
        key = (found.kind, found.source, found.id)
        print_ = blake2b(found.text.encode(), digest_size=12).digest()
        first = self.seen.setdefault(key, (found.number, print_))
        if first[0] != found.number:
            same = first[1] == print_
            self.twins.append(Twin(found.kind, found.number, first[0], found.id, same))
        elif found.source == self.own_source:
            self.own += 1
        else:
            self.keep(found)
            if found.kind == "service":
                self.served.add((found.source, found.structure_id))
                self.missing.append((found.source, found.structure_id, found.id))


def read(
    content: bytes,
    keep: Callable[[Entry], None],
    own_source: str = "",
    is_known: Callable[[str, str], bool] = lambda source, structure_id: False,
) -> Report:
    """Read a file; every entry that can be taken is handed to `keep`, structures first.

    `own_source` is this house's own: what bears it is counted and left. `is_known` says whether a
    structure (source, id) was imported before. `BadFile` when nothing can be taken.
    """
    lists, others = _lists(content)
    entries = sum(map(len, lists.values()))
    if not entries:
        raise BadFile("no-entry")
    if entries > MOST_ENTRIES:
        raise BadFile("too-many", str(MOST_ENTRIES))
    reading = _Reading(keep, own_source)
    for key in others:
        reading.notes.add("unknown-key", "structure", "", visible(key))
    for kind in KINDS:
        for number, raw in enumerate(lists.get(kind, ()), 1):
            reading.take(check(kind, number, bytes(raw), reading.notes))
    _refuse_v0(reading.broken, entries)
    _note_links(reading, lists, is_known)
    return _report(reading, tuple(lists), entries)


def _report(reading: _Reading, kinds: tuple[Kind, ...], entries: int) -> Report:
    taken = [key for key in reading.seen if key[1] != reading.own_source]
    nameless = {each.kind for each in reading.broken if each.is_nameless}
    return Report(
        kinds=kinds,
        whole=tuple(kind for kind in kinds if kind not in nameless),
        sources=tuple(sorted({source for _, source, _ in taken})),
        entries=entries,
        good={kind: sum(key[0] == kind for key in taken) for kind in KINDS},
        own=reading.own,
        broken_count=len(reading.broken),
        broken=tuple(reading.broken[:MOST_TOLD]),
        twin_count=len(reading.twins),
        twins=tuple(reading.twins[:MOST_TOLD]),
        notes=reading.notes.told(),
        unread=tuple((each.kind, each.source, each.id) for each in reading.broken if each.id),
    )


def _refuse_v0(broken: list[Broken], entries: int) -> None:
    """A file most of whose entries are in version 0 is one; else they are broken, each alone."""
    old = [each for each in broken if each.faults[0].why == "v0"]
    if len(old) * 2 >= entries:
        raise BadFile("v0", ", ".join(sorted({key.field for each in old for key in each.faults})))


def _note_links(
    reading: _Reading, lists: dict[Kind, Any], is_known: Callable[[str, str], bool]
) -> None:
    """Services without their structure, and structures without a service, where the file has
    both lists."""
    here = {(source, name) for kind, source, name in reading.seen if kind == "structure"}
    for source, structure_id, name in reading.missing:
        known = (source, structure_id) in here
        if not known and ("structure" in lists or not is_known(source, structure_id)):
            reading.notes.add("no-structure", "service", name)
    if "service" in lists:
        for source, name in sorted(here - reading.served):
            if source != reading.own_source:
                reading.notes.add("alone", "structure", name)


# ---- the file taken apart ----------------------------------------------------------------------


def _lists(content: bytes) -> _Lists:
    """The entries of each list, unread, and the keys beside those lists. One entry that is not
    JSON is no reason to refuse the others."""
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise BadFile("empty")
    _check_encoding(content)
    try:
        return _apart(content, _decoded)
    except BadFile as bad:
        if bad.reason not in _NOT_JSON:
            raise
        try:
            found = _apart(content, _by_hand)
        except BadFile:
            raise bad from None
        if not any(_is_json(raw) for entries in found[0].values() for raw in entries):
            raise
        return found


def _apart(content: bytes, decoded: Callable[[bytes, Any], Any]) -> _Lists:
    start = content.lstrip()[:1]
    if start == b"[":
        kind: Kind = "service" if b'"structure_id"' in content else "structure"
        return {kind: decoded(content, _LIST)}, []
    if start != b"{":
        raise BadFile("not-json", "1")
    whole = decoded(content, _OBJECT)
    found: dict[Kind, list[bytes]] = {}
    for name, kind in LISTS.items():
        if name in whole:
            raw = bytes(whole[name])
            if not raw.lstrip().startswith(b"["):
                raise BadFile("not-a-directory", name)
            found[kind] = decoded(raw, _LIST)
    if not found:
        raise BadFile("not-a-directory", ", ".join(map(visible, list(whole)[:8])))
    return found, [name for name in whole if name not in LISTS]


def _check_encoding(content: bytes) -> None:
    """UTF-8, read by pieces: the whole as text would be twice its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(content), _PIECE):
            decoder.decode(content[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        lines = content[: at + _PIECE].count(b"\n", 0, at) + 1
        raise BadFile("encoding", str(lines)) from None


def _decoded(content: Any, kind: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except RecursionError:
        raise BadFile("too-deep") from None
    except msgspec.DecodeError as error:
        raise _bad(bytes(content), str(error)) from None


def _by_hand(content: bytes, kind: Any) -> Any:
    found = values(content) if kind is _LIST else members(content)
    if found is None:
        raise BadFile("not-json")
    return found


def _is_json(raw: bytes) -> bool:
    try:
        msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _bad(content: bytes, said: str) -> BadFile:
    """What msgspec says of a file that is not JSON, with the line where it stopped."""
    found = _BYTE.search(said)
    if found is None:
        return BadFile("cut-short" if "truncated" in said else "not-json")
    at = int(found[1])
    line = str(content.count(b"\n", 0, at) + 1)
    if content[at - 1 : at + 9].lstrip(b"- ").startswith(_NOT_NUMBERS):
        return BadFile("not-a-number", line)
    return BadFile("not-json", line)
