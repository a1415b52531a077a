from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accueil.planning.absences import MOST_ABSENCES, Absence, read
from accueil.planning.calendar_files import MOST_OCTETS, BadCalendar

PARIS = ZoneInfo("Europe/Paris")
AFTER = datetime(2026, 1, 1, tzinfo=PARIS)
UNTIL = datetime(2027, 2, 1, tzinfo=PARIS)

OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:(UTC+01:00) Bruxelles\\, Copenhague\\, Madrid\\, Paris
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def file(*events: str, zone: str = "") -> bytes:
    """A calendar of events, each given by the lines that matter."""
    inside = [f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", zone, *inside, "END:VCALENDAR", ""]
    return "\n".join(line for line in whole if line).replace("\n", "\r\n").encode() + b"\r\n"


def absences(*events: str, zone: str = "") -> list[Absence]:
    return read(file(*events, zone=zone), PARIS, AFTER, UNTIL)


def walls(found: list[Absence]) -> list[str]:
    return [
        f"{absence.starts_at.astimezone(PARIS):%Y-%m-%d %H:%M}"
        f" - {absence.ends_at.astimezone(PARIS):%Y-%m-%d %H:%M}"
        for absence in found
    ]


def refused(content: bytes) -> tuple[str, str]:
    with pytest.raises(BadCalendar) as caught:
        read(content, PARIS, AFTER, UNTIL)
    return caught.value.reason, caught.value.where


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART;TZID=Europe/Paris:20260713T090000\nDTEND;TZID=Europe/Paris:20260713T120000",
        "DTSTART:20260713T070000Z\nDTEND:20260713T100000Z",
        "DTSTART:20260713T090000\nDTEND:20260713T120000",
        "DTSTART:20260713T090000\nDURATION:PT3H",
        "DTSTART;TZID=Romance Standard Time:20260713T090000\nDURATION:PT3H",
        'DTSTART;TZID="Europe/Paris":20260713T090000\nDTEND:20260713T100000Z',
        "DTSTART;TZID=America/New_York:20260713T030000\nDURATION:PT3H",
        "DTSTART;TZID=America/New_York:20260713T070000Z\nDURATION:PT3H",
        "dtstart ; tzid = Europe/Paris :20260713T090000\nDURATION:PT\n 3H",
    ],
)
def test_one_absence_however_its_time_is_written(lines: str) -> None:
    [found] = absences(lines)
    assert found == Absence(
        datetime(2026, 7, 13, 7, tzinfo=UTC), datetime(2026, 7, 13, 10, tzinfo=UTC), False
    )
    assert found.starts_at.tzinfo is UTC


def test_a_zone_of_the_files_own_making() -> None:
    name = "(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris"
    summer = f'DTSTART;TZID="{name}":20260713T090000\nDURATION:PT1H'
    winter = f'DTSTART;TZID="{name}":20261213T090000\nDURATION:PT1H'
    assert walls(absences(summer, winter, zone=OWN_ZONE)) == [
        "2026-07-13 09:00 - 2026-07-13 10:00",
        "2026-12-13 09:00 - 2026-12-13 10:00",
    ]


def test_a_zone_is_never_remembered_from_another_file() -> None:
    shifted = OWN_ZONE.replace("+0100", "+0500").replace("+0200", "+0600")
    for zone, hour in ((shifted, 5), (OWN_ZONE, 9)):
        name = "(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris"
        [found] = absences(f'DTSTART;TZID="{name}":20260713T090000\nDURATION:PT1H', zone=zone)
        assert found.starts_at.astimezone(PARIS).hour == hour
    assert refused(file(f'DTSTART;TZID="{name}":20260713T090000'))[0] == "unknown-zone"


@pytest.mark.parametrize(
    "name",
    ["Europe/Lyon", "Europe", "../../etc/passwd", "X" * 5000, "", "a\x00b", "Heure de Paris"],
)
def test_an_unknown_zone_is_refused_by_its_name(name: str) -> None:
    content = file(f'DTSTART;TZID="{name}":20260713T090000\nDURATION:PT1H')
    assert refused(content) in [
        ("unknown-zone", name[:80]),
        ("bad-line", f'DTSTART;TZID="{name}":20260713T090000'),
    ]


@pytest.mark.parametrize(
    "change",
    [
        ("FREQ=YEARLY;INTERVAL=1", "FREQ=SECONDLY"),
        ("BYDAY=-1SU;BYMONTH=10", "BYMONTH=2;BYMONTHDAY=30"),
        ("TZOFFSETTO:+0100", "TZOFFSETTO:+9900"),
        ("TZOFFSETTO:+0100", "X-ELSE:1"),
        ("DTSTART:16010101T030000", "DTSTART:soon"),
    ],
)
def test_a_zone_that_makes_no_sense_is_refused(change: tuple[str, str]) -> None:
    name = "(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris"
    zone = OWN_ZONE.replace(*change)
    content = file(f'DTSTART;TZID="{name}":20260713T090000\nDURATION:PT1H', zone=zone)
    assert refused(content) == ("unknown-zone", name)


@pytest.mark.parametrize(
    ("lines", "whole_days"),
    [
        ("DTSTART;VALUE=DATE:20260713\nDTEND;VALUE=DATE:20260716", "2026-07-13 - 2026-07-16"),
        ("DTSTART;VALUE=DATE:20260713", "2026-07-13 - 2026-07-14"),
        ("DTSTART;VALUE=DATE:20260713\nDTEND;VALUE=DATE:20260713", "2026-07-13 - 2026-07-14"),
        ("DTSTART:20260713\nDURATION:P2D", "2026-07-13 - 2026-07-15"),
        ("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260331", "2026-03-28 - 2026-03-31"),
    ],
)
def test_whole_days_go_from_midnight_to_midnight_here(lines: str, whole_days: str) -> None:
    [found] = absences(lines)
    first, last = whole_days.split(" - ")
    assert walls([found]) == [f"{first} 00:00 - {last} 00:00"]
    assert found.all_day


def test_what_leaves_its_owner_free_is_no_absence() -> None:
    base = "DTSTART:20260713T090000\nDURATION:PT1H\n"
    assert absences(base + "TRANSP:TRANSPARENT", base + "STATUS:CANCELLED", base + "transp:opaque")
    assert not absences(base + "TRANSP:TRANSPARENT", base + "STATUS:CANCELLED")
    assert not absences("DTSTART:20260713T090000", "DTSTART:20260713T090000\nDURATION:PT0S")


def test_an_hour_that_does_not_exist_is_no_absence() -> None:
    assert not absences("DTSTART:20260329T021500\nDTEND:20260329T030000")


def test_only_what_touches_the_time_asked_for_is_kept() -> None:
    found = absences(
        "DTSTART:20251230T090000\nDTEND:20251231T120000",
        "DTSTART;VALUE=DATE:20251222\nDTEND;VALUE=DATE:20260105",
        "DTSTART;VALUE=DATE:20260101",
        "DTSTART;VALUE=DATE:20270201",
    )
    assert walls(found) == [
        "2025-12-22 00:00 - 2026-01-05 00:00",
        "2026-01-01 00:00 - 2026-01-02 00:00",
    ]


def test_a_series_keeps_its_hour_when_the_clock_changes() -> None:
    found = absences(
        "DTSTART;TZID=Europe/Paris:20260322T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    )
    assert walls(found) == [
        "2026-03-22 10:00 - 2026-03-22 11:00",
        "2026-03-29 10:00 - 2026-03-29 11:00",
        "2026-04-05 10:00 - 2026-04-05 11:00",
    ]
    assert [absence.starts_at.hour for absence in found] == [9, 8, 8]


SERIES = (
    "UID:s\nDTSTART;TZID=Europe/Paris:20260105T140000\nDTEND;TZID=Europe/Paris:20260105T170000\n"
    "RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20260202T130000Z;BYDAY=MO\n"
)


def days(found: list[Absence]) -> list[str]:
    return [f"{absence.starts_at.astimezone(PARIS):%m-%d %H}" for absence in found]


def test_a_series_up_to_its_last_day() -> None:
    every = ["01-05 14", "01-12 14", "01-19 14", "01-26 14", "02-02 14"]
    assert days(absences(SERIES)) == every
    assert days(absences(SERIES.replace("20260202T130000Z", "20260202T140000"))) == every
    assert days(absences(SERIES.replace("20260202T130000Z", "20260202"))) == every
    assert days(absences(SERIES.replace("20260202T130000Z", "20260202T125959Z"))) == every[:4]
    assert days(absences(SERIES.replace("20260202T130000Z", "20250101"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE;TZID=Europe/Paris:20260112T140000,20260119T140000",
        "EXDATE:20260112T130000Z\nEXDATE:20260119T130000Z",
        "EXDATE;VALUE=DATE:20260112,20260119",
    ],
)
def test_dates_taken_out_of_a_series(line: str) -> None:
    assert days(absences(SERIES + line)) == ["01-05 14", "01-26 14", "02-02 14"]


def test_dates_added_to_a_series() -> None:
    found = absences(SERIES + "RDATE;TZID=Europe/Paris:20260106T090000")
    assert days(found)[:3] == ["01-05 14", "01-06 09", "01-12 14"]


def test_a_date_moved_out_of_a_series_in_whichever_order() -> None:
    moved = (
        "UID:s\nRECURRENCE-ID;TZID=Europe/Paris:20260112T140000\n"
        "DTSTART;TZID=Europe/Paris:20260113T090000\nDURATION:PT1H"
    )
    dropped = (
        "UID:s\nRECURRENCE-ID:20260119T130000Z\nSTATUS:CANCELLED\n"
        "DTSTART;TZID=Europe/Paris:20260119T140000\nDURATION:PT1H"
    )
    expected = ["01-05 14", "01-13 09", "01-26 14", "02-02 14"]
    assert days(absences(SERIES, moved, dropped)) == expected
    assert days(absences(dropped, moved, SERIES)) == expected
    assert days(absences(moved.replace("UID:s", "UID:t"), SERIES))[1:3] == ["01-12 14", "01-13 09"]


def test_an_alarm_is_not_the_event_it_rings_for() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT9H\nRRULE:x\nEND:VALARM"
    [found] = absences(f"DTSTART:20260713T090000\n{alarm}\nDURATION:PT1H")
    assert found.ends_at - found.starts_at == timedelta(hours=1)


def test_the_same_absence_twice_is_one() -> None:
    assert len(absences("DTSTART:20260713", "DTSTART:20260713", "DTSTART:20260714")) == 2


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=SECONDLY", "bad-rule"),
        ("FREQ=HOURLY", "bad-rule"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "bad-rule"),
        ("FREQ=DAILY;INTERVAL=0", "bad-rule"),
        ("FREQ=DAILY;COUNT=100000", "bad-rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "bad-rule"),
        ("FREQ=MONTHLY;BYDAY=6MO", "bad-rule"),
        ("FREQ=MONTHLY;BYDAY=3MO,WE", "bad-rule"),
        ("FREQ=WEEKLY;BYDAY=2MO", "bad-rule"),
        ("FREQ=WEEKLY;BYDAY=TU", "bad-rule"),
        ("FREQ=WEEKLY;BYDAY=", "bad-rule"),
        ("FREQ=DAILY EXRULE:FREQ=SECONDLY", "bad-rule"),
        ("BYDAY=MO", "bad-rule"),
        ("", "bad-rule"),
        ("FREQ=DAILY;UNTIL=soon", "bad-date"),
        ("FREQ=DAILY\nRRULE:FREQ=WEEKLY", "bad-rule"),
        ("FREQ=DAILY\nEXRULE:FREQ=WEEKLY", "bad-rule"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule: str, reason: str) -> None:
    assert refused(file(f"DTSTART:20260105T140000\nDURATION:PT1H\nRRULE:{rule}"))[0] == reason


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("not-a-calendar", "")),
        (b"<!doctype html>", ("not-a-calendar", "<!doctype html>")),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", ("not-a-calendar", "BEGIN:VCARD")),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", ("cut-short", "VERSION:2.0")),
        (b"END:VCALENDAR", ("not-a-calendar", "END:VCALENDAR")),
        (b"\xff\xfeB\x00E\x00", ("not-a-calendar", "��B\x00E\x00")),
        (file("DTSTART:20260105")[:-20], ("cut-short", "END:VEV")),
        (file("BEGIN:VALARM"), ("not-a-calendar", "END:VEVENT")),
        (file("END:VEVENT"), ("not-a-calendar", "END:VEVENT")),
        (b"x" * (MOST_OCTETS + 1), ("too-big", "")),
        (file("DTEND:20260105"), ("bad-date", "DTSTART")),
        (file("DTSTART:20260105\nDTEND:"), ("bad-date", "DTEND")),
        (file("DTSTART:20260105\nDTSTART:20260106"), ("bad-date", "DTSTART")),
        (file("DTSTART:20260230"), ("bad-date", "20260230")),
        (file("DTSTART:2026-01-05T09:00"), ("bad-date", "2026-01-05T09:00")),
        (file("DTSTART:00010105"), ("bad-date", "00010105")),
        (file("DTSTART:20260105\nDURATION:P999999999D"), ("bad-date", "2026-01-05T00:00")),
        (file("DTSTART:20260105\nDURATION:P" + "9" * 5000 + "D"), ("bad-date", "P" + "9" * 79)),
        (file("DTSTART:20260105\nDTEND:20260105T100000"), ("bad-date", "2026-01-05T00:00")),
        (file("DTSTART;=:20260105"), ("bad-line", "DTSTART;=:20260105")),
        (
            file("DTSTART:20260105T100000\nDTEND:20260105T090000"),
            ("end-before-start", "2026-01-05T10:00"),
        ),
        (
            file("RECURRENCE-ID;RANGE=THISANDFUTURE:20260105\nDTSTART:20260105"),
            ("bad-rule", "RANGE"),
        ),
    ],
)
def test_what_is_wrong_is_named(content: bytes, expected: tuple[str, str]) -> None:
    assert refused(content) == expected


def test_too_many_absences_are_refused() -> None:
    most = [
        f"DTSTART:20260105T0900{n % 60:02}\nDURATION:PT{n + 100}S" for n in range(MOST_ABSENCES)
    ]
    assert len(absences(*most)) == MOST_ABSENCES
    assert refused(file(*most, "DTSTART:20260106"))[0] == "too-many"
    daily = "DTSTART:20260105T{:02}0000\nDURATION:PT1M\nRRULE:FREQ=DAILY"
    assert refused(file(*[daily.format(hour) for hour in range(24)]))[0] == "too-many"
    rare = "DTSTART:20260105T000000\nRRULE:FREQ=YEARLY"
    assert refused(file(*[rare] * 101))[0] == "too-many"


def test_what_an_absence_is_for_is_not_even_read() -> None:
    said = "DTSTART:20260105\nSUMMARY;=broken:Rendez-vous à l’hôpital\nDESCRIPTION"
    [found] = absences(said)
    assert "hôpital" not in repr(found)
