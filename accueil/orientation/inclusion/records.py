"""The records imported, as they came, but for withheld names.

    inclusion_record(kind, source, id, listing_id?, record)

A record without `listing_id` waits for its listing: that mark is in the file, so what stops between
a record and its listing is ended later. Only a structure that has services waits for none.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

import msgspec

from accueil.orientation.inclusion.check import Entry
from accueil.orientation.inclusion.schema import Kind
from accueil.store.db import Db, Row

PAGE = 500
Key = tuple[Kind, str, str]
_Each = TypeVar("_Each")


class _Service(msgspec.Struct):
    structure_id: str


_service = msgspec.json.Decoder(_Service)


def pages(items: Iterable[_Each]) -> Iterator[list[_Each]]:
    """What one query or one transaction takes of these."""
    rest = iter(items)
    while page := list(islice(rest, PAGE)):
        yield page


def is_known(db: Db, source: str, structure_id: str) -> bool:
    """Whether a structure was imported before."""
    return bool(texts(db, [("structure", source, structure_id)]))


def texts(db: Db, page: Iterable[Key]) -> dict[Key, str]:
    """The records kept under these keys, PAGE at most, as they are written."""
    wanted: dict[tuple[Kind, str], list[str]] = {}
    for kind, source, name in page:
        wanted.setdefault((kind, source), []).append(name)
    found: dict[Key, str] = {}
    for (kind, source), names in wanted.items():
        holes = ", ".join(f":id{n}" for n in range(len(names)))
        rows = db.all(
            "SELECT id, record FROM inclusion_record"
            f" WHERE kind = :kind AND source = :source AND id IN ({holes})",
            kind=kind,
            source=source,
            **{f"id{n}": each for n, each in enumerate(names)},
        )
        found |= {(kind, source, row["id"]): row["record"] for row in rows}
    return found


def of_source(db: Db, kind: Kind, source: str) -> Iterator[Row]:
    """The records of a source by their ids, a page at a time."""
    last: str | None = ""
    while last is not None:
        page = db.all(
            "SELECT id, record, listing_id FROM inclusion_record"
            " WHERE kind = :kind AND source = :source AND id > :last ORDER BY id LIMIT :page",
            kind=kind,
            source=source,
            last=last,
            page=PAGE,
        )
        yield from page
        last = page[-1]["id"] if len(page) == PAGE else None


def put(db: Db, fresh: list[Entry]) -> None:
    """In the caller's transaction: keep these, which then wait for their listings, and so do the
    services of the structures among them."""
    if fresh:
        db.many(
            "INSERT INTO inclusion_record (kind, source, id, record)"
            " VALUES (:kind, :source, :id, :record)"
            " ON CONFLICT (kind, source, id)"
            " DO UPDATE SET record = excluded.record, listing_id = NULL",
            [_named(key(each)) | {"record": each.text} for each in fresh],
        )
        _await(db, map(key, fresh))


def delete(db: Db, gone: list[Key]) -> None:
    """In the caller's transaction: drop these; the services of a structure that goes wait for
    another listing."""
    db.many(
        "DELETE FROM inclusion_record WHERE kind = :kind AND source = :source AND id = :id",
        map(_named, gone),
    )
    _await(db, gone)


def give(db: Db, listing_ids: Mapping[Key, str | None]) -> None:
    """In the caller's transaction: say which listing each record has."""
    db.many(
        "UPDATE inclusion_record SET listing_id = :listing_id"
        " WHERE kind = :kind AND source = :source AND id = :id",
        [_named(each) | {"listing_id": listing_id} for each, listing_id in listing_ids.items()],
    )


def key(entry: Entry) -> Key:
    return entry.kind, entry.source, entry.id


def structure_of(text: str) -> str:
    """The structure that a service's record names; nothing else is read of it."""
    return _service.decode(text).structure_id


def _await(db: Db, changed: Iterable[Key]) -> None:
    """A listing says things of its structure: when one changes, its services wait again."""
    structures = {(source, name) for kind, source, name in changed if kind == "structure"}
    for source in {source for source, _ in structures}:
        named: list[Key] = [
            ("service", source, row["id"])
            for row in of_source(db, "service", source)
            if row["listing_id"] and (source, structure_of(row["record"])) in structures
        ]
        give(db, dict.fromkeys(named))


def _named(each: Key) -> Row:
    return dict(zip(("kind", "source", "id"), each, strict=True))
