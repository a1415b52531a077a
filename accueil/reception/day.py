"""The day at a glance: what the desk shows, read in a few queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accueil.house.services import Service, services_by_id
from accueil.house.sites import site
from accueil.planning.permanences import Occurrence, of_day
from accueil.reception.queue import Entry, lines_of_site, turns_of_open_visits
from accueil.reception.visits import Visit, open_visits
from accueil.store.db import Db


@dataclass(frozen=True, slots=True)
class Reception:
    """One service on one day: its occurrences today, and its open turns in order."""

    service: Service
    occurrences: tuple[Occurrence, ...]
    line: tuple[Entry, ...]

    @property
    def waiting(self) -> tuple[Entry, ...]:
        return tuple(turn for turn in self.line if turn.state == "waiting")

    @property
    def in_rooms(self) -> tuple[Entry, ...]:
        return tuple(turn for turn in self.line if turn.state != "waiting")

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

    def is_lost(self, receiving: Collection[str]) -> bool:
        """Whether nobody is there for them: no turn to come, or only with who has left.

        `receiving` are the ids of the services that are here now.
        """
        turn = self.turn
        if turn is None or turn.state not in ("waiting", "called", "serving"):
            return True
        return turn.state == "waiting" and turn.service_id not in receiving


def receptions(db: Db, site_id: str, at: datetime) -> list[Reception]:
    """Each service that receives at the site today, or for which somebody waits there."""
    occurrences: dict[str, list[Occurrence]] = defaultdict(list)
    for occurrence in of_day(db, site_id, at):
        occurrences[occurrence.service_id].append(occurrence)
    lines: dict[str, list[Entry]] = defaultdict(list)
    for turn in lines_of_site(db, site_id, site(db, site_id).day(at).isoformat()):
        lines[turn.service_id].append(turn)
    return [
        Reception(service, tuple(occurrences[service.id]), tuple(lines[service.id]))
        for service in services_by_id(db).values()
        if service.id in occurrences or service.id in lines
    ]


def presences(db: Db, site_id: str, at: datetime) -> list[Presence]:
    """The open visits of the day, newest first."""
    day = site(db, site_id).day(at).isoformat()
    turns: dict[str, list[Entry]] = defaultdict(list)
    for turn in turns_of_open_visits(db, site_id, day):
        turns[turn.visit_id].append(turn)
    return [Presence(visit, tuple(turns[visit.id])) for visit in open_visits(db, site_id, day)]
