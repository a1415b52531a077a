"""Triage: the verdict on every service that answers a need, for what is known of a person."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from accueil.house.sites import Site
from accueil.orientation import criteria
from accueil.orientation.catalogue import Candidate, Catalogue
from accueil.orientation.criteria import Rule, Verdict
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


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be told: all that is in the house, and the best of what is outside. `further`
    counts what is outside besides; `rules` are those of every service that was judged."""

    told: list[Judged]
    further: int
    rules: list[Rule]


def judge(catalogue: Catalogue, place: Site, asking: Asking) -> Judgement:
    """The verdict on each service that answers these needs. Those of one rule are judged once, and
    the many outside are put in heaps of equals: nothing is made for each of them."""
    distances = _distances(catalogue, home_of(place))
    known: dict[int, tuple[Verdict, int]] = {}
    inside: list[Judged] = []
    outside: defaultdict[_Rank, list[Candidate]] = defaultdict(list)
    rules: list[Rule] = []
    for each in catalogue.answering(asking.needs):
        distance = distances[each.id]
        far = distance > SAME_REGION
        if each.audience not in asking.audiences or (asking.nearby and far):
            continue
        key = id(each.rule)
        if key not in known:
            known[key] = (
                criteria.verdict(each.rule, asking.facts),
                criteria.preference(each.rule, asking.facts),
            )
        verdict, preference = known[key]
        rules.append(each.rule)
        if each.service_id:
            inside.append(Judged(each, verdict, distance, preference))
        else:
            rank = (each.full, far, BEST_FIRST.index(verdict), distance, -preference)
            outside[rank].append(each)
    best = list(islice(_in_order(outside), asking.most_outside))
    further = sum(map(len, outside.values())) - len(best)
    return Judgement(inside + best, further, rules)


# The surest within reach, then the nearest, then those that prefer such a person: full, far,
# verdict, distance, preference.
_Rank = tuple[bool, bool, int, int, int]


def _in_order(outside: Mapping[_Rank, list[Candidate]]) -> Iterator[Judged]:
    for rank, equals in sorted(outside.items(), key=itemgetter(0)):
        _full, _far, verdict, distance, preference = rank
        for each in equals:
            yield Judged(each, BEST_FIRST[verdict], distance, -preference)


def _distances(catalogue: Catalogue, here: Home) -> dict[str, int]:
    """How far each candidate is, reckoned once an edition."""
    if here not in catalogue.distances:
        catalogue.distances[here] = {each.id: here.distance(each) for each in catalogue.candidates}
    return catalogue.distances[here]
