"""The numbers of a day: how many came, and what they left with. Nobody is in them.

Every visit of the day counts once, in one of `here`, `received`, `oriented`, `unmet`, `left`;
an arrival that was taken back counts nowhere.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import median

from accueil.house.sites import Site
from accueil.reception import closing, waits
from accueil.reception.unmet import Missing
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text

ORIENTED = ("appointment", "relay", "address")
# How long so few people waited would say how long one of them did.
LEAST_WAITS = 3
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Waits:
    """Of the turns that were called: how many, the minutes of most (half waited less), and of
    whoever waited longest."""

    number: int
    usual: int
    most: int


@dataclass(frozen=True, slots=True)
class Tally:
    """`oriented`: those whom nobody received here and who left with an answer, by what it was.
    `unmet`: without one, by what was missing. `left`: before anybody received them. `overnight`:
    of the unmet, those whom the night found waiting. `missed`: appointments to which nobody came;
    `absent`: calls to which nobody came. `waits` is None when too few people waited; of the waits
    that were `told`, and that are over, so many were `kept`."""

    came: int
    here: int
    received: int
    oriented: Mapping[str, int]
    unmet: Mapping[Missing | None, int]
    left: int
    overnight: int
    missed: int
    absent: int
    waits: Waits | None
    told: int
    kept: int


def tally(db: Db, place: Site, day: date, at: datetime) -> Tally:
    """The numbers of a day at a site, as far as it has gone at `at`."""
    ends: Counter[str] = Counter()
    oriented: Counter[str] = Counter()
    unmet: Counter[Missing | None] = Counter()
    for row in _visits(db, place, day):
        end, number = _end(row["outcome"], bool(row["met"])), row["number"]
        ends[end] += number
        if end == "oriented":
            oriented[row["outcome"]] += number
        elif end == "unmet":
            unmet[row["missing"]] += number
    told = [
        each for each in waits.told(db, place, place.instant(day, NOON)) if each.came is not None
    ]
    return Tally(
        came=ends.total(),
        here=ends["here"],
        received=ends["received"],
        oriented={each: oriented[each] for each in ORIENTED},
        unmet=dict(unmet.most_common()),
        left=ends["left"],
        overnight=closing.ended_by_night(db, place, day),
        missed=_missed(db, place, day, at),
        absent=_absent(db, place, day),
        waits=_waits(db, place, day),
        told=len(told),
        kept=sum(each.kept for each in told),
    )


def _end(outcome: str | None, met: bool) -> str:
    """Which of the numbers a visit counts in; `met`: somebody called it, and received it."""
    if outcome is None:
        return "here"
    if outcome in ORIENTED:
        return "oriented"
    return "received" if outcome == "left" and met else outcome


def _visits(db: Db, place: Site, day: date) -> list[Row]:
    return db.all(
        "SELECT outcome, missing, met, count(*) AS number FROM (SELECT v.outcome, v.missing,"
        " EXISTS (SELECT 1 FROM queue_entry AS e WHERE e.visit_id = v.id"
        " AND e.state IN ('serving', 'done') AND e.called_at IS NOT NULL) AS met"
        " FROM visit AS v WHERE v.site_id = :site_id AND v.day = :day"
        " AND (v.outcome IS NULL OR v.outcome <> 'mistake')) AS ended"
        " GROUP BY outcome, missing, met",
        site_id=place.id,
        day=day.isoformat(),
    )


def _missed(db: Db, place: Site, day: date, at: datetime) -> int:
    [row] = db.all(
        "SELECT count(*) AS number FROM appointment AS a JOIN occurrence AS o"
        " ON o.id = a.occurrence_id WHERE o.site_id = :site_id AND o.day = :day"
        " AND a.state = 'booked' AND o.ends_at <= :now AND NOT EXISTS (SELECT 1"
        " FROM queue_entry AS e WHERE e.appointment_id = a.id AND e.state <> 'undone')",
        site_id=place.id,
        day=day.isoformat(),
        now=to_text(at),
    )
    return int(row["number"])


def _absent(db: Db, place: Site, day: date) -> int:
    [row] = db.all(
        "SELECT count(*) AS number FROM queue_entry"
        " WHERE site_id = :site_id AND day = :day AND state = 'absent'",
        site_id=place.id,
        day=day.isoformat(),
    )
    return int(row["number"])


def _waits(db: Db, place: Site, day: date) -> Waits | None:
    rows = db.all(
        "SELECT e.queued_at, e.due_at, min(c.called_at) AS called_at FROM queue_entry AS e"
        " JOIN call AS c ON c.entry_id = e.id AND c.withdrawn = 0 AND c.called_at >= e.queued_at"
        " WHERE e.site_id = :site_id AND e.day = :day GROUP BY e.id, e.queued_at, e.due_at",
        site_id=place.id,
        day=day.isoformat(),
    )
    minutes = [_minutes(row["queued_at"], row["due_at"], row["called_at"]) for row in rows]
    if len(minutes) < LEAST_WAITS:
        return None
    return Waits(len(minutes), int(median(minutes)), int(max(minutes)))


def _minutes(queued_at: str, due_at: str | None, called_at: str) -> float:
    """From when the person was in line: their arrival, or the hour that they were early for."""
    since = max(from_text(queued_at), from_text(due_at or queued_at))
    return max((from_text(called_at) - since).total_seconds() / 60, 0.0)
