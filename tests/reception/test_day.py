from datetime import timedelta

from accueil.house.accounts import Account
from accueil.house.text import HouseText
from accueil.reception import calls, passages
from accueil.reception.day import Reception, presences, receptions
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    DESK,
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


def reception(db: Db, service_id: str) -> Reception:
    return next(each for each in receptions(db, BEARN, MONDAY) if each.service.id == service_id)


def test_the_day_lists_who_receives_today_in_the_order_of_the_house(
    db: Db, house: HouseText
) -> None:
    assert [each.service.id for each in receptions(db, BEARN, MONDAY)] == [
        DESK,
        "ecs-eds-as-accueil",
        "ecs-eds-as-accompagnement",
        MISSION_LOCALE,
        PARQUET,
    ]


def test_a_service_where_somebody_waits_is_listed_even_if_it_is_away(
    db: Db, house: HouseText
) -> None:
    arrive(db, service_id="ecs-cramif")
    cramif = reception(db, "ecs-cramif")
    assert (cramif.occurrences, len(cramif.waiting)) == ((), 1)
    assert cramif.occurrence(MONDAY) is None
    assert not cramif.is_here(MONDAY)


def test_who_waits_is_apart_from_who_is_in_a_room(db: Db, claire: Account) -> None:
    first = arrive(db, service_id=PARQUET)
    second = arrive(db, service_id=PARQUET)
    calls.call(db, turn_of(db, first).id, claire_calling(claire), after(1))
    parquet = reception(db, PARQUET)
    assert [turn.number for turn in parquet.in_rooms] == [first.number]
    assert [turn.number for turn in parquet.waiting] == [second.number]


def test_a_turn_that_is_over_is_in_no_line(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    calls.leave(db, visit.id, after(1))
    assert reception(db, PARQUET).line == ()


def test_a_reception_shows_the_hours_under_way_or_else_the_next_or_else_the_last(
    db: Db, house: HouseText
) -> None:
    parquet = reception(db, PARQUET)

    def begins(hour: int, minute: int) -> str:
        found = parquet.occurrence(paris(2026, 11, 23, hour, minute))
        assert found is not None
        return found.starts_at.isoformat()

    morning, afternoon = paris(2026, 11, 23, 9).isoformat(), paris(2026, 11, 23, 13, 30).isoformat()
    assert begins(8, 0) == begins(9, 20) == morning
    assert begins(11, 0) == begins(14, 0) == begins(18, 0) == afternoon
    assert parquet.is_here(MONDAY)
    assert not parquet.is_here(paris(2026, 11, 23, 11))


def test_the_day_of_another_site_is_another(db: Db, house: HouseText) -> None:
    arrive(db)
    assert presences(db, MANDELA, MONDAY) == []
    assert {each.service.id for each in receptions(db, MANDELA, MONDAY)} == {
        "ecs-clic6",
        "ecs-petite-enfance-service",
    }


def test_open_visits_are_shown_newest_first_with_all_their_turns(db: Db, house: HouseText) -> None:
    first, second = arrive(db, service_id=PARQUET), arrive(db)
    passages.move(db, turn_of(db, first).id, MISSION_LOCALE, "nadia", after(1))
    found = presences(db, BEARN, MONDAY)
    assert [each.visit.id for each in found] == [second.id, first.id]
    assert [turn.state for turn in found[1].turns] == ["moved", "waiting"]


def test_a_person_who_did_not_come_is_still_present(db: Db, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    calls.call(db, turn_of(db, visit).id, claire_calling(claire), after(1))
    calls.did_not_come(db, turn_of(db, visit).id, claire.id, after(2))
    [presence] = presences(db, BEARN, MONDAY)
    assert [turn.state for turn in presence.turns] == ["absent"]


def test_a_closed_visit_and_yesterdays_are_not_present(db: Db, house: HouseText) -> None:
    arrive(db, at=MONDAY - timedelta(days=1))
    gone = arrive(db)
    calls.leave(db, gone.id, after(1))
    assert presences(db, BEARN, MONDAY) == []


def test_somebody_is_where_they_are_received_before_where_they_wait(
    db: Db, house: HouseText, claire: Account
) -> None:
    visit = arrive(db, service_id=PARQUET)
    passages.send_to(db, visit.id, DESK, "an agent", after(1))
    host = claire_calling(claire)
    called = calls.call_next(db, [PARQUET], host, after(2))
    assert called
    [presence] = presences(db, BEARN, after(3))
    assert presence.turn is not None
    assert presence.turn.id == called.id


def test_whoever_waits_for_a_service_that_has_gone_is_lost(db: Db, house: HouseText) -> None:
    arrive(db, service_id=PARQUET)
    [presence] = presences(db, BEARN, MONDAY)
    assert not presence.is_lost({PARQUET, DESK}, after(1))
    assert presence.is_lost({DESK}, after(1))


def test_whoever_did_not_come_is_lost(db: Db, house: HouseText, claire: Account) -> None:
    arrive(db, service_id=PARQUET)
    called = calls.call_next(db, [PARQUET], claire_calling(claire), after(1))
    assert called
    calls.did_not_come(db, called.id, claire.id, after(2))
    [presence] = presences(db, BEARN, after(3))
    assert presence.is_lost({PARQUET, DESK}, after(1))
