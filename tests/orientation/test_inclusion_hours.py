"""Hours between our rules and OpenStreetMap's: what both can say, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accueil.orientation.inclusion.hours import DAYS, Opening, from_osm, to_osm
from accueil.planning.recurrence import Rule

PUBLIC = frozenset({"public"})
MORNING = (("09:00", "12:00"),)


@pytest.mark.parametrize(
    ("rrule", "times", "osm"),
    [
        (
            "FREQ=WEEKLY;BYDAY=MO",
            (("13:30", "17:30"), ("09:00", "10:30")),
            "Mo 09:00-10:30,13:30-17:30; PH off",
        ),
        ("FREQ=MONTHLY;BYDAY=1WE,5WE", MORNING, "We[1,5] 09:00-12:00; PH off"),
        ("FREQ=MONTHLY;BYDAY=WE;BYSETPOS=-1", MORNING, "We[-1] 09:00-12:00; PH off"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", MORNING, "Mo-Fr 09:00-12:00; PH off"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,TH", MORNING, "Mo,We,Th 09:00-12:00; PH off"),
        ("FREQ=WEEKLY", MORNING, "Th 09:00-12:00; PH off"),
        ("FREQ=DAILY", MORNING, "Mo-Su 09:00-12:00; PH off"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", MORNING, None),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1WE", MORNING, None),
        ("FREQ=MONTHLY;BYMONTHDAY=15", MORNING, None),
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=4", MORNING, None),
        ("FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1", MORNING, None),
    ],
)
def test_a_rule_is_written_when_openstreetmap_has_words_for_it(
    rrule: str, times: tuple[tuple[str, str], ...], osm: str | None
) -> None:
    assert to_osm(rrule, 3, times, (), PUBLIC) == osm


def test_breaks_are_taken_out_and_school_holidays_are_said() -> None:
    closed = PUBLIC | {"school", "house"}
    written = to_osm(
        "FREQ=WEEKLY;BYDAY=MO", 0, (("09:00", "12:00"),), (("10:00", "10:30"),), closed
    )
    assert written == "Mo 09:00-10:00,10:30-12:00; PH off; SH off"


@pytest.mark.parametrize(
    "text",
    [
        "jeudi après-midi",
        "Mo 14:00+",
        "week 01-53/2 Th 14:00-17:00",
        "Mo-Su,PH 09:00-18:00",
        "PH 09:00-12:00",
        "Mo 12:00-09:00",
        "Mo 22:00-02:00",
        "We 09:00-12:00; We[1] 14:00-17:00",
        "Mo 09:00-12:00, Tu 10:00-11:00",
        "Sa-Su off",
        "",
        ";",
        "x" * 5_000,
    ],
)
def test_what_has_no_plain_form_is_left_in_its_own_words(text: str) -> None:
    assert from_osm(text) is None


def test_a_later_line_replaces_an_earlier_one() -> None:
    assert from_osm("Mo-We 09:00-17:00; Tu 9:00 - 12:00; PH off") == (
        Opening(Rule("WEEKLY", weekdays=(0, 2)), (("09:00", "17:00"),), PUBLIC),
        Opening(Rule("WEEKLY", weekdays=(1,)), MORNING, PUBLIC),
    )


def test_always_is_every_day() -> None:
    everyday = Rule("WEEKLY", weekdays=tuple(range(7)))
    assert from_osm("24/7") == (Opening(everyday, (("00:00", "24:00"),)),)


@given(
    days=st.sets(st.integers(0, 6), min_size=1).map(sorted),
    hours=st.lists(st.integers(0, 47), min_size=2, max_size=6, unique=True).map(sorted),
    closed=st.sets(st.sampled_from(["public", "school"])).map(frozenset),
)
def test_what_is_written_is_read_back(
    days: list[int], hours: list[int], closed: frozenset[str]
) -> None:
    clocks = [f"{half // 2:02}:{half % 2 * 30:02}" for half in hours[: len(hours) // 2 * 2]]
    times = tuple(zip(clocks[::2], clocks[1::2], strict=True))
    rrule = f"FREQ=WEEKLY;BYDAY={','.join(DAYS[day][:2].upper() for day in days)}"
    written = to_osm(rrule, 0, times, (), closed)
    assert written is not None
    assert from_osm(written) == (Opening(Rule("WEEKLY", weekdays=tuple(days)), times, closed),)
