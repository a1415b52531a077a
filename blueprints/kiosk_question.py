"""One question of the kiosk: its answers as tiles, and what was said before it.

Only what anybody may be asked is asked here, and read here: a sensitive fact is never taken from
this screen, whoever sends it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from accueil.house.sites import Site
from accueil.orientation.criteria import Rule, leaves
from accueil.orientation.facts import FACTS, BadFact, Facts, Value, contradictions
from accueil.orientation.questions import Band, bands
from accueil.orientation.territory import placed
from blueprints import fact_words
from blueprints.fact_fields import NONE_OF_THEM, PREFIX, SKIPPED, facts_of

MOST_QUESTIONS = 3
ADULT, YOUNG, OLD = 18, 25, 60
_ICONS = {
    "isole": ("user",),
    "couple-sans-enfant": ("users",),
    "monoparentale": ("user", "mood-kid"),
    "couple-avec-enfants": ("users", "mood-kid"),
    "demandeur-emploi": ("user-search",),
    "agent-communal": ("building-community",),
    "famille-d-une-personne-agee": ("old",),
    "parent-de-tout-petit": ("baby-carriage",),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One answer to touch: what its button sends, says and shows. `proper` is a name in French."""

    value: str
    words: str
    icons: tuple[str, ...]
    proper: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What was understood of a form, and whether something in it cannot be."""

    facts: dict[str, Value | None]
    impossible: bool


def said(form: MultiDict[str, str]) -> Said:
    """What a kiosk's form says. What cannot be is left out, and asked again if it matters; of two
    answers that cannot both be true, the one given first is kept."""
    facts: dict[str, Value | None] = {}
    impossible = False
    for key in filter(lambda name: name.startswith(PREFIX), form):
        try:
            [(name, value)] = facts_of(MultiDict({key: form.getlist(key)})).items()
            placed({name: value})
        except BadFact:
            impossible = True
            continue
        if FACTS[name].asked_by != "anyone" or contradictions({**facts, name: value}):
            impossible = True
        else:
            facts[name] = value
    return Said(facts, impossible)


def tiles(name: str, rules: Iterable[Rule], facts: Facts, site: Site) -> list[Tile]:
    """The answers to a question: those that a rule tells apart, and that none of them fits."""
    known = tuple(rules)
    if FACTS[name].kind == "number":
        return [_band(each) for each in bands(known, name, facts)]
    if name == "commune":
        return [
            Tile(site.commune, site.commune, ("map-pin",), proper=True),
            Tile(SKIPPED, fact_words.choice(name, "elsewhere"), ("map-pin-off",)),
        ]
    asked = _words_asked(name, known)
    return [
        *(
            Tile(each.id, fact_words.choice(name, each.id), _ICONS.get(each.id, ("user",)))
            for each in FACTS[name].choices
            if each.tags & asked
        ),
        Tile(
            NONE_OF_THEM,
            fact_words.choice(name, "none"),
            ("user",) if name == "relation" else ("user-question",),
        ),
    ]


def _band(band: Band) -> Tile:
    words = fact_words.ages(band.low, band.high)
    return Tile(str(band.value), words[:1].upper() + words[1:], (_age_icon(band),))


def _age_icon(band: Band) -> str:
    if band.high is not None and band.high <= YOUNG:
        return "mood-kid" if band.high < ADULT else "school"
    return "old" if (band.low or 0) >= OLD else "user"


def _words_asked(name: str, rules: Iterable[Rule]) -> frozenset[str]:
    found = {
        word
        for rule in rules
        for leaf in leaves(rule.criteria)
        if leaf.fact == name and isinstance(leaf.value, frozenset)
        for word in leaf.value
    }
    return frozenset(found)
