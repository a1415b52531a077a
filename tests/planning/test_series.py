"""Permanences as people edit them: opened, changed, changed from a day on, ended, refused."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from accueil.house.sites import Unknown
from accueil.planning import exceptions, series
from accueil.planning.recurrence import BadRule
from accueil.planning.rooms import RoomTaken
from accueil.planning.series import BadPermanence, Permanence, permanence, permanences
from accueil.store.db import Db
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AIDE,
    AUTRE,
    FIRST,
    PETIT,
    RETRAITE,
    WEEK,
    book,
    dump,
    held,
    make,
    mondays,
    occurrence_on,
    occurrences,
    starts,
    state_of,
)

CUT = date(2026, 12, 14)


def follow(db: Db, day: date = CUT, at: object = MONDAY, **changes: object) -> Permanence:
    """Change « lundi » from a day on; the permanence that takes over."""
    wanted = replace(permanence(db, "lundi"), first_day=day, **changes)
    with db.transaction():
        return permanence(db, series.edit_following(db, wanted, day, at))


def test_a_permanence_is_kept_as_it_was_written(db: Db, little: None) -> None:
    written = mondays(
        said="le lundi matin",
        assumed=("room",),
        breaks=(("10:00", "10:15"),),
        places=2,
        notice_minutes=60,
        ahead_days=30,
        kept=2,
        kept_for="cramif",
        released_days=2,
        closed_on=frozenset({"public"}),
    )
    with db.transaction():
        assert series.create(db, written, MONDAY) == "lundi"
    assert permanence(db, "lundi") == written


def test_an_id_is_drawn_for_who_has_none(db: Db, little: None) -> None:
    assert make(db, id="").id


def test_a_permanence_that_is_not_there(db: Db, little: None) -> None:
    with pytest.raises(Unknown):
        permanence(db, "nothing")


def test_the_permanences_of_some_services_since_a_day(db: Db, little: None) -> None:
    make(db)
    make(db, id="cramif", service_id=RETRAITE, room_id=None, first_day=FIRST + WEEK)
    assert [each.id for each in permanences(db, [AIDE, RETRAITE], FIRST)] == ["lundi", "cramif"]
    assert [each.id for each in permanences(db, [RETRAITE], FIRST)] == ["cramif"]
    assert permanences(db, [AIDE], FIRST + 4 * WEEK) == []


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"service_id": "nothing"}, "site", "known"),
        ({"site_id": "nothing"}, "site", "known"),
        ({"room_id": "nothing"}, "room", "known"),
        ({"room_id": "grenier"}, "room", "here"),
        ({"host_id": "nobody"}, "host", "known"),
        ({"kept_for": "nobody"}, "kept_for", "known"),
        ({"times": ()}, "times", "some"),
        ({"times": tuple((f"{h:02}:00", f"{h:02}:30") for h in range(7))}, "times", "some"),
        ({"times": (("9:00", "10:00"),)}, "times", "clock"),
        ({"times": (("09:00", "24:00"),)}, "times", "clock"),
        ({"times": (("09:00:30", "10:00"),)}, "times", "clock"),
        ({"times": (("neuf heures", "10:00"),)}, "times", "clock"),
        ({"times": (("", ""),)}, "times", "clock"),
        ({"times": (("10:00", "09:00"),)}, "times", "end-after-start"),
        ({"times": (("10:00", "10:00"),)}, "times", "end-after-start"),
        ({"times": (("09:00", "11:00"), ("10:30", "12:00"))}, "times", "apart"),
        ({"times": (("09:00", "11:00"), ("09:00", "11:00"))}, "times", "apart"),
        ({"breaks": (("10:30", "10:00"),)}, "breaks", "end-after-start"),
        ({"breaks": (("pause", "10:00"),)}, "breaks", "clock"),
        ({"mode": "perhaps"}, "mode", "one-of"),
        ({"slot_minutes": 4}, "slot_minutes", "range"),
        ({"slot_minutes": 481}, "slot_minutes", "range"),
        ({"places": 0}, "places", "range"),
        ({"places": 201}, "places", "range"),
        ({"kept": -1}, "kept", "range"),
        ({"released_days": 397}, "kept", "range"),
        ({"notice_minutes": -1}, "notice", "range"),
        ({"ahead_days": 0}, "notice", "range"),
        ({"closed_on": frozenset({"sundays"})}, "closed_on", "one-of"),
        ({"said": "x" * 201}, "said", "shorter"),
        ({"last_day": FIRST - timedelta(days=1)}, "last_day", "after-first"),
        (
            {
                "rrule": "FREQ=DAILY",
                "last_day": None,
                "times": tuple((f"{h:02}:00", f"{h:02}:30") for h in range(6)),
            },
            "rrule",
            "fewer",
        ),
    ],
    ids=str,
)
def test_a_field_that_cannot_be_used_is_named(
    db: Db, little: None, changes: dict[str, object], field: str, expected: str
) -> None:
    before = dump(db)
    with pytest.raises(BadPermanence) as refusal:
        make(db, **changes)
    assert (refusal.value.field, refusal.value.expected) == (field, expected)
    assert dump(db) == before


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=3MO,WE",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;BYDAY=TU",
        "le lundi",
    ],
)
def test_a_rule_that_never_happens_or_not_on_its_first_day(db: Db, little: None, rule: str) -> None:
    before = dump(db)
    with pytest.raises(BadRule):
        make(db, rrule=rule)
    assert dump(db) == before


def test_the_whole_series_changes_and_keeps_what_is_booked(db: Db, little: None) -> None:
    make(db)
    kept = book(db, paris(2026, 12, 7, 10))
    with db.transaction():
        series.edit(db, replace(permanence(db, "lundi"), slot_minutes=20), MONDAY)
    assert starts(db, "11-30")[:4] == ["09:00", "09:20", "09:40", "10:00"]
    assert state_of(db, kept.id)["starts_at"] == "2026-12-07T09:00:00.000000Z"
    assert "10:20" not in starts(db, "12-07")  # somebody is there until half past ten
    assert starts(db, "12-07")[3:5] == ["10:00", "10:40"]


def test_this_and_following_leaves_what_comes_before(db: Db, little: None) -> None:
    before = make(db)
    ids = [row["id"] for row in occurrences(db)]
    after = follow(db, times=(("14:00", "17:00"),), room_id=AUTRE)
    assert (after.follows, after.last_day) == ("lundi", before.last_day)
    assert permanence(db, "lundi").last_day == CUT - timedelta(days=1)
    assert held(db) == ["11-30 09:00-12:00", "12-07 09:00-12:00"]
    assert held(db, after.id) == ["12-14 14:00-17:00", "12-21 14:00-17:00"]
    assert [row["id"] for row in (*occurrences(db), *occurrences(db, after.id))] == ids


def test_what_was_cancelled_stays_so_in_what_follows(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        exceptions.cancel(db, [occurrence_on(db, "12-21")], MONDAY)
    after = follow(db, times=(("14:00", "17:00"),))
    assert held(db, after.id) == ["12-14 14:00-17:00"]


def test_what_was_booked_goes_over_to_what_follows(db: Db, little: None) -> None:
    make(db)
    kept = book(db, paris(2026, 12, 21, 10))
    after = follow(db, places=2)
    [found] = db.all(
        "SELECT o.permanence_id, s.open FROM booking AS b JOIN slot AS s ON s.id = b.slot_id"
        " JOIN occurrence AS o ON o.id = s.occurrence_id WHERE b.appointment_id = :id",
        id=kept.id,
    )
    assert found == {"permanence_id": after.id, "open": 1}


def test_another_weekday_from_a_day_on(db: Db, little: None) -> None:
    make(db)
    wanted = replace(
        permanence(db, "lundi"), first_day=date(2026, 12, 15), rrule="FREQ=WEEKLY;BYDAY=TU"
    )
    with db.transaction():
        after = series.edit_following(db, wanted, CUT, MONDAY)
    assert held(db) == ["11-30 09:00-12:00", "12-07 09:00-12:00"]
    assert held(db, after) == ["12-15 09:00-12:00"]


def test_from_its_first_day_on_is_the_whole_series(db: Db, little: None) -> None:
    make(db)
    assert follow(db, FIRST, times=(("14:00", "17:00"),)).id == "lundi"
    assert held(db)[0] == "11-30 14:00-17:00"


def test_what_follows_cannot_begin_before_the_cut(db: Db, little: None) -> None:
    make(db)
    with pytest.raises(BadPermanence) as refusal:
        series.edit_following(db, permanence(db, "lundi"), CUT, MONDAY)
    assert (refusal.value.field, refusal.value.expected) == ("first_day", "after-cut")


def test_a_series_that_had_ended_before_does_not_begin_again(db: Db, little: None) -> None:
    make(db)
    follow(db, date(2027, 1, 11), last_day=None)
    assert permanence(db, "lundi").last_day == FIRST + 3 * WEEK
    assert held(db)[-1] == "12-21 09:00-12:00"
    assert len(held(db)) == 4


def test_from_today_on_while_it_receives(db: Db, little: None) -> None:
    make(db, times=(("09:00", "12:00"), ("14:00", "17:00")))
    at = paris(2026, 12, 14, 10)
    after = follow(db, at=at, times=(("09:30", "12:00"), ("15:00", "17:00")))
    assert held(db)[-1] == "12-14 09:00-12:00"
    assert held(db, after.id) == [
        "12-14 15:00-17:00",
        "12-21 09:30-12:00",
        "12-21 15:00-17:00",
    ]


def test_a_moved_date_follows_too(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        exceptions.reschedule(
            db, occurrence_on(db, "12-21"), date(2026, 12, 23), time(9), time(12), MONDAY
        )
    after = follow(db, times=(("14:00", "17:00"),))
    assert held(db, after.id) == ["12-14 14:00-17:00", "12-23 09:00-12:00"]


def test_following_twice_from_the_same_day(db: Db, little: None) -> None:
    make(db)
    first = follow(db)
    with db.transaction():
        series.end(db, first.id, CUT - timedelta(days=1), MONDAY)
        series.edit(db, replace(permanence(db, "lundi"), last_day=FIRST + 3 * WEEK), MONDAY)
    second = follow(db)
    assert second.id != first.id
    assert len(held(db, second.id)) == 2


def test_a_taken_room_refuses_what_follows_and_changes_nothing(db: Db, little: None) -> None:
    make(db)
    make(db, id="autre", room_id=AUTRE)
    before = dump(db)
    with pytest.raises(RoomTaken):
        follow(db, room_id=AUTRE)
    assert dump(db) == before


def test_a_series_ends_after_a_day(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        series.end(db, "lundi", FIRST + WEEK, MONDAY)
    assert held(db) == ["11-30 09:00-12:00", "12-07 09:00-12:00"]
    assert permanence(db, "lundi").last_day == FIRST + WEEK


def test_a_series_that_ends_before_it_begins_is_over(db: Db, little: None) -> None:
    make(db)
    with db.transaction():
        series.end(db, "lundi", FIRST - timedelta(days=1), MONDAY)
    assert held(db) == []
    with pytest.raises(Unknown):
        permanence(db, "lundi")
    make(db, id="autre", room_id=PETIT)
