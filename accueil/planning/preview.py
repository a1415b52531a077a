"""A rule tried out: one JSON object in, what the planning would make of it out. Pure.

The keys in are those of `Asked`; out: rrules, times, mode, questions, sentence, occurrences and
slots, `clauses` when there are several and `ignored` when words were; or `error` alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from accueil.planning.expansion import MOST, Bounds, Series, Wrong, occurrences, slots
from accueil.planning.phrases import QUESTIONS, Clause, NotUnderstood, read
from accueil.planning.recurrence import BadRule, Rule, first_day, rule

Say = Callable[[Rule | None, Clause], str]
MOST_MINUTES = 24 * 60
SHOWN = 6
OUR_TIME = range(1900, 2200)
_REASONS = {
    "unknown": "not understood",
    "end_before_start": "an end before its start",
    "overlap": "hours that overlap",
    "never": "this never happens",
    "contradictory": "words that contradict each other",
    "ambiguous": "it may mean two things",
    "long": "too long a phrase",
}
_KEYS_OF_RULES = ("dtstart", "duration_minutes")


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """A line as it is written. Days and hours are local: "2026-11-26" or "2026-11-26T14:00"."""

    phrase: str | None = None
    rrule: str | None = None
    dtstart: str | None = None
    duration_minutes: int | None = None
    anchor: str | None = None
    timezone: str | None = None
    exdates: tuple[str, ...] | None = None
    rdates: tuple[str, ...] | None = None
    closures: tuple[tuple[str, str], ...] | None = None
    busy: tuple[tuple[str, str], ...] | None = None
    slot_minutes: int | None = None
    since: str | None = None
    to: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """The clauses of a line, and the day from which each is counted, None when it is not known."""

    clauses: tuple[Clause, ...]
    firsts: tuple[date | None, ...]
    ignored: tuple[str, ...] = ()


def preview(line: str | bytes, say: Say, today: date) -> dict[str, Any]:
    """What one line gives; `{"error": …}`, naming the key or the words, when it is wrong."""
    try:
        return _answer(msgspec.json.decode(line, type=Asked), say, today)
    except NotUnderstood as error:
        words = ", ".join(f"“{each}”" for each in error.words) or "nothing"
        return {"error": f"phrase: {_REASONS[error.reason]}: {words}"}
    except BadRule as error:
        return {"error": f"rrule: {error}"}
    except Wrong as error:
        return {"error": f"{error.key}: {error}"}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return {"error": f"expected one JSON object: {error}"}


def _answer(asked: Asked, say: Say, today: date) -> dict[str, Any]:
    zone = _zone(asked.timezone or "Europe/Paris")
    if (asked.phrase is None) == (asked.rrule is None):
        raise Wrong("phrase, rrule", "expected one of the two")
    bounds = _bounds(asked, zone)
    told = _from_phrase(asked, bounds, today) if asked.rrule is None else _from_rule(asked)
    series = [
        Series(clause.rrule, clause.times, first, clause.not_on)
        for clause, first in zip(told.clauses, told.firsts, strict=True)
        if clause.rrule is not None and first is not None
    ]
    known = len(series) == len(told.clauses)
    since = bounds.since or min((each.first for each in series), default=today)
    limit = _default_limit(asked, told) if bounds.limit is None else bounds.limit
    bounds = replace(bounds, since=since, limit=limit)
    found = occurrences(series, bounds) if known else []
    answer = _summary(told, say)
    answer["occurrences"] = [each.written() for each in found]
    answer["slots"] = slots(found, bounds) if asked.slot_minutes is not None else []
    if len(told.clauses) > 1:
        answer["clauses"] = [_clause(each, say) for each in told.clauses]
    if told.ignored:
        answer["ignored"] = list(told.ignored)
    return answer


def _summary(told: _Told, say: Say) -> dict[str, Any]:
    """What all the clauses say together."""
    each = [_clause(clause, say) for clause in told.clauses]
    modes = {clause.mode for clause in told.clauses}
    asked = {word for clause in told.clauses for word in clause.questions}
    times = [pair for clause in each for pair in clause["times"]]
    return {
        "rrules": [clause.rrule for clause in told.clauses if clause.rrule is not None],
        "times": [pair for at, pair in enumerate(times) if pair not in times[:at]],
        "mode": modes.pop() if len(modes) == 1 else None,
        "questions": [word for word in QUESTIONS if word in asked],
        "sentence": " ; ".join(clause["sentence"] for clause in each),
    }


def _clause(clause: Clause, say: Say) -> dict[str, Any]:
    return {
        "rrules": [clause.rrule] if clause.rrule else [],
        "times": [list(pair) for pair in clause.times],
        "mode": clause.mode,
        "questions": list(clause.questions),
        "sentence": say(_completed(clause), clause),
    }


def _completed(clause: Clause) -> Rule | None:
    """The rule; one that names no day has that of its first."""
    found = rule(clause.rrule) if clause.rrule else None
    if found is None or clause.first is None or found.count == 1:
        return found
    if found.weekdays or found.nth or found.month_days or found.week_numbers:
        return found
    if found.frequency == "WEEKLY":
        return replace(found, weekdays=(clause.first.weekday(),))
    if found.frequency == "MONTHLY":
        return replace(found, month_days=(clause.first.day,))
    if found.frequency == "YEARLY":
        months = found.months or (clause.first.month,)
        return replace(found, months=months, month_days=(clause.first.day,))
    return found


def _from_phrase(asked: Asked, bounds: Bounds, today: date) -> _Told:
    for key in _KEYS_OF_RULES:
        if getattr(asked, key) is not None:
            raise Wrong(key, "expected only with rrule")
    said = read(asked.phrase or "")
    anchor = None if asked.anchor is None else _day("anchor", asked.anchor)
    if anchor and not any(_gives(each, anchor) for each in said.clauses if each.rrule):
        raise Wrong("anchor", f"expected a day that the rule gives, got {anchor}")
    clauses, firsts = [], []
    for clause in said.clauses:
        anchored = _anchored(clause, anchor) if anchor else clause
        clauses.append(anchored)
        start = anchor or clause.first or min(today, bounds.since or today)
        firsts.append(None if {"anchor", "day"} & set(anchored.questions) else start)
        if anchored.rrule and firsts[-1]:
            _check_happens(anchored.rrule, start)
    return _Told(tuple(clauses), tuple(firsts), said.ignored)


def _check_happens(text: str, start: date) -> None:
    """What is over already may have happened."""
    try:
        first_day(text.partition(";UNTIL=")[0], start)
    except BadRule as error:
        raise Wrong("phrase", str(error)) from None


def _gives(clause: Clause, day: date) -> bool:
    after = clause.first is None or day >= clause.first
    return after and clause.rrule is not None and first_day(clause.rrule, day) == day


def _anchored(clause: Clause, anchor: date) -> Clause:
    """The clause once its first day is known: a week counted from it has its day too."""
    if clause.rrule is None or not _gives(clause, anchor):
        return clause
    answered = {"anchor", "day"} if rule(clause.rrule).frequency == "WEEKLY" else {"anchor"}
    asked = tuple(word for word in clause.questions if word not in answered)
    return replace(clause, first=anchor, questions=asked)


def _from_rule(asked: Asked) -> _Told:
    text = (asked.rrule or "").strip().removeprefix("RRULE:").upper()
    start = None if asked.dtstart is None else _moment("dtstart", asked.dtstart)
    anchor = None if asked.anchor is None else _day("anchor", asked.anchor)
    clock = start.time() if isinstance(start, datetime) else None
    first = anchor or (start.date() if isinstance(start, datetime) else start)
    if anchor and first_day(text, anchor) != anchor:
        raise Wrong("anchor", f"expected a day that the rule gives, got {anchor}")
    if first:
        first_day(text, first)
    asked_for = set() if clock else {"hours"}
    asked_for |= {"end_time"} if clock and asked.duration_minutes is None else set()
    asked_for |= set() if first else {"anchor"}
    times = _times(clock, asked.duration_minutes)
    clause = Clause(
        text,
        times,
        first=first,
        questions=tuple(word for word in QUESTIONS if word in asked_for),
    )
    return _Told((clause,), (first,))


def _times(clock: time | None, minutes: int | None) -> tuple[tuple[str, str | None], ...]:
    if minutes is not None and not 1 <= minutes < MOST_MINUTES:
        raise Wrong("duration_minutes", f"expected 1 to {MOST_MINUTES - 1}, got {minutes}")
    if clock is None:
        if minutes is not None:
            raise Wrong("duration_minutes", "expected an hour in dtstart")
        return ()
    start = datetime.combine(date(2000, 1, 1), clock)
    end = None if minutes is None else start + timedelta(minutes=minutes)
    if end and end.date() > start.date():
        raise Wrong("duration_minutes", f"expected an end on the same day, got {minutes}")
    return ((f"{start:%H:%M}", f"{end:%H:%M}" if end else None),)


def _bounds(asked: Asked, zone: ZoneInfo) -> Bounds:
    if asked.limit is not None and not 1 <= asked.limit <= MOST:
        raise Wrong("limit", f"expected 1 to {MOST}, got {asked.limit}")
    if asked.slot_minutes is not None and not 1 <= asked.slot_minutes <= MOST_MINUTES:
        raise Wrong("slot_minutes", f"expected 1 to {MOST_MINUTES}, got {asked.slot_minutes}")
    return Bounds(
        zone=zone,
        since=None if asked.since is None else _day("from", asked.since),
        to=None if asked.to is None else _day("to", asked.to),
        limit=asked.limit,
        exdates=frozenset(_moment("exdates", each) for each in asked.exdates or ()),
        rdates=frozenset(_moment("rdates", each) for each in asked.rdates or ()),
        closures=tuple(_span("closures", *each) for each in asked.closures or ()),
        busy=tuple(_span_of_hours(*each) for each in asked.busy or ()),
        slot_minutes=asked.slot_minutes or MOST_MINUTES,
    )


def _default_limit(asked: Asked, told: _Told) -> int | None:
    """Six, unless the line or the rule says where to stop."""
    rules = [rule(each.rrule) for each in told.clauses if each.rrule]
    bounded = all(each.bounded() for each in rules)
    return None if asked.to is not None or bounded else SHOWN


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise Wrong("timezone", f"expected an IANA zone such as Europe/Paris, got {name!r}") from (
            None
        )


def _moment(key: str, text: str) -> date | datetime:
    """A day, or a local day and hour."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(key, f"expected such as 2026-11-26 or 2026-11-26T14:00, got {text!r}") from None
    if found.tzinfo is not None:
        raise Wrong(key, f"expected a local time, without its offset, got {text!r}")
    if found.year not in OUR_TIME:
        raise Wrong(key, f"expected a year of our time, got {text!r}")
    if found.second or found.microsecond:
        raise Wrong(key, f"expected whole minutes, got {text!r}")
    return found if len(text) > 10 else found.date()


def _day(key: str, text: str) -> date:
    found = _moment(key, text)
    return found.date() if isinstance(found, datetime) else found


def _span(key: str, first: str, last: str) -> tuple[date, date]:
    span = (_day(key, first), _day(key, last))
    if span[1] < span[0]:
        raise Wrong(key, f"expected a last day on or after {first}, got {last}")
    return span


def _span_of_hours(first: str, last: str) -> tuple[datetime, datetime]:
    start, end = _moment("busy", first), _moment("busy", last)
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise Wrong("busy", f"expected hours such as 2026-11-26T14:00, got {first!r}, {last!r}")
    if end <= start:
        raise Wrong("busy", f"expected an end after {first}, got {last}")
    return start, end
