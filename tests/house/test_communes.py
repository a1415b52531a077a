"""The communes: said in every way that people say them, and nothing made up."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accueil.house import communes
from accueil.house.communes import Commune, UnknownCommune, by_insee, codes, find, named

HERE = Path(communes.__file__).parent
CHEVILLY_LARUE = Commune(
    name="Chevilly-Larue",
    insee="94021",
    departement="94",
    region="11",
    epci="200054781",
    postcodes=("94550",),
    ept="200058014",
)


def listed() -> list[list[str]]:
    """The columns of each line of the file."""
    lines = (HERE / "communes.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith(("#", "name\t"))]


LISTED = listed()
a_commune = st.sampled_from(LISTED)


def insee(found: list[Commune]) -> list[str]:
    return [commune.insee for commune in found]


# ---- the file --------------------------------------------------------------------------------


def test_the_list_and_its_licences_are_those_recorded_with_the_package_they_come_from() -> None:
    lines = (HERE / "communes.SHA256SUMS").read_text(encoding="ascii").splitlines()
    recorded = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    package = "etalab-decoupage-administratif-6.0.0.tgz"
    assert recorded.pop(package) == (
        "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a"
    )
    names = ("communes.LICENSE.txt", "communes.tsv")
    assert recorded == {
        name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in names
    }


def test_every_commune_of_2026_is_listed_once_with_45_arrondissements() -> None:
    whole = [fields for fields in LISTED if not "".join(fields[5:6])]
    assert len({fields[1] for fields in LISTED}) == len(LISTED) == 34_969 + 45
    assert len(whole) == 34_969


def test_a_code_of_before_is_no_code_of_today() -> None:
    today = {fields[1] for fields in LISTED}
    before = [code for fields in LISTED for code in "".join(fields[7:]).split()]
    assert len(before) > 4_000
    assert today.isdisjoint(before)
    assert len(set(before)) == len(before)


def test_no_name_holds_a_mark_of_the_list_in_memory() -> None:
    assert [fields for fields in LISTED if set("".join(fields)) & set(".|#@")] == []


# ---- one commune -----------------------------------------------------------------------------


def test_a_commune_has_its_codes_and_its_postcodes() -> None:
    assert by_insee("94021") == CHEVILLY_LARUE


@pytest.mark.parametrize(
    ("code", "name", "departement", "region", "epci", "postcode"),
    [
        ("2A004", "Ajaccio", "2A", "94", "242010056", "20000"),
        ("2b033", "Bastia", "2B", "94", "242000354", "20200"),
        ("97411", "Saint-Denis", "974", "04", "249740119", "97400"),
        ("97611", "Mamoudzou", "976", "06", "200060457", "97600"),
        ("97701", "Saint-Barthélemy", "977", "977", "", "97133"),
        ("98818", "Nouméa", "988", "988", "", "98800"),
        ("01001", "L'Abergement-Clémenciat", "01", "84", "200069193", "01400"),
    ],
)
def test_corsica_and_overseas_have_their_own_codes(
    code: str, name: str, departement: str, region: str, epci: str, postcode: str
) -> None:
    found = by_insee(code)
    assert (found.name, found.departement, found.region) == (name, departement, region)
    assert found.epci == epci
    assert postcode in found.postcodes


def test_an_arrondissement_is_a_commune_within_another() -> None:
    found = by_insee("75112")
    assert found.name == "Paris 12e Arrondissement"
    assert (found.within, found.postcodes, found.epci) == ("75056", ("75012",), "200054781")


@pytest.mark.parametrize("code", ["", "94", "94999", "9402", "94021 ", "2C001", "#9402", "٩٤٠٢١"])
def test_a_code_that_no_commune_has_is_unknown(code: str) -> None:
    with pytest.raises(UnknownCommune) as unknown:
        by_insee(code)
    assert unknown.value.args == (code,)


@given(a_commune)
def test_every_line_of_the_file_is_found_again_by_its_code(fields: list[str]) -> None:
    found = by_insee(fields[1])
    assert (found.name, found.insee, found.region) == tuple(fields[:3])
    assert found.postcodes == tuple("".join(fields[4:5]).split())
    assert found.insee.startswith(found.departement)


# ---- its tags --------------------------------------------------------------------------------


def test_a_rule_may_name_the_commune_or_what_it_is_part_of() -> None:
    assert codes(CHEVILLY_LARUE) == {
        "Chevilly-Larue", "94021", "200054781", "200058014", "94", "R11",
    }  # fmt: skip


def test_who_lives_in_an_arrondissement_lives_in_the_town() -> None:
    assert codes(by_insee("75112")) > {"Paris 12e Arrondissement", "75112", "Paris", "75056", "75"}


def test_corsica_is_not_the_val_de_marne() -> None:
    assert codes(by_insee("2A004")).isdisjoint(codes(CHEVILLY_LARUE))


def test_what_a_commune_is_not_part_of_is_no_tag() -> None:
    assert codes(by_insee("98818")) == {"Nouméa", "98818", "988", "R988"}


# ---- by its exact name -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Chevilly-Larue", "chevilly larue", "CHEVILLY LARUE", "  Chévilly–Larue ", "chevillylarue",
        "Chevilly-Larue (94)", "94550 Chevilly-Larue", "94550", "94021", "75021",
    ],
)  # fmt: skip
def test_a_commune_is_named_in_many_ways(text: str) -> None:
    assert named(text) == [CHEVILLY_LARUE]


@pytest.mark.parametrize("text", ["Saint-Denis", "saint denis", "St-Denis", "ST. DENIS"])
def test_homonyms_are_all_given_the_biggest_first(text: str) -> None:
    assert insee(named(text)) == ["93066", "97411", "11339", "30247"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Saint-Denis (974)", "97411"),
        ("93200 Saint-Denis", "93066"),
        ("saint denis 30", "30247"),
        ("Bastia 2B", "2B033"),
        ("L’Haÿ les Roses", "94038"),
        ("lhay les roses", "94038"),
        ("Haÿ-les-Roses", "94038"),
        ("Kremlin Bicetre", "94043"),
        ("Ste Genevieve des Bois 91", "91549"),
        ("vitry s/ seine", "94081"),
        ("Aulnay s/s Bois", "93005"),
        ("coeur de causse", "46138"),
        ("y", "80829"),
    ],
)
def test_a_name_may_be_short_or_say_its_departement(text: str, code: str) -> None:
    assert insee(named(text)) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Paris 12e", "paris 12", "PARIS 12ème", "Paris 12e arrondissement", "Paris (12e)",
        "75012", "75112", "75012 Paris 12", "Paris 12e Arrondissement (75)", "Paris 12e arr. 75012",
    ],
)  # fmt: skip
def test_an_arrondissement_is_said_by_its_number_or_postcode(text: str) -> None:
    assert insee(named(text)) == ["75112"]


def test_the_town_is_not_its_arrondissements() -> None:
    assert insee(named("Paris")) == ["75056"]
    assert insee(named("Paris (75)")) == ["75056"]
    assert insee(named("LYON 03")) == ["69383"]
    assert insee(named("Marseille (13)")) == ["13055"]
    assert insee(named("Marseille 13e")) == insee(named("Marseille 13 arr.")) == ["13213"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("Pierrefitte-sur-Seine", "93066"), ("Chemillé", "49092"), ("49071", "49092")],
)
def test_a_commune_of_before_is_the_one_that_it_joined(text: str, code: str) -> None:
    assert insee(named(text)) == [code]


def test_the_names_of_before_are_told() -> None:
    assert by_insee("93066").formerly == ("Pierrefitte-sur-Seine",)


def test_a_name_of_today_comes_before_the_same_name_of_before() -> None:
    found = named("Chevilly")
    assert insee(found) == ["45093"]
    assert {"Chevilly"} == {commune.name for commune in found}


def test_a_postcode_gives_all_its_communes() -> None:
    assert insee(named("94150")) == ["94065"]
    assert len(named("01400")) > 10


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "Chevilly-sur-Nulle-Part", "Atlantide", "00000", "94", "945", "x" * 5_000],
)
def test_what_is_no_commune_names_none(text: str) -> None:
    assert named(text) == []


@given(a_commune)
def test_every_name_of_the_list_names_its_commune(fields: list[str]) -> None:
    name, code = fields[:2]
    assert code in insee(named(name))
    assert code in insee(named(name.upper().replace("-", " ")))
    assert insee(named(f"{name} {code}")) == [code]


# ---- as it is typed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("chev", "94021"), ("chevilly-l", "94021"), ("94550", "94021"), ("paris", "75056"),
        ("paris 12", "75112"), ("st", "42218"), ("str", "67482"), ("saint m", "94068"),
        ("hay", "94038"), ("maur", "94068"), ("lhay", "94038"), ("pierrefitte sur se", "93066"),
        ("2a", "2A004"), ("974", "97411"), ("saint 975", "97502"),
        ("st denis 9", "93066"), ("nouméa", "98818"),
    ],
)  # fmt: skip
def test_the_likeliest_commune_is_proposed_first(typed: str, first: str) -> None:
    assert insee(find(typed))[0] == first


def test_exact_names_come_before_longer_ones() -> None:
    found = find("saint denis")
    assert insee(found)[:4] == ["93066", "97411", "11339", "30247"]
    assert len(found) == 8


def test_a_postcode_that_is_not_finished_proposes_its_communes() -> None:
    assert "94021" in insee(find("945", limit=50))
    assert all(
        any(code.startswith("945") for code in commune.postcodes) for commune in find("945", 50)
    )


@pytest.mark.parametrize("typed", ["", " ", "''", "zzzz", "s" * 5_000, "\ud800", "\x00|#@."])
def test_nothing_is_proposed_for_nothing(typed: str) -> None:
    assert find(typed) == []


@given(a_commune, st.integers(min_value=1, max_value=60))
def test_a_commune_is_among_those_of_any_beginning_of_its_name(
    fields: list[str], length: int
) -> None:
    name, code = fields[:2]
    assert code in insee(find(name, limit=100))
    assert find(name[:length]) or not name[:length].strip("L'")


@given(st.text(st.sampled_from("saint-lE 'é7592aB.|#@\t\n\\%œ"), max_size=15), st.integers(0, 20))
def test_whatever_is_typed_is_answered_with_different_communes(typed: str, limit: int) -> None:
    found = find(typed, limit)
    assert len(found) == len(set(found)) <= limit
    assert len(named(typed)) == len(set(named(typed)))
