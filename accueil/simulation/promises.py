"""What a day must have kept, looked for in its database once it is over; and its numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accueil.house.sites import Site
from accueil.reception import waits
from accueil.reception.line import MOST_PASSED
from accueil.reception.visits import OUTCOMES
from accueil.store.db import Db, Row
from accueil.store.instants import from_text


@dataclass(frozen=True, slots=True)
class Numbers:
    """A day in a few numbers; waits in minutes, each from the turn's beginning to its call."""

    visits: int
    outcomes: Mapping[str, int]
    turns: int
    longest: float
    mean: float
    told: int
    kept: int
    recalls: int
    absent: int
    came_back: int
    handed_on: int
    appointments: int
    late: int
    most_passed: int


def broken(db: Db, place: Site, at: datetime, shown: Mapping[int, tuple[int, int]]) -> list[str]:
    """What the day did not keep, in short English; [] when all is well. `shown` are the ranges
    that people read on their tickets, by number."""
    day = place.day(at).isoformat()
    return [
        *_visits(db, place.id, day),
        *_calls(db, place.id, day),
        *_passed(db, place.id, day),
        *_waits(db, place, at, shown),
    ]


def numbers(db: Db, place: Site, at: datetime) -> Numbers:
    """The numbers of the day of `at`."""
    day = place.day(at).isoformat()
    outcomes = Counter(
        row["outcome"] or "none"
        for row in db.all(
            "SELECT outcome FROM visit WHERE site_id = :site AND day = :day", site=place.id, day=day
        )
    )
    lengths = [
        (
            from_text(row["called"]) - from_text(max(row["queued_at"], row["due_at"] or ""))
        ).total_seconds()
        / 60
        for row in _turns(db, place.id, day)
        if row["called"]
    ]
    told = [each for each in waits.told(db, place, at) if each.came is not None]
    verbs = _verbs(db, place.id, day)
    turns = _turns(db, place.id, day)
    return Numbers(
        visits=outcomes.total(),
        outcomes=outcomes,
        turns=len(turns),
        longest=max(lengths, default=0.0),
        mean=sum(lengths) / max(len(lengths), 1),
        told=len(told),
        kept=sum(each.kept for each in told),
        recalls=verbs["recalled"],
        absent=verbs["absent"],
        came_back=verbs["came back"],
        handed_on=len(turns) - len({row["visit_id"] for row in turns}),
        appointments=sum(row["appointment_id"] is not None for row in turns),
        late=sum(row["appointment_id"] is not None and row["due_at"] is None for row in turns),
        most_passed=max((row["passed"] for row in turns), default=0),
    )


def _visits(db: Db, site_id: str, day: str) -> Iterable[str]:
    """Every visit has exactly one outcome, and nothing of it is to come."""
    for row in db.all(
        "SELECT number, outcome, (SELECT count(*) FROM queue_entry AS e WHERE e.visit_id = v.id"
        " AND e.state IN ('waiting', 'called', 'serving')) AS open FROM visit AS v"
        " WHERE site_id = :site_id AND day = :day",
        site_id=site_id,
        day=day,
    ):
        if row["outcome"] not in OUTCOMES:
            yield f"visit {row['number']} has no outcome"
        if row["open"]:
            yield f"visit {row['number']} ended with a turn to come"


def _calls(db: Db, site_id: str, day: str) -> Iterable[str]:
    """A number sounds once a turn, and once more for each recall and for each who came back."""
    for row in db.all(
        "SELECT v.number, (SELECT count(*) FROM call AS c JOIN queue_entry AS e"
        " ON e.id = c.entry_id WHERE e.visit_id = v.id AND c.withdrawn = 0) AS calls,"
        " (SELECT count(DISTINCT c.entry_id) FROM call AS c JOIN queue_entry AS e"
        " ON e.id = c.entry_id WHERE e.visit_id = v.id AND c.withdrawn = 0) AS turns,"
        " (SELECT count(*) FROM journal AS j WHERE j.visit_id = v.id"
        " AND j.verb IN ('recalled', 'came back')) AS again"
        " FROM visit AS v WHERE site_id = :site_id AND day = :day",
        site_id=site_id,
        day=day,
    ):
        if row["calls"] > row["turns"] + row["again"]:
            yield f"visit {row['number']} was called twice without a recall"


def _passed(db: Db, site_id: str, day: str) -> Iterable[str]:
    for row in _turns(db, site_id, day):
        if row["passed"] > MOST_PASSED:
            yield f"visit {row['number']} was passed {row['passed']} times"


def _waits(
    db: Db, place: Site, at: datetime, shown: Mapping[int, tuple[int, int]]
) -> Iterable[str]:
    """Every range that was read is kept, as it was read, beside the wait that came."""
    numbers = {row["id"]: row["number"] for row in _turns(db, place.id, place.day(at).isoformat())}
    kept = {
        (numbers[each.entry_id], each.range.low, each.range.high)
        for each in waits.told(db, place, at)
    }
    for number, (low, high) in shown.items():
        if (number, low, high) not in kept:
            yield f"visit {number} read {low} to {high} min, which was not kept"


def _turns(db: Db, site_id: str, day: str) -> list[Row]:
    return db.all(
        "SELECT e.id, e.visit_id, v.number, e.queued_at, e.due_at, e.appointment_id,"
        " (SELECT min(c.called_at) FROM call AS c WHERE c.entry_id = e.id AND c.withdrawn = 0)"
        " AS called, (SELECT count(*) FROM passing AS p JOIN call AS c ON c.id = p.call_id"
        " WHERE p.entry_id = e.id AND c.withdrawn = 0) AS passed"
        " FROM queue_entry AS e JOIN visit AS v ON v.id = e.visit_id"
        " WHERE e.site_id = :site_id AND e.day = :day AND e.state <> 'undone'",
        site_id=site_id,
        day=day,
    )


def _verbs(db: Db, site_id: str, day: str) -> Counter[str]:
    rows = db.all(
        "SELECT j.verb FROM journal AS j JOIN visit AS v ON v.id = j.visit_id"
        " WHERE v.site_id = :site_id AND v.day = :day",
        site_id=site_id,
        day=day,
    )
    return Counter(row["verb"] for row in rows)
