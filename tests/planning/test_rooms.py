"""Rooms: never twice at one time, a shared one as often as its seats, and which are free."""

from dataclasses import replace
from datetime import date, time

import msgspec
import pytest

from accueil.house.text import HouseText, Mistake
from accueil.planning import exceptions
from accueil.planning.rooms import RoomTaken, free_rooms
from accueil.planning.timetable import load
from accueil.store.db import Db
from accueil.store.errors import Refused
from accueil.store.ids import new_id
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AUTRE,
    FIRST,
    GRAND,
    LITTLE,
    PETIT,
    dump,
    make,
    occurrence_on,
)

NINE, TEN, NOON = (paris(2026, 11, 30, hour) for hour in (9, 10, 12))


def add(db: Db, room_id: str | None, start: str, end: str, status: str = "scheduled") -> str:
    """An occurrence written past every verb, on a Sunday; its id."""
    occurrence_id = new_id()
    with db.transaction():
        db.run(
            "INSERT INTO occurrence (id, permanence_id, original_start, site_id, room_id, day,"
            " starts_at, ends_at, status) VALUES (:id, 'pole-gerontologique', :id, 'bearn',"
            " :room, '2026-11-29', :start, :end, :status)",
            id=occurrence_id,
            room=room_id,
            start=f"2026-11-29T{start}:00.000000Z",
            end=f"2026-11-29T{end}:00.000000Z",
            status=status,
        )
    return occurrence_id


@pytest.mark.parametrize(
    ("start", "end"),
    [("09:00", "10:00"), ("08:00", "09:01"), ("09:59", "11:00"), ("08:00", "12:00"),
     ("09:20", "09:40")],
)  # fmt: skip
def test_the_schema_itself_refuses_two_uses_of_one_room(
    db: Db, house: HouseText, start: str, end: str
) -> None:
    add(db, "bearn-bureau-6", "09:00", "10:00")
    with pytest.raises(Refused, match="the room is taken"):
        add(db, "bearn-bureau-6", start, end)


def test_the_schema_lets_uses_of_one_room_follow_each_other(db: Db, house: HouseText) -> None:
    add(db, "bearn-bureau-6", "09:00", "10:00")
    add(db, "bearn-bureau-6", "10:00", "11:00")
    add(db, "bearn-bureau-6", "08:00", "09:00")
    add(db, "bearn-bureau-5", "09:00", "10:00")


def test_the_schema_counts_the_seats_of_a_shared_room(db: Db, house: HouseText) -> None:
    add(db, "mandela-bureau-partage", "09:00", "10:00")
    add(db, "mandela-bureau-partage", "09:30", "10:30")
    with pytest.raises(Refused, match="the room is taken"):
        add(db, "mandela-bureau-partage", "09:45", "09:50")


def test_what_has_no_room_or_is_cancelled_takes_no_seat(db: Db, house: HouseText) -> None:
    add(db, None, "09:00", "10:00")
    add(db, None, "09:00", "10:00")
    add(db, "bearn-bureau-6", "09:00", "10:00", status="cancelled")
    add(db, "bearn-bureau-6", "09:00", "10:00")


@pytest.mark.parametrize(
    "change",
    ["room_id = 'bearn-bureau-6'", "room_id = 'bearn-bureau-6', status = 'scheduled'"],
)
def test_an_occurrence_cannot_be_moved_into_a_taken_room(
    db: Db, house: HouseText, change: str
) -> None:
    add(db, "bearn-bureau-6", "09:00", "10:00")
    moved = add(db, "bearn-bureau-5", "09:00", "10:00")
    with pytest.raises(Refused, match="the room is taken"), db.transaction():
        db.run(f"UPDATE occurrence SET {change} WHERE id = :id", id=moved)


def test_a_cancelled_occurrence_cannot_come_back_into_a_taken_room(
    db: Db, house: HouseText
) -> None:
    cancelled = add(db, "bearn-bureau-6", "09:00", "10:00", status="cancelled")
    add(db, "bearn-bureau-6", "09:30", "10:30")
    with pytest.raises(Refused, match="the room is taken"), db.transaction():
        db.run("UPDATE occurrence SET status = 'scheduled' WHERE id = :id", id=cancelled)


def names(db: Db, start: object, end: object, but: str | None = None) -> list[str]:
    return [room.id for room in free_rooms(db, "maison", start, end, but)]


def test_the_rooms_that_are_free_then(db: Db, little: None) -> None:
    make(db)
    assert names(db, NINE, TEN) == [GRAND, AUTRE]
    assert names(db, NOON, paris(2026, 11, 30, 13)) == [GRAND, PETIT, AUTRE]
    assert names(db, paris(2026, 11, 30, 8), NINE) == [GRAND, PETIT, AUTRE]
    assert names(db, NINE, TEN, but=occurrence_on(db, "11-30")) == [GRAND, PETIT, AUTRE]
    assert free_rooms(db, "nowhere", NINE, TEN) == []


def test_a_shared_room_is_free_while_a_seat_is_left(db: Db, little: None) -> None:
    make(db, room_id=GRAND)
    assert GRAND in names(db, NINE, TEN)
    make(db, id="autre", room_id=GRAND)
    assert GRAND not in names(db, NINE, TEN)


def test_a_cancelled_date_leaves_its_room(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        exceptions.cancel(db, [occurrence_on(db, "11-30")], MONDAY)
    assert PETIT in names(db, NINE, TEN)


def test_a_clash_names_the_room_the_time_and_the_other(db: Db, little: None) -> None:
    make(db, said="le lundi matin")
    with pytest.raises(RoomTaken) as refusal:
        make(db, id="autre", times=(("11:00", "13:00"),))
    taken = refusal.value
    assert taken.room == "Petit bureau"
    assert taken.starts_at == paris(2026, 11, 30, 11)
    assert taken.other
    assert (taken.other.permanence_id, taken.other.service_id) == ("lundi", "aide")
    assert (taken.other.said, taken.other.starts_at) == ("le lundi matin", NINE)
    for word in ("autre", "2026-11-30T11:00", "Petit bureau", "lundi", "le lundi matin"):
        assert word in str(taken)


def test_a_room_that_loses_a_seat_is_named_when_it_is_too_small(db: Db, little: None) -> None:
    make(db, room_id=GRAND)
    make(db, id="autre", room_id=GRAND, times=(("11:00", "13:00"),))
    smaller = tuple(msgspec.structs.replace(room, seats=1) for room in LITTLE.rooms)
    before = dump(db)
    with pytest.raises(Mistake, match="Grand bureau"):
        load(db, replace(LITTLE, rooms=smaller), MONDAY)
    assert dump(db) == before


def test_a_shared_room_that_people_use_in_turn_is_not_too_small(db: Db, little: None) -> None:
    make(db, room_id=GRAND, times=(("09:00", "12:00"),), last_day=FIRST)
    for name, times in (("b", ("09:00", "10:00")), ("c", ("10:00", "11:00"))):
        make(db, id=name, room_id=GRAND, times=(times,), last_day=FIRST)
    assert load(db, LITTLE, MONDAY) == 0


def test_an_added_date_takes_its_room(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        exceptions.add(db, "lundi", date(2026, 12, 2), time(9), time(12), PETIT, MONDAY)
    assert PETIT not in names(db, paris(2026, 12, 2, 9), paris(2026, 12, 2, 10))
