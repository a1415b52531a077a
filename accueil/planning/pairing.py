"""The rows of one day, paired with what the rule of their permanence gives. Pure: rows in, what
is to be done to them out.

What was done by hand to a date is never undone here: a row that was cancelled by hand answers
to the rule's hour, so that nothing else is made in its place.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from accueil.store.db import Row

_MADE = ("original_start", "site_id", "room_id", "day", "starts_at", "ends_at", "grid_at",
         "host_id", "breaks")  # fmt: skip


@dataclass(slots=True)
class Work:
    """What is to be done to the rows of one permanence; `roomless` are those that were made
    without their room, because it was taken."""

    insert: list[Row]
    update: list[tuple[Row, Row]]
    rename: list[tuple[Row, Row]]
    roomless: list[tuple[Row, Row]]
    withdraw: list[Row]


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day and what the rule gives then, `wanted`, whether it is `closed` or not.
    `is_new` says that the permanence has no rows yet."""

    present: list[Row]
    wanted: list[Row]
    closed: bool
    is_new: bool


def pair_day(work: Work, day: Day, now: str) -> list[Row]:
    """Pair the rows of one day with what the rule gives: by name, then by hour, those that no
    rule had given last. The rows ahead that are left over.

    What has begun is paired too, and stays as it is. What is over is never made, what is under
    way only with the permanence itself.
    """
    rows = {name(row): row for row in day.present}
    wants = []
    for want in day.wanted:
        named = rows.pop(name(want), None)
        if named:
            _pair(work, named, want, day, now)
        else:
            wants.append(want)
    for exceptions in (("", "changed"), ("kept", "added")):
        spare = [row for row in rows.values() if row["exception"] in exceptions]
        for row, want in _nearest(spare, wants):
            _pair(work, rows.pop(name(row)), want, day, now)
            wants.remove(want)
    work.insert += [want for want in wants if _is_held(want, day, now)]
    return [row for row in rows.values() if not _has_begun(row, now)]


def _is_held(want: Row, day: Day, now: str) -> bool:
    return not day.closed and (want["ends_at"] if day.is_new else want["starts_at"]) > now


def _has_begun(row: Row, now: str) -> bool:
    """Whether a row is of the past; one that the rule had given up never was."""
    given_up = row["status"] != "scheduled" and not row["exception"]
    return bool(row["starts_at"] <= now and not given_up)


def _nearest(rows: list[Row], wants: list[Row]) -> list[tuple[Row, Row]]:
    """As many pairs as there can be, in order, their hours as near as they can be."""
    number = min(len(rows), len(wants))
    choices = (
        list(zip(some, others, strict=True))
        for some in combinations(rows, number)
        for others in combinations(wants, number)
    )
    return min(choices, key=lambda pairs: sum(_apart(*pair) for pair in pairs))


def _apart(row: Row, want: Row) -> float:
    start, other = (datetime.fromisoformat(name(each)) for each in (row, want))
    return abs((start - other).total_seconds())


def name(row: Row) -> str:
    return str(row["original_start"])


def _pair(work: Work, row: Row, want: Row, day: Day, now: str) -> None:
    if _has_begun(row, now):
        return
    if row["exception"]:
        if name(row) != name(want):
            work.rename.append((row, want))
    elif not _is_held(want, day, now):
        work.withdraw += [row] if row["status"] == "scheduled" else []
    elif row["status"] != "scheduled" or any(row[key] != want[key] for key in _MADE):
        work.update.append((row, want))


def is_withdrawn(row: Row, given: bool, permanence: Row) -> bool:
    """Whether a row that the rule no longer gives is held no more. What was added, and what was
    moved from a day of the rule, `given`, stays where it was put."""
    if row["status"] != "scheduled" or row["exception"] == "kept":
        return False
    elsewhere = row["day"] != name(row)[:10]
    return bool(permanence["retired"] or not (row["exception"] == "added" or (elsewhere and given)))


def was_made_roomless(row: Row, want: Row, rooms: set[str | None]) -> bool:
    """Whether a row is as it should be, but without the room that its permanence has."""
    return (
        row["room_id"] is None
        and row["status"] == "scheduled"
        and want["room_id"] in rooms
        and all(row[key] == want[key] for key in _MADE if key != "room_id")
    )
