"""What the desk asks of a person after their need, what they said, and who can help them then.

A person asks here: sensitive facts too. What is said is in the body of these forms only, and a
page that is opened again has forgotten it, on purpose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from werkzeug.datastructures import MultiDict

from accueil.house.sites import Site
from accueil.orientation import criteria
from accueil.orientation.answers import Orientation, orient
from accueil.orientation.criteria import Leaf, Rule
from accueil.orientation.directory import search
from accueil.orientation.facts import FACTS, BadFact, Facts, Value, contradictions
from accueil.orientation.listings import Listing, listings
from accueil.orientation.needs import Need
from accueil.orientation.territory import home_of, meant, placed
from accueil.orientation.triage import STAFF, Asking
from accueil.planning.booking import may_book
from accueil.planning.permanences import hours_of
from accueil.planning.slots import DESK
from blueprints import criteria_words, fact_words, web
from blueprints.fact_fields import PREFIX, facts_of, written
from blueprints.kiosk_question import Tile, tiles

SHOWN, ONE_OR_NONE = 6, 2
DOOR = "ccas"
MOST_TYPED = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What was understood of a form. `clashing` are facts that cannot both be true of anybody:
    nothing is drawn from them until one is taken back. `wrong` are facts that cannot be so, with
    what was typed."""

    facts: dict[str, Value | None]
    clashing: frozenset[str] = frozenset()
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def sure(self) -> Facts:
        return {name: value for name, value in self.facts.items() if name not in self.clashing}


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact to ask: its words, its answers to touch. `values` are those that were given;
    `private` ones are to be asked for a reason, and out of others' hearing."""

    fact: str
    label: str
    question: str
    way: Literal["number", "text", "one", "many"]
    private: bool
    answers: tuple[Tile, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A fact that was said, in words; none when the person would rather not say."""

    fact: str
    label: str
    words: str
    clashing: bool


def said(form: MultiDict[str, str]) -> Said:
    """The facts of a desk's form, without the one that it takes back (`without`). From the form
    that asks them all (`whole`), what was left empty was not asked."""
    facts: dict[str, Value | None] = {}
    wrong: dict[str, str] = {}
    for key in dict.fromkeys(each for each in form if each.startswith(PREFIX)):
        texts = form.getlist(key)
        if key == PREFIX + form.get("without", "") or ("whole" in form and not any(texts)):
            continue
        try:
            found = facts_of(MultiDict([(key, text) for text in texts]))
            placed(found)
        except BadFact:
            wrong[key.removeprefix(PREFIX)] = texts[-1][:MOST_TYPED]
        else:
            facts |= found
    for name in form.getlist("skipped"):
        if name in FACTS:
            facts.setdefault(name, None)
    clashing = frozenset(name for pair in contradictions(facts) for name in pair)
    return Said(facts, clashing, wrong)


def answered(site: Site, wanted: Need, heard: Said) -> dict[str, Any]:
    """What the panel shows: who can help such a person, and what is still worth asking."""
    db, at = web.db(), web.now()
    asking = Asking(wanted.tags, heard.sure, audiences=STAFF, nearby=True)
    found = orient(db, web.catalogue(), site, asking, at)
    dated = [each.occurrence for each in found.answers + found.others if each.occurrence]
    return {
        "need": wanted,
        "found": found,
        "first": SHOWN,
        "heard": heard,
        "carried": written(heard.facts),
        "chips": _chips(heard, site),
        "question": None if heard.clashing else _next(found, heard, site),
        "every": _every(found, heard, site),
        "hours": {each.id: hours_of(db, each) for each in dated},
        "booked_here": {
            each.service.id
            for each in found.answers
            if each.service and may_book(each.service, DESK)
        },
        "door": _door(),
        "speak": criteria_words,
    }


def _door() -> Listing | None:
    """The town's own social service, as the directory has it; None if it does not."""
    found = search(web.catalogue(), DOOR, limit=1).shown
    return next(iter(listings(web.db(), [each.id for each in found])), None)


def _next(found: Orientation, heard: Said, site: Site) -> Asked | None:
    """The question to ask; again the one that was answered by what cannot be."""
    again = [name for name in FACTS if name in heard.wrong and name not in heard.facts]
    name = again[0] if again else found.next_question
    return _asked(name, found.rules, heard, site) if name else None


def _every(found: Orientation, heard: Said, site: Site) -> list[Asked]:
    """All that the services of this need ask of a person, in the order of the vocabulary."""
    wanted = {leaf.fact for leaf in _leaves(found.rules) if leaf.op != "label"}
    return [_asked(name, found.rules, heard, site) for name in FACTS if name in wanted]


def _asked(name: str, rules: Iterable[Rule], heard: Said, site: Site) -> Asked:
    known = FACTS[name]
    answers = _answers(name, rules, heard.facts, site)
    many = known.kind == "tags" and not known.single and len(answers) > ONE_OR_NONE
    given = written({name: heard.facts[name]}) if name in heard.facts else []
    return Asked(
        fact=name,
        label=fact_words.fact(name),
        question=fact_words.question(name),
        way="number" if known.kind == "number" else "many" if many else _one_way(name),
        private=not known.aloud or any(leaf.sensitive for leaf in _leaves(rules, name)),
        answers=answers,
        values=((heard.wrong[name],) if name in heard.wrong else tuple(text for _, text in given)),
    )


def _one_way(name: str) -> Literal["text", "one"]:
    return "text" if FACTS[name].kind == "tags" and not FACTS[name].choices else "one"


def _answers(name: str, rules: Iterable[Rule], facts: Facts, site: Site) -> tuple[Tile, ...]:
    """What is most often answered, to be touched."""
    if FACTS[name].kind == "number":
        return ()
    if FACTS[name].kind == "flag":
        return tuple(Tile(each, fact_words.choice(name, each), ()) for each in ("yes", "no"))
    if name == "commune":
        return (Tile(site.commune, site.commune, (), proper=True),)
    if name == "departement":
        here = home_of(site).departement
        return (Tile(here, here, ()),) if here else ()
    return tuple(tiles(name, rules, facts, site))


def _chips(heard: Said, site: Site) -> list[Chip]:
    return [
        Chip(name, fact_words.fact(name), _words(name, value, site), name in heard.clashing)
        for name, value in heard.facts.items()
    ]


def _words(name: str, value: Value | None, site: Site) -> str:
    """A fact as it was understood: of a commune, which one."""
    if value is None:
        return ""
    if name == "commune" and isinstance(value, frozenset):
        found = [each for word in sorted(value) for each in meant(word, home_of(site))]
        return ", ".join(f"{each.name} ({each.departement})" for each in found)
    texts = [text for _, text in written({name: value})]
    if name == "age" and isinstance(value, float):
        return fact_words.ages(value, value)
    if FACTS[name].kind == "number":
        return f"{texts[0]}\N{NO-BREAK SPACE}€"
    return ", ".join(fact_words.choice(name, "none" if text == "-" else text) for text in texts)


def _leaves(rules: Iterable[Rule], name: str | None = None) -> list[Leaf]:
    """The criteria, warnings and preferences of these rules; those on one fact, if it is named."""
    return [
        leaf
        for rule in rules
        for leaf in (*criteria.leaves(rule.criteria), *rule.check, *rule.prefer)
        if name in (None, leaf.fact)
    ]
