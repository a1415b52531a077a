"""The planning as people look at it: what is held, what was cancelled, how full each date is."""

from datetime import date, time

import pytest

from accueil.house.sites import Unknown
from accueil.planning import agenda, exceptions, series
from accueil.planning.agenda import Entry
from accueil.store.db import Db
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AIDE,
    ATELIER,
    AUTRE,
    FIRST,
    WEEK,
    book,
    make,
    occurrence_on,
)

NINE = paris(2026, 11, 30, 9)
LAST = FIRST + 3 * WEEK


def days(entries: list[Entry]) -> list[str]:
    return [f"{each.occurrence.permanence_id} {each.occurrence.day:%m-%d}" for each in entries]


def two(db: Db) -> None:
    """Mondays for help, and a workshop an hour later in the next room."""
    make(db)
    make(db, id="atelier", service_id=ATELIER, room_id=AUTRE, times=(("10:00", "11:00"),))


def test_what_is_held_from_a_day_to_another_by_hour(db: Db, little: None) -> None:
    two(db)
    assert days(agenda.between(db, FIRST, FIRST + WEEK)) == [
        "lundi 11-30",
        "atelier 11-30",
        "lundi 12-07",
        "atelier 12-07",
    ]
    assert agenda.between(db, FIRST - WEEK, date(2026, 11, 29)) == []


def test_of_one_site_and_of_some_services(db: Db, little: None) -> None:
    two(db)
    assert agenda.between(db, FIRST, LAST, site_id="annexe") == []
    assert len(agenda.between(db, FIRST, LAST, site_id="maison")) == 8
    assert days(agenda.between(db, FIRST, FIRST, service_ids=[ATELIER])) == ["atelier 11-30"]
    assert agenda.between(db, FIRST, LAST, service_ids=[]) == []


def test_how_full_a_date_is(db: Db, little: None) -> None:
    make(db, places=2)
    book(db, NINE, length=2)
    book(db, NINE)
    first, second, *_ = agenda.between(db, FIRST, LAST)
    assert (first.places, first.booked) == (12, 3)
    assert (second.places, second.booked) == (12, 0)
    for at, places in ((MONDAY, 9), (NINE, 9), (paris(2026, 11, 30, 11), 2)):
        assert agenda.left(db, FIRST, FIRST, at) == {first.occurrence.id: places}
    assert not any(agenda.left(db, FIRST, FIRST, paris(2026, 11, 30, 12)).values())
    assert agenda.left(db, FIRST, FIRST, MONDAY, site_id="annexe") == {}


def test_what_is_left_leaves_out_what_is_not_held(db: Db, little: None) -> None:
    make(db)
    day = occurrence_on(db, "11-30")
    with db.transaction():
        exceptions.cancel(db, [day], MONDAY)
    assert day not in agenda.left(db, FIRST, LAST, MONDAY)


def test_cancelled_by_hand_is_shown_if_asked(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        exceptions.cancel(db, [occurrence_on(db, "12-07")], MONDAY)
        series.end(db, "lundi", FIRST + 2 * WEEK, MONDAY)
    assert days(agenda.between(db, FIRST, LAST)) == ["lundi 11-30", "lundi 12-14"]
    shown = agenda.between(db, FIRST, LAST, cancelled=True)
    assert days(shown) == ["lundi 11-30", "lundi 12-07", "lundi 12-14"]
    assert [each.occurrence.status for each in shown][1] == "cancelled"
    assert (shown[1].places, shown[1].booked) == (0, 0)


def test_one_date(db: Db, little: None) -> None:
    make(db)
    found = agenda.entry(db, occurrence_on(db, "12-07")).occurrence
    assert (found.service_id, found.room, found.day) == (AIDE, "Petit bureau", FIRST + WEEK)
    assert (found.starts_at, found.ends_at) == (paris(2026, 12, 7, 9), paris(2026, 12, 7, 12))
    with pytest.raises(Unknown):
        agenda.entry(db, "nothing")


def test_the_next_dates_of_a_permanence(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        exceptions.cancel(db, [occurrence_on(db, "12-07")], MONDAY)
        exceptions.reschedule(
            db, occurrence_on(db, "12-14"), date(2026, 12, 16), time(9), time(10), MONDAY
        )
    assert days(agenda.next_of(db, "lundi", MONDAY)) == [
        "lundi 11-30",
        "lundi 12-07",
        "lundi 12-16",
        "lundi 12-21",
    ]
    assert days(agenda.next_of(db, "lundi", NINE, 2)) == ["lundi 12-07", "lundi 12-16"]
    assert agenda.next_of(db, "nothing", MONDAY) == []
