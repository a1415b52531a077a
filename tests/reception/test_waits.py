"""What a person is told of their wait, from what the house has measured."""

from datetime import timedelta

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Site, site
from accueil.house.text import HouseText
from accueil.reception import calls, passages, visits, waits
from accueil.reception.change import undo, undoable
from accueil.reception.visits import Visit
from accueil.reception.waiting import Range
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    after,
    arrive,
    claire_calling,
    paris,
    turn_of,
)
from tests.reception.measured import meeting, some_weeks


@pytest.fixture
def place(db: Db, house: HouseText) -> Site:
    return site(db, BEARN)


@pytest.fixture
def known(db: Db, claire: Account) -> None:
    """Three Mondays of the Parquet, ten minutes each."""
    some_weeks(db, claire.id)


def wait(db: Db, visit: Visit, seconds: float = 5) -> Range | None:
    return waits.wait_of(db, turn_of(db, visit), after(seconds))


def test_nothing_is_said_where_nothing_was_measured(db: Db, place: Site) -> None:
    assert waits.wait_for(db, PARQUET, place, MONDAY) is None
    visit = arrive(db, service_id=PARQUET)
    assert wait(db, visit) is None
    assert waits.noted(db, turn_of(db, visit).id) is None


@pytest.mark.usefixtures("known")
def test_nothing_is_said_of_a_service_that_no_longer_receives(db: Db, place: Site) -> None:
    assert waits.wait_for(db, PARQUET, place, paris(2026, 11, 23, 18, 0)) is None
    assert waits.wait_for(db, MISSION_LOCALE, place, MONDAY) is None


@pytest.mark.usefixtures("known")
def test_each_person_ahead_is_a_meeting_more(db: Db, place: Site) -> None:
    people = [arrive(db, service_id=PARQUET, at=after(nth)) for nth in range(4)]
    ranges = [wait(db, visit) for visit in people]
    lows = [each.low for each in ranges if each]
    assert len(lows) == 4
    assert lows == sorted(lows)
    last = ranges[-1]
    assert last is not None
    assert 20 <= last.low < last.high <= 60
    assert waits.wait_for(db, PARQUET, place, after(5)) is not None


@pytest.mark.usefixtures("known")
def test_who_is_being_received_soon_leaves(db: Db, place: Site, claire: Account) -> None:
    first = arrive(db, service_id=PARQUET)
    calls.call_next(db, [PARQUET], claire_calling(claire), after(1))
    calls.receive(db, turn_of(db, first).id, claire.id, after(30))
    second = arrive(db, service_id=PARQUET, at=after(60))
    begun, nearly = wait(db, second, 60), wait(db, second, 9 * 60)
    assert begun
    assert nearly
    assert nearly.high < begun.high
    assert nearly.low < begun.low


@pytest.mark.usefixtures("known")
def test_nothing_is_said_to_who_is_called_or_held(db: Db, claire: Account) -> None:
    first, second = arrive(db, service_id=PARQUET), arrive(db, service_id=PARQUET, at=after(1))
    calls.call_next(db, [PARQUET], claire_calling(claire), after(2))
    assert wait(db, first) is None
    passages.park(db, turn_of(db, second).id, "paper", None, claire.id, after(3))
    assert wait(db, second) is None
    passages.resume(db, turn_of(db, second).id, claire.id, after(4))
    passages.park(
        db, turn_of(db, second).id, "air", MONDAY + timedelta(minutes=30), claire.id, after(4)
    )
    back = wait(db, second)
    assert back
    assert back.low >= 25


@pytest.mark.usefixtures("known")
def test_what_was_told_is_kept_beside_what_came(db: Db, place: Site, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    entry_id = turn_of(db, visit).id
    shown = waits.noted(db, entry_id)
    assert shown == wait(db, visit, 0)
    [told] = waits.told(db, place, after(60))
    assert (told.entry_id, told.range, told.came, told.kept) == (entry_id, shown, None, False)
    calls.call_next(db, [PARQUET], claire_calling(claire), after(30))
    [told] = waits.told(db, place, after(180))
    assert told.came == 0.5
    assert told.kept


@pytest.mark.usefixtures("known")
def test_what_was_told_first_is_not_told_anew(db: Db, place: Site, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    shown = waits.noted(db, turn_of(db, visit).id)
    with db.transaction():
        waits.note(db, turn_of(db, visit).id, after(3_000))
    assert waits.noted(db, turn_of(db, visit).id) == shown


@pytest.mark.usefixtures("known")
def test_what_is_undone_was_told_to_nobody(db: Db, place: Site, claire: Account) -> None:
    arrive(db, service_id=PARQUET, by=claire.id)
    last = undoable(db, claire.id, after(1))
    assert last
    undo(db, last.seq, claire.id, after(1))
    assert waits.told(db, place, after(60)) == []


def test_a_meeting_that_ends_today_counts_at_once(db: Db, place: Site, claire: Account) -> None:
    for nth in range(4):
        meeting(db, claire.id, MONDAY - timedelta(minutes=50 - nth * 10), 8, number=90 + nth)
    assert waits.wait_for(db, PARQUET, place, MONDAY) is None
    meeting(db, claire.id, MONDAY - timedelta(minutes=10), 8, number=95)
    assert waits.wait_for(db, PARQUET, place, MONDAY) is not None


def test_undone_turns_are_no_measure(db: Db, place: Site, claire: Account) -> None:
    for nth in range(9):
        at = MONDAY - timedelta(minutes=100 - nth * 10)
        meeting(db, claire.id, at, 8, number=90 + nth, state="undone")
    assert waits.wait_for(db, PARQUET, place, MONDAY) is None


def test_a_meeting_that_nobody_ended_is_not_believed(db: Db, place: Site, claire: Account) -> None:
    for week in range(1, 10):
        meeting(db, claire.id, MONDAY - timedelta(days=2 * week), 400, number=week)
    assert waits.wait_for(db, PARQUET, place, MONDAY) is None


@pytest.mark.usefixtures("known")
def test_the_waits_of_a_place_are_those_of_who_receives_there(db: Db, place: Site) -> None:
    assert set(waits.waits_at(db, place, MONDAY)) == {PARQUET}


@pytest.mark.usefixtures("known")
def test_somebody_who_left_is_waited_for_no_more(db: Db, place: Site) -> None:
    people = [arrive(db, service_id=PARQUET, at=after(nth)) for nth in range(4)]
    before = wait(db, people[-1])
    for visit in people[:-1]:
        visits.close(db, visit.id, "left", "an agent", after(4))
    now = wait(db, people[-1])
    assert before
    assert now
    assert now.low < before.low
