"""Answers to a need: who helps here now, here on such a day, or elsewhere.

Nobody is left without one: the shared desk, which can always be asked, is not among them and
stands beside every list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from accueil.house.services import Service, reception_service_id, services
from accueil.house.sites import Site, sites
from accueil.orientation.needs import Need
from accueil.planning.permanences import Occurrence, ahead, of_day, opening
from accueil.reception.queue import people_waiting
from accueil.store.db import Db

Place = Literal["here_now", "here_on", "elsewhere"]
_ORDER: tuple[Place, ...] = ("here_now", "here_on", "elsewhere")


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to be helped.

    `occurrence` is the one under way, or the next; None when the house knows of none.
    `people_ahead` counts the queue of a service that is here now, and is None otherwise.
    `site` is where to go; None when the place is not known.
    """

    place: Place
    service: Service
    occurrence: Occurrence | None
    site: Site | None
    people_ahead: int | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The shared desk of a site: who waits for it, and its occurrence under way or next."""

    service_id: str
    people_ahead: int
    opening: Occurrence | None


def answers(
    db: Db, place: Site, need: Need, at: datetime, audience: str = "public"
) -> list[Answer]:
    """Every answer to `need` at `place`: what can be done today first, then by date.

    `audience` is "public" (a visitor reads) or "staff" (the desk also sees what is for staff).
    """
    shown = ("public", "staff") if audience == "staff" else ("public",)
    known = {each.id: each for each in sites(db)}
    found = [
        answer
        for service in services(db)
        if service.audience in shown and not service.reception and service.needs & need.tags
        for answer in _answers_of(db, service, place, known, at)
    ]
    latest = "9999"
    return sorted(
        found,
        key=lambda answer: (
            _ORDER.index(answer.place),
            answer.occurrence.starts_at.isoformat() if answer.occurrence else latest,
        ),
    )


def _answers_of(
    db: Db, service: Service, place: Site, known: dict[str, Site], at: datetime
) -> Iterable[Answer]:
    """The first answer of each place where a service receives, or the service's own address."""
    seen: set[tuple[Place, str]] = set()
    for occurrence in ahead(db, service.id, at):
        if occurrence.mode == "partners_only":
            continue
        answer = _answer(db, service, occurrence, place, known, at)
        if (answer.place, occurrence.site_id) not in seen:
            seen.add((answer.place, occurrence.site_id))
            yield answer
    if not seen:
        yield Answer("elsewhere", service, None, known.get(service.site_id or ""), None)


def _answer(
    db: Db,
    service: Service,
    occurrence: Occurrence,
    place: Site,
    known: dict[str, Site],
    at: datetime,
) -> Answer:
    where = known[occurrence.site_id]
    if where.id != place.id:
        return Answer("elsewhere", service, occurrence, where, None)
    if occurrence.is_on(at) and occurrence.takes_walk_ins():
        waiting = people_waiting(db, service.id, place.id, place.day(at).isoformat())
        return Answer("here_now", service, occurrence, where, waiting)
    return Answer("here_on", service, occurrence, where, None)


def desk(db: Db, place: Site, at: datetime) -> Desk:
    """The answer that stands beside all the others."""
    service_id = reception_service_id(db, place.id)
    waiting = people_waiting(db, service_id, place.id, place.day(at).isoformat())
    return Desk(service_id, waiting, opening(db, service_id, place.id, at))


def expected_today(db: Db, place: Site, at: datetime) -> list[Occurrence]:
    """Today's occurrences, not over yet, for which people may hold an appointment here."""
    first: dict[str, Occurrence] = {}
    for occurrence in of_day(db, place.id, at):
        if occurrence.takes_appointments() and occurrence.ends_at > at:
            first.setdefault(occurrence.service_id, occurrence)
    return list(first.values())
