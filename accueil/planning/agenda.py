"""The planning as people look at it: the occurrences of some days, and how full each is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accueil.house.sites import Unknown
from accueil.planning.permanences import SELECT, Occurrence, from_row
from accueil.store.db import Db, Row
from accueil.store.instants import to_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence, held or cancelled, with its slots: how many there are, how many booked."""

    occurrence: Occurrence
    places: int
    booked: int


def between(
    db: Db,
    first: date,
    last: date,
    *,
    site_id: str | None = None,
    service_ids: Iterable[str] | None = None,
    cancelled: bool = False,
) -> list[Entry]:
    """The occurrences from `first` to `last`, both included, by hour; those cancelled by hand
    too, if asked."""
    rows = db.all(
        f"{_COUNTED} WHERE {_SPAN}"
        " AND (o.status = 'scheduled' OR (:cancelled = 1 AND o.exception <> ''))"
        " ORDER BY o.starts_at, r.position, o.id",
        first=first.isoformat(),
        last=last.isoformat(),
        site_id=site_id,
        cancelled=int(cancelled),
    )
    wanted = None if service_ids is None else set(service_ids)
    return [_entry(row) for row in rows if wanted is None or row["service_id"] in wanted]


def left(
    db: Db, first: date, last: date, at: datetime, *, site_id: str | None = None
) -> dict[str, int]:
    """How many places can still be booked at `at`, by occurrence: slots that have neither begun
    nor been booked."""
    rows = db.all(
        "SELECT o.id, (SELECT count(*) FROM slot AS s LEFT JOIN booking AS b ON b.slot_id = s.id"
        " WHERE s.occurrence_id = o.id AND s.open = 1 AND s.starts_at > :now"
        " AND b.slot_id IS NULL) AS places FROM occurrence AS o"
        f" WHERE {_SPAN} AND o.status = 'scheduled'",
        first=first.isoformat(),
        last=last.isoformat(),
        site_id=site_id,
        now=to_text(at),
    )
    return {row["id"]: row["places"] for row in rows}


def entry(db: Db, occurrence_id: str) -> Entry:
    """One occurrence; `Unknown` if there is none."""
    row = db.one(f"{_COUNTED} WHERE o.id = :id", id=occurrence_id)
    if row is None:
        raise Unknown(occurrence_id)
    return _entry(row)


def next_of(db: Db, permanence_id: str, at: datetime, number: int = 6) -> list[Entry]:
    """The next occurrences of a permanence that have not begun, held or cancelled by hand."""
    rows = db.all(
        f"{_COUNTED} WHERE o.permanence_id = :id AND o.starts_at > :now"
        " AND (o.status = 'scheduled' OR o.exception <> '') ORDER BY o.starts_at LIMIT :number",
        id=permanence_id,
        now=to_text(at),
        number=number,
    )
    return [_entry(row) for row in rows]


_COUNTED = SELECT.replace(
    " FROM occurrence",
    ", (SELECT count(*) FROM slot AS s WHERE s.occurrence_id = o.id AND s.open = 1) AS places,"
    " (SELECT count(*) FROM slot AS s JOIN booking AS b ON b.slot_id = s.id"
    " WHERE s.occurrence_id = o.id) AS booked FROM occurrence",
    1,
)


# Named sites, so that the index of a site's days is used: the past costs nothing.
_SPAN = (
    "o.site_id IN (SELECT id FROM site WHERE :site_id IS NULL OR id = :site_id)"
    " AND o.day >= :first AND o.day <= :last"
)


def _entry(row: Row) -> Entry:
    return Entry(from_row(row), row["places"], row["booked"])
