"""Slots: the bookable parts of an occurrence, as rows, and those that are still free.

    slot(id, occurrence_id, starts_at, ends_at, place, kept, open)

A collective session is one slot with as many places as it has seats. A slot that somebody has
booked stays, whatever becomes of its occurrence; `open` is 0 once nobody else may have it.
Reading only: `grids` makes the rows.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from accueil.house.services import service
from accueil.house.sites import Unknown
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text

VISITOR, DESK = "visitor", "desk"
EARLIER = "earlier"  # whoever asked to come earlier: no least notice, but nothing kept
FARTHEST = timedelta(days=90)
NEAR = (timedelta(days=4), timedelta(days=21))  # looked through first: most often enough


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that can be booked, with its UTC instants; `left` counts the places at that hour."""

    id: str
    occurrence_id: str
    permanence_id: str
    service_id: str
    site_id: str
    room: str | None
    mode: str
    starts_at: datetime
    ends_at: datetime
    left: int


def slot(db: Db, slot_id: str) -> FreeSlot:
    """One slot, free or not, as one place; `Unknown` if there is none."""
    row = db.one(f"{SELECT} WHERE s.id = :id", id=slot_id)
    if row is None:
        raise Unknown(slot_id)
    return _slot(row, 1)


def free(
    db: Db,
    service_id: str,
    at: datetime,
    *,
    asker: str = VISITOR,
    number: int = 6,
    within: timedelta = FARTHEST,
    site_id: str | None = None,
) -> list[FreeSlot]:
    """The next free slots of a service after `at`, one for each hour and occurrence.

    `asker` is "visitor", "desk", "earlier" or an organisation's id: a slot kept for somebody
    else is not free until its day of release, and the least and greatest notice bind everybody
    but the desk, the service's own organisation and who asked to come earlier.
    """
    found: list[FreeSlot] = []
    for span in (*(near for near in NEAR if near < within), within):
        found = []
        for slot in _free(db, service_id, at, asker, span, site_id):
            if found and _hour(found[-1]) == _hour(slot):
                continue
            found.append(slot)
            if len(found) == number:
                return found
    return found


def is_free_to(row: Row, asker: str, organisation_id: str, at: datetime) -> bool:
    """Whether the slot of a `_SELECT` row may be booked by `asker` at the instant `at`."""
    starts_at = from_text(row["starts_at"])
    if starts_at <= at:
        return False
    if asker == organisation_id:
        return True
    if row["kept"] and starts_at - timedelta(days=row["released_days"]) > at:
        return asker == (row["kept_for"] or DESK)
    if asker in (DESK, EARLIER):
        return True
    soonest = at + timedelta(minutes=row["notice_minutes"])
    return soonest <= starts_at <= at + timedelta(days=row["ahead_days"])


def _free(
    db: Db, service_id: str, at: datetime, asker: str, within: timedelta, site_id: str | None
) -> Iterator[FreeSlot]:
    owner = service(db, service_id).organisation.id
    rows = [
        row
        for row in db.all(
            f"{SELECT} WHERE p.service_id = :service_id AND o.status = 'scheduled'"
            " AND o.starts_at < :until AND o.ends_at > :now AND s.starts_at > :now"
            " AND s.starts_at < :until AND s.open = 1"
            " AND (:site_id IS NULL OR o.site_id = :site_id)"
            " AND NOT EXISTS (SELECT 1 FROM booking AS b WHERE b.slot_id = s.id)"
            " ORDER BY s.starts_at, o.id, s.place",
            service_id=service_id,
            site_id=site_id,
            now=to_text(at),
            until=to_text(at + within),
        )
        if is_free_to(row, asker, owner, at)
    ]
    left: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        left[row["occurrence_id"], row["starts_at"]] += 1
    for row in rows:
        yield _slot(row, left[row["occurrence_id"], row["starts_at"]])


def _hour(slot: FreeSlot) -> tuple[str, datetime]:
    return slot.occurrence_id, slot.starts_at


SELECT = (
    "SELECT s.id, s.occurrence_id, s.starts_at, s.ends_at, s.place, s.kept, s.open,"
    " o.site_id, o.status, p.id AS permanence_id, p.service_id, p.mode, p.kept_for,"
    " p.released_days, p.notice_minutes, p.ahead_days, r.name AS room"
    " FROM slot AS s JOIN occurrence AS o ON o.id = s.occurrence_id"
    " JOIN permanence AS p ON p.id = o.permanence_id LEFT JOIN room AS r ON r.id = o.room_id"
)


def _slot(row: Row, left: int) -> FreeSlot:
    return FreeSlot(
        id=row["id"],
        occurrence_id=row["occurrence_id"],
        permanence_id=row["permanence_id"],
        service_id=row["service_id"],
        site_id=row["site_id"],
        room=row["room"],
        mode=row["mode"],
        starts_at=from_text(row["starts_at"]).astimezone(UTC),
        ends_at=from_text(row["ends_at"]).astimezone(UTC),
        left=left,
    )
