"""The directory is searched by name, organisation, place or need; and what is to be verified."""

from dataclasses import replace
from datetime import date

import pytest

from accueil.house.text import HouseText
from accueil.orientation import listings
from accueil.orientation.catalogue import PART, Candidate, Catalogue, read
from accueil.orientation.criteria import OPEN
from accueil.orientation.directory import MOST_SHOWN, Found, search, to_verify
from accueil.orientation.listings import Listing
from accueil.store.db import Db
from accueil.store.folding import fold
from tests.personae import MONDAY

TODAY = date(2026, 11, 23)


def candidate(
    name: str,
    organisation: str = "",
    place: str = "",
    needs: str = "",
    verified_on: str | None = None,
) -> Candidate:
    return Candidate(
        id=name,
        service_id=None,
        name=name,
        words=PART.join(map(fold, (name, organisation, place, needs))),
        needs=frozenset(needs.split()),
        audience="public",
        state="open",
        departements=(),
        insee="",
        rule=OPEN,
        full=False,
        verified_on=verified_on,
    )


def catalogue(*candidates: Candidate) -> Catalogue:
    return Catalogue(1, candidates, {}, frozenset())


def names(found: Found) -> list[str]:
    return [each.name for each in found.shown]


SHOP = candidate("Épicerie solidaire", "Cœur d’Orly", "Créteil 94000", "alimentation")
NIGHT = candidate("Nuit", "Créteil Habitat", "Paris 75012", "hebergement")
CRETEIL = candidate("Mission de Créteil", "Mission locale", "Choisy-le-Roi 94600", "emploi")
ALL = catalogue(SHOP, NIGHT, CRETEIL)


@pytest.mark.parametrize(
    "text", ["epicerie", "ÉPICERIE", "solid epi", "coeur", "Cœur d'Orly", "94000 épi", "aliment"]
)
def test_accents_case_order_and_unfinished_words_do_not_matter(text: str) -> None:
    assert names(search(ALL, text)) == ["Épicerie solidaire"]


def test_a_name_comes_before_an_organisation_and_that_before_a_place() -> None:
    assert names(search(ALL, "creteil")) == ["Mission de Créteil", "Nuit", "Épicerie solidaire"]


@pytest.mark.parametrize("text", ["icerie", "reteil", "epicerie paris", "xyz", "nuit | creteil x"])
def test_every_word_must_begin_one(text: str) -> None:
    assert search(ALL, text) == Found(0, ())


@pytest.mark.parametrize("text", ["", "   ", "’ - /", "\0", "|"], ids=range(5))
def test_nothing_asked_shows_everything_in_the_order_of_the_catalogue(text: str) -> None:
    assert names(search(ALL, text)) == ["Épicerie solidaire", "Nuit", "Mission de Créteil"]


def test_a_need_narrows_the_search() -> None:
    assert names(search(ALL, "", frozenset({"hebergement", "logement"}))) == ["Nuit"]
    assert search(ALL, "epicerie", frozenset({"hebergement"})).total == 0


def test_at_most_fifty_are_shown_and_all_are_counted() -> None:
    many = catalogue(*(candidate(f"Atelier {n}") for n in range(120)))
    found = search(many, "atelier")
    assert (found.total, len(found.shown)) == (120, MOST_SHOWN)


def test_a_whole_book_typed_in_the_box_is_no_trouble() -> None:
    assert search(ALL, "épicerie " * 10_000).total == 1


def test_what_was_never_verified_comes_first_then_the_oldest() -> None:
    found = to_verify(
        catalogue(
            candidate("récente", verified_on="2026-11-01"),
            candidate("six mois", verified_on="2026-05-23"),
            candidate("la veille", verified_on="2026-05-22"),
            candidate("ancienne", verified_on="2020-01-01"),
            candidate("jamais"),
        ),
        TODAY,
    )
    assert names(found) == ["jamais", "ancienne", "la veille"]
    assert found.total == 3


def test_what_is_stale_here_is_stale_on_its_own_page() -> None:
    for day in (date(2026, 5, 22), date(2026, 5, 23), date(2026, 11, 23)):
        known = Listing("x", "X", "Y", verified_on=day)
        listed = to_verify(catalogue(candidate("X", verified_on=day.isoformat())), TODAY)
        assert bool(listed.total) == known.is_stale(TODAY)


def test_the_whole_house_is_found(db: Db, house: HouseText) -> None:
    every = read(db)
    assert "Mission locale" in names(search(every, "mission loc"))
    assert names(search(every, "clic6 chevilly"))[0] == "Clic6"
    assert "Dispositif Cimes" in names(search(every, "cimes"))
    assert "Dispositif Cimes" in names(search(every, "essor"))


def test_a_new_listing_is_found_at_the_next_reading(db: Db, house: HouseText) -> None:
    before = search(read(db), "vestiaire").total
    new = Listing("vestiaire", "Vestiaire", "Secours", commune="L’Haÿ-les-Roses")
    listings.save(db, new, "sylvie", MONDAY)
    assert (before, names(search(read(db), "vestiaire hay"))) == (0, ["Vestiaire"])
    kept = listings.listing(db, "vestiaire")
    listings.save(db, replace(kept, state="project"), "sylvie", MONDAY)
    assert search(read(db), "vestiaire").shown[0].state == "project"
