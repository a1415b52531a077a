"""The numbers of a day: every visit once, nobody twice, no day missing."""

from datetime import date, timedelta

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Site, site
from accueil.planning import booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.reception import calls, overnight, visits
from accueil.reception.arriving import Door, arrive_for
from accueil.reception.change import undo
from accueil.reception.tally import LEAST_WAITS, Tally, tally
from accueil.reception.visits import OUTCOMES
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    MANDELA,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    after,
    arrive,
    claire_calling,
    paris,
    turn_of,
)

DAY = date(2026, 11, 23)


@pytest.fixture
def bearn(db: Db, house: object) -> Site:
    return site(db, BEARN)


def count(db: Db, place: Site, at: object = MONDAY, day: date = DAY) -> Tally:
    return tally(db, place, day, at)


def ends(found: Tally) -> int:
    """Everybody, by what became of them."""
    oriented, unmet = sum(found.oriented.values()), sum(found.unmet.values())
    return found.here + found.received + found.left + oriented + unmet


def receive(db: Db, claire: Account, visit: visits.Visit, minutes: float = 5) -> None:
    at = visit.arrived_at + timedelta(minutes=minutes)
    turn = turn_of(db, visit)
    calls.call(db, turn.id, claire_calling(claire), at)
    calls.receive(db, turn.id, claire.id, at)
    calls.finish(db, turn.id, claire.id, at)


def test_an_empty_day_counts_nobody(db: Db, bearn: Site) -> None:
    found = count(db, bearn)
    assert (found.came, ends(found), found.missed, found.absent, found.waits) == (0, 0, 0, 0, None)


def test_every_visit_counts_once_in_what_it_ended_with(
    db: Db, bearn: Site, claire: Account
) -> None:
    for outcome in OUTCOMES:
        visits.close(db, arrive(db, service_id=PARQUET).id, outcome, "x", after(60))
    receive(db, claire, arrive(db, service_id=PARQUET))
    arrive(db, service_id=PARQUET)
    found = count(db, bearn)
    assert found.came == ends(found) == len(OUTCOMES) + 2
    assert (found.here, found.received, found.left) == (1, 2, 1)
    assert found.oriented == {"appointment": 1, "relay": 1, "address": 1}
    assert found.unmet == {None: 1}


def test_whoever_leaves_after_being_received_was_received(
    db: Db, bearn: Site, claire: Account
) -> None:
    visit = arrive(db, service_id=PARQUET)
    turn = turn_of(db, visit)
    calls.call(db, turn.id, claire_calling(claire), after(60))
    calls.receive(db, turn.id, claire.id, after(61))
    visits.close(db, visit.id, "left", "x", after(120))
    found = count(db, bearn)
    assert (found.received, found.left) == (0, 1)


def test_what_was_missing_is_counted_by_its_word(db: Db, bearn: Site) -> None:
    for missing in ("hours", "language", "hours"):
        visit = arrive(db, service_id=PARQUET)
        visits.close(db, visit.id, "unmet", "x", after(60), missing=missing)
    assert count(db, bearn).unmet == {"hours": 2, "language": 1}


def test_an_arrival_that_was_taken_back_counts_nowhere(db: Db, bearn: Site) -> None:
    arrive(db, by="nadia", service_id=PARQUET)
    undo(db, db.all("SELECT max(seq) AS seq FROM journal")[0]["seq"], "nadia", after(5))
    assert ends(count(db, bearn)) == count(db, bearn).came == 0


def test_the_waits_are_from_the_line_to_the_first_call(
    db: Db, bearn: Site, claire: Account
) -> None:
    for minutes in (4, 10, 30):
        receive(db, claire, arrive(db, service_id=PARQUET), minutes)
    found = count(db, bearn).waits
    assert found
    assert (found.number, found.usual, found.most) == (3, 10, 30)


def test_a_call_that_was_taken_back_is_no_wait(db: Db, bearn: Site, claire: Account) -> None:
    turns = [turn_of(db, arrive(db, service_id=PARQUET)) for _ in range(LEAST_WAITS)]
    for nth, turn in enumerate(turns):
        calls.call(db, turn.id, claire_calling(claire), after(60 * nth))
        seq = db.all("SELECT max(seq) AS seq FROM journal")[0]["seq"]
        undo(db, seq, claire.id, after(60 * nth + 1))
    assert count(db, bearn).waits is None


def test_so_few_waits_would_say_how_long_one_person_waited(
    db: Db, bearn: Site, claire: Account
) -> None:
    for _ in range(LEAST_WAITS - 1):
        receive(db, claire, arrive(db, service_id=PARQUET))
    assert count(db, bearn).waits is None


def test_whoever_came_early_waits_from_their_hour(db: Db, bearn: Site, claire: Account) -> None:
    held = _booked(db, 10)
    for _ in range(LEAST_WAITS - 1):
        receive(db, claire, arrive(db, service_id=PARQUET), 0)
    early = arrive_for(db, held, Door(bearn, "desk"), "x", paris(2026, 11, 23, 9, 20)).turn
    assert early
    calls.call(db, early.id, claire_calling(claire), paris(2026, 11, 23, 10, 7))
    found = count(db, bearn).waits
    assert found
    assert found.most == 7


def test_who_did_not_come_to_their_appointment_or_to_their_call(
    db: Db, bearn: Site, claire: Account
) -> None:
    _booked(db, 10)
    _booked(db, 11)
    arrive_for(db, _booked(db, 12), Door(bearn, "desk"), "x", paris(2026, 11, 23, 11, 55))
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    calls.call(db, turn.id, claire_calling(claire), after(60))
    calls.did_not_come(db, turn.id, claire.id, after(120))
    assert count(db, bearn, paris(2026, 11, 23, 12, 29)).missed == 0
    found = count(db, bearn, paris(2026, 11, 23, 12, 30))
    assert (found.missed, found.absent) == (2, 1)


def test_who_the_night_found_waiting_is_counted_as_such(db: Db, bearn: Site) -> None:
    for _ in range(2):
        arrive(db, service_id=PARQUET)
    tired = arrive(db, service_id=PARQUET)
    visits.close(db, tired.id, "unmet", "x", after(60), missing="wait")
    overnight.end_past_days(db, paris(2026, 11, 24, 0, 10))
    found = count(db, bearn, paris(2026, 11, 24, 9))
    assert (found.unmet, found.overnight) == ({"wait": 3}, 2)


def test_another_address_has_its_own_numbers(db: Db, bearn: Site) -> None:
    arrive(db, site_id=MANDELA, service_id="ecs-clic6")
    assert count(db, bearn).came == 0
    assert count(db, site(db, MANDELA)).came == 1


@pytest.mark.parametrize(
    "days",
    [
        [date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26)],
        [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)],
        [date(2026, 12, 31), date(2027, 1, 1)],
    ],
)
def test_no_day_is_missing_nor_counted_twice(db: Db, bearn: Site, days: list[date]) -> None:
    """From midnight to midnight of the site's own clock, when it changes too."""
    for day in days:
        for hour, minute in ((0, 0), (23, 59)):
            arrive(db, at=paris(day.year, day.month, day.day, hour, minute), service_id=PARQUET)
    at = paris(2027, 6, 1, 12)
    overnight.end_past_days(db, at)
    assert [count(db, bearn, at, day).came for day in days] == [2] * len(days)
    around = (days[0] - timedelta(days=1), days[-1] + timedelta(days=1))
    assert [count(db, bearn, at, day).came for day in around] == [0, 0]


def _booked(db: Db, hour: int) -> Appointment:
    wanted, before = paris(2026, 11, 23, hour), paris(2026, 11, 20, 9)
    free = slots.free(db, MISSION_LOCALE, before, asker=slots.DESK, number=100, site_id=BEARN)
    [slot] = [each for each in free if each.starts_at == wanted]
    wish = Wish(slot_id=slot.id, code=new_code(), channel="desk", language="fr")
    return booking.book(db, wish, slots.DESK, "x", before)
