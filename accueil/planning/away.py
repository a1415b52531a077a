"""Absences brought in: what they would do to the dates of some permanences, before it is done.

absent from 9:00 to 10:00, and a date from 9:00 to 12:00: it would begin at 10:00
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from accueil.planning.exceptions import ahead_of
from accueil.planning.permanences import SELECT, Occurrence, from_row
from accueil.planning.plans import absent
from accueil.store.db import Db

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Touched:
    """A date as it is and as it would be: cancelled, shorter, or with one break more."""

    before: Occurrence
    after: Occurrence

    def how(self) -> Literal["cancelled", "shortened", "interrupted"]:
        if self.after.status != "scheduled":
            return "cancelled"
        hours = (self.before.starts_at, self.before.ends_at)
        return "interrupted" if hours == (self.after.starts_at, self.after.ends_at) else "shortened"


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in the fewest spans, in order, of whole minutes: an hour is shown by those."""
    found: list[Span] = []
    for start, end in sorted((_floor(start), _ceil(end)) for start, end in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def touching(
    db: Db, permanence_ids: Iterable[str], spans: Iterable[Span], at: datetime
) -> tuple[list[str], list[Span]]:
    """The dates that these spans touch and that have not begun, and the spans that touch some."""
    permanence_ids = list(permanence_ids)
    dates: dict[str, None] = {}
    useful = []
    for start, end in merged(spans):
        found = ahead_of(db, permanence_ids, start, end, at)
        if found:
            useful.append((start, end))
            dates |= dict.fromkeys(found)
    return list(dates), useful


def effects(
    db: Db, occurrence_ids: Sequence[str], spans: list[Span], at: datetime
) -> list[Touched]:
    """What being absent then would change, by hour. Does it, looks, and takes it back."""
    before = _dates(db, occurrence_ids)
    with db.rehearsal():
        absent(list(occurrence_ids), spans, at).act(db)
        after = _dates(db, occurrence_ids)
    found = [Touched(before[each], after[each]) for each in occurrence_ids]
    return sorted(found, key=lambda each: (each.before.starts_at, each.before.id))


def _floor(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _ceil(at: datetime) -> datetime:
    return _floor(at + timedelta(seconds=60, microseconds=-1))


def _dates(db: Db, occurrence_ids: Iterable[str]) -> dict[str, Occurrence]:
    rows = [db.one(f"{SELECT} WHERE o.id = :id", id=each) for each in occurrence_ids]
    return {row["id"]: from_row(row) for row in rows if row}
