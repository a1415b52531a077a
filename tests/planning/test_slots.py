"""Slots: whole, on a grid that nothing shifts, kept for some, free for the others."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accueil.house.sites import Unknown
from accueil.planning import booking, exceptions, series, slots
from accueil.planning.grids import grid
from accueil.planning.slots import DESK, EARLIER, VISITOR, free
from accueil.store.db import Db
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AIDE,
    ATELIER,
    FIRST,
    WEEK,
    book,
    hours_of,
    make,
    occurrence_on,
    slot_at,
    starts,
)

NINE = paris(2026, 11, 30, 9)
HALF_HOURS = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
minutes = st.integers(0, 600).map(lambda n: timedelta(minutes=n))


@given(
    start=minutes,
    length=minutes,
    anchor=st.integers(-600, 600),
    step=st.integers(5, 480),
    breaks=st.lists(st.tuples(minutes, minutes), max_size=3),
)
def test_slots_are_whole_apart_inside_the_hours_and_never_shifted(
    start: timedelta,
    length: timedelta,
    anchor: int,
    step: int,
    breaks: list[tuple[timedelta, timedelta]],
) -> None:
    first, last = NINE + start, NINE + start + length
    at = NINE + timedelta(minutes=anchor)
    closed = [(NINE + begin, NINE + begin + long) for begin, long in breaks]
    found = grid(first, last, at, step, closed)
    without = grid(first, last, at, step)
    assert set(found) <= set(without)
    for begin, end in found:
        assert end - begin == timedelta(minutes=step)
        assert first <= begin < end <= last
        assert (begin - at) % timedelta(minutes=step) == timedelta()
        assert not any(begin < stop and end > pause for pause, stop in closed)
    for (_, end), (begin, _) in pairwise(found):
        assert end <= begin
    step_long = timedelta(minutes=step)
    fits = [n for n in range(-200, 400) if first <= at + n * step_long <= last - step_long]
    assert len(without) == len(fits)


def test_the_slots_of_a_morning(db: Db, little: None) -> None:
    make(db)
    assert starts(db, "11-30") == HALF_HOURS
    assert starts(db, "12-07") == HALF_HOURS


def test_what_is_left_at_the_end_is_no_slot(db: Db, little: None) -> None:
    make(db, times=(("09:00", "12:10"),), slot_minutes=45)
    assert starts(db, "11-30") == ["09:00", "09:45", "10:30", "11:15"]


def test_a_break_leaves_the_other_slots_where_they_are(db: Db, little: None) -> None:
    make(db, breaks=(("10:15", "10:30"),))
    assert starts(db, "11-30") == ["09:00", "09:30", "10:30", "11:00", "11:30"]


def test_an_absence_at_the_start_does_not_shift_the_grid(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        exceptions.be_absent(
            db,
            [occurrence_on(db, "11-30")],
            paris(2026, 11, 30, 8),
            paris(2026, 11, 30, 9, 50),
            MONDAY,
        )
    assert starts(db, "11-30") == ["10:00", "10:30", "11:00", "11:30"]


def test_a_booking_does_not_shift_the_grid(db: Db, little: None) -> None:
    make(db)
    book(db, paris(2026, 11, 30, 9, 30), length=2)
    assert starts(db, "11-30") == HALF_HOURS


def test_several_places_at_once(db: Db, little: None) -> None:
    make(db, places=3)
    found = free(db, AIDE, MONDAY, asker=DESK, number=2)
    assert hours_of(found) == ["11-30 09:00", "11-30 09:30"]
    assert [each.left for each in found] == [3, 3]
    book(db, found[0].id)
    assert [each.left for each in free(db, AIDE, MONDAY, asker=DESK, number=2)] == [2, 3]


def test_a_collective_session_is_one_slot_with_its_seats(db: Db, little: None) -> None:
    make(db, service_id=ATELIER, mode="collective", places=3, slot_minutes=None)
    assert starts(db, "11-30") == ["09:00"]
    for left in (3, 2, 1):
        [slot] = free(db, ATELIER, MONDAY, asker=DESK, number=1)
        assert (slot.left, slot.starts_at, slot.ends_at) == (left, NINE, paris(2026, 11, 30, 12))
        book(db, slot.id)
    assert hours_of(free(db, ATELIER, MONDAY, asker=DESK)) == [
        "12-07 09:00",
        "12-14 09:00",
        "12-21 09:00",
    ]


def test_a_break_inside_a_collective_session_sends_nobody_home(db: Db, little: None) -> None:
    make(db, service_id=ATELIER, mode="collective", places=3, breaks=(("10:15", "10:30"),))
    held = book(db, NINE)
    with db.transaction():
        series.edit(db, series.permanence(db, "lundi"), MONDAY)
    assert booking.appointment(db, held.id).starts_at == NINE
    assert starts(db, "11-30") == ["09:00"]


@pytest.mark.parametrize("mode", ["walk_in", "partners_only"])
def test_nobody_books_what_takes_no_appointments(db: Db, little: None, mode: str) -> None:
    make(db, mode=mode)
    assert free(db, AIDE, MONDAY, asker=DESK) == []


def test_nobody_books_without_a_length(db: Db, little: None) -> None:
    make(db, mode="both", slot_minutes=None)
    assert free(db, AIDE, MONDAY, asker=DESK) == []


def first_free(db: Db, asker: str, at: datetime = MONDAY) -> str:
    return hours_of(free(db, AIDE, at, asker=asker, number=1))[0]


def test_kept_slots_are_for_the_desk_until_their_release(db: Db, little: None) -> None:
    make(db, kept=2, released_days=3)
    assert first_free(db, DESK) == "11-30 09:00"
    assert first_free(db, VISITOR) == "11-30 10:00"
    assert first_free(db, EARLIER) == "11-30 10:00"
    assert first_free(db, "cramif") == "11-30 10:00"
    assert first_free(db, "parquet") == "11-30 09:00"
    assert first_free(db, VISITOR, NINE - timedelta(days=3, seconds=1)) == "11-30 10:00"
    assert first_free(db, VISITOR, NINE - timedelta(days=3)) == "11-30 09:00"


def test_kept_slots_are_for_the_partner_who_refers(db: Db, little: None) -> None:
    make(db, kept=1, kept_for="cramif", released_days=1)
    assert first_free(db, "cramif") == "11-30 09:00"
    assert first_free(db, DESK) == "11-30 09:30"
    assert first_free(db, DESK, NINE - timedelta(days=1)) == "11-30 09:00"


def test_the_least_and_the_greatest_notice_bind_visitors(db: Db, little: None) -> None:
    make(db, notice_minutes=60, ahead_days=5)
    late = NINE - timedelta(minutes=59)
    assert first_free(db, VISITOR, late) == "11-30 09:30"
    assert first_free(db, EARLIER, late) == "11-30 09:00"
    assert first_free(db, DESK, late) == "11-30 09:00"
    assert free(db, AIDE, NINE - timedelta(days=5, seconds=1)) == []
    assert first_free(db, VISITOR, NINE - timedelta(days=5)) == "11-30 09:00"
    assert first_free(db, "parquet") == "11-30 09:00"


def test_what_has_begun_is_no_longer_free(db: Db, little: None) -> None:
    make(db)
    assert first_free(db, DESK, NINE) == "11-30 09:30"


def test_free_slots_of_one_site_only(db: Db, little: None) -> None:
    make(db)
    assert free(db, AIDE, MONDAY, asker=DESK, site_id="annexe") == []
    assert len(free(db, AIDE, MONDAY, asker=DESK, site_id="maison", number=100)) == 24


def test_only_what_is_soon_enough_is_looked_for(db: Db, little: None) -> None:
    make(db)
    within = NINE + timedelta(minutes=31) - MONDAY
    assert hours_of(free(db, AIDE, MONDAY, asker=DESK, within=within)) == [
        "11-30 09:00",
        "11-30 09:30",
    ]


@pytest.mark.parametrize(
    ("day", "last"), [(date(2027, 3, 28), "2027-03-28"), (date(2027, 10, 31), "2027-10-31")]
)
def test_the_grid_of_a_day_when_the_clock_changes(
    db: Db, little: None, day: date, last: str
) -> None:
    make(db, rrule="FREQ=WEEKLY;BYDAY=SU", first_day=day, last_day=day, times=(("09:00", "11:00"),))
    assert starts(db, last) == ["09:00", "09:30", "10:00", "10:30"]


def test_an_hour_that_a_clock_change_skips_makes_no_slot(db: Db, little: None) -> None:
    sunday = date(2027, 3, 28)
    make(
        db,
        rrule="FREQ=WEEKLY;BYDAY=SU",
        first_day=sunday,
        last_day=sunday + WEEK,
        times=(("02:00", "03:00"),),
    )
    assert starts(db, "03-28") == []
    assert starts(db, "04-04") == ["02:00", "02:30"]


def test_a_slot_off_the_grid_goes_with_who_had_booked_it(db: Db, little: None) -> None:
    """Half an hour was booked, then slots became of three quarters."""
    make(db)
    held = book(db, paris(2026, 11, 30, 9, 30))
    with db.transaction():
        series.edit(db, make_longer(db), MONDAY)
    assert starts(db, "11-30") == ["09:30", "10:30", "11:15"]
    booking.cancel(db, held.id, "visitor", "visitor", MONDAY)
    assert starts(db, "11-30") == ["09:00", "09:45", "10:30", "11:15"]


def make_longer(db: Db) -> series.Permanence:
    return replace(series.permanence(db, "lundi"), slot_minutes=45)


def test_what_is_under_way_keeps_its_grid_when_somebody_gives_up(db: Db, little: None) -> None:
    make(db)
    held = book(db, paris(2026, 11, 30, 11))
    ten = paris(2026, 11, 30, 10)
    with db.transaction():
        series.edit(db, make_longer(db), ten)
    booking.cancel(db, held.id, "visitor", "visitor", ten)
    assert starts(db, "11-30") == HALF_HOURS


def test_one_slot_is_found_by_its_id(db: Db, little: None) -> None:
    make(db)
    found = slots.slot(db, slot_at(db, NINE))
    assert (found.starts_at, found.room, found.left) == (NINE, "Petit bureau", 1)
    with pytest.raises(Unknown):
        slots.slot(db, "nothing")


def test_the_same_change_tried_twice_makes_the_same_slots(db: Db, little: None) -> None:
    """What is proposed while a change is only tried can be chosen when it is carried out."""
    wanted = make(db, last_day=FIRST)
    ids = []
    for _ in range(2):
        try:
            with db.transaction():
                made = series.edit_following(
                    db, moved_on(wanted), FIRST + timedelta(days=1), MONDAY
                )
                ids.append([each.id for each in free(db, AIDE, MONDAY, asker=DESK, number=50)])
                raise LookupError(made)
        except LookupError as error:
            ids[-1].append(str(error))
    assert ids[0] == ids[1]
    assert len(ids[0]) == 13


def moved_on(wanted: series.Permanence) -> series.Permanence:
    tuesday = FIRST + timedelta(days=1)
    return replace(wanted, rrule="FREQ=WEEKLY;BYDAY=TU", first_day=tuesday, last_day=tuesday)
