"""What was read is taken in: listings that are nobody's to edit, replaced by the next file."""

from dataclasses import replace
from datetime import date

import pytest

from accueil.house.edition import edition
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.orientation.catalogue import read as catalogue
from accueil.orientation.criteria import OPEN
from accueil.orientation.inclusion import taking
from accueil.orientation.inclusion.listing import listing_id, summary
from accueil.orientation.inclusion.taking import Changes
from accueil.orientation.listings import listing, of_source, save
from accueil.store.db import Db
from accueil.store.journal import first_broken
from tests.orientation.inclusion_files import (
    exported,
    file,
    found,
    say,
    service,
    structure,
    take,
)
from tests.personae import MONDAY

FULL = service(
    1,
    telephone="+33141801895",
    courriel="contact@asso.fr",
    horaires_accueil="Mo 09:00-12:00",
    adresse="3 rue du Béarn",
    complement_adresse="2e étage",
    commune="Chevilly-Larue",
    code_postal="94550",
    code_insee="94021",
    lien_mobilisation="https://asso.fr/venir",
    publics=["seniors"],
)


def test_a_service_is_a_listing_that_people_can_read(db: Db) -> None:
    take(db, file(FULL))
    made = listing(db, "dora--1")
    assert (made.name, made.organisation, made.source) == ("Atelier 1", "Association 1", "dora")
    assert made.about == {"fr": "Un atelier pour chercher un emploi."}
    assert made.needs == {"emploi", "recherche-emploi"}
    assert (made.address, made.postcode, made.commune, made.insee) == (
        "3 rue du Béarn, 2e étage", "94550", "Chevilly-Larue", "94021",
    )  # fmt: skip
    assert (made.phones, made.email) == (("01 41 80 18 95",), "contact@asso.fr")
    assert (made.hours, made.url) == ("WEEKLY 09:00", "https://asso.fr/venir")
    assert (made.departements, made.verified_on) == (("94",), date(2026, 9, 15))
    assert (made.state, made.audience, made.version) == ("open", "public", 1)
    assert made.rule != OPEN


def test_what_a_service_does_not_say_its_structure_says(db: Db) -> None:
    above = structure(
        adresse="1 rue Petit", code_postal="94000", telephone="01 41 80 18 95",
        horaires_accueil="jeudi", courriel="contact@asso.fr", site_web="https://asso.fr",
    )  # fmt: skip
    far = service(2, modes_accueil=["a-distance"])
    take(db, file(service(1), far, structures=[above]))
    made = listing(db, "dora--1")
    assert (made.address, made.phones, made.hours) == ("1 rue Petit", ("01 41 80 18 95",), "jeudi")
    assert listing(db, "dora--2").address == ""


def test_what_professionals_alone_may_ask_for_is_for_the_desk(db: Db) -> None:
    take(db, file(service(mobilisable_par=["professionnels"])))
    assert listing(db, "dora--1").audience == "staff"


def test_a_structure_without_service_is_found_and_never_proposed(db: Db) -> None:
    take(db, file(service(1), structures=[structure(1), structure(2)]))
    (alone,) = [each for each in of_source(db, "dora") if each.state == "reference"]
    assert (alone.name, alone.needs) == ("Association 2", frozenset())
    take(db, file(service(1), service(2, structure_id="dora--s2"),
                  structures=[structure(1), structure(2)]))  # fmt: skip
    assert [each.state for each in of_source(db, "dora")] == ["open", "open"]


def test_the_next_file_of_a_source_replaces_the_one_before(db: Db) -> None:
    other = service(7, source="mairie", id="mairie--7", structure_id="mairie--s1")
    take(db, file(service(1), service(2), other))
    assert take(db, file(service(2, nom="Le même, mieux"), service(3))) == Changes(1, 1, 1, 1)
    assert [each.name for each in of_source(db, "dora")] == ["Le même, mieux", "Atelier 3"]
    assert [each.name for each in of_source(db, "mairie")] == ["Atelier 7"]
    assert listing(db, "dora--2").version == 2
    with pytest.raises(Unknown):
        listing(db, "dora--1")


def test_a_file_without_structures_leaves_those_that_are_known(db: Db) -> None:
    take(db, file(service(1)))
    content = b"[" + file(service(1, nom="Autre")).partition(b'"services": [')[2][:-2] + b"]"
    assert take(db, content) == Changes(0, 1, 0, 0)
    assert listing(db, "dora--1").organisation == "Association 1"


def test_what_is_broken_in_the_next_file_stays_as_it_was(db: Db) -> None:
    take(db, file(service(1), service(2)))
    assert take(db, file(service(1, nom=None), service(2))) == Changes(unchanged=2)
    assert listing(db, "dora--1").name == "Atelier 1"


def test_what_left_and_comes_back_is_there_again(db: Db) -> None:
    take(db, file(service(1), service(2)))
    take(db, file(service(2)))
    take(db, file(service(1), service(2)))
    assert [each.id for each in of_source(db, "dora")] == ["dora--1", "dora--2"]


def test_the_same_file_twice_changes_nothing(db: Db) -> None:
    take(db, file(service(1)))
    before = edition(db), listing(db, "dora--1")
    assert take(db, file(service(1))) == Changes(unchanged=2)
    assert (edition(db), listing(db, "dora--1")) == before


def test_a_structure_that_changes_its_name_changes_it_on_its_services(db: Db) -> None:
    take(db, file(service(1)))
    assert take(db, file(service(1), structures=[structure(nom="Nouveau nom")])).changed == 1
    assert listing(db, "dora--1").organisation == "Nouveau nom"


def test_what_somebody_verified_here_since_stays_verified(db: Db) -> None:
    take(db, file(service(1)))
    known = listing(db, "dora--1")
    save(db, replace(known, verified_on=date(2026, 11, 20)), "an agent", MONDAY)
    take(db, file(service(1, nom="Autre")))
    assert listing(db, "dora--1").verified_on == date(2026, 11, 20)
    take(db, file(service(1, nom="Autre", date_maj="2026-11-21")))
    assert listing(db, "dora--1").verified_on == date(2026, 11, 21)


def test_an_import_that_stopped_half_way_is_ended_by_the_next(db: Db) -> None:
    def stop(_: object) -> str:
        raise OSError("no more room")

    said = file(service(1, horaires_accueil="Mo 09:00-12:00"), service(2))
    report, entries = found(said)
    with pytest.raises(OSError, match="no more room"):
        taking.take_in(db, report, entries, stop, "an admin", MONDAY)
    assert of_source(db, "dora") == []
    taking.take_in(db, report, entries, say, "an admin", MONDAY)
    assert [each.id for each in of_source(db, "dora")] == ["dora--1", "dora--2"]


def test_what_would_change_is_told_and_changes_nothing(db: Db) -> None:
    take(db, file(service(1), service(2)))
    report, entries = found(file(service(1, nom="Autre"), service(3)))
    before = edition(db)
    assert taking.changes(db, report, entries) == Changes(1, 1, 1, 1)
    assert (edition(db), listing(db, "dora--1").name) == (before, "Atelier 1")


def test_the_houses_own_services_are_left_alone(db: Db, house: HouseText) -> None:
    before = catalogue(db).candidates
    mine = exported(db).encode()
    assert take(db, mine) == Changes()
    hostile = service(1, source="house", id="ecs-cramif", structure_id="x")
    take(db, file(hostile, structures=[]))
    take(db, file(service(9, source="house", id="house--9"), structures=[]))
    after = {each.id: each for each in catalogue(db).candidates}
    assert [after.get(each.id) for each in before] == list(before)


def test_the_journal_counts_and_says_nothing_of_what_is_in_the_file(db: Db) -> None:
    take(db, file(FULL))
    (row,) = db.all("SELECT data FROM journal WHERE verb = 'directory imported'")
    assert row["data"] == '{"changed": 0, "gone": 0, "new": 2}'
    assert first_broken(db) is None


def test_every_record_has_an_address_of_its_own() -> None:
    records = [
        ("dora", "dora--1"), ("dora", "1"), ("dora", "dora--a b"), ("dora", "dora--é/../x"),
        ("do--ra", "do--ra--1"), ("do", "do--ra--1"), ("dora", "dora--" + "x" * 240), ("é", "é--1"),
    ]  # fmt: skip
    made = [listing_id(kind, *each) for each in records for kind in ("service", "structure")]
    assert made[0] == "dora--1"
    assert len(set(made)) == len(made)
    assert all(each.isascii() and "/" not in each and " " not in each for each in made)


def test_a_long_text_is_cut_after_a_sentence_or_else_after_a_word() -> None:
    assert summary("Court.\n Et  simple.") == "Court. Et simple."
    assert summary("Une phrase de trente lettres. " * 20).endswith("lettres.")
    cut = summary("mot " * 200)
    assert cut.endswith("mot…")
    assert len(cut) <= 400
    assert len(summary("x" * 1_000)) <= 400


@pytest.mark.parametrize("written", [b'"Atelier\t2"', b'"Un", "nom": "Deux"'])
def test_nothing_leaves_when_a_broken_entry_may_be_any(db: Db, written: bytes) -> None:
    take(db, file(service(1), service(2), service(3)))
    content = file(service(1), service(2)).replace(b'"Atelier 2"', written)
    assert take(db, content) == Changes(unchanged=2)
    assert [each.id for each in of_source(db, "dora")] == ["dora--1", "dora--2", "dora--3"]
    assert take(db, file(service(1), None)).gone == 2
