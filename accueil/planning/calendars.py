"""Calendar feeds: dated entries written as iCalendar (RFC 5545). Pure: entries in, bytes out.

Every entry is a single event, cancelled ones included: programs differ on recurring events and
their exceptions. Nothing depends on the time of the call, so the same entries give the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

_PRODUCT = "-//Accueil commun//Planning//FR"
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LINE = 75  # octets, the line's end aside
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
# A rule of the clock is believed when it also holds in these years before and after the entries:
# enough for the fourth Sunday of a month to differ from the last.
_AROUND = 5
# A calendar has to hold something: without entries, it is the time zone of this year.
_QUIET_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated thing in a feed; `uid` never changes, and is that of no other entry.

    The instants are aware. `sequence` grows and `changed_at` moves when the entry changes, and
    only then. `place` and `about` may be empty.
    """

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    title: str
    place: str
    about: str


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of the clock, at `wall` by the clock before it; the offsets are from UTC."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    def is_last_weekday(self) -> bool:
        return (self.wall + timedelta(days=7)).month != self.wall.month

    def position(self) -> int:
        return (self.wall.day - 1) // 7 + 1


def calendar(name: str, entries: Iterable[Entry], zone: ZoneInfo) -> bytes:
    """A feed to subscribe to, in the order of time whatever that of `entries`."""
    about = (
        _said("NAME", name),
        _said("X-WR-CALNAME", name),
        f"X-WR-TIMEZONE:{zone.key}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    )
    in_order = sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))
    return _calendar(about, in_order, zone)


def invitation(entry: Entry, zone: ZoneInfo) -> bytes:
    """One entry as a file to add to a calendar.

    It has no name: some programs would open a new calendar for it.
    """
    return _calendar(("METHOD:PUBLISH",), [entry], zone)


def _calendar(about: Sequence[str], entries: Sequence[Entry], zone: ZoneInfo) -> bytes:
    years = {at.year for entry in entries for at in (entry.starts_at, entry.ends_at)}
    years = years or {_QUIET_YEAR}
    clock = _time_zone(zone, min(years) - _AROUND, max(years) + _AROUND)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN"]
    lines += about
    lines += clock
    for entry in entries:
        lines += _event(entry, zone if clock else None)
    lines += ["END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def _event(entry: Entry, zone: ZoneInfo | None) -> Iterator[str]:
    changed = _utc(entry.changed_at)
    yield "BEGIN:VEVENT"
    yield _said("UID", entry.uid)
    # Without a METHOD, DTSTAMP says when the entry last changed; the time of the call would make
    # every entry of every answer a new one.
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART{_moment(entry.starts_at, zone)}"
    yield f"DTEND{_moment(entry.ends_at, zone)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield "TRANSP:OPAQUE"
    yield _said("SUMMARY", entry.title)
    if entry.place:
        yield _said("LOCATION", entry.place)
    if entry.about:
        yield _said("DESCRIPTION", entry.about)
    yield "END:VEVENT"


def _moment(at: datetime, zone: ZoneInfo | None) -> str:
    """What follows the name of a property whose value is `at`."""
    local = at.astimezone(zone) if zone else None
    # The hour that comes twice in autumn is read as its first time: the second is told in UTC.
    if zone is None or local is None or local.fold:
        return f":{_utc(at)}"
    day, clock = local.isoformat()[:19].split("T")
    return f";TZID={zone.key}:{day.replace('-', '')}T{clock.replace(':', '')}"


@lru_cache(maxsize=1_000)
def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@lru_cache(maxsize=1_000)
def _said(name: str, text: str) -> str:
    """A property whose value is `text`, the only kind that may be long. Kept: a feed says the
    same few names again and again."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _folded(f"{name}:" + "\\n".join(escaped.splitlines()).translate(_CONTROLS))


def _folded(line: str) -> str:
    """`line` cut where it has too many octets, but never inside a character or an escape."""
    octets = line.encode()
    pieces = []
    while len(octets) > _LINE:
        cut = _LINE
        while cut > 2 and (octets[cut] & 0xC0 == 0x80 or octets[cut - 1 : cut] == b"\\"):
            cut -= 1
        pieces.append(octets[:cut])
        octets = b" " + octets[cut:]
    return b"\r\n".join([*pieces, octets]).decode()


@lru_cache(maxsize=16)
def _time_zone(zone: ZoneInfo, first: int, last: int) -> tuple[str, ...]:
    """The clock of `zone` from one year to another: its offset, or its two yearly changes.

    Outlook reads rules, and no list of dates: nothing when the clock follows none, or is UTC.
    """
    by_year = [list(_changes(zone, year)) for year in range(first, last + 1)]
    changes = {len(in_year) for in_year in by_year}
    if changes == {0}:
        offset = _offset(zone, datetime(first, 1, 1, tzinfo=UTC))
        name = datetime(first, 1, 1, tzinfo=zone).tzname() or zone.key
        observances = [_observance(_Change(datetime(1970, 1, 1), offset, offset, name), "")]
        return _enclosed(zone, observances) if offset else ()
    if changes != {2}:
        return ()
    rules = [_yearly([in_year[half] for in_year in by_year]) for half in (0, 1)]
    if not all(rules):
        return ()
    return _enclosed(zone, map(_observance, by_year[0], rules))


def _enclosed(zone: ZoneInfo, observances: Iterable[Sequence[str]]) -> tuple[str, ...]:
    inside = [line for observance in observances for line in observance]
    return ("BEGIN:VTIMEZONE", f"TZID:{zone.key}", *inside, "END:VTIMEZONE")


def _observance(change: _Change, rule: str) -> list[str]:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    start = change.wall
    if rule:
        start = rrulestr(rule, dtstart=datetime.combine(datetime(1970, 1, 1), start.time()))[0]
    return [
        f"BEGIN:{kind}",
        f"TZOFFSETFROM:{_offset_text(change.before)}",
        f"TZOFFSETTO:{_offset_text(change.after)}",
        f"TZNAME:{change.name}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        *([f"RRULE:{rule}"] if rule else []),
        f"END:{kind}",
    ]


def _yearly(changes: Sequence[_Change]) -> str:
    """The rule that gives one change a year, those; empty when there is none."""
    alike = {(c.wall.month, c.wall.weekday(), c.wall.time(), c.before, c.after) for c in changes}
    positions = {change.position() for change in changes}
    if all(change.is_last_weekday() for change in changes):
        positions = {-1}
    if len(alike) > 1 or len(positions) > 1:
        return ""
    wall = changes[0].wall
    return f"FREQ=YEARLY;BYMONTH={wall.month};BYDAY={positions.pop()}{_DAYS[wall.weekday()]}"


def _changes(zone: ZoneInfo, year: int) -> Iterator[_Change]:
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        before, day = day, day + timedelta(days=1)
        if _offset(zone, before) != _offset(zone, day):
            yield _change_between(zone, before, day)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> _Change:
    offset = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    after = after.replace(microsecond=0)
    name = after.astimezone(zone).tzname() or zone.key
    return _Change((after + offset).replace(tzinfo=None), offset, _offset(zone, after), name)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _offset_text(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"
