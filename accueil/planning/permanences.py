"""Permanences and their occurrences: who is here, when, and in which room.

    permanence(id, service_id, site_id, room_id?, mode, rrule, first_day, times, said, assumed)
    occurrence(id, permanence_id, original_start, site_id, room_id?, day, starts_at, ends_at,
               status)                                       scheduled -> cancelled

Occurrences are made thirteen months ahead and topped up. One that has begun never changes, and
one that was cancelled never comes back: the pair (permanence, original start) names it for good.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from accueil.house.sites import Site, site, sites
from accueil.planning.closures import closed_days
from accueil.planning.recurrence import days
from accueil.store.db import Db, Row
from accueil.store.errors import Refused
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text

AHEAD = timedelta(days=396)
WALK_IN_MODES = frozenset({"walk_in", "both"})
BOOKED_MODES = frozenset({"appointment", "both"})


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`starts_at` and `ends_at` are UTC instants; `assumed` names what is to be confirmed."""

    id: str
    permanence_id: str
    service_id: str
    site_id: str
    room_id: str | None
    room: str | None
    mode: str
    day: date
    starts_at: datetime
    ends_at: datetime
    assumed: tuple[str, ...]

    def takes_walk_ins(self) -> bool:
        return self.mode in WALK_IN_MODES

    def takes_appointments(self) -> bool:
        return self.mode in BOOKED_MODES

    def is_on(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


class NotReceiving(ValueError):
    """The service takes nobody here at this moment: it closed between two touches, perhaps."""


class RoomTaken(ValueError):
    """Two permanences would be in one room at one time; `str` names room, time and other."""


def here_now(db: Db, site_id: str, at: datetime) -> list[Occurrence]:
    """The occurrences under way at a site, by start, then in the order of their room."""
    return [occurrence for occurrence in of_day(db, site_id, at) if occurrence.is_on(at)]


def of_day(db: Db, site_id: str, at: datetime) -> list[Occurrence]:
    """Every scheduled occurrence at a site on its day at the instant `at`."""
    rows = db.all(
        f"{_SELECT} AND o.site_id = :site_id AND o.day = :day ORDER BY o.starts_at, r.position",
        site_id=site_id,
        day=site(db, site_id).day(at).isoformat(),
    )
    return [_occurrence(row) for row in rows]


def ahead(db: Db, service_id: str, at: datetime) -> list[Occurrence]:
    """Each permanence of a service's occurrence under way at `at`, or else its next one."""
    permanences = db.all(
        "SELECT id FROM permanence WHERE service_id = :service_id AND retired = 0 ORDER BY id",
        service_id=service_id,
    )
    found = []
    for permanence in permanences:
        row = db.one(
            f"{_SELECT} AND o.permanence_id = :permanence_id AND o.ends_at > :now"
            " ORDER BY o.ends_at LIMIT 1",
            permanence_id=permanence["id"],
            now=to_text(at),
        )
        if row:
            found.append(_occurrence(row))
    return sorted(found, key=lambda occurrence: occurrence.starts_at)


def opening(db: Db, service_id: str, site_id: str, at: datetime) -> Occurrence | None:
    """When a service receives at a site: the occurrence under way, or the next; None if unknown."""
    coming = ahead(db, service_id, at)
    return next((occurrence for occurrence in coming if occurrence.site_id == site_id), None)


def refuse_if_absent(db: Db, service_id: str, place: Site, appointment: bool, at: datetime) -> None:
    """`NotReceiving` unless the service takes walk-ins now, or appointments later today."""
    modes = BOOKED_MODES if appointment else WALK_IN_MODES
    now = to_text(at)
    remaining = db.all(
        "SELECT p.mode, o.starts_at FROM permanence AS p"
        " JOIN occurrence AS o ON o.permanence_id = p.id"
        " WHERE p.service_id = :service_id AND o.status = 'scheduled' AND o.ends_at > :now"
        " AND o.site_id = :site_id AND o.day = :today",
        service_id=service_id,
        site_id=place.id,
        today=place.day(at).isoformat(),
        now=now,
    )
    if not any(
        each["mode"] in modes and (appointment or each["starts_at"] <= now) for each in remaining
    ):
        raise NotReceiving(service_id)


def coming_days(db: Db, site_id: str, at: datetime, number: int) -> list[Occurrence]:
    """The next occurrence, in the `number` days after today, of what is not here today."""
    today = site(db, site_id).day(at)
    rows = db.all(
        f"{_SELECT} AND o.site_id = :site_id AND o.day > :today AND o.day <= :last"
        " AND NOT EXISTS (SELECT 1 FROM occurrence AS near"
        " WHERE near.permanence_id = o.permanence_id AND near.status = 'scheduled'"
        " AND near.day >= :today AND near.starts_at < o.starts_at)"
        " ORDER BY o.starts_at, p.id",
        site_id=site_id,
        today=today.isoformat(),
        last=(today + timedelta(days=number)).isoformat(),
    )
    return [_occurrence(row) for row in rows]


def assumptions(db: Db) -> list[tuple[str, str, tuple[str, ...]]]:
    """What the house's text supposes of its permanences: service id, rule as said, words."""
    rows = db.all(
        "SELECT service_id, said, assumed FROM permanence"
        " WHERE retired = 0 AND assumed <> '' ORDER BY service_id, id"
    )
    return [(row["service_id"], row["said"], tuple(row["assumed"].split())) for row in rows]


def hours_of(db: Db, occurrence: Occurrence) -> list[tuple[datetime, datetime]]:
    """The hours of an occurrence's permanence on its day, as UTC instants: the morning's and
    the afternoon's, when there are two."""
    rows = db.all(
        "SELECT starts_at, ends_at FROM occurrence WHERE permanence_id = :permanence_id"
        " AND day = :day AND status = 'scheduled' ORDER BY starts_at",
        permanence_id=occurrence.permanence_id,
        day=occurrence.day.isoformat(),
    )
    return [(from_text(row["starts_at"]), from_text(row["ends_at"])) for row in rows]


def top_up(db: Db, at: datetime) -> int:
    """Make the occurrences that are missing in the thirteen months after `at`; how many.

    Raises `RoomTaken` and changes nothing when two permanences would share a room.
    """
    made = 0
    with db.transaction():
        for place in sites(db):
            made += _top_up_site(db, place, at)
    return made


def withdraw_ahead(db: Db, at: datetime) -> None:
    """Remove the scheduled occurrences that have not begun, in the caller's transaction.

    What a changed rule no longer gives goes with them; `top_up` then makes what it does give.
    """
    db.run(
        "DELETE FROM occurrence WHERE status = 'scheduled' AND starts_at > :now", now=to_text(at)
    )


def _top_up_site(db: Db, place: Site, at: datetime) -> int:
    today = place.day(at)
    end = today + AHEAD
    closed = closed_days(db, today, end)
    made = 0
    for permanence in db.all(
        "SELECT * FROM permanence WHERE site_id = :site_id AND retired = 0 ORDER BY id",
        site_id=place.id,
    ):
        known = db.all(
            "SELECT original_start, day, starts_at, ends_at FROM occurrence"
            " WHERE permanence_id = :id AND day >= :today",
            id=permanence["id"],
            today=today.isoformat(),
        )
        kept: dict[str, list[Row]] = defaultdict(list)
        for row in known:
            kept[row["day"]].append(row)
        first = date.fromisoformat(permanence["first_day"])
        for day in days(permanence["rrule"], first, max(first, today), end):
            if day not in closed:
                made += _make_day(db, place, permanence, day, kept[day.isoformat()], at)
    return made


def _make_day(
    db: Db, place: Site, permanence: Row, day: date, kept: list[Row], at: datetime
) -> int:
    """Make the occurrences of one day beside those `kept`, which changed hours leave as they are:
    what has begun, or was cancelled."""
    made = 0
    for start, end in times_from_text(permanence["times"]):
        original_start = datetime.combine(day, start).isoformat(timespec="minutes")
        row: Row = {
            "id": new_id(),
            "permanence_id": permanence["id"],
            "original_start": original_start,
            "site_id": place.id,
            "room_id": permanence["room_id"],
            "day": day.isoformat(),
            "starts_at": to_text(place.instant(day, start)),
            "ends_at": to_text(place.instant(day, end)),
        }
        if _is_settled(row, kept, at):
            continue
        try:
            db.run(
                "INSERT INTO occurrence (id, permanence_id, original_start, site_id, room_id,"
                " day, starts_at, ends_at, status) VALUES (:id, :permanence_id,"
                " :original_start, :site_id, :room_id, :day, :starts_at, :ends_at, 'scheduled')",
                **row,
            )
        except Refused as refusal:
            raise RoomTaken(_clash(db, row)) from refusal
        made += 1
    return made


def _is_settled(row: Row, kept: list[Row], at: datetime) -> bool:
    begun = row["starts_at"] <= to_text(at)
    return any(
        begun
        or row["original_start"] == other["original_start"]
        or (row["starts_at"] < other["ends_at"] and row["ends_at"] > other["starts_at"])
        for other in kept
    )


def _clash(db: Db, row: Row) -> str:
    other = db.one(
        "SELECT p.id, p.said, r.name AS room FROM occurrence AS o"
        " JOIN permanence AS p ON p.id = o.permanence_id JOIN room AS r ON r.id = o.room_id"
        " WHERE o.room_id = :room_id AND o.day = :day AND o.status = 'scheduled'"
        " AND o.starts_at < :ends_at AND o.ends_at > :starts_at",
        **{key: row[key] for key in ("room_id", "day", "starts_at", "ends_at")},
    )
    if other is None:
        return f"permanence {row['permanence_id']}: {row['original_start']} could not be kept"
    return (
        f"permanence {row['permanence_id']}: expected a free room on {row['original_start']},"
        f" but {other['room']} is taken by {other['id']} ({other['said']})"
    )


def times_to_text(times: tuple[tuple[str, str], ...]) -> str:
    """Wall-clock pairs as they are kept: "09:00-10:30 13:30-17:30"."""
    return " ".join(f"{start}-{end}" for start, end in times)


def times_from_text(text: str) -> list[tuple[time, time]]:
    """The wall-clock pairs of `times_to_text`."""
    pairs = (pair.split("-") for pair in text.split())
    return [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs]


_SELECT = (
    "SELECT o.id, o.permanence_id, p.service_id, o.site_id, o.room_id, r.name AS room, p.mode,"
    " o.day, o.starts_at, o.ends_at, p.assumed"
    " FROM occurrence AS o JOIN permanence AS p ON p.id = o.permanence_id"
    " LEFT JOIN room AS r ON r.id = o.room_id WHERE o.status = 'scheduled'"
)


def _occurrence(row: Row) -> Occurrence:
    return Occurrence(
        id=row["id"],
        permanence_id=row["permanence_id"],
        service_id=row["service_id"],
        site_id=row["site_id"],
        room_id=row["room_id"],
        room=row["room"],
        mode=row["mode"],
        day=date.fromisoformat(row["day"]),
        starts_at=from_text(row["starts_at"]).astimezone(UTC),
        ends_at=from_text(row["ends_at"]).astimezone(UTC),
        assumed=tuple(row["assumed"].split()),
    )
