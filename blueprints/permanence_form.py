"""The form of a permanence read: the permanence that it says, or what is missing or wrong.

What is missing is asked, and never guessed; what cannot be used is a trouble of its field.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from accueil.planning.closures import WORDS
from accueil.planning.permanences import BOOKED_MODES
from accueil.planning.recurrence import WEEKDAYS, BadRule, days, first_day
from accueil.planning.series import MODES, MOST_PLACES, SLOT_MINUTES, Permanence
from blueprints.permanence_fields import MOST_RANGES, NOTICE_UNITS, read_back
from blueprints.repetition import KINDS, MOST_EVERY, POSITIONS, Repetition, first_days
from blueprints.typed import Fields, Typed

FARTHEST = timedelta(days=5 * 366)
CONFIRMED = frozenset({"day", "hours", "end_time", "anchor", "room", "slot", "capacity"})
# In the order in which people are asked.
QUESTIONS = ("day", "anchor", "hours", "end_time", "until", "mode", "zone")


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen besides the rule: ids of services, rooms, hosts, organisations."""

    services: frozenset[str]
    sites: frozenset[str]
    rooms: frozenset[str]
    hosts: frozenset[str]
    organisations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form says. `permanence` once nothing is missing nor wrong; `asked` are words of
    QUESTIONS, `anchors` the dates to choose the first from, `troubles` are by field."""

    permanence: Permanence | None
    repetition: Repetition
    asked: tuple[str, ...]
    anchors: tuple[date, ...]
    troubles: dict[str, str]


def draft(
    fields: Fields, base: Permanence, choices: Choices, today: date, since: date | None = None
) -> Draft:
    """What the fields say, over `base`, which gives what no field says. A change from `since`
    on begins with the rule's first day from then."""
    typed = Typed(fields)
    asked: set[str] = set()
    chosen = _repetition(typed)
    if chosen.lacks_day():
        asked.add("day")
    first = _first(typed, chosen, asked, today, since)
    booked = _booking(typed, asked, base, choices.organisations)
    said = replace(
        booked,
        service_id=typed.one_of("service", choices.services) or base.service_id,
        site_id=typed.one_of("site", choices.sites) or base.site_id,
        room_id=typed.one_of("room", choices.rooms),
        host_id=typed.one_of("host", choices.hosts),
        rrule="" if chosen.lacks_day() else chosen.text(),
        first_day=first or today,
        last_day=typed.day("last"),
        times=_times(typed, asked),
        breaks=_breaks(typed),
        said=typed.text("phrase"),
        assumed=tuple(word for word in base.assumed if word not in CONFIRMED),
    )
    for name, value in (("service", said.service_id), ("site", said.site_id)):
        if not value:
            typed.trouble(name, "missing")
    _ask_what_was_vague(typed, asked)
    complete = not asked and not typed.troubles
    return Draft(
        said if complete else None,
        chosen,
        tuple(word for word in QUESTIONS if word in asked),
        first_days(chosen, max(today, since or today)) if "anchor" in asked else (),
        typed.troubles,
    )


def _repetition(typed: Typed) -> Repetition:
    weekdays = typed.fields.getlist("weekday")
    positions = typed.fields.getlist("position")
    for name, given, known in (
        ("weekday", weekdays, WEEKDAYS),
        ("position", positions, tuple(map(str, POSITIONS))),
    ):
        if not set(given) <= set(known):
            typed.trouble(name, "one-of")
    every = typed.number("every", 1, MOST_EVERY) or 1
    kind = typed.one_of("repeat", KINDS) or "weekly"
    rrule = typed.text("rrule")
    if kind == "other":
        found, _ = read_back(rrule)
        every = found.every
    return Repetition(
        kind=kind,
        every=1 if kind == "once" else every,
        weekdays=tuple(day for day in WEEKDAYS if day in weekdays),
        positions=tuple(n for n in POSITIONS if str(n) in positions),
        month_day=typed.number("month_day", 1, 31),
        rrule=rrule,
    )


def _first(
    typed: Typed, chosen: Repetition, asked: set[str], today: date, since: date | None
) -> date | None:
    """The first day of the rule: asked when an alternation could begin with one or another."""
    start = typed.day("first")
    if start and not today - 4 * FARTHEST < start < today + FARTHEST:
        typed.trouble("first", "far")
    if chosen.lacks_day() or typed.troubles:
        return start
    text, once = chosen.text(), chosen.kind == "once"
    if start is None and (chosen.every > 1 or once):
        asked.add("anchor")
        return None
    try:
        first = first_day(text, start or max(today, since or today))
        if chosen.every > 1 and first != start:
            typed.trouble("first", "not-a-day")
            asked.add("anchor")
        elif since and first < since:
            return next(days(text, first, since, since + FARTHEST), None)
    except BadRule:
        typed.trouble("repeat", "never")
        return None
    return first


def _times(typed: Typed, asked: set[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for n in range(1, MOST_RANGES + 1):
        start, end = typed.clock(f"start{n}"), typed.clock(f"end{n}")
        if {f"start{n}", f"end{n}"} & typed.troubles.keys() or not (start or end):
            continue
        if start is None:
            typed.trouble(f"start{n}", "missing")
        elif end is None:
            asked.add("end_time")
        elif end <= start:
            typed.trouble(f"end{n}", "end-after-start")
        else:
            found.append((f"{start:%H:%M}", f"{end:%H:%M}"))
    hours_said = any(typed.text(f"start{n}") for n in range(1, MOST_RANGES + 1))
    if not hours_said and not any(name.startswith("start") for name in typed.troubles):
        asked.add("hours")
    return tuple(sorted(found))


def _breaks(typed: Typed) -> tuple[tuple[str, str], ...]:
    found = []
    for n in range(1, MOST_RANGES + 1):
        start, end = typed.clock(f"break_start{n}"), typed.clock(f"break_end{n}")
        if start and end and start < end:
            found.append((f"{start:%H:%M}", f"{end:%H:%M}"))
        elif start or end:
            typed.trouble(f"break_end{n}", "end-after-start")
    return tuple(sorted(found))


def _booking(
    typed: Typed, asked: set[str], base: Permanence, organisations: frozenset[str]
) -> Permanence:
    """How people are received: by slots or not, how long before, which are kept for whom."""
    mode = typed.one_of("mode", MODES) or ""
    if not mode and "mode" not in typed.troubles:
        asked.add("mode")
    slot = typed.number("slot_minutes", *SLOT_MINUTES)
    notice = typed.number("notice", 0, 999) or 0
    unit = typed.one_of("notice_unit", NOTICE_UNITS) or "hours"
    closed_on = frozenset(typed.fields.getlist("closed_on"))
    if not closed_on <= set(WORDS):
        typed.trouble("closed_on", "one-of")
    released = typed.number("released_days", 0, 396)
    return replace(
        base,
        mode=mode,
        slot_minutes=slot if mode in BOOKED_MODES else None,
        places=typed.number("places", 1, MOST_PLACES) or 1,
        notice_minutes=notice * NOTICE_UNITS[unit],
        ahead_days=typed.number("ahead_days", 1, 396) or 90,
        kept=typed.number("kept", 0, MOST_PLACES) or 0,
        kept_for=typed.one_of("kept_for", organisations),
        released_days=1 if released is None else released,
        closed_on=closed_on,
    )


def _ask_what_was_vague(typed: Typed, asked: set[str]) -> None:
    """What the phrase said by half: until when, and the holidays of which zone."""
    vague = typed.fields.getlist("ask")
    if "until" in vague and not typed.text("last"):
        asked.add("until")
    schools = [word for word in typed.fields.getlist("closed_on") if word.startswith("school-")]
    if "zone" in vague and not schools:
        asked.add("zone")
