"""An iCalendar file (RFC 5545) taken apart: its components, their lines, and the times on them.

icalendar takes lines and values apart. Its own components are left aside: they read a zone they do
not know as no zone at all, without a word, and keep the zones of one file for the next.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from io import StringIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.tz import tzical
from icalendar.parser import Contentline, Contentlines, Parameters
from icalendar.prop import vDDDTypes
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

MOST_OCTETS = 1_048_576
# Changes of the clock that a file may define: following them takes time.
MOST_CHANGES = 20
_YEARS = range(1900, 2200)

_CHANGE = frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"})
_OFFSET = re.compile(r"[+-](0\d|1[0-5])[0-5]\d([0-5]\d)?")
# A rule that comes true every few years: following one that never does takes far too long.
_YEARLY = re.compile(
    r"FREQ=YEARLY"
    r"(;INTERVAL=1|;WKST=[A-Z]{2}|;UNTIL=\d{8}(T\d{6}Z?)?|;BYMONTH=([1-9]|1[0-2])"
    r"|;BYDAY=[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)|;BYMONTHDAY=(,?([1-9]|1\d|2[0-8])){1,7})*"
)

Property = tuple[Parameters, str]


class BadCalendar(ValueError):
    """The file cannot be used: `reason` says why, `where` repeats what it stumbled on.

    too-big, not-a-calendar, cut-short, bad-line, bad-date, bad-rule, unknown-zone,
    end-before-start, too-many
    """

    def __init__(self, reason: str, where: str = ""):
        self.reason = reason
        self.where = where[:80]
        super().__init__(f"{reason}: {self.where}")


@dataclass(frozen=True, slots=True)
class Part:
    """A component: its own lines, and the components in it."""

    name: str
    lines: list[Contentline] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def properties(self, names: frozenset[str]) -> defaultdict[str, list[Property]]:
        """The parameters and the value of each line that has one of `names`; no other is read."""
        found = defaultdict(list)
        for line in self.lines:
            name = line.partition(":")[0].partition(";")[0].strip().upper()
            if name in names:
                try:
                    _, parameters, value = line.raw_parts()
                except ValueError:
                    raise BadCalendar("bad-line", line) from None
                found[name].append((parameters, value.strip()))
        return found


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it stands in the file, on the clock of `zone`; `is_day` when it is a whole day."""

    wall: datetime
    zone: tzinfo
    is_day: bool

    def seen_from(self, zone: tzinfo) -> datetime:
        """The same instant by another clock."""
        if zone is self.zone:
            return self.wall
        return self.wall.replace(tzinfo=self.zone).astimezone(zone).replace(tzinfo=None)


def parts(content: bytes) -> list[Part]:
    """What the calendars of a file hold. Raises `BadCalendar`."""
    if len(content) > MOST_OCTETS:
        raise BadCalendar("too-big")
    text = content.decode("utf-8-sig", "replace")
    lines = [line for line in Contentlines.from_ical(text) if line.strip()]
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise BadCalendar("not-a-calendar", lines[0] if lines else "")
    if lines[-1].strip().upper() != "END:VCALENDAR":
        raise BadCalendar("cut-short", lines[-1])
    top = Part("")
    stack = [top]
    for line in lines:
        word, _, name = line.strip().upper().partition(":")
        if word == "BEGIN":
            part = Part(name)
            stack[-1].parts.append(part)
            stack.append(part)
        elif word != "END":
            stack[-1].lines.append(line)
        elif stack.pop().name != name or not stack:
            raise BadCalendar("not-a-calendar", line)
    if len(stack) > 1:
        raise BadCalendar("not-a-calendar", stack[-1].name)
    return [part for calendar in top.parts for part in calendar.parts]


class Clocks:
    """The time zones that a file may name: those of the world, of Windows, and its own."""

    def __init__(self, local: ZoneInfo, parts: Iterable[Part]):
        """`local` is for days, and for times without a zone."""
        self._local = local
        self._own = {_name(part): part for part in parts if part.name == "VTIMEZONE"}
        self._met: dict[str, tzinfo] = {}
        self._changes = 0

    def moments(self, properties: Iterable[Property]) -> list[Moment]:
        """The times of some lines. Raises `BadCalendar`."""
        return [
            self._moment(parameters, text.strip())
            for parameters, value in properties
            for text in value.split(",")
            if value
        ]

    def _moment(self, parameters: Parameters, text: str) -> Moment:
        try:
            read = vDDDTypes.from_ical(text)
        except (ValueError, TypeError):
            raise BadCalendar("bad-date", text) from None
        zone: tzinfo = self._local
        if isinstance(read, datetime):
            if read.tzinfo:
                zone = UTC
            elif "TZID" in parameters:
                zone = self._named(_plain(str(parameters["TZID"])))
            moment = Moment(read.replace(tzinfo=None), zone, is_day=False)
        elif isinstance(read, date):
            moment = Moment(datetime.combine(read, time.min), zone, is_day=True)
        else:
            raise BadCalendar("bad-date", text)
        if moment.wall.year not in _YEARS:
            raise BadCalendar("bad-date", text)
        return moment

    def _named(self, name: str) -> tzinfo:
        if name not in self._met:
            zone = _of_the_world(WINDOWS_TO_OLSON.get(name, name)) or self._defined(name)
            if zone is None:
                raise BadCalendar("unknown-zone", name)
            self._met[name] = zone
        return self._met[name]

    def _defined(self, name: str) -> tzinfo | None:
        """The zone that the file itself defines; None when it does not, or in a way too odd."""
        if name not in self._own:
            return None
        changes = self._own[name].parts
        self._changes += len(changes)
        if self._changes > MOST_CHANGES:
            return None
        lines = ["BEGIN:VTIMEZONE", "TZID:own"]
        for change in changes:
            lines += [f"BEGIN:{change.name}", *_change_lines(change), f"END:{change.name}"]
        try:
            return tzical(StringIO("\n".join([*lines, "END:VTIMEZONE"]))).get()
        except (ValueError, TypeError):
            return None


def _name(zone: Part) -> str:
    return _plain("".join(value for _, value in zone.properties(frozenset({"TZID"}))["TZID"]))


def _plain(name: str) -> str:
    """The name of a zone without the escapes that it has in one place and not in another."""
    return name.replace("\\", "")


def _of_the_world(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the name of a folder is an OSError
        return None


def _change_lines(change: Part) -> list[str]:
    """The lines of a change of the clock for dateutil, which refuses those that are odd."""
    properties = change.properties(_CHANGE)
    offsets = [value for name in ("TZOFFSETFROM", "TZOFFSETTO") for _, value in properties[name]]
    rules = [value.upper().rstrip(";") for _, value in properties.pop("RRULE", [])]
    if not all(map(_OFFSET.fullmatch, offsets)) or not all(map(_YEARLY.fullmatch, rules)):
        return ["ODD"]
    lines = [f"{name}:{value}" for name, found in properties.items() for _, value in found]
    return lines + [f"RRULE:{rule}" for rule in rules]
