import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.reception import calls, passages, queue
from accueil.reception.visits import Visit
from accueil.store.db import Db
from accueil.store.errors import Refused
from tests.personae import (
    BEARN,
    DESK,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    after,
    arrive,
    claire_calling,
    turn_of,
)

DAY = "2026-11-23"


def waiting(db: Db, service_id: str = PARQUET) -> list[int]:
    return [
        turn.number
        for turn in queue.lines_of_site(db, BEARN, DAY)
        if turn.service_id == service_id and turn.state == "waiting"
    ]


def next_number(db: Db, service_id: str = PARQUET) -> int | None:
    found = queue.next_waiting(db, service_id, BEARN, DAY, MONDAY)
    return found.number if found else None


def three(db: Db, **third: object) -> tuple[Visit, Visit, Visit]:
    """Three people for the Parquet, the last as told."""
    return (
        arrive(db, service_id=PARQUET),
        arrive(db, service_id=PARQUET, at=after(1)),
        arrive(db, service_id=PARQUET, at=after(2), **third),
    )


def test_the_first_who_came_is_the_first_called(db: Db, house: HouseText) -> None:
    three(db)
    assert waiting(db) == [1, 2, 3]
    assert next_number(db) == 1


def test_somebody_who_asks_in_private_goes_before(db: Db, house: HouseText) -> None:
    three(db, private=True)
    assert next_number(db) == 3


def test_two_people_of_one_instant_keep_one_order(db: Db, house: HouseText) -> None:
    visits = [arrive(db, service_id=PARQUET) for _ in range(5)]
    before = [queue.people_before(db, turn_of(db, visit), MONDAY) for visit in visits]
    assert sorted(before) == [0, 1, 2, 3, 4]
    assert next_number(db) == visits[before.index(0)].number


def test_everybody_knows_how_many_are_before_them(db: Db, house: HouseText) -> None:
    people = three(db, private=True)
    assert [queue.people_before(db, turn_of(db, visit), MONDAY) for visit in people] == [1, 2, 0]
    assert queue.people_waiting(db, PARQUET, BEARN, DAY) == 3


def test_nobody_is_before_a_turn_that_is_called_or_over(db: Db, claire: Account) -> None:
    first, second, _ = three(db)
    calls.call(db, turn_of(db, second).id, claire_calling(claire), after(3))
    assert queue.people_before(db, turn_of(db, second), MONDAY) == 0
    assert queue.people_before(db, turn_of(db, first), MONDAY) == 0
    calls.leave(db, first.id, after(4))
    assert queue.people_before(db, turn_of(db, first), MONDAY) == 0


def test_queues_of_other_services_and_other_days_are_others(db: Db, house: HouseText) -> None:
    arrive(db, service_id=PARQUET, at=after(-24 * 3600))
    arrive(db, service_id=MISSION_LOCALE)
    last = arrive(db, service_id=PARQUET, at=after(1))
    assert queue.people_before(db, turn_of(db, last), MONDAY) == 0
    assert queue.people_waiting(db, PARQUET, BEARN, DAY) == 1
    assert next_number(db) == last.number


def test_somebody_who_is_in_a_room_is_not_called_into_another(
    db: Db, claire: Account, karim: Account
) -> None:
    first, second, _ = three(db)
    passages.send_to(db, first.id, MISSION_LOCALE, claire.id, after(3))
    passages.send_to(db, second.id, MISSION_LOCALE, claire.id, after(4))
    calls.call(db, queue.entries(db, first.id)[0].id, claire_calling(claire), after(5))
    assert next_number(db, MISSION_LOCALE) == second.number
    calls.receive(db, queue.entries(db, first.id)[0].id, claire.id, after(5.5))
    assert next_number(db, MISSION_LOCALE) == second.number
    calls.finish(db, queue.entries(db, first.id)[0].id, claire.id, after(6))
    assert next_number(db, MISSION_LOCALE) == first.number


def test_an_empty_queue_has_no_next(db: Db, house: HouseText) -> None:
    assert next_number(db) is None
    assert queue.people_waiting(db, PARQUET, BEARN, DAY) == 0


def test_whoever_is_already_in_a_queue_keeps_the_place_they_have(db: Db, house: HouseText) -> None:
    first, second, _ = three(db)
    turn = turn_of(db, first)
    passages.send_to(db, first.id, PARQUET, "nadia", after(3))
    assert queue.entries(db, first.id) == [turn]
    assert queue.people_before(db, turn_of(db, second), MONDAY) == 1


def test_the_schema_itself_refuses_two_turns_with_one_service(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    with pytest.raises(Refused), db.transaction():
        db.run(
            "INSERT INTO queue_entry (id, visit_id, service_id, site_id, day, state, appointment,"
            " priority, queued_at, calls) SELECT 'again', visit_id, service_id, site_id, day,"
            " state, appointment, priority, queued_at, calls FROM queue_entry"
            " WHERE visit_id = :id",
            id=visit.id,
        )


def test_the_schema_itself_refuses_one_person_in_two_rooms(
    db: Db, claire: Account, karim: Account
) -> None:
    visit = arrive(db, service_id=PARQUET)
    passages.send_to(db, visit.id, MISSION_LOCALE, claire.id, after(1))
    with pytest.raises(Refused), db.transaction():
        db.run(
            "UPDATE queue_entry SET state = 'called', called_at = queued_at,"
            " room_id = 'bearn-bureau-1' WHERE visit_id = :id",
            id=visit.id,
        )


def test_a_line_shows_the_rooms_first_then_those_who_wait(db: Db, claire: Account) -> None:
    first, second, third = three(db)
    calls.call(db, turn_of(db, second).id, claire_calling(claire), after(3))
    calls.receive(db, turn_of(db, second).id, claire.id, after(4))
    calls.call(db, turn_of(db, third).id, claire_calling(claire), after(5))
    line = [(turn.number, turn.state) for turn in queue.lines_of_site(db, BEARN, DAY)]
    assert line == [
        (second.number, "serving"),
        (third.number, "called"),
        (first.number, "waiting"),
    ]


def test_turns_of_open_visits_include_those_that_are_over(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    passages.move(db, turn_of(db, visit).id, DESK, "nadia", after(1))
    gone = arrive(db, at=after(2))
    calls.leave(db, gone.id, after(3))
    found = queue.turns_of_open_visits(db, BEARN, DAY)
    assert [(turn.service_id, turn.state) for turn in found] == [
        (PARQUET, "moved"),
        (DESK, "waiting"),
    ]


def test_a_turn_that_never_was_is_unknown(db: Db, house: HouseText) -> None:
    with pytest.raises(Unknown):
        queue.entry(db, "nobody")
