"""data·inclusion's vocabulary and ours, both ways: themes and needs, publics and rules, zones.

Theirs is an OR over publics: a person is served who belongs to one at least. What our facts do
not know of (a person's exile, a handicap) becomes a label, which an agent reads and nobody
computes: it never says no.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from accueil.house import communes
from accueil.orientation.criteria import OPEN, OPEN_TO_ALL, Group, Leaf, Node, Rule
from accueil.orientation.criteria_data import MOST_VALUES
from accueil.orientation.inclusion.needs import NEEDS_OF_THEMES, THEMES_OF_NEEDS
from accueil.orientation.territory import region_of

EVERYONE = "tous-publics"
FRANCE = "france"
_ALL_OF_FRANCE = frozenset({FRANCE, "99100"})
_OVERSEAS = ("97", "98")
_WHERE = ("commune", "departement")
_FAR = "2A 2B 971 972 973 974 975 976 977 978 986 987 988"
DEPARTEMENTS = frozenset(f"{each:02}" for each in range(1, 96) if each != 20) | set(_FAR.split())
# Their "young" and "old" are wide on purpose: bounds are in the words that go with them.
_YOUNG, _OLD = (11.0, 29.0), 60.0
_CHILDREN = frozenset({"famille-avec-enfants", "monoparentale", "couple-avec-enfants"})
_NO_HOME = frozenset({"sans-logement", "hotel-via-115"})
_DANGER = frozenset({"victime-de-violences", "errance", "long-parcours-errance"})

_LEAVES: Mapping[str, tuple[Leaf, ...]] = {
    "jeunes": (Leaf("age", "between", _YOUNG),),
    "seniors": (Leaf("age", "gte", _OLD),),
    "femmes": (Leaf("gender", "has_any", frozenset({"femme"})),),
    "familles": (
        Leaf("household", "has_any", _CHILDREN),
        Leaf("relation", "has_any", frozenset({"parent-de-tout-petit"})),
    ),
    "demandeurs-emploi": (Leaf("employment", "has_any", frozenset({"demandeur-emploi"})),),
    "personnes-en-situation-durgence": (
        Leaf("housing", "has_any", _NO_HOME),
        Leaf("situation", "has_any", _DANGER),
    ),
}
# Publics that a label alone can say, or must say besides, and the fact that it stands under.
_LABELLED: Mapping[str, str] = {
    "actifs": "employment",
    "beneficiaires-des-minimas-sociaux": "resources_monthly_eur",
    "etudiants": "employment",
    "personnes-en-situation-de-handicap": "situation",
    "personnes-en-situation-durgence": "situation",
    "personnes-en-situation-juridique-specifique": "situation",
    "personnes-exilees": "situation",
    "residents-qpv-frr": "territory",
}
# Words of our facts, and the public that they make.
_PUBLICS_OF_WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        _CHILDREN | {"parent-de-tout-petit", "famille-d-une-personne-agee"}, "familles"
    ),
    **dict.fromkeys(_NO_HOME | _DANGER, "personnes-en-situation-durgence"),
    "femme": "femmes",
    "demandeur-emploi": "demandeurs-emploi",
    "agent-communal": "actifs",
}


def needs_of(themes: Iterable[str]) -> frozenset[str]:
    """The tags of our needs that these themes answer."""
    return frozenset(tag for theme in themes for tag in NEEDS_OF_THEMES.get(theme, ()))


def themes_of(needs: Iterable[str]) -> list[str]:
    """The themes that these tags of our needs are about."""
    return sorted({theme for tag in needs for theme in THEMES_OF_NEEDS.get(tag, ())})


def rule_of(
    publics: Collection[str] | None, zone: Collection[str] | None, labels: Mapping[str, str]
) -> Rule:
    """Who a service is for. `labels` are what the schema calls each public."""
    parts = [part for part in (_lives_in(zone or ()), _is_one_of(publics or (), labels)) if part]
    if not parts:
        return OPEN
    return Rule(Group("all", tuple(parts)))


def departements_of(zone: Collection[str] | None, insee: str) -> tuple[str, ...]:
    """The départements that a service serves: those of its zone, or where it stands when the zone
    does not say; none for the whole of France, or when nothing says it."""
    if set(zone or ()) & _ALL_OF_FRANCE:
        return ()
    here = departement_of(insee)
    found = {departement_of(code) or here for code in zone or (insee,)}
    return () if "" in found else tuple(sorted(found))


def unknown_codes(zone: Collection[str] | None) -> list[str]:
    """The codes of a zone that are no territory's of France."""
    return [code for code in zone or () if code not in _ALL_OF_FRANCE and not _is_known(code)]


def publics_of(rule: Rule) -> list[str]:
    """The publics of a rule; everyone, when it does not choose among people."""
    return sorted(_publics(rule.criteria) or {EVERYONE})


def zone_of(rule: Rule, departements: Collection[str], insee: str, postcode: str) -> list[str]:
    """The codes of where one must live for a service, else of what it covers, else of where it
    stands; the whole of France when nothing of this is known."""
    here = departement_of(insee) or departement_of_postcode(postcode)
    covers = frozenset().union(*(_places(leaf, here) for leaf in rule.check))
    found = _places(rule.criteria, here) or covers or frozenset(departements)
    return sorted(found or {insee or here} - {""}) or [FRANCE]


def departement_of_postcode(postcode: str) -> str:
    """The département that a postcode says, "" for none. Corsica has two behind one."""
    if len(postcode) != 5 or not postcode.isdigit() or postcode.startswith("20"):
        return ""
    return postcode[:3] if postcode.startswith(_OVERSEAS) else postcode[:2]


def departement_of(code: str) -> str:
    """The département of a commune's code, or of its own; "" for any other."""
    short = code[:3] if code.startswith(_OVERSEAS) else code[:2]
    return short if len(code) in (len(short), 5) and short in DEPARTEMENTS else ""


def _lives_in(zone: Collection[str]) -> Node | None:
    """Communes that were joined to others since are also said by their code of today."""
    if not zone or set(zone) & _ALL_OF_FRANCE:
        return None
    codes = frozenset(zone) | {_commune_of_today(code) for code in zone if len(code) == 5}
    if len(codes) > MOST_VALUES:
        codes = frozenset(map(departement_of, zone))
    codes -= {""}
    return Leaf("commune", "has_any", codes) if codes else None


def _is_one_of(publics: Collection[str], labels: Mapping[str, str]) -> Node | None:
    if not publics or EVERYONE in publics:
        return None
    found: list[Leaf] = []
    for public in sorted(publics):
        found += _LEAVES.get(public, ())
        if public in _LABELLED or public not in _LEAVES:
            said = labels.get(public, public)
            found.append(Leaf(_LABELLED.get(public, "situation"), "label", said))
    return found[0] if len(found) == 1 else Group("any", tuple(found))


def _publics(node: Node) -> frozenset[str]:
    """The publics that a tree chooses, none for one that does not choose among them."""
    if isinstance(node, Leaf):
        return _publics_of_leaf(node)
    if node.kind == "none" or node == OPEN_TO_ALL:
        return frozenset()
    found = [_publics(item) for item in node.items]
    if node.kind == "any" and not all(found):
        return frozenset()
    return frozenset().union(*found)


def _publics_of_leaf(leaf: Leaf) -> frozenset[str]:
    if leaf.op == "has_any" and isinstance(leaf.value, frozenset):
        words = [_PUBLICS_OF_WORDS.get(word, "") for word in leaf.value]
        return frozenset(words) if all(words) else frozenset()
    if leaf.fact != "age" or leaf.op == "label":
        return frozenset()
    low, high = leaf.value if isinstance(leaf.value, tuple) else (leaf.value, leaf.value)
    if leaf.op in ("gt", "gte") and isinstance(low, float) and low >= 50:
        return frozenset({"seniors"})
    if leaf.op not in ("gt", "gte") and isinstance(high, float) and high <= 30:
        return frozenset({"jeunes"})
    return frozenset()


def _places(node: Node, here: str) -> frozenset[str]:
    """The codes of where a tree wants people to live; none when it lets them live anywhere."""
    if isinstance(node, Leaf):
        words = node.value if isinstance(node.value, frozenset) else frozenset()
        told = words if node.fact in _WHERE else ()
        return frozenset().union(*(_codes(word, here) for word in told))
    found = [_places(item, here) for item in node.items]
    if node.kind == "any":
        return frozenset().union(*found) if all(found) else frozenset()
    narrow = sorted(filter(None, found), key=len) if node.kind == "all" else []
    return narrow[0] if narrow else frozenset()


def _codes(word: str, here: str) -> frozenset[str]:
    """The codes of a territory that a rule names: a région is its départements, and of homonyms
    it means the one of the département `here`."""
    if word.startswith("R") and word[1:].isdigit():
        return frozenset(each for each in DEPARTEMENTS if region_of(each) == word[1:])
    if _is_known(word):
        return frozenset({word})
    found = communes.named(word)
    near = [each for each in found if each.departement == here] or found
    return frozenset({near[0].insee}) if len(near) == 1 else frozenset()


def _is_known(code: str) -> bool:
    """Whether it is the code of a commune, a group of communes, a département or a country."""
    if len(code) == 9 and code.isdigit():
        return True
    if len(code) == 5 and code.startswith("99"):
        return code.isdigit()
    return bool(departement_of(code)) and (len(code) < 5 or _commune_of_today(code) != "")


@lru_cache(maxsize=40_000)
def _commune_of_today(code: str) -> str:
    """The code that a commune has today; "" if none ever had this one."""
    try:
        return communes.by_insee(code).insee
    except communes.UnknownCommune:
        return ""
