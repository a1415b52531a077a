"""The planning: finding free slots, saving a rule, expanding rules."""

import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr

from accueil.planning import changes, plans, slots
from accueil.planning.recurrence import days
from accueil.store.db import Db
from accueil.store.ids import new_id
from benchmarks import figures, many, screens
from benchmarks.figures import Figure
from benchmarks.server import MONDAY

SERVICES = 50
LITTLE, MUCH = 2_000, 200_000
ROUNDS = 600
YEAR = timedelta(days=365)
RULES = (
    "FREQ=WEEKLY;BYDAY=MO",
    "FREQ=WEEKLY;BYDAY=TU,TH",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
    "FREQ=MONTHLY;BYDAY=1WE,5WE",
    "FREQ=MONTHLY;BYDAY=1FR",
    "FREQ=WEEKLY;INTERVAL=6;BYDAY=TU",
)
ANCHORS = (date(2026, 1, 5), date(2024, 1, 1), date(2019, 3, 4))


def measure() -> list[Figure]:
    little, much = _searches()
    ratio = statistics.median(much) / statistics.median(little)
    medians = f"medians {statistics.median(little):.2f} and {statistics.median(much):.2f} ms"
    p95 = statistics.quantiles(much, n=20)[-1]
    note = f"{SERVICES} services, {MUCH:,} past appointments, 90 days"
    return [
        figures.at_most("next free slots, p95", p95, "ms", 10, note),
        figures.at_most(f"next free slots, {MUCH:,} past / {LITTLE:,}", ratio, "×", 1.2, medians),
        _saving(),
        _expanding(),
        *screens.measure(),
    ]


def _searches() -> tuple[list[float], list[float]]:
    """Milliseconds of each search, with little past and with much, in turn: one service after
    another, half of them booked up for a month."""
    with many.house(SERVICES, LITTLE) as young, many.house(SERVICES, MUCH) as old:
        for db in (young, old):
            _book_up(db)
        pairs = [(_search(young, n), _search(old, n)) for n in range(ROUNDS)][SERVICES:]
    return [young for young, _ in pairs], [old for _, old in pairs]


def _search(db: Db, number: int) -> float:
    return _ms(lambda: slots.free(db, f"s{number % SERVICES}", MONDAY, asker=slots.DESK))


def _book_up(db: Db) -> None:
    """For every other service, nothing is free in the next four weeks."""
    month = (MONDAY + timedelta(days=28)).isoformat()
    with db.transaction():
        db.run(
            "DELETE FROM slot WHERE starts_at > :now AND starts_at < :month AND occurrence_id IN"
            " (SELECT o.id FROM occurrence AS o JOIN permanence AS p ON p.id = o.permanence_id"
            " WHERE CAST(substr(p.id, 2) AS INTEGER) % 2 = 0)",
            now=MONDAY.isoformat(),
            month=month,
        )


def _saving() -> Figure:
    """A rule of thirteen months of weekly half-days, saved, as the form does it."""
    with many.house(1, 0) as db:
        times = [_ms(lambda: _save(db)) for _ in range(15)]
    middle = statistics.median(times)
    return figures.at_most(
        "saving a weekly rule, 13 months of slots", middle, "ms", 150, f"worst {max(times):.0f} ms"
    )


def _save(db: Db) -> None:
    planned = plans.opening(many.weekly(0, id=new_id()), MONDAY)
    changes.carry_out(db, planned, {}, "somebody", MONDAY)


def _expanding() -> Figure:
    """Sixty rules over twelve months, against python-dateutil alone, in turn."""
    rules = [(RULES[n % len(RULES)], ANCHORS[n % len(ANCHORS)]) for n in range(60)]
    ours = [_ms(lambda: _expand(rules)) for _ in range(15)]
    theirs = [_ms(lambda: _expand_plainly(rules)) for _ in range(15)]
    ratio = statistics.median(ours) / statistics.median(theirs)
    note = f"{statistics.median(ours):.1f} ms against {statistics.median(theirs):.1f} ms"
    return figures.shown("expanding 60 rules over a year / python-dateutil", ratio, "×", note)


def _expand(rules: list[tuple[str, date]]) -> None:
    start = MONDAY.date()
    for rule, first in rules:
        list(days(rule, first, start, start + YEAR))


def _expand_plainly(rules: list[tuple[str, date]]) -> None:
    start = MONDAY.replace(tzinfo=None)
    for rule, first in rules:
        anchor = datetime.combine(first, datetime.min.time())
        rrulestr(rule, dtstart=anchor).between(start, start + YEAR, inc=True)


def _ms(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000
