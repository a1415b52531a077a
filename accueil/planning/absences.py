"""Absences read from an iCalendar file. Pure: bytes in, times out.

Only times are kept: what an absence is for is nobody's business, and its line is not even read.
What repeats is repeated by python-dateutil, on the wall clock of its own zone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr
from icalendar.parser import Parameters
from icalendar.prop import vDuration

from accueil.planning.calendar_files import BadCalendar, Clocks, Moment, Part, Property, parts

MOST_ABSENCES = 2_000
# Rules followed in one file: each takes time.
MOST_RULES = 100
_MOST_INTERVAL = 999
_MOST_COUNT = 5_000
_LONGEST = timedelta(days=36_525)
_DAY = timedelta(days=1)
_STEPS = {"DAILY": _DAY, "WEEKLY": 7 * _DAY}
# dateutil looks for a rule's next day up to the year 9999. Days and weekdays come back the same
# every 400 years: moved ahead by 19 times as many, a rule without a next day ends soon.
_AHEAD = timedelta(days=19 * 146_097)

_EVENT = frozenset({
    "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID",
    "STATUS", "TRANSP",
})  # fmt: skip
_RULE = re.compile(r"[A-Z0-9=;,+-]{1,400}")
_SIMPLE = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"})
_DETAILED = _SIMPLE | {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_ALLOWED = {"DAILY": _SIMPLE, "WEEKLY": _SIMPLE, "MONTHLY": _DETAILED, "YEARLY": _DETAILED}


@dataclass(frozen=True, slots=True, order=True)
class Absence:
    """From one UTC instant to a later one; `all_day` says that they are midnights of the house."""

    starts_at: datetime
    ends_at: datetime
    all_day: bool


@dataclass(frozen=True, slots=True)
class _Event:
    """What an event says of time, on the clock of its start.

    `rule` repeats it, until `last` when that is known. `replaces` is where the one that it takes
    the place of in a series began.
    """

    uid: str
    takes_time: bool
    start: Moment
    length: timedelta
    rule: dict[str, str]
    last: datetime | None
    also: list[Moment]
    never: list[Moment]
    replaces: list[Moment]

    def window(self, after: datetime, until: datetime) -> tuple[datetime, datetime]:
        """The first start that can touch the time from `after` to `until`, and the last."""
        zone = self.start.zone
        first = after.astimezone(zone).replace(tzinfo=None) - self.length
        return first, until.astimezone(zone).replace(tzinfo=None)

    def repeats_within(self, after: datetime, until: datetime) -> bool:
        first, last = self.window(after, until)
        return bool(self.rule) and self.start.wall <= last and (not self.last or self.last >= first)


def read(content: bytes, zone: ZoneInfo, after: datetime, until: datetime) -> list[Absence]:
    """The absences that touch the time from `after` to `until`, in order.

    Days, and times without a zone, are those of `zone`. What is cancelled or leaves its owner free
    is left out. Raises `BadCalendar`, and nothing else.
    """
    inside = parts(content)
    clocks = Clocks(zone, inside)
    events = [event for part in inside if part.name == "VEVENT" for event in _event(part, clocks)]
    moved: dict[str, list[Moment]] = defaultdict(list)
    for event in events:
        moved[event.uid] += event.replaces
    busy = [event for event in events if event.takes_time]
    if sum(event.repeats_within(after, until) for event in busy) > MOST_RULES:
        raise BadCalendar("too-many")
    found: set[Absence] = set()
    for event in busy:
        never = event.never if event.replaces else event.never + moved[event.uid]
        found.update(_absences(event, never, after, until))
        if len(found) > MOST_ABSENCES:
            raise BadCalendar("too-many")
    return sorted(found)


def _absences(
    event: _Event, never: Iterable[Moment], after: datetime, until: datetime
) -> Iterator[Absence]:
    zone, by_day = event.start.zone, event.start.is_day
    skipped = {moment.seen_from(zone) for moment in never}
    skipped_days = {moment.seen_from(zone).date() for moment in never if moment.is_day or by_day}
    starts = {moment.seen_from(zone) for moment in event.also}
    starts.update(_repeated(event, after, until) if event.rule else [event.start.wall])
    for start in starts - skipped:
        starts_at = start.replace(tzinfo=zone).astimezone(UTC)
        ends_at = (start + event.length).replace(tzinfo=zone).astimezone(UTC)
        # One that takes no time, or only an hour that does not exist, is none.
        touches = starts_at < ends_at and starts_at < until and after < ends_at
        if touches and start.date() not in skipped_days:
            yield Absence(starts_at, ends_at, by_day)


def _repeated(event: _Event, after: datetime, until: datetime) -> Iterator[datetime]:
    """The starts that the rule of an event gives, within its window."""
    if not event.repeats_within(after, until):
        return
    first, last = event.window(after, until)
    last = min(last, event.last or last)
    found = _parsed(event.rule, event.start.wall, first)
    for start in found.xafter(first + _AHEAD, inc=True):
        if start - _AHEAD > last:
            return
        yield start - _AHEAD


def _parsed(rule: dict[str, str], start: datetime, first: datetime) -> rrule | rruleset:
    """What the rule gives from `first` on, moved `_AHEAD`; what comes before may be left out.

    Refused when it does not give its own start: then no two programs agree on it, and
    python-dateutil silently finds nothing for some such rules.
    """
    text = ";".join(f"{key}={value}" for key, value in rule.items())
    try:
        whole = rrulestr(text, dtstart=start + _AHEAD)
        if next(iter(whole), None) == start + _AHEAD:
            return rrulestr(text, dtstart=_nearer(rule, start, first) + _AHEAD)
    except (ValueError, TypeError, KeyError, IndexError):
        raise BadCalendar("bad-rule", text) from None
    raise BadCalendar("bad-rule", text)


def _nearer(rule: dict[str, str], start: datetime, first: datetime) -> datetime:
    """A start from which the rule gives the same days: dateutil walks through all of the past."""
    if rule["FREQ"] not in _STEPS or "COUNT" in rule:
        return start
    step = _STEPS[rule["FREQ"]] * int(rule.get("INTERVAL", "1"))
    return start + max(0, (first - start) // step) * step


def _event(part: Part, clocks: Clocks) -> Iterator[_Event]:
    """The event of a component; none when it neither takes time nor replaces one that does."""
    properties = part.properties(_EVENT)
    said = {value.upper() for name in ("STATUS", "TRANSP") for _, value in properties[name]}
    takes_time = said.isdisjoint({"CANCELLED", "TRANSPARENT"})
    replaces = clocks.moments(properties["RECURRENCE-ID"])
    if not takes_time and not replaces:
        return
    if any("RANGE" in parameters for parameters, _ in properties["RECURRENCE-ID"]):
        raise BadCalendar("bad-rule", "RANGE")
    start = _single(properties["DTSTART"], "DTSTART", clocks)
    rule = {} if replaces else _rule([*properties["RRULE"], *properties["EXRULE"]])
    yield _Event(
        uid="".join(value for _, value in properties["UID"]),
        takes_time=takes_time,
        start=start,
        length=_length(start, properties["DTEND"], properties["DURATION"], clocks),
        last=_last(rule.pop("UNTIL", ""), start, clocks),
        rule=rule,
        also=clocks.moments(properties["RDATE"]),
        never=clocks.moments(properties["EXDATE"]),
        replaces=replaces,
    )


def _single(properties: list[Property], name: str, clocks: Clocks) -> Moment:
    moments = clocks.moments(properties)
    if len(moments) != 1:
        raise BadCalendar("bad-date", name)
    return moments[0]


def _length(
    start: Moment, ends: list[Property], durations: list[Property], clocks: Clocks
) -> timedelta:
    """How long an event lasts by the clock; whole days for one that begins with a day."""
    length = timedelta()
    text = start.wall.isoformat(timespec="minutes")
    if ends:
        end = _single(ends, "DTEND", clocks)
        if end.is_day != start.is_day:
            raise BadCalendar("bad-date", text)
        length = end.seen_from(start.zone) - start.wall
    elif durations:
        try:
            length = vDuration.from_ical(durations[0][1])
        except ValueError:
            raise BadCalendar("bad-date", durations[0][1]) from None
    if length < timedelta():
        raise BadCalendar("end-before-start", text)
    if length > _LONGEST:
        raise BadCalendar("bad-date", text)
    # Some programs end a day on that same day, and not on the next.
    return max(1, -(-length // _DAY)) * _DAY if start.is_day else length


def _rule(rules: list[Property]) -> dict[str, str]:
    """The parts of the one rule of an event, UNTIL included; empty without any."""
    if not rules:
        return {}
    text = rules[-1][1].upper().rstrip(";")
    parts_of = dict(part.partition("=")[::2] for part in text.split(";"))
    frequency = parts_of.get("FREQ", "")
    if (
        len(rules) > 1
        or not _RULE.fullmatch(text)
        or not parts_of.keys() <= _ALLOWED.get(frequency, frozenset())
        or not _is_number(parts_of.get("INTERVAL", "1"), _MOST_INTERVAL)
        or not _is_number(parts_of.get("COUNT", "1"), _MOST_COUNT)
        or (frequency in _STEPS and re.search(r"\d", parts_of.get("BYDAY", "")))
    ):
        raise BadCalendar("bad-rule", text)
    return parts_of


def _is_number(text: str, most: int) -> bool:
    return text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most


def _last(until: str, start: Moment, clocks: Clocks) -> datetime | None:
    """UNTIL by the clock of `start`; some programs write it without saying a zone."""
    if not until:
        return None
    moment = _single([(Parameters(), until)], "UNTIL", clocks)
    if moment.is_day:
        return moment.wall + _DAY - timedelta(microseconds=1)
    return moment.seen_from(start.zone) if until.endswith("Z") else moment.wall
