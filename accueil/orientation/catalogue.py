"""The catalogue: what a verdict needs of every service, read once and kept until an edition.

A directory may hold the twenty thousand services of a région, so a candidate is small, and the
services that have the same rule share one object. The catalogue knows services, never people.
"""

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from accueil.house.edition import edition
from accueil.orientation.criteria import OPEN, Group, Node, Rule
from accueil.orientation.criteria_data import rule_from_data
from accueil.orientation.questions import Unasked
from accueil.store.db import Db, Row
from accueil.store.folding import fold

PART = " | "


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service that could be the answer. `words` is what a search reads, folded, in order:
    name, organisation, place, needs, with PART between them. `full` is known to have no place left.
    `service_id` is None outside the house."""

    id: str
    service_id: str | None
    name: str
    words: str
    needs: frozenset[str]
    audience: str
    state: str
    departements: tuple[str, ...]
    insee: str
    rule: Rule
    full: bool
    verified_on: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every candidate, those of the house first in the order of its text, as of one edition.
    What is the same for everybody is kept with it: `unasked` for `next_question`, `distances` from
    a house for `triage`."""

    edition: int
    candidates: tuple[Candidate, ...]
    by_need: dict[str, tuple[Candidate, ...]]
    needs: frozenset[str]
    unasked: Unasked = field(default_factory=dict, compare=False, repr=False)
    distances: dict[object, dict[str, int]] = field(default_factory=dict, compare=False, repr=False)

    def answering(self, tags: frozenset[str]) -> list[Candidate]:
        """Those that answer one of these needs, or everything for no need; never a project. What
        is in the directory for reference answers no need."""
        if not tags:
            return [each for each in self.candidates if each.state != "project"]
        if len(tags) == 1:
            return list(self.by_need.get(next(iter(tags)), ()))
        return [
            each
            for each in self.candidates
            if each.state == "open" and not each.needs.isdisjoint(tags)
        ]


class Catalogues:
    """Keeps the last catalogue that was read, for every thread of a server."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._last: Catalogue | None = None

    def now(self, db: Db) -> Catalogue:
        """The catalogue of the present edition."""
        number = edition(db)
        last = self._last
        if last is None or last.edition != number:
            with self._reading:
                last = self._last
                if last is None or last.edition != number:
                    last = self._last = read(db)
        return last


def read(db: Db) -> Catalogue:
    """Read the whole directory. What a new edition would change meanwhile is read next time."""
    number = edition(db)
    shared = _Shared()
    candidates = tuple(_candidate(row, shared) for row in (*db.all(_INSIDE), *db.all(_OUTSIDE)))
    return Catalogue(
        edition=number,
        candidates=candidates,
        by_need=_by_need(each for each in candidates if each.state == "open"),
        needs=frozenset().union(*shared.needs.values()),
    )


_COLUMNS = (
    "l.state, l.departements, l.insee, l.commune, l.rule, l.verified_on, l.places_left, l.reserved"
)
_INSIDE = (
    "SELECT s.id, s.id AS service_id, s.name, o.name AS organisation, s.needs, s.audience,"
    f" site.commune || ' ' || site.postcode AS place, {_COLUMNS}"
    " FROM service AS s JOIN organisation AS o ON o.id = s.organisation_id"
    " LEFT JOIN listing AS l ON l.service_id = s.id AND l.retired = 0"
    " LEFT JOIN site ON site.id = s.site_id"
    " WHERE s.retired = 0 ORDER BY s.position"
)
_OUTSIDE = (
    "SELECT l.id, l.service_id, l.name, l.organisation, l.needs, l.audience,"
    f" l.postcode AS place, {_COLUMNS}"
    " FROM listing AS l WHERE l.service_id IS NULL AND l.retired = 0 ORDER BY l.id"
)


class _Shared:
    """What many services have in common, as one object: their needs, their départements, their
    rules and the parts of these."""

    def __init__(self) -> None:
        self.needs: dict[str, frozenset[str]] = {}
        self._territories: dict[str, tuple[str, ...]] = {}
        self._rules: dict[str, Rule] = {}
        self._nodes: dict[Node, Node] = {}

    def tags(self, text: str) -> frozenset[str]:
        return self.needs.setdefault(text, frozenset(text.split()))

    def departements(self, text: str) -> tuple[str, ...]:
        return self._territories.setdefault(text, tuple(text.split()))

    def rule(self, text: str | None) -> Rule:
        """The rule written so; open to all when nothing was written."""
        if not text:
            return OPEN
        if text not in self._rules:
            rule = rule_from_data(json.loads(text))
            self._rules[text] = replace(rule, criteria=self._node(rule.criteria))
        return self._rules[text]

    def _node(self, node: Node) -> Node:
        if isinstance(node, Group):
            node = Group(node.kind, tuple(self._node(item) for item in node.items))
        return self._nodes.setdefault(node, node)


def _candidate(row: Row, shared: _Shared) -> Candidate:
    place = " ".join(filter(None, (row["commune"], row["place"])))
    return Candidate(
        id=row["id"],
        service_id=row["service_id"],
        name=row["name"],
        words=PART.join(map(fold, (row["name"], row["organisation"], place, row["needs"]))),
        needs=shared.tags(row["needs"]),
        audience=row["audience"],
        state=row["state"] or "open",
        departements=shared.departements(row["departements"] or ""),
        insee=row["insee"] or "",
        rule=shared.rule(row["rule"]),
        full=row["places_left"] == 0,
        verified_on=row["verified_on"],
    )


def _by_need(candidates: Iterable[Candidate]) -> dict[str, tuple[Candidate, ...]]:
    found: dict[str, list[Candidate]] = {}
    for each in candidates:
        for tag in each.needs:
            found.setdefault(tag, []).append(each)
    return {tag: tuple(these) for tag, these in found.items()}
