"""Orientation: verdicts with the next question, and the directory's search, few and many."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from accueil.house.communes import find
from accueil.house.sites import Site, front_desk
from accueil.orientation import listings
from accueil.orientation.answers import orient
from accueil.orientation.catalogue import Catalogue, Catalogues
from accueil.orientation.criteria import Group, Leaf, Node, Rule
from accueil.orientation.directory import search
from accueil.orientation.facts import Facts
from accueil.orientation.listings import Listing
from accueil.orientation.needs import NEEDS
from accueil.orientation.questions import next_question
from accueil.orientation.territory import home_of, placed
from accueil.orientation.triage import EVERYONE, STAFF, Asking, judge
from accueil.store.db import Db, Store
from accueil.store.migrations import migrate
from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.server import MONDAY
from blueprints.commands import DEMONSTRATION, load_house

MANY = 20_000
ROUNDS = 200
PUBLICS: tuple[Leaf, ...] = (
    Leaf("age", "between", (16.0, 25.0)),
    Leaf("age", "gte", 60.0),
    Leaf("gender", "has_any", frozenset({"femme"})),
    Leaf("household", "has_any", frozenset({"famille-avec-enfants"})),
    Leaf("employment", "has_any", frozenset({"demandeur-emploi"})),
    Leaf("situation", "label", "personnes en situation de handicap"),
)
PEOPLE: tuple[Facts, ...] = (
    {},
    {"age": 19.0, "resources_monthly_eur": 500.0, "ase": frozenset({"sortant-mecs"})},
    {"age": 67.0, "commune": frozenset({"Chevilly-Larue"})},
    {"household": frozenset({"monoparentale", "famille-avec-enfants"}), "age": 31.0},
)


def measure() -> list[Figure]:
    with _house(0) as (db, place), _house(MANY) as (region, there):
        few, many = Catalogues().now(db), Catalogues().now(region)
        return [
            *_orienting(few, place, "74 services", 3),
            _answering(db, few, place),
            *_orienting(many, there, f"{MANY:,} services", 50),
            _searching(many),
        ]


def _orienting(catalogue: Catalogue, place: Site, what: str, most: float) -> list[Figure]:
    """Every service judged, and the next question: for every need and person, then for all
    the needs at once."""
    each = [
        _ms(partial(_judged, catalogue, place, Asking(need.tags, facts, STAFF)))
        for _ in range(ROUNDS // 20)
        for need in NEEDS
        for facts in PEOPLE
    ]
    whole = [
        _ms(partial(_judged, catalogue, place, Asking(frozenset(), facts, EVERYONE)))
        for _ in range(ROUNDS // 20)
        for facts in PEOPLE
    ]
    return [
        figures.at_most(
            f"orientation and next question, {what}, p95",
            statistics.quantiles(each, n=20)[-1],
            "ms",
            most,
            f"median {statistics.median(each):.2f} ms; all needs at once, median"
            f" {statistics.median(whole):.2f}, worst {max(whole):.2f} ms",
        )
    ]


def _judged(catalogue: Catalogue, place: Site, asking: Asking) -> None:
    asking = replace(asking, facts=placed(asking.facts, home_of(place)))
    found = judge(catalogue, place, asking)
    next_question(found.rules, asking.facts, asking.asked_by, catalogue.unasked)


def _answering(db: Db, catalogue: Catalogue, place: Site) -> Figure:
    """The same with what a screen shows of each: dates, free slots, people ahead."""
    times = [
        _ms(partial(orient, db, catalogue, place, Asking(need.tags, facts, STAFF), MONDAY))
        for _ in range(ROUNDS // 40)
        for need in NEEDS
        for facts in PEOPLE
    ]
    note = f"p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms"
    return figures.shown(
        "the same with dates, slots and queues", statistics.median(times), "ms", note
    )


def _searching(catalogue: Catalogue) -> Figure:
    words = ("ecole", "Mission locale Fresnes", "é", "hébergement d’urgence", "zzz", "saint denis")
    times = [_ms(partial(search, catalogue, text)) for _ in range(20) for text in words]
    p95 = statistics.quantiles(times, n=20)[-1]
    note = f"median {statistics.median(times):.1f} ms"
    return figures.at_most(f"directory search, {MANY:,} services, p95", p95, "ms", 20, note)


@contextmanager
def _house(imported: int) -> Iterator[tuple[Db, Site]]:
    """The demonstration house, with so many services of its région beside."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accueil.db"
        migrate(path)
        store = Store(path, key=b"orientation")
        with store.connection() as db:
            load_house(db, DEMONSTRATION, MONDAY)
            with db.transaction():
                listings.put(db, _region(imported))
            yield db, front_desk(db)
        store.close()


def _region(number: int) -> list[Listing]:
    """Services as a région's directory has them: a zone for most, publics for two of three."""
    chance = random.Random(20_000)
    towns = [town for code in ("94", "93", "92", "91", "77", "78", "95") for town in find(code, 60)]
    tags = sorted({tag for need in NEEDS for tag in need.tags})
    found = []
    for n in range(number):
        town = chance.choice(towns)
        zone = chance.choice((town.insee, town.departement, town.departement, town.epci, ""))
        parts: list[Node] = [Leaf("commune", "has_any", frozenset({zone}))] if zone else []
        some = chance.sample(range(len(PUBLICS)), chance.choice((0, 1, 2, 3)))
        publics = tuple(PUBLICS[rank] for rank in sorted(some))
        parts += [Group("any", publics)] if publics else []
        found.append(
            Listing(
                id=f"region--{n}",
                source="region",
                name=f"Service {chance.choice(tags)} de {town.name}",
                organisation=f"Association {n % 900}",
                needs=frozenset(chance.sample(tags, 2)),
                commune=town.name,
                insee=town.insee,
                departements=(town.departement,),
                rule=Rule(Group("all", tuple(parts))),
            )
        )
    return found


def _ms(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000
