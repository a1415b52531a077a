"""Permanences and their occurrences: who is here, when, and in which room.

    permanence(id, service_id, site_id, room_id?, mode, rrule, first_day, times, said, assumed)
    occurrence(id, permanence_id, original_start, site_id, room_id?, day, starts_at, ends_at,
               status)                                       scheduled -> cancelled

Reading only: `horizon` makes the occurrences.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from accueil.house.sites import Site, site
from accueil.planning import hours
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text

WALK_IN_MODES = frozenset({"walk_in", "both"})
BOOKED_MODES = frozenset({"appointment", "both"})
SLOT_MODES = BOOKED_MODES | {"collective"}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`starts_at` and `ends_at` are UTC instants; `breaks` are wall-clock pairs inside them, as
    `hours` keeps them, and `away` the same as instants; `exception` says what was done by hand
    to this date; `assumed` names what is to be confirmed."""

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
    status: str = "scheduled"
    exception: str = ""
    host_id: str | None = None
    host: str | None = None
    breaks: str = ""
    away: tuple[tuple[datetime, datetime], ...] = ()

    def takes_walk_ins(self) -> bool:
        return self.mode in WALK_IN_MODES and self.exception != "kept"

    def takes_appointments(self) -> bool:
        return self.mode in BOOKED_MODES

    def has_slots(self) -> bool:
        """Whether it may hold slots to book."""
        return self.mode in SLOT_MODES

    def is_on(self, at: datetime) -> bool:
        """Whether somebody receives at the instant `at`, breaks apart."""
        away = any(start <= at < end for start, end in self.away)
        return self.starts_at <= at < self.ends_at and not away

    def resumes_at(self, at: datetime) -> datetime | None:
        """When the break under way at the instant `at` ends; None when there is none."""
        return next((end for start, end in self.away if start <= at < end), None)


class NotReceiving(ValueError):
    """The service takes nobody here at this moment: it closed between two touches, perhaps."""


def of_day(db: Db, site_id: str, at: datetime) -> list[Occurrence]:
    """Every scheduled occurrence at a site on its day at the instant `at`."""
    rows = db.all(
        f"{_SELECT} AND o.site_id = :site_id AND o.day = :day ORDER BY o.starts_at, r.position",
        site_id=site_id,
        day=site(db, site_id).day(at).isoformat(),
    )
    return [from_row(row) for row in rows]


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
            " AND o.exception <> 'kept'"
            " ORDER BY o.ends_at LIMIT 1",
            permanence_id=permanence["id"],
            now=to_text(at),
        )
        if row:
            found.append(from_row(row))
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
        " AND (o.exception <> 'kept' OR :appointment = 1)"
        " AND o.site_id = :site_id AND o.day = :today",
        service_id=service_id,
        site_id=place.id,
        today=place.day(at).isoformat(),
        now=now,
        appointment=int(appointment),
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
    return [from_row(row) for row in rows]


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


SELECT = (
    "SELECT o.id, o.permanence_id, p.service_id, o.site_id, o.room_id, r.name AS room, p.mode,"
    " o.day, o.starts_at, o.ends_at, p.assumed, o.status, o.exception, o.host_id,"
    " h.name AS host, o.breaks, w.timezone"
    " FROM occurrence AS o JOIN permanence AS p ON p.id = o.permanence_id"
    " JOIN site AS w ON w.id = o.site_id"
    " LEFT JOIN room AS r ON r.id = o.room_id LEFT JOIN account AS h ON h.id = o.host_id"
)
_SELECT = f"{SELECT} WHERE o.status = 'scheduled'"


def from_row(row: Row) -> Occurrence:
    """The occurrence of a `SELECT` row; other columns are left out."""
    day, zone = date.fromisoformat(row["day"]), ZoneInfo(row["timezone"])
    away = tuple(
        (
            datetime.combine(day, start, zone).astimezone(UTC),
            datetime.combine(day, end, zone).astimezone(UTC),
        )
        for start, end in hours.from_text(row["breaks"])
    )
    return Occurrence(
        id=row["id"],
        permanence_id=row["permanence_id"],
        service_id=row["service_id"],
        site_id=row["site_id"],
        room_id=row["room_id"],
        room=row["room"],
        mode=row["mode"],
        day=day,
        starts_at=from_text(row["starts_at"]).astimezone(UTC),
        ends_at=from_text(row["ends_at"]).astimezone(UTC),
        assumed=tuple(row["assumed"].split()),
        status=row["status"],
        exception=row["exception"],
        host_id=row["host_id"],
        host=row["host"],
        breaks=row["breaks"],
        away=away,
    )
