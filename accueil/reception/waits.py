"""Waits: what a person is told, and what was told beside what came.

    wait_shown(entry_id, shown_at, low, high)       written when the turn begins, once

A wait is a range, or None when there is nothing to base it on; see `waiting` and `standing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accueil.house.sites import Site, Unknown, site
from accueil.planning.permanences import Occurrence, of_day
from accueil.reception import measures, queue
from accueil.reception.queue import Entry
from accueil.reception.standing import LATE_AT_MOST, Standing, line_of
from accueil.reception.waiting import Range, wait_range
from accueil.store.db import Db
from accueil.store.instants import from_text, to_text


@dataclass(frozen=True, slots=True)
class Told:
    """A range that was shown when a turn began, and the minutes that came: None for a turn that
    has not been called."""

    entry_id: str
    service_id: str
    shown_at: datetime
    range: Range
    came: float | None

    @property
    def kept(self) -> bool:
        """Whether the wait was what the range said."""
        return self.came is not None and self.range.low <= self.came <= self.range.high


def wait_of(db: Db, turn: Entry, at: datetime) -> Range | None:
    """How long a turn that waits is still to wait."""
    if turn.state != "waiting":
        return None
    found = line_of(
        standing(db, turn.service_id, site(db, turn.site_id), at), turn.service_id, turn
    )
    return wait_range(found) if found else None


def wait_for(db: Db, service_id: str, place: Site, at: datetime) -> Range | None:
    """How long somebody who walked in now would wait for a service."""
    return _wait_at_the_end(standing(db, service_id, place, at), service_id)


def waits_at(db: Db, place: Site, at: datetime) -> dict[str, Range]:
    """The same for every service that receives here now, where there is something to say."""
    here = [each.service_id for each in of_day(db, place.id, at) if each.is_on(at)]
    found = {each: wait_for(db, each, place, at) for each in dict.fromkeys(here)}
    return {service_id: wait for service_id, wait in found.items() if wait}


def note(db: Db, entry_id: str, at: datetime, seen: Standing | None = None) -> None:
    """In the caller's transaction: keep what is told of a turn that begins. `seen` is the line
    as it was just before, for somebody who walks in to its end."""
    turn = queue.entry(db, entry_id)
    shown = _wait_at_the_end(seen, turn.service_id) if seen else wait_of(db, turn, at)
    if shown:
        db.run(
            "INSERT INTO wait_shown (entry_id, shown_at, low, high)"
            " VALUES (:entry_id, :at, :low, :high) ON CONFLICT (entry_id) DO NOTHING",
            entry_id=entry_id,
            at=to_text(at),
            low=shown.low,
            high=shown.high,
        )


def noted(db: Db, entry_id: str) -> Range | None:
    """What was told when a turn began."""
    row = db.one("SELECT low, high FROM wait_shown WHERE entry_id = :id", id=entry_id)
    return Range(row["low"], row["high"]) if row else None


def told(db: Db, place: Site, at: datetime) -> list[Told]:
    """Every range told on the day of `at`, beside the wait until the turn's first call."""
    rows = db.all(
        "SELECT w.entry_id, e.service_id, w.shown_at, w.low, w.high, (SELECT min(c.called_at)"
        " FROM call AS c WHERE c.entry_id = e.id AND c.withdrawn = 0) AS called_at"
        " FROM queue_entry AS e JOIN wait_shown AS w ON w.entry_id = e.id"
        " WHERE e.site_id = :site_id AND e.day = :day AND e.state <> 'undone' ORDER BY w.shown_at",
        site_id=place.id,
        day=place.day(at).isoformat(),
    )
    return [
        Told(
            entry_id=row["entry_id"],
            service_id=row["service_id"],
            shown_at=from_text(row["shown_at"]),
            range=Range(row["low"], row["high"]),
            came=(from_text(row["called_at"]) - from_text(row["shown_at"])).total_seconds() / 60
            if row["called_at"]
            else None,
        )
        for row in rows
    ]


def standing(
    db: Db, service_id: str, place: Site, at: datetime, turns: Sequence[Entry] | None = None
) -> Standing:
    """What can be seen, at `at`, of those who wait for the organisation of a service: nothing,
    where too little was measured to say anything of it. `turns` are the open ones of the site,
    when they are known already."""
    pool = _pool(db, service_id)
    organisation_id = pool[service_id]
    paces = measures.paces(db, place, organisation_id, at)
    if service_id not in paces:
        return Standing(at, (), {}, (), (), {})
    ours = {each for each, organisation in pool.items() if organisation == organisation_id}
    day = place.day(at).isoformat()
    where = {"site_id": place.id, "day": day, "organisation_id": organisation_id}
    if turns is None:
        turns = queue.lines_of_site(db, place.id, day)
    return Standing(
        at=at,
        turns=[turn for turn in turns if turn.service_id in ours],
        ended=_ended(db, **where),
        occurrences=_occurrences(db, place, ours, at),
        booked=_booked(db, at, **where),
        paces=paces,
    )


def _wait_at_the_end(seen: Standing, service_id: str) -> Range | None:
    found = line_of(seen, service_id)
    return wait_range(found) if found else None


def _pool(db: Db, service_id: str) -> dict[str, str]:
    """The organisation of every service; `Unknown` if this one is none."""
    rows = db.all("SELECT id, organisation_id FROM service")
    found = {row["id"]: row["organisation_id"] for row in rows}
    if service_id not in found:
        raise Unknown(service_id)
    return found


def _occurrences(db: Db, place: Site, ours: set[str], at: datetime) -> list[Occurrence]:
    today = of_day(db, place.id, at)
    return [each for each in today if each.service_id in ours and each.mode != "partners_only"]


def _ended(db: Db, **where: object) -> dict[str, datetime]:
    """When each host who received today ended their last meeting."""
    rows = db.all(
        "SELECT host_id, max(ended_at) AS ended_at FROM queue_entry"
        " WHERE site_id = :site_id AND day = :day AND state IN ('done', 'absent')"
        " AND service_id IN (SELECT id FROM service WHERE organisation_id = :organisation_id)"
        " AND host_id IS NOT NULL GROUP BY host_id",
        **where,
    )
    return {row["host_id"]: from_text(row["ended_at"]) for row in rows if row["ended_at"]}


def _booked(db: Db, at: datetime, **where: object) -> list[tuple[str, datetime]]:
    """The service and the hour of those who are booked today and have not come."""
    rows = db.all(
        "SELECT a.service_id, a.starts_at FROM occurrence AS o"
        " JOIN appointment AS a ON a.occurrence_id = o.id"
        " JOIN service AS s ON s.id = a.service_id"
        " WHERE o.site_id = :site_id AND o.day = :day AND s.organisation_id = :organisation_id"
        " AND a.state = 'booked' AND a.starts_at > :since AND NOT EXISTS"
        " (SELECT 1 FROM queue_entry AS e WHERE e.appointment_id = a.id AND e.state <> 'undone')",
        since=to_text(at - LATE_AT_MOST - timedelta(minutes=1)),
        **where,
    )
    return [(row["service_id"], from_text(row["starts_at"])) for row in rows]
