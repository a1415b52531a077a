from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec
import pytest

from accueil.house.sites import site
from accueil.house.text import HouseText, Mistake, PermanenceText
from accueil.planning import hours
from accueil.planning.horizon import top_up
from accueil.planning.permanences import (
    NotReceiving,
    Occurrence,
    ahead,
    assumptions,
    coming_days,
    hours_of,
    of_day,
    refuse_if_absent,
)
from accueil.planning.timetable import load
from accueil.store.db import Db
from accueil.store.errors import Refused
from tests.personae import BEARN, MAISON_POUR_TOUS, MANDELA, MONDAY, PARQUET, paris

NOUVELLES_VOIES = "ecs-nouvelles-voies"


def permanence(house: HouseText, permanence_id: str, **changes: object) -> PermanenceText:
    """One permanence of the house's text, changed."""
    found = next(each for each in house.permanences if each.id == permanence_id)
    return msgspec.structs.replace(found, **changes)


def changed(house: HouseText, permanence_id: str, **changes: object) -> HouseText:
    """The house where one permanence reads otherwise."""
    return replace(
        house,
        permanences=tuple(
            permanence(house, each.id, **changes) if each.id == permanence_id else each
            for each in house.permanences
        ),
    )


def names(occurrences: list[Occurrence]) -> list[str]:
    return [each.permanence_id for each in occurrences]


def days_of(db: Db, permanence_id: str) -> list[str]:
    rows = db.all(
        "SELECT day FROM occurrence WHERE permanence_id = :id AND status = 'scheduled'"
        " ORDER BY starts_at",
        id=permanence_id,
    )
    return [row["day"] for row in rows]


def everything(db: Db) -> list[dict[str, object]]:
    return db.all(
        "SELECT permanence_id, original_start, room_id, starts_at, ends_at, status"
        " FROM occurrence ORDER BY permanence_id, original_start"
    )


def here_now(db: Db, site_id: str, at: datetime) -> list[Occurrence]:
    return [occurrence for occurrence in of_day(db, site_id, at) if occurrence.is_on(at)]


def test_who_is_here_on_monday_at_9_20(db: Db, house: HouseText) -> None:
    assert names(here_now(db, BEARN, MONDAY)) == [
        "accueil-partage",
        "mission-locale",
        "as-accueil",
        "parquet-lundi",
        "as-accompagnement",
    ]
    assert sorted(names(here_now(db, MANDELA, MONDAY))) == ["clic6", "petite-enfance-bureau"]
    assert here_now(db, MAISON_POUR_TOUS, MONDAY) == []


def test_the_parquet_is_here_from_9_to_10_30_and_from_13_30_to_17_30(
    db: Db, house: HouseText
) -> None:
    def is_here(hour: int, minute: int) -> bool:
        return "parquet-lundi" in names(here_now(db, BEARN, paris(2026, 11, 23, hour, minute)))

    shown = [(8, 59), (9, 0), (10, 29), (10, 30), (11, 0), (13, 30), (17, 29), (17, 30)]
    assert [is_here(*each) for each in shown] == [
        False, True, True, False, False, True, True, False,
    ]  # fmt: skip


def test_an_occurrence_says_where_and_how_it_receives(db: Db, house: HouseText) -> None:
    found = next(each for each in here_now(db, BEARN, MONDAY) if each.service_id == PARQUET)
    assert (found.room, found.day, found.assumed) == ("Bureau 3", date(2026, 11, 23), ("room",))
    assert (found.takes_walk_ins(), found.takes_appointments()) == (True, False)
    assert (found.starts_at, found.ends_at) == (
        paris(2026, 11, 23, 9),
        paris(2026, 11, 23, 10, 30),
    )


def test_nobody_is_here_on_a_sunday_or_at_night(db: Db, house: HouseText) -> None:
    assert of_day(db, BEARN, paris(2026, 11, 29, 10)) == []
    assert here_now(db, BEARN, paris(2026, 11, 23, 3)) == []


def test_first_and_fifth_wednesdays(db: Db, house: HouseText) -> None:
    assert days_of(db, "parquet-mercredis")[:5] == [
        "2026-12-02",
        "2026-12-30",
        "2027-01-06",
        "2027-02-03",
        "2027-03-03",
    ]


def test_nouvelles_voies_is_here_one_thursday_and_at_the_maison_pour_tous_the_next(
    db: Db, house: HouseText
) -> None:
    here = days_of(db, "nouvelles-voies-bearn")
    there = days_of(db, "nouvelles-voies-maison-pour-tous")
    assert here[:2] == ["2026-11-26", "2026-12-10"]
    assert there[:2] == ["2026-12-03", "2026-12-17"]
    assert not set(here) & set(there)
    found = ahead(db, NOUVELLES_VOIES, MONDAY)
    assert [(each.site_id, each.day.isoformat()) for each in found] == [
        (BEARN, "2026-11-26"),
        (MAISON_POUR_TOUS, "2026-12-03"),
    ]


def test_the_hours_on_the_wall_stay_when_the_clock_changes(db: Db, house: HouseText) -> None:
    rows = db.all(
        "SELECT starts_at FROM occurrence WHERE permanence_id = 'parquet-lundi'"
        " AND day IN ('2027-03-22', '2027-04-05', '2027-10-25', '2027-11-08') ORDER BY starts_at"
    )
    mornings = [row["starts_at"][:16] for row in rows][::2]
    assert mornings == [
        "2027-03-22T08:00",
        "2027-04-05T07:00",
        "2027-10-25T07:00",
        "2027-11-08T08:00",
    ]


def test_ahead_gives_what_is_under_way_before_what_comes_next(db: Db, house: HouseText) -> None:
    assert [each.starts_at for each in ahead(db, PARQUET, MONDAY)] == [paris(2026, 11, 23, 9)]
    at_11 = ahead(db, PARQUET, paris(2026, 11, 23, 11))
    assert [each.starts_at for each in at_11] == [paris(2026, 11, 23, 13, 30)]
    evening = ahead(db, PARQUET, paris(2026, 11, 23, 17, 30))
    assert [each.starts_at for each in evening] == [paris(2026, 11, 30, 9)]


def test_the_coming_days_show_once_what_is_not_here_today(db: Db, house: HouseText) -> None:
    found = names(coming_days(db, BEARN, MONDAY, 7))
    assert "aef94-mardi" in found
    assert "parquet-lundi" not in found
    assert len(found) == len(set(found))


def test_the_hours_of_a_day_are_its_morning_and_its_afternoon(db: Db, house: HouseText) -> None:
    found = next(each for each in of_day(db, BEARN, MONDAY) if each.service_id == PARQUET)
    assert hours_of(db, found) == [
        (paris(2026, 11, 23, 9), paris(2026, 11, 23, 10, 30)),
        (paris(2026, 11, 23, 13, 30), paris(2026, 11, 23, 17, 30)),
    ]


def test_a_service_receives_only_while_it_is_here(db: Db, house: HouseText) -> None:
    refuse_if_absent(db, PARQUET, site(db, BEARN), False, MONDAY)
    for at in (paris(2026, 11, 23, 11), paris(2026, 11, 24, 9, 20), paris(2026, 11, 23, 10, 30)):
        with pytest.raises(NotReceiving):
            refuse_if_absent(db, PARQUET, site(db, BEARN), False, at)


def test_a_service_receives_only_where_it_is(db: Db, house: HouseText) -> None:
    refuse_if_absent(db, "ecs-clic6", site(db, MANDELA), False, MONDAY)
    with pytest.raises(NotReceiving):
        refuse_if_absent(db, "ecs-clic6", site(db, BEARN), False, MONDAY)


def test_an_appointment_is_announced_from_the_morning_until_it_is_over(
    db: Db, house: HouseText
) -> None:
    thursday = paris(2026, 11, 26, 9)
    refuse_if_absent(db, "ecs-cramif", site(db, BEARN), True, thursday)
    with pytest.raises(NotReceiving):
        refuse_if_absent(db, "ecs-cramif", site(db, BEARN), False, paris(2026, 11, 26, 14))
    for at in (paris(2026, 11, 26, 17), MONDAY):
        with pytest.raises(NotReceiving):
            refuse_if_absent(db, "ecs-cramif", site(db, BEARN), True, at)


def test_nobody_has_an_appointment_with_a_service_that_gives_none(db: Db, house: HouseText) -> None:
    with pytest.raises(NotReceiving):
        refuse_if_absent(db, PARQUET, site(db, BEARN), True, MONDAY)


def test_what_the_text_supposes_is_listed_by_service(db: Db, house: HouseText) -> None:
    found = assumptions(db)
    assert (
        "ecs-edf-precarite",
        permanence(house, "edf-vendredi").said,
        ("hours", "room", "slot"),
    ) in found
    assert [service for service, _, _ in found] == sorted(service for service, _, _ in found)


def test_occurrences_are_made_thirteen_months_ahead(db: Db, house: HouseText) -> None:
    last = db.all("SELECT max(day) AS day FROM occurrence")[0]["day"]
    assert last == (date(2026, 11, 23) + timedelta(days=396)).isoformat() == "2027-12-24"


def test_topping_up_again_makes_nothing(db: Db, house: HouseText) -> None:
    before = everything(db)
    assert top_up(db, MONDAY) == 0
    assert top_up(db, MONDAY + timedelta(hours=8)) == 0
    assert everything(db) == before


def test_topping_up_a_week_later_makes_that_week(db: Db, house: HouseText) -> None:
    before = everything(db)
    made = top_up(db, MONDAY + timedelta(days=7))
    assert made > 0
    assert len(everything(db)) == len(before) + made
    assert top_up(db, MONDAY + timedelta(days=7)) == 0


def test_a_cancelled_occurrence_never_comes_back(db: Db, house: HouseText) -> None:
    at = paris(2026, 11, 30, 10)
    with db.transaction():
        db.run(
            "UPDATE occurrence SET status = 'cancelled', exception = 'changed'"
            " WHERE permanence_id = 'parquet-lundi' AND day = '2026-11-30'"
        )
    top_up(db, MONDAY)
    load(db, house, MONDAY)
    load(db, changed(house, "parquet-lundi", said="autrement dit"), MONDAY)
    assert "parquet-lundi" not in names(of_day(db, BEARN, at))
    assert names(of_day(db, BEARN, at + timedelta(days=7))).count("parquet-lundi") == 2


def test_what_lies_ahead_follows_the_text(db: Db, house: HouseText) -> None:
    text = changed(house, "parquet-lundi", times=(("10:00", "11:00"),), room="bearn-bureau-6")
    load(db, text, MONDAY)
    found = [each for each in of_day(db, BEARN, paris(2026, 11, 30, 10)) if each.room]
    parquet = [each for each in found if each.service_id == PARQUET]
    assert [(each.starts_at, each.room) for each in parquet] == [
        (paris(2026, 11, 30, 10), "Bureau 6")
    ]


def test_what_has_begun_never_changes(db: Db, house: HouseText) -> None:
    wednesday = paris(2026, 11, 25, 10)

    def begun() -> list[dict[str, object]]:
        return [row for row in everything(db) if str(row["starts_at"]) <= "2026-11-25T09:00"]

    before = begun()
    text = changed(house, "parquet-lundi", room="bearn-bureau-6", times=(("08:00", "09:00"),))
    load(db, text, wednesday)
    load(db, replace(house, permanences=()), wednesday)
    assert begun() == before


def test_what_is_over_today_is_not_made_afterwards(db: Db, house: HouseText) -> None:
    """At noon, the Parquet's Monday is written as having been from 8:00: it was not."""
    noon = paris(2026, 11, 23, 12)
    before = names(of_day(db, BEARN, noon)).count("parquet-lundi")
    text = changed(house, "parquet-lundi", times=(("08:00", "08:30"), ("13:30", "17:30")))
    load(db, text, noon)
    assert names(of_day(db, BEARN, noon)).count("parquet-lundi") == before


def test_hours_can_be_changed_while_their_permanence_is_under_way(db: Db, house: HouseText) -> None:
    text = changed(house, "parquet-lundi", times=(("09:15", "10:45"), ("13:30", "17:30")))
    load(db, text, MONDAY)
    today = [each for each in of_day(db, BEARN, MONDAY) if each.service_id == PARQUET]
    assert [each.starts_at for each in today] == [
        paris(2026, 11, 23, 9),
        paris(2026, 11, 23, 13, 30),
    ]
    assert ahead(db, PARQUET, paris(2026, 11, 24, 9))[0].starts_at == paris(2026, 11, 30, 9, 15)


def test_a_permanence_that_left_the_text_keeps_its_past(db: Db, house: HouseText) -> None:
    before = names(of_day(db, BEARN, MONDAY))
    tuesday = MONDAY + timedelta(days=1)
    load(
        db,
        replace(house, permanences=tuple(p for p in house.permanences if p.service != PARQUET)),
        tuesday,
    )
    assert ahead(db, PARQUET, tuesday) == []
    assert names(of_day(db, BEARN, MONDAY)) == before


def test_two_permanences_in_one_room_are_refused_naming_room_time_and_other(
    db: Db, house: HouseText
) -> None:
    before = everything(db)
    text = changed(
        house,
        "aef94-mardi",
        rrule="FREQ=WEEKLY;BYDAY=MO",
        first=date(2026, 1, 5),
        room="bearn-bureau-3",
        times=(("10:00", "12:00"),),
    )
    with pytest.raises(Mistake) as mistake:
        load(db, text, MONDAY)
    said = str(mistake.value)
    # Whichever of the two comes second is told of the other.
    assert "aef94-mardi" in said
    assert "Bureau 3" in said
    assert "2026-11-23T" in said
    assert "lundi 9h-10h30" in said or "parquet-lundi" in said
    assert everything(db) == before


def test_the_other_is_named_even_when_the_text_prints_no_hours_for_it(
    db: Db, house: HouseText
) -> None:
    text = changed(house, "parquet-lundi", room="bearn-bureau-1")
    with pytest.raises(Mistake) as mistake:
        load(db, text, MONDAY)
    assert "Bureau 1" in str(mistake.value)
    assert "mission-locale" in str(mistake.value)
    assert "parquet-lundi" in str(mistake.value)


def test_topping_up_leaves_the_room_to_who_has_it(db: Db, house: HouseText) -> None:
    """Somebody chooses another room: nobody is turned away because of it."""
    before = everything(db)
    with db.transaction():
        db.run("UPDATE permanence SET room_id = 'bearn-bureau-1' WHERE id = 'parquet-lundi'")
    assert top_up(db, MONDAY + timedelta(days=30)) > 0
    after = {(row["permanence_id"], row["original_start"]): row for row in everything(db)}
    mondays = [row for row in after.values() if row["permanence_id"] == "parquet-lundi"]
    late = [row for row in mondays if str(row["starts_at"]) > "2026-12-24"]
    assert {row["room_id"] for row in late} == {None}
    others = [row for row in before if row["permanence_id"] != "parquet-lundi"]
    assert [after[row["permanence_id"], row["original_start"]] for row in others] == others


def test_permanences_that_follow_each_other_share_a_room(db: Db, house: HouseText) -> None:
    text = changed(
        house,
        "aef94-mardi",
        rrule="FREQ=WEEKLY;BYDAY=MO",
        first=date(2026, 1, 5),
        room="bearn-bureau-3",
        times=(("10:30", "13:30"),),
    )
    assert load(db, text, MONDAY)


def test_a_shared_room_takes_as_many_as_its_seats(db: Db, house: HouseText) -> None:
    third = permanence(
        house,
        "petite-enfance-reunion",
        rrule="FREQ=WEEKLY;BYDAY=TU",
        first=date(2026, 1, 6),
        room="mandela-bureau-partage",
        times=(("11:00", "12:00"),),
    )
    others = tuple(each for each in house.permanences if each.id != third.id)
    with pytest.raises(Mistake, match="Bureau partagé"):
        load(db, replace(house, permanences=(*others, third)), MONDAY)
    later = msgspec.structs.replace(third, times=(("12:00", "13:30"),))
    assert load(db, replace(house, permanences=(*others, later)), MONDAY)


def test_an_occurrence_is_named_once_by_its_permanence_and_start(db: Db, house: HouseText) -> None:
    with pytest.raises(Refused), db.transaction():
        db.run(
            "INSERT INTO occurrence (id, permanence_id, original_start, site_id, day, starts_at,"
            " ends_at, status) SELECT 'another', permanence_id, original_start, site_id, day,"
            " starts_at, ends_at, status FROM occurrence LIMIT 1"
        )


def test_hours_are_kept_as_they_are_read() -> None:
    text = hours.to_text((("09:00", "10:30"), ("13:30", "17:30")))
    assert text == "09:00-10:30 13:30-17:30"
    assert [(a.isoformat("minutes"), b.isoformat("minutes")) for a, b in hours.from_text(text)] == [
        ("09:00", "10:30"),
        ("13:30", "17:30"),
    ]
