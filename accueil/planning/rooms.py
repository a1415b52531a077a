"""Rooms: which are free at an hour, and what says that one is taken.

The refusal itself is the schema's (0003, triggers): two uses of a room at one time, or more
than its seats when it is shared.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from accueil.house.sites import Room, rooms
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text


@dataclass(frozen=True, slots=True)
class Use:
    """What takes a room: the permanence and its hours, as UTC instants."""

    permanence_id: str
    service_id: str
    said: str
    starts_at: datetime
    ends_at: datetime


class RoomTaken(ValueError):
    """Two permanences would be in one room at one time; `str` names room, time and other."""

    def __init__(self, message: str, room: str | None, starts_at: datetime, other: Use | None):
        super().__init__(message)
        self.room = room
        self.starts_at = starts_at
        self.other = other


def free_rooms(
    db: Db, site_id: str, starts_at: datetime, ends_at: datetime, but: str | None = None
) -> list[Room]:
    """The rooms of a site with a seat left between two instants, `but` one occurrence."""
    uses = db.all(
        "SELECT room_id, count(*) AS uses FROM occurrence WHERE site_id = :site_id"
        " AND status = 'scheduled' AND room_id IS NOT NULL"
        " AND starts_at < :ends_at AND ends_at > :starts_at AND id <> :but GROUP BY room_id",
        site_id=site_id,
        starts_at=to_text(starts_at),
        ends_at=to_text(ends_at),
        but=but or "",
    )
    taken = {row["room_id"]: row["uses"] for row in uses}
    return [room for room in rooms(db, site_id) if taken.get(room.id, 0) < room.seats]


def clash(db: Db, permanence_id: str, row: Row) -> RoomTaken:
    """Why the schema refused the occurrence `row` (room, day, UTC texts) of a permanence."""
    other = db.one(
        "SELECT p.id, p.service_id, p.said, o.starts_at, o.ends_at, r.name AS room"
        " FROM occurrence AS o JOIN permanence AS p ON p.id = o.permanence_id"
        " JOIN room AS r ON r.id = o.room_id"
        " WHERE o.room_id = :room_id AND o.day = :day AND o.status = 'scheduled'"
        " AND o.starts_at < :ends_at AND o.ends_at > :starts_at AND o.id <> :id",
        **{key: row.get(key, "") for key in ("room_id", "day", "starts_at", "ends_at", "id")},
    )
    start = from_text(row["starts_at"]).astimezone(UTC)
    when = row.get("original_start") or row["starts_at"]
    if other is None:
        return RoomTaken(f"permanence {permanence_id}: {when} could not be kept", None, start, None)
    use = Use(
        other["id"],
        other["service_id"],
        other["said"],
        from_text(other["starts_at"]).astimezone(UTC),
        from_text(other["ends_at"]).astimezone(UTC),
    )
    message = (
        f"permanence {permanence_id}: expected a free room on {when},"
        f" but {other['room']} is taken by {use.permanence_id} ({use.said})"
    )
    return RoomTaken(message, other["room"], start, use)


def refuse_crowds(db: Db, at: datetime) -> None:
    """Raise `RoomTaken` for a room that has become too small for what is to be held in it."""
    row = db.one(
        "SELECT o.* FROM occurrence AS o JOIN room AS r ON r.id = o.room_id"
        " WHERE o.status = 'scheduled' AND o.starts_at > :now AND r.seats < ("
        "SELECT count(*) FROM occurrence AS other WHERE other.room_id = o.room_id"
        " AND other.day = o.day AND other.status = 'scheduled'"
        " AND other.starts_at <= o.starts_at AND other.ends_at > o.starts_at)"
        " ORDER BY o.starts_at LIMIT 1",
        now=to_text(at),
    )
    if row:
        raise clash(db, row["permanence_id"], row)
