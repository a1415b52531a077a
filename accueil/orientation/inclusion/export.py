"""The whole directory as one data·inclusion file: the house's own records, and what it imported.

The file is written once for a state of the directory and kept until that state changes: it is
asked for by anyone, and may be that of a région.
"""

import heapq
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path

from accueil.house.edition import edition
from accueil.house.sites import Unknown, front_desk
from accueil.orientation.inclusion.schema import Kind, written
from accueil.orientation.inclusion.write import Own, Record, Words, own_records
from accueil.store.db import Db
from accueil.store.errors import Unwritable

PAGE = 500
_LISTS: tuple[tuple[Kind, str], ...] = (("structure", "structures"), ("service", "services"))
_Line = tuple[str, str, str]
_writing = threading.Lock()


def kept(db: Db, folder: Path, words: Words, at: datetime) -> Path:
    """The file of the present state, in `folder`; it is named after its state and its bytes, and
    the files of other states are removed. Whoever asks as it is written waits for it."""
    found = _found(folder, _state(db, at))
    if found is None:
        with _writing:
            state = _state(db, at)
            found = _found(folder, state) or _write(db, folder, state, words, at)
    return found


def tag(file: Path) -> str:
    """What changes when the bytes of a kept file do."""
    return file.name.split(".")[1]


def forget(folder: Path, but: Path | None = None) -> None:
    """Remove the kept files, but one."""
    for each in folder.glob("*.json"):
        if each != but:
            each.unlink(missing_ok=True)


def pieces(db: Db, own: Own) -> Iterator[str]:
    """The file, a line at a time: {"structures": [...], "services": [...]}, each sorted by source
    and id, a record a line."""
    mine: dict[Kind, tuple[Record, ...]] = {"structure": own.structures, "service": own.services}
    before = "{"
    for kind, name in _LISTS:
        lines = heapq.merge(map(_line, mine[kind]), _imported(db, kind))
        first = next(lines, None)
        yield f'{before}"{name}": ['
        for rank, (_, _, text) in enumerate(chain([first] if first else [], lines)):
            yield f"{',' if rank else ''}\n{text}"
        yield "\n]"
        before = ",\n"
    yield "}\n"


def _found(folder: Path, state: str) -> Path | None:
    return next(folder.glob(f"{state}.*.json"), None)


def _write(db: Db, folder: Path, state: str, words: Words, at: datetime) -> Path:
    partial = folder / f"{secrets.token_hex(8)}.partial"
    print_ = sha256()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with partial.open("wb") as file:
            for piece in pieces(db, own_records(db, words, at)):
                octets = piece.encode()
                print_.update(octets)
                file.write(octets)
        # What changed as it was read is read again next time.
        now = state if _state(db, at) == state else secrets.token_hex(8)
        done = folder / f"{now}.{print_.hexdigest()[:32]}.json"
        os.replace(partial, done)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise Unwritable(str(error)) from error
    forget(folder, but=done)
    return done


def _state(db: Db, at: datetime) -> str:
    """What the file depends on, in short: the directory, the permanences, the day."""
    try:
        day = front_desk(db).day(at).isoformat()
    except Unknown:
        day = ""
    print_ = sha256(f"{edition(db)} {day}".encode())
    for row in db.all("SELECT * FROM permanence ORDER BY id"):
        print_.update(repr(sorted(row.items())).encode())
    return print_.hexdigest()[:32]


def _line(record: Record) -> _Line:
    return str(record["source"]), str(record["id"]), written(record)


def _imported(db: Db, kind: Kind) -> Iterator[_Line]:
    """What was imported, by source and id, a page at a time."""
    source, last = "", ""
    while True:
        page = db.all(
            "SELECT source, id, record FROM inclusion_record WHERE kind = :kind"
            " AND (source > :source OR (source = :source AND id > :last))"
            " ORDER BY source, id LIMIT :page",
            kind=kind,
            source=source,
            last=last,
            page=PAGE,
        )
        for row in page:
            yield row["source"], row["id"], row["record"]
        if len(page) < PAGE:
            return
        source, last = page[-1]["source"], page[-1]["id"]
