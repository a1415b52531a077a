import signal
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from accueil.planning.recurrence import BadRule, Rule, check, days, first_day, rule

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
    [
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;COUNT=0",
    ],
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
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=Noël",
        "FREQ=YEARLY;BYDAY=99999999999MO",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1",
        "FREQ=MONTHLY;BYWEEKNO=2;BYDAY=MO",
        "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=WEEKLY;BYDAY=MO;BYDAY=TU",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20261231",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261331",
        "FREQ=WEEKLY;WKST=LU",
    ],
)
def test_what_is_no_rule_of_days_is_refused(rule: str) -> None:
    with within(3), pytest.raises(BadRule, match="expected"):
        check(rule, FIRST)


def test_a_first_day_at_the_end_of_time_is_refused() -> None:
    with pytest.raises(BadRule):
        check("FREQ=WEEKLY;BYDAY=FR", date(9999, 12, 31))


@pytest.mark.parametrize(
    "until", ["20260119", "20260119T100000", "20260119T225959Z", "20260119T000000Z"]
)
def test_until_may_have_an_hour_and_a_zone(until: str) -> None:
    found = days(f"FREQ=WEEKLY;BYDAY=MO;UNTIL={until}", FIRST, FIRST, date(2030, 1, 1))
    assert list(found)[-1] == date(2026, 1, 19)


some_rules = st.builds(
    lambda frequency, interval, on, months, end: (
        f"FREQ={frequency};INTERVAL={interval}"
        + (f";BYDAY={','.join(WEEK[day] for day in sorted(on))}" if on else "")
        + (f";BYMONTH={','.join(map(str, sorted(months)))}" if months else "")
        + end
    ),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    st.integers(1, 5),
    st.sets(st.integers(0, 6)),
    st.sets(st.integers(1, 12), max_size=4),
    st.sampled_from(["", ";COUNT=40", ";UNTIL=20290214", ";WKST=SU"]),
)


@given(text=some_rules, first=some_days, start=st.dates(date(2026, 1, 1), date(2031, 1, 1)))
def test_an_old_rule_gives_what_it_would_from_its_first_day(
    text: str, first: date, start: date
) -> None:
    """Skipping the years between changes nothing."""
    end = start + timedelta(days=120)
    plain = rrulestr(text, dtstart=datetime.combine(first, time.min))
    lasting = plain.between(
        datetime.combine(start, time.min), datetime.combine(end, time.min), inc=True
    )
    assert list(days(text, first, start, end)) == [at.date() for at in lasting]


@given(start=st.dates(date(2019, 12, 1), date(2034, 1, 1)), weekday=st.integers(0, 6))
def test_even_weeks_are_those_of_the_calendar(start: date, weekday: int) -> None:
    """A year of 53 weeks has two odd ones in a row: no alternation would do."""
    numbers = ",".join(str(week) for week in range(2, 53, 2))
    text = f"FREQ=YEARLY;BYWEEKNO={numbers};BYDAY={WEEK[weekday]}"
    end = start + timedelta(days=90)
    naive = [
        day
        for day in walk(start, end)
        if day.weekday() == weekday and day.isocalendar().week % 2 == 0
    ]
    assert list(days(text, date(2019, 1, 1), start, end)) == naive


@pytest.mark.parametrize("first_of_january", [date(2022, 1, 1), date(2039, 1, 1)])
def test_the_first_of_january_is_of_the_last_even_week(first_of_january: date) -> None:
    numbers = ",".join(str(week) for week in range(2, 53, 2))
    text = f"FREQ=YEARLY;BYWEEKNO={numbers};BYDAY={WEEK[first_of_january.weekday()]}"
    assert first_of_january.isocalendar().week == 52
    found = days(text, date(2019, 1, 1), first_of_january, first_of_january)
    assert list(found) == [first_of_january]


def test_a_rule_reads_back_as_data() -> None:
    assert rule("freq=monthly;byday=1WE,5WE;until=20270630") == Rule(
        "MONTHLY", nth=((1, 2), (5, 2)), until=date(2027, 6, 30)
    )
    assert rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO;COUNT=8") == Rule(
        "WEEKLY", interval=2, weekdays=(0, 3), count=8
    )
    assert rule("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1").positions == (-1,)


def test_the_first_day_on_or_after_another() -> None:
    assert first_day("FREQ=MONTHLY;BYDAY=5WE", date(2026, 11, 1)) == date(2026, 12, 30)
