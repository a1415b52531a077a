"""Their vocabulary and ours: themes, publics, zones."""

import pytest
from data_inclusion.schema import v1

from accueil.orientation.criteria import OPEN, Group, Leaf, Rule, verdict
from accueil.orientation.criteria_data import rule_from_data, rule_to_data
from accueil.orientation.facts import FACTS, read
from accueil.orientation.inclusion import schema
from accueil.orientation.inclusion.needs import NEEDS_OF_THEMES, THEMES_OF_NEEDS
from accueil.orientation.inclusion.rules import (
    departements_of,
    needs_of,
    publics_of,
    rule_of,
    themes_of,
    unknown_codes,
    zone_of,
)
from accueil.orientation.needs import NEEDS
from accueil.orientation.territory import placed

LABELS = {each.value: each.label for each in v1.Public}
PUBLICS = sorted(LABELS)


def rule(publics: list[str] | None = None, zone: list[str] | None = None) -> Rule:
    return rule_of(publics, zone, LABELS)


def test_every_theme_of_the_schema_answers_a_need_that_a_screen_shows() -> None:
    shown = frozenset().union(*(need.tags for need in NEEDS))
    assert set(NEEDS_OF_THEMES) == {each.value for each in v1.Thematique}
    assert [theme for theme in NEEDS_OF_THEMES if not needs_of([theme]) & shown] == []


def test_every_tag_of_a_screen_is_said_in_their_themes() -> None:
    tags = frozenset().union(*(need.tags for need in NEEDS))
    assert tags - set(THEMES_OF_NEEDS) == set()
    assert set(themes_of(THEMES_OF_NEEDS)) <= {each.value for each in v1.Thematique}


def test_the_lists_that_are_sorted_are_the_schemas_sets() -> None:
    sets = {
        name
        for kind in schema.KINDS
        for name, field in schema.model(kind).model_fields.items()
        if "set[" in str(field.annotation)
    }
    assert sets == schema.SETS


def test_open_to_all_when_it_says_so_or_says_nothing() -> None:
    assert rule() == rule(["tous-publics"], ["france"]) == rule(None, ["99100"]) == OPEN


@pytest.mark.parametrize("public", PUBLICS)
def test_every_public_gives_a_rule_that_can_be_kept(public: str) -> None:
    made = rule([public], ["94021"])
    assert rule_from_data(rule_to_data(made)) == made
    assert all(leaf.fact in FACTS for leaf in _leaves(made))


def test_one_public_is_enough() -> None:
    made = rule(["femmes", "seniors"])
    assert verdict(made, read({"age": 67, "gender": "homme"})) == "yes"
    assert verdict(made, read({"age": 30, "gender": "femme"})) == "yes"
    assert verdict(made, read({"age": 30, "gender": "homme"})) == "no"
    assert verdict(made, read({"gender": "homme"})) == "check"


def test_what_our_facts_do_not_know_never_says_no() -> None:
    made = rule(["jeunes", "personnes-exilees"])
    assert verdict(made, read({"age": 50})) == "check"
    assert verdict(made, read({"age": 20})) == "yes"


def test_a_zone_is_matched_by_any_of_its_codes() -> None:
    here = placed(read({"commune": "Chevilly-Larue"}))
    for code in ("94021", "94", "200054781"):
        assert verdict(rule(None, [code]), here) == "yes"
    assert verdict(rule(None, ["93", "92014"]), here) == "no"


def test_a_commune_that_joined_another_is_known_by_its_code_of_today() -> None:
    made = rule(None, ["49229"])  # Noyant-la-Gravoyère, in Segré-en-Anjou Bleu since 2016
    assert verdict(made, placed(read({"commune": "Segré-en-Anjou Bleu"}))) == "yes"


def test_a_zone_of_a_thousand_communes_is_its_departements() -> None:
    zone = [f"{part}{number:03}" for part in ("91", "94") for number in range(1, 500)]
    assert rule(None, zone) == Rule(Group("all", (Leaf("commune", "has_any", {"91", "94"}),)))


def test_departements_are_those_of_the_zone_or_where_it_stands() -> None:
    assert departements_of(["94021", "93", "2A004", "97411"], "") == ("2A", "93", "94", "974")
    assert departements_of(["200054781"], "94021") == ("94",)
    assert departements_of(None, "94021") == ("94",)
    assert departements_of(["france"], "94021") == departements_of(["200054781"], "") == ()


def test_codes_of_nothing_are_found() -> None:
    codes = ["94021", "94", "2A", "974", "200054781", "99100", "99134", "france"]
    assert unknown_codes([*codes, "idf", "94999", "00"]) == ["idf", "94999", "00"]


@pytest.mark.parametrize("public", ["jeunes", "seniors", "femmes", "familles", "demandeurs-emploi"])
def test_a_public_of_theirs_comes_back(public: str) -> None:
    assert publics_of(rule([public], ["94"])) == [public]


def test_a_choice_that_others_may_fulfil_is_everyones() -> None:
    old_or_autonomous = Group(
        "any", (Leaf("age", "gt", 60.0), Leaf("autonomy", "has_any", frozenset({"moins-autonome"})))
    )
    assert publics_of(Rule(old_or_autonomous)) == ["tous-publics"]
    assert publics_of(OPEN) == ["tous-publics"]


def test_the_zone_is_where_one_must_live_else_what_is_covered_else_where_it_stands() -> None:
    lives = Rule(Group("all", (Leaf("commune", "has_any", frozenset({"Chevilly-Larue"})),)))
    covers = Rule(check=(Leaf("commune", "has_any", frozenset({"Fresnes", "R93"})),))
    assert zone_of(lives, ["93"], "", "") == ["94021"]
    assert zone_of(covers, [], "94021", "94550") == ["04", "05", "06", "13", "83", "84", "94034"]
    assert zone_of(OPEN, ["93", "75"], "94021", "") == ["75", "93"]
    assert zone_of(OPEN, [], "94021", "") == ["94021"]
    assert zone_of(OPEN, [], "", "97410") == ["974"]
    assert zone_of(OPEN, [], "", "") == ["france"]


def _leaves(made: Rule) -> list[Leaf]:
    found, nodes = [], [made.criteria]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Leaf):
            found.append(node)
        else:
            nodes += node.items
    return found
