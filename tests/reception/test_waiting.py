"""The range of a wait follows from the line as anybody would expect it to."""

from dataclasses import replace
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from accueil.reception.paces import LEAST_MEASURES, Measures, pace, still
from accueil.reception.waiting import (
    DRAWS,
    Column,
    Coming,
    Line,
    Person,
    Range,
    fits,
    plays,
    rounded,
    wait_range,
)

ALL_DAY = [(0.0, 600.0)]
NOW: Column = (0.0,) * DRAWS
minutes = st.floats(1, 60)
columns = st.lists(minutes, min_size=DRAWS, max_size=DRAWS).map(lambda each: tuple(sorted(each)))


def steady(length: float) -> Column:
    return (length,) * DRAWS


def line(people: list[Column], hosts: list[Column], **more: object) -> Line:
    given: dict[str, object] = {
        "ahead": [Person(each) for each in people],
        "hosts": hosts,
        "windows": ALL_DAY,
    }
    return Line(**{**given, **more})


@given(st.lists(columns, max_size=8), columns, st.lists(columns, min_size=1, max_size=4))
def test_one_more_person_ahead_never_shortens_the_wait(
    people: list[Column], another: Column, hosts: list[Column]
) -> None:
    fewer, more = plays(line(people, hosts)), plays(line([*people, another], hosts))
    assert all(short <= long for short, long in zip(fewer, more, strict=True))


@given(st.lists(columns, max_size=8), columns, st.lists(columns, min_size=1, max_size=4))
def test_one_more_host_never_lengthens_the_wait(
    people: list[Column], another: Column, hosts: list[Column]
) -> None:
    fewer, more = plays(line(people, hosts)), plays(line(people, [*hosts, another]))
    assert all(short <= long for short, long in zip(more, fewer, strict=True))


@given(st.lists(columns, max_size=8), st.lists(columns, min_size=1, max_size=4))
def test_the_same_line_has_the_same_range(people: list[Column], hosts: list[Column]) -> None:
    assert wait_range(line(people, hosts)) == wait_range(line(people, hosts))


@given(st.floats(0, 300), st.floats(0, 300))
def test_a_range_holds_what_it_was_made_of_in_round_minutes(one: float, other: float) -> None:
    low, high = sorted((one, other))
    shown = rounded(low, high)
    assert shown.low <= low <= high <= shown.high
    assert shown.low < shown.high
    assert all(each <= 10 or each % 5 == 0 for each in (shown.low, shown.high))


def test_two_people_with_one_host_wait_for_two_meetings() -> None:
    assert wait_range(line([steady(8)] * 2, [NOW])) == Range(15, 20)
    assert wait_range(line([steady(8)] * 2, [NOW, NOW])) == Range(8, 9)
    assert wait_range(line([], [NOW])) == Range(0, 1)


def test_nobody_receives_no_range() -> None:
    assert wait_range(line([steady(8)], [])) is None
    assert fits(line([steady(8)], [])) is None


def test_a_wait_beyond_the_last_hour_has_no_range_and_does_not_fit() -> None:
    until_noon = line([steady(20)] * 3, [NOW], windows=[(0.0, 50.0)])
    assert wait_range(until_noon) is None
    assert fits(until_noon) is False
    assert fits(replace(until_noon, windows=[(0.0, 70.0)])) is True


def test_a_wait_goes_on_after_the_break() -> None:
    broken = line([steady(20)] * 3, [NOW], windows=[(0.0, 50.0), (110.0, 300.0)])
    assert wait_range(broken) == Range(110, 115)


def test_an_appointment_whose_hour_comes_goes_before_and_no_more_than_may() -> None:
    booked = [Coming(5.0 * nth, 1.0, steady(10)) for nth in range(6)]
    people = line([steady(10)], [NOW], coming=booked, passes=0)
    assert plays(people)[0] == 10
    assert plays(replace(people, passes=3))[0] == 40


def test_nobody_is_called_before_their_own_hour() -> None:
    early = Line([Person(steady(8), yields=True)] * 9, [NOW], ALL_DAY, due=30.0)
    assert wait_range(early) == Range(30, 35)


def test_too_few_measures_are_no_basis() -> None:
    assert pace(Measures(today=(6.0,) * (LEAST_MEASURES - 1))) is None
    assert pace(Measures(today=(6.0,) * LEAST_MEASURES)) is not None
    assert pace(Measures(before=((6.0,) * LEAST_MEASURES,))) is not None


def test_a_slow_day_is_believed_as_it_goes_on() -> None:
    days = tuple((8.0, 10.0, 12.0) * 4 for _ in range(8))
    usual = pace(Measures(before=days))
    slow = pace(Measures(before=days, today=(20.0,) * 3))
    slower = pace(Measures(before=days, today=(20.0,) * 15))
    assert usual
    assert slow
    assert slower
    assert median(usual.meetings) < median(slow.meetings) < median(slower.meetings)


@given(columns, st.floats(0, 200))
def test_what_still_lasts_is_never_negative(known: Column, already: float) -> None:
    left = still(known, already)
    assert len(left) == DRAWS
    assert all(each >= 0 for each in left)
    assert list(left) == sorted(left)


def test_those_who_do_not_come_shorten_the_line() -> None:
    meetings = tuple((10.0, 12.0) * 5 for _ in range(5))
    faithful = pace(Measures(before=meetings))
    absent = pace(Measures(before=meetings, absences=(3.0,) * 40, left=20))
    assert faithful
    assert absent
    assert sum(absent.stays) < 0.7 * sum(faithful.stays)


def test_meetings_that_all_last_as_long_say_how_long() -> None:
    found = pace(Measures(before=((10.0,) * 6,) * 5))
    assert found
    assert (found.meetings, found.spread) == (steady(10.0), 0.0)
