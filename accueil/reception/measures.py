"""Measures: what the turns of the last weeks say of each service, in minutes.

Turns that were undone count for nothing, and a turn whose host forgot to end it is not believed.
What other days say is read once a day by each process; what today says, after each end.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from weakref import WeakKeyDictionary

from accueil.house.sites import Site
from accueil.reception.paces import Measures, Pace, pace
from accueil.store.db import Db, Row
from accueil.store.instants import from_text

LONGEST_MEETING, LONGEST_GAP, LATEST_START = 180.0, 30.0, 60.0
LOOK_BACK = timedelta(days=28)
_OVER = "('done', 'absent', 'left')"


@dataclass(frozen=True, slots=True)
class Ended:
    """A turn that is over: "done", "absent", or "left" without having been called. `since` is
    when it was in line."""

    day: date
    service_id: str
    state: str
    since: datetime
    called_at: datetime | None
    ended_at: datetime
    host_id: str | None


@dataclass(slots=True)
class _Known:
    """What has been read: other days as seen from `today`, and today as of `mark`."""

    today: date
    before: dict[str, Measures]
    begins: dict[date, datetime]
    mark: tuple[object, ...] = ()
    paces: dict[str, Pace] = field(default_factory=dict)


_known: WeakKeyDictionary[object, dict[tuple[str, str], _Known]] = WeakKeyDictionary()


def paces(db: Db, place: Site, organisation_id: str, at: datetime) -> Mapping[str, Pace]:
    """The pace of each service of an organisation at a site, where enough was measured."""
    today = place.day(at)
    known = _known.setdefault(db.store, {})
    found = known.get((place.id, organisation_id))
    if found is None or found.today != today:
        found = known[place.id, organisation_id] = _of_other_days(db, place, organisation_id, today)
    last = db.one(
        "SELECT count(*) AS ended, max(ended_at) AS at FROM queue_entry"
        f" WHERE {_OF_POOL} AND day = :today AND state IN {_OVER}",
        site_id=place.id,
        organisation_id=organisation_id,
        today=today.isoformat(),
    )
    mark = tuple((last or {}).values())
    if mark != found.mark:
        found.paces, found.mark = _today(db, place, organisation_id, found), mark
    return found.paces


def measured(
    turns: Collection[Ended],
    service_id: str,
    today: date,
    begins: Mapping[date, datetime],
    booked: int = 0,
    came: int = 0,
) -> Measures:
    """What the turns of an organisation say of one of its services. `begins` is when its first
    permanence of each day began."""
    own = [turn for turn in turns if turn.service_id == service_id]
    days: dict[date, list[float]] = defaultdict(list)
    for turn in sorted(own, key=lambda turn: turn.ended_at):
        if turn.state == "done" and turn.called_at:
            minutes = _minutes(turn.called_at, turn.ended_at)
            if minutes <= LONGEST_MEETING:
                days[turn.day].append(minutes)
    return Measures(
        today=tuple(days.pop(today, ())),
        before=tuple(tuple(day) for day in days.values()),
        absences=tuple(
            _minutes(turn.called_at, turn.ended_at)
            for turn in own
            if turn.state == "absent" and turn.called_at
        ),
        gaps=tuple(_gaps(turns)),
        starts=tuple(_starts(turns, begins)),
        left=sum(turn.state == "left" and turn.called_at is None for turn in own),
        booked=booked,
        came=came,
    )


def _gaps(turns: Iterable[Ended]) -> Iterable[float]:
    """From the end of a meeting to the next call of its host, when whom they called had been
    waiting all that time."""
    for called in _by_host_and_day(turns).values():
        for last, then in pairwise(called):
            if then.called_at and then.since <= last.ended_at <= then.called_at:
                minutes = _minutes(last.ended_at, then.called_at)
                if minutes <= LONGEST_GAP:
                    yield minutes


def _starts(turns: Iterable[Ended], begins: Mapping[date, datetime]) -> Iterable[float]:
    """How late the first call of each host was on each day, when somebody was waiting."""
    for (_, day), called in _by_host_and_day(turns).items():
        first = called[0]
        if first.called_at and day in begins:
            minutes = _minutes(max(begins[day], first.since), first.called_at)
            if minutes <= LATEST_START:
                yield max(minutes, 0.0)


def _by_host_and_day(turns: Iterable[Ended]) -> dict[tuple[str, date], Sequence[Ended]]:
    found: dict[tuple[str, date], list[Ended]] = defaultdict(list)
    for turn in turns:
        if turn.host_id and turn.called_at:
            found[turn.host_id, turn.day].append(turn)
    return {
        key: sorted(called, key=lambda turn: turn.called_at or turn.ended_at)
        for key, called in found.items()
    }


def _minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60


_OF_POOL = (
    "site_id = :site_id AND service_id IN"
    " (SELECT id FROM service WHERE organisation_id = :organisation_id)"
)


def _of_other_days(db: Db, place: Site, organisation_id: str, today: date) -> _Known:
    since = today - LOOK_BACK
    turns = _ended(db, place, organisation_id, since, today - timedelta(days=1))
    begins = _begins(db, place, organisation_id, since, today)
    shares = _shares(db, place, organisation_id, since, today)
    services = {turn.service_id for turn in turns}
    return _Known(
        today=today,
        before={
            each: measured(turns, each, today, begins, *shares.get(each, (0, 0)))
            for each in services
        },
        begins=begins,
    )


def _today(db: Db, place: Site, organisation_id: str, known: _Known) -> dict[str, Pace]:
    turns = _ended(db, place, organisation_id, known.today, known.today)
    services = known.before.keys() | {turn.service_id for turn in turns}
    found = {}
    for each in services:
        now = measured(turns, each, known.today, known.begins)
        said = pace(known.before.get(each, Measures()).and_today(now))
        if said:
            found[each] = said
    return found


def _ended(db: Db, place: Site, organisation_id: str, first: date, last: date) -> list[Ended]:
    rows = db.all(
        "SELECT day, service_id, state, queued_at, due_at, called_at, ended_at, host_id"
        f" FROM queue_entry WHERE {_OF_POOL} AND day >= :first AND day <= :last"
        f" AND state IN {_OVER} AND ended_at IS NOT NULL",
        site_id=place.id,
        organisation_id=organisation_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return [_turn(row) for row in rows]


def _turn(row: Row) -> Ended:
    return Ended(
        day=date.fromisoformat(row["day"]),
        service_id=row["service_id"],
        state=row["state"],
        since=from_text(max(row["queued_at"], row["due_at"] or "")),
        called_at=from_text(row["called_at"]) if row["called_at"] else None,
        ended_at=from_text(row["ended_at"]),
        host_id=row["host_id"],
    )


def _begins(
    db: Db, place: Site, organisation_id: str, first: date, last: date
) -> dict[date, datetime]:
    """When the first permanence of each day began."""
    rows = db.all(
        "SELECT o.day, min(o.starts_at) AS starts_at FROM occurrence AS o"
        " JOIN permanence AS p ON p.id = o.permanence_id JOIN service AS s ON s.id = p.service_id"
        " WHERE o.site_id = :site_id AND o.day >= :first AND o.day <= :last"
        " AND s.organisation_id = :organisation_id AND o.status = 'scheduled' GROUP BY o.day",
        site_id=place.id,
        organisation_id=organisation_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return {
        date.fromisoformat(row["day"]): from_text(row["starts_at"]).astimezone(UTC) for row in rows
    }


def _shares(
    db: Db, place: Site, organisation_id: str, first: date, last: date
) -> dict[str, tuple[int, int]]:
    """How many appointments of each service there were, and how many were checked in, on the
    days when at least one of them was: where nobody checks in, nothing is counted."""
    rows = db.all(
        "SELECT o.day, a.service_id, count(*) AS booked, count(e.id) AS came"
        " FROM occurrence AS o JOIN appointment AS a ON a.occurrence_id = o.id"
        " JOIN service AS s ON s.id = a.service_id"
        " LEFT JOIN queue_entry AS e ON e.appointment_id = a.id AND e.state <> 'undone'"
        " WHERE o.site_id = :site_id AND o.day >= :first AND o.day < :last"
        " AND s.organisation_id = :organisation_id AND a.state = 'booked'"
        " GROUP BY o.day, a.service_id HAVING count(e.id) > 0",
        site_id=place.id,
        organisation_id=organisation_id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    shares: dict[str, tuple[int, int]] = {}
    for row in rows:
        booked, came = shares.get(row["service_id"], (0, 0))
        shares[row["service_id"]] = booked + row["booked"], came + min(row["came"], row["booked"])
    return shares
