"""Alerts: somebody asks the desk for help, without a word, from the kiosk or their phone.

    alert(id, site_id, day, visit_id? | appointment_id?, channel, urgent, raised_at, seen_at?,
          seen_by?)                                                   raised -> seen

The desk of the site shows an alert until one of its agents says that they go there, or calls the
person; `urgent` when it cannot wait. Nothing says why. Touched twice, it is one alert. It is
forgotten when its day is over: today's, or that of the desk's next opening, so that what is
asked at night from a phone is on the desk's screen in the morning.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from accueil.house.services import reception_service_id
from accueil.house.sites import Site, Unknown, front_desk, site, sites
from accueil.planning.appointments import Appointment
from accueil.planning.permanences import opening
from accueil.reception.change import NotNow
from accueil.store.db import Db, Row
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write

Channel = Literal["kiosk", "phone"]
Step = Literal["desk", "now"]


@dataclass(frozen=True, slots=True)
class Alert:
    """`number` is the ticket's, for an alert about a visit; `starts_at` the hour of the
    appointment, for the others. `answered`: the desk has called the person since, or their visit
    is over."""

    id: str
    site_id: str
    day: str
    visit_id: str | None
    appointment_id: str | None
    channel: Channel
    urgent: bool
    raised_at: datetime
    seen_at: datetime | None
    seen_by: str | None
    number: int | None
    starts_at: datetime | None
    answered: bool


def ring_for_visit(
    db: Db, visit_id: str, place: Site, by: str, at: datetime, *, urgent: bool = False
) -> bool:
    """In the caller's change: the desk is asked to come; False if it was asked as much already.

    `by` is the actor, "kiosk" or "visitor".
    """
    channel: Channel = "kiosk" if by == "kiosk" else "phone"
    asked = _Ring(place.id, place.day(at), visit_id, None, channel, urgent)
    return _ring(db, asked, at)


def ring_for_appointment(db: Db, held: Appointment, at: datetime, *, urgent: bool = False) -> bool:
    """Somebody asks from their appointment's page: the desk of its site is told the hour, or the
    front desk where that site has none; False if it was asked as much already."""
    place = desk_of(db, held.site_id)
    opens = opening(db, reception_service_id(db, place.id), place.id, at)
    asked = _Ring(place.id, opens.day if opens else place.day(at), None, held.id, "phone", urgent)
    with db.transaction():
        rung = _ring(db, asked, at)
        if rung:
            write(db, Event("alerted", "visitor", place.id), at)
    return rung


def see(db: Db, alert_id: str, site_id: str, by: str, at: datetime) -> Alert:
    """An agent of the site says that they go there. `Unknown` if the site has no such alert,
    `NotNow` if somebody else said so before; said twice, once."""
    with db.transaction():
        row = db.one(f"{_SELECT} WHERE a.id = :id AND a.site_id = :at", id=alert_id, at=site_id)
        if row is None:
            raise Unknown(alert_id)
        found = _alert(row)
        if found.seen_at is not None:
            if found.seen_by != by:
                raise NotNow
            return found
        db.run(
            "UPDATE alert SET seen_at = :at, seen_by = :by WHERE id = :id",
            at=to_text(at),
            by=by,
            id=alert_id,
        )
        write(db, Event("alert seen", by, site_id, data={"alert": alert_id}), at)
    return replace(found, seen_at=at, seen_by=by)


def waiting(db: Db, place: Site, at: datetime) -> list[Alert]:
    """The alerts of a site to which nobody has gone yet: urgent first, then the oldest."""
    rows = db.all(
        f"{_SELECT} WHERE a.site_id = :site_id AND a.day >= :today AND a.seen_at IS NULL"
        " ORDER BY a.urgent DESC, a.raised_at, a.id",
        site_id=place.id,
        today=place.day(at).isoformat(),
    )
    return [alert for alert in map(_alert, rows) if not alert.answered]


def next_step(db: Db, about_id: str) -> Step | None:
    """What the person of a visit, or of an appointment, may ask for: the desk; then that somebody
    comes now; then nothing, until an agent has seen it."""
    last = _last(db, about_id)
    if last is None or last.answered:
        return "desk"
    return None if last.urgent and last.seen_at is None else "now"


def desk_of(db: Db, site_id: str) -> Site:
    """Who is alerted for a site: its own desk if it has one, else the front desk."""
    if site_id in {place.id for place in sites(db) if place.reception}:
        return site(db, site_id)
    return front_desk(db)


# Called by the desk since it was asked: whoever did knows. One who then did not come is not found.
# One who left by their own phone may have been made to: nobody has seen them yet.
_ANSWERED = (
    "(v.closed_at IS NOT NULL AND v.outcome <> 'left')"
    " OR EXISTS (SELECT 1 FROM queue_entry AS e JOIN service AS s"
    " ON s.id = e.service_id WHERE e.visit_id = a.visit_id AND s.reception = 1"
    " AND e.state IN ('called', 'serving', 'done') AND e.called_at >= a.raised_at)"
)
_SELECT = (
    f"SELECT a.*, v.number, p.starts_at, ({_ANSWERED}) AS answered FROM alert AS a"
    " LEFT JOIN visit AS v ON v.id = a.visit_id"
    " LEFT JOIN appointment AS p ON p.id = a.appointment_id"
)


@dataclass(frozen=True, slots=True)
class _Ring:
    """What is asked, before it is an alert."""

    site_id: str
    day: date
    visit_id: str | None
    appointment_id: str | None
    channel: Channel
    urgent: bool


def _ring(db: Db, asked: _Ring, at: datetime) -> bool:
    step = next_step(db, asked.visit_id or asked.appointment_id or "")
    if step is None or (step == "now" and not asked.urgent):
        return False
    last = _last(db, asked.visit_id or asked.appointment_id or "")
    if last and last.seen_at is None:
        db.run(
            "UPDATE alert SET urgent = :urgent, raised_at = :at WHERE id = :id",
            urgent=int(asked.urgent),
            at=to_text(at),
            id=last.id,
        )
    else:
        _insert(db, asked, at)
    return True


def _insert(db: Db, asked: _Ring, at: datetime) -> None:
    db.run(
        "INSERT INTO alert (id, site_id, day, visit_id, appointment_id, channel, urgent, raised_at)"
        " VALUES (:id, :site_id, :day, :visit_id, :appointment_id, :channel, :urgent, :at)",
        id=new_id(),
        site_id=asked.site_id,
        day=asked.day.isoformat(),
        visit_id=asked.visit_id,
        appointment_id=asked.appointment_id,
        channel=asked.channel,
        urgent=int(asked.urgent),
        at=to_text(at),
    )


def _last(db: Db, about_id: str) -> Alert | None:
    row = db.one(
        f"{_SELECT} WHERE a.visit_id = :id OR a.appointment_id = :id"
        " ORDER BY a.raised_at DESC, a.id DESC LIMIT 1",
        id=about_id,
    )
    return _alert(row) if row else None


def _alert(row: Row) -> Alert:
    flags = {column: bool(row[column]) for column in ("urgent", "answered")}
    instants = {
        column: row[column] and from_text(row[column])
        for column in ("raised_at", "seen_at", "starts_at")
    }
    return Alert(**{**row, **flags, **instants})
