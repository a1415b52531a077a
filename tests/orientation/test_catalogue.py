import threading
from dataclasses import replace

from accueil.house.text import HouseText
from accueil.orientation import listings
from accueil.orientation.catalogue import Catalogues, read
from accueil.orientation.listings import Listing, Places, listing
from accueil.planning.timetable import load
from accueil.store.db import Db, Store
from tests.personae import MISSION_LOCALE, MONDAY

EVERY_NEED: frozenset[str] = frozenset()


def test_the_services_of_the_house_come_first_in_the_order_of_its_text(
    db: Db, house: HouseText
) -> None:
    found = [each.id for each in read(db).candidates]
    inside = [each.id for each in house.services]
    assert found[: len(inside)] == inside
    assert len(found) == 74


def test_a_service_of_the_house_is_found_by_its_town_and_its_postcode(
    db: Db, house: HouseText
) -> None:
    [found] = [each for each in read(db).candidates if each.id == MISSION_LOCALE]
    assert "chevilly larue 94550" in found.words


def test_services_of_one_rule_share_it(db: Db, house: HouseText) -> None:
    rules = {each.id: each.rule for each in read(db).candidates}
    assert rules["reliances-suivi"] is rules["reliances-studios"]


def test_one_that_answers_two_needs_is_told_once(db: Db, house: HouseText) -> None:
    catalogue = read(db)
    both = catalogue.answering(frozenset({"droit", "justice"}))
    assert len(both) == len({each.id for each in both})
    assert catalogue.answering(frozenset({"fortune"})) == []


def test_a_project_and_a_reference_answer_no_need(db: Db, house: HouseText) -> None:
    catalogue = read(db)
    for tag in catalogue.needs:
        assert all(each.state == "open" for each in catalogue.answering(frozenset({tag})))
    states = {each.state for each in catalogue.answering(EVERY_NEED)}
    assert states == {"open", "reference"}


def test_a_catalogue_is_read_once_an_edition(db: Db, house: HouseText) -> None:
    catalogues = Catalogues()
    first = catalogues.now(db)
    assert catalogues.now(db) is first
    coteaux = listing(db, "essor93-coteaux")
    listings.save(db, replace(coteaux, places=Places(10, 0)), "admin", MONDAY)
    second = catalogues.now(db)
    assert next(each for each in second.candidates if each.id == coteaux.id).full
    load(db, replace(house, services=house.services[:-1]), MONDAY)
    assert len(catalogues.now(db).candidates) == len(second.candidates) - 1


def test_a_service_retired_by_the_text_is_no_candidate_although_its_listing_stays(
    db: Db, house: HouseText
) -> None:
    listings.save(db, listing(db, MISSION_LOCALE), "admin", MONDAY)
    without = tuple(each for each in house.services if each.id != MISSION_LOCALE)
    fewer = tuple(each for each in house.permanences if each.service != MISSION_LOCALE)
    load(db, replace(house, services=without, permanences=fewer), MONDAY)
    assert MISSION_LOCALE not in {each.id for each in read(db).candidates}
    assert listings.listings(db, [MISSION_LOCALE]) == []


def test_threads_that_ask_while_it_changes_all_get_a_whole_one(
    store: Store, house: HouseText
) -> None:
    catalogues, seen = Catalogues(), []

    def ask() -> None:
        with store.connection() as db:
            for _ in range(20):
                seen.append(len(catalogues.now(db).candidates))

    readers = [threading.Thread(target=ask) for _ in range(4)]
    for each in readers:
        each.start()
    with store.connection() as db:
        for n in range(5):
            new = Listing(id=f"n{n}", name="Nouveau", organisation="X")
            listings.save(db, new, "admin", MONDAY)
    for each in readers:
        each.join()
    assert set(seen) <= set(range(74, 80))
    with store.connection() as db:
        assert len(catalogues.now(db).candidates) == 79
