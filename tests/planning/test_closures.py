from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import holidays
import pytest

from accueil.house.sites import Unknown
from accueil.house.text import ClosureText, HouseText
from accueil.planning import closures
from accueil.planning.closures import (
    ALSACE_MOSELLE,
    EVERYWHERE,
    PUBLIC_HOLIDAYS,
    SCHOOL_HOLIDAYS,
    BadClosure,
    Closure,
    closed_days,
    suggestions,
    zone_of,
)
from accueil.planning.permanences import of_day
from accueil.planning.timetable import load
from accueil.store.db import Db
from accueil.store.errors import Taken
from tests.personae import BEARN, MANDELA, MONDAY, paris

CHRISTMAS_WEEK = ClosureText(date(2026, 12, 21), date(2026, 12, 23), "Fermeture de fin d’année")
WINTER = Closure(
    "winter", "school", None, "C", date(2027, 2, 6), date(2027, 2, 21), "Vacances d’hiver"
)
EVERYBODY = EVERYWHERE | {"alsace-moselle", "school-a", "school-b", "school-c"}
SINCE = date(2026, 11, 23)


def reasons(
    db: Db, *days: str, keeping: frozenset[str] = EVERYWHERE, site_id: str = BEARN
) -> list[str | None]:
    """Why a permanence that keeps those closures is not held on each of these days."""
    closed = closed_days(db, date(2026, 1, 1), date(2027, 12, 31))
    return [closed.reason(date.fromisoformat(day), site_id, keeping) for day in days]


def add(db: Db, new: Closure) -> None:
    with db.transaction():
        closures.add(db, new)


def test_the_eleven_public_holidays_are_closed(db: Db) -> None:
    closed = closed_days(db, date(2027, 1, 1), date(2027, 12, 31))
    year = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [each.isoformat() for each in year if closed.reason(each, BEARN, EVERYWHERE)] == [
        "2027-01-01",
        "2027-03-29",
        "2027-05-01",
        "2027-05-06",
        "2027-05-08",
        "2027-05-17",
        "2027-07-14",
        "2027-08-15",
        "2027-11-01",
        "2027-11-11",
        "2027-12-25",
    ]


def test_a_public_holiday_has_its_french_name(db: Db) -> None:
    assert reasons(db, "2026-12-25", "2027-01-01", "2027-03-29") == [
        "Noël",
        "Jour de l'an",
        "Lundi de Pâques",
    ]


def test_a_permanence_that_keeps_no_holiday_is_held(db: Db) -> None:
    assert reasons(db, "2026-12-25", keeping=frozenset({"house"})) == [None]


def test_the_days_of_alsace_and_moselle_are_for_whoever_keeps_them(db: Db) -> None:
    assert reasons(db, "2026-12-26", "2027-03-26") == [None, None]
    keeping = EVERYWHERE | {"alsace-moselle"}
    assert reasons(db, "2026-12-26", "2027-03-26", keeping=keeping) == [
        "Saint-Étienne",
        "Vendredi saint",
    ]


def test_nobody_receives_on_a_public_holiday(db: Db, house: HouseText) -> None:
    for day in (paris(2026, 12, 25, 10), paris(2027, 1, 1, 10), paris(2027, 3, 29, 10)):
        assert of_day(db, BEARN, day) == []
        assert of_day(db, MANDELA, day) == []
    assert of_day(db, BEARN, paris(2026, 12, 24, 10)) != []


def test_a_closure_of_the_house_closes_its_first_and_last_days(db: Db, house: HouseText) -> None:
    load(db, replace(house, closures=(CHRISTMAS_WEEK,)), MONDAY)
    assert reasons(db, "2026-12-20", "2026-12-21", "2026-12-23", "2026-12-24") == [
        None,
        CHRISTMAS_WEEK.reason,
        CHRISTMAS_WEEK.reason,
        None,
    ]
    assert of_day(db, BEARN, paris(2026, 12, 22, 10)) == []
    assert of_day(db, BEARN, paris(2026, 12, 24, 10)) != []


def test_a_closure_that_left_the_text_is_open_again(db: Db, house: HouseText) -> None:
    before = of_day(db, BEARN, paris(2026, 12, 22, 10))
    load(db, replace(house, closures=(CHRISTMAS_WEEK,)), MONDAY)
    load(db, house, MONDAY)
    found = of_day(db, BEARN, paris(2026, 12, 22, 10))
    assert [(each.permanence_id, each.starts_at) for each in found] == [
        (each.permanence_id, each.starts_at) for each in before
    ]


def test_a_closure_added_on_the_screens_outlives_the_text(db: Db, house: HouseText) -> None:
    strike = Closure("strike", "house", None, "", date(2027, 1, 5), date(2027, 1, 5), "Grève")
    add(db, strike)
    load(db, house, MONDAY)
    assert [each.reason for each in closures.closures(db, SINCE)] == ["Grève"]


def test_a_closure_of_the_text_reopened_on_the_screens_stays_reopened(
    db: Db, house: HouseText
) -> None:
    text = replace(house, closures=(CHRISTMAS_WEEK,))
    load(db, text, MONDAY)
    [closed] = closures.closures(db, SINCE)
    with db.transaction():
        closures.remove(db, closed.id)
    for _ in range(2):
        assert closures.closures(db, SINCE) == []
        assert reasons(db, "2026-12-22") == [None]
        with pytest.raises(Unknown):
            closures.closure(db, closed.id)
        load(db, text, MONDAY)


def test_what_was_reopened_may_be_closed_again(db: Db, house: HouseText) -> None:
    text = replace(house, closures=(CHRISTMAS_WEEK,))
    load(db, text, MONDAY)
    [closed] = closures.closures(db, SINCE)
    with db.transaction():
        closures.remove(db, closed.id)
        closures.add(db, replace(closed, id="again"))
    load(db, text, MONDAY)
    assert [each.id for each in closures.closures(db, SINCE)] == ["again"]


def test_one_site_closed_leaves_the_others_open(db: Db, house: HouseText) -> None:
    add(db, Closure("works", "house", MANDELA, "", date(2027, 1, 5), date(2027, 1, 5), "Travaux"))
    assert reasons(db, "2027-01-05") == [None]
    assert reasons(db, "2027-01-05", site_id=MANDELA) == ["Travaux"]


def test_school_holidays_close_whoever_keeps_their_zone(db: Db) -> None:
    add(db, WINTER)
    assert reasons(db, "2027-02-10") == [None]
    assert reasons(db, "2027-02-10", keeping=EVERYWHERE | {"school-a"}) == [None]
    keeping = EVERYWHERE | {"school-c"}
    assert reasons(db, "2027-02-05", "2027-02-06", "2027-02-21", "2027-02-22", keeping=keeping) == [
        None,
        WINTER.reason,
        WINTER.reason,
        None,
    ]


def test_suggested_holidays_close_nothing(db: Db) -> None:
    assert WINTER.first_day in [each.first_day for each in suggestions(db, "C", SINCE)]
    assert reasons(db, "2027-02-10", keeping=EVERYBODY) == [None]


def test_what_was_confirmed_is_suggested_no_more_whatever_its_dates(db: Db) -> None:
    before = suggestions(db, "C", SINCE)
    add(db, replace(WINTER, first_day=WINTER.first_day + timedelta(days=1)))
    gone = [each for each in before if each not in suggestions(db, "C", SINCE)]
    assert [(each.first_day, each.reason) for each in gone] == [
        (WINTER.first_day, "Vacances d’hiver")
    ]
    assert suggestions(db, "A", SINCE) == [
        each for each in SCHOOL_HOLIDAYS if each.zone == "A" and each.last_day >= SINCE
    ]


@pytest.mark.parametrize("days", [-1, 366, 10_000])
def test_a_closure_is_in_the_right_order_and_of_a_year_at_most(db: Db, days: int) -> None:
    with pytest.raises(BadClosure):
        add(db, replace(WINTER, last_day=WINTER.first_day + timedelta(days=days)))
    assert closures.closures(db, SINCE) == []


def test_the_same_closure_twice_is_refused(db: Db) -> None:
    add(db, WINTER)
    with pytest.raises(Taken):
        add(db, replace(WINTER, id="again", reason="Une autre raison"))
    add(db, replace(WINTER, id="zone-a", zone="A"))
    assert len(closures.closures(db, SINCE)) == 2


@pytest.mark.parametrize(
    ("postcode", "zone"),
    [
        ("94550", "C"),
        ("69001", "A"),
        ("13001", "B"),
        ("75020", "C"),
        ("20000", ""),
        ("97400", ""),
        ("", ""),
    ],
)
def test_a_postcode_tells_its_school_zone(postcode: str, zone: str) -> None:
    assert zone_of(postcode) == zone


# ---- the data, held against the library ------------------------------------------------------


def test_the_public_holidays_are_those_of_the_library_for_ten_years_and_more() -> None:
    years = range(min(PUBLIC_HOLIDAYS).year, max(PUBLIC_HOLIDAYS).year + 1)
    known = holidays.country_holidays("FR", years=years, language="fr")
    assert dict(known.items()) == PUBLIC_HOLIDAYS
    assert max(PUBLIC_HOLIDAYS).year >= date.today().year + 10


@pytest.mark.parametrize("subdivision", ["57", "6AE"])
def test_alsace_and_moselle_have_two_days_more(subdivision: str) -> None:
    years = range(min(PUBLIC_HOLIDAYS).year, max(PUBLIC_HOLIDAYS).year + 1)
    known = holidays.country_holidays("FR", subdiv=subdivision, years=years, language="fr")
    assert dict(known.items()) == PUBLIC_HOLIDAYS | ALSACE_MOSELLE


def inside(zone: str) -> Iterator[tuple[date, str]]:
    for each in SCHOOL_HOLIDAYS:
        if each.zone == zone:
            for number in range((each.last_day - each.first_day).days + 1):
                yield each.first_day + timedelta(days=number), each.reason


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_school_holidays_are_those_of_the_library(zone: str) -> None:
    ours = dict(inside(zone))
    years = range(min(ours).year, max(ours).year + 1)
    known = holidays.country_holidays(
        "FR", subdiv=f"Zone {zone}", categories="school", years=years, language="fr"
    )
    expected = {day: name.replace("'", "’") for day, name in known.items()}
    assert ours == {day: name for day, name in expected.items() if min(ours) <= day <= max(ours)}
    assert max(ours).year >= date.today().year + 2


@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_each_school_holiday_is_told_once(zone: str) -> None:
    days = [day for day, _ in inside(zone)]
    assert len(days) == len(set(days))
    assert all(each.first_day <= each.last_day for each in SCHOOL_HOLIDAYS)
