"""Facts: what a rule may ask of a person, and what they said, read strictly.

Eligibility answers live in memory for the time of a request: nothing here is stored. A fact
that was not asked is absent from a person's facts; one that they would rather not say is None.
Sensitive facts are those that the seeds mark so, and those that only a person can judge: they
are asked by a person, never by a screen. `aloud` says whether their words may stand on a screen
that others can read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "tags", "flag"]
AskedBy = Literal["anyone", "person"]
Value = float | frozenset[str] | bool
Facts = Mapping[str, Value | None]

MOST_TAGS = 40
TAG_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer: `tags` are what it says of the person, one word often implying another
    (a lone parent is also a family with children)."""

    id: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """`highest` and the other numbers are in the fact's unit: years, euros a month.

    `choices` are the answers that a screen proposes; `single` ones exclude each other. `tags`
    are those of the choices; other words may be said (a commune), they match what names them.
    """

    id: str
    kind: Kind
    asked_by: AskedBy = "person"
    aloud: bool = True
    highest: int = 0
    choices: tuple[Choice, ...] = ()
    single: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag for each in self.choices for tag in sorted(each.tags)))


class BadFact(ValueError):
    """A fact that is not in the vocabulary, or whose value it cannot have."""

    def __init__(self, fact: str, expected: str):
        super().__init__(f"fact {fact!r}: {expected}")
        self.fact, self.expected = fact, expected


def _plain(words: str) -> tuple[Choice, ...]:
    """Choices that are each a tag of their own."""
    return tuple(Choice(word, frozenset({word})) for word in words.split())


_FAMILY = "famille-avec-enfants"
_HOUSEHOLDS = (
    Choice("isole", frozenset({"isole"})),
    Choice("couple-sans-enfant", frozenset({"couple-sans-enfant"})),
    Choice("monoparentale", frozenset({"monoparentale", _FAMILY})),
    Choice("couple-avec-enfants", frozenset({"couple-avec-enfants", _FAMILY})),
)
_HOUSING = "sans-logement mal-loge hotel-via-115 difficulte-acces difficulte-maintien"
_ASE = (
    "prise-en-charge-prend-fin sorti-ase sortant-famille-accueil sortant-mecs"
    " sortant-lieu-collectif a-beneficie-un-jour-ase-93"
)
_SITUATIONS = (
    "rupture-besoin-hebergement-momentane en-insertion-sans-acces-logement-perenne errance"
    " long-parcours-errance isolement-aggrave difficulte-de-sante victime-de-violences"
)
_TERRITORIES = ("Angers et première couronne", "Segré-en-Anjou")

# The vocabulary of the seeds, in the order in which a person would ask.
FACTS = {
    fact.id: fact
    for fact in (
        Fact("age", "number", "anyone", highest=120),
        Fact("household", "tags", "anyone", choices=_HOUSEHOLDS, single=True),
        Fact("employment", "tags", "anyone", choices=_plain("demandeur-emploi agent-communal")),
        Fact(
            "relation",
            "tags",
            "anyone",
            choices=_plain("famille-d-une-personne-agee parent-de-tout-petit"),
        ),
        Fact("commune", "tags", "anyone", single=True),
        Fact("departement", "tags", single=True),
        Fact(
            "territory",
            "tags",
            choices=tuple(Choice(name, frozenset({name})) for name in _TERRITORIES),
            single=True,
        ),
        Fact("housing", "tags", choices=_plain(f"{_HOUSING} heberge-essor93")),
        Fact("resources_monthly_eur", "number", highest=100_000),
        Fact("iae", "tags", choices=_plain("inscrit-chantier souhaite-chantier")),
        Fact("wants", "tags", choices=_plain("parcours-insertion")),
        Fact("dalo", "flag"),
        Fact(
            "autonomy",
            "tags",
            choices=_plain("capable-logement-autonome moins-autonome"),
            single=True,
        ),
        Fact("gender", "tags", aloud=False, choices=_plain("femme homme"), single=True),
        Fact("ase", "tags", choices=_plain(_ASE)),
        Fact("contrat_jeune_majeur", "tags", choices=_plain("APJM AED en-fin")),
        Fact("situation", "tags", aloud=False, choices=_plain(_SITUATIONS)),
        Fact("actor", "tags", choices=_plain("professionnel")),
    )
}


def read(said: Mapping[str, object]) -> dict[str, Value | None]:
    """Facts as JSON says them: a number, a word or a list of words, true or false, or null for
    what the person would rather not say. `BadFact` names what cannot be."""
    return {name: _value(fact(name), value) for name, value in said.items()}


def fact(name: str) -> Fact:
    """One fact of the vocabulary; `BadFact` if there is none."""
    if name not in FACTS:
        raise BadFact(name, f"expected one of {', '.join(FACTS)}")
    return FACTS[name]


def contradictions(facts: Facts) -> list[tuple[str, str]]:
    """Pairs of facts that cannot both be true of one person, by their names; a fact may be in
    contradiction with itself.

    Sources: a young adult's contract ends at 21 (CASF, L. 222-5); nobody is employed, nor a
    household of their own, before 14 (Code du travail, L. 4153-1).
    """
    age = facts.get("age")
    found = []
    household = _tags(facts, "household")
    if len(household - {_FAMILY}) > 1 or {"isole", _FAMILY} <= household:
        found.append(("household", "household"))
    if {"capable-logement-autonome", "moins-autonome"} <= _tags(facts, "autonomy"):
        found.append(("autonomy", "autonomy"))
    if {"sorti-ase", "prise-en-charge-prend-fin"} <= _tags(facts, "ase"):
        found.append(("ase", "ase"))
    if isinstance(age, float):
        if age >= 22 and _tags(facts, "contrat_jeune_majeur"):
            found.append(("age", "contrat_jeune_majeur"))
        if age < 14 and _tags(facts, "employment"):
            found.append(("age", "employment"))
        if age < 14 and household & {"monoparentale", "couple-avec-enfants", "couple-sans-enfant"}:
            found.append(("age", "household"))
    return found


def _tags(facts: Facts, name: str) -> frozenset[str]:
    value = facts.get(name)
    return value if isinstance(value, frozenset) else frozenset()


def _value(wanted: Fact, value: object) -> Value | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        raise BadFact(wanted.id, f"expected a value, got an object: {str(dict(value))[:100]}")
    if wanted.kind == "number":
        return _number(wanted, value)
    if wanted.kind == "flag":
        if not isinstance(value, bool):
            raise BadFact(wanted.id, f"expected true or false, got {value!r}")
        return value
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or len(words) > MOST_TAGS:
        raise BadFact(wanted.id, f"expected a word, or a list of {MOST_TAGS} words at most")
    for word in words:
        if not isinstance(word, str) or not 0 < len(word.strip()) <= TAG_CHARACTERS:
            raise BadFact(wanted.id, f"expected words of {TAG_CHARACTERS} characters at most")
    return frozenset(word.strip() for word in words)


def _number(wanted: Fact, value: object) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not 0 <= float(str(value)) <= wanted.highest:
        raise BadFact(wanted.id, f"expected a number from 0 to {wanted.highest}, got {value!r}")
    return float(str(value))
