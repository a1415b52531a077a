"""The day at a glance: what the desk shows, read in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accueil.house.services import Service, services_by_id
from accueil.house.sites import site
from accueil.planning.permanences import Occurrence, of_day
from accueil.reception import line
from accueil.reception.line import Place
from accueil.reception.queue import Entry, lines_of_site, turns_of_open_visits
from accueil.reception.visits import Visit, open_visits
from accueil.store.db import Db


@dataclass(frozen=True, slots=True)
class Reception:
    """One service on one day: its occurrences today; who is in a room; the line, in order, with
    why each stands there; who came before their hour; who is held."""

    service: Service
    occurrences: tuple[Occurrence, ...]
    in_rooms: tuple[Entry, ...] = ()
    places: tuple[Place[Entry], ...] = ()
    early: tuple[Entry, ...] = ()
    held: tuple[Entry, ...] = ()

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """Those in line, the next first."""
        return tuple(place.turn for place in self.places)

    @property
    def line(self) -> tuple[Entry, ...]:
        """Every open turn: in a room, in line, before their hour, held."""
        return (*self.in_rooms, *self.waiting, *self.early, *self.held)

    def occurrence(self, at: datetime) -> Occurrence | None:
        """The one under way at `at`, or else the next of the day, or else the last."""
        coming = [each for each in self.occurrences if each.ends_at > at]
        candidates = coming or self.occurrences[-1:]
        return candidates[0] if candidates else None

    def is_here(self, at: datetime) -> bool:
        return any(occurrence.is_on(at) for occurrence in self.occurrences)


@dataclass(frozen=True, slots=True)
class Presence:
    """An open visit and its turns of the day, newest turn last."""

    visit: Visit
    turns: tuple[Entry, ...]

    @property
    def turn(self) -> Entry | None:
        """Where the person is: in a room, else first in a queue, else where they last were."""
        order = ("serving", "called", "waiting")
        coming = [turn for turn in self.turns if turn.state in order]
        coming.sort(key=lambda turn: (order.index(turn.state), not turn.priority))
        return coming[0] if coming else next(reversed(self.turns), None)

    def is_lost(self, receiving: Collection[str], at: datetime) -> bool:
        """Whether nobody is there for them: no turn to come, or only with who has left. Whoever
        came before the hour of an appointment is not lost.

        `receiving` are the ids of the services that are here now.
        """
        turn = self.turn
        if turn is None or turn.state not in ("waiting", "called", "serving"):
            return True
        early = turn.due_at is not None and turn.due_at > at
        return turn.state == "waiting" and turn.service_id not in receiving and not early


@dataclass(frozen=True, slots=True)
class Day:
    """All that a desk shows: who receives, who is in the house, and every service by its id."""

    receptions: list[Reception]
    presences: list[Presence]
    services: Mapping[str, Service]


def day(db: Db, site_id: str, at: datetime) -> Day:
    """`receptions` and `presences` of a site, each row read once."""
    today = site(db, site_id).day(at).isoformat()
    turns = turns_of_open_visits(db, site_id, today)
    order = {"serving": 0, "called": 1, "waiting": 2}
    coming = [turn for turn in turns if turn.state in order]
    coming.sort(key=lambda turn: order[turn.state])
    services = services_by_id(db)
    return Day(
        _receptions(services, of_day(db, site_id, at), coming, at),
        _presences(open_visits(db, site_id, today), turns),
        services,
    )


def receptions(db: Db, site_id: str, at: datetime) -> list[Reception]:
    """Each service that receives at the site today, or for which somebody waits there."""
    turns = lines_of_site(db, site_id, site(db, site_id).day(at).isoformat())
    return _receptions(services_by_id(db), of_day(db, site_id, at), turns, at)


def _receptions(
    services: Mapping[str, Service],
    dates: Iterable[Occurrence],
    turns: Iterable[Entry],
    at: datetime,
) -> list[Reception]:
    occurrences: dict[str, list[Occurrence]] = defaultdict(list)
    for occurrence in dates:
        occurrences[occurrence.service_id].append(occurrence)
    lines: dict[str, list[Entry]] = defaultdict(list)
    for turn in turns:
        lines[turn.service_id].append(turn)
    return [
        _reception(service, occurrences[service.id], lines[service.id], at)
        for service in services.values()
        if service.id in occurrences or service.id in lines
    ]


def _reception(
    service: Service, occurrences: list[Occurrence], turns: list[Entry], at: datetime
) -> Reception:
    return Reception(
        service=service,
        occurrences=tuple(occurrences),
        in_rooms=tuple(turn for turn in turns if turn.state != "waiting"),
        places=tuple(line.order(turns, at)),
        early=tuple(line.early(turns, at)),
        held=tuple(line.held(turns, at)),
    )


def presences(db: Db, site_id: str, at: datetime) -> list[Presence]:
    """The open visits of the day, newest first."""
    today = site(db, site_id).day(at).isoformat()
    turns = turns_of_open_visits(db, site_id, today)
    return _presences(open_visits(db, site_id, today), turns)


def _presences(open_ones: Iterable[Visit], turns: Iterable[Entry]) -> list[Presence]:
    theirs: dict[str, list[Entry]] = defaultdict(list)
    for turn in turns:
        theirs[turn.visit_id].append(turn)
    return [Presence(visit, tuple(theirs[visit.id])) for visit in open_ones]
