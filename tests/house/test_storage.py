from dataclasses import replace

import msgspec
import pytest

from accueil.house import services
from accueil.house.sites import Unknown, rooms, site, sites
from accueil.house.text import HouseText
from accueil.planning.timetable import load
from accueil.reception import queue, visits
from accueil.store.db import Db
from blueprints.words import LANGUAGES, tag
from tests.personae import BEARN, MANDELA, MISSION_LOCALE, MONDAY, PARQUET, arrive, turn_of


def without(text: HouseText, service_id: str) -> HouseText:
    """The house when a service is over, its permanences with it."""
    return replace(
        text,
        services=tuple(each for each in text.services if each.id != service_id),
        permanences=tuple(each for each in text.permanences if each.service != service_id),
    )


def test_the_text_is_found_again_in_its_order(db: Db, house: HouseText) -> None:
    assert [each.id for each in sites(db)] == [each.id for each in house.sites]
    assert [each.id for each in services.services(db)] == [each.id for each in house.services]
    assert [each.id for each in services.organisations(db)] == [
        each.id for each in house.organisations
    ]
    assert [each.id for each in rooms(db, BEARN)] == [
        each.id for each in house.rooms if each.site == BEARN
    ]


def test_a_service_keeps_all_that_its_text_says(db: Db, house: HouseText) -> None:
    found = services.service(db, PARQUET)
    assert found.organisation.name == "Correspondant du Parquet"
    assert found.phones == ("01 41 80 18 95", "06 18 42 04 84")
    assert found.needs == {"droit", "justice"}
    assert found.about.keys() == set(map(tag, LANGUAGES))
    assert found.assumed == ("needs",)
    assert services.service(db, MISSION_LOCALE).condition["fr"] == "Pour les 16–25 ans"


def test_a_service_without_a_known_place_or_phone_has_none(db: Db, house: HouseText) -> None:
    found = services.service(db, "solepi")
    assert found.site_id is None
    assert found.phones == ()
    assert found.condition == {}


def test_the_desk_of_a_site_is_a_service(db: Db, house: HouseText) -> None:
    assert services.reception_service_id(db, BEARN) == "ecs-accueil-partage"
    with pytest.raises(Unknown):
        services.reception_service_id(db, MANDELA)


def test_an_organisation_finds_its_own_services(db: Db, house: HouseText) -> None:
    found = services.services_of(db, "parquet")
    assert [each.id for each in found] == ["ecs-parquet-sans-rdv", "ecs-parquet-rdv"]


def test_loading_again_the_same_text_changes_nothing(db: Db, house: HouseText) -> None:
    tables = ("site", "room", "organisation", "service", "service_text", "permanence")
    before = [db.all(f"SELECT * FROM {table}") for table in tables]
    load(db, house, MONDAY)
    assert [db.all(f"SELECT * FROM {table}") for table in tables] == before


def test_visits_stay_as_they_are_when_the_house_is_loaded_again(db: Db, house: HouseText) -> None:
    visit = arrive(db, alias="Awa")
    turn = turn_of(db, visit)
    load(db, house, MONDAY)
    assert visits.visit(db, visit.id) == visit
    assert turn_of(db, visit) == turn


def test_what_left_the_text_is_retired_and_visits_still_point_at_it(
    db: Db, house: HouseText
) -> None:
    visit = arrive(db, service_id=PARQUET)
    load(db, without(house, PARQUET), MONDAY)
    with pytest.raises(Unknown):
        services.service(db, PARQUET)
    assert PARQUET not in {each.id for each in services.services(db)}
    assert [turn.service_id for turn in queue.entries(db, visit.id)] == [PARQUET]


def test_nobody_enters_the_queue_of_a_retired_service(db: Db, house: HouseText) -> None:
    load(db, without(house, PARQUET), MONDAY)
    with pytest.raises(Unknown):
        arrive(db, service_id=PARQUET)
    assert db.one("SELECT count(*) AS n FROM visit") == {"n": 0}


def test_a_site_that_left_the_text_is_retired_with_its_rooms(db: Db, house: HouseText) -> None:
    text = replace(
        house,
        sites=tuple(each for each in house.sites if each.id != MANDELA),
        rooms=tuple(each for each in house.rooms if each.site != MANDELA),
        permanences=tuple(each for each in house.permanences if each.site != MANDELA),
    )
    load(db, text, MONDAY)
    with pytest.raises(Unknown):
        site(db, MANDELA)
    assert rooms(db, MANDELA) == []


def test_what_comes_back_into_the_text_is_in_use_again(db: Db, house: HouseText) -> None:
    load(db, without(house, PARQUET), MONDAY)
    load(db, house, MONDAY)
    assert services.service(db, PARQUET).name == "Correspondant du Parquet"


def test_what_changed_in_the_text_is_changed(db: Db, house: HouseText) -> None:
    bearn = msgspec.structs.replace(house.sites[0], name="Maison des solidarités", announce=("fr",))
    solepi = next(each for each in house.services if each.id == "solepi")
    others = tuple(each for each in house.services if each is not solepi)
    renamed = msgspec.structs.replace(solepi, about={"fr": "Une épicerie."})
    load(db, replace(house, sites=(bearn, *house.sites[1:]), services=(renamed, *others)), MONDAY)
    assert site(db, BEARN).name == "Maison des solidarités"
    assert site(db, BEARN).announce == ("fr",)
    assert services.services(db)[0].about == {"fr": "Une épicerie."}
