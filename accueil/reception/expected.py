"""Expected: today's appointments at a site, and what has become of each.

to come -> late (past what the service tolerates) -> missed (its permanence is over)
any of them -> arrived, once its holder is checked in
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from accueil.house.sites import Site
from accueil.planning.appointments import Appointment, of_days
from accueil.reception.day import Reception
from accueil.store.db import Db, Row

State = Literal["to come", "late", "missed", "arrived"]


@dataclass(frozen=True, slots=True)
class Expected:
    """`visit_id` and `number` are those of the visit that its holder's check-in began."""

    appointment: Appointment
    state: State
    visit_id: str | None = None
    number: int | None = None


def expected(db: Db, place: Site, receptions: Iterable[Reception], at: datetime) -> list[Expected]:
    """The appointments of the site's day, by hour, those cancelled left out."""
    day = place.day(at)
    start = place.instant(day, time())
    end = place.instant(day + timedelta(days=1), time())
    lines = {each.service.id: each for each in receptions}
    arrived = _arrived(db, place, day.isoformat())
    return [
        Expected(held, "arrived", arrived[held.id]["visit_id"], arrived[held.id]["number"])
        if held.id in arrived
        else Expected(held, _state(held, lines[held.service_id], at))
        for held in of_days(db, list(lines), start, end)
        if held.site_id == place.id and place.day(held.starts_at) == day
    ]


def _state(held: Appointment, line: Reception, at: datetime) -> State:
    dates = {each.id: each.ends_at for each in line.occurrences}
    if at >= dates.get(held.occurrence_id, held.ends_at):
        return "missed"
    return "late" if at - held.starts_at > line.service.late else "to come"


def _arrived(db: Db, place: Site, day: str) -> dict[str, Row]:
    """The visit of each appointment that was checked in that day, by the appointment's id."""
    rows = db.all(
        "SELECT e.appointment_id, e.visit_id, v.number FROM queue_entry AS e"
        " JOIN visit AS v ON v.id = e.visit_id WHERE e.site_id = :site_id AND e.day = :day"
        " AND e.appointment_id IS NOT NULL AND e.state <> 'undone' ORDER BY e.queued_at",
        site_id=place.id,
        day=day,
    )
    return {row["appointment_id"]: row for row in rows}
