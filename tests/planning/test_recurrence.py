import signal
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accueil.planning.recurrence import BadRule, check, days

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FIRST = date(2026, 1, 5)  # a Monday

some_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
weekdays = st.sets(st.integers(0, 6), min_size=1)
intervals = st.integers(1, 6)
nth_weekdays = st.sets(
    st.tuples(st.integers(-5, 5).filter(bool), st.integers(0, 6)), min_size=1, max_size=4
)


def walk(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start += timedelta(days=1)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def positions(day: date) -> set[int]:
    """Which of its weekday in the month a day is, from the start and from the end."""
    left = monthrange(day.year, day.month)[1] - day.day
    return {(day.day - 1) // 7 + 1, -(left // 7 + 1)}


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail rather than wait for a rule that never ends."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@given(first=some_days, start=some_days, interval=intervals, on=weekdays)
def test_every_so_many_weeks_is_what_a_calendar_shows(
    first: date, start: date, interval: int, on: set[int]
) -> None:
    rule = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(WEEK[day] for day in sorted(on))}"
    end = start + timedelta(days=200)
    naive = [
        day
        for day in walk(start, end)
        if day >= first
        and day.weekday() in on
        and (monday_of(day) - monday_of(first)).days // 7 % interval == 0
    ]
    assert list(days(rule, first, start, end)) == naive


@given(first=some_days, start=some_days, interval=intervals, on=nth_weekdays)
def test_such_a_weekday_of_the_month_is_what_a_calendar_shows(
    first: date, start: date, interval: int, on: set[tuple[int, int]]
) -> None:
    by_day = ",".join(f"{nth}{WEEK[weekday]}" for nth, weekday in sorted(on))
    rule = f"FREQ=MONTHLY;INTERVAL={interval};BYDAY={by_day}"
    end = start + timedelta(days=400)
    naive = [
        day
        for day in walk(start, end)
        if day >= first
        and ((day.year - first.year) * 12 + day.month - first.month) % interval == 0
        and any(weekday == day.weekday() and nth in positions(day) for nth, weekday in on)
    ]
    assert list(days(rule, first, start, end)) == naive


def test_first_and_fifth_wednesdays_skip_the_months_that_have_four() -> None:
    found = days(
        "FREQ=MONTHLY;BYDAY=1WE,5WE", date(2026, 1, 7), date(2026, 11, 1), date(2027, 3, 31)
    )
    assert [day.isoformat() for day in found] == [
        "2026-11-04",
        "2026-12-02",
        "2026-12-30",
        "2027-01-06",
        "2027-02-03",
        "2027-03-03",
        "2027-03-31",
    ]


def test_the_first_and_the_last_day_asked_for_are_included() -> None:
    found = days("FREQ=WEEKLY;BYDAY=MO", FIRST, date(2026, 11, 16), date(2026, 11, 30))
    assert list(found) == [date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30)]


def test_nothing_happens_before_the_first_day() -> None:
    assert list(days("FREQ=WEEKLY;BYDAY=MO", FIRST, date(2025, 1, 1), date(2026, 1, 4))) == []


def test_a_rule_may_say_how_often_or_until_when() -> None:
    far = date(2030, 1, 1)
    assert len(list(days("FREQ=WEEKLY;BYDAY=MO;COUNT=3", FIRST, FIRST, far))) == 3
    until = list(days("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260119", FIRST, FIRST, far))
    assert until[-1] == date(2026, 1, 19)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=1WE,FR",
        "FREQ=MONTHLY;BYDAY=MO,-1FR",
        "FREQ=MONTHLY;BYDAY=WE,5WE",
    ],
)
def test_days_with_and_without_a_position_are_not_mixed(rule: str) -> None:
    with pytest.raises(BadRule, match="with or without positions"):
        check(rule, FIRST)


def test_a_position_in_a_week_is_refused_since_it_would_mean_every_week() -> None:
    with pytest.raises(BadRule):
        check("FREQ=WEEKLY;BYDAY=1MO", FIRST)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;COUNT=0"],
)
def test_a_rule_that_never_happens_is_refused(rule: str) -> None:
    with within(3), pytest.raises(BadRule, match="within five years"):
        check(rule, FIRST)


@pytest.mark.parametrize("interval", ["0", "-1", "x", ""])
def test_an_interval_is_a_number_of_weeks(interval: str) -> None:
    """An interval of nothing would be the same day for ever."""
    with within(3), pytest.raises(BadRule):
        check(f"FREQ=WEEKLY;INTERVAL={interval};BYDAY=MO", FIRST)


def test_a_first_day_off_the_rule_is_refused_with_one_that_would_do() -> None:
    with pytest.raises(BadRule, match="such as 2026-01-07, got 2026-01-05"):
        check("FREQ=WEEKLY;BYDAY=WE", FIRST)
    check("FREQ=WEEKLY;BYDAY=WE", date(2026, 1, 7))


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "le lundi",
        "FREQ",
        "FREQ=",
        "BYDAY=MO",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=LU",
        "FREQ=WEEKLY;BYHOUR=9",
        "FREQ=WEEKLY;",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "DTSTART:20260105\nRRULE:FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231T000000Z",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=Noël",
        "FREQ=YEARLY;BYDAY=99999999999MO",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
    ],
)
def test_what_is_no_rule_of_days_is_refused(rule: str) -> None:
    with within(3), pytest.raises(BadRule, match="expected"):
        check(rule, FIRST)


def test_a_first_day_at_the_end_of_time_is_refused() -> None:
    with pytest.raises(BadRule):
        check("FREQ=WEEKLY;BYDAY=FR", date(9999, 12, 31))
