from dataclasses import replace
from datetime import date

import holidays

from accueil.house.text import ClosureText, HouseText
from accueil.planning.closures import PUBLIC_HOLIDAYS, closed_days
from accueil.planning.permanences import of_day
from accueil.planning.timetable import load
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, MONDAY, paris

CHRISTMAS_WEEK = ClosureText(date(2026, 12, 21), date(2026, 12, 23), "Fermeture de fin d’année")


def reasons(db: Db, *days: str) -> list[str | None]:
    closed = closed_days(db, date(2026, 1, 1), date(2027, 12, 31))
    return [closed.get(date.fromisoformat(day)) for day in days]


def test_the_eleven_public_holidays_are_closed(db: Db) -> None:
    closed = closed_days(db, date(2027, 1, 1), date(2027, 12, 31))
    assert sorted(day.isoformat() for day in closed) == [
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


def test_holidays_of_elsewhere_are_working_days(db: Db) -> None:
    assert reasons(db, "2026-12-26", "2027-03-26") == [None, None]


def test_only_the_days_asked_for_are_given(db: Db) -> None:
    assert closed_days(db, date(2026, 12, 26), date(2026, 12, 31)) == {}
    assert list(closed_days(db, date(2026, 12, 25), date(2026, 12, 25))) == [date(2026, 12, 25)]


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


def test_the_public_holidays_are_those_of_the_library_for_ten_years_and_more() -> None:
    years = range(min(PUBLIC_HOLIDAYS).year, max(PUBLIC_HOLIDAYS).year + 1)
    known = holidays.country_holidays("FR", years=years, language="fr")
    assert dict(known.items()) == PUBLIC_HOLIDAYS
    assert max(PUBLIC_HOLIDAYS).year >= date.today().year + 10
