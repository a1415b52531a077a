"""What ought to be told, found in what is booked, moved and cancelled."""

from datetime import datetime, timedelta

import pytest

from accueil.house.text import HouseText
from accueil.messages.contacts import contact_of
from accueil.messages.filling import fill
from accueil.planning import booking
from accueil.planning.appointments import Appointment
from accueil.planning.changes import Decision, carry_out
from accueil.planning.plans import cancelling, in_room
from accueil.planning.undoing import undo, undoable
from accueil.store.db import Db
from tests.messages.people import MAIL, SOON, ask, every, kinds, of, send, told
from tests.personae import MONDAY, paris
from tests.web.bookings import again, book, free

TUESDAY = MONDAY + timedelta(days=1)
EVE, DAY = paris(2026, 11, 25, 10), paris(2026, 11, 26, 14)


def move(db: Db, held: Appointment, at: datetime, by: str = "an agent", nth: int = 3) -> None:
    tell = None if by == "visitor" else "moved"
    booking.move(db, held.id, free(db, number=9)[nth].id, "desk", by, at, tell)


def test_who_did_not_ask_is_told_nothing(db: Db, house: HouseText) -> None:
    held = book(db, name="Moussa", phone="06 18 42 04 84")
    booking.cancel(db, held.id, "house", "an agent", MONDAY, "cancelled")
    assert send(db, SOON) == []
    assert every(db) == []


def test_a_booking_is_confirmed_once(db: Db, house: HouseText) -> None:
    told(db)
    assert [send(db, SOON) for _ in range(3)] == [["confirmation"], [], []]
    assert kinds(db, "sent") == ["confirmation"]


def test_filling_twice_puts_nothing_twice(db: Db, house: HouseText) -> None:
    told(db)
    told(db, MAIL)
    assert [fill(db, SOON) for _ in range(3)] == [2, 0, 0]


def test_what_is_undone_at_once_is_told_to_nobody(db: Db, house: HouseText) -> None:
    held = told(db)
    last = undoable(db, "an agent", MONDAY)
    assert last
    assert send(db, MONDAY + timedelta(seconds=10)) == []
    undo(db, last.seq, "an agent", MONDAY + timedelta(seconds=9))
    assert again(db, held).state == "cancelled"
    assert send(db, SOON) == []


def test_each_move_is_told_once_with_what_is_then_true(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    for nth in (3, 4):
        at = again(db, held).changed_at + timedelta(minutes=5)
        move(db, held, at, nth=nth)
        assert [send(db, at + timedelta(minutes=1)) for _ in range(2)] == [["moved"], []]


def test_a_move_that_the_person_made_is_confirmed_too(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    move(db, held, TUESDAY, "visitor")
    assert send(db, TUESDAY + timedelta(minutes=1)) == ["moved"]


def test_moved_and_moved_back_at_once_nothing_has_changed(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    move(db, held, TUESDAY)
    fill(db, TUESDAY)
    last = undoable(db, "an agent", TUESDAY)
    assert last
    undo(db, last.seq, "an agent", TUESDAY + timedelta(seconds=5))
    assert send(db, TUESDAY + timedelta(minutes=1)) == []
    assert kinds(db, "dropped") == ["moved"]


def test_moved_before_it_was_confirmed_the_confirmation_says_it(db: Db, house: HouseText) -> None:
    held = told(db)
    fill(db, MONDAY)
    move(db, held, MONDAY + timedelta(seconds=8))
    later = MONDAY + timedelta(minutes=1)
    assert send(db, later) == ["confirmation"]
    assert again(db, held).tell is None
    assert send(db, later) == []


def test_another_room_is_told(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    change = in_room([held.occurrence_id], "bearn-bureau-6", TUESDAY)
    carry_out(db, change, {}, "an agent", TUESDAY, otherwise=Decision("tell"))
    assert send(db, TUESDAY + timedelta(minutes=1)) == ["moved"]


def test_a_change_that_was_chosen_not_to_be_told_is_not(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    change = in_room([held.occurrence_id], "bearn-bureau-6", TUESDAY)
    carry_out(db, change, {}, "an agent", TUESDAY, otherwise=Decision("keep"))
    assert send(db, TUESDAY + timedelta(minutes=1)) == []


def test_cancelled_by_the_house_it_is_told_once(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    decisions = {held.id: Decision("tell")}
    carry_out(db, cancelling([held.occurrence_id], TUESDAY), decisions, "an agent", TUESDAY)
    later = TUESDAY + timedelta(minutes=1)
    assert [send(db, later) for _ in range(2)] == [["cancelled"], []]
    assert again(db, held).tell is None, "the person knows"


def test_who_was_phoned_first_is_not_written_to(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    booking.cancel(db, held.id, "house", "an agent", TUESDAY, "cancelled")
    fill(db, TUESDAY)
    booking.told(db, held.id, "an agent", TUESDAY)
    assert send(db, TUESDAY + timedelta(minutes=1)) == []


def test_who_cancels_is_not_told_that_they_did(db: Db, house: HouseText) -> None:
    held = told(db)
    booking.cancel(db, held.id, "visitor", "visitor", SOON)
    assert send(db, TUESDAY) == []


def test_the_day_before_at_ten_there_is_a_reminder(db: Db, house: HouseText) -> None:
    told(db)
    send(db, SOON)
    assert send(db, EVE - timedelta(minutes=1)) == []
    assert [send(db, EVE) for _ in range(2)] == [["reminder"], []]
    assert send(db, DAY - timedelta(hours=2)) == []


def test_moved_to_another_day_it_is_reminded_anew(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    send(db, EVE)
    move(db, held, EVE + timedelta(minutes=5), nth=8)
    moved = again(db, held).starts_at
    assert moved - held.starts_at > timedelta(days=5)
    assert send(db, EVE + timedelta(minutes=6)) == ["moved"]
    assert send(db, moved - timedelta(days=1)) == ["reminder"]


def test_a_reminder_that_waits_for_another_day_is_dropped(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    fill(db, EVE)
    move(db, held, EVE + timedelta(minutes=5), nth=8)
    assert send(db, EVE + timedelta(minutes=6)) == ["moved"]
    assert kinds(db, "dropped") == ["reminder"]


@pytest.mark.parametrize("hour", [8, 11, 18])
def test_who_was_told_the_day_before_is_not_reminded_that_day(
    hour: int, db: Db, house: HouseText
) -> None:
    held = book(db)
    at = paris(2026, 11, 25, hour)
    ask(db, of(held), at=at)
    assert send(db, at + timedelta(minutes=1)) == ["confirmation"]
    assert send(db, paris(2026, 11, 25, 19)) == []


def test_the_server_was_off_the_day_before_so_the_morning_reminds(db: Db, house: HouseText) -> None:
    told(db)
    send(db, SOON)
    assert send(db, paris(2026, 11, 26, 3)) == []
    assert send(db, paris(2026, 11, 26, 8)) == ["reminder"]


def test_nobody_is_reminded_when_it_is_time_to_leave(db: Db, house: HouseText) -> None:
    told(db)
    send(db, SOON)
    assert send(db, DAY - timedelta(minutes=59)) == []
    assert send(db, DAY + timedelta(minutes=1)) == []


def test_what_the_house_changes_at_night_is_told_in_the_morning(db: Db, house: HouseText) -> None:
    held = told(db)
    send(db, SOON)
    night = paris(2026, 11, 23, 23)
    move(db, held, night)
    assert send(db, night + timedelta(hours=1)) == []
    assert send(db, paris(2026, 11, 24, 8)) == ["moved"]


def test_once_it_has_begun_nothing_is_told(db: Db, house: HouseText) -> None:
    held = told(db)
    fill(db, SOON)
    assert send(db, held.starts_at) == []
    assert kinds(db, "dropped") == ["confirmation"]


def test_asked_on_the_page_afterwards_it_is_confirmed(db: Db, house: HouseText) -> None:
    held = book(db)
    ask(db, of(held), MAIL, at=TUESDAY)
    assert contact_of(db, of(held))
    assert send(db, TUESDAY + timedelta(minutes=1)) == ["confirmation"]
