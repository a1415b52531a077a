"""The same button twice, an old page, a slot that moved: nobody gets another hour than the one
they saw, and what was done first may still be undone."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from accueil.house.sites import Unknown
from accueil.planning import appointments, booking, plans
from accueil.planning.changes import KEEP, Planned, carry_out
from accueil.planning.slots import DESK
from accueil.planning.undoing import TooLate, Undoable, undo, undoable
from accueil.store.db import Db
from accueil.store.instants import to_text
from tests.personae import MONDAY, after, paris
from tests.planning.little import (
    AIDE,
    GRAND,
    book,
    dump,
    held,
    make,
    nothing_is_lost,
    occurrence_on,
    slot_at,
    state_of,
)

NINE, TEN = paris(2026, 11, 30, 9), paris(2026, 11, 30, 10)
TUESDAY = date(2026, 12, 1)


def moving(db: Db) -> Planned:
    return plans.rescheduling(occurrence_on(db, "11-30"), TUESDAY, time(9), time(12), MONDAY)


def shortening(db: Db) -> Planned:
    day = occurrence_on(db, "11-30")
    return plans.rescheduling(day, date(2026, 11, 30), time(9), time(10), MONDAY)


def another_room(db: Db) -> Planned:
    return plans.in_room([occurrence_on(db, "11-30")], GRAND, MONDAY)


def cancelling(db: Db) -> Planned:
    return plans.cancelling([occurrence_on(db, "11-30")], MONDAY)


def do(db: Db, planned: Planned, seconds: float = 0) -> None:
    carry_out(db, planned, {}, "nadia", after(seconds), otherwise=KEEP)


def last(db: Db, seconds: float = 0) -> Undoable:
    found = undoable(db, "nadia", after(seconds))
    assert found
    return found


def test_a_visitor_never_books_another_hour_than_the_one_they_saw(db: Db, little: None) -> None:
    make(db)
    seen = slot_at(db, NINE)
    do(db, moving(db))
    with pytest.raises(Unknown):
        book(db, seen)
    assert book(db, slot_at(db, paris(2026, 12, 1, 9))).starts_at == paris(2026, 12, 1, 9)


def test_an_appointment_is_at_the_hour_of_its_slot_when_a_move_is_undone_too_late(
    db: Db, little: None
) -> None:
    make(db)
    do(db, moving(db))
    seq = last(db).seq
    visitor = book(db, paris(2026, 12, 1, 9), asker="visitor", by="visitor", at=after(3))
    with pytest.raises(TooLate):
        undo(db, seq, "nadia", after(5))
    assert state_of(db, visitor.id)["starts_at"] == to_text(visitor.starts_at)
    assert held(db)[0] == "12-01 09:00-12:00"
    nothing_is_lost(db, [visitor.id])


@pytest.mark.parametrize("plan", [shortening, moving, another_room])
def test_a_date_changed_twice_the_same_way_goes_back_to_where_it_was(
    db: Db, little: None, plan: Callable[[Db], Planned]
) -> None:
    make(db)
    before, planned = dump(db, "sequence", "changed_at"), plan(db)
    do(db, planned)
    once = dump(db)
    do(db, planned, seconds=1)
    assert dump(db) == once
    undo(db, last(db, 2).seq, "nadia", after(2))
    assert dump(db, "sequence", "changed_at") == before


def test_an_appointment_moved_twice_to_one_slot_goes_back_to_its_first(
    db: Db, little: None
) -> None:
    make(db)
    person, there = book(db, NINE), slot_at(db, TEN)
    for second in (1, 2):
        booking.move(db, person.id, there, DESK, "nadia", after(second))
    assert state_of(db, person.id)["sequence"] == person.sequence + 1
    undo(db, last(db, 3).seq, "nadia", after(3))
    assert state_of(db, person.id)["starts_at"] == to_text(NINE)
    nothing_is_lost(db, [person.id])


def test_saying_what_everybody_knows_leaves_the_last_change_to_be_undone(
    db: Db, little: None
) -> None:
    make(db)
    person = book(db, NINE)
    do(db, another_room(db))
    before = last(db)
    assert state_of(db, person.id)["tell"] is None
    booking.told(db, person.id, "nadia", MONDAY)
    assert last(db) == before


def test_asking_twice_to_come_earlier_keeps_one_s_place(db: Db, little: None) -> None:
    make(db)
    first, second = book(db, TEN), book(db, TEN + timedelta(minutes=30))
    for seconds, person in enumerate((first, second, first)):
        booking.ask_earlier(db, person.id, True, "visitor", after(seconds))
    waiting = [each.id for each in appointments.wanting_earlier(db, AIDE, after(4))]
    assert waiting == [first.id, second.id]


def test_a_date_kept_for_one_person_is_cancelled_when_they_cancel(db: Db, little: None) -> None:
    make(db)
    person = book(db, NINE)
    do(db, cancelling(db))
    assert held(db)[0] == "11-30 09:00-09:30"
    booking.cancel(db, person.id, "visitor", "visitor", after(20))
    assert held(db)[0] == "12-07 09:00-12:00"


def test_a_date_kept_for_two_people_stays_for_the_other(db: Db, little: None) -> None:
    make(db)
    one, other = book(db, NINE), book(db, TEN)
    do(db, cancelling(db))
    booking.cancel(db, one.id, "visitor", "visitor", after(20))
    assert held(db)[0].startswith("11-30")
    nothing_is_lost(db, [other.id])
