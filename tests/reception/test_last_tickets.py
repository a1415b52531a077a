"""No ticket more than the hours of a permanence can hold."""

from datetime import datetime

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Site, site
from accueil.house.text import HouseText
from accueil.orientation.answers import Answer, orient
from accueil.orientation.catalogue import read
from accueil.orientation.needs import need
from accueil.orientation.triage import Asking
from accueil.planning.permanences import NotReceiving
from accueil.reception.last_tickets import last_ticket
from accueil.store.db import Db
from tests.personae import BEARN, DESK, MISSION_LOCALE, PARQUET, after, arrive, paris
from tests.reception.measured import some_weeks

# The Parquet receives until 10:30: seven meetings of ten minutes more, from 9:20.
FEW, MANY = 3, 12


@pytest.fixture
def place(db: Db, house: HouseText) -> Site:
    return site(db, BEARN)


@pytest.fixture
def known(db: Db, claire: Account) -> None:
    some_weeks(db, claire.id)


def people(db: Db, number: int, **fields: object) -> None:
    for nth in range(number):
        arrive(db, service_id=PARQUET, at=after(nth), **fields)


@pytest.mark.usefixtures("known")
def test_the_last_ticket_is_given_when_the_line_fills_the_hours(db: Db, place: Site) -> None:
    people(db, FEW)
    assert not last_ticket(db, PARQUET, place, after(20))
    people(db, MANY - FEW)
    assert last_ticket(db, PARQUET, place, after(20))


def test_without_measures_nor_slots_every_ticket_is_given(db: Db, place: Site) -> None:
    people(db, MANY * 2)
    assert not last_ticket(db, PARQUET, place, after(30))


def test_without_measures_a_slot_each_is_what_is_planned(db: Db, place: Site) -> None:
    """The Mission locale receives until 12:30, half an hour each."""
    at = paris(2026, 11, 23, 11)
    for nth in range(2):
        arrive(db, service_id=MISSION_LOCALE, at=after(nth))
    assert not last_ticket(db, MISSION_LOCALE, place, at)
    arrive(db, service_id=MISSION_LOCALE, at=after(2))
    assert last_ticket(db, MISSION_LOCALE, place, at)


@pytest.mark.usefixtures("known")
def test_the_afternoon_begins_anew(db: Db, place: Site) -> None:
    people(db, MANY)
    assert not last_ticket(db, PARQUET, place, paris(2026, 11, 23, 13, 35))


def test_the_shared_desk_sends_nobody_away(db: Db, place: Site, nadia: Account) -> None:
    some_weeks(db, nadia.id)
    db.run("UPDATE queue_entry SET service_id = :desk", desk=DESK)
    for nth in range(60):
        arrive(db, at=after(nth))
    assert not last_ticket(db, DESK, place, after(61))


def answer(db: Db, place: Site, at: datetime) -> Answer:
    found = orient(db, read(db), place, Asking(need("droit").tags), at)
    return next(each for each in found.answers if each.service and each.service.id == PARQUET)


@pytest.mark.usefixtures("known")
def test_the_answer_gives_the_wait_then_the_next_hours(db: Db, place: Site) -> None:
    people(db, FEW)
    here = answer(db, place, after(20))
    assert (here.place, here.last_ticket, here.people_ahead) == ("here_now", False, FEW)
    assert here.wait
    people(db, MANY - FEW)
    later = answer(db, place, after(20))
    assert (later.place, later.last_ticket, later.wait) == ("here_on", True, None)
    assert later.occurrence
    assert place.wall_clock(later.occurrence.starts_at).strftime("%d %H:%M") == "23 13:30"


@pytest.mark.usefixtures("known")
def test_the_kiosk_gives_no_ticket_more_but_the_desk_may(db: Db, place: Site) -> None:
    people(db, MANY)
    with pytest.raises(NotReceiving):
        arrive(db, service_id=PARQUET, channel="kiosk", at=after(20))
    arrive(db, service_id=PARQUET, channel="desk", at=after(21))
