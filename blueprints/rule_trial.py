"""A rule tried on a made-up person: what is asked of them, and what they are answered. Nothing of
it is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from accueil.orientation.criteria import Reason, Rule, Verdict, leaves, reasons, verdict
from accueil.orientation.facts import FACTS, BadFact, Fact, Value, contradictions
from blueprints import fact_fields
from blueprints.criteria_words import choice, fact, reason, tag
from blueprints.fact_fields import NONE_OF_THEM, PREFIX
from blueprints.fact_words import place
from blueprints.typed import Fields
from blueprints.words import language, typeset


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact to say of the person: its field, the answers to choose from with their words (none
    for a number), what was said, and whether that can be."""

    fact: str
    field: str
    answers: tuple[tuple[str, str], ...]
    several: bool
    said: tuple[str, ...]
    trouble: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """`because` holds each reason and its words; `contrary` the names of the facts that cannot
    both be true of one person."""

    asked: tuple[Asked, ...]
    verdict: Verdict
    because: tuple[tuple[Reason, str], ...]
    contrary: tuple[tuple[str, str], ...]

    @property
    def shape(self) -> str:
        """What is asked, and the answers to choose from: the same as long as the fields are."""
        return " ".join(
            f"{each.fact}:{','.join(value for value, _ in each.answers)}" for each in self.asked
        )


def trial(rule: Rule, form: Fields) -> Trial:
    """What the rule answers to the person of the form."""
    asked: list[Asked] = []
    facts: dict[str, Value] = {}
    for wanted in _facts(rule):
        said = form.getlist(PREFIX + wanted.id)
        trouble = False
        try:
            facts |= {name: value for name, value in _told(wanted, said) if value is not None}
        except BadFact:
            trouble = True
        asked.append(_asked(wanted, rule, tuple(said), trouble))
    told = [(each, typeset(reason(each), language())) for each in reasons(rule, facts)]
    return Trial(
        tuple(asked),
        verdict(rule, facts),
        tuple(told),
        tuple((fact(one), fact(other)) for one, other in contradictions(facts)),
    )


def _told(wanted: Fact, said: list[str]) -> Iterator[tuple[str, Value | None]]:
    name = PREFIX + wanted.id
    yield from fact_fields.facts_of(Fields([(name, each) for each in said])).items()


def _facts(rule: Rule) -> list[Fact]:
    """What the rule asks, in the order of the vocabulary; nobody can say what only an agent
    reads."""
    asked = {
        leaf.fact
        for node in (rule.criteria, *rule.check, *rule.prefer)
        for leaf in leaves(node)
        if leaf.op != "label"
    }
    return [each for name, each in FACTS.items() if name in asked]


def _asked(wanted: Fact, rule: Rule, said: tuple[str, ...], trouble: bool) -> Asked:
    answers = tuple(_answers(wanted, rule))
    several = wanted.kind == "tags" and not wanted.single and len(answers) > 2
    return Asked(wanted.id, PREFIX + wanted.id, answers, several, said, trouble)


def _answers(wanted: Fact, rule: Rule) -> Iterator[tuple[str, str]]:
    """Each word that the rule reads, or the whole answers from which they follow, and none."""
    if wanted.kind == "number":
        return
    if wanted.kind == "flag":
        yield from ((word, choice(wanted.id, word)) for word in ("yes", "no"))
        return
    named: set[str] = set()
    for node in (rule.criteria, *rule.check, *rule.prefer):
        for leaf in leaves(node):
            if leaf.fact == wanted.id and isinstance(leaf.value, frozenset):
                named |= leaf.value
    chosen = [each for each in wanted.choices if wanted.single or each.tags & named]
    yield from ((each.id, choice(wanted.id, each.id)) for each in chosen)
    implied = frozenset().union(*(each.tags for each in chosen))
    yield from ((word, place(tag(wanted.id, word))) for word in sorted(named - implied))
    yield NONE_OF_THEM, ""
