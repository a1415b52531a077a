"""Occurrences made ahead: the rule is followed, what was done by hand stays, the past too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from accueil.planning import exceptions, series, timetable
from accueil.planning.exceptions import add, cancel, reschedule
from accueil.planning.horizon import AHEAD, remake, top_up
from accueil.planning.rooms import RoomTaken
from accueil.planning.series import Permanence
from accueil.store.db import Db
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AUTRE,
    FIRST,
    GRAND,
    LITTLE,
    PETIT,
    WEEK,
    dump,
    held,
    make,
    occurrence_on,
    occurrences,
    starts,
)

ALL = [f"{day} 09:00-12:00" for day in ("11-30", "12-07", "12-14", "12-21")]
TWICE = (("09:00", "10:30"), ("13:30", "17:30"))


def do(db: Db, verb: Callable[..., object], *values: object, at: datetime = MONDAY) -> None:
    with db.transaction():
        verb(db, *values, at)


def edit(db: Db, at: datetime = MONDAY, permanence_id: str = "lundi", **changes: object) -> None:
    do(db, series.edit, replace(series.permanence(db, permanence_id), **changes), at=at)


def statuses(db: Db, permanence_id: str = "lundi") -> list[tuple[str, str, str]]:
    return [
        (row["original_start"][5:], row["status"], row["exception"])
        for row in occurrences(db, permanence_id)
    ]


def test_the_dates_of_a_rule_with_an_end(db: Db, little: None) -> None:
    make(db)
    assert held(db) == ALL


def test_thirteen_months_are_made_and_no_more(db: Db, little: None) -> None:
    make(db, last_day=None)
    days = [row["day"] for row in occurrences(db)]
    assert days[0] == "2026-11-30"
    assert days[-1] == "2027-12-20"
    assert date.fromisoformat(days[-1]) + WEEK > MONDAY.date() + AHEAD
    assert "2027-03-29" not in days  # Easter Monday
    assert top_up(db, MONDAY + WEEK) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"times": (("10:00", "13:00"),)},
        {"room_id": AUTRE},
        {"room_id": None},
        {"slot_minutes": 45},
        {"places": 4},
        {"mode": "walk_in"},
        {"breaks": (("10:00", "10:30"),)},
        {"times": (("08:00", "08:30"),), "room_id": AUTRE, "slot_minutes": 15},
        {"last_day": FIRST + 5 * WEEK},
        {"closed_on": frozenset()},
    ],
    ids=str,
)
def test_a_cancelled_date_never_comes_back(
    db: Db, little: None, changes: dict[str, object]
) -> None:
    make(db)
    do(db, cancel, [occurrence_on(db, "12-07")])
    edit(db, **changes)
    top_up(db, MONDAY)
    top_up(db, MONDAY + WEEK)
    assert "12-07" not in [each[:5] for each in held(db)]
    assert "12-14" in [each[:5] for each in held(db)]
    assert starts(db, "12-07") == []


def test_a_cancelled_date_does_not_come_back_with_its_weekday(db: Db, little: None) -> None:
    make(db)
    do(db, cancel, [occurrence_on(db, "12-07")])
    tuesday = {"rrule": "FREQ=WEEKLY;BYDAY=TU", "first_day": FIRST + timedelta(days=1)}
    edit(db, **tuesday)
    assert [each[:5] for each in held(db)] == ["12-01", "12-08", "12-15"]
    edit(db, rrule="FREQ=WEEKLY;BYDAY=MO", first_day=FIRST)
    assert held(db) == [ALL[0], *ALL[2:]]


def test_what_the_rule_gives_no_more_is_cancelled_and_may_come_back(db: Db, little: None) -> None:
    make(db)
    edit(db, last_day=FIRST)
    assert statuses(db)[1] == ("12-07T09:00", "cancelled", "")
    edit(db, last_day=FIRST + 3 * WEEK)
    assert held(db) == ALL
    assert {row["sequence"] for row in occurrences(db)[1:]} == {2}


def test_a_date_shortened_by_hand_comes_back_when_the_rule_leaves_it_and_returns(
    db: Db, little: None
) -> None:
    make(db)
    do(db, reschedule, occurrence_on(db, "12-07"), date(2026, 12, 7), time(9), time(10))
    edit(db, last_day=FIRST)
    edit(db, last_day=FIRST + 3 * WEEK)
    assert held(db) == ALL


def test_what_was_changed_by_hand_stays_so(db: Db, little: None) -> None:
    make(db)
    do(db, reschedule, occurrence_on(db, "12-07"), date(2026, 12, 7), time(9), time(10))
    edit(db, times=(("10:00", "13:00"),))
    assert held(db)[:3] == ["11-30 10:00-13:00", "12-07 09:00-10:00", "12-14 10:00-13:00"]
    assert statuses(db)[1] == ("12-07T10:00", "scheduled", "changed")


def test_a_moved_date_stays_where_it_was_put_when_its_own_day_is_past(db: Db, little: None) -> None:
    make(db)
    do(db, reschedule, occurrence_on(db, "11-30"), date(2026, 12, 16), time(9), time(12))
    top_up(db, paris(2026, 12, 2, 3))
    assert held(db) == [ALL[1], ALL[2], "12-16 09:00-12:00", ALL[3]]


def test_a_moved_date_goes_with_the_weekday_of_its_rule(db: Db, little: None) -> None:
    make(db)
    do(db, reschedule, occurrence_on(db, "12-07"), date(2026, 12, 9), time(9), time(12))
    edit(db, rrule="FREQ=WEEKLY;BYDAY=TU", first_day=FIRST + timedelta(days=1))
    assert [each[:5] for each in held(db)] == ["12-01", "12-08", "12-15"]


def test_an_added_date_is_not_the_rules_to_take_back(db: Db, little: None) -> None:
    make(db)
    do(db, add, "lundi", date(2026, 12, 12), time(9), time(12), PETIT)
    do(db, reschedule, occurrence_on(db, "12-12"), date(2026, 12, 12), time(9), time(10))
    edit(db, times=(("10:00", "13:00"),))
    top_up(db, MONDAY)
    assert "12-12 09:00-10:00" in held(db)


def test_what_has_begun_never_changes(db: Db, little: None) -> None:
    make(db)
    at = paris(2026, 12, 7, 10)
    before = occurrences(db)[:2]
    slots = db.all("SELECT * FROM slot WHERE starts_at < '2026-12-08' ORDER BY id")
    edit(db, at, times=(("09:30", "11:00"),), room_id=AUTRE, slot_minutes=15)
    edit(db, at, rrule="FREQ=WEEKLY;BYDAY=TU", first_day=date(2026, 12, 8))
    do(db, series.end, "lundi", date(2026, 12, 1), at=at)
    assert occurrences(db)[:2] == before
    assert db.all("SELECT * FROM slot WHERE starts_at < '2026-12-08' ORDER BY id") == slots
    assert held(db) == ALL[:2]


def test_nothing_is_made_where_time_has_passed(db: Db, little: None) -> None:
    """At noon on a Tuesday, the rule is said to have been of Tuesdays."""
    make(db)
    at = paris(2026, 12, 1, 11)
    for changes in (
        {"rrule": "FREQ=WEEKLY;BYDAY=TU", "times": (("09:00", "12:00"),)},
        {"rrule": "FREQ=WEEKLY;BYDAY=TU", "times": (("08:00", "09:00"),)},
    ):
        edit(db, at, first_day=FIRST + timedelta(days=1), **changes)
        assert [each[:5] for each in held(db)] == ["11-30", "12-08", "12-15"]


def test_a_permanence_opened_while_it_receives_is_there_at_once(db: Db, little: None) -> None:
    make(db, at=paris(2026, 11, 30, 9, 20), times=(("08:00", "08:45"), ("09:00", "12:00")))
    assert held(db)[0] == "11-30 09:00-12:00"


def test_two_times_a_day_are_paired_by_their_hours(db: Db, little: None) -> None:
    make(db, times=TWICE, last_day=FIRST + WEEK)
    morning = occurrences(db)[2]["id"]
    do(db, cancel, [morning])
    edit(db, times=(("08:30", "10:00"), ("14:00", "18:00")))
    assert [each for each in held(db) if each < "12-06"] == [
        "11-30 08:30-10:00",
        "11-30 14:00-18:00",
    ]
    assert [each for each in held(db) if each > "12-06"] == ["12-07 14:00-18:00"]
    edit(db, times=(("14:30", "18:00"),))
    assert held(db) == ["11-30 14:30-18:00", "12-07 14:30-18:00"]
    edit(db, times=TWICE)
    assert held(db)[2:] == ["12-07 13:30-17:30"]


def test_a_second_time_is_made_beside_the_first(db: Db, little: None) -> None:
    make(db, last_day=FIRST)
    first = occurrences(db)[0]
    edit(db, times=(("09:00", "12:00"), ("14:00", "15:00")))
    assert held(db) == ["11-30 09:00-12:00", "11-30 14:00-15:00"]
    assert occurrences(db)[0] == first


def test_hours_that_swap_their_names(db: Db, little: None) -> None:
    """The morning becomes what the afternoon was, on the day when the afternoon was cancelled."""
    make(db, times=TWICE, last_day=FIRST)
    do(db, cancel, [occurrences(db)[1]["id"]])
    edit(db, times=(("13:30", "17:30"), ("18:00", "19:00")))
    assert [each for each in statuses(db) if each[1] == "scheduled"] == [
        ("11-30T18:00", "scheduled", "")
    ]


def test_a_retired_permanence_gives_up_all_that_is_ahead(db: Db, little: None) -> None:
    make(db)
    do(db, add, "lundi", date(2026, 12, 12), time(9), time(12), PETIT)
    with db.transaction():
        db.run("UPDATE permanence SET retired = 1")
    do(db, remake, ["lundi"], at=paris(2026, 12, 7, 10))
    assert held(db) == ALL[:2]


def test_two_permanences_swap_their_rooms_in_one_load(db: Db, little: None) -> None:
    def text(room: str, other: str) -> None:
        timetable.load(
            db,
            replace(
                LITTLE,
                permanences=tuple(
                    permanence_text(name, room)
                    for name, room in (("lundi", room), ("autre", other))
                ),
            ),
            MONDAY,
        )

    text(PETIT, AUTRE)
    before = [row["id"] for row in occurrences(db)]
    text(AUTRE, PETIT)
    assert {row["room_id"] for row in occurrences(db)} == {AUTRE}
    assert {row["room_id"] for row in occurrences(db, "autre")} == {PETIT}
    assert [row["id"] for row in occurrences(db)] == before


def permanence_text(name: str, room: str) -> timetable.PermanenceText:
    return timetable.PermanenceText(
        id=name,
        service="aide",
        site="maison",
        mode="appointment",
        rrule="FREQ=WEEKLY;BYDAY=MO;COUNT=3",
        first=FIRST,
        times=(("09:00", "12:00"),),
        said="",
        room=room,
        slot=30,
    )


def test_a_strict_change_names_who_has_the_room(db: Db, little: None) -> None:
    make(db)
    make(db, id="autre", room_id=AUTRE)
    before = dump(db)
    with pytest.raises(RoomTaken) as refusal:
        edit(db, permanence_id="autre", room_id=PETIT)
    assert refusal.value.room == "Petit bureau"
    assert refusal.value.other
    assert refusal.value.other.permanence_id == "lundi"
    assert refusal.value.starts_at == paris(2026, 11, 30, 9)
    assert dump(db) == before


def made_roomless(db: Db) -> Permanence:
    """A permanence whose next date was made without its room, which another had taken."""
    make(db, last_day=None)
    at = MONDAY + timedelta(days=14)
    far = occurrences(db)[-1]["day"]
    day = date.fromisoformat(far) + WEEK
    do(db, add, make(db, id="autre", room_id=None).id, day, time(9), time(10), PETIT)
    top_up(db, at)
    assert [row["room_id"] for row in occurrences(db) if row["day"] == day.isoformat()] == [None]
    return series.permanence(db, "lundi")


def test_topping_up_does_not_touch_again_what_has_no_room(db: Db, little: None) -> None:
    made_roomless(db)
    before = dump(db)
    top_up(db, MONDAY + timedelta(days=14))
    assert dump(db) == before


def test_what_has_no_room_does_not_stop_another_change(db: Db, little: None) -> None:
    made_roomless(db)
    do(db, remake, ["lundi", "autre"], at=MONDAY + timedelta(days=14))
    edit(db, at=MONDAY + timedelta(days=14), slot_minutes=45)
    assert starts(db, "12-14") == ["09:00", "09:45", "10:30", "11:15"]


def test_what_has_no_room_gets_it_once_it_is_free(db: Db, little: None) -> None:
    lundi = made_roomless(db)
    at = MONDAY + timedelta(days=14)
    do(db, cancel, [row["id"] for row in occurrences(db, "autre") if row["exception"]])
    top_up(db, at)
    assert {row["room_id"] for row in occurrences(db)} == {lundi.room_id}


def test_a_date_kept_for_who_had_booked_does_not_come_back_at_other_hours(
    db: Db, little: None
) -> None:
    make(db)
    day = occurrence_on(db, "12-07")
    do(db, cancel, [day])
    do(db, exceptions.keep, day, [(paris(2026, 12, 7, 9), paris(2026, 12, 7, 9, 30))])
    edit(db, times=(("10:00", "13:00"),))
    assert held(db)[1] == "12-07 09:00-09:30"
    assert len(held(db)) == 4
    assert starts(db, "12-07") == []


def test_topping_up_in_a_shared_room(db: Db, little: None) -> None:
    for name in ("lundi", "autre"):
        make(db, id=name, room_id=GRAND)
    with pytest.raises(RoomTaken):
        make(db, id="encore", room_id=GRAND)
    assert top_up(db, MONDAY) == 0
