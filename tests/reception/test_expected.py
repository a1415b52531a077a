"""Expected today: to come, late, missed, arrived."""

from datetime import datetime

import pytest

from accueil.house.sites import Site, site
from accueil.planning import booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.reception import passages
from accueil.reception.arriving import Door, arrive_for
from accueil.reception.change import undo
from accueil.reception.day import receptions
from accueil.reception.expected import Expected, expected
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, DESK, MANDELA, MISSION_LOCALE, paris

FRIDAY = paris(2026, 11, 20, 9)


@pytest.fixture
def bearn(db: Db, house: object) -> Site:
    return site(db, BEARN)


@pytest.fixture
def held(db: Db, bearn: Site) -> Appointment:
    return book(db, 10)


def book(db: Db, hour: int, day: int = 23) -> Appointment:
    wanted = paris(2026, 11, day, hour)
    free = slots.free(db, MISSION_LOCALE, FRIDAY, asker=slots.DESK, number=200, site_id=BEARN)
    [slot] = [each for each in free if each.starts_at == wanted]
    wish = Wish(slot_id=slot.id, code=new_code(), channel="desk", language="fr")
    return booking.book(db, wish, slots.DESK, "x", FRIDAY)


def monday(hour: int, minute: int = 0) -> datetime:
    return paris(2026, 11, 23, hour, minute)


def look(db: Db, place: Site, at: datetime) -> list[Expected]:
    return expected(db, place, receptions(db, place.id, at), at)


@pytest.mark.parametrize(
    ("hour", "minute", "state"),
    [
        (9, 0, "to come"),
        (10, 0, "to come"),
        (10, 10, "to come"),
        (10, 11, "late"),
        (12, 29, "late"),
        (12, 30, "missed"),
    ],
)
def test_what_an_appointment_is_at_each_hour(
    hour: int, minute: int, state: str, db: Db, bearn: Site, held: Appointment
) -> None:
    [found] = look(db, bearn, monday(hour, minute))
    assert (found.appointment, found.state) == (held, state)


def test_once_checked_in_it_is_arrived_wherever_its_person_goes(
    db: Db, bearn: Site, held: Appointment
) -> None:
    arrived = arrive_for(db, held, Door(bearn, "desk"), "nadia", monday(9, 55))
    assert arrived.turn
    assert arrived.visit
    passages.hand_over(db, arrived.turn.id, DESK, "nadia", monday(9, 56))
    [found] = look(db, bearn, monday(12, 30))
    assert (found.state, found.visit_id) == ("arrived", arrived.visit.id)
    assert found.number == arrived.visit.number


def test_a_check_in_that_was_undone_is_no_arrival(db: Db, bearn: Site, held: Appointment) -> None:
    arrive_for(db, held, Door(bearn, "desk"), "nadia", monday(9, 55))
    seq = db.all("SELECT max(seq) AS seq FROM journal")[0]["seq"]
    undo(db, seq, "nadia", monday(9, 55))
    [found] = look(db, bearn, monday(9, 56))
    assert (found.state, found.visit_id) == ("to come", None)


def test_the_cancelled_other_days_and_other_addresses_are_left_out(
    db: Db, bearn: Site, held: Appointment
) -> None:
    book(db, 10, day=30)
    booking.cancel(db, held.id, "visitor", "visitor", FRIDAY)
    assert look(db, bearn, monday(9)) == []
    assert look(db, site(db, MANDELA), monday(9)) == []


def test_they_come_by_hour(db: Db, bearn: Site, held: Appointment) -> None:
    book(db, 9)
    hours = [each.appointment.starts_at for each in look(db, bearn, monday(8))]
    assert hours == [monday(9), monday(10)]
