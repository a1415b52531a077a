"""How often a permanence is held, as a form offers it: plain choices, and the RRULE they make."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, product

from accueil.planning.recurrence import WEEKDAYS, BadRule, Rule, days, rule

KINDS = ("weekly", "monthly", "monthday", "once", "other")
POSITIONS = (1, 2, 3, 4, 5, -1)
MOST_EVERY = 52
MOST_ANCHORS = 8
_YEARS_AHEAD = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Repetition:
    """`weekly`: on `weekdays`; `monthly`: the `positions` of `weekdays` in the month;
    `monthday`: on `month_day`; `once`: a single date; `other`: as `rrule` says, which no choice
    can. `every` counts weeks or months."""

    kind: str
    every: int = 1
    weekdays: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    month_day: int | None = None
    rrule: str = ""

    def lacks_day(self) -> bool:
        """Whether the day itself is still to be chosen."""
        if self.kind == "weekly":
            return not self.weekdays
        if self.kind == "monthly":
            return not (self.weekdays and self.positions)
        if self.kind == "monthday":
            return self.month_day is None
        return "FREQ=WEEKLY" in self.rrule and "BYDAY" not in self.rrule

    def text(self) -> str:
        """The RRULE of a repetition that lacks nothing."""
        every = f";INTERVAL={self.every}" if self.every > 1 else ""
        match self.kind:
            case "weekly":
                return f"FREQ=WEEKLY{every};BYDAY={','.join(self.weekdays)}"
            case "monthly":
                chosen = product(self.positions, self.weekdays)
                return f"FREQ=MONTHLY{every};BYDAY={','.join(f'{n}{day}' for n, day in chosen)}"
            case "monthday":
                return f"FREQ=MONTHLY{every};BYMONTHDAY={self.month_day}"
            case "once":
                return "FREQ=DAILY;COUNT=1"
        return self.rrule


def repetition(text: str) -> tuple[Repetition, date | None]:
    """The choices that make this RRULE, and the last day that it says. Raises `BadRule`."""
    read = rule(text)
    kept = ";".join(part for part in text.upper().split(";") if not part.startswith("UNTIL="))
    found = _repetition(read) or Repetition("other", read.interval, rrule=kept)
    return found, read.until


def first_days(chosen: Repetition, start: date) -> tuple[date, ...]:
    """One date on or after `start` for each way to begin an alternation: `every` of them, or
    none when they are too many to choose from."""
    try:
        if chosen.kind == "once" or chosen.every > MOST_ANCHORS or chosen.lacks_day():
            return ()
        return tuple(islice(_one_a_period(chosen, start), chosen.every))
    except BadRule:
        return ()


def _one_a_period(chosen: Repetition, start: date) -> Iterator[date]:
    always = chosen.text().replace(f"INTERVAL={chosen.every}", "INTERVAL=1")
    seen = None
    for day in days(always, start, start, start + _YEARS_AHEAD):
        period = _period(always, day)
        if period != seen:
            yield day
        seen = period


def _period(text: str, day: date) -> tuple[int, ...]:
    """What an interval counts: days, weeks, months or years."""
    if "FREQ=WEEKLY" in text:
        return tuple(day.isocalendar()[:2])
    lengths = {"FREQ=DAILY": 3, "FREQ=MONTHLY": 2}
    length = next((size for name, size in lengths.items() if name in text), 1)
    return (day.year, day.month, day.day)[:length]


def _repetition(read: Rule) -> Repetition | None:
    """None for what the choices of a form cannot say."""
    weekdays = tuple(WEEKDAYS[day] for day in read.weekdays)
    plain = Rule(read.frequency, read.interval, count=read.count, until=read.until)
    if read.until_time or read.week_start or (read.count and read.count > 1):
        return None
    if read.count == 1:
        return Repetition("once")
    if read == replace(plain, weekdays=read.weekdays) and read.interval <= MOST_EVERY:
        if read.frequency == "WEEKLY":
            return Repetition("weekly", read.interval, weekdays)
        if read.frequency == "DAILY" and read.interval == 1:
            return Repetition("weekly", 1, weekdays or WEEKDAYS)
    if read.frequency != "MONTHLY" or read.interval > MOST_EVERY:
        return None
    return _monthly(read, plain)


def _monthly(read: Rule, plain: Rule) -> Repetition | None:
    if len(read.month_days) == 1 and read == replace(plain, month_days=read.month_days):
        [day] = read.month_days
        return Repetition("monthday", read.interval, month_day=day) if day > 0 else None
    positions = tuple(n for n in POSITIONS if n in {nth for nth, _ in read.nth})
    weekdays = tuple(sorted({day for _, day in read.nth}))
    whole = set(product(positions, weekdays)) == set(read.nth)
    if read.nth and whole and read == replace(plain, nth=read.nth):
        names = tuple(WEEKDAYS[day] for day in weekdays)
        return Repetition("monthly", read.interval, names, positions)
    return None
