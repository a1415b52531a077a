"""Any week of the planning: whatever is booked, moved, cancelled, edited, closed or undone, in
whatever order, it is what somebody would have kept on paper (`tests.planning.naive`).
"""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from accueil.planning import booking, horizon, plans, series, undoing
from accueil.planning.booking import NotFree
from accueil.planning.changes import Planned, impact
from accueil.planning.closures import Closure
from accueil.planning.rooms import RoomTaken
from accueil.planning.series import Permanence
from accueil.planning.slots import DESK
from accueil.store.migrations import migrate
from tests.planning.little import AUTRE, FIRST, PETIT, WEEK
from tests.planning.naive import Person, Rule
from tests.planning.sides import BY, DAY, Sides, prepared, wall, weekly

STARTS, LENGTHS = (9 * 60, 10 * 60, 10 * 60 + 30, 13 * 60), (90, 120, 180)
SLOTS = (45, 60, 90)
A_RULE = {
    "weekday": st.sampled_from((0, 0, 1, 2)),
    "start": st.sampled_from(STARTS),
    "length": st.sampled_from(LENGTHS),
    "slot": st.sampled_from(SLOTS),
    "places": st.integers(1, 3),
    "room": st.sampled_from((PETIT, AUTRE)),
}


class AnyWeek(Sides):
    """What people do, in any order."""

    seconds = st.integers(1, 6)
    which = st.integers(0, 10_000)
    keep, look = st.booleans(), st.booleans()

    @initialize(slots=st.lists(which, min_size=2, max_size=6))
    def some_have_booked(self, slots: list[int]) -> None:
        for n in slots:
            self.somebody_takes(n, 1)

    @rule(slots=st.lists(which, min_size=1, max_size=3), length=st.sampled_from((1, 1, 2, 3)),
          seconds=seconds)  # fmt: skip
    def some_book(self, slots: list[int], length: int, seconds: int) -> None:
        self.wait(seconds)
        for n in slots:
            self.somebody_takes(n, length)

    def somebody_takes(self, n: int, length: int) -> None:
        free = self.paper.free()
        if not free:
            return
        key, cell = free[n % len(free)]
        expected = self.in_row(key, cell, length, set(self.paper.booked(key)))
        before = deepcopy(self.paper)
        try:
            made = self.asks(key, cell, length)
        except NotFree:
            assert expected is None
            return
        assert expected
        self.paper.people[made.id] = Person(key, expected)
        self.done(before)

    @precondition(lambda self: self.booked())
    @rule(n=which, seconds=seconds)
    def somebody_wants_a_taken_slot(self, n: int, seconds: int) -> None:
        self.wait(seconds)
        key, cell = self.booked()[n % len(self.booked())]
        if self.in_row(key, cell, 1, set(self.paper.booked(key))):
            return  # another place is free at that hour
        with pytest.raises(NotFree) as refusal:
            self.asks(key, cell)
        free = [slot[0] for k, slot in self.paper.free() if self.service(k) == self.service(key)]
        assert [wall(each.starts_at) for each in refusal.value.next][:1] == sorted(free)[:1]

    @precondition(lambda self: self.to_come())
    @rule(who=which, n=which, seconds=seconds)
    def somebody_moves(self, who: int, n: int, seconds: int) -> None:
        self.wait(seconds)
        people = self.to_come()
        if not people:
            return
        name = people[who % len(people)]
        person = self.paper.people[name]
        free = [
            each for each in self.paper.free() if self.service(each[0]) == self.service(person.key)
        ]
        if not free:
            return
        key, cell = free[n % len(free)]
        own = set(person.cells) if person.key == key else set()
        expected = self.in_row(key, cell, len(person.cells), set(self.paper.booked(key)) - own)
        before = deepcopy(self.paper)
        try:
            booking.move(self.db, name, self.slot_id(key, cell), DESK, BY, self.at())
        except NotFree:
            assert expected is None
            return
        assert expected
        self.paper.people[name] = Person(key, expected)
        self.paper.let_go()
        self.done(before)

    @precondition(lambda self: self.to_come())
    @rule(who=which, seconds=seconds)
    def somebody_cancels(self, who: int, seconds: int) -> None:
        self.wait(seconds)
        people = self.to_come()
        if not people:
            return
        name = people[who % len(people)]
        before = deepcopy(self.paper)
        booking.cancel(self.db, name, "house", BY, self.at())
        person = self.paper.people[name]
        person.cancelled, person.told = True, None
        self.paper.let_go()
        self.done(before)

    @precondition(lambda self: self.ahead())
    @rule(n=which, keep=keep, look=look, seconds=seconds)
    def a_date_is_cancelled(self, n: int, keep: bool, look: bool, seconds: int) -> None:
        self.wait(seconds)
        if not self.ahead():
            return
        key = self.nth(self.ahead(), n)
        self.changes(
            plans.cancelling([self.id_of(key)], self.at()),
            lambda paper: paper.cancel(key),
            keep,
            look,
        )

    @precondition(lambda self: self.restorable())
    @rule(n=which, keep=keep, look=look, seconds=seconds)
    def a_date_is_held_after_all(self, n: int, keep: bool, look: bool, seconds: int) -> None:
        self.wait(seconds)
        if not self.restorable():
            return
        key = self.nth(self.restorable(), n)
        self.changes(
            plans.restoring(self.id_of(key), self.at()),
            lambda paper: paper.restore(key),
            keep,
            look,
        )

    @precondition(lambda self: self.ahead())
    @rule(
        n=which,
        later=st.sampled_from((0, 0, 0, 1, 7)),
        start=st.sampled_from(STARTS),
        length=st.sampled_from(LENGTHS),
        keep=keep,
        look=look,
        seconds=seconds,
    )
    def a_date_is_rescheduled(
        self, n: int, later: int, start: int, length: int, keep: bool, look: bool, seconds: int
    ) -> None:
        self.wait(seconds)
        if not self.ahead():
            return
        key = self.nth(self.ahead(), n)
        held = self.paper.held()
        day = held[key].start.date() + DAY * later
        begin = datetime.combine(day, time()) + timedelta(minutes=start)
        finish = begin + timedelta(minutes=length)
        twice = any(
            other[0] == key[0] and other != key and begin < each.end and finish > each.start
            for other, each in held.items()
        )
        planned = plans.rescheduling(self.id_of(key), day, begin.time(), finish.time(), self.at())
        if twice or begin <= self.paper.now:
            self.refused(planned)
            return
        self.changes(planned, lambda paper: paper.reschedule(key, begin, finish), keep, look)

    def edited(self, name: str, what: set[str], drawn: dict[str, int | str]) -> Rule:
        """The rule of a permanence where only some of it changes."""
        before = self.paper.rules[name]
        fields = {each: drawn[each] for each in what & {"weekday", "slot", "places", "room"}}
        if "start" in what:
            fields |= {"start": drawn["start"], "end": drawn["start"] + drawn["length"]}
        if before.collective:
            fields["places"] = max(2, int(fields.get("places", 3)))
        return replace(before, **fields)

    whats = st.sets(st.sampled_from(("weekday", "start", "slot", "places", "room")), min_size=1)

    @rule(n=which, what=whats, drawn=st.fixed_dictionaries(A_RULE), keep=keep, look=look,
          seconds=seconds)  # fmt: skip
    def a_series_is_edited(
        self, n: int, what: set[str], drawn: dict[str, int | str], keep: bool, look: bool,
        seconds: int,
    ) -> None:  # fmt: skip
        self.wait(seconds)
        name = sorted(self.paper.rules)[n % len(self.paper.rules)]
        wanted = self.edited(name, what, drawn)
        self.changes(
            plans.editing(self.as_edited(name, wanted), self.at()),
            lambda paper: paper.edit(name, wanted),
            keep,
            look,
        )

    def as_edited(self, name: str, wanted: Rule) -> Permanence:
        before = series.permanence(self.db, name)
        return replace(weekly(name, wanted), follows=before.follows)

    @precondition(lambda self: len(self.paper.rules) < 5)
    @rule(n=which, week=st.integers(1, 2), what=whats, drawn=st.fixed_dictionaries(A_RULE),
          keep=keep, look=look, seconds=seconds)  # fmt: skip
    def a_series_is_edited_from_a_day_on(
        self, n: int, week: int, what: set[str], drawn: dict[str, int | str], keep: bool,
        look: bool, seconds: int,
    ) -> None:  # fmt: skip
        self.wait(seconds)
        name = sorted(self.paper.rules)[n % len(self.paper.rules)]
        day = FIRST + WEEK * week
        before = self.paper.rules[name]
        if not before.first_day() < day <= before.last:
            return
        wanted = replace(self.edited(name, what, drawn), first=day)
        planned = plans.editing_following(self.as_edited(name, wanted), day, self.at())
        fresh = self.next_name(planned)
        if fresh:
            self.changes(planned, lambda paper: paper.cut(name, fresh, day, wanted), keep, look)

    def next_name(self, planned: Planned) -> str | None:
        """The id that the rule which takes over is going to have."""
        known = set(planned.scope.permanences)
        try:
            impact(self.db, planned, self.at())
        except RoomTaken:
            return None
        [fresh] = planned.scope.permanences - known
        return fresh

    @rule(first=st.integers(0, 18), days=st.integers(0, 3), keep=keep, look=look, seconds=seconds)
    def the_house_closes(self, first: int, days: int, keep: bool, look: bool, seconds: int) -> None:
        self.wait(seconds)
        begin = FIRST + DAY * first
        end = begin + DAY * days
        if (begin, end) in self.paper.closed.values():
            return
        name = f"closure-{next(self.names)}"
        new = Closure(name, "house", None, "", begin, end, "Travaux")
        self.changes(
            plans.closing(self.db, new, self.at()),
            lambda paper: paper.close(name, begin, end),
            keep,
            look,
        )

    @precondition(lambda self: self.paper.closed)
    @rule(n=which, keep=keep, look=look, seconds=seconds)
    def the_house_reopens(self, n: int, keep: bool, look: bool, seconds: int) -> None:
        self.wait(seconds)
        name = sorted(self.paper.closed)[n % len(self.paper.closed)]
        self.changes(
            plans.reopening(self.db, name, self.at()),
            lambda paper: paper.reopen(name),
            keep,
            look,
        )

    @rule(seconds=seconds)
    def the_night_tops_up(self, seconds: int) -> None:
        self.wait(seconds)
        assert horizon.top_up(self.db, self.at()) == 0

    @rule(seconds=st.integers(1, 12))
    def it_is_taken_back(self, seconds: int) -> None:
        self.wait(seconds)
        found = undoing.undoable(self.db, BY, self.at())
        last = self.undoable
        if last is None or self.paper.now - last[0] >= timedelta(seconds=10):
            assert found is None
            return
        assert found
        undoing.undo(self.db, found.seq, BY, self.at())
        back, people = last[1], self.paper.people
        back.pass_to(self.paper.now)
        for name in people.keys() - back.people.keys():
            back.people[name] = replace(people[name], cancelled=True, told=None)
        self.paper, self.undoable = back, None

    @rule(minutes=st.sampled_from((30, 120, 15 * 60, 26 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.wait(minutes * 60)


def test_any_week_is_what_somebody_would_have_kept_on_paper(tmp_path: Path) -> None:
    ready = tmp_path / "ready.db"
    migrate(ready)
    prepared(ready)
    weeks, steps = count(), count()
    while next(steps) < 10_000:  # a week may end early: how many it takes is chance
        run_state_machine_as_test(
            lambda: AnyWeek(ready, tmp_path / f"week-{next(weeks)}.db", steps),
            settings=settings(max_examples=80, stateful_step_count=40, deadline=None),
        )
