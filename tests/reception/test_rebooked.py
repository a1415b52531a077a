"""Somebody who is checked in has their appointment moved or cancelled: their turn follows."""

from datetime import datetime, timedelta

import pytest

from accueil.house.text import HouseText
from accueil.planning import booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.slots import DESK as DESK_ASKS
from accueil.reception import queue, rebooked, visits
from accueil.reception.queue import Entry
from accueil.store.db import Db
from tests.personae import MISSION_LOCALE, MONDAY
from tests.reception.test_arriving import MINUTE, TEN, book, scan
from tests.web.bookings import new_code

NOW = TEN - 30 * MINUTE


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def held(db: Db, house: HouseText, code: str) -> Appointment:
    """Awa, at ten, who has come early."""
    found = book(db, code)
    scan(db, code, -40)
    return found


def move(db: Db, held: Appointment, to: datetime, by: str) -> None:
    free = slots.free(db, MISSION_LOCALE, MONDAY, asker=DESK_ASKS, number=200)
    slot = next(each for each in free if each.starts_at == to)
    booking.move(db, held.id, slot.id, DESK_ASKS, by, NOW)
    assert rebooked.follow(db, by, NOW) == 1
    assert rebooked.follow(db, by, NOW) == 0


def turn(db: Db) -> Entry:
    [row] = db.all("SELECT id FROM queue_entry")
    return queue.entry(db, row["id"])


def test_moved_within_the_day_the_turn_has_the_new_hour(db: Db, held: Appointment) -> None:
    later = TEN + timedelta(hours=1)
    move(db, held, later, "nadia")
    assert (turn(db).state, turn(db).due_at) == ("waiting", later)


def test_moved_to_another_day_by_the_desk_the_person_is_still_seen(
    db: Db, held: Appointment
) -> None:
    move(db, held, TEN + timedelta(days=1), "nadia")
    assert turn(db).state == "moved"
    assert visits.visit(db, turn(db).visit_id).closed_at is None


def test_moved_on_their_own_phone_they_have_left_with_it(db: Db, held: Appointment) -> None:
    move(db, held, TEN + timedelta(days=1), "visitor")
    assert visits.visit(db, turn(db).visit_id).outcome == "appointment"


@pytest.mark.parametrize(("by", "outcome"), [("visitor", "left"), ("nadia", None)])
def test_cancelled_nobody_is_called_for_it(
    db: Db, held: Appointment, code: str, by: str, outcome: str | None
) -> None:
    booking.cancel(db, held.id, "visitor", by, NOW)
    rebooked.follow(db, by, NOW)
    assert turn(db).state == "moved"
    assert visits.visit(db, turn(db).visit_id).outcome == outcome
    assert scan(db, code, -20).answer == "cancelled"
