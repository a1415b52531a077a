from datetime import UTC, date, datetime, time, timedelta

import pytest

from accueil.house.sites import Site, Unknown, front_desk, room, rooms, site
from accueil.house.text import HouseText
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, MONDAY, PARQUET_ROOM, paris


@pytest.fixture
def bearn(db: Db, house: HouseText) -> Site:
    return site(db, BEARN)


def test_the_wall_shows_the_time_of_the_site(bearn: Site) -> None:
    assert bearn.wall_clock(MONDAY).strftime("%H:%M") == "09:20"


def test_the_day_changes_at_midnight_on_the_wall(bearn: Site) -> None:
    assert bearn.day(paris(2026, 11, 23, 23, 59)) == date(2026, 11, 23)
    assert bearn.day(paris(2026, 11, 24, 0, 1)) == date(2026, 11, 24)
    assert bearn.day(paris(2026, 7, 14, 23, 59)) == date(2026, 7, 14)
    assert bearn.day(paris(2026, 7, 15, 0, 1)) == date(2026, 7, 15)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 11, 23), 24)]
)
def test_a_day_lasts_as_long_as_the_clock_changes_make_it(
    bearn: Site, day: date, hours: int
) -> None:
    start = bearn.instant(day, time.min).astimezone(UTC)
    minutes = [start + timedelta(minutes=15 * n) for n in range(-8, hours * 4 + 8)]
    assert sum(bearn.day(minute) == day for minute in minutes) == hours * 4


@pytest.mark.parametrize(
    ("year", "month", "night"), [(2026, 10, 25), (2027, 3, 28)], ids=["autumn", "spring"]
)
def test_the_night_of_a_clock_change_begins_and_ends_at_midnight(
    bearn: Site, year: int, month: int, night: int
) -> None:
    day = date(year, month, night)
    assert bearn.day(paris(year, month, night - 1, 23, 59)) == day - timedelta(days=1)
    assert bearn.day(paris(year, month, night, 0, 1)) == day
    assert bearn.day(paris(year, month, night, 23, 59)) == day
    following = day + timedelta(days=1)
    assert bearn.day(paris(following.year, following.month, following.day, 0, 1)) == following


def test_an_hour_that_is_skipped_is_read_with_the_offset_before_it(bearn: Site) -> None:
    at = bearn.instant(date(2027, 3, 28), time(2, 30))
    assert at.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert bearn.wall_clock(at.astimezone(UTC)).time() == time(3, 30)


def test_an_hour_that_is_repeated_is_its_first_passage(bearn: Site) -> None:
    at = bearn.instant(date(2026, 10, 25), time(2, 30))
    assert at.astimezone(UTC) == paris(2026, 10, 25, 2, 30)
    assert paris(2026, 10, 25, 2, 30, fold=1) - at.astimezone(UTC) == timedelta(hours=1)


def test_both_passages_of_an_hour_are_the_same_day(bearn: Site) -> None:
    assert bearn.day(paris(2026, 10, 25, 2, 30)) == date(2026, 10, 25)
    assert bearn.day(paris(2026, 10, 25, 2, 30, fold=1)) == date(2026, 10, 25)


def test_the_front_desk_is_where_the_reception_is(bearn: Site, db: Db) -> None:
    assert front_desk(db) == bearn


def test_an_empty_house_has_no_front_desk(db: Db) -> None:
    with pytest.raises(Unknown):
        front_desk(db)


def test_a_room_knows_its_site_and_its_seats(db: Db, house: HouseText) -> None:
    assert room(db, PARQUET_ROOM).name == "Bureau 3"
    assert {each.seats for each in rooms(db, MANDELA)} == {1, 2}


def test_what_is_not_in_the_house_is_unknown(db: Db, house: HouseText) -> None:
    with pytest.raises(Unknown):
        site(db, "elsewhere")
    with pytest.raises(Unknown):
        room(db, "attic")
