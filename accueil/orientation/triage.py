"""Triage: the verdict on every service that answers a need, for what is known of a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accueil.house.sites import Site
from accueil.orientation import criteria
from accueil.orientation.catalogue import Candidate, Catalogue
from accueil.orientation.criteria import Verdict
from accueil.orientation.facts import AskedBy, Facts
from accueil.orientation.territory import SAME_REGION, Home, home_of

# Who reads the answers: what each may be told of.
VISITOR = frozenset({"public"})
STAFF = frozenset({"public", "staff"})
EVERYONE = frozenset({"public", "staff", "partners"})
BEST_FIRST: tuple[Verdict, ...] = ("yes", "check", "no")
MOST_OUTSIDE = 30


@dataclass(frozen=True, slots=True)
class Asking:
    """What a person comes for. `needs` are service tags, none for all; `facts` what they said.

    `audiences` are those of the services that may be told. `asked_by` "anyone" keeps from the
    next question those that only a person asks. `nearby` leaves out what is known to be in
    another région. At most `most_outside` services outside the house are told; None: all.
    `reception`: whether the shared desk, which stands beside every answer, is told among them.
    """

    needs: frozenset[str]
    facts: Facts = field(default_factory=dict)
    audiences: frozenset[str] = VISITOR
    asked_by: AskedBy | None = None
    nearby: bool = False
    reception: bool = False
    most_outside: int | None = MOST_OUTSIDE


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and its verdict; how far it is from the house (`territory`), and how many of
    its preferences the person fulfils."""

    candidate: Candidate
    verdict: Verdict
    distance: int
    preference: int


def judge(catalogue: Catalogue, place: Site, asking: Asking) -> list[Judged]:
    """The verdict on each service that answers these needs, in the order of the catalogue.
    Services that share a rule are judged once."""
    distances = _distances(catalogue, home_of(place))
    known: dict[int, tuple[Verdict, int]] = {}
    found = []
    for each in catalogue.answering(asking.needs):
        if each.audience not in asking.audiences:
            continue
        distance = distances[each.id]
        if asking.nearby and distance > SAME_REGION:
            continue
        told = known.get(id(each.rule))
        if told is None:
            told = known[id(each.rule)] = (
                criteria.verdict(each.rule, asking.facts),
                criteria.preference(each.rule, asking.facts),
            )
        found.append(Judged(each, told[0], distance, told[1]))
    return found


def _distances(catalogue: Catalogue, here: Home) -> dict[str, int]:
    """How far each candidate is, reckoned once an edition."""
    if here not in catalogue.distances:
        catalogue.distances[here] = {each.id: here.distance(each) for each in catalogue.candidates}
    return catalogue.distances[here]


def told(judged: Iterable[Judged], most_outside: int | None) -> tuple[list[Judged], int]:
    """All that is in the house, the best of what is outside, and how many are left out."""
    judged = list(judged)
    inside = [each for each in judged if each.candidate.service_id]
    outside = [each for each in judged if not each.candidate.service_id]
    outside.sort(key=_outside_rank)
    kept = outside[:most_outside]
    return inside + kept, len(outside) - len(kept)


def _outside_rank(each: Judged) -> tuple[object, ...]:
    """The surest within reach, then the nearest, then those that prefer such a person."""
    return (
        each.candidate.full,
        each.distance > SAME_REGION,
        BEST_FIRST.index(each.verdict),
        each.distance,
        -each.preference,
    )
