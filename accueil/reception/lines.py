"""Lines: the open turns of each site, read once for every phone that asks what is before it.

What happens to a turn is written in the journal with it, so that what was read holds until the
journal goes on; then only the visits that it names are read again. A reading is as of the last
number of the journal before it: what is committed meanwhile is read next time.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from accueil.house.sites import Site
from accueil.planning import permanences
from accueil.planning.permanences import Occurrence
from accueil.reception import line, queue, waits
from accueil.reception.queue import Entry
from accueil.reception.standing import line_of
from accueil.reception.waiting import Range, wait_range
from accueil.store import journal
from accueil.store.db import Db

# So many answers of a reading are kept; then all of them are worked out again.
MOST_SAID = 2_000
# Further behind, the whole of a day is sooner read again.
MOST_NAMED = 60
STATES = ("serving", "called", "waiting")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """The open turns of a day at a site by their ids, and those that wait by their service, in
    the order of `queue.lines_of_site`, as of the number `last` of the journal."""

    last: int
    day: str
    turns: dict[str, Entry]
    waiting: dict[str, list[Entry]]
    _said: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def said(self, key: tuple[object, ...], at: datetime, work_out: Callable[[], T]) -> T:
        """What was worked out under this key in the minute of `at`."""
        key = (*key, int(at.timestamp() // 60))
        if len(self._said) > MOST_SAID:
            self._said.clear()
        found: tuple[T] | None = self._said.get(key)
        if found is None:
            found = self._said[key] = (work_out(),)
        return found[0]


class Lines:
    """Keeps the last reading of each site, for every thread of a server."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._readings: dict[str, Reading] = {}

    def now(self, db: Db, place: Site, at: datetime) -> Reading:
        """The lines of a site; inside a transaction, as this one leaves them."""
        day = place.day(at).isoformat()
        if db.in_transaction:
            return _read(db, place.id, day, 0, None)
        found = self._readings.get(place.id)
        if found is None or (found.last, found.day) != (journal.last(db), day):
            with self._reading:
                last, found = journal.last(db), self._readings.get(place.id)
                if found is None or (found.last, found.day) != (last, day):
                    found = self._readings[place.id] = _read(db, place.id, day, last, found)
        return found

    def people_before(self, db: Db, turn: Entry, place: Site, at: datetime) -> int:
        """The same as `queue.people_before`."""
        if turn.state != "waiting":
            return 0
        others = self.now(db, place, at).waiting.get(turn.service_id, [])
        if all(each.id != turn.id for each in others):
            others = [*others, turn]  # called since it was read
        return line.before(others, turn.id, at)

    def wait_of(self, db: Db, turn: Entry, place: Site, at: datetime) -> Range | None:
        """The same as `waits.wait_of`, as it was at some instant of this minute."""
        seen = self.now(db, place, at)
        mine = seen.turns.get(turn.id)
        if mine is None or mine.state != "waiting":
            return None
        return seen.said(("wait", mine.id), at, lambda: self._wait(db, seen, mine, place, at))

    def opening(self, db: Db, service_id: str, place: Site, at: datetime) -> Occurrence | None:
        """The same as `permanences.opening`."""
        return self.now(db, place, at).said(
            ("opening", service_id),
            at,
            lambda: permanences.opening(db, service_id, place.id, at),
        )

    def _wait(self, db: Db, seen: Reading, turn: Entry, place: Site, at: datetime) -> Range | None:
        standing = seen.said(
            ("standing", turn.service_id),
            at,
            lambda: waits.standing(db, turn.service_id, place, at, list(seen.turns.values())),
        )
        found = line_of(standing, turn.service_id, turn)
        return wait_range(found) if found else None


def _read(db: Db, site_id: str, day: str, last: int, before: Reading | None) -> Reading:
    """The reading as of `last`: the one `before`, but for those whom the journal names since."""
    if before is None or before.day != day or before.last > last:
        return _in_order(last, day, queue.lines_of_site(db, site_id, day))
    named = journal.visits_since(db, before.last, MOST_NAMED)
    if named is None:
        return _in_order(last, day, queue.lines_of_site(db, site_id, day))
    again = queue.turns_touched(db, site_id, day, named)
    kept = [
        turn
        for turn in before.turns.values()
        if turn.visit_id not in named and turn.id not in again
    ]
    return _in_order(last, day, [*kept, *(turn for turn in again.values() if turn.state in STATES)])


def _in_order(last: int, day: str, turns: Iterable[Entry]) -> Reading:
    ordered = sorted(turns, key=lambda turn: (STATES.index(turn.state), turn.queued_at, turn.id))
    waiting: dict[str, list[Entry]] = defaultdict(list)
    for turn in ordered:
        if turn.state == "waiting":
            waiting[turn.service_id].append(turn)
    return Reading(last, day, {turn.id: turn for turn in ordered}, dict(waiting))
