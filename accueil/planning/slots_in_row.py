"""Several slots, one after the other at one place, for somebody who needs longer."""

from datetime import datetime
from itertools import groupby, islice, pairwise

from accueil.planning import slots
from accueil.store.db import Db, Row


def slots_in_row(
    db: Db, first: Row, length: int, asker: str, organisation_id: str, at: datetime
) -> list[Row]:
    """`length` free slots from the hour of `first`, at its place or else at another; empty when
    `asker` cannot have them. Rows are those of `slots.SELECT`."""
    rows = db.all(
        f"{slots.SELECT} WHERE s.occurrence_id = :occurrence_id AND s.starts_at >= :starts_at"
        " AND NOT EXISTS (SELECT 1 FROM booking AS b WHERE b.slot_id = s.id)"
        " ORDER BY CASE WHEN s.place = :place THEN 0 ELSE s.place END, s.starts_at",
        **{key: first[key] for key in ("occurrence_id", "place", "starts_at")},
    )
    for _, at_place in groupby(rows, key=lambda row: row["place"]):
        found = list(islice(at_place, length))
        free = all(
            _is_open(row) and slots.is_free_to(row, asker, organisation_id, at) for row in found
        )
        if free and _follow(first, found, length):
            return found
    return []


def _is_open(row: Row) -> bool:
    return bool(row["open"]) and row["status"] == "scheduled"


def _follow(first: Row, found: list[Row], length: int) -> bool:
    """Whether these are `length` slots without a gap, from the hour that was asked for."""
    return (
        len(found) == length
        and found[0]["starts_at"] == first["starts_at"]
        and all(sooner["ends_at"] == later["starts_at"] for sooner, later in pairwise(found))
    )
