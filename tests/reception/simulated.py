"""Simulated days in memory: the real order of the line, the real estimator, no database.

The estimator is given what a house can see: turns, hours, and the ended turns of the days before.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from accueil.planning.permanences import Occurrence
from accueil.reception import line
from accueil.reception.measures import Ended, measured
from accueil.reception.paces import Measures, Pace, pace
from accueil.reception.standing import Standing, line_of
from accueil.reception.waiting import Range, wait_range
from accueil.simulation.day import Cast, Day, Host, Person, Service, Worker, book, draw
from accueil.simulation.running import Play

FIRST = date(2026, 1, 5)
DAYS_KNOWN = 20
MORNING, AFTERNOON = (540.0, 750.0), (810.0, 1050.0)
ALL_DAY = (MORNING, AFTERNOON)
CAST = Cast(
    services=(
        Service("desk", "", 0.36, 4.5, desk=True),
        Service("social", "", 0.22, 14.0),
        Service("youth", "", 0.26, 17.0, booked=11),
        Service("justice", "", 0.16, 11.0),
    ),
    hosts=(
        Host("desk-1", "d1", ("desk",), ALL_DAY),
        Host("social-1", "s1", ("social",), ALL_DAY),
        Host("social-2", "s2", ("social",), ALL_DAY, late=True),
        Host("youth-1", "y1", ("youth",), ALL_DAY),
        Host("youth-2", "y2", ("youth",), ALL_DAY),
        Host("justice-1", "j1", ("justice",), ((540.0, 720.0), AFTERNOON), late=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """As much of `queue.Entry` as the line and the estimator look at."""

    id: str
    person: Person
    service_id: str
    state: str
    queued_at: datetime
    due_at: datetime | None
    precedence: bool
    priority: bool
    passed: int = 0
    host_id: str | None = None
    called_at: datetime | None = None
    hold: Literal["parked", "after"] | None = None
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A wait as it was shown, what the simple rule would have said, and what came, in minutes."""

    service_id: str
    ahead: int
    range: Range
    simple: float
    came: float

    @property
    def kept(self) -> bool:
        return self.range.low <= self.came <= self.range.high

    @property
    def error(self) -> float:
        return abs((self.range.low + self.range.high) / 2 - self.came)

    @property
    def simple_error(self) -> float:
        return abs(self.simple - self.came)


@dataclass(slots=True)
class Memory:
    """One day's house: what people and hosts do to it, and what it can say of itself."""

    today: date
    day: Day
    known: Sequence[Ended]
    begins: dict[date, datetime]
    services: dict[str, Service]
    turns: dict[str, Turn] = field(default_factory=dict)
    ended: list[Ended] = field(default_factory=list)
    host_ended: dict[str, datetime] = field(default_factory=dict)
    shown: dict[str, tuple[int, Range, float]] = field(default_factory=dict)
    kept: list[Shown] = field(default_factory=list)
    past: dict[str, Measures] = field(default_factory=dict)
    paces: dict[tuple[str, int], Pace | None] = field(default_factory=dict)
    unseen: int = 0
    waits: int = 0

    def at(self, minute: float) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, tzinfo=UTC) + timedelta(
            minutes=minute
        )

    def pool(self, service_id: str) -> list[Turn]:
        return [turn for turn in self.turns.values() if turn.service_id == service_id]

    def enter(self, person: Person, at: float) -> str | None:
        self._queue(person, person.service, person.due, at)
        return person.service

    def _queue(self, person: Person, service_id: str, due: float | None, at: float) -> None:
        self.waits += 1
        on_time = due is not None and at <= due + 10
        turn = Turn(
            id=f"{self.waits:05}",
            person=person,
            service_id=service_id,
            state="waiting",
            queued_at=self.at(at),
            due_at=self.at(due) if due is not None and on_time else None,
            precedence=person.precedence,
            priority=person.private,
        )
        self.turns[turn.id] = turn
        self._show(turn, at)

    def _show(self, turn: Turn, at: float) -> None:
        seen = self.standing(turn.service_id, self.at(at))
        found = line_of(seen, turn.service_id, turn)
        shown = wait_range(found) if found else None
        if shown is None:
            self.unseen += 1
            return
        ahead = line.before(self.pool(turn.service_id), turn.id, self.at(at))
        measures = self.measures(turn.service_id)
        hosts = max(sum(each.is_on(self.at(at)) for each in seen.occurrences), 1)
        until = (turn.due_at - self.at(at)).total_seconds() / 60 if turn.due_at else 0.0
        self.shown[turn.id] = (ahead, shown, max(until, ahead * measures.mean / hosts))

    def measures(self, service_id: str) -> Measures:
        if service_id not in self.past:
            pool = [turn for turn in self.known if turn.service_id == service_id]
            self.past[service_id] = measured(pool, service_id, self.today, self.begins)
        pool = [turn for turn in self.ended if turn.service_id == service_id]
        now = measured(pool, service_id, self.today, self.begins)
        return self.past[service_id].and_today(now)

    def pace(self, service_id: str) -> Pace | None:
        key = service_id, len(self.ended)
        if key not in self.paces:
            self.paces[key] = pace(self.measures(service_id))
        return self.paces[key]

    def standing(self, service_id: str, at: datetime) -> Standing:
        found = self.pace(service_id)
        hosts = [worker.host for worker in self.day.workers if service_id in worker.host.services]
        return Standing(
            at=at,
            turns=self.pool(service_id),
            ended={
                host.login: self.host_ended[host.login]
                for host in hosts
                if host.login in self.host_ended
            },
            occurrences=[self._occurrence(host, span) for host in hosts for span in host.hours],
            booked=[
                *(
                    (person.service, self.at(person.due))
                    for person in self.day.people
                    if person.due is not None
                    and self.at(person.arrives) > at
                    and person.service == service_id
                ),
                *(
                    (service, self.at(due))
                    for service, due in self.day.missing
                    if service == service_id
                ),
            ],
            paces={service_id: found} if found else {},
        )

    def _occurrence(self, host: Host, span: tuple[float, float]) -> Occurrence:
        start, end = map(self.at, span)
        return Occurrence(
            host.login,
            host.login,
            host.services[0],
            "site",
            host.room,
            host.room,
            "both",
            self.today,
            start,
            end,
            (),
        )

    def call(self, worker: Worker, at: float) -> Person | None:
        [service_id] = worker.host.services
        busy = {t.person.key for t in self.turns.values() if t.state in ("called", "serving")}
        places = line.order(self.pool(service_id), self.at(at))
        first = next((place.turn for place in places if place.turn.person.key not in busy), None)
        if first is None:
            return None
        for passed in line.passed_by(self.pool(service_id), first, self.at(at)):
            self.turns[passed.id] = replace(passed, passed=passed.passed + 1)
        self.turns[first.id] = replace(
            first, state="called", host_id=worker.host.login, called_at=self.at(at)
        )
        if first.id in self.shown:
            ahead, shown, simple = self.shown.pop(first.id)
            came = (self.at(at) - first.queued_at).total_seconds() / 60
            self.kept.append(Shown(service_id, ahead, shown, simple, came))
        return first.person

    def _of(self, person: Person) -> Turn:
        return next(turn for turn in self.turns.values() if turn.person is person)

    def recall(self, worker: Worker, person: Person, at: float) -> None:
        pass

    def receive(self, worker: Worker, person: Person, at: float) -> None:
        turn = self._of(person)
        self.turns[turn.id] = replace(turn, state="serving")

    def finish(self, worker: Worker, person: Person, then: str | None, at: float) -> None:
        self._end(self._of(person), "done", at)
        if then:
            self._queue(person, then, None, at)

    def absent(self, worker: Worker, person: Person, at: float) -> None:
        self._end(self._of(person), "absent", at)

    def come_back(self, person: Person, at: float) -> None:
        self.waits += 1
        turn = Turn(
            f"{self.waits:05}", person, person.service, "waiting", self.at(at), None, False, False
        )
        self.turns[turn.id] = turn

    def leave(self, person: Person, at: float) -> bool:
        turn = next((turn for turn in self.turns.values() if turn.person is person), None)
        if turn is None or turn.state != "waiting":
            return False
        self._end(turn, "left", at)
        return True

    def close(self, at: float) -> None:
        for turn in [turn for turn in self.turns.values() if turn.state == "waiting"]:
            self._end(turn, "left", at)

    def _end(self, turn: Turn, state: str, at: float) -> None:
        del self.turns[turn.id]
        if turn.host_id:
            self.host_ended[turn.host_id] = self.at(at)
        self.ended.append(
            Ended(
                self.today,
                turn.service_id,
                state,
                line.since(turn),
                turn.called_at,
                self.at(at),
                turn.host_id,
            )
        )


def days(seeds: Sequence[int], visits: int, warm_up: int = 10, cast: Cast = CAST) -> list[Shown]:
    """Every wait shown over the days of `seeds`, but for the first `warm_up`."""
    known: deque[list[Ended]] = deque(maxlen=DAYS_KNOWN)
    begins: dict[date, datetime] = {}
    found: list[Shown] = []
    for nth, seed in enumerate(seeds):
        today = FIRST + timedelta(days=nth)
        drawn = draw(cast, visits, seed, book(cast, seed))
        house = Memory(
            today,
            drawn,
            [each for day in known for each in day],
            begins,
            {service.id: service for service in cast.services},
        )
        begins[today] = house.at(540)
        Play(drawn, house).run()
        known.append(house.ended)
        if nth >= warm_up:
            found += house.kept
    return found
