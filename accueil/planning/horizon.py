"""Occurrences made ahead: thirteen months of rows from the permanences' rules, topped up.

One that has begun never changes, and one that was cancelled never comes back: the pair
(permanence, original start) names it for good.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from accueil.house.sites import Site, sites
from accueil.planning.closures import closed_days
from accueil.planning.recurrence import days
from accueil.store.db import Db, Row
from accueil.store.errors import Refused
from accueil.store.ids import new_id
from accueil.store.instants import to_text

AHEAD = timedelta(days=396)


class RoomTaken(ValueError):
    """Two permanences would be in one room at one time; `str` names room, time and other."""


def top_up(db: Db, at: datetime) -> int:
    """Make the occurrences that are missing in the thirteen months after `at`; how many.

    Raises `RoomTaken` and changes nothing when two permanences would share a room.
    """
    made = 0
    with db.transaction():
        for place in sites(db):
            made += _top_up_site(db, place, at)
    return made


def withdraw_ahead(db: Db, at: datetime) -> None:
    """Remove the scheduled occurrences that have not begun, in the caller's transaction.

    What a changed rule no longer gives goes with them; `top_up` then makes what it does give.
    """
    db.run(
        "DELETE FROM occurrence WHERE status = 'scheduled' AND starts_at > :now", now=to_text(at)
    )


def _top_up_site(db: Db, place: Site, at: datetime) -> int:
    today = place.day(at)
    end = today + AHEAD
    closed = closed_days(db, today, end)
    made = 0
    for permanence in db.all(
        "SELECT * FROM permanence WHERE site_id = :site_id AND retired = 0 ORDER BY id",
        site_id=place.id,
    ):
        known = db.all(
            "SELECT original_start, day, starts_at, ends_at FROM occurrence"
            " WHERE permanence_id = :id AND day >= :today",
            id=permanence["id"],
            today=today.isoformat(),
        )
        kept: dict[str, list[Row]] = defaultdict(list)
        for row in known:
            kept[row["day"]].append(row)
        first = date.fromisoformat(permanence["first_day"])
        for day in days(permanence["rrule"], first, max(first, today), end):
            if day not in closed:
                made += _make_day(db, place, permanence, day, kept[day.isoformat()], at)
    return made


def _make_day(
    db: Db, place: Site, permanence: Row, day: date, kept: list[Row], at: datetime
) -> int:
    """Make the occurrences of one day beside those `kept`, which changed hours leave as they are:
    what has begun, or was cancelled."""
    made = 0
    for start, end in times_from_text(permanence["times"]):
        original_start = datetime.combine(day, start).isoformat(timespec="minutes")
        row: Row = {
            "id": new_id(),
            "permanence_id": permanence["id"],
            "original_start": original_start,
            "site_id": place.id,
            "room_id": permanence["room_id"],
            "day": day.isoformat(),
            "starts_at": to_text(place.instant(day, start)),
            "ends_at": to_text(place.instant(day, end)),
        }
        if _is_settled(row, kept, at):
            continue
        try:
            db.run(
                "INSERT INTO occurrence (id, permanence_id, original_start, site_id, room_id,"
                " day, starts_at, ends_at, status) VALUES (:id, :permanence_id,"
                " :original_start, :site_id, :room_id, :day, :starts_at, :ends_at, 'scheduled')",
                **row,
            )
        except Refused as refusal:
            raise RoomTaken(_clash(db, row)) from refusal
        made += 1
    return made


def _is_settled(row: Row, kept: list[Row], at: datetime) -> bool:
    begun = row["starts_at"] <= to_text(at)
    return any(
        begun
        or row["original_start"] == other["original_start"]
        or (row["starts_at"] < other["ends_at"] and row["ends_at"] > other["starts_at"])
        for other in kept
    )


def _clash(db: Db, row: Row) -> str:
    other = db.one(
        "SELECT p.id, p.said, r.name AS room FROM occurrence AS o"
        " JOIN permanence AS p ON p.id = o.permanence_id JOIN room AS r ON r.id = o.room_id"
        " WHERE o.room_id = :room_id AND o.day = :day AND o.status = 'scheduled'"
        " AND o.starts_at < :ends_at AND o.ends_at > :starts_at",
        **{key: row[key] for key in ("room_id", "day", "starts_at", "ends_at")},
    )
    if other is None:
        return f"permanence {row['permanence_id']}: {row['original_start']} could not be kept"
    return (
        f"permanence {row['permanence_id']}: expected a free room on {row['original_start']},"
        f" but {other['room']} is taken by {other['id']} ({other['said']})"
    )


def times_to_text(times: tuple[tuple[str, str], ...]) -> str:
    """Wall-clock pairs as they are kept: "09:00-10:30 13:30-17:30"."""
    return " ".join(f"{start}-{end}" for start, end in times)


def times_from_text(text: str) -> list[tuple[time, time]]:
    """The wall-clock pairs of `times_to_text`."""
    pairs = (pair.split("-") for pair in text.split())
    return [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs]
