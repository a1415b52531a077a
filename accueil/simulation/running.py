"""A day played event by event, in a house that only sees what people do. Pure but for the house.

The same play drives a house in memory and the real server: it asks the house whom a host calls,
and never decides the order itself.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from accueil.simulation.day import Day, Person, Worker

RECALL_AFTER, ABSENT_AFTER = 1.5, 3.5
LAST_CALL = 3.0


class House(Protocol):
    """What people do in the house, each at its minute. `enter` gives the service they wait for,
    `call` whom the house sends."""

    def enter(self, person: Person, at: float) -> str | None: ...
    def call(self, worker: Worker, at: float) -> Person | None: ...
    def recall(self, worker: Worker, person: Person, at: float) -> None: ...
    def receive(self, worker: Worker, person: Person, at: float) -> None: ...
    def finish(self, worker: Worker, person: Person, then: str | None, at: float) -> None: ...
    def absent(self, worker: Worker, person: Person, at: float) -> None: ...
    def come_back(self, person: Person, at: float) -> None: ...
    def leave(self, person: Person, at: float) -> bool: ...
    def close(self, at: float) -> None: ...


@dataclass(slots=True)
class Play:
    """`waiting` is what the play knows of each person: how many passages they have had, and
    whether they are in a room or gone."""

    day: Day
    house: House
    events: list[tuple[float, int, Callable[[float], None]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    idle: dict[str, Worker] = field(default_factory=dict)
    passages: dict[int, int] = field(default_factory=dict)
    missed: set[int] = field(default_factory=set)
    over: set[int] = field(default_factory=set)
    in_room: set[int] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)

    def run(self) -> None:
        for person in self.day.people:
            self._at(person.arrives, self._enters(person))
        for worker in self.day.workers:
            for minute in (worker.begins, *(start for start, _ in worker.host.hours[1:])):
                self._at(minute, self._frees(worker))
        self._at(
            max(span[1] for each in self.day.workers for span in each.host.hours) + 20, self._closes
        )
        while self.events:
            at, _, happens = heapq.heappop(self.events)
            happens(at)

    def _at(self, minute: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(self.events, (minute, next(self.order), happens))

    def _enters(self, person: Person) -> Callable[[float], None]:
        def happens(at: float) -> None:
            service_id = self.house.enter(person, at)
            if service_id is None:
                self.over.add(person.key)
                return
            self.passages[person.key] = 0
            if person.patience is not None:
                self._at(at + person.patience, self._leaves(person))
            if person.due is not None and person.due > at:
                self._at(person.due + 0.01, lambda due: self._wake(service_id, due))
            self._wake(service_id, at)

        return happens

    def _wake(self, service_id: str, at: float) -> None:
        """Every host of a service who has nobody looks whether somebody waits for them now."""
        for worker in list(self.idle.values()):
            if service_id in worker.host.services:
                self._calls(worker, at)

    def _frees(self, worker: Worker, was_busy: bool = False) -> Callable[[float], None]:
        def happens(at: float) -> None:
            if was_busy:
                self.busy.discard(worker.host.login)
            self._calls(worker, at)

        return happens

    def _calls(self, worker: Worker, at: float) -> None:
        login = worker.host.login
        self.idle.pop(login, None)
        back = _back(worker, at)
        if login in self.busy or back is None:
            return
        if back > at:
            self._at(back, self._frees(worker))
            return
        person = self.house.call(worker, at)
        if person is None:
            self.idle[login] = worker
            return
        self.busy.add(login)
        self.in_room.add(person.key)
        if person.shows or person.key in self.missed:
            self._at(at + person.walk, self._receives(worker, person))
        else:
            self._at(at + RECALL_AFTER, self._recalls(worker, person))

    def _recalls(self, worker: Worker, person: Person) -> Callable[[float], None]:
        def happens(at: float) -> None:
            self.house.recall(worker, person, at)
            self._at(at + ABSENT_AFTER - RECALL_AFTER, self._gives_up(worker, person))

        return happens

    def _gives_up(self, worker: Worker, person: Person) -> Callable[[float], None]:
        def happens(at: float) -> None:
            self.house.absent(worker, person, at)
            self.in_room.discard(person.key)
            self.missed.add(person.key)
            if person.returns is None:
                self.over.add(person.key)
            else:
                self._at(at + person.returns, self._returns(person))
            self._at(at + 0.2, self._frees(worker, was_busy=True))

        return happens

    def _returns(self, person: Person) -> Callable[[float], None]:
        def happens(at: float) -> None:
            self.house.come_back(person, at)
            done = self.passages[person.key]
            self._wake(person.then[done - 1][0] if done else person.service, at)

        return happens

    def _receives(self, worker: Worker, person: Person) -> Callable[[float], None]:
        def happens(at: float) -> None:
            self.house.receive(worker, person, at)
            self._at(at + self._minutes(person) * worker.hurry, self._finishes(worker, person))

        return happens

    def _minutes(self, person: Person) -> float:
        done = self.passages[person.key]
        return person.minutes if done == 0 else person.then[done - 1][1]

    def _finishes(self, worker: Worker, person: Person) -> Callable[[float], None]:
        def happens(at: float) -> None:
            done = self.passages[person.key]
            then = person.then[done][0] if done < len(person.then) else None
            self.passages[person.key] = done + 1
            self.in_room.discard(person.key)
            self.house.finish(worker, person, then, at)
            if then is None:
                self.over.add(person.key)
            self._at(at + _gap(person, worker), self._frees(worker, was_busy=True))
            if then:
                self._wake(then, at)

        return happens

    def _leaves(self, person: Person) -> Callable[[float], None]:
        def happens(at: float) -> None:
            if person.key not in self.in_room | self.over and self.house.leave(person, at):
                self.over.add(person.key)

        return happens

    def _closes(self, at: float) -> None:
        self.house.close(at)


def _gap(person: Person, worker: Worker) -> float:
    """Notes are written between two people: mostly a minute, sometimes much more."""
    part = person.key % 1000 / 1000
    return 0.3 + (part * 1.6 if part < 0.9 else part * 7) * worker.hurry


def _back(worker: Worker, at: float) -> float | None:
    """When the host receives next: now, after a break, after lunch; None when the day is over."""
    for start, end in worker.breaks:
        if start <= at < end:
            return end
    for start, end in worker.host.hours:
        if at < start:
            return start
        if at < end - LAST_CALL / 2:
            return at
    return None
