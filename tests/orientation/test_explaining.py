"""An orientation explained on one line, and `flask orientation explain` over many."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import FlaskGroup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accueil.house.sites import sites
from accueil.house.text import HouseText
from accueil.orientation.catalogue import Catalogue, read
from accueil.orientation.criteria import Reason
from accueil.orientation.explaining import explain
from accueil.orientation.needs import need
from accueil.store.db import Db
from app import create_app
from tests.orientation import drawn
from tests.personae import MONDAY, PARQUET

AT_TEN = "2026-11-23T10:00"
Explained = Callable[..., dict[str, Any]]
TAGS = ("hebergement", "logement", "droit", "sante", "emploi", "aide-sociale", "garde-d-enfants")
YOUNG = {"age": 19, "ase": ["sortant-mecs"], "resources_monthly_eur": 500}


def say(reason: Reason) -> str:
    return f"{reason.part}: {reason.verdict}"


@pytest.fixture
def catalogue(db: Db, house: HouseText) -> Catalogue:
    return read(db)


@pytest.fixture
def explained(db: Db, catalogue: Catalogue) -> Explained:
    """What one line gives, its keys as words; at ten o'clock on Monday."""

    def ask(**asked: Any) -> dict[str, Any]:
        return explain(db, catalogue, json.dumps({"at": AT_TEN, **asked}), say, MONDAY)

    return ask


def verdicts(told: dict[str, Any]) -> dict[str, str]:
    return {each["service"]: each["verdict"] for each in told["answers"]}


def when(told: dict[str, Any], service: str) -> dict[str, Any]:
    [found] = [each["when"] for each in told["answers"] if each["service"] == service]
    assert isinstance(found, dict)
    return found


# ---- what is told ----------------------------------------------------------------------------


def test_every_verdict_of_a_need_is_told_the_refusals_last(explained: Explained) -> None:
    told = explained(needs=["hebergement"], facts=YOUNG)
    assert told.keys() == {"answers", "next_question"}
    assert all(each.keys() == {"service", "verdict", "reasons", "when"} for each in told["answers"])
    found = verdicts(told)
    assert found["essor93-coteaux"] == "yes"
    assert found["essor93-cimes"] == "check"
    assert "arfog-seraphine" not in found
    order = [each["verdict"] for each in told["answers"]]
    assert order == sorted(order, key=lambda verdict: verdict == "no")
    assert told["next_question"] in ("contrat_jeune_majeur", "household", "gender")


def test_no_need_is_every_service_and_each_is_told_once(
    explained: Explained, catalogue: Catalogue
) -> None:
    told = [each["service"] for each in explained()["answers"]]
    expected = {each.id for each in catalogue.answering(frozenset())}
    assert len(told) == len(set(told))
    assert set(told) == expected
    assert {each.id for each in catalogue.candidates if each.state == "project"}.isdisjoint(told)


def test_a_need_is_a_tag_of_the_seeds_or_a_tile_of_the_screens(explained: Explained) -> None:
    assert set(verdicts(explained(needs=["droit"]))) == {
        PARQUET, "ecs-parquet-rdv", "ecs-nouvelles-voies"
    }  # fmt: skip
    by_tile = verdicts(explained(needs=["travail"]))
    by_tags = verdicts(explained(needs=sorted(need("travail").tags & {
        "recherche-emploi", "emploi", "emploi-formation", "formation", "orientation-professionnelle"
    })))  # fmt: skip
    assert by_tile == by_tags
    assert {"ecs-mission-locale", "ecs-aef94"} <= set(by_tile)


def test_reasons_are_told_in_words_and_what_has_none_is_open_to_all(
    explained: Explained,
) -> None:
    told = {each["service"]: each["reasons"] for each in explained(facts={"age": 30})["answers"]}
    assert told["ecs-mission-locale"] == ["criteria: no"]
    assert told[PARQUET] == ["criteria: yes"]
    assert told["ecs-eds-as-accueil"] == ["criteria: yes", "check: check"]
    assert all(told.values())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(person=drawn.people(), needs=st.lists(st.sampled_from(TAGS), max_size=2))
def test_reasons_never_contradict_a_verdict(
    explained: Explained, person: dict[str, Any], needs: list[str]
) -> None:
    person.pop("commune", None)
    for each in explained(needs=needs, facts=person)["answers"]:
        found = {word.removeprefix("criteria: ") for word in each["reasons"] if "criteria" in word}
        expected = {"yes": {"yes"}, "no": found | {"no"}, "check": (found | {"check"}) - {"no"}}
        assert found == expected[each["verdict"]]


def test_what_is_here_now_says_until_when_and_how_many_wait(explained: Explained) -> None:
    assert when(explained(needs=["droit"]), PARQUET) == {
        "place": "here_now",
        "site": "bearn",
        "from": "2026-11-23T09:00",
        "to": "2026-11-23T10:30",
        "mode": "walk_in",
        "next_free": None,
        "people_ahead": 0,
        "address": "3 rue du Béarn, 94550 Chevilly-Larue",
        "phones": ["01 41 80 18 95", "06 18 42 04 84"],
        "hours": None,
    }


def test_what_is_here_another_day_says_when_it_is_free(explained: Explained) -> None:
    told = when(explained(needs=["droit"]), "ecs-parquet-rdv")
    assert (told["place"], told["mode"]) == ("here_on", "appointment")
    assert told["from"] == told["next_free"] == "2026-12-02T09:00"


def test_what_is_elsewhere_has_its_address(explained: Explained) -> None:
    told = when(explained(needs=["sante"], facts={"age": 20}), "reliances-suivi")
    assert told["place"] == "elsewhere"
    assert told["address"] == "12 rue Duguay Trouin (métro Rangueil), Toulouse"
    assert told["from"] is told["mode"] is None


def test_an_instant_may_have_its_own_offset(explained: Explained) -> None:
    for at in (AT_TEN, "2026-11-23T10:00+01:00", "2026-11-23T09:00Z", "2026-11-23T04:00-05:00"):
        assert when(explained(needs=["droit"], at=at), PARQUET)["place"] == "here_now"
    assert when(explained(needs=["droit"], at="2026-11-23"), PARQUET)["place"] == "here_on"
    assert when(explained(needs=["droit"], at=None), PARQUET)["place"] == "here_now"


@pytest.mark.parametrize("at", ["1995-01-01T10:00", "2019-05-02", "2140-12-31T23:59"])
def test_before_and_after_the_planning_the_verdicts_are_the_same(
    explained: Explained, at: str
) -> None:
    assert verdicts(explained(facts=YOUNG, at=at)) == verdicts(explained(facts=YOUNG))


# ---- what is refused -------------------------------------------------------------------------

BAD = [
    ('{"facts": {"taille": 3}}', "taille"),
    ('{"facts": {"age": -3}}', "age"),
    ('{"facts": {"age": 200}}', "age"),
    ('{"facts": {"age": "abc"}}', "age"),
    ('{"facts": {"age": true}}', "age"),
    ('{"facts": {"age": {"between": [18, 20]}}}', "between"),
    ('{"facts": {"gender": {"has_any": ["femme"]}}}', "has_any"),
    ('{"facts": {"age": NaN}}', "JSON"),
    ('{"facts": {"age": 1e999}}', "out of range"),
    ('{"facts": {"commune": "Atlantis"}}', "Atlantis"),
    ('{"facts": {"commune": ["Fresnes", "99999"]}}', "99999"),
    ('{"facts": ["age"]}', "facts"),
    ('{"facts": null}', "facts"),
    ('{"needs": ["fortune"]}', "fortune"),
    ('{"needs": ["droit", ""]}', "''"),
    ('{"needs": "droit"}', "needs"),
    ('{"needs": [3]}', "needs"),
    ('{"need": ["droit"]}', "need"),
    ('{"at": "demain"}', "demain"),
    ('{"at": ""}', "at"),
    ('{"at": 3}', "at"),
    ('{"at": "2026-02-30T10:00"}', "2026-02-30"),
    ('{"at": "0001-01-01T00:00+14:00"}', "0001"),
    ('{"at": "9999-12-31T23:59-12:00"}', "9999"),
    ("[]", "array"),
    ("null", "null"),
    ("3", "int"),
    ('"droit"', "str"),
    ("nope", "JSON"),
    ('{"needs": [', "truncated"),
    ("[" * 100_000, "error"),
]


@pytest.mark.parametrize(("line", "named"), BAD, ids=[line[:40] for line, _ in BAD])
def test_what_cannot_be_is_refused_and_named(
    db: Db, catalogue: Catalogue, line: str, named: str
) -> None:
    told = explain(db, catalogue, line, say, MONDAY)
    assert told.keys() == {"error"}
    assert named in json.dumps(told, ensure_ascii=False)


def test_what_is_not_text_is_refused(db: Db, catalogue: Catalogue) -> None:
    for line in (b"\xff\xfe", b'{"needs": ["\xe9"]}', b"\x00", b'{"needs": ["\\ud800"]}'):
        assert explain(db, catalogue, line, say, MONDAY).keys() == {"error"}


def test_a_long_mistake_is_told_shortly(db: Db, catalogue: Catalogue) -> None:
    line = json.dumps({"needs": ["x" * 100_000]})
    assert len(explain(db, catalogue, line, say, MONDAY)["error"]) < 1_000


# ---- the command -----------------------------------------------------------------------------


@pytest.fixture
def app(path: Path, house: HouseText, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application over the house."""
    monkeypatch.setenv("ACCUEIL_NOW", "2026-11-23T09:20")
    yield from _made(path.parent)


@pytest.fixture
def bare(tmp_path_factory: pytest.TempPathFactory, app: Flask) -> Iterator[Flask]:
    """The application where no house was loaded."""
    yield from _made(tmp_path_factory.mktemp("bare"))


def _made(folder: Path) -> Iterator[Flask]:
    made = create_app(folder)
    yield made
    made.extensions["house"].watch.close()
    made.extensions["house"].store.close()


def run(app: Flask, *lines: str) -> tuple[Result, list[dict[str, Any]]]:
    words = ["orientation", "explain"]
    group = FlaskGroup(load_dotenv=False)
    done = app.test_cli_runner().invoke(group, words, input="\n".join(lines))
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_the_command_answers_line_by_line_in_french(app: Flask) -> None:
    asked = {"needs": ["hebergement"], "facts": YOUNG, "at": AT_TEN}
    done, told = run(app, json.dumps(asked), "", "   ", json.dumps({}), "")
    assert (done.exit_code, done.stderr, len(told)) == (0, "", 2)
    [coteaux] = [each for each in told[0]["answers"] if each["service"] == "essor93-coteaux"]
    assert "de 18 à 20 ans : oui" in coteaux["reasons"]
    assert "ressources d’au moins 450 € par mois : oui" in coteaux["reasons"]
    assert len(told[1]["answers"]) > len(told[0]["answers"])


def test_a_wrong_line_is_told_and_the_others_are_answered(app: Flask) -> None:
    good = json.dumps({"needs": ["droit"], "at": AT_TEN})
    done, told = run(app, good, '{"facts": {"taille": 3}}', "nope", good)
    assert done.exit_code == 2
    assert ["error" in each for each in told] == [False, True, True, False]
    assert "taille" in told[1]["error"]
    assert told[0] == told[3]


def test_nothing_said_is_no_mistake(app: Flask) -> None:
    done, told = run(app)
    assert (done.exit_code, told) == (0, [])


def test_without_a_house_the_demonstration_house_answers_and_nothing_is_left(
    bare: Flask, app: Flask
) -> None:
    asked = json.dumps({"needs": ["droit"], "facts": {"age": 47.25}, "at": AT_TEN})
    done, told = run(bare, asked)
    assert done.exit_code == 0
    assert told == run(app, asked)[1]
    with bare.extensions["house"].store.connection() as db:
        assert sites(db) == []
    assert not list(Path(bare.instance_path).glob("*/"))


def test_nothing_of_a_line_is_kept(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    planted = {"age": 47.25, "resources_monthly_eur": 12345.67, "situation": "zzplanted"}
    done, told = run(app, json.dumps({"facts": planted}), '{"facts": {"age": 123457}}')
    assert done.exit_code == 2
    assert len(told) == 2
    kept = b"".join(everything_in(Path(app.instance_path)).values()) + caplog.text.encode()
    for value in (b"47.25", b"12345.67", b"zzplanted", b"123457"):
        assert value not in kept
