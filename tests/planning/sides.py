"""The two sides of any week: the planning, and the same on paper; and where they must agree."""

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant

from accueil.planning import booking, series, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.planning.changes import KEEP, Decision, Planned, carry_out, impact
from accueil.planning.exceptions import BadDate
from accueil.planning.rooms import RoomTaken
from accueil.planning.series import Permanence
from accueil.planning.slots import DESK
from accueil.planning.undoing import UNDO_WITHIN, undoable
from accueil.store.codes import new_code
from accueil.store.db import Store
from accueil.store.instants import from_text, to_text
from tests.personae import KEY
from tests.planning.little import AIDE, ATELIER, AUTRE, FIRST, PETIT, WEEK, ZONE, furnish
from tests.planning.naive import Cell, Key, Paper, Rule

DAY = timedelta(days=1)
LAST = FIRST + 2 * WEEK + 6 * DAY
SUNDAY = datetime(2026, 11, 29, 18)
BY = "nadia"
RULES = {
    "aide": Rule(0, 9 * 60, 12 * 60, 60, 1, PETIT, FIRST, LAST),
    "encore": Rule(2, 9 * 60, 12 * 60, 90, 2, PETIT, FIRST, LAST),
    "atelier": Rule(0, 10 * 60, 12 * 60, 30, 3, AUTRE, FIRST, LAST, collective=True),
}


def weekly(permanence: str, wanted: Rule) -> Permanence:
    return Permanence(
        id=permanence,
        service_id=ATELIER if wanted.collective else AIDE,
        site_id="maison",
        room_id=wanted.room,
        mode="collective" if wanted.collective else "appointment",
        rrule=f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR')[wanted.weekday]}",
        first_day=wanted.first_day(),
        last_day=wanted.last,
        times=((clock(wanted.start), clock(wanted.end)),),
        slot_minutes=wanted.slot,
        places=wanted.places,
    )


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def on_the_wall(text: str) -> datetime:
    return from_text(text).astimezone(ZONE).replace(tzinfo=None)


def prepared(file: Path) -> None:
    """The little house with three permanences of three weeks, on a Sunday evening."""
    store = Store(file, KEY)
    with store.connection() as db:
        furnish(db)
        with db.transaction():
            for name, wanted in RULES.items():
                series.create(db, weekly(name, wanted), SUNDAY.replace(tzinfo=ZONE))
    store.close()


class Sides(RuleBasedStateMachine):
    """`ready` is a file with the permanences; each week happens in a copy of it. `steps` counts
    what is done, in all weeks."""

    def __init__(self, ready: Path, copy: Path, steps: Iterator[int]) -> None:
        super().__init__()
        self.steps = steps
        self.file = Path(shutil.copy(ready, copy))
        self.store = Store(self.file, KEY)
        self.db = self.store.take()
        self.db.run("PRAGMA synchronous = OFF")  # nobody pulls the plug here
        self.paper = Paper(SUNDAY, dict(RULES))
        self.undoable: tuple[datetime, Paper] | None = None
        self.names = count()

    def teardown(self) -> None:
        self.store.give_back(self.db)
        self.store.close()
        for file in self.file.parent.glob(f"{self.file.name}*"):
            file.unlink()

    # ---- the two sides -------------------------------------------------------------------

    def at(self) -> datetime:
        return self.paper.now.replace(tzinfo=ZONE)

    def wait(self, seconds: int) -> None:
        next(self.steps)
        self.paper.pass_to(self.paper.now + timedelta(seconds=seconds))

    def id_of(self, key: Key) -> str:
        [row] = self.db.all(
            "SELECT id FROM occurrence WHERE permanence_id = :id AND original_start LIKE :day",
            id=key[0],
            day=f"{key[1]}%",
        )
        return str(row["id"])

    def slot_id(self, key: Key, cell: Cell) -> str:
        [row] = self.db.all(
            "SELECT id FROM slot WHERE occurrence_id = :id AND starts_at = :start"
            " AND place = :place",
            id=self.id_of(key),
            start=to_text(cell[0].replace(tzinfo=ZONE)),
            place=cell[2],
        )
        return str(row["id"])

    def done(self, before: Paper) -> None:
        self.undoable = self.paper.now, before

    def changes(
        self, planned: Planned, change: Callable[[Paper], None], keep: bool, look: bool
    ) -> None:
        """Carry a change out on both sides, or on none."""
        after = deepcopy(self.paper)
        touched = after.carry_out(change, keep)
        otherwise = KEEP if keep else Decision("tell")
        try:
            if look:
                seen = impact(self.db, planned, self.at())
                assert [(each.appointment.id, each.reason) for each in seen] == touched
            carry_out(self.db, planned, {}, BY, self.at(), otherwise=otherwise)
        except RoomTaken:
            assert after.crowded
            return
        assert not after.crowded
        before, self.paper = self.paper, after
        if after != before or self.is_undoable():  # what is so already may be no change
            self.done(before)

    def is_undoable(self) -> bool:
        """Whether what has just been done can be undone."""
        found = undoable(self.db, BY, self.at())
        return found is not None and found.remaining == UNDO_WITHIN

    def nth(self, items: list[Key], n: int) -> Key:
        return sorted(items)[n % len(items)]

    def in_row(self, key: Key, first: Cell, length: int, taken: set[Cell]) -> list[Cell] | None:
        """The free slots that somebody gets who wants so many from this one."""
        cells = self.paper.cells(key)
        for place in sorted({each[2] for each in cells}, key=lambda n: (n != first[2], n)):
            at_place = sorted(each for each in cells.keys() - taken if each[2] == place)
            row = [each for each in at_place if each[0] >= first[0]][:length]
            if (
                len(row) == length
                and row[0][0] == first[0]
                and all(sooner[1] == later[0] for sooner, later in pairwise(row))
                and all(cells[each] and each[0] > self.paper.now for each in row)
            ):
                return row
        return None

    def service(self, key: Key) -> str:
        return ATELIER if self.paper.rules[key[0]].collective else AIDE

    def to_come(self) -> list[str]:
        return [
            name
            for name, person in self.paper.people.items()
            if not person.cancelled and person.start() > self.paper.now
        ]

    def ahead(self) -> list[Key]:
        return [key for key in self.paper.held() if key not in self.paper.begun]

    def restorable(self) -> list[Key]:
        return [
            key
            for key, note in self.paper.notes.items()
            if note.kind in ("cancelled", "kept") and key not in self.paper.begun
        ]

    def refused(self, planned: Planned) -> None:
        with pytest.raises(BadDate):
            carry_out(self.db, planned, {}, BY, self.at(), otherwise=KEEP)

    def booked(self) -> list[tuple[Key, Cell]]:
        people = [each for each in self.paper.people.values() if not each.cancelled]
        return [(each.key, cell) for each in people for cell in each.cells]

    def asks(self, key: Key, cell: Cell, length: int = 1) -> Appointment:
        wish = Wish(self.slot_id(key, cell), new_code(), "desk", "fr", length=length)
        return booking.book(self.db, wish, DESK, BY, self.at())

    # ---- what is always true -------------------------------------------------------------

    @invariant()
    def what_is_held_is_what_the_paper_says(self) -> None:
        rows = self.db.all("SELECT * FROM occurrence WHERE status = 'scheduled'")
        assert {
            key_of(row): (
                on_the_wall(row["starts_at"]),
                on_the_wall(row["ends_at"]),
                row["room_id"],
                row["exception"] == "kept",
            )
            for row in rows
        } == {
            key: (held.start, held.end, held.room, held.kept)
            for key, held in self.paper.held().items()
        }

    @invariant()
    def the_slots_are_those_of_the_paper(self) -> None:
        rows = self.db.all(
            "SELECT o.permanence_id, o.original_start, s.* FROM slot AS s"
            " JOIN occurrence AS o ON o.id = s.occurrence_id"
        )
        found: dict[Key, dict[Cell, bool]] = {}
        for row in rows:
            found.setdefault(key_of(row), {})[cell_of(row)] = bool(row["open"])
        assert found == {
            key: cells for key in self.paper.held() if (cells := self.paper.cells(key))
        }

    @invariant()
    def everybody_is_where_the_paper_says(self) -> None:
        rows = self.db.all("SELECT id, starts_at, ends_at, state, tell FROM appointment")
        booked: dict[str, list[Cell]] = {row["id"]: [] for row in rows}
        for row in self.db.all(
            "SELECT b.appointment_id, s.* FROM booking AS b JOIN slot AS s ON s.id = b.slot_id"
        ):
            booked[row["appointment_id"]].append(cell_of(row))
        assert {row["id"] for row in rows} == self.paper.people.keys()
        for row in rows:
            person = self.paper.people[row["id"]]
            assert (row["state"] == "cancelled", row["tell"]) == (person.cancelled, person.told)
            assert sorted(booked[row["id"]]) == ([] if person.cancelled else sorted(person.cells))
            if not person.cancelled:
                hours = on_the_wall(row["starts_at"]), on_the_wall(row["ends_at"])
                assert hours == person.span()

    @invariant()
    def what_is_free_is_what_the_paper_says(self) -> None:
        rows = self.db.all("SELECT id, permanence_id, original_start FROM occurrence")
        keys = {row["id"]: key_of(row) for row in rows}
        on_paper = self.paper.free()
        for service_id in (AIDE, ATELIER):
            free = slots.free(self.db, service_id, self.at(), asker=DESK, number=1000)
            hours = sorted((keys[each.occurrence_id], wall(each.starts_at)) for each in free)
            assert hours == sorted(
                {(key, cell[0]) for key, cell in on_paper if self.service(key) == service_id}
            )

    @invariant()
    def no_room_is_used_twice_at_once(self) -> None:
        assert not self.paper.clashes()


def key_of(row: dict[str, str]) -> Key:
    return row["permanence_id"], date.fromisoformat(row["original_start"][:10])


def cell_of(row: dict[str, str]) -> Cell:
    return on_the_wall(row["starts_at"]), on_the_wall(row["ends_at"]), int(row["place"])


def wall(at: datetime) -> datetime:
    return at.astimezone(ZONE).replace(tzinfo=None)
