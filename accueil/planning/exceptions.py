"""Exceptions: what one date, or the dates of a period, have of their own.

Each verb changes occurrences that have not ended, in the caller's transaction; `changes` is
what carries it out once it is known who is affected. An exception is a row that its rule no
longer decides: what was cancelled never comes back, what was moved stays where it was put.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from accueil.house.sites import Site, Unknown, every_site
from accueil.planning import hours
from accueil.planning.drawn_ids import new_occurrence_id
from accueil.planning.occurrence_rows import insert, shift_slots, write
from accueil.planning.recurrence import days
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text


class BadDate(ValueError):
    """A date or an hour that cannot be used: "past", "end-after-start", "skipped-hour" (by a
    clock change) or "taken" (the permanence is held then already)."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def cancel(db: Db, occurrence_ids: Iterable[str], at: datetime) -> None:
    """Hold these occurrences no more."""
    for row in _changeable(db, occurrence_ids, at):
        write(db, row, at, status="cancelled", exception="changed")


def withdraw(db: Db, occurrence_ids: Iterable[str], at: datetime) -> None:
    """Hold these occurrences no more until their rule gives them again, as it gives them then;
    for good, those that no rule gives."""
    for row in _changeable(db, occurrence_ids, at):
        of_rule = row["exception"] == "changed" and row["original_start"].startswith(row["day"])
        if of_rule:
            write(db, row, at, status="cancelled", exception="")
        else:
            cancel(db, [row["id"]], at)


def restore(db: Db, occurrence_id: str, at: datetime) -> None:
    """Hold a cancelled occurrence after all, as it was; or for everybody, one that was kept for
    who had booked. Raises `RoomTaken`."""
    [row] = _changeable(db, [occurrence_id], at, status=None)
    if row["status"] == "scheduled" and row["exception"] != "kept":
        raise Unknown(occurrence_id)
    exception = "changed" if _is_given(db, row) else "added"
    hours_of_rule = _hours_of_rule(db, row, at) if row["exception"] == "kept" else {}
    write(db, row, at, status="scheduled", exception=exception, **hours_of_rule)


def reschedule(db: Db, occurrence_id: str, day: date, start: time, end: time, at: datetime) -> None:
    """Move, shorten or lengthen one occurrence, in wall-clock of its site.

    On the same day, the slots keep to their grid; on another day or wholly apart, the grid and
    whoever is booked move with the occurrence. Raises `BadDate` or `RoomTaken`.
    """
    [row] = _changeable(db, [occurrence_id], at)
    place = _place(db, row)
    begin, finish = _instants(place, day, start, end, at)
    before, after = from_text(row["starts_at"]), from_text(row["ends_at"])
    _refuse_double(db, row["permanence_id"], begin, finish, row["id"])
    if begin < after and finish > before:
        write(
            db,
            row,
            at,
            exception=_by_hand(row),
            starts_at=to_text(begin),
            ends_at=to_text(finish),
        )
        return
    shift = begin - before
    breaks = hours.shifted(row["breaks"], place, place.day(before), shift)
    shift_slots(db, row["id"], shift)
    write(
        db,
        row,
        at,
        exception=_by_hand(row),
        day=day.isoformat(),
        starts_at=to_text(begin),
        ends_at=to_text(finish),
        grid_at=to_text(from_text(row["grid_at"]) + shift),
        breaks=breaks,
    )


def put_in_room(db: Db, occurrence_ids: Iterable[str], room_id: str | None, at: datetime) -> None:
    """Hold these occurrences in that room. Raises `RoomTaken`."""
    for row in _changeable(db, occurrence_ids, at):
        write(db, row, at, room_id=room_id, exception=_by_hand(row))


def put_host(db: Db, occurrence_ids: Iterable[str], host_id: str | None, at: datetime) -> None:
    """Have somebody else receive on these dates."""
    for row in _changeable(db, occurrence_ids, at):
        write(db, row, at, host_id=host_id, exception=_by_hand(row))


def be_absent(
    db: Db, occurrence_ids: Iterable[str], start: datetime, end: datetime, at: datetime
) -> None:
    """Nobody receives between two instants: what is covered is cancelled, cut short, or
    interrupted. A collective session is not interrupted: it is cancelled."""
    for row in _changeable(db, occurrence_ids, at):
        first, last = from_text(row["starts_at"]), from_text(row["ends_at"])
        if not (first < end and last > start):
            continue
        if (start <= first and end >= last) or _is_session_cut(db, row, start, end):
            cancel(db, [row["id"]], at)
        elif start <= first:
            write(db, row, at, starts_at=to_text(end), exception=_by_hand(row))
        elif end >= last:
            write(db, row, at, ends_at=to_text(start), exception=_by_hand(row))
        else:
            breaks = _with_break(db, row, start, end)
            write(db, row, at, breaks=breaks, exception=_by_hand(row))


def _is_session_cut(db: Db, row: Row, start: datetime, end: datetime) -> bool:
    mode = db.all("SELECT mode FROM permanence WHERE id = :id", id=row["permanence_id"])[0]["mode"]
    inside = from_text(row["starts_at"]) < start and end < from_text(row["ends_at"])
    return inside and bool(mode == "collective")


def add(
    db: Db,
    permanence_id: str,
    day: date,
    start: time,
    end: time,
    room_id: str | None,
    at: datetime,
) -> str:
    """Hold a permanence on one more date; the occurrence's id. Raises `BadDate`, `RoomTaken`."""
    permanence = db.one("SELECT * FROM permanence WHERE id = :id AND retired = 0", id=permanence_id)
    if permanence is None:
        raise Unknown(permanence_id)
    place = next(each for each in every_site(db) if each.id == permanence["site_id"])
    begin, finish = _instants(place, day, start, end, at)
    _refuse_double(db, permanence_id, begin, finish)
    original_start = datetime.combine(day, start).isoformat(timespec="minutes")
    row: Row = {
        "id": new_occurrence_id(db, permanence_id, original_start),
        "permanence_id": permanence_id,
        "original_start": original_start,
        "site_id": place.id,
        "room_id": room_id,
        "host_id": permanence["host_id"],
        "day": day.isoformat(),
        "starts_at": to_text(begin),
        "ends_at": to_text(finish),
        "grid_at": to_text(begin),
        "breaks": permanence["breaks"],
    }
    known = db.one(
        "SELECT * FROM occurrence WHERE permanence_id = :id AND original_start = :start",
        id=permanence_id,
        start=original_start,
    )
    if known is None:
        insert(db, row, at)
        return str(row["id"])
    if known["status"] == "scheduled":
        raise BadDate("taken")
    again = {name: row[name] for name in ("room_id", "day", "starts_at", "ends_at", "grid_at")}
    write(db, known, at, status="scheduled", exception="added", **again)
    return str(known["id"])


def keep(db: Db, occurrence_id: str, spans: list[tuple[datetime, datetime]], at: datetime) -> None:
    """Hold an occurrence for those who had booked these spans, and for nobody else.

    One that is no longer held lasts as long as they do; one cut short is interrupted for
    everybody else.
    """
    row = db.all("SELECT * FROM occurrence WHERE id = :id", id=occurrence_id)[0]
    first = min(start for start, _ in spans)
    last = max(end for _, end in spans)
    changes: Row = {"exception": "kept", "status": "scheduled"}
    if row["status"] == "scheduled":
        start, end = from_text(row["starts_at"]), from_text(row["ends_at"])
        if row["exception"] != "kept":
            changes = {"exception": _by_hand(row), "breaks": row["breaks"]}
            for begin, finish in ((first, start), (end, last)):
                if begin < finish:
                    changes["breaks"] = _with_break(db, {**row, **changes}, begin, finish)
        first, last = min(first, start), max(last, end)
    write(db, row, at, starts_at=to_text(first), ends_at=to_text(last), **changes)


def ahead_of(
    db: Db, permanence_ids: Iterable[str], start: datetime, end: datetime, at: datetime
) -> list[str]:
    """The scheduled occurrences of these permanences that touch a period and have not begun."""
    found = []
    for permanence_id in permanence_ids:
        found += db.all(
            "SELECT id FROM occurrence WHERE permanence_id = :id AND status = 'scheduled'"
            " AND starts_at > :now AND starts_at < :end AND ends_at > :start ORDER BY starts_at",
            id=permanence_id,
            start=to_text(start),
            end=to_text(end),
            now=to_text(at),
        )
    return [row["id"] for row in found]


def _changeable(
    db: Db, occurrence_ids: Iterable[str], at: datetime, status: str | None = "scheduled"
) -> list[Row]:
    """The rows to change, in this status; `BadDate` when one has begun: the past never changes."""
    rows = []
    for occurrence_id in occurrence_ids:
        row = db.one("SELECT * FROM occurrence WHERE id = :id", id=occurrence_id)
        if row is None or row["status"] != (status or row["status"]):
            raise Unknown(occurrence_id)
        if row["starts_at"] <= to_text(at):
            raise BadDate("past")
        rows.append(row)
    return rows


def _instants(
    place: Site, day: date, start: time, end: time, at: datetime
) -> tuple[datetime, datetime]:
    if start >= end:
        raise BadDate("end-after-start")
    if hours.skipped(place, day, start) or hours.skipped(place, day, end):
        raise BadDate("skipped-hour")
    begin, finish = place.instant(day, start), place.instant(day, end)
    if begin <= at:
        raise BadDate("past")
    return begin.astimezone(UTC), finish.astimezone(UTC)


def _by_hand(row: Row) -> str:
    """What is said of a row that is changed by hand: how it came to be there, if that was so."""
    return str(row["exception"] or "changed")


def _refuse_double(
    db: Db, permanence_id: str, begin: datetime, finish: datetime, but: str = ""
) -> None:
    """`BadDate` when the permanence is held then already."""
    held = db.one(
        "SELECT 1 AS yes FROM occurrence WHERE permanence_id = :id AND status = 'scheduled'"
        " AND starts_at < :finish AND ends_at > :begin AND id <> :but",
        id=permanence_id,
        begin=to_text(begin),
        finish=to_text(finish),
        but=but,
    )
    if held:
        raise BadDate("taken")


def _is_given(db: Db, row: Row) -> bool:
    """Whether the rule gives the day that a row is named after."""
    rule = db.all("SELECT * FROM permanence WHERE id = :id", id=row["permanence_id"])[0]
    day = row["original_start"][:10]
    if rule["retired"] or not rule["first_day"] <= day <= (rule["last_day"] or day):
        return False
    on_day = date.fromisoformat(day)
    return any(days(rule["rrule"], date.fromisoformat(rule["first_day"]), on_day, on_day))


def _hours_of_rule(db: Db, row: Row, at: datetime) -> Row:
    """The hours that the rule gives to a row, if it still does and they are to come."""
    times = db.all("SELECT times FROM permanence WHERE id = :id", id=row["permanence_id"])[0]
    day, _, clock = row["original_start"].partition("T")
    for start, end in hours.from_text(times["times"]):
        begin, finish = (
            _place(db, row).instant(date.fromisoformat(day), each) for each in (start, end)
        )
        if start.isoformat(timespec="minutes") == clock and begin > at and day == row["day"]:
            return {"starts_at": to_text(begin), "ends_at": to_text(finish)}
    return {}


def _with_break(db: Db, row: Row, start: datetime, end: datetime) -> str:
    """The breaks of an occurrence with one more, in wall-clock of its site."""
    place = _place(db, row)
    begin, finish = (place.wall_clock(each).strftime("%H:%M") for each in (start, end))
    return " ".join(sorted({*row["breaks"].split(), f"{begin}-{finish}"}))


def _place(db: Db, row: Row) -> Site:
    return next(each for each in every_site(db) if each.id == row["site_id"])
