from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from accueil.house.text import HouseText, Mistake
from accueil.orientation import directory_text, listings
from accueil.orientation.criteria import Leaf, Rule, facts_of
from accueil.orientation.listings import Listing, Places, listing
from accueil.store.db import Db
from tests.personae import FOLDER, MISSION_LOCALE, MONDAY, PARQUET

SHELTER = """
[[listing]]
id = "abri"
name = "L’Abri"
organisation = "Les Voisins"
needs = ["hebergement"]
about.fr = "Un toit pour quelques nuits."
departements = ["94"]
places.total = 8
places.reserved = 1
verified = 2026-11-02
criteria.all = [{fact = "age", op = "gte", value = 18}]
"""


def written(folder: Path, text: str, *services: str) -> tuple[Listing, ...]:
    (folder / "directory.toml").write_text(text, encoding="utf-8")
    return directory_text.read(folder, frozenset(services))


def taken_in(db: Db, folder: Path, text: str, *services: str) -> None:
    with db.transaction():
        directory_text.load(db, written(folder, text, *services), MONDAY)


def test_the_demonstration_house_describes_the_74_of_the_source_texts(
    text: HouseText, db: Db, house: HouseText
) -> None:
    inside = {each.id for each in text.services}
    found = directory_text.read(FOLDER, frozenset(inside))
    assert len(inside | {each.id for each in found}) == 74
    projects = {each.id for each in found if each.state == "project"}
    assert projects == {"arfog-seraphine", "arfog-pension-famille", "arfog-residence-siemp"}
    assert listing(db, "essor93-cimes").places == Places(40, reserved=1)
    assert facts_of(listing(db, MISSION_LOCALE).rule.criteria) == {"age"}
    assert all(each.verified_on is None for each in found)


def test_a_house_without_a_directory_has_none(tmp_path: Path) -> None:
    assert directory_text.read(tmp_path, frozenset()) == ()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('id = "abri"', 'id = "l abri"', "listing"),
        ('name = "L’Abri"\n', "", "listing abri"),
        ("departements", "departement", "departement"),
        ('"94"', '"9"', "departements"),
        ('op = "gte"', 'op = "above"', "listing abri, criteria.all[0].op"),
        ('fact = "age"', 'fact = "shoe"', "'shoe'"),
        ("value = 18", "value = -1", "listing abri, criteria.all[0].value"),
        ("places.reserved = 1", "places.reserved = 9", "listing abri, places.reserved"),
        ("2026-11-02", '"hier"', "verified"),
        ("places.total = 8", 'state = "perhaps"', "state"),
        ("needs", "audience = 'me'\nneeds", "listing abri, audience"),
        ("[[listing]]", "[[listing", "directory.toml"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, where: str) -> None:
    with pytest.raises(Mistake) as mistake:
        written(tmp_path, SHELTER.replace(old, new, 1))
    assert where in str(mistake.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="abri: expected each id once"):
        written(tmp_path, SHELTER * 2)


def test_what_the_houses_text_says_is_not_said_twice(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"partners\.toml"):
        written(tmp_path, SHELTER, "abri")


def test_loading_again_changes_what_the_text_changed_and_nothing_else(
    db: Db, house: HouseText, tmp_path: Path
) -> None:
    taken_in(db, tmp_path, SHELTER)
    assert listing(db, "abri").places.total == 8
    taken_in(db, tmp_path, SHELTER.replace("total = 8", "total = 9"))
    assert listing(db, "abri").places.total == 9
    taken_in(db, tmp_path, "")
    assert listings.listings(db, ["abri"]) == []


def test_what_was_changed_on_a_screen_is_no_more_the_texts(
    db: Db, house: HouseText, tmp_path: Path
) -> None:
    taken_in(db, tmp_path, SHELTER)
    listings.set_rule(db, "abri", listings.OPEN, "admin", MONDAY, listing(db, "abri").version)
    taken_in(db, tmp_path, SHELTER)
    assert listing(db, "abri").rule == listings.OPEN
    taken_in(db, tmp_path, "")
    assert listing(db, "abri").edited


def test_a_form_that_was_open_when_the_text_changed_is_told(
    db: Db, house: HouseText, tmp_path: Path
) -> None:
    taken_in(db, tmp_path, SHELTER)
    seen = listing(db, "abri")
    taken_in(db, tmp_path, SHELTER)
    assert listing(db, "abri").version == seen.version
    taken_in(db, tmp_path, SHELTER.replace("total = 8", "total = 9"))
    with pytest.raises(listings.Changed):
        listings.save(db, seen, "admin", MONDAY)


def test_the_id_of_an_imported_listing_is_refused(db: Db, house: HouseText, tmp_path: Path) -> None:
    with db.transaction():
        listings.put(db, [Listing("abri", "Abri", "Département", source="departement")])
    with pytest.raises(Mistake, match="abri: departement has"):
        taken_in(db, tmp_path, SHELTER)
    assert listing(db, "abri").source == "departement"


def test_what_was_verified_and_counted_stays_and_the_text_still_speaks(
    db: Db, house: HouseText, tmp_path: Path
) -> None:
    taken_in(db, tmp_path, SHELTER)
    seen = listing(db, "abri")
    today = date(2026, 11, 23)
    counted = replace(seen.places, left=3, on=today)
    listings.save(db, replace(seen, verified_on=today, places=counted), "agent", MONDAY)
    taken_in(db, tmp_path, SHELTER.replace("quelques nuits", "une nuit"))
    found = listing(db, "abri")
    assert found.about["fr"] == "Un toit pour une nuit."
    assert (found.verified_on, found.places.left, found.edited) == (today, 3, False)
    taken_in(db, tmp_path, SHELTER.replace("total = 8", "total = 2"))
    assert listing(db, "abri").places == Places(2, reserved=1)


def test_a_service_that_the_text_says_nothing_of_can_be_verified_for_good(
    db: Db, house: HouseText
) -> None:
    today = date(2026, 11, 23)
    seen = listing(db, PARQUET)
    listings.save(db, replace(seen, verified_on=today), "agent", MONDAY)
    with db.transaction():
        directory_text.load(db, (), MONDAY)
    assert listing(db, PARQUET).verified_on == today
    young = Listing(PARQUET, "", "", service_id=PARQUET, rule=Rule(Leaf("age", "lt", 26.0)))
    with db.transaction():
        directory_text.load(db, (young,), MONDAY)
    assert listing(db, PARQUET).rule == young.rule
    assert listing(db, PARQUET).verified_on == today
