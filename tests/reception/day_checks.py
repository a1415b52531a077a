"""The desk and its naive model side by side: what is always true of both.

Cheap promises are looked at after each step, the whole desk every few steps.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)

from accueil.house.sites import site
from accueil.planning import agenda, booking, slots
from accueil.planning.booking import Wish
from accueil.reception import calls, queue
from accueil.reception.calls import Host, NotNow
from accueil.reception.day import presences, receptions
from accueil.reception.lines import Lines
from accueil.store import journal
from accueil.store.codes import new_code
from accueil.store.db import Db, Store
from tests.personae import (
    BEARN,
    DESK,
    DESK_ROOM,
    KEY,
    MISSION_LOCALE,
    MISSION_LOCALE_ROOM,
    MONDAY,
    PARQUET,
    PARQUET_ROOM,
    adviser,
    agent,
    correspondent,
)
from tests.reception.day_model import Day, Done, NotPossible
from tests.reception.day_people import Held, Person, Turn

SERVICES = (DESK, PARQUET, MISSION_LOCALE)
AT_MANDELA = "ecs-clic6"
DAY = "2026-11-23"
LOOK_EVERY, READ_EVERY = 5, 25


@dataclass(frozen=True)
class Staffed:
    """A file with the house, its hosts and its appointments; each day happens in a copy of it."""

    file: Path
    hosts: tuple[Host, ...]
    held: tuple[Held, ...]


class TwoDesks(RuleBasedStateMachine):
    def __init__(self, staffed: Staffed, copy: Path, steps: list[int]) -> None:
        super().__init__()
        self.file = Path(shutil.copy(staffed.file, copy))
        self.hosts, self.held = staffed.hosts, staffed.held
        self.store = Store(self.file, KEY)
        self.db = self.store.take()
        self.lines, self.place = Lines(), site(self.db, BEARN)
        self.day = Day(MONDAY, DESK)
        self.steps, self.touched = steps, 0
        last = self.db.one("SELECT max(seq) AS seq FROM journal")
        self.first_seq = last["seq"] if last else 0

    def teardown(self) -> None:
        self.store.give_back(self.db)
        self.store.close()
        self.file.unlink()

    # ---- both, the house and the model -------------------------------------------------------

    def wait(self, seconds: int) -> datetime:
        self.day.now += timedelta(seconds=seconds)
        return self.day.now

    def a_turn(self, who: int, *likely: str) -> tuple[Person, Turn]:
        """Somebody's turn: three times out of four one in a likely state, if there is any."""
        turns = self.day.turns()
        apt = [each for each in turns if each[1].state in likely] if who % 4 else []
        return (apt or turns)[who // 4 % len(apt or turns)]

    def somebody_of(self, who: int) -> Person:
        return self.day.people[who % len(self.day.people)]

    def record(self, by: str, person: Person, before: Person | None) -> None:
        """In the model's journal; and the turn that began is known by the id the house gave."""
        self.day.done.append(Done(self.day.now, by, person.number, before))
        fresh = [turn for turn in person.turns if not turn.id]
        if fresh:
            known = {turn.id for turn in person.turns}
            [fresh[0].id] = {turn.id for turn in queue.entries(self.db, person.id)} - known

    def both(
        self, by: str, person: Person, act: Callable[[], object], think: Callable[[], bool]
    ) -> None:
        """The house and the model do it, or both refuse."""
        before = person.as_now()
        try:
            changed = think()
        except NotPossible:
            changed = None
        try:
            act()
        except NotNow:
            assert changed is None
        else:
            assert changed is not None
        if changed:
            self.record(by, person, before)

    # ---- what is always true -----------------------------------------------------------------

    @invariant()
    def turns_are_as_the_model_has_them(self) -> None:
        rows = self.db.all(
            "SELECT id, service_id, state, priority, hold, back_at IS NOT NULL AS until,"
            " appointment_id, due_at IS NOT NULL AS due FROM queue_entry"
        )
        assert Counter(tuple(row.values()) for row in rows) == Counter(
            (
                *(turn.id, turn.service, turn.state, int(turn.private)),
                *(turn.held, int(turn.back is not None)),
                *(turn.appointment, int(turn.hour is not None)),
            )
            for _, turn in self.day.turns()
        )

    @invariant()
    def visits_are_as_the_model_has_them(self) -> None:
        """Numbers follow each other without repeating, and each visit has at most one outcome."""
        rows = self.db.all(
            "SELECT number, outcome, private, precedence FROM visit ORDER BY arrived_at"
        )
        assert [tuple(row.values()) for row in rows] == [
            (number, each.outcome, int(each.private), int(each.precedence))
            for number, each in enumerate(self.day.people, start=1)
        ]
        for person in self.day.people:
            assert person.outcome is None or not person.open_turns()

    @invariant()
    def nobody_is_in_two_rooms_and_no_appointment_in_two_turns(self) -> None:
        for column, states in (
            ("visit_id", "('called', 'serving')"),
            ("appointment_id", "('waiting', 'called', 'serving', 'done')"),
        ):
            assert not self.db.all(
                f"SELECT {column} FROM queue_entry WHERE state IN {states}"
                f" AND {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
            )

    @invariant()
    def what_comes_after_comes_after_something(self) -> None:
        for person in self.day.people:
            held = [turn.held == "after" for turn in person.open_turns()]
            assert not held or not all(held)

    @invariant()
    def the_journal_is_complete(self) -> None:
        last = self.first_seq + len(self.day.done)
        assert self.db.one("SELECT max(seq) AS seq FROM journal") == {"seq": last}

    @invariant()
    def now_and_then_the_whole_desk_is_looked_at(self) -> None:
        self.steps[0] += 1
        self.touched += 1
        if self.touched % LOOK_EVERY == 0:
            self.the_board_shows_what_was_called_and_not_taken_back()
            self.everybody_is_somewhere()
            self.the_lines_are_as_anybody_would_order_them()
        if self.touched % READ_EVERY == 0:
            assert journal.first_broken(self.db) is None

    def the_board_shows_what_was_called_and_not_taken_back(self) -> None:
        shown = calls.latest(self.db, BEARN, self.day.now, 1000)
        assert {call.entry_id for call in shown} == {
            turn.id for _, turn in self.day.turns() if turn.soundings
        }

    def everybody_is_somewhere(self) -> None:
        """In a room, in line, before their hour, held; or else the desk is shown that they are
        lost."""
        at = self.day.now
        lines = receptions(self.db, BEARN, at)
        here = {each.service.id for each in lines if each.is_here(at) or each.service.reception}
        seen = Counter(turn.id for each in lines for turn in each.line)
        assert seen == Counter(
            turn.id for person in self.day.people for turn in person.open_turns()
        )
        shown = presences(self.db, BEARN, at)
        assert {each.visit.number for each in shown} == {each.number for each in self.present()}
        for each in shown:
            assert each.is_lost(here, at) or any(turn.id in seen for turn in each.turns)

    def the_lines_are_as_anybody_would_order_them(self) -> None:
        at = self.day.now
        kept = self.lines.now(self.db, self.place, at)
        assert list(kept.turns.values()) == queue.lines_of_site(self.db, BEARN, DAY)
        turns = {turn.id: turn for _, turn in self.day.turns()}
        for each in receptions(self.db, BEARN, at):
            order = self.day.line(each.service.id)
            assert [turn.id for turn in each.waiting] == order
            for before, turn in enumerate(each.waiting):
                assert turn.passed == self.day.passed(turns[turn.id])
                assert queue.people_before(self.db, turn, at) == before
            kept = [turn for turn in turns.values() if turn.service == each.service.id]
            unheld = [turn for turn in kept if turn.state == "waiting" and not turn.held]
            assert queue.people_waiting(self.db, each.service.id, BEARN, DAY) == len(unheld)


def appointments(db: Db, by: str) -> tuple[Held, ...]:
    """At 9:30, 10:00, 10:30 and 12:00; one that is cancelled, one tomorrow, one in the other
    house."""
    today = booked(db, MISSION_LOCALE, by, (0, 1, 2, 5))
    [cancelled] = booked(db, MISSION_LOCALE, by, (0,), refused="cancelled")
    booking.cancel(db, cancelled.id, "visitor", by, MONDAY)
    later = booked(db, MISSION_LOCALE, by, (-1,), refused="other-day")
    elsewhere = booked(db, AT_MANDELA, by, (0,), refused="other-site")
    return (*today, *today, cancelled, *later, *elsewhere)


def booked(
    db: Db, service: str, by: str, ranks: tuple[int, ...], refused: str | None = None
) -> list[Held]:
    """Those of the free slots that have these ranks."""
    free = slots.free(db, service, MONDAY, asker=slots.DESK, number=40)
    found = []
    for rank in ranks:
        wish = Wish(free[rank].id, new_code(), "desk", "fr")
        made = booking.book(db, wish, slots.DESK, by, MONDAY)
        ends = agenda.entry(db, made.occurrence_id).occurrence.ends_at
        found.append(Held(made.id, service, made.starts_at, ends, refused))
    return found


def staff(file: Path) -> Staffed:
    store = Store(file, KEY)
    with store.connection() as db:
        hosts = (
            Host(agent(db).id, DESK_ROOM),
            Host(correspondent(db).id, PARQUET_ROOM),
            Host(adviser(db).id, MISSION_LOCALE_ROOM),
        )
        held = appointments(db, hosts[0].account_id)
    store.close()
    return Staffed(file, hosts, held)
