"""The listings of what was imported: whatever waits for its own gets it, and what lost its record
is retired.

Each service gives a listing; a structure gives one only when none of its services is known. A
listing is made again from what is kept at that instant, inside the transaction that writes it, so
that nothing said here meanwhile is lost.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from accueil.orientation import listings
from accueil.orientation.inclusion import records
from accueil.orientation.inclusion.listing import Say, listed_as, of_service, of_structure
from accueil.orientation.inclusion.records import Key
from accueil.orientation.listings import Listing
from accueil.store.db import Db, Row


@dataclass(frozen=True, slots=True)
class Unsettled:
    """`waiting` is for a listing; `served` are structures that have one and services too;
    `retiring` says that listings have no record any more."""

    waiting: tuple[Key, ...]
    served: tuple[Key, ...]
    retiring: bool

    @property
    def any(self) -> bool:
        return bool(self.waiting or self.served or self.retiring)


def unsettled(db: Db, sources: Iterable[str]) -> Unsettled:
    """What of these sources is not in the directory as its records say: an import is under way,
    or one stopped before its end."""
    waiting: list[Key] = []
    served: list[Key] = []
    retiring = False
    for source in sources:
        above = set()
        for row in records.of_source(db, "service", source):
            above.add(records.structure_of(row["record"]))
            if row["listing_id"] is None:
                waiting.append(("service", source, row["id"]))
        for row in records.of_source(db, "structure", source):
            if (row["listing_id"] is None) != (row["id"] in above):
                (served if row["listing_id"] else waiting).append(("structure", source, row["id"]))
        retiring = retiring or _lost_their_record(db, source)
    return Unsettled(tuple(waiting), tuple(served), retiring)


def place(db: Db, page: list[Key], say: Say) -> None:
    """In the caller's transaction: give these records, a page of them, their listings. One that
    comes out as it was is left alone; `say` says openings in French."""
    made = _made(db, page, say)
    known = _known(db, [each.id for each in made.values()])
    live = {each.id: each for each in listings.listings(db, known)}
    following = [_following(each, known.get(each.id), live.get(each.id)) for each in made.values()]
    listings.put(db, [each for each in following if each != live.get(each.id)])
    records.give(db, {key: each.id for key, each in made.items()})


def retire(db: Db, sources: Iterable[str], served: Iterable[Key]) -> None:
    """In the caller's transaction: a structure that has services has no listing of its own, and
    what left the file has none."""
    records.give(db, dict.fromkeys(served))
    for source in sources:
        db.run(
            "UPDATE listing SET retired = 1, version = version + 1"
            f" WHERE source = :source AND {_WITHOUT_RECORD}",
            source=listed_as(source),
        )


_WITHOUT_RECORD = (
    "retired = 0 AND NOT EXISTS"
    " (SELECT 1 FROM inclusion_record AS r WHERE r.listing_id = listing.id)"
)


def _lost_their_record(db: Db, source: str) -> bool:
    return bool(
        db.one(
            f"SELECT 1 AS yes FROM listing WHERE source = :source AND {_WITHOUT_RECORD} LIMIT 1",
            source=listed_as(source),
        )
    )


def _made(db: Db, page: list[Key], say: Say) -> dict[Key, Listing]:
    """The listings that these records make."""
    read = {key: json.loads(text) for key, text in records.texts(db, page).items()}
    above: dict[Key, Key] = {
        key: ("structure", key[1], record["structure_id"])
        for key, record in read.items()
        if key[0] == "service"
    }
    structures = {
        key: json.loads(text)
        for key, text in records.texts(db, dict.fromkeys(above.values())).items()
    }
    return {
        key: of_service(record, structures.get(above[key], {}), say)
        if key in above
        else of_structure(record, say)
        for key, record in read.items()
    }


def _known(db: Db, ids: list[str]) -> dict[str, Row]:
    """What is kept of the listings of these ids, the retired ones too."""
    holes = ", ".join(f":id{n}" for n in range(len(ids)))
    rows = db.all(
        f"SELECT id, version, verified_on FROM listing WHERE id IN ({holes})",
        **{f"id{n}": each for n, each in enumerate(ids)},
    )
    return {row["id"]: row for row in rows}


def _following(each: Listing, before: Row | None, live: Listing | None) -> Listing:
    """A listing in the place of another: what somebody said here since is kept, which is the day
    when it was verified and its places. `live` itself if nothing else differs."""
    if before is None:
        return replace(each, version=1)
    days = [day.isoformat() for day in (each.verified_on,) if day]
    latest = max(filter(None, (*days, before["verified_on"])), default=None)
    kept = replace(
        each,
        verified_on=date.fromisoformat(latest) if latest else None,
        places=live.places if live else each.places,
    )
    if live and kept == replace(live, version=each.version, edited=each.edited):
        return live
    return replace(kept, version=before["version"] + 1)
