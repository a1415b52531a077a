"""Closing time: whoever still waits when nobody receives them any more is shown, and not
forgotten overnight."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accueil.house.sites import Site
from accueil.reception.day import Presence, Reception
from accueil.reception.queue import Entry
from accueil.store.db import Db
from accueil.store.instants import to_text


@dataclass(frozen=True, slots=True)
class Stranded:
    """Somebody who waits, and the turn that nobody will call: its service received until
    `ended_at`, or not at all today."""

    presence: Presence
    turn: Entry
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeftWaiting:
    """How many people still waited when a day ended."""

    day: date
    number: int


def stranded(
    receptions: Iterable[Reception], presences: Iterable[Presence], at: datetime
) -> list[Stranded]:
    """Who waits, and only with services that receive no more today: the first to come first."""
    over = {line.service.id: _ended_at(line) for line in receptions if is_over(line, at)}
    found = []
    for presence in presences:
        coming = [turn for turn in presence.turns if turn.state in ("waiting", "called", "serving")]
        if coming and all(each.state == "waiting" and each.service_id in over for each in coming):
            found.append(Stranded(presence, coming[0], over[coming[0].service_id]))
    return sorted(found, key=lambda each: each.presence.visit.arrived_at)


def is_over(line: Reception, at: datetime) -> bool:
    """Whether a service receives nobody any more today. A desk without hours of its own stays."""
    if line.service.reception and not line.occurrences:
        return False
    return all(occurrence.ends_at <= at for occurrence in line.occurrences)


def has_closed(receptions: Iterable[Reception], at: datetime) -> bool:
    """Whether the shared desk has received today, and does so no more."""
    desks = [line for line in receptions if line.service.reception and line.occurrences]
    return bool(desks) and all(is_over(line, at) for line in desks)


def left_waiting(db: Db, place: Site, at: datetime) -> LeftWaiting | None:
    """Of the last day when anybody came, how many people the night found waiting; None when there
    were none."""
    row = db.one(
        "SELECT max(day) AS day FROM visit WHERE site_id = :site_id AND day < :today",
        site_id=place.id,
        today=place.day(at).isoformat(),
    )
    if row is None or row["day"] is None:
        return None
    day = date.fromisoformat(row["day"])
    number = ended_by_night(db, place, day)
    return LeftWaiting(day, number) if number else None


def ended_by_night(db: Db, place: Site, day: date) -> int:
    """How many visits of a day were closed, once it was over, as having waited for nobody."""
    [row] = db.all(
        "SELECT count(*) AS number FROM visit WHERE site_id = :site_id AND day = :day"
        " AND outcome = 'unmet' AND missing = 'wait' AND closed_at >= :midnight",
        site_id=place.id,
        day=day.isoformat(),
        midnight=to_text(place.instant(day + timedelta(days=1), time())),
    )
    return int(row["number"])


def _ended_at(line: Reception) -> datetime | None:
    ends: Sequence[datetime] = [occurrence.ends_at for occurrence in line.occurrences]
    return max(ends, default=None)
