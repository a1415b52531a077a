"""The grid of an occurrence: the slots it has, brought in line with its hours.

The grid is anchored on the occurrence's own hour: what is cut off, absent or booked never
shifts it. The slots of a collective session are the session: they take its hours.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from accueil.house.sites import Site, every_site
from accueil.planning import hours
from accueil.planning.drawn_ids import drawn_id
from accueil.planning.permanences import BOOKED_MODES
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text

Cell = tuple[str, str, int, int]  # start, end, place, kept


def grid(
    starts_at: datetime,
    ends_at: datetime,
    grid_at: datetime,
    minutes: int,
    breaks: Iterable[tuple[datetime, datetime]] = (),
) -> list[tuple[datetime, datetime]]:
    """The whole slots of `minutes` between two instants, on the grid anchored at `grid_at`.

    Those that a break touches are left out; the others do not move.
    """
    step = timedelta(minutes=minutes)
    start = grid_at + step * -((grid_at - starts_at) // step)
    found, closed = [], list(breaks)
    while start + step <= ends_at:
        end = start + step
        if start >= starts_at and not any(start < stop and end > begin for begin, stop in closed):
            found.append((start, end))
        start = end
    return found


def regrid(db: Db, permanence: Row, occurrences: Iterable[Row]) -> None:
    """Bring the slots of a permanence's occurrences in line, in the caller's transaction."""
    wanted = list(occurrences)
    places = {each.id: each for each in every_site(db)}
    present = _slots_of(db, permanence["id"], wanted)
    fresh: list[Row] = []
    for occurrence in wanted:
        frame = _frame(permanence, occurrence, places[occurrence["site_id"]])
        fresh += _settle(db, occurrence, frame, present[occurrence["id"]])
    db.many(
        "INSERT INTO slot (id, occurrence_id, starts_at, ends_at, place, kept, open)"
        " VALUES (:id, :occurrence_id, :starts_at, :ends_at, :place, :kept, 1)",
        fresh,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What an occurrence offers now: its hours without its breaks, its places, its cells, and
    whether each of them is a `session` from its beginning to its end."""

    start: str
    end: str
    breaks: tuple[tuple[str, str], ...]
    places: int
    cells: tuple[Cell, ...]
    session: bool

    def holds(self, row: Row) -> bool:
        """Whether a slot that is booked is still within them."""
        return (
            self.start <= row["starts_at"]
            and row["ends_at"] <= self.end
            and row["place"] <= self.places
            and not any(row["starts_at"] < end and row["ends_at"] > at for at, end in self.breaks)
        )


_NOTHING = _Frame("9", "", (), 0, (), False)


def _frame(permanence: Row, occurrence: Row, place: Site) -> _Frame:
    if occurrence["status"] != "scheduled" or occurrence["exception"] == "kept":
        return _NOTHING
    start, end = from_text(occurrence["starts_at"]), from_text(occurrence["ends_at"])
    session = permanence["mode"] == "collective" and permanence["places"] > 1
    breaks = []
    if session:
        starts = [(start, end)]
    elif permanence["mode"] in BOOKED_MODES and permanence["slot_minutes"]:
        anchor = from_text(occurrence["grid_at"])
        breaks = hours.on_day(occurrence["breaks"], place, place.day(start))
        starts = grid(start, end, anchor, permanence["slot_minutes"], breaks)
    else:
        return _NOTHING
    places = range(1, permanence["places"] + 1)
    cells = [(to_text(begin), to_text(stop), n) for begin, stop in starts for n in places]
    return _Frame(
        occurrence["starts_at"],
        occurrence["ends_at"],
        tuple((to_text(begin), to_text(stop)) for begin, stop in breaks),
        permanence["places"],
        tuple((*cell, int(n < permanence["kept"])) for n, cell in enumerate(cells)),
        session,
    )


def _slots_of(db: Db, permanence_id: str, occurrences: list[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    if not occurrences:
        return found
    one = len(occurrences) == 1
    rows = db.all(
        "SELECT s.*, b.appointment_id FROM slot AS s"
        " JOIN occurrence AS o ON o.id = s.occurrence_id"
        " LEFT JOIN booking AS b ON b.slot_id = s.id"
        + (" WHERE o.id = :id" if one else " WHERE o.permanence_id = :id AND o.ends_at > :since"),
        id=occurrences[0]["id"] if one else permanence_id,
        since=min(row["starts_at"] for row in occurrences),
    )
    for row in rows:
        found[row["occurrence_id"]].append(row)
    return found


def _settle(db: Db, occurrence: Row, frame: _Frame, present: list[Row]) -> list[Row]:
    """Drop what is free and no longer wanted, mark what is booked; the slots to be made."""
    if frame.session:
        _follow(db, frame, present)
    wanted = {(start, place): (end, kept) for start, end, place, kept in frame.cells}
    booked = [row for row in present if row["appointment_id"]]
    staying = set()
    for row in present:
        end, kept = wanted.get((row["starts_at"], row["place"]), ("", row["kept"]))
        if row["appointment_id"]:
            _mark(db, row, is_open=frame.holds(row), kept=kept)
        elif end == row["ends_at"] and not _is_taken(row, booked):
            _mark(db, row, is_open=True, kept=kept)
        else:
            db.run("DELETE FROM slot WHERE id = :id", id=row["id"])
            continue
        staying.add(row["id"])
        wanted.pop((row["starts_at"], row["place"]), None)
    cells = [
        {"starts_at": start, "ends_at": end, "place": place, "kept": kept}
        for (start, place), (end, kept) in wanted.items()
    ]
    return [
        {
            "id": drawn_id(
                staying.__contains__, occurrence["id"], cell["starts_at"], cell["place"]
            ),
            "occurrence_id": occurrence["id"],
            **cell,
        }
        for cell in cells
        if not _is_taken(cell, booked)
    ]


def _follow(db: Db, frame: _Frame, present: list[Row]) -> None:
    """The slots of a session that people booked take its new hours; the others are made anew."""
    if len({(row["starts_at"], row["ends_at"]) for row in present}) != 1:
        return
    for row in present:
        if row["appointment_id"] and (row["starts_at"], row["ends_at"]) != (frame.start, frame.end):
            row |= {"starts_at": frame.start, "ends_at": frame.end}
            db.run(
                "UPDATE slot SET starts_at = :starts_at, ends_at = :ends_at WHERE id = :id",
                **{name: row[name] for name in ("id", "starts_at", "ends_at")},
            )


def _is_taken(cell: Row, booked: list[Row]) -> bool:
    """Whether somebody has booked this place at that time."""
    return any(
        row["place"] == cell["place"]
        and row["starts_at"] < cell["ends_at"]
        and row["ends_at"] > cell["starts_at"]
        for row in booked
    )


def _mark(db: Db, row: Row, *, is_open: bool, kept: int) -> None:
    if (row["open"], row["kept"]) != (is_open, kept):
        db.run(
            "UPDATE slot SET open = :open, kept = :kept WHERE id = :id",
            open=int(is_open),
            kept=kept,
            id=row["id"],
        )
