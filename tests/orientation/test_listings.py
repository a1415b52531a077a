from dataclasses import replace
from datetime import date

import pytest

from accueil.house.edition import edition
from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.orientation import listings
from accueil.orientation.criteria import Leaf, Rule
from accueil.orientation.listings import Changed, Listing, Places, listing
from accueil.planning.timetable import load
from accueil.store.db import Db
from tests.personae import MISSION_LOCALE, MONDAY

PANTRY = Listing(
    id="panier",
    name="Le Panier",
    organisation="Les Voisins",
    about={"fr": "Des courses à petit prix.", "en": "Food that costs less."},
    needs=frozenset({"alimentation"}),
    address="2 rue Haute",
    postcode="94550",
    commune="Chevilly-Larue",
    insee="94021",
    departements=("94", "2A"),
    phones=("01 02 03 04 05", "115"),
    email="contact@panier.example",
    url="https://panier.example",
    hours="le lundi de 9 h à 12 h",
    bring="Une pièce d’identité si vous en avez une.",
    rule=Rule(Leaf("age", "gte", 18.0)),
    places=Places(12, 3, "households", date(2026, 11, 20), 1),
    missing=("admission",),
    verified_on=date(2026, 11, 1),
)


def saved(db: Db, wanted: Listing) -> Listing:
    return listings.save(db, wanted, "admin", MONDAY)


def test_a_listing_is_read_as_it_was_written(db: Db) -> None:
    written = saved(db, PANTRY)
    assert listing(db, "panier") == written == replace(PANTRY, version=1, edited=True)


def test_a_service_of_the_house_has_its_words_in_the_houses_text(db: Db, house: HouseText) -> None:
    found = listing(db, MISSION_LOCALE)
    assert (found.name, found.organisation) == ("Mission locale", "Mission locale")
    assert found.needs >= {"formation"}
    assert found.phones == ("01 45 60 59 44",)
    assert found.rule.criteria != Rule().criteria
    again = saved(db, replace(found, name="Autre nom", hours="l’après-midi"))
    assert again.name == "Autre nom"
    kept = listing(db, MISSION_LOCALE)
    assert (kept.name, kept.hours) == ("Mission locale", "l’après-midi")


def test_a_service_that_the_directory_says_nothing_of_is_open_to_all(
    db: Db, house: HouseText
) -> None:
    db.run("DELETE FROM listing WHERE id = :id", id=MISSION_LOCALE)
    found = listing(db, MISSION_LOCALE)
    assert (found.name, found.rule, found.version) == ("Mission locale", Rule(), 0)
    assert saved(db, replace(found, hours="le matin")).version == 1
    assert listing(db, MISSION_LOCALE).hours == "le matin"


def test_two_people_who_change_the_same_listing_are_told(db: Db) -> None:
    first = saved(db, PANTRY)
    saved(db, replace(first, hours="le mardi"))
    with pytest.raises(Changed):
        saved(db, replace(first, hours="le jeudi"))
    with pytest.raises(Changed):
        saved(db, PANTRY)
    assert listing(db, "panier").hours == "le mardi"


def test_a_rule_is_changed_alone(db: Db) -> None:
    first = saved(db, PANTRY)
    women = Rule(Leaf("gender", "has_any", frozenset({"femme"}), sensitive=True))
    changed = listings.set_rule(db, "panier", women, "admin", MONDAY, first.version)
    assert listing(db, "panier") == changed == replace(first, rule=women, version=2)
    with pytest.raises(Changed):
        listings.set_rule(db, "panier", Rule(), "admin", MONDAY, first.version)
    with pytest.raises(Unknown):
        listings.set_rule(db, "nulle-part", Rule(), "admin", MONDAY, 1)


def test_what_is_taken_out_is_not_found_any_more(db: Db) -> None:
    saved(db, PANTRY)
    listings.retire(db, "panier", "admin", MONDAY)
    with pytest.raises(Unknown):
        listing(db, "panier")
    with pytest.raises(Unknown):
        listings.retire(db, "panier", "admin", MONDAY)


def test_every_change_makes_a_new_edition(db: Db, house: HouseText) -> None:
    before = edition(db)
    first = saved(db, PANTRY)
    listings.set_rule(db, "panier", Rule(), "admin", MONDAY, first.version)
    listings.retire(db, "panier", "admin", MONDAY)
    assert edition(db) == before + 3
    load(db, house, MONDAY)
    assert edition(db) == before + 4


def test_listings_come_in_the_order_they_were_asked_for(db: Db, house: HouseText) -> None:
    saved(db, PANTRY)
    wanted = ["panier", MISSION_LOCALE, "nulle-part", "essor93-altho", "panier"]
    found = listings.listings(db, wanted)
    assert [each.id for each in found] == ["panier", MISSION_LOCALE, "essor93-altho"]
    assert listings.listings(db, []) == []


@pytest.mark.parametrize(
    ("verified", "stale"),
    [
        (date(2026, 11, 23), False),
        (date(2026, 5, 23), False),
        (date(2026, 5, 22), True),
        (None, True),
    ],
)
def test_what_nobody_verified_for_six_months_is_stale(verified: date | None, stale: bool) -> None:
    assert replace(PANTRY, verified_on=verified).is_stale(date(2026, 11, 23)) == stale
