"""A thousand people and the services of the seeds: how many questions each is asked, against
asking all that their services could ask. `pytest -s` prints the figures."""

from collections.abc import Iterator
from functools import cache
from random import Random
from statistics import fmean
from typing import Any

from accueil.house.text import HouseText
from accueil.orientation.catalogue import read
from accueil.orientation.criteria import Rule, leaves, verdict
from accueil.orientation.facts import FACTS, Fact, Facts, Value
from accueil.orientation.needs import NEEDS
from accueil.orientation.questions import next_question
from accueil.store.db import Db

PEOPLE = 1_000
SILENT = 0.05  # now and then somebody would rather not say
TOWNS = ("Chevilly-Larue", "Fresnes", "Rungis", "Montreuil")
EVERYTHING: frozenset[str] = frozenset()


def people() -> Iterator[dict[str, Value | None]]:
    """Always the same thousand."""
    chance = Random(2026_11_23)
    for _ in range(PEOPLE):
        yield {
            name: None if chance.random() < SILENT else _said(fact, chance)
            for name, fact in FACTS.items()
        }


def _said(fact: Fact, chance: Random) -> Value:
    if fact.kind == "number":
        return float(chance.randrange(95 if fact.id == "age" else 1500))
    if fact.kind == "flag":
        return chance.random() < 0.5
    if not fact.choices:
        return frozenset({chance.choice(TOWNS)})
    several = 1 if fact.single else min(chance.choice((0, 1, 1, 2)), len(fact.choices))
    some = chance.sample(fact.choices, several)
    return frozenset().union(*(each.tags for each in some))


def rules_by_need(db: Db) -> dict[str, list[Rule]]:
    catalogue = read(db)
    found = {each.id: each.tags for each in NEEDS} | {"": EVERYTHING}
    return {need: [each.rule for each in catalogue.answering(tags)] for need, tags in found.items()}


def all_that_could_be_asked(rules: list[Rule]) -> set[str]:
    every = [leaf for rule in rules for leaf in leaves(rule.criteria)]
    return {leaf.fact for leaf in every if leaf.op != "label"}


def test_a_thousand_people_are_asked_fewer_questions_than_all(db: Db, house: HouseText) -> None:
    rules = rules_by_need(db)

    @cache
    def asked_next(need: str, known: frozenset[tuple[str, Any]]) -> str | None:
        return next_question(rules[need], dict(known))

    def asked(need: str, person: Facts) -> int:
        """How many questions this person is asked; what they lead to is what all would."""
        known: dict[str, Value | None] = {}
        while (name := asked_next(need, frozenset(known.items()))) is not None:
            assert name not in known
            known[name] = person[name]
        for rule in rules[need]:
            assert verdict(rule, known) == verdict(rule, person)
        return len(known)

    needs = [each.id for each in NEEDS]
    one_need = [(needs[n % len(needs)], person) for n, person in enumerate(people())]
    all_needs = [("", person) for person in people()]
    for title, askers in (("one need", one_need), ("all needs", all_needs)):
        told = fmean(asked(need, person) for need, person in askers)
        everything = fmean(len(all_that_could_be_asked(rules[need])) for need, _ in askers)
        print(f"{title}: {told:.2f} questions a person; asking all: {everything:.2f}")
        assert told < everything
