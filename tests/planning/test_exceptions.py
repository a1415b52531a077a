"""Exceptions: what is done by hand to one date, its slots and the people who booked them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from accueil.house.sites import Unknown
from accueil.planning import agenda, exceptions, plans, series
from accueil.planning.changes import KEEP, Decision, Planned, carry_out, impact
from accueil.planning.exceptions import BadDate
from accueil.planning.rooms import RoomTaken
from accueil.store.db import Db
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AIDE,
    AUTRE,
    FIRST,
    GRAND,
    PETIT,
    book,
    dump,
    held,
    make,
    nothing_is_lost,
    occurrence_on,
    occurrences,
    slot_at,
    starts,
    state_of,
)

NINE, TEN, ELEVEN = (paris(2026, 11, 30, hour) for hour in (9, 10, 11))
TELL = Decision("tell")


def do(db: Db, verb: Callable[..., object], *values: object, at: datetime = MONDAY) -> None:
    with db.transaction():
        verb(db, *values, at)


def first(db: Db) -> str:
    return occurrence_on(db, "11-30")


def move(db: Db, day: date, start: time, end: time, at: datetime = MONDAY) -> None:
    do(db, exceptions.reschedule, first(db), day, start, end, at=at)


def absent(db: Db, start: datetime, end: datetime) -> None:
    do(db, exceptions.be_absent, [first(db)], start, end)


def only(db: Db) -> dict[str, object]:
    return db.all("SELECT * FROM occurrence WHERE id = :id", id=occurrences(db)[0]["id"])[0]


def keeping(db: Db, planned: Planned) -> None:
    carry_out(db, planned, {}, "nadia", MONDAY, otherwise=KEEP)


def test_a_cancelled_date_has_no_slots_left(db: Db, little: None) -> None:
    make(db)
    before = only(db)
    do(db, exceptions.cancel, [first(db)])
    assert held(db)[0] == "12-07 09:00-12:00"
    assert starts(db, "11-30", all_slots=True) == []
    after = only(db)
    assert (after["exception"], after["sequence"]) == ("changed", before["sequence"] + 1)
    assert after["changed_at"] == "2026-11-23T08:20:00.000000Z"


def test_a_cancelled_date_is_held_after_all(db: Db, little: None) -> None:
    make(db)
    day = first(db)
    do(db, exceptions.cancel, [day])
    do(db, exceptions.restore, day)
    assert held(db)[0] == "11-30 09:00-12:00"
    assert len(starts(db, "11-30")) == 6
    with pytest.raises(Unknown):
        do(db, exceptions.restore, day)


def test_a_cancelled_date_is_not_held_where_somebody_else_is(db: Db, little: None) -> None:
    make(db)
    day = first(db)
    do(db, exceptions.cancel, [day])
    make(db, id="autre", last_day=FIRST)
    with pytest.raises(RoomTaken) as refusal:
        do(db, exceptions.restore, day)
    assert refusal.value.other
    assert refusal.value.other.permanence_id == "autre"


def test_a_date_moves_to_another_day_with_its_people(db: Db, little: None) -> None:
    make(db)
    person = book(db, TEN, length=2)
    planned = plans.rescheduling(first(db), date(2026, 12, 2), time(14), time(17), MONDAY)
    keeping(db, planned)
    assert held(db)[0] == "12-02 14:00-17:00"
    assert starts(db, "12-02") == ["14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]
    row = state_of(db, person.id)
    assert (row["starts_at"], row["ends_at"], row["tell"]) == (
        "2026-12-02T14:00:00.000000Z",
        "2026-12-02T15:00:00.000000Z",
        "moved",
    )
    nothing_is_lost(db, [person.id])


def test_the_grid_of_a_moved_date_stays_with_it(db: Db, little: None) -> None:
    make(db)
    move(db, date(2026, 12, 2), time(9, 20), time(11, 20))
    hours = ["09:20", "09:50", "10:20", "10:50"]
    assert starts(db, "12-02") == hours
    with db.transaction():
        series.edit(db, replace(series.permanence(db, "lundi"), places=2), MONDAY)
    assert starts(db, "12-02") == hours


def test_a_date_moves_across_a_clock_change(db: Db, little: None) -> None:
    make(db, first_day=date(2027, 3, 22), last_day=date(2027, 3, 22))
    person = book(db, paris(2027, 3, 22, 10))
    planned = plans.rescheduling(
        occurrence_on(db, "03-22"), date(2027, 3, 30), time(9), time(12), MONDAY
    )
    keeping(db, planned)
    assert starts(db, "03-30")[:3] == ["09:00", "09:30", "10:00"]
    assert state_of(db, person.id)["starts_at"] == "2027-03-30T08:00:00.000000Z"


def test_a_date_moved_and_shortened_at_once_keeps_who_would_fall_off(db: Db, little: None) -> None:
    make(db)
    person = book(db, ELEVEN)
    planned = plans.rescheduling(first(db), date(2026, 12, 2), time(9), time(10), MONDAY)
    keeping(db, planned)
    assert held(db)[0] == "12-02 09:00-11:30"
    assert starts(db, "12-02") == ["09:00", "09:30"]
    assert state_of(db, person.id)["starts_at"] == "2026-12-02T10:00:00.000000Z"
    assert state_of(db, person.id)["tell"] == "moved"
    nothing_is_lost(db, [person.id])


def test_a_slot_looked_at_is_unknown_once_its_date_moved_wholly_apart(db: Db, little: None) -> None:
    make(db, times=(("09:00", "10:00"),))
    seen = slot_at(db, NINE)
    move(db, FIRST, time(10), time(11))
    with pytest.raises(Unknown):
        book(db, seen)
    slot = slot_at(db, TEN)
    move(db, FIRST, time(9), time(11))
    assert starts(db, "11-30") == ["09:00", "09:30", "10:00", "10:30"]
    assert slot_at(db, TEN) == slot


def test_shortening_leaves_the_grid_where_it_was(db: Db, little: None) -> None:
    make(db)
    move(db, FIRST, time(9, 20), time(11, 20))
    assert held(db)[0] == "11-30 09:20-11:20"
    assert starts(db, "11-30") == ["09:30", "10:00", "10:30"]


def test_lengthening_adds_slots_on_the_same_grid(db: Db, little: None) -> None:
    make(db)
    ids = {slot_at(db, NINE), slot_at(db, TEN)}
    move(db, FIRST, time(8, 15), time(13, 15))
    assert starts(db, "11-30")[:3] == ["08:30", "09:00", "09:30"]
    assert starts(db, "11-30")[-1] == "12:30"
    assert {slot_at(db, NINE), slot_at(db, TEN)} == ids


def test_a_shortened_date_kept_for_somebody_is_closed_to_the_others(db: Db, little: None) -> None:
    make(db, places=2)
    person = book(db, ELEVEN)
    keeping(db, plans.rescheduling(first(db), FIRST, time(9), time(10), MONDAY))
    assert held(db)[0] == "11-30 09:00-11:30"
    assert only(db)["breaks"] == "10:00-11:30"
    assert starts(db, "11-30") == ["09:00", "09:30"]
    nothing_is_lost(db, [person.id])


def test_another_room_and_another_host(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        db.run(
            "INSERT INTO account (id, login, name, role, password_hash, active, created_at)"
            " VALUES ('sylvie', 'sylvie', 'Sylvie', 'agent', '', 1, '')"
        )
    slots = starts(db, "11-30")
    do(db, exceptions.put_in_room, [first(db)], AUTRE)
    do(db, exceptions.put_host, [first(db)], "sylvie")
    shown = agenda.entry(db, first(db)).occurrence
    assert (shown.room, shown.host, shown.exception) == ("Autre bureau", "Sylvie", "changed")
    assert starts(db, "11-30") == slots
    do(db, exceptions.put_in_room, [first(db)], None)
    assert only(db)["room_id"] is None


def test_a_taken_room_is_refused_by_name_and_changes_nothing(db: Db, little: None) -> None:
    make(db)
    make(db, id="autre", room_id=AUTRE)
    make(db, id="tard", room_id=None, times=(("18:00", "19:00"),))
    before = dump(db)
    with pytest.raises(RoomTaken) as refusal:
        do(db, exceptions.put_in_room, [row["id"] for row in occurrences(db)], AUTRE)
    assert (refusal.value.room, refusal.value.starts_at) == ("Autre bureau", NINE)
    with pytest.raises(RoomTaken) as refusal:
        do(db, exceptions.add, "tard", FIRST, time(11), time(13), AUTRE)
    assert refusal.value.room == "Autre bureau"
    assert dump(db) == before


@pytest.mark.parametrize(
    ("start", "end", "hours", "slots"),
    [
        ((8, 0), (13, 0), None, []),
        ((9, 0), (12, 0), None, []),
        ((8, 0), (9, 40), "09:40-12:00", ["10:00", "10:30", "11:00", "11:30"]),
        ((10, 50), (13, 0), "09:00-10:50", ["09:00", "09:30", "10:00"]),
        ((10, 10), (10, 20), "09:00-12:00", ["09:00", "09:30", "10:30", "11:00", "11:30"]),
        ((12, 0), (13, 0), "09:00-12:00", ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]),
    ],
    ids=["around", "whole", "start", "end", "middle", "after"],
)
def test_an_absence_covers_what_it_covers(
    db: Db,
    little: None,
    start: tuple[int, int],
    end: tuple[int, int],
    hours: str | None,
    slots: list[str],
) -> None:
    make(db, last_day=FIRST)
    absent(db, paris(2026, 11, 30, *start), paris(2026, 11, 30, *end))
    assert held(db) == ([f"11-30 {hours}"] if hours else [])
    assert starts(db, "11-30") == slots


def test_a_collective_session_that_is_interrupted_is_cancelled(db: Db, little: None) -> None:
    make(db, mode="collective", places=3, slot_minutes=None)
    person = book(db, NINE)
    [asked] = impact(db, plans.absent([first(db)], [(TEN, ELEVEN)], MONDAY), MONDAY)
    assert asked.appointment.id == person.id
    absent(db, TEN, ELEVEN)
    assert held(db)[0] == "12-07 09:00-12:00"


def test_several_absences_in_one_morning(db: Db, little: None) -> None:
    make(db)
    spans = [
        (paris(2026, 11, 30, 8), paris(2026, 11, 30, 9, 30)),
        (paris(2026, 11, 30, 10, 30), TEN),
        (paris(2026, 11, 30, 10, 30), ELEVEN),
        (paris(2026, 12, 7), paris(2026, 12, 8)),
    ]
    ids = [occurrence_on(db, day) for day in ("11-30", "12-07")]
    keeping(db, plans.absent(ids, spans, MONDAY))
    assert held(db)[:2] == ["11-30 09:30-12:00", "12-14 09:00-12:00"]
    assert starts(db, "11-30") == ["09:30", "10:00", "11:00", "11:30"]


def test_a_date_is_added_with_its_slots(db: Db, little: None) -> None:
    make(db)
    do(db, exceptions.add, "lundi", date(2026, 12, 2), time(9), time(10), GRAND)
    assert held(db)[1] == "12-02 09:00-10:00"
    assert starts(db, "12-02") == ["09:00", "09:30"]
    shown = agenda.entry(db, occurrence_on(db, "12-02")).occurrence
    assert (shown.exception, shown.room) == ("added", "Grand bureau")


def test_a_cancelled_date_can_be_added_again(db: Db, little: None) -> None:
    make(db)
    day = first(db)
    do(db, exceptions.cancel, [day])
    do(db, exceptions.add, "lundi", FIRST, time(9), time(10), PETIT)
    assert held(db)[0] == "11-30 09:00-10:00"
    assert first(db) == day


@pytest.mark.parametrize(("start", "end"), [(9, 12), (11, 13), (8, 10), (10, 11)])
def test_a_permanence_is_not_held_twice_at_once(db: Db, little: None, start: int, end: int) -> None:
    make(db, room_id=None)
    before = dump(db)
    for verb in (
        lambda: do(db, exceptions.add, "lundi", FIRST, time(start), time(end), None),
        lambda: do(
            db,
            exceptions.reschedule,
            occurrence_on(db, "12-07"),
            FIRST,
            time(start),
            time(end),
        ),
    ):
        with pytest.raises(BadDate) as refusal:
            verb()
        assert refusal.value.reason == "taken"
    assert dump(db) == before


@pytest.mark.parametrize(
    ("day", "start", "end", "reason"),
    [
        (date(2026, 12, 2), time(10), time(9), "end-after-start"),
        (date(2026, 12, 2), time(9), time(9), "end-after-start"),
        (date(2026, 11, 22), time(9), time(10), "past"),
        (date(2026, 11, 23), time(9, 20), time(10), "past"),
        (date(2027, 3, 28), time(2, 30), time(4), "skipped-hour"),
        (date(2027, 3, 28), time(1), time(2, 30), "skipped-hour"),
    ],
)
def test_a_date_that_cannot_be_is_refused(
    db: Db, little: None, day: date, start: time, end: time, reason: str
) -> None:
    make(db)
    before = dump(db)
    with pytest.raises(BadDate) as refusal:
        do(db, exceptions.add, "lundi", day, start, end, None)
    assert refusal.value.reason == reason
    with pytest.raises(BadDate) as refusal:
        move(db, day, start, end)
    assert refusal.value.reason == reason
    assert dump(db) == before


def test_the_past_is_refused_whatever_the_verb(db: Db, little: None) -> None:
    make(db)
    day, before = first(db), dump(db)
    for verb, *values in (
        (exceptions.cancel, [day]),
        (exceptions.reschedule, day, date(2026, 12, 2), time(9), time(12)),
        (exceptions.put_in_room, [day], AUTRE),
        (exceptions.put_host, [day], None),
        (exceptions.be_absent, [day], TEN, ELEVEN),
        (exceptions.restore, day),
    ):
        with pytest.raises(BadDate) as refusal:
            do(db, verb, *values, at=NINE)
        assert refusal.value.reason == "past"
    assert dump(db) == before


def test_what_never_was(db: Db, little: None) -> None:
    with pytest.raises(Unknown):
        do(db, exceptions.cancel, ["nothing"])
    with pytest.raises(Unknown):
        do(db, exceptions.add, "nothing", FIRST, time(9), time(10), None)


def test_a_cancelled_date_kept_for_somebody_is_for_nobody_else(db: Db, little: None) -> None:
    make(db, places=2)
    person = book(db, TEN)
    other = book(db, ELEVEN)
    decisions = {person.id: KEEP, other.id: TELL}
    carry_out(db, plans.cancelling([first(db)], MONDAY), decisions, "nadia", MONDAY)
    assert held(db)[0] == "11-30 10:00-10:30"
    assert only(db)["exception"] == "kept"
    assert starts(db, "11-30") == []
    assert state_of(db, other.id)["tell"] == "cancelled"
    nothing_is_lost(db, [person.id, other.id])


def test_what_is_kept_stays_closed_to_the_others_when_it_changes(db: Db, little: None) -> None:
    make(db)
    book(db, TEN)
    last = book(db, ELEVEN)
    keeping(db, plans.cancelling([first(db)], MONDAY))
    for planned in (
        plans.in_room([first(db)], AUTRE, MONDAY),
        plans.rescheduling(first(db), FIRST, time(10), time(11), MONDAY),
        plans.absent([first(db)], [(ELEVEN, paris(2026, 11, 30, 12))], MONDAY),
        plans.rescheduling(first(db), date(2026, 12, 2), time(9), time(12), MONDAY),
    ):
        keeping(db, planned)
        assert only(db)["exception"] == "kept"
        assert {row["open"] for row in db.all("SELECT open FROM slot WHERE occurrence_id = :id",
                                              id=occurrences(db)[0]["id"])} == {0}  # fmt: skip
        nothing_is_lost(db, [last.id])


def test_what_is_kept_is_held_for_everybody_again(db: Db, little: None) -> None:
    make(db)
    person = book(db, TEN)
    keeping(db, plans.cancelling([first(db)], MONDAY))
    keeping(db, plans.restoring(first(db), MONDAY))
    assert held(db)[0] == "11-30 09:00-12:00"
    assert len(starts(db, "11-30")) == 6
    nothing_is_lost(db, [person.id])


def test_a_collective_session_that_ends_sooner_keeps_its_people(db: Db, little: None) -> None:
    make(db, mode="collective", places=3, slot_minutes=None)
    person = book(db, NINE)
    keeping(db, plans.rescheduling(first(db), FIRST, time(9), time(11), MONDAY))
    assert held(db)[0] == "11-30 09:00-11:00"
    row = state_of(db, person.id)
    assert (row["ends_at"], row["tell"]) == ("2026-11-30T10:00:00.000000Z", "moved")
    assert agenda.entry(db, first(db)).places == 3
    nothing_is_lost(db, [person.id])
    assert book(db, NINE).ends_at == ELEVEN


def test_what_lies_ahead_in_a_period(db: Db, little: None) -> None:
    make(db)
    make(db, id="autre", room_id=AUTRE, service_id=AIDE)
    found = exceptions.ahead_of(
        db, ["lundi", "autre"], paris(2026, 11, 30, 11), paris(2026, 12, 7, 9), MONDAY
    )
    assert found == [first(db), occurrence_on(db, "11-30", "autre")]
    assert exceptions.ahead_of(db, ["lundi"], NINE, ELEVEN, NINE) == []
