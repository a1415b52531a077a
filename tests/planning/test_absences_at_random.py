import os
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from accueil.planning.absences import read
from accueil.planning.calendar_files import MOST_OCTETS, BadCalendar
from tests.planning.test_absences import AFTER, PARIS, UNTIL, file

weekdays = st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1)
nth = st.builds(
    "{}{}".format, st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(["MO", "SU"])
)
rules = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 40)),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={}".format,
        st.integers(1, 6),
        weekdays.map(sorted).map(",".join),
    ),
    st.builds("FREQ=MONTHLY;BYDAY={}".format, st.sets(nth, min_size=1).map(sorted).map(",".join)),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.sampled_from([1, 15, 29, 31, -1])),
    st.just("FREQ=YEARLY"),
)
endings = st.one_of(
    st.just(""),
    st.builds(";COUNT={}".format, st.integers(1, 60)),
    st.just(";UNTIL=20260815T100000Z"),
)


@given(
    st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 31)).map(
        # No hour of the night: programs differ on those that do not exist when the clock changes.
        lambda at: at.replace(hour=max(at.hour, 4), minute=0, second=0, microsecond=0)
    ),
    rules,
    endings,
    st.integers(1, 30),
    st.sets(st.integers(0, 60), max_size=4),
    st.sampled_from(["Europe/Paris", "America/New_York"]),
)
def test_a_second_program_repeats_the_same_way(
    start: datetime, rule: str, ending: str, hours: int, taken_out: set[int], zone: str
) -> None:
    exdates = [f"EXDATE;TZID={zone}:{start + timedelta(days=n):%Y%m%dT%H%M%S}" for n in taken_out]
    content = file(
        f"UID:s\nDTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}\n"
        f"DTEND;TZID={zone}:{start + timedelta(hours=hours):%Y%m%dT%H%M%S}\n"
        + "\n".join([f"RRULE:{rule}{ending}", *exdates])
    )
    try:
        found = read(content, PARIS, AFTER, UNTIL)
    except BadCalendar as error:
        assume(error.reason != "bad-rule")  # its first day is not one that the rule gives
        raise
    expected = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(AFTER, UNTIL)
    assert {absence.starts_at for absence in found} == {
        event.start.astimezone(UTC) for event in expected
    }


in_event = st.sampled_from([
    "DTSTART", "DTSTART;TZID=x", "DTSTART;TZID=Europe", "DTEND", "DURATION", "RRULE", "EXDATE",
    "RDATE", "RECURRENCE-ID", "UID", "STATUS", "TRANSP", "BEGIN", "END",
])  # fmt: skip
in_zone = st.sampled_from(["DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"])
values = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["20260105T090000", "20260105", "20260105T090000Z", "+0100", "-2359", "PT1H", "-P1D", "x"]
    ),
    rules,
    st.builds(
        ";".join,
        st.lists(
            st.builds(
                "{}={}".format,
                st.sampled_from(
                    ["FREQ", "COUNT", "BYDAY", "BYSETPOS", "BYWEEKNO", "UNTIL", "WKST"]
                ),
                st.sampled_from(["YEARLY", "0", "-1", "MO", "99", "20260101", "1,2", ""]),
            )
        ),
    ),
)


def written(lines: list[tuple[str, str]]) -> str:
    return "\n".join(f"{name}:{value}" for name, value in lines)


@settings(max_examples=400)
@given(
    st.lists(st.tuples(in_event, values), max_size=8),
    st.lists(st.tuples(in_zone, values), max_size=6),
    st.sampled_from(["DTSTART;TZID=x:20260105T090000\nDURATION:PT9H", "DTSTART:20260105", ""]),
)
@example([("RRULE", "FREQ=DAILY;COUNT=9\x85")], [], "DTSTART:20260105")
def test_no_file_however_broken_raises_anything_else(
    event: list[tuple[str, str]], zone: list[tuple[str, str]], start: str
) -> None:
    clock = f"BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\n{written(zone)}\nEND:STANDARD\nEND:VTIMEZONE"
    try:
        found = read(file(f"{start}\n{written(event)}", zone=clock), PARIS, AFTER, UNTIL)
    except BadCalendar:
        return
    assert all(absence.starts_at < absence.ends_at for absence in found)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    for some in (content, b"BEGIN:VCALENDAR\r\n" + content + b"\r\nEND:VCALENDAR\r\n"):
        try:
            assert read(some, PARIS, AFTER, UNTIL) == []
        except BadCalendar:
            continue


def test_noise_of_a_megabyte_is_refused() -> None:
    with pytest.raises(BadCalendar, match="not-a-calendar"):
        read(os.urandom(MOST_OCTETS), PARIS, AFTER, UNTIL)
