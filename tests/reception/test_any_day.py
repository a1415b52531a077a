"""Any day at the desk: whatever is touched, in whatever order, the house keeps its promises.

Hypothesis draws the day; a naive model (`day_model`) says what should be true after each touch.
"""

import shutil
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accueil.house.sites import site
from accueil.planning.appointments import appointment
from accueil.reception import arriving, calls, passages, queue, visits
from accueil.reception.arriving import Door
from accueil.reception.change import TooLate, undo, undoable
from accueil.reception.passages import BadReturn
from tests.personae import (
    BEARN,
    DESK,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    arrive,
)
from tests.reception.day_checks import TwoDesks, staff
from tests.reception.day_people import OPEN, Person

SERVICES = (DESK, PARQUET, MISSION_LOCALE)
ENDS = ("finish", "finish", "did_not_come")
DAYS, STEPS, IN_ALL = 240, 50, 10_000  # some days are cut short


class AnyDay(TwoDesks):
    # ---- what people do ----------------------------------------------------------------------

    seconds = st.sampled_from((1, 1, 2, 3, 4, 6, 9, 40, 200))
    a_service = st.sampled_from((*SERVICES, PARQUET))
    somebody = st.integers(0, 1000)  # whom, counted round and round
    a_host = st.integers(0, 2)

    @initialize(
        crowd=st.lists(
            st.tuples(a_service, st.sampled_from(("", "", "private", "first", "then"))),
            min_size=2,
            max_size=8,
        )
    )
    def a_crowd_is_at_the_door(self, crowd: list[tuple[str, str]]) -> None:
        for who, (service, how) in enumerate(crowd):
            self.come_in(service, how == "private", 1, 0, 1)
            if how == "first":
                self.goes_before_others(True, 0, who, 1)
            if how == "then":
                self.goes_there_too("then", DESK, 0, 4 * len(self.day.turns()) - 4, 1)

    @precondition(lambda self: self.day.now < MONDAY + timedelta(hours=8))
    @rule(minutes=st.sampled_from((6, 11, 25, 130)))
    def time_passes(self, minutes: int) -> None:
        self.wait(60 * minutes)

    @rule(
        service=a_service,
        private=st.sampled_from((False, False, False, True)),
        number=st.integers(1, 3),
        host=a_host,
        seconds=seconds,
    )
    def come_in(self, service: str, private: bool, number: int, host: int, seconds: int) -> None:
        by = self.hosts[host].account_id
        for _ in range(number):
            at = self.wait(seconds)
            visit = arrive(self.db, at=at, by=by, service_id=service, private=private)
            person = Person(visit.number, visit.id, private)
            self.day.comes(person, service)
            self.record(by, person, None)

    @rule(each=st.integers(0, 100), host=a_host, seconds=seconds)
    def comes_for_an_appointment(self, each: int, host: int, seconds: int) -> None:
        by, held = self.hosts[host].account_id, self.held[each % len(self.held)]
        at = self.wait(seconds)
        person = next((each for each in self.day.people if each.appointment == held.id), None)
        before = person and person.as_now()
        expected = self.day.arrive(person, held)
        found = arriving.arrive_for(
            self.db, appointment(self.db, held.id), Door(site(self.db, BEARN), "desk"), by, at
        )
        assert found.answer == expected
        if person is None and found.visit:
            person = self.day.people[-1]
            person.id = found.visit.id
        if expected in ("in", "early", "late", "over"):
            assert person
            self.record(by, person, before)

    @rule(
        host=a_host,
        services=st.sampled_from((SERVICES, (PARQUET,), (MISSION_LOCALE, PARQUET), (DESK,), ())),
        seconds=seconds,
    )
    def calls_the_next(self, host: int, services: tuple[str, ...], seconds: int) -> None:
        caller, at = self.hosts[host], self.wait(seconds)
        by = caller.account_id
        pending, expected = self.day.called_by(by), self.day.first(self.day.callable(services))
        found = calls.call_next(self.db, services, caller, at)
        if pending:
            assert found
            assert found.id == pending.id
        elif expected:
            person, turn = expected
            assert found
            assert found.id == turn.id
            before = person.as_now()
            self.day.call(person, turn, by, services)
            self.record(by, person, before)
            most = queue.line.MOST_PASSED
            assert all(
                self.day.passed(each) <= most
                for _, each in self.day.turns()
                if each.id in self.day.calls[-1].passed
            )
        else:
            assert found is None

    @rule(
        host=a_host,
        services=st.sampled_from((SERVICES, (PARQUET,))),
        ends=st.lists(
            st.sampled_from(("finish", "finish", "did_not_come")), min_size=2, max_size=6
        ),
    )
    def sees_several(self, host: int, services: tuple[str, ...], ends: list[str]) -> None:
        """One after the other, without a word between."""
        by = self.hosts[host].account_id
        for end in ends:
            self.calls_the_next(host, services, 1)
            called = self.day.called_by(by)
            if called:
                person = next(each for each in self.day.people if called in each.turns)
                act = partial(getattr(calls, end), self.db, called.id, by, self.wait(1))
                self.both(by, person, act, partial(getattr(self.day, end), person, called))

    @rule(host=a_host, who=somebody, seconds=seconds)
    def calls_this_one(self, host: int, who: int, seconds: int) -> None:
        caller, at = self.hosts[host], self.wait(seconds)
        by, (person, turn) = caller.account_id, self.a_turn(who, "waiting")
        self.both(
            by,
            person,
            lambda: calls.call(self.db, turn.id, caller, at),
            lambda: self.day.call(person, turn, by, [turn.service]),
        )

    @rule(host=a_host, who=somebody)
    def calls_this_one_by_mistake(self, host: int, who: int) -> None:
        self.calls_this_one(host, who, 1)
        self.takes_it_back(host, 2)

    @rule(
        verb=st.sampled_from(("recall", "receive", "finish", "finish", "did_not_come")),
        host=a_host,
        who=somebody,
        seconds=seconds,
    )
    def goes_on_with(self, verb: str, host: int, who: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person, turn = self.a_turn(who, "called", "serving" if verb == "finish" else "called")
        act = partial(getattr(calls, verb), self.db, turn.id, by, at)
        self.both(by, person, act, lambda: getattr(self.day, verb)(person, turn))

    @rule(host=a_host, who=somebody, seconds=seconds)
    def receives_whoever_was_called(self, host: int, who: int, seconds: int) -> None:
        self.goes_on_with("receive", host, who, seconds)

    @rule(host=a_host, who=somebody, seconds=seconds)
    def is_there_after_all(self, host: int, who: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person, turn = self.a_turn(who, "absent")
        act = partial(calls.came_back, self.db, turn.id, by, at)
        self.both(by, person, act, lambda: self.day.came_back(person, turn))

    @rule(
        verb=st.sampled_from(("move", "hand_over")),
        service=a_service,
        host=a_host,
        who=somebody,
        seconds=seconds,
    )
    def goes_elsewhere(self, verb: str, service: str, host: int, who: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person, turn = self.a_turn(who, *OPEN)
        act = partial(getattr(passages, verb), self.db, turn.id, service, by, at)
        self.both(by, person, act, lambda: getattr(self.day, verb)(person, turn, service))

    @rule(
        verb=st.sampled_from(("also", "then")),
        service=a_service,
        host=a_host,
        who=somebody,
        seconds=seconds,
    )
    def goes_there_too(self, verb: str, service: str, host: int, who: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person, turn = self.a_turn(who, *OPEN)
        act = partial(getattr(passages, verb), self.db, turn.id, service, by, at)
        think = self.day.then if verb == "then" else self.day.send_to
        self.both(by, person, act, lambda: think(person, service))

    @rule(
        reason=st.sampled_from(queue.HOLD_REASONS),
        minutes=st.sampled_from((None, -1, 0, 1, 7, 30, 24 * 60)),
        host=a_host,
        who=somebody,
        seconds=seconds,
    )
    def is_parked(
        self, reason: queue.HoldReason, minutes: int | None, host: int, who: int, seconds: int
    ) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person, turn = self.a_turn(who, *OPEN)
        back = None if minutes is None else at + timedelta(minutes=minutes)
        act = partial(passages.park, self.db, turn.id, reason, back, by, at)
        if minutes in (-1, 0, 24 * 60):
            try:
                act()
            except BadReturn:
                return
            raise AssertionError(f"parked until {back}")
        self.both(by, person, act, lambda: self.day.park(turn, back))

    @rule(host=a_host, who=somebody, seconds=seconds)
    def is_taken_up_again(self, host: int, who: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person, turn = self.a_turn(who, "waiting")
        act = partial(passages.resume, self.db, turn.id, by, at)
        self.both(by, person, act, lambda: self.day.resume(turn))

    @rule(given=st.booleans(), host=a_host, who=somebody, seconds=seconds)
    def goes_before_others(self, given: bool, host: int, who: int, seconds: int) -> None:
        by, person, at = self.hosts[host].account_id, self.somebody_of(who), self.wait(seconds)
        act = partial(passages.give_precedence, self.db, person.id, given, by, at)
        self.both(by, person, act, lambda: self.day.give_precedence(person, given))

    def present(self) -> list[Person]:
        return [person for person in self.day.people if person.outcome is None]

    @precondition(present)
    @rule(outcome=st.sampled_from(visits.OUTCOMES), host=a_host, who=somebody, seconds=seconds)
    def goes_home(self, outcome: visits.Outcome, host: int, who: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person = self.present()[who % len(self.present())]
        act = partial(visits.close, self.db, person.id, outcome, by, at)
        self.both(by, person, act, lambda: self.day.goes_home(person, outcome))

    @precondition(present)
    @rule(host=a_host, who=somebody, seconds=seconds)
    def asks_in_private(self, host: int, who: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        person = self.present()[who % len(self.present())]
        act = partial(visits.ask_in_private, self.db, person.id, by, at)
        self.both(by, person, act, lambda: self.day.ask_in_private(person))

    @rule(host=a_host, seconds=st.integers(1, 12))
    def takes_it_back(self, host: int, seconds: int) -> None:
        by, at = self.hosts[host].account_id, self.wait(seconds)
        expected, found = self.day.undoable_by(by), undoable(self.db, by, at)
        assert (expected is None) == (found is None)
        if expected is None or found is None:
            return
        assert found.seq == self.first_seq + self.day.done.index(expected) + 1
        possible = self.day.undo(expected, by)
        try:
            undo(self.db, found.seq, by, at)
        except TooLate:
            assert not possible
        else:
            assert possible


def test_any_day_keeps_the_promises_of_the_house(furnished: Path, tmp_path: Path) -> None:
    staffed = staff(Path(shutil.copy(furnished, tmp_path / "staffed.db")))
    days, steps = count(), [0]
    run_state_machine_as_test(
        lambda: AnyDay(staffed, tmp_path / f"day-{next(days)}.db", steps),
        settings=settings(max_examples=DAYS, stateful_step_count=STEPS, deadline=None),
    )
    assert steps[0] >= IN_ALL
