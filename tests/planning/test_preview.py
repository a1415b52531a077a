"""A rule tried out on one line of JSON."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accueil.planning.phrases import Clause
from accueil.planning.preview import preview
from accueil.planning.recurrence import Rule

TODAY = date(2026, 11, 23)
KEYS = {"rrules", "times", "mode", "questions", "sentence", "occurrences", "slots"}


def say(rule: Rule | None, clause: Clause) -> str:
    return clause.rrule or "?"


def tried(**asked: Any) -> dict[str, Any]:
    line = json.dumps({key.rstrip("_"): value for key, value in asked.items()})
    return preview(line, say, TODAY)


def test_a_phrase_gives_its_rule_and_its_dates() -> None:
    assert tried(
        phrase="1er et 5e mercredis du mois de 9h à 12h30 sur rendez-vous",
        from_="2026-12-01",
        to="2027-03-31",
    ) == {
        "rrules": ["FREQ=MONTHLY;BYDAY=1WE,5WE"],
        "times": [["09:00", "12:30"]],
        "mode": "appointment",
        "questions": [],
        "sentence": "FREQ=MONTHLY;BYDAY=1WE,5WE",
        "occurrences": [
            "2026-12-02T09:00:00+01:00",
            "2026-12-30T09:00:00+01:00",
            "2027-01-06T09:00:00+01:00",
            "2027-02-03T09:00:00+01:00",
            "2027-03-03T09:00:00+01:00",
            "2027-03-31T09:00:00+02:00",
        ],
        "slots": [],
    }


def test_an_alternation_has_no_date_until_its_first_is_known() -> None:
    phrase = "un jeudi sur deux à partir de 14h"
    unknown = tried(phrase=phrase)
    assert unknown["questions"] == ["end_time", "anchor"]
    assert unknown["occurrences"] == []
    known = tried(phrase=phrase, anchor="2026-11-26", limit=2)
    assert known["questions"] == ["end_time"]
    assert known["occurrences"] == ["2026-11-26T14:00:00+01:00", "2026-12-10T14:00:00+01:00"]
    assert "anchor" in tried(phrase=phrase, anchor="2026-11-27")["error"]


def test_the_day_of_a_number_of_weeks_is_that_of_its_first_date() -> None:
    found = tried(phrase="toutes les six semaines", anchor="2026-12-01", limit=2)
    assert found["questions"] == ["hours"]
    assert found["occurrences"] == ["2026-12-01", "2027-01-12"]


def test_without_hours_occurrences_are_days() -> None:
    found = tried(phrase="1er vendredi du mois, le matin")
    assert found["occurrences"][:2] == ["2026-12-04", "2027-01-01"]
    assert len(found["occurrences"]) == 6


def test_several_clauses_are_told_together_and_apart() -> None:
    found = tried(phrase="M. X reçoit lundi 9h-12h sans rdv, mardi 14h-17h sur rdv", limit=3)
    assert found.keys() == KEYS | {"clauses", "ignored"}
    assert found["rrules"] == ["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU"]
    assert found["times"] == [["09:00", "12:00"], ["14:00", "17:00"]]
    assert found["mode"] is None
    assert [each["mode"] for each in found["clauses"]] == ["walk_in", "appointment"]
    assert found["ignored"] == ["M. X reçoit"]
    assert found["occurrences"] == [
        "2026-11-23T09:00:00+01:00",
        "2026-11-24T14:00:00+01:00",
        "2026-11-30T09:00:00+01:00",
    ]


def test_a_rule_with_what_changes_it() -> None:
    found = tried(
        rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        dtstart="2026-11-26T14:00:00",
        duration_minutes=180,
        exdates=["2026-12-10", "2027-02-04T14:00"],
        rdates=["2026-12-11T10:00"],
        closures=[["2026-12-20", "2027-01-03"]],
        to="2027-02-10",
    )
    assert found["times"] == [["14:00", "17:00"]]
    assert found["occurrences"] == [
        "2026-11-26T14:00:00+01:00",
        "2026-12-11T10:00:00+01:00",
        "2027-01-07T14:00:00+01:00",
        "2027-01-21T14:00:00+01:00",
    ]


def test_a_start_off_the_rule_is_no_occurrence() -> None:
    found = tried(rrule="FREQ=WEEKLY;BYDAY=MO", dtstart="2026-11-26T09:00", limit=1)
    assert found["occurrences"] == ["2026-11-30T09:00:00+01:00"]
    assert found["questions"] == ["end_time"]


def test_a_bounded_rule_is_shown_whole() -> None:
    rule = "FREQ=DAILY;UNTIL=20261204T090000"
    assert len(tried(rrule=rule, dtstart="2026-11-26T09:00")["occurrences"]) == 9
    assert len(tried(rrule=rule, dtstart="2026-11-26T10:00")["occurrences"]) == 8
    utc = "FREQ=DAILY;UNTIL=20261204T080000Z"
    assert len(tried(rrule=utc, dtstart="2026-11-26T09:00")["occurrences"]) == 9
    assert len(tried(rrule="FREQ=DAILY;COUNT=9", dtstart="2026-11-26")["occurrences"]) == 9


def test_the_grid_of_slots_never_moves() -> None:
    found = tried(
        rrule="FREQ=WEEKLY",
        dtstart="2026-11-26T09:10",
        duration_minutes=130,
        slot_minutes=30,
        busy=[["2026-11-26T09:45", "2026-11-26T10:10"], ["2026-12-03T08:00", "2026-12-03T12:00"]],
        limit=2,
    )
    assert found["slots"] == ["2026-11-26T09:10:00+01:00", "2026-11-26T10:10:00+01:00",
                              "2026-11-26T10:40:00+01:00"]  # fmt: skip


def test_the_hour_of_the_wall_stays_when_clocks_change() -> None:
    found = tried(rrule="FREQ=WEEKLY", dtstart="2027-03-21T10:00", limit=2)
    assert found["occurrences"] == ["2027-03-21T10:00:00+01:00", "2027-03-28T10:00:00+02:00"]


def test_public_holidays_are_left_out_when_the_phrase_says_so() -> None:
    days = {"from_": "2026-12-24", "to": "2026-12-26"}
    assert len(tried(phrase="tous les jours à 9h", **days)["occurrences"]) == 3
    spared = tried(phrase="tous les jours à 9h, sauf jours fériés", **days)
    assert [at[:10] for at in spared["occurrences"]] == ["2026-12-24", "2026-12-26"]


THURSDAYS: dict[str, Any] = {"rrule": "FREQ=WEEKLY;BYDAY=TH", "dtstart": "2026-11-26T14:00"}


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({}, "phrase"),
        ({**THURSDAYS, "phrase": "lundi"}, "phrase"),
        ({"phrase": "le zurdi de 9h à 12h"}, "zurdi"),
        ({"phrase": "lundi de 12h à 9h"}, "12h à 9h"),
        ({"phrase": "tous les 30 février à 9h"}, "phrase"),
        ({"phrase": "lundi 9h", "duration_minutes": 30}, "duration_minutes"),
        ({"phrase": 5}, "phrase"),
        ({**THURSDAYS, "surprise": 1}, "surprise"),
        ({**THURSDAYS, "limit": "2"}, "limit"),
        ({**THURSDAYS, "limit": 0}, "limit"),
        ({**THURSDAYS, "limit": 10_001}, "limit"),
        ({"rrule": "FREQ=DAILY;COUNT=100000", "dtstart": "2026-11-26"}, "limit"),
        ({**THURSDAYS, "to": "2026-01-01"}, "to"),
        ({**THURSDAYS, "dtstart": "2026-11-26T14:00+01:00"}, "dtstart"),
        ({**THURSDAYS, "dtstart": "26/11/2026"}, "dtstart"),
        ({**THURSDAYS, "dtstart": "0001-01-01"}, "dtstart"),
        ({**THURSDAYS, "anchor": "2026-11-27"}, "anchor"),
        ({**THURSDAYS, "timezone": "Mars/Phobos"}, "timezone"),
        ({**THURSDAYS, "timezone": "../etc/passwd"}, "timezone"),
        ({**THURSDAYS, "exdates": ["jeudi"]}, "exdates"),
        ({**THURSDAYS, "closures": [["2026-12-31", "2026-12-01"]]}, "closures"),
        ({**THURSDAYS, "closures": [["2026-12-31"]]}, "closures"),
        ({**THURSDAYS, "busy": [["2026-12-01T10:00", "2026-12-01T09:00"]]}, "busy"),
        ({**THURSDAYS, "busy": [["2026-12-01", "2026-12-02"]]}, "busy"),
        ({**THURSDAYS, "slot_minutes": 0}, "slot_minutes"),
        ({**THURSDAYS, "duration_minutes": -30}, "duration_minutes"),
        ({**THURSDAYS, "duration_minutes": 1_200}, "duration_minutes"),
        ({**THURSDAYS, "dtstart": "2026-11-26", "duration_minutes": 60}, "duration_minutes"),
        ({**THURSDAYS, "rrule": "FREQ=MONTHLY;BYDAY=3MO,WE"}, "3MO,WE"),
        ({**THURSDAYS, "rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rrule"),
        ({**THURSDAYS, "rrule": "FREQ=MONTHLY;BYDAY=6MO"}, "rrule"),
        ({**THURSDAYS, "rrule": "FREQ=HOURLY"}, "HOURLY"),
        ({**THURSDAYS, "rrule": "FREQ=WEEKLY;BYHOUR=9"}, "BYHOUR"),
        ({"rrule": "FREQ=WEEKLY", "dtstart": "2027-03-21T02:30"}, "2027-03-28T02:30"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(asked: dict[str, Any], named: str) -> None:
    answer = tried(**asked)
    assert answer.keys() == {"error"}
    assert named in answer["error"]


@pytest.mark.parametrize(
    "line", ["nope", "[]", "1", "null", '{"phrase": "lundi"', b"\xff", "[" * 9999]
)
def test_what_is_no_object_is_an_error(line: str | bytes) -> None:
    assert preview(line, say, TODAY).keys() == {"error"}


moments = st.sampled_from(
    ["2026-11-26", "2027-03-28T02:30", "2026-11-26T14:00:00", "", "x", "9999-12-31", "2026-02-30"]
) | st.text(max_size=12)
numbers = st.integers(-5, 3_000)
pairs = st.lists(st.lists(moments, min_size=2, max_size=2), max_size=2)
rules = st.sampled_from(
    ["FREQ=WEEKLY;BYDAY=TH", "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=1WE,5WE", "FREQ=YEARLY;BYMONTH=2",
     "FREQ=MONTHLY;BYSETPOS=9;BYDAY=MO", "FREQ=WEEKLY;UNTIL=20270101T000000Z", "FREQ=DAILY;COUNT=3"]
) | st.text(max_size=20)  # fmt: skip
objects = st.fixed_dictionaries(
    {},
    optional={
        "phrase": st.sampled_from(["un jeudi sur deux à 14h", "lundi 9h-12h"]) | st.none(),
        "rrule": rules,
        "dtstart": moments,
        "duration_minutes": numbers,
        "anchor": moments,
        "timezone": st.sampled_from(["Europe/Paris", "UTC", "Europe", ""]) | st.text(max_size=8),
        "exdates": st.lists(moments, max_size=2),
        "rdates": st.lists(moments, max_size=2),
        "closures": pairs,
        "busy": pairs,
        "slot_minutes": numbers,
        "from": moments,
        "to": moments,
        "limit": numbers,
    },
)


@settings(max_examples=300, deadline=None)
@given(objects | st.dictionaries(st.text(max_size=5), st.none() | st.integers()))
def test_any_object_gets_an_answer(asked: dict[str, Any]) -> None:
    answer = preview(json.dumps(asked), say, TODAY)
    assert answer.keys() == {"error"} or answer.keys() >= KEYS
    json.dumps(answer)
