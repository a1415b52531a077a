"""Occurrences made ahead: thirteen months of rows that follow the permanences' rules.

`remake` brings the rows of one permanence in line with its rule. A row that has begun never
changes. The original start names a row for good: what was cancelled or changed by hand for a
date stays so when the hours of the rule change, and never comes back. What the rule no longer
gives is cancelled, not deleted: a calendar that follows the planning must hear of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

from accueil.house.sites import Site, every_site
from accueil.planning import grids, hours
from accueil.planning.closures import ClosedDays, closed_days
from accueil.planning.drawn_ids import new_occurrence_id
from accueil.planning.pairing import Day, Work, is_withdrawn, name, pair_day, was_made_roomless
from accueil.planning.recurrence import days
from accueil.planning.rooms import clash
from accueil.store.db import Db, Row
from accueil.store.errors import Refused
from accueil.store.instants import to_text

AHEAD = timedelta(days=396)


def top_up(db: Db, at: datetime) -> int:
    """Make the occurrences that are missing in the thirteen months after `at`; how many.

    One whose room is taken meanwhile is made without a room, for somebody to choose one.
    """
    made = 0
    with db.transaction():
        closed = _closed(db, at)
        for permanence in db.all("SELECT * FROM permanence WHERE retired = 0 ORDER BY id"):
            work = _compared(db, permanence, closed, at)
            _clear(db, work, at)
            _fill(db, permanence, work, at, strict=False)
            _give_rooms(db, work, at)
            made += len(work.insert)
    return made


def remake(db: Db, permanence_ids: Iterable[str], at: datetime) -> int:
    """Bring the rows ahead of `at` in line with the rules, in the caller's transaction; how
    many were made. Raises `RoomTaken` when two permanences would share a room.

    A row that has appointments may be withdrawn too: `changes` finds who is affected.
    """
    closed = _closed(db, at)
    found = [db.one("SELECT * FROM permanence WHERE id = :id", id=each) for each in permanence_ids]
    works = [(each, _compared(db, each, closed, at)) for each in found if each]
    for _, work in works:  # what one rule leaves, another may take in the same change
        _clear(db, work, at)
    for permanence, work in works:
        _fill(db, permanence, work, at, strict=True)
    for _, work in works:
        _give_rooms(db, work, at)
    return sum(len(work.insert) for _, work in works)


def _closed(db: Db, at: datetime) -> ClosedDays:
    return closed_days(db, at.date() - timedelta(days=1), at.date() + AHEAD + timedelta(days=1))


def _clear(db: Db, work: Work, at: datetime) -> None:
    """Give up the rooms and the names that other rows are going to take."""
    for row in work.withdraw:
        _set(db, row, {"status": "cancelled", "exception": ""}, at)
    for row, _ in work.update:
        db.run("UPDATE occurrence SET status = 'cancelled' WHERE id = :id", id=row["id"])
    for row, _ in (*work.rename, *work.update):
        db.run(
            "UPDATE occurrence SET original_start = :name WHERE id = :id",
            id=row["id"],
            name=f"{row['original_start']} {row['id']}",
        )


def _fill(db: Db, permanence: Row, work: Work, at: datetime, *, strict: bool) -> None:
    for row, want in work.rename:
        # Only its name: for calendars nothing has changed.
        db.run(
            "UPDATE occurrence SET original_start = :name WHERE id = :id",
            id=row["id"],
            name=want["original_start"],
        )
    for row, want in work.update:
        _place(db, permanence, row, want, at, strict)
    for want in work.insert:
        _insert(db, permanence, want, at, strict)
    ahead = db.all(
        "SELECT * FROM occurrence WHERE permanence_id = :id AND starts_at > :now",
        id=permanence["id"],
        now=to_text(at),
    )
    begun = [row for row in work.insert if row["starts_at"] <= to_text(at)]
    grids.regrid(db, permanence, [*ahead, *begun])


def _compared(db: Db, permanence: Row, closed: ClosedDays, at: datetime) -> Work:
    place = next(each for each in every_site(db) if each.id == permanence["site_id"])
    today = place.day(at)
    rows = db.all(
        "SELECT * FROM occurrence WHERE permanence_id = :id"
        " AND (day >= :today OR original_start >= :today) ORDER BY original_start",
        id=permanence["id"],
        today=today.isoformat(),
    )
    present: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        present[row["original_start"][:10]].append(row)
    wanted = {
        day.isoformat(): sorted(_wanted(permanence, place, day), key=name)
        for day in _days(permanence, today)
    }
    closed_on = frozenset(permanence["closed_on"].split())
    is_new = not (rows or permanence["follows"])
    work = Work([], [], [], [], [])
    for text in sorted({*present, *wanted}):
        is_closed = bool(closed.reason(date.fromisoformat(text), place.id, closed_on))
        day = Day(present[text], wanted.get(text, []), is_closed, is_new)
        given = text in wanted or text < today.isoformat()
        spare = pair_day(work, day, to_text(at))
        work.withdraw += [row for row in spare if is_withdrawn(row, given, permanence)]
    rooms = {row["room_id"] for row in rows if not row["exception"]}
    work.roomless = [pair for pair in work.update if was_made_roomless(*pair, rooms)]
    work.update = [pair for pair in work.update if pair not in work.roomless]
    return work


def _days(permanence: Row, today: date) -> Iterator[date]:
    if permanence["retired"]:
        return iter(())
    first = date.fromisoformat(permanence["first_day"])
    last = today + AHEAD
    if permanence["last_day"]:
        last = min(last, date.fromisoformat(permanence["last_day"]))
    return days(permanence["rrule"], first, max(first, today), last)


def _wanted(permanence: Row, place: Site, day: date) -> Iterator[Row]:
    for start, end in hours.from_text(permanence["times"]):
        starts_at, ends_at = to_text(place.instant(day, start)), to_text(place.instant(day, end))
        if starts_at >= ends_at:  # an hour that a clock change leaves out
            continue
        yield {
            "original_start": datetime.combine(day, start).isoformat(timespec="minutes"),
            "site_id": permanence["site_id"],
            "room_id": permanence["room_id"],
            "day": day.isoformat(),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "grid_at": starts_at,
            "host_id": permanence["host_id"],
            "breaks": permanence["breaks"],
        }


def _insert(db: Db, permanence: Row, want: Row, at: datetime, strict: bool) -> None:
    want |= {
        "id": new_occurrence_id(db, permanence["id"], name(want)),
        "permanence_id": permanence["id"],
        "status": "scheduled",
        "exception": "",
        "changed_at": to_text(at),
    }
    sql = (
        "INSERT INTO occurrence (id, permanence_id, original_start, site_id, room_id, day,"
        " starts_at, ends_at, status, exception, grid_at, host_id, breaks, sequence, changed_at)"
        " VALUES (:id, :permanence_id, :original_start, :site_id, :room_id, :day, :starts_at,"
        " :ends_at, :status, :exception, :grid_at, :host_id, :breaks, 0, :changed_at)"
    )
    try:
        db.run(sql, **want)
    except Refused as refusal:
        if strict:
            raise clash(db, permanence["id"], want) from refusal
        want["room_id"] = None
        db.run(sql, **want)


def _give_rooms(db: Db, work: Work, at: datetime) -> None:
    """Their rooms, to rows that were made without them, where they are free now."""
    for row, want in work.roomless:
        with suppress(Refused):
            _set(db, row, {"room_id": want["room_id"]}, at)


def _place(db: Db, permanence: Row, row: Row, want: Row, at: datetime, strict: bool) -> None:
    change = {**want, "status": "scheduled"}
    try:
        _set(db, row, change, at)
    except Refused as refusal:
        if strict:
            raise clash(db, permanence["id"], {**want, "id": row["id"]}) from refusal
        _set(db, row, {**change, "room_id": None}, at)


def _set(db: Db, row: Row, change: Row, at: datetime) -> None:
    """Write `change` into an occurrence, for calendars a new version of it."""
    columns = ", ".join(f"{column} = :{column}" for column in change)
    db.run(
        f"UPDATE occurrence SET {columns}, sequence = sequence + 1, changed_at = :changed_at"
        " WHERE id = :id",
        **change,
        id=row["id"],
        changed_at=to_text(at),
    )
