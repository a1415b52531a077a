"""A day drawn by chance: who comes, when and for what, and who receives. Pure, and the same for
one seed.

Minutes are counted from midnight on the site's wall. What is drawn here is known to nobody else:
the house sees the people who come in, and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SLOT = 30
PEAKS = ((570.0, 28.0, 0.36), (845.0, 25.0, 0.20))  # when, how wide, which share of the people
BOOKED_EARLY, BOOKED_WIDTH = 7.0, 7.0
LAST_COME = 10.0


@dataclass(frozen=True, slots=True)
class Service:
    """`share` of those who come, come for it; a meeting takes `minutes` on average; so many
    appointments are `booked` before the day. The `desk` sends people on."""

    id: str
    need: str
    share: float
    minutes: float
    booked: int = 0
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Host:
    """Who receives: for these services, in a room, during these hours; `late` comes late."""

    login: str
    room: str
    services: tuple[str, ...]
    hours: tuple[tuple[float, float], ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """Who may come and who receives, before chance has a say."""

    services: Sequence[Service]
    hosts: Sequence[Host]


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the day. `due` is the hour of their appointment, if they have one; they
    `show` when their number is called, after `walk` minutes, or else come back `returns` minutes
    later, or never. They leave after `patience` minutes. `minutes` is their meeting, `then` what
    comes after it: each other service, and its minutes."""

    key: int
    arrives: float
    service: str
    need: str
    channel: str
    language: str
    due: float | None
    shows: bool
    returns: float | None
    walk: float
    minutes: float
    patience: float | None
    then: tuple[tuple[str, float], ...]
    precedence: bool
    private: bool
    phone: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Worker:
    """A host of this day: begins work, is quick or slow, and takes breaks nobody planned."""

    host: Host
    begins: float
    breaks: tuple[tuple[float, float], ...]
    hurry: float


@dataclass(frozen=True, slots=True)
class Day:
    """`missing` are the appointments whose people do not come: a service and an hour."""

    people: tuple[Person, ...]
    workers: tuple[Worker, ...]
    missing: tuple[tuple[str, float], ...]


def draw(cast: Cast, visits: int, seed: int, booked: Sequence[tuple[str, float]]) -> Day:
    """A day of so many visits, with these appointments: the service and the hour of each. Those
    who walk in make up the number."""
    chance = Random(f"day {seed}")
    pace = {service.id: chance.lognormvariate(0, 0.13) for service in cast.services}
    coming, missing = _expected(cast, booked, chance)
    people = [
        _person(cast, service, arrives, due, pace, chance) for service, arrives, due in coming
    ]
    walk_ins = [service for service in cast.services if service.share]
    shares = [service.share for service in walk_ins]
    while len(people) < visits:
        [service] = chance.choices(walk_ins, shares)
        arrives = _arrival(_hours(cast, service.id), chance)
        people.append(_person(cast, service, arrives, None, pace, chance))
    people.sort(key=lambda person: person.arrives)
    return Day(
        people=tuple(people),
        workers=tuple(_worker(host, chance) for host in cast.hosts),
        missing=tuple(missing),
    )


def _hours(cast: Cast, service_id: str) -> list[tuple[float, float]]:
    return sorted(
        {span for host in cast.hosts if service_id in host.services for span in host.hours}
    )


def book(cast: Cast, seed: int) -> list[tuple[str, float]]:
    """Appointments taken before the day, where nobody else books them."""
    chance = Random(f"booked {seed}")
    taken = []
    for service in cast.services:
        grid = [
            start + nth * SLOT
            for start, end in (_hours(cast, service.id) if service.booked else ())
            for nth in range(int((end - start) // SLOT))
        ]
        taken += [(service.id, due) for due in sorted(chance.sample(grid, service.booked))]
    return taken


def _expected(
    cast: Cast, booked: Sequence[tuple[str, float]], chance: Random
) -> tuple[list[tuple[Service, float, float]], list[tuple[str, float]]]:
    """Of those who are booked: who comes, and when; and who does not."""
    services = {service.id: service for service in cast.services}
    coming, missing = [], []
    for service_id, due in booked:
        if chance.random() < 0.11:
            missing.append((service_id, due))
            continue
        late = chance.random() < 0.08
        after = chance.uniform(12, 30) if late else chance.gauss(-BOOKED_EARLY, BOOKED_WIDTH)
        begins = _hours(cast, service_id)[0][0]
        coming.append((services[service_id], max(due + after, begins - 15), due))
    return coming, missing


def _arrival(hours: Sequence[tuple[float, float]], chance: Random) -> float:
    """When somebody walks in: at one of the day's peaks, or at any time; never at lunch."""
    while True:
        draw = chance.random()
        at = chance.uniform(hours[0][0], hours[-1][1])
        for peak, width, share in PEAKS:
            if 0 <= draw < share:
                at = chance.gauss(peak, width)
            draw -= share
        if any(start - 5 <= at <= end - LAST_COME for start, end in hours):
            return at


def _person(
    cast: Cast,
    service: Service,
    arrives: float,
    due: float | None,
    pace: dict[str, float],
    chance: Random,
) -> Person:
    shows = chance.random() > 0.05
    return Person(
        key=chance.getrandbits(40),
        arrives=arrives,
        service=service.id,
        need=service.need,
        channel="kiosk" if chance.random() < 0.7 else "desk",
        language=chance.choices(["fr", "en", "ar"], [8, 1, 1])[0],
        due=due,
        shows=shows,
        returns=chance.uniform(1, 18) if not shows and chance.random() < 0.5 else None,
        walk=min(chance.lognormvariate(-0.2, 0.5), 3.0),
        minutes=_meeting(service, pace, chance),
        patience=chance.expovariate(1 / 45) + 10 if chance.random() < 0.08 else None,
        then=_passages(cast, service, pace, chance),
        precedence=chance.random() < 0.04,
        private=service.desk and chance.random() < 0.03,
        phone=chance.random() < 0.5,
        outcome=chance.choices(
            ["received", "address", "appointment", "relay", "unmet"], [4, 2, 2, 1, 1]
        )[0]
        if service.desk
        else "received",
    )


def _meeting(service: Service, pace: dict[str, float], chance: Random) -> float:
    """Minutes of one meeting: most are short, a few very long."""
    minutes = service.minutes * pace[service.id] * chance.lognormvariate(-0.15, 0.55)
    return max(minutes * (2.2 if chance.random() < 0.03 else 1.0), 0.8)


def _passages(
    cast: Cast, service: Service, pace: dict[str, float], chance: Random
) -> tuple[tuple[str, float], ...]:
    """Where somebody is sent on to: from the desk often, from a partner seldom."""
    if chance.random() > (0.4 if service.desk else 0.07):
        return ()
    others = [
        other for other in cast.services if other.share and not other.desk and other != service
    ]
    if not others:
        return ()
    [other] = chance.choices(others, [other.share for other in others])
    return ((other.id, _meeting(other, pace, chance)),)


def _worker(host: Host, chance: Random) -> Worker:
    begins = host.hours[0][0] + (chance.uniform(14, 32) if host.late else chance.uniform(-2, 4))
    breaks = []
    for start, end in host.hours:
        if end - start > 150:
            at = chance.uniform(start + 60, end - 60)
            breaks.append((at, at + chance.uniform(6, 14)))
    return Worker(host, begins, tuple(breaks), chance.lognormvariate(0, 0.10))
