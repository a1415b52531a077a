"""There and back: what one house gives, another takes and gives again, byte for byte."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from data_inclusion.schema import v1
from hypothesis import given, settings
from hypothesis import strategies as st

from accueil.house.text import HouseText
from accueil.orientation.inclusion import schema
from accueil.store.db import Db, Store
from tests.orientation.inclusion_files import exported, file, service, structure, take
from tests.personae import KEY


def test_another_house_gives_back_what_this_one_gave(db: Db, house: HouseText, blank: Db) -> None:
    take(db, file(service(1), service(2), structures=[structure(1), structure(2)]))
    text = exported(db)
    take(blank, text.encode())
    assert exported(blank) == text
    take(db, exported(blank).encode())
    assert exported(db) == text


def test_what_was_imported_is_given_as_it_came_but_for_names(db: Db) -> None:
    named = service(
        1, contact_nom_prenom="Marie Durand", courriel="m.durand@asso.fr", telephone="3919 (24h)",
        lien_source="https://Dora.fr/a?b=é", frais=None, publics=["jeunes", "femmes"],
    )  # fmt: skip
    take(db, file(named))
    (given_back,) = json.loads(exported(db))["services"]
    kept = {
        key: each for key, each in named.items() if key not in ("contact_nom_prenom", "courriel")
    }
    assert given_back == kept | {"publics": ["femmes", "jeunes"]}


def values(enum: Any, least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([each.value for each in enum]), unique=True, min_size=least)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
dates = st.dates(date(2000, 1, 1), date(2026, 11, 1)).map(date.isoformat)
anywhere: dict[str, Any] = {
    "commune": words,
    "adresse": words,
    "complement_adresse": words,
    "code_postal": st.from_regex(r"[0-9]{5}", fullmatch=True),
    "code_insee": st.sampled_from(["94021", "2A004", "97411", "ABCDE"]),
    "longitude": st.floats(allow_nan=False, allow_infinity=False),
    "latitude": st.integers(-90, 90),
    "telephone": words,
    "courriel": st.sampled_from(["contact@asso.fr", "accueil.94@asso.fr"]),
    "horaires_accueil": words | st.just("Mo-Fr 09:00-12:00; PH off"),
    "lien_source": st.sampled_from(["https://dora.fr/a?b=é#c", "http://asso.fr"]),
}
of_services: dict[str, Any] = {
    **anywhere,
    "type": st.sampled_from([each.value for each in v1.TypeService]),
    "thematiques": values(v1.Thematique),
    "frais": st.sampled_from([each.value for each in v1.Frais]),
    "frais_precisions": words,
    "publics": values(v1.Public, 1).map(
        lambda found: ["tous-publics"] if "tous-publics" in found else found
    ),
    "publics_precisions": words,
    "conditions_acces": words,
    "modes_accueil": values(v1.ModeAccueil),
    "zone_eligibilite": st.lists(
        st.sampled_from(["94", "2B", "94021", "200054781", "france", "99100"]), min_size=1
    ),
    "lien_mobilisation": st.just("https://asso.fr/venir"),
    "modes_mobilisation": values(v1.ModeMobilisation, 1),
    "mobilisable_par": values(v1.PersonneMobilisatrice, 1),
    "mobilisation_precisions": words,
    "volume_horaire_hebdomadaire": st.floats(0, 80),
    "nombre_semaines": st.integers(1, 52),
}  # fmt: skip
of_structures: dict[str, Any] = {
    **anywhere,
    "description": st.text(min_size=5, alphabet="abc é.\n"),
    "siret": st.from_regex(r"[0-9]{14}", fullmatch=True),
    "site_web": st.just("https://asso.fr/"),
    "accessibilite_lieu": st.just("https://acceslibre.beta.gouv.fr/app/1/"),
    "reseaux_porteurs": values(v1.ReseauPorteur),
}
names = st.text(alphabet="Abcé 'd-", min_size=3, max_size=150)


def drawn(kind: str, extra: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    known = {"nom": names, "date_maj": dates, "source": st.sampled_from(["dora", "a--b", "É t"])}
    optional = {key: each | st.none() for key, each in extra.items()}
    return st.fixed_dictionaries(known, optional=optional)


@settings(max_examples=40)
@given(
    structures=st.lists(drawn("structure", of_structures), max_size=4),
    services=st.lists(drawn("service", of_services), max_size=5),
    links=st.lists(st.integers(0, 5), min_size=5, max_size=5),
)
def test_whatever_the_schema_can_hold_goes_round_without_loss(
    migrated: Path, structures: list[Any], services: list[Any], links: list[int]
) -> None:
    for rank, record in enumerate(structures):
        record["id"] = f"{record['source']}--s{rank}"
    for rank, record in enumerate(services):
        record["id"] = f"{record['source']}--{rank}"
        record["structure_id"] = f"{record['source']}--s{links[rank]}"
        record["description"] = "Un texte."
    with TemporaryDirectory() as folder:
        first, second = (opened(migrated, Path(folder), name) for name in ("one", "two"))
        if structures or services:
            take(first, file(*services, structures=structures))
        text = exported(first)
        whole = json.loads(text)
        assert by_id(whole["services"]) == by_id(services)
        assert by_id(whole["structures"]) == by_id(structures)
        if structures or services:
            take(second, text.encode())
        assert exported(second) == text
        first.close()
        second.close()


def by_id(found: list[Any]) -> dict[Any, Any]:
    """Records without what the order of a set says."""
    return {
        (each["source"], each["id"]): {
            key: sorted(set(value)) if key in schema.SETS and value else value
            for key, value in each.items()
        }
        for each in found
    }


def opened(migrated: Path, folder: Path, name: str) -> Db:
    return Store(Path(shutil.copy(migrated, folder / name)), KEY).take()


@pytest.fixture
def blank(migrated: Path, tmp_path: Path) -> Iterator[Db]:
    """The connection of a house of which nothing is known."""
    db = opened(migrated, tmp_path, "blank.db")
    yield db
    db.close()
