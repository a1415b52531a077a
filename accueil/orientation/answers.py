"""Answers to a need: who can help here now, here on such a day, or elsewhere, and why.

Nobody is left without one: the shared desk, which can always be asked, is not among them and
stands beside every list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from accueil.house.services import Service, reception_service_id, services
from accueil.house.sites import Site, sites
from accueil.orientation import criteria
from accueil.orientation.catalogue import Catalogue
from accueil.orientation.criteria import Reason, Rule, Verdict
from accueil.orientation.facts import Facts
from accueil.orientation.listings import Listing, listings
from accueil.orientation.questions import next_question
from accueil.orientation.territory import SAME_REGION, home_of, placed
from accueil.orientation.triage import BEST_FIRST, VISITOR, Asking, Judged, judge
from accueil.planning import agenda, slots
from accueil.planning.booking import may_book
from accueil.planning.permanences import Occurrence, ahead, of_day, opening
from accueil.planning.slots import FreeSlot
from accueil.reception import waits
from accueil.reception.last_tickets import outlook
from accueil.reception.queue import people_waiting
from accueil.reception.waiting import Range
from accueil.store.db import Db

Place = Literal["here_now", "here_on", "elsewhere"]
_ORDER: tuple[Place, ...] = ("here_now", "here_on", "elsewhere")
_NO_DATE = "9999"
NEAREST_MISSES = 3
FEW_DATES, HELD = 6, "scheduled"


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to be helped.

    `service` is the house's own, or None outside. `occurrence` is the one under way, or the
    next; None when the house knows of none. `slot` is the next that can be booked from here.
    `people_ahead` counts the queue of a service that is here now, and is None otherwise; `wait`
    is how long it would take, if that can be said. `last_ticket`: it is here, but those who wait
    fill its hours; then its next date is proposed.
    `site` is where to go; None when it is no site of the house: the listing has the address.
    `distance` is how far that is from the house (`territory`).
    """

    place: Place
    verdict: Verdict
    reasons: tuple[Reason, ...]
    listing: Listing
    distance: int
    preference: int
    service: Service | None = None
    occurrence: Occurrence | None = None
    site: Site | None = None
    people_ahead: int | None = None
    slot: FreeSlot | None = None
    wait: Range | None = None
    last_ticket: bool = False

    @property
    def full(self) -> bool:
        """Whether the service counts its places and has none left."""
        return self.listing.places.left == 0


@dataclass(frozen=True, slots=True)
class Orientation:
    """What can be proposed, the best first; `others` are known not to fit; `further` counts the
    services outside that were left out of both. `next_question` is the fact to ask, or None;
    `rules` are those it was drawn from, each once, for whoever asks it in bands."""

    answers: list[Answer]
    others: list[Answer]
    further: int
    next_question: str | None
    rules: list[Rule]
    facts: Facts

    @property
    def near_misses(self) -> list[Answer]:
        """Those that do not fit by the fewest criteria."""
        return sorted(self.others, key=self._misses)[:NEAREST_MISSES]

    def _misses(self, each: Answer) -> int:
        return criteria.misses(each.listing.rule.criteria, self.facts)


@dataclass(frozen=True, slots=True)
class Desk:
    """The shared desk of a site: who waits for it, and its occurrence under way or next."""

    service_id: str
    people_ahead: int
    opening: Occurrence | None
    wait: Range | None = None


def orient(db: Db, catalogue: Catalogue, place: Site, asking: Asking, at: datetime) -> Orientation:
    """Every answer to what a person asks at `place`: what can be done today first, then by date;
    then what is elsewhere, the surest and the nearest first. `BadFact` for a commune that does
    not exist."""
    asking = replace(asking, facts=placed(asking.facts, home_of(place)))
    judged = judge(catalogue, place, asking)
    found = sorted(_answers(db, judged.told, place, asking, at), key=_rank)
    return Orientation(
        answers=[each for each in found if each.verdict != "no"],
        others=[each for each in found if each.verdict == "no"],
        further=judged.further,
        next_question=next_question(judged.rules, asking.facts, asking.asked_by, catalogue.unasked),
        rules=list({id(rule): rule for rule in judged.rules}.values()),
        facts=asking.facts,
    )


def desk(db: Db, place: Site, at: datetime) -> Desk:
    """The answer that stands beside all the others."""
    service_id = reception_service_id(db, place.id)
    waiting = people_waiting(db, service_id, place.id, place.day(at).isoformat())
    wait = waits.wait_for(db, service_id, place, at)
    return Desk(service_id, waiting, opening(db, service_id, place.id, at), wait)


def expected_today(db: Db, place: Site, at: datetime) -> list[Occurrence]:
    """Today's occurrences, not over yet, for which people may hold an appointment here."""
    first: dict[str, Occurrence] = {}
    for occurrence in of_day(db, place.id, at):
        if occurrence.takes_appointments() and occurrence.ends_at > at:
            first.setdefault(occurrence.service_id, occurrence)
    return list(first.values())


def _rank(each: Answer) -> tuple[object, ...]:
    """What can be done now first; then what is sure before what is to be checked."""
    starts = each.slot or each.occurrence
    return (
        each.verdict == "no",
        each.place != "here_now",
        each.full,
        each.distance > SAME_REGION,
        BEST_FIRST.index(each.verdict),
        _ORDER.index(each.place),
        each.distance if each.place == "elsewhere" else 0,
        -each.preference,
        starts.starts_at.isoformat() if starts else _NO_DATE,
    )


def _answers(
    db: Db, judged: Sequence[Judged], place: Site, asking: Asking, at: datetime
) -> Iterator[Answer]:
    described = {each.id: each for each in listings(db, [one.candidate.id for one in judged])}
    offered = {each.id: each for each in services(db)}
    known = {each.id: each for each in sites(db)}
    for each in judged:
        listing = described.get(each.candidate.id)
        service = offered.get(each.candidate.service_id or "")
        if listing is None or (service and service.reception and not asking.reception):
            continue
        answer = Answer(
            place="elsewhere",
            verdict=each.verdict,
            reasons=criteria.reasons(listing.rule, asking.facts),
            listing=listing,
            distance=each.distance,
            preference=each.preference,
            service=service,
            site=known.get(service.site_id or "") if service else None,
        )
        if service:
            yield from _dated(db, service.id, answer, place, known, asking, at)
        else:
            yield answer


def _dated(
    db: Db,
    service_id: str,
    answer: Answer,
    place: Site,
    known: dict[str, Site],
    asking: Asking,
    at: datetime,
) -> Iterator[Answer]:
    """The first answer of each place where a service receives, or the service's own address."""
    seen: set[tuple[Place, str]] = set()
    for occurrence in ahead(db, service_id, at):
        if occurrence.mode == "partners_only" and "partners" not in asking.audiences:
            continue
        found = _at(db, answer, occurrence, place, known[occurrence.site_id], at)
        if (found.place, occurrence.site_id) not in seen:
            seen.add((found.place, occurrence.site_id))
            yield _bookable(db, found, asking, at)
    if not seen:
        yield answer


def _at(
    db: Db, answer: Answer, occurrence: Occurrence, place: Site, where: Site, at: datetime
) -> Answer:
    found = replace(answer, occurrence=occurrence, site=where)
    if where.id != place.id:
        return found
    if not (occurrence.is_on(at) and occurrence.takes_walk_ins()):
        return replace(found, place="here_on")
    coming = outlook(db, occurrence.service_id, place, at)
    if coming.full:
        then = agenda.next_of(db, occurrence.permanence_id, at, number=FEW_DATES)
        held = next(
            (each.occurrence for each in then if each.occurrence.status == HELD), occurrence
        )
        return replace(found, place="here_on", occurrence=held, last_ticket=True)
    waiting = people_waiting(db, occurrence.service_id, place.id, place.day(at).isoformat())
    return replace(found, place="here_now", people_ahead=waiting, wait=coming.wait)


def _bookable(db: Db, answer: Answer, asking: Asking, at: datetime) -> Answer:
    """The answer with the next free slot of its place, when it is booked from here."""
    asker = slots.VISITOR if asking.audiences == VISITOR else slots.DESK
    service, occurrence = answer.service, answer.occurrence
    if service is None or occurrence is None or not occurrence.has_slots():
        return answer
    if not may_book(service, asker):
        return answer
    found = slots.free(db, service.id, at, asker=asker, number=1, site_id=occurrence.site_id)
    return replace(answer, slot=found[0] if found else None)
