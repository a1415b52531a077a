"""A visit of several passages: each verb, what it refuses, and touched twice."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accueil.house.accounts import Account
from accueil.reception import calls, passages, queue, visits
from accueil.reception.change import NotNow
from accueil.reception.passages import BadReturn
from accueil.store import journal
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    DESK,
    MISSION_LOCALE,
    PARQUET,
    after,
    arrive,
    claire_calling,
    karim_calling,
    turn_of,
)
from tests.reception.turns import T, numbers, somebody, turns

# ---- handing over --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "ended"), [("waiting", "moved"), ("called", "moved"), ("serving", "done")]
)
def test_handing_over_ends_a_turn_and_begins_another_with_the_same_ticket(
    db: Db, claire: Account, state: str, ended: str
) -> None:
    visit, turn = somebody(db, claire, state)
    passages.hand_over(db, turn, MISSION_LOCALE, claire.id, after(T))
    assert turns(db, visit) == [(PARQUET, ended, None), (MISSION_LOCALE, "waiting", None)]
    assert turn_of(db, visit).number == visit.number
    assert visits.visit(db, visit.id).closed_at is None
    assert numbers(db, MISSION_LOCALE, after(T)) == [visit.number]


def test_handed_over_twice_by_a_double_tap_is_handed_over_once(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire, "serving")
    passages.hand_over(db, turn, MISSION_LOCALE, claire.id, after(T))
    events = journal.version(db, BEARN)
    passages.hand_over(db, turn, MISSION_LOCALE, claire.id, after(T + 0.2))
    assert turns(db, visit) == [(PARQUET, "done", None), (MISSION_LOCALE, "waiting", None)]
    assert journal.version(db, BEARN) == events


@pytest.mark.parametrize("state", ["done", "absent"])
def test_a_turn_that_is_over_is_not_handed_over(db: Db, claire: Account, state: str) -> None:
    visit, turn = somebody(db, claire, state)
    before = turns(db, visit)
    with pytest.raises(NotNow):
        passages.hand_over(db, turn, MISSION_LOCALE, claire.id, after(T))
    assert turns(db, visit) == before


def test_nobody_is_handed_over_to_whom_they_are_with(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire, "serving")
    with pytest.raises(NotNow):
        passages.hand_over(db, turn, PARQUET, claire.id, after(T))
    assert turns(db, visit) == [(PARQUET, "serving", None)]


def test_handed_over_where_they_wait_already_they_keep_that_place(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire)
    passages.also(db, turn, MISSION_LOCALE, "nadia", after(1))
    arrive(db, service_id=MISSION_LOCALE, at=after(2))
    passages.hand_over(db, turn, MISSION_LOCALE, "nadia", after(T))
    assert numbers(db, MISSION_LOCALE, after(T)) == [visit.number, visit.number + 1]


@pytest.mark.parametrize("verb", [passages.hand_over, passages.move])
def test_handed_over_where_they_were_to_go_after_they_wait_there_now(
    db: Db, claire: Account, verb: Callable[[Db, str, str, str, datetime], None]
) -> None:
    visit, turn = somebody(db, claire)
    passages.then(db, turn, MISSION_LOCALE, "nadia", after(1))
    verb(db, turn, MISSION_LOCALE, "nadia", after(T))
    assert numbers(db, MISSION_LOCALE, after(T)) == [visit.number]


# ---- besides, and after --------------------------------------------------------------------------


def test_whoever_waits_in_two_lines_goes_where_they_are_called_first(
    db: Db, claire: Account, karim: Account
) -> None:
    visit, turn = somebody(db, claire)
    passages.also(db, turn, MISSION_LOCALE, "nadia", after(T))
    called = calls.call_next(db, [MISSION_LOCALE], karim_calling(karim), after(T + 1))
    assert called
    assert called.visit_id == visit.id
    assert calls.call_next(db, [PARQUET], claire_calling(claire), after(T + 2)) is None
    calls.finish(db, called.id, karim.id, after(T + 3))
    assert calls.call_next(db, [PARQUET], claire_calling(claire), after(T + 4))


def test_also_twice_is_one_turn(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire)
    for n in range(2):
        passages.also(db, turn, MISSION_LOCALE, "nadia", after(T + n))
    assert turns(db, visit) == [(PARQUET, "waiting", None), (MISSION_LOCALE, "waiting", None)]


@pytest.mark.parametrize("end", [calls.finish, calls.did_not_come])
def test_what_comes_after_comes_when_the_first_is_over(
    db: Db, claire: Account, end: Callable[[Db, str, str, datetime], None]
) -> None:
    visit, turn = somebody(db, claire)
    passages.then(db, turn, MISSION_LOCALE, "nadia", after(3))
    assert numbers(db, MISSION_LOCALE, after(T)) == []
    calls.call(db, turn, claire_calling(claire), after(T))
    assert numbers(db, MISSION_LOCALE, after(T)) == []
    end(db, turn, claire.id, after(T + 1))
    assert numbers(db, MISSION_LOCALE, after(T + 1)) == [visit.number]
    assert visits.visit(db, visit.id).outcome is None


def test_of_two_that_come_after_one_comes_at_a_time(
    db: Db, claire: Account, karim: Account
) -> None:
    visit, turn = somebody(db, claire, "serving")
    passages.then(db, turn, MISSION_LOCALE, claire.id, after(3))
    passages.then(db, turn, DESK, claire.id, after(4))
    calls.finish(db, turn, claire.id, after(T))
    assert (numbers(db, MISSION_LOCALE, after(T)), numbers(db, DESK, after(T))) == (
        [visit.number],
        [],
    )
    second = calls.call_next(db, [MISSION_LOCALE], karim_calling(karim), after(T + 1))
    assert second
    calls.finish(db, second.id, karim.id, after(T + 2))
    assert numbers(db, DESK, after(T + 2)) == [visit.number]


def test_after_what_is_over_already_is_now(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire, "done")
    passages.then(db, turn, MISSION_LOCALE, "nadia", after(T))
    assert numbers(db, MISSION_LOCALE, after(T)) == [visit.number]
    assert visits.visit(db, visit.id).closed_at is None


def test_somebody_may_go_now_where_they_were_to_go_after(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire)
    passages.then(db, turn, MISSION_LOCALE, "nadia", after(1))
    passages.also(db, turn, MISSION_LOCALE, "nadia", after(2))
    assert turns(db, visit) == [(PARQUET, "waiting", None), (MISSION_LOCALE, "waiting", None)]


@pytest.mark.parametrize("held", ["after", "parked"])
def test_whoever_asks_in_private_is_in_line_at_once(db: Db, claire: Account, held: str) -> None:
    visit, turn = somebody(db, claire)
    passages.then(db, turn, DESK, "nadia", after(1))
    if held == "parked":
        passages.park(db, turn_of(db, visit).id, "air", None, "nadia", after(2))
    assert numbers(db, DESK, after(3)) == []
    visits.ask_in_private(db, visit.id, "visitor", after(T))
    assert numbers(db, DESK, after(T)) == [visit.number]


# ---- parking -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["waiting", "called", "serving"])
def test_a_parked_turn_leaves_the_line_and_takes_its_place_again(
    db: Db, claire: Account, state: str
) -> None:
    visit, turn = somebody(db, claire, state)
    other = arrive(db, service_id=PARQUET, at=after(5))
    passages.park(db, turn, "paper", None, claire.id, after(T))
    found = queue.entry(db, turn)
    assert (found.state, found.hold, found.hold_reason) == ("waiting", "parked", "paper")
    assert (found.room_id, found.host_id) == (None, None)
    assert numbers(db, PARQUET, after(T)) == [other.number]
    passages.resume(db, turn, claire.id, after(T + 60))
    assert queue.entry(db, turn).hold_reason is None
    assert numbers(db, PARQUET, after(T + 60)) == [visit.number, other.number]


def test_a_turn_parked_until_an_hour_is_back_by_itself(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire)
    passages.park(db, turn, "air", after(T + 300), claire.id, after(T))
    assert numbers(db, PARQUET, after(T + 299)) == []
    assert numbers(db, PARQUET, after(T + 300)) == [visit.number]
    called = calls.call_next(db, [PARQUET], claire_calling(claire), after(T + 301))
    assert called
    assert (called.id, called.hold, called.back_at) == (turn, None, None)


def test_a_return_is_later_and_today(db: Db, claire: Account) -> None:
    _, turn = somebody(db, claire)
    for seconds in (0, -1, 24 * 3600):
        with pytest.raises(BadReturn):
            passages.park(db, turn, "air", after(T + seconds), claire.id, after(T))
    assert queue.entry(db, turn).hold is None


@pytest.mark.parametrize("state", ["done", "absent"])
def test_what_is_over_is_neither_parked_nor_taken_up(db: Db, claire: Account, state: str) -> None:
    _, turn = somebody(db, claire, state)
    with pytest.raises(NotNow):
        passages.park(db, turn, "air", None, claire.id, after(T))
    with pytest.raises(NotNow):
        passages.resume(db, turn, claire.id, after(T))
    assert queue.entry(db, turn).state == state


def test_whoever_is_in_the_room_is_not_taken_up_again(db: Db, claire: Account) -> None:
    _, turn = somebody(db, claire, "serving")
    with pytest.raises(NotNow):
        passages.resume(db, turn, claire.id, after(T))


def test_parked_from_the_room_the_host_is_free_to_call(db: Db, claire: Account) -> None:
    _, turn = somebody(db, claire, "called")
    other = arrive(db, service_id=PARQUET, at=after(5))
    passages.park(db, turn, "call", None, claire.id, after(T))
    called = calls.call_next(db, [PARQUET], claire_calling(claire), after(T + 1))
    assert called
    assert called.number == other.number


# ---- back from an absence ------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "first"), [(10, True), (10.1, False)])
def test_whoever_comes_back_within_ten_minutes_keeps_their_place(
    db: Db, claire: Account, minutes: float, first: bool
) -> None:
    visit, turn = somebody(db, claire, "absent")
    other = arrive(db, service_id=PARQUET, at=after(5))
    calls.came_back(db, turn, "nadia", after(2 + 60 * minutes))
    expected = [visit.number, other.number]
    found = numbers(db, PARQUET, after(2 + 60 * minutes))
    assert found == (expected if first else expected[::-1])


@pytest.mark.parametrize("state", ["waiting", "called", "serving", "done"])
def test_only_who_was_absent_comes_back(db: Db, claire: Account, state: str) -> None:
    _, turn = somebody(db, claire, state)
    with pytest.raises(NotNow):
        calls.came_back(db, turn, "nadia", after(T))


def test_nobody_comes_back_into_a_line_where_they_are_again(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire, "absent")
    passages.send_to(db, visit.id, PARQUET, "nadia", after(T))
    with pytest.raises(NotNow):
        calls.came_back(db, turn, "nadia", after(T + 1))
    assert turns(db, visit) == [(PARQUET, "absent", None), (PARQUET, "waiting", None)]
