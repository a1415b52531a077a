"""Any day at the desk: whatever is touched, in whatever order, the house keeps its promises.

Hypothesis draws the day; a small naive model says what should be true of it after each touch.
"""

import shutil
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accueil.reception import calls, queue, visits
from accueil.reception.calls import Host, NotNow
from accueil.reception.change import TooLate, undo, undoable
from accueil.store import journal
from accueil.store.db import Store
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
    arrive,
    correspondent,
)

SERVICES = (DESK, PARQUET, MISSION_LOCALE)
OPEN, IN_A_ROOM = ("waiting", "called", "serving"), ("called", "serving")
DAY = "2026-11-23"


@dataclass
class Turn:
    id: str
    service: str
    priority: bool
    order: int
    state: str = "waiting"
    host: str | None = None
    soundings: int = 0


@dataclass
class Person:
    """A visit, as the model sees it."""

    id: str
    number: int
    private: bool
    outcome: str | None = None
    turns: list[Turn] = field(default_factory=list)

    def open_turns(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.state in OPEN]

    def is_in_a_room(self) -> bool:
        return any(turn.state in IN_A_ROOM for turn in self.turns)


@dataclass
class Done:
    """An event of the model's journal, with the person as they were before it."""

    seq: int
    at: datetime
    by: str
    person: int
    before: Person | None
    is_undo: bool = False


class AnyDay(RuleBasedStateMachine):
    """`staffed` is a file with the house and its hosts; each day happens in a copy of it."""

    def __init__(self, staffed: Path, copy: Path, hosts: tuple[Host, ...]) -> None:
        super().__init__()
        self.file = Path(shutil.copy(staffed, copy))
        self.hosts = hosts
        self.store = Store(self.file, KEY)
        self.db = self.store.take()
        self.now = MONDAY
        self.people: list[Person] = []
        self.done: list[Done] = []
        self.order = 0
        last = self.db.one("SELECT max(seq) AS seq FROM journal")
        self.first_seq = last["seq"] if last else 0

    def teardown(self) -> None:
        self.store.give_back(self.db)
        self.store.close()
        self.file.unlink()

    # ---- the model -----------------------------------------------------------------------

    def wait(self, seconds: int) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    def record(self, by: str, person: Person, before: Person | None, is_undo: bool = False) -> None:
        seq = self.first_seq + len(self.done) + 1
        self.done.append(Done(seq, self.now, by, person.number, before, is_undo))

    def turns(self) -> list[tuple[Person, Turn]]:
        return [(person, turn) for person in self.people for turn in person.turns]

    def called_by(self, host: Host) -> Turn | None:
        return next(
            (
                turn
                for _, turn in self.turns()
                if turn.state == "called" and turn.host == host.account_id
            ),
            None,
        )

    def next_of(self, services: list[str]) -> tuple[Person, Turn] | None:
        waiting = [
            (person, turn)
            for person, turn in self.turns()
            if turn.service in services and turn.state == "waiting" and not person.is_in_a_room()
        ]
        return min(waiting, key=lambda each: (not each[1].priority, each[1].order), default=None)

    def enter(self, person: Person, service: str, priority: bool) -> None:
        """In the model, and with the id that the house gave."""
        if not any(turn.service == service for turn in person.open_turns()):
            self.order += 1
            known = {turn.id for turn in person.turns}
            [fresh] = {turn.id for turn in queue.entries(self.db, person.id)} - known
            person.turns.append(Turn(fresh, service, priority, self.order))

    def undoable_by(self, by: str) -> Done | None:
        last = {done.person: done for done in self.done}
        mine = [
            done
            for done in self.done
            if done.by == by
            and not done.is_undo
            and self.now - done.at < timedelta(seconds=10)
            and last[done.person] is done
        ]
        return mine[-1] if mine else None

    # ---- what people do ------------------------------------------------------------------

    seconds = st.integers(1, 6)
    a_service = st.sampled_from(SERVICES)
    somebody = st.integers(0, 1000)  # whom, counted round and round
    a_host = st.integers(0, 2)

    @initialize()
    def two_people_are_at_the_door(self) -> None:
        self.comes_in(PARQUET, False, 0, 1)
        self.comes_in(MISSION_LOCALE, False, 0, 1)

    @rule(service=a_service, private=st.booleans(), host=a_host, seconds=seconds)
    def comes_in(self, service: str, private: bool, host: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        visit = arrive(self.db, at=self.wait(seconds), by=by, service_id=service, private=private)
        person = Person(visit.id, visit.number, private)
        self.enter(person, service, private)
        self.people.append(person)
        self.record(by, person, None)

    @rule(host=a_host, services=st.lists(a_service, unique=True), seconds=seconds)
    def calls_the_next(self, host: int, services: list[str], seconds: int) -> None:
        caller = self.hosts[host]
        pending, expected = self.called_by(caller), self.next_of(services)
        found = calls.call_next(self.db, services, caller, self.wait(seconds))
        if pending:
            assert found is not None
            assert found.id == pending.id
        elif expected:
            assert found is not None
            assert found.id == expected[1].id
            self.becomes_called(*expected, caller)
        else:
            assert found is None

    def becomes_called(self, person: Person, turn: Turn, caller: Host) -> None:
        before = deepcopy(person)
        turn.state, turn.host = "called", caller.account_id
        turn.soundings += 1
        self.record(caller.account_id, person, before)

    @rule(host=a_host, who=somebody, seconds=seconds)
    def calls_this_one(self, host: int, who: int, seconds: int) -> None:
        caller = self.hosts[host]
        person, turn = self.turns()[who % len(self.turns())]
        possible = (
            turn.state == "waiting" and not person.is_in_a_room() and not self.called_by(caller)
        )
        at = self.wait(seconds)
        try:
            calls.call(self.db, turn.id, caller, at)
        except NotNow:
            assert not possible
        else:
            assert possible
            self.becomes_called(person, turn, caller)

    @rule(
        verb=st.sampled_from(("recall", "receive", "finish", "did_not_come")),
        host=a_host,
        who=somebody,
        seconds=seconds,
    )
    def goes_on_with(self, verb: str, host: int, who: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        person, turn = self.turns()[who % len(self.turns())]
        before, at = deepcopy(person), self.wait(seconds)
        possible = turn.state == "called" or (turn.state == "serving" and verb == "finish")
        try:
            getattr(calls, verb)(self.db, turn.id, by, at)
        except NotNow:
            assert not possible
            return
        assert possible
        if verb == "recall":
            turn.soundings += 1
        else:
            turn.state = {"receive": "serving", "finish": "done", "did_not_come": "absent"}[verb]
        if verb == "finish" and not person.open_turns():
            person.outcome = "received"
        self.record(by, person, before)

    @rule(service=a_service, host=a_host, who=somebody, seconds=seconds)
    def moves(self, service: str, host: int, who: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        person, turn = self.turns()[who % len(self.turns())]
        before, at = deepcopy(person), self.wait(seconds)
        try:
            calls.move(self.db, turn.id, service, by, at)
        except NotNow:
            assert turn.state not in OPEN
            return
        if turn.service == service:
            return
        assert turn.state in OPEN
        turn.state = "moved"
        self.enter(person, service, person.private)
        self.record(by, person, before)

    @rule(service=a_service, host=a_host, who=somebody, seconds=seconds)
    def sends(self, service: str, host: int, who: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        person = self.people[who % len(self.people)]
        before = deepcopy(person)
        calls.send_to(self.db, person.id, service, by, self.wait(seconds))
        person.outcome = None
        self.enter(person, service, person.private)
        self.record(by, person, before)

    def present(self) -> list[Person]:
        return [person for person in self.people if person.outcome is None]

    @precondition(present)
    @rule(outcome=st.sampled_from(visits.OUTCOMES), host=a_host, who=somebody, seconds=seconds)
    def goes_home(self, outcome: visits.Outcome, host: int, who: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        person = self.present()[who % len(self.present())]
        before = deepcopy(person)
        visits.close(self.db, person.id, outcome, by, self.wait(seconds))
        for turn in person.open_turns():
            turn.state = "left" if outcome == "left" or turn.state == "waiting" else "done"
        person.outcome = outcome
        self.record(by, person, before)

    @precondition(present)
    @rule(host=a_host, who=somebody, seconds=seconds)
    def asks_in_private(self, host: int, who: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        person = self.present()[who % len(self.present())]
        before = deepcopy(person)
        visits.ask_in_private(self.db, person.id, by, self.wait(seconds))
        person.private = True
        self.enter(person, DESK, True)
        for turn in person.open_turns():
            if turn.service == DESK and turn.state == "waiting":
                turn.priority = True
        self.record(by, person, before)

    @rule(host=a_host, seconds=st.integers(1, 12))
    def takes_it_back(self, host: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        at = self.wait(seconds)
        expected, found = self.undoable_by(by), undoable(self.db, by, at)
        assert (expected and expected.seq) == (found and found.seq)
        if expected is None:
            return
        person = self.people[expected.person - 1]
        now, back = deepcopy(person), self.as_before(person, expected)
        self.people[expected.person - 1] = back
        possible = self.each_host_calls_one()
        try:
            undo(self.db, expected.seq, by, at)
        except TooLate:
            assert not possible
            self.people[expected.person - 1] = now
        else:
            assert possible
            self.record(by, back, now, is_undo=True)

    def as_before(self, person: Person, done: Done) -> Person:
        if done.before is None:
            back = Person(person.id, person.number, False, "mistake")
        else:
            back = deepcopy(done.before)
        known = {turn.id for turn in back.turns}
        for turn in person.turns:
            if turn.id not in known:
                back.turns.append(Turn(turn.id, turn.service, turn.priority, turn.order, "undone"))
        return back

    def each_host_calls_one(self) -> bool:
        callers = [turn.host for _, turn in self.turns() if turn.state == "called"]
        return len(callers) == len(set(callers))

    # ---- what is always true -------------------------------------------------------------

    @invariant()
    def numbers_follow_each_other_without_repeating(self) -> None:
        rows = self.db.all("SELECT number FROM visit ORDER BY arrived_at")
        assert [row["number"] for row in rows] == list(range(1, len(self.people) + 1))

    @invariant()
    def nobody_is_in_two_rooms(self) -> None:
        assert not self.db.all(
            "SELECT visit_id FROM queue_entry WHERE state IN ('called', 'serving')"
            " GROUP BY visit_id HAVING count(*) > 1"
        )

    @invariant()
    def turns_are_counted_as_a_person_would_count_them(self) -> None:
        rows = self.db.all("SELECT id, service_id, state, priority FROM queue_entry")
        assert Counter(
            (row["id"], row["service_id"], row["state"], bool(row["priority"])) for row in rows
        ) == Counter((turn.id, turn.service, turn.state, turn.priority) for _, turn in self.turns())
        for service in SERVICES:
            waiting = [t for _, t in self.turns() if (t.service, t.state) == (service, "waiting")]
            assert queue.people_waiting(self.db, service, BEARN, DAY) == len(waiting)

    @invariant()
    def visits_end_as_they_should(self) -> None:
        rows = self.db.all("SELECT number, outcome FROM visit ORDER BY number")
        assert [(row["number"], row["outcome"]) for row in rows] == [
            (person.number, person.outcome) for person in self.people
        ]

    @invariant()
    def whoever_waits_is_an_open_visit(self) -> None:
        for person in self.people:
            assert person.outcome is None or not person.open_turns()

    @invariant()
    def the_board_shows_what_was_called_and_not_taken_back(self) -> None:
        shown = calls.latest(self.db, BEARN, self.now, 1000)
        assert {call.entry_id for call in shown} == {
            turn.id for _, turn in self.turns() if turn.soundings
        }

    @invariant()
    def the_journal_is_intact_and_complete(self) -> None:
        assert journal.first_broken(self.db) is None
        assert self.db.one("SELECT max(seq) AS seq FROM journal") == {
            "seq": self.first_seq + len(self.done)
        }


def test_any_day_keeps_the_promises_of_the_house(furnished: Path, tmp_path: Path) -> None:
    staffed = Path(shutil.copy(furnished, tmp_path / "staffed.db"))
    store = Store(staffed, KEY)
    with store.connection() as db:
        hosts = (
            Host(agent(db).id, DESK_ROOM),
            Host(correspondent(db).id, PARQUET_ROOM),
            Host(adviser(db).id, MISSION_LOCALE_ROOM),
        )
    store.close()
    days = count()
    run_state_machine_as_test(
        lambda: AnyDay(staffed, tmp_path / f"day-{next(days)}.db", hosts),
        settings=settings(max_examples=60, stateful_step_count=30, deadline=None),
    )
