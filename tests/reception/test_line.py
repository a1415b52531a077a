"""One line for those who walk in and those who are booked, and nobody is passed for ever."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from accueil.house.accounts import Account
from accueil.house.text import HouseText
from accueil.reception import calls, line, passages, queue, visits
from accueil.reception.change import undo, undoable
from accueil.store.db import Db
from tests.personae import (
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    PARQUET_ROOM,
    after,
    arrive,
    claire_calling,
    turn_of,
)


@dataclass(frozen=True)
class Turn:
    """What the order looks at."""

    id: str
    queued_at: datetime
    state: str = "waiting"
    priority: bool = False
    precedence: bool = False
    due_at: datetime | None = None
    hold: Literal["parked", "after"] | None = None
    back_at: datetime | None = None
    passed: int = 0


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def ids(turns: list[Turn], minutes: float = 60) -> list[str]:
    return [place.turn.id for place in line.order(turns, at(minutes))]


def test_those_who_walk_in_go_in_their_order() -> None:
    assert ids([Turn("b", at(2)), Turn("a", at(1)), Turn("c", at(3))]) == ["a", "b", "c"]


def test_an_appointment_whose_hour_has_come_goes_before_those_who_walk_in() -> None:
    turns = [Turn("walked in", at(0)), Turn("booked", at(5), due_at=at(20))]
    assert ids(turns, 19) == ["walked in"]
    assert [turn.id for turn in line.early(turns, at(19))] == ["booked"]
    assert ids(turns, 20) == ["booked", "walked in"]


def test_one_booked_later_who_came_first_goes_second() -> None:
    turns = [Turn("10:40", at(0), due_at=at(80)), Turn("10:20", at(30), due_at=at(60))]
    assert ids(turns, 90) == ["10:20", "10:40"]


def test_precedence_and_appointments_share_one_order() -> None:
    turns = [
        Turn("booked", at(0), due_at=at(20)),
        Turn("card", at(15), precedence=True),
        Turn("card, later", at(25), precedence=True),
        Turn("walked in", at(1)),
    ]
    assert ids(turns) == ["card", "booked", "card, later", "walked in"]


def test_whoever_asked_in_private_goes_before_all_but_who_was_passed_enough() -> None:
    turns = [
        Turn("card", at(0), precedence=True),
        Turn("passed", at(1), passed=line.MOST_PASSED),
        Turn("private", at(9), priority=True),
    ]
    assert ids(turns) == ["passed", "private", "card"]
    assert [place.reason for place in line.order(turns, at(9))] == [
        "passed",
        "private",
        "precedence",
    ]


def test_a_held_turn_is_not_in_line_and_comes_back_at_its_hour_in_its_place() -> None:
    parked = Turn("parked", at(0), hold="parked", back_at=at(30))
    turns = [parked, Turn("next", at(1)), Turn("after", at(0), hold="after")]
    assert ids(turns, 29) == ["next"]
    assert ids(turns, 30) == ["parked", "next"]
    assert {turn.id for turn in line.held(turns, at(29))} == {"parked", "after"}
    assert line.before(turns, "parked", at(5)) == 0
    assert ids([replace(parked, back_at=None), Turn("next", at(1))]) == ["next"]


def test_whoever_came_early_is_told_who_will_be_before_them_at_their_hour() -> None:
    turns = [
        Turn("booked", at(0), due_at=at(40)),
        Turn("booked before", at(1), due_at=at(30)),
        Turn("walked in", at(0)),
    ]
    assert line.before(turns, "booked", at(5)) == 1
    assert line.before(turns, "walked in", at(5)) == 0
    assert line.before(turns, "walked in", at(45)) == 2


MINUTES = st.integers(0, 30).map(at)
TURNS = st.lists(
    st.builds(
        Turn,
        id=st.uuids().map(str),
        queued_at=MINUTES,
        state=st.sampled_from(("waiting", "waiting", "called", "done")),
        priority=st.booleans(),
        precedence=st.booleans(),
        due_at=st.none() | MINUTES,
        hold=st.sampled_from((None, None, "parked", "after")),
        back_at=st.none() | MINUTES,
        passed=st.integers(0, line.MOST_PASSED),
    ),
    unique_by=lambda turn: turn.id,
    max_size=12,
)


@given(TURNS, st.integers(0, 40))
def test_every_waiting_turn_is_in_line_early_or_held_and_only_once(
    turns: list[Turn], now: int
) -> None:
    there = [place.turn for place in line.order(turns, at(now))]
    found = [*there, *line.early(turns, at(now)), *line.held(turns, at(now))]
    assert sorted(turn.id for turn in found if turn.state == "waiting") == sorted(
        turn.id for turn in turns if turn.state == "waiting"
    )


@given(TURNS, st.integers(0, 40))
def test_people_before_are_those_before_in_the_order(turns: list[Turn], now: int) -> None:
    for position, place in enumerate(line.order(turns, at(now))):
        assert line.before(turns, place.turn.id, at(now)) == position


@given(TURNS)
def test_called_one_by_one_nobody_is_passed_more_often_than_anybody_may_be(
    turns: list[Turn],
) -> None:
    left = [replace(turn, passed=0) for turn in turns]
    while places := line.order(left, at(40)):
        called = places[0].turn
        passed = {turn.id for turn in line.passed_by(left, called, at(40))}
        left = [
            replace(turn, passed=turn.passed + (turn.id in passed))
            for turn in left
            if turn.id != called.id
        ]
        assert all(turn.passed <= line.MOST_PASSED for turn in left)


def numbers_called(db: Db, claire: Account, many: int) -> list[int]:
    found = []
    for n in range(many):
        turn = calls.call_next(db, [PARQUET], claire_calling(claire), after(100 + n))
        assert turn
        calls.receive(db, turn.id, claire.id, after(100 + n))
        found.append(turn.number)
        calls.finish(db, turn.id, claire.id, after(100 + n))
    return found


def test_after_three_have_passed_somebody_it_is_their_turn(db: Db, claire: Account) -> None:
    arrive(db, service_id=PARQUET)
    for n in range(1, 6):
        visit = arrive(db, service_id=PARQUET, at=after(n))
        passages.give_precedence(db, visit.id, True, "nadia", after(n))
    assert numbers_called(db, claire, 6) == [2, 3, 4, 1, 5, 6]


def test_a_call_taken_back_has_passed_nobody(db: Db, claire: Account) -> None:
    first = arrive(db, service_id=PARQUET)
    arrive(db, service_id=PARQUET, at=after(1), private=True)
    calls.call_next(db, [PARQUET], claire_calling(claire), after(2))
    assert turn_of(db, first).passed == 1
    undone = undoable(db, claire.id, after(3))
    assert undone
    undo(db, undone.seq, claire.id, after(3))
    assert turn_of(db, first).passed == 0


def test_whoever_is_in_another_room_is_not_passed(db: Db, claire: Account, karim: Account) -> None:
    both = arrive(db, service_id=PARQUET)
    passages.send_to(db, both.id, MISSION_LOCALE, "nadia", after(1))
    arrive(db, service_id=PARQUET, at=after(2))
    calls.call(db, turn_of(db, both).id, calls.Host(karim.id, "bearn-bureau-1"), after(3))
    called = calls.call_next(db, [PARQUET], claire_calling(claire), after(4))
    assert called
    assert called.number == 2
    assert [turn.passed for turn in queue.entries(db, both.id)] == [0, 0]


def test_the_two_lines_of_one_host_are_one(db: Db, claire: Account) -> None:
    arrive(db, service_id=MISSION_LOCALE)
    arrive(db, service_id=PARQUET, at=after(1))
    urgent = arrive(db, service_id=PARQUET, at=after(2), private=True)
    host = calls.Host(claire.id, PARQUET_ROOM)
    called = calls.call_next(db, [PARQUET, MISSION_LOCALE], host, after(3))
    assert called
    assert called.number == urgent.number


def test_what_gives_precedence_is_not_kept(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    passages.give_precedence(db, visit.id, True, "nadia", after(1))
    assert visits.visit(db, visit.id).precedence
    passages.give_precedence(db, visit.id, True, "nadia", after(2))
    events = db.all("SELECT verb FROM journal WHERE visit_id = :id", id=visit.id)
    assert [event["verb"] for event in events] == ["arrived", "precedence"]
    passages.give_precedence(db, visit.id, False, "nadia", after(3))
    assert not visits.visit(db, visit.id).precedence
