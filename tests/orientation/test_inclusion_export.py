"""What the house gives: its own public services, and what it imported, as it came."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from data_inclusion.schema import v1

from accueil.house.text import HouseText
from accueil.orientation.inclusion.export import kept
from accueil.orientation.inclusion.write import Words, own_records, own_source
from accueil.orientation.listings import Listing, listing, save
from accueil.planning import series
from accueil.planning.series import Permanence, permanence
from accueil.store.db import Db, Store
from tests.orientation.inclusion_files import BEFORE, exported, own
from tests.personae import MONDAY, paris

MODELS = {"structures": v1.Structure, "services": v1.Service}


def records(db: Db) -> dict[str, dict[str, Any]]:
    """The house's services by the end of their ids."""
    return {each["id"].partition("--")[2]: each for each in own(db).services}


def validated(text: str) -> int:
    """How many records there are; the schema has nothing against any."""
    whole = json.loads(text)
    for name, model in MODELS.items():
        for record in whole[name]:
            assert record.keys() <= model.model_fields.keys()
            model.model_validate(record, context={"ignore_warnings": False})
    return len(whole["structures"]) + len(whole["services"])


def test_every_record_of_the_house_is_what_the_schema_wants(db: Db, house: HouseText) -> None:
    assert validated(exported(db)) > 40


def test_a_permanence_is_said_in_hours_and_in_words(db: Db, house: HouseText) -> None:
    assert records(db)["parquet-lundi"] == {
        "source": "ecs-chevilly-larue",
        "structure_id": "ecs-chevilly-larue--parquet",
        "id": "ecs-chevilly-larue--parquet-lundi",
        "nom": "Correspondant du Parquet",
        "description": "Une réponse à vos questions sur la loi et la justice.",
        "date_maj": "2026-11-16",
        "thematiques": [
            "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits",
            "difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique-judiciaire",
        ],
        "publics": ["tous-publics"],
        "zone_eligibilite": ["94021"],
        "adresse": "3 rue du Béarn",
        "code_postal": "94550",
        "code_insee": "94021",
        "commune": "Chevilly-Larue",
        "telephone": "+33141801895",
        "modes_accueil": ["en-presentiel"],
        "modes_mobilisation": ["se-presenter"],
        "mobilisable_par": ["professionnels", "usagers"],
        "horaires_accueil": "Mo 09:00-10:30,13:30-17:30; PH off",
        "mobilisation_precisions": "La règle FREQ=WEEKLY;BYDAY=MO.",
    }


def test_one_record_for_each_place_and_no_hours_that_openstreetmap_cannot_say(
    db: Db, house: HouseText
) -> None:
    here, there = (records(db)[f"nouvelles-voies-{at}"] for at in ("bearn", "maison-pour-tous"))
    assert "horaires_accueil" not in here.keys() | there.keys()
    assert "INTERVAL=2" in here["mobilisation_precisions"]
    assert (here["telephone"], there["telephone"]) == ("+33141801895", "+33146759322")
    assert "adresse" not in there


def test_what_is_for_the_staff_or_among_professionals_or_a_project_is_not_given(
    db: Db, house: HouseText
) -> None:
    text = exported(db).lower()
    assert "personnel communal" not in text
    assert "gérontologique" not in text
    hidden = [each["id"] for each in db.all("SELECT id FROM listing WHERE state != 'open'")]
    assert hidden
    assert not set(hidden) & set(records(db))


def test_who_may_come_and_from_where_is_always_said(db: Db, house: HouseText) -> None:
    found = records(db)
    assert all(each["publics"] and each["zone_eligibilite"] for each in found.values())
    assert found["mission-locale"]["publics"] == ["jeunes"]
    assert found["as-accueil"]["zone_eligibilite"] == ["94021", "94034", "94065"]
    assert found["essor93-coteaux"]["zone_eligibilite"] == ["93"]
    assert found["mission-locale"]["publics_precisions"] == "une condition"


def test_the_file_is_sorted_and_the_same_when_nothing_changed(db: Db, house: HouseText) -> None:
    text = exported(db)
    whole = json.loads(text)
    for name in MODELS:
        assert [each["id"] for each in whole[name]] == sorted(each["id"] for each in whole[name])
    assert exported(db) == text


def test_no_mailbox_of_a_person_is_given(db: Db, house: HouseText) -> None:
    outside = Listing("maison", "Maison des liens", "Asso", email="marie.durand@asso.fr")
    save(db, outside, "an admin", MONDAY)
    save(db, replace(outside, id="autre", email="contact@asso.fr"), "an admin", MONDAY)
    assert own(db).withheld == ("maison",)
    assert "courriel" not in records(db)["maison"]
    assert records(db)["autre"]["courriel"] == "contact@asso.fr"


@pytest.mark.parametrize(
    "other",
    [
        {"name": "A", "organisation": "B"},
        {"name": "Atelier.", "organisation": "."},
        {"name": "x" * 200, "about": {"fr": "y" * 20_000}},
        {"about": {"fr": "?"}},
        {"email": "à l’accueil", "url": "la page"},
        {"email": "contact@asso.local", "url": "http://x/"},
        {"email": ".a@b..fr", "url": "https://asso.fr/ici?a=b#c"},
        {"postcode": "9455", "insee": "94", "commune": "Nulle Part"},
        {"phones": ("à l’accueil", "39 19"), "departements": ("93",)},
        {"verified_on": date(2031, 1, 1)},
        {"verified_on": date(1999, 1, 1)},
    ],
)
def test_whatever_somebody_wrote_on_a_screen_the_record_is_a_good_one(
    db: Db, house: HouseText, other: dict[str, Any]
) -> None:
    strange = replace(Listing("strange", "Maison", "Asso"), **other)
    save(db, strange, "an admin", MONDAY)
    assert validated(exported(db)) > 40
    assert records(db)["strange"]["date_maj"] <= "2026-11-16"
    assert records(db)["strange"]["description"][-1] in ".?…"


def test_a_day_of_verification_is_the_day_of_the_record(db: Db, house: HouseText) -> None:
    known = listing(db, "ecs-cramif")
    save(db, replace(known, verified_on=date(2026, 10, 2)), "an admin", MONDAY)
    assert records(db)["cramif-jeudi"]["date_maj"] == "2026-10-02"


def test_a_permanence_that_changes_keeps_its_id_and_the_rule_of_now(
    db: Db, house: HouseText
) -> None:
    known = permanence(db, "cramif-jeudi")
    later = replace(known, first_day=date(2026, 12, 3), times=(("10:00", "12:00"),))
    with db.transaction():
        series.edit_following(db, later, date(2026, 12, 3), MONDAY)
    assert "13:30" in records(db)["cramif-jeudi"]["horaires_accueil"]
    assert [key for key in records(db) if "cramif" in key] == ["cramif-jeudi"]


def test_a_house_of_which_nothing_is_known_gives_an_empty_file(db: Db) -> None:
    assert own_source(db) == ""
    assert json.loads(exported(db)) == {"structures": [], "services": []}


def test_the_day_of_a_record_is_never_in_the_future(db: Db, house: HouseText) -> None:
    early = paris(2026, 2, 2)
    assert {each["date_maj"] for each in own(db, early).services} == {"2026-02-02"}


def test_a_hundred_who_ask_at_once_wait_for_one_writing(
    store: Store, db: Db, house: HouseText, tmp_path: Path
) -> None:
    written: list[str] = []

    def when(permanence: Permanence) -> str:
        written.append(permanence.id)
        return "quand"

    def ask(_: int) -> Path:
        with store.connection() as mine:
            return kept(mine, tmp_path / "export", Words(when, lambda rule: "qui"), BEFORE)

    own_records(db, Words(when, lambda rule: "qui"), BEFORE)
    once = written.copy()
    written.clear()
    with ThreadPoolExecutor(8) as people:
        files = set(people.map(ask, range(100)))
    assert len(files) == 1
    assert written == once
