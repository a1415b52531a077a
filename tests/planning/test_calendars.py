import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st

from accueil.planning.calendars import Entry, calendar, invitation

PARIS = ZoneInfo("Europe/Paris")
CHANGED = datetime(2026, 11, 2, 8, 15, tzinfo=UTC)
LONG = "Permanence d’accès aux droits, à l’étage ; « salle des Œuvres » " * 4
ARABIC = "مكتب الاستقبال المشترك في الطابق الأول، يرجى الانتظار قليلاً " * 4

instants = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
# What a line of a form can hold; the controls are written by nobody.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)


def entry(start: datetime, uid: str = "a@house", hours: float = 2, **changes: object) -> Entry:
    given_so_far = {
        "uid": uid,
        "sequence": 3,
        "changed_at": CHANGED,
        "starts_at": start,
        "ends_at": start + timedelta(hours=hours),
        "cancelled": False,
        "title": "Mission locale",
        "place": "Bureau 2",
        "about": "",
    }
    return Entry(**(given_so_far | changes))


def at_paris(*wall: int) -> datetime:
    return datetime(*wall, tzinfo=PARIS)


def lines(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def events(content: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def clock_of(content: bytes) -> tzical:
    """The time zone as the file itself defines it, whatever its name means elsewhere."""
    written = lines(content)
    block = written[written.index("BEGIN:VTIMEZONE") : written.index("END:VTIMEZONE") + 1]
    return tzical(StringIO("\n".join(block))).get()


def test_a_feed_says_what_calendar_programs_look_for() -> None:
    written = lines(calendar("Permanences", [entry(at_paris(2026, 11, 23, 9))], PARIS))
    assert written[:9] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Accueil commun//Planning//FR",
        "CALSCALE:GREGORIAN",
        "NAME:Permanences",
        "X-WR-CALNAME:Permanences",
        "X-WR-TIMEZONE:Europe/Paris",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    assert written[written.index("BEGIN:VEVENT") :] == [
        "BEGIN:VEVENT",
        "UID:a@house",
        "DTSTAMP:20261102T081500Z",
        "LAST-MODIFIED:20261102T081500Z",
        "SEQUENCE:3",
        "DTSTART;TZID=Europe/Paris:20261123T090000",
        "DTEND;TZID=Europe/Paris:20261123T110000",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "SUMMARY:Mission locale",
        "LOCATION:Bureau 2",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_feed_has_no_method_and_an_invitation_has_one() -> None:
    one = entry(at_paris(2026, 11, 23, 9))
    assert b"METHOD" not in calendar("Permanences", [one], PARIS)
    single = invitation(one, PARIS)
    assert b"METHOD:PUBLISH\r\n" in single
    assert b"X-WR-CALNAME" not in single
    assert [event["UID"] for event in events(single)] == ["a@house"]


def test_a_cancelled_date_stays_and_says_so() -> None:
    feed = calendar("x", [entry(at_paris(2026, 11, 23, 9), cancelled=True)], PARIS)
    assert events(feed)[0]["STATUS"] == "CANCELLED"


def test_the_same_entries_give_the_same_bytes_in_any_order() -> None:
    start = at_paris(2026, 11, 23, 9)
    some = [entry(start + timedelta(days=n // 2), uid=f"{n}@house") for n in range(40)]
    feed = calendar("x", some, PARIS)
    random.Random(3).shuffle(some)
    assert calendar("x", some, PARIS) == feed


def test_a_feed_without_an_entry_still_holds_a_component() -> None:
    found = icalendar.Calendar.from_ical(calendar("Bureau 2", [], PARIS))
    assert [part.name for part in found.subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize(
    ("start", "written", "offset"),
    [
        (at_paris(2026, 3, 28, 9), "20260328T090000", 1),
        (at_paris(2026, 3, 29, 1, 59), "20260329T015900", 1),
        (at_paris(2026, 3, 29, 3), "20260329T030000", 2),
        (at_paris(2026, 10, 24, 9), "20261024T090000", 2),
        (at_paris(2026, 10, 25, 2, 30), "20261025T023000", 2),
        (at_paris(2026, 10, 25, 3), "20261025T030000", 1),
    ],
)
def test_times_on_the_weekends_when_the_clock_changes(
    start: datetime, written: str, offset: int
) -> None:
    feed = calendar("x", [entry(start)], PARIS)
    assert f"DTSTART;TZID=Europe/Paris:{written}\r\n".encode() in feed
    assert events(feed)[0].start.utcoffset() == timedelta(hours=offset)
    second_reading = vobject.readOne(feed.decode()).vevent.dtstart.value
    assert second_reading.astimezone(UTC) == start.astimezone(UTC)
    read_alone = datetime.strptime(written, "%Y%m%dT%H%M%S").replace(tzinfo=clock_of(feed))
    assert read_alone.astimezone(UTC) == start.astimezone(UTC)


def test_the_second_time_of_an_hour_that_comes_twice_is_told_in_utc() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert b"DTSTART:20261025T013000Z\r\n" in calendar("x", [entry(second)], PARIS)


def test_the_time_zone_is_two_rules() -> None:
    written = lines(calendar("x", [entry(at_paris(2026, 11, 23, 9))], PARIS))
    start, end = written.index("BEGIN:VTIMEZONE"), written.index("END:VTIMEZONE")
    assert written[start : end + 1] == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:DAYLIGHT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Paris",
        "Europe/Dublin",
        "Atlantic/Azores",
        "America/New_York",
        "America/Cayenne",
        "America/Miquelon",
        "America/Martinique",
        "Australia/Lord_Howe",
        "Indian/Reunion",
        "Pacific/Marquesas",
        "Asia/Kathmandu",
    ],
)
def test_the_time_zone_in_the_file_is_that_of_the_world(name: str) -> None:
    zone = ZoneInfo(name)
    feed = calendar("x", [entry(datetime(2026, 6, 1, 9, tzinfo=zone))], zone)
    clock = clock_of(feed)
    for hours in range(0, 3 * 366 * 24, 5):
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
        assert at.astimezone(clock).replace(tzinfo=None) == at.astimezone(zone).replace(tzinfo=None)


@pytest.mark.parametrize("name", ["Africa/Casablanca", "Asia/Jerusalem", "America/Santiago", "UTC"])
def test_where_the_clock_follows_no_yearly_rule_times_are_in_utc(name: str) -> None:
    feed = calendar("x", [entry(datetime(2026, 6, 1, 9, tzinfo=UTC))], ZoneInfo(name))
    assert b"DTSTART:20260601T090000Z\r\n" in feed
    assert b"TZID" not in feed
    assert b"VTIMEZONE" not in feed


@pytest.mark.parametrize("title", [LONG, ARABIC, "é" * 300, "🗓️" * 60, "\\" * 200, "a" * 61, ""])
def test_long_lines_are_folded_without_cutting_a_character(title: str) -> None:
    feed = calendar(title, [entry(at_paris(2026, 11, 23, 9), title=title)], PARIS)
    assert feed.endswith(b"\r\n")
    assert b"\n" not in feed.replace(b"\r\n", b"")
    for line in feed.split(b"\r\n"):
        assert len(line) <= 75
        assert line.decode().isprintable() or "️" in title
    assert events(feed)[0]["SUMMARY"] == title
    assert vobject.readOne(feed.decode()).vevent.summary.value == title


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("salle 1; salle 2, étage\\2", "salle 1\\; salle 2\\, étage\\\\2"),
        ("ligne 1\nligne 2\r\nligne 3", "ligne 1\\nligne 2\\nligne 3"),
        ("a\\nb", "a\\\\nb"),
        ("END:VEVENT\r\nBEGIN:VEVENT", "END:VEVENT\\nBEGIN:VEVENT"),
        ("a\x00\x07b", "ab"),
        ("a\u2028b\x0bc", "a\\nb\\nc"),
    ],
)
def test_what_has_a_meaning_in_the_format_is_escaped(said: str, written: str) -> None:
    feed = calendar("x", [entry(at_paris(2026, 11, 23, 9), about=said)], PARIS)
    assert f"DESCRIPTION:{written}" in lines(feed)
    assert len(events(feed)) == 1


@given(
    st.lists(
        st.tuples(instants, st.floats(0.25, 24), texts, texts, texts, st.booleans()), max_size=5
    )
)
def test_two_other_programs_read_back_what_is_written(
    some: list[tuple[datetime, float, str, str, str, bool]],
) -> None:
    written = [
        entry(start, f"{n:02}@x", hours, title=title, place=place, about=about, cancelled=off)
        for n, (start, hours, title, place, about, off) in enumerate(some)
    ]
    feed = calendar("Été, à l’accueil", written, PARIS)
    in_order = sorted(written, key=lambda one: (one.starts_at, one.uid))
    assert [
        (event["UID"], event.start.astimezone(UTC), event["SUMMARY"], event.get("LOCATION", ""))
        for event in events(feed)
    ] == [(one.uid, one.starts_at, one.title, one.place) for one in in_order]
    read = vobject.readOne(feed.decode()).contents.get("vevent", [])
    assert [
        (
            event.uid.value,
            event.dtend.value.astimezone(UTC),
            event.status.value,
            event.summary.value,
        )
        for event in read
    ] == [
        (
            one.uid,
            one.ends_at.replace(microsecond=0),
            "CANCELLED" if one.cancelled else "CONFIRMED",
            one.title,
        )
        for one in in_order
    ]


def test_a_year_of_permanences_is_read_back_whole() -> None:
    start = at_paris(2026, 1, 1, 9)
    wall = [start + timedelta(days=n) for n in range(365)]
    feed = calendar("x", [entry(at, uid=f"{at:%m%d}@x") for at in wall], PARIS)
    assert {event.start.hour for event in events(feed)} == {9}
    assert len({event.start.date() for event in events(feed)}) == 365
    assert events(feed)[-1].start.date() == date(2026, 12, 31)
