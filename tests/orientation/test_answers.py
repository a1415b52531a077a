from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Site, site
from accueil.house.text import HouseText
from accueil.orientation.answers import (
    Answer,
    answers,
    desk,
    expected_today,
)
from accueil.orientation.needs import NEEDS, Need, need
from accueil.planning.timetable import load
from accueil.reception import calls
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    DESK,
    MAISON_POUR_TOUS,
    MANDELA,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    arrive,
    claire_calling,
    paris,
    turn_of,
)

AT_11 = paris(2026, 11, 23, 11)
STAFF_ONLY, PARTNERS_ONLY = "ecs-as-personnel-communal", "ecs-pole-gerontologique"


@pytest.fixture
def bearn(db: Db, house: HouseText) -> Site:
    return site(db, BEARN)


def services_of(found: list[Answer]) -> list[str]:
    return [answer.service.id for answer in found]


def about(found: list[Answer], service_id: str) -> Answer:
    return next(answer for answer in found if answer.service.id == service_id)


@pytest.mark.parametrize("tile", NEEDS, ids=lambda tile: tile.id)
@pytest.mark.parametrize(
    "at",
    [MONDAY, paris(2026, 11, 28, 10), paris(2026, 12, 25, 10), paris(2026, 11, 23, 3)],
    ids=["monday", "saturday", "christmas", "night"],
)
def test_every_tile_has_an_answer_and_the_desk_beside_it(
    db: Db, bearn: Site, tile: Need, at: datetime
) -> None:
    assert answers(db, bearn, tile, at)
    assert desk(db, bearn, at).service_id == DESK


def test_a_need_that_nobody_answers_still_has_the_desk(
    db: Db, house: HouseText, bearn: Site
) -> None:
    without_housing = replace(
        house, services=tuple(each for each in house.services if each.id != "valophis")
    )
    load(db, without_housing, MONDAY)
    nobody = Need("fortune", "coin", frozenset({"fortune"}))
    assert answers(db, bearn, nobody, MONDAY) == []
    assert desk(db, bearn, MONDAY).opening is not None


def test_on_monday_at_9_20_the_parquet_is_here_now_with_the_people_ahead(
    db: Db, bearn: Site
) -> None:
    arrive(db, service_id=PARQUET)
    arrive(db, service_id=PARQUET)
    arrive(db, service_id=MISSION_LOCALE)
    found = answers(db, bearn, need("droit"), MONDAY)
    parquet = found[0]
    assert parquet.service.id == PARQUET
    assert (parquet.place, parquet.people_ahead) == ("here_now", 2)
    assert parquet.site == bearn
    assert parquet.occurrence is not None
    assert parquet.occurrence.room == "Bureau 3"


def test_somebody_in_a_room_is_not_ahead_any_more(db: Db, bearn: Site, claire: Account) -> None:
    turn = turn_of(db, arrive(db, service_id=PARQUET))
    calls.call(db, turn.id, claire_calling(claire), MONDAY)
    assert about(answers(db, bearn, need("droit"), MONDAY), PARQUET).people_ahead == 0


def test_at_11_the_parquet_is_here_this_afternoon(db: Db, bearn: Site) -> None:
    parquet = about(answers(db, bearn, need("droit"), AT_11), PARQUET)
    assert (parquet.place, parquet.people_ahead) == ("here_on", None)
    assert parquet.occurrence is not None
    assert parquet.occurrence.starts_at == paris(2026, 11, 23, 13, 30)


def test_a_service_by_appointment_is_not_offered_as_here_now(db: Db, bearn: Site) -> None:
    found = answers(db, bearn, need("logement"), MONDAY)
    assert about(found, "ecs-eds-as-accueil").place == "here_now"
    assert about(found, "ecs-eds-as-accompagnement").place == "here_on"


def test_clic6_is_elsewhere(db: Db, bearn: Site) -> None:
    [clic6] = answers(db, bearn, need("seniors"), MONDAY)
    assert (clic6.place, clic6.people_ahead) == ("elsewhere", None)
    assert clic6.site is not None
    assert (clic6.site.id, clic6.site.address) == (MANDELA, "4 place Nelson Mandela")


def test_at_its_own_address_clic6_is_here_now(db: Db, house: HouseText) -> None:
    [clic6] = answers(db, site(db, MANDELA), need("seniors"), MONDAY)
    assert clic6.place == "here_now"


def test_a_service_of_two_places_has_an_answer_for_each(db: Db, bearn: Site) -> None:
    found = answers(db, bearn, need("papiers"), MONDAY)
    assert [(answer.place, answer.site and answer.site.id) for answer in found] == [
        ("here_on", BEARN),
        ("elsewhere", MAISON_POUR_TOUS),
    ]


def test_a_partner_whose_place_is_not_known_is_elsewhere_without_one(db: Db, bearn: Site) -> None:
    valophis = about(answers(db, bearn, need("logement"), MONDAY), "valophis")
    assert (valophis.place, valophis.site, valophis.occurrence) == ("elsewhere", None, None)


def test_what_can_be_done_now_comes_first_then_by_date(db: Db, bearn: Site) -> None:
    order = ("here_now", "here_on", "elsewhere")
    for tile in NEEDS:
        found = answers(db, bearn, tile, MONDAY)
        keys = [
            (order.index(each.place), each.occurrence.starts_at if each.occurrence else None)
            for each in found
        ]
        far = MONDAY + timedelta(days=9999)
        assert keys == sorted(keys, key=lambda key: (key[0], key[1] or far))


def test_a_service_for_the_staff_is_shown_by_the_desk_and_never_to_a_visitor(
    db: Db, bearn: Site
) -> None:
    for tile in NEEDS:
        assert STAFF_ONLY not in services_of(answers(db, bearn, tile, MONDAY))
    assert STAFF_ONLY in services_of(answers(db, bearn, need("logement"), MONDAY, "staff"))


@pytest.mark.parametrize("audience", ["public", "staff"])
def test_a_meeting_of_professionals_is_never_an_answer(
    db: Db, house: HouseText, bearn: Site, audience: str
) -> None:
    """Even when its text gives it needs."""
    services = tuple(
        msgspec.structs.replace(each, needs=("perte-autonomie",))
        if each.id == PARTNERS_ONLY
        else each
        for each in house.services
    )
    load(db, replace(house, services=services), MONDAY)
    for tile in NEEDS:
        assert PARTNERS_ONLY not in services_of(answers(db, bearn, tile, MONDAY, audience))


def test_an_occurrence_between_professionals_is_no_answer_for_a_public_service(
    db: Db, house: HouseText, bearn: Site
) -> None:
    permanences = tuple(
        msgspec.structs.replace(each, mode="partners_only") if each.service == PARQUET else each
        for each in house.permanences
    )
    load(db, replace(house, permanences=permanences), MONDAY - timedelta(days=1))
    parquet = about(answers(db, bearn, need("droit"), MONDAY), PARQUET)
    assert (parquet.place, parquet.occurrence) == ("elsewhere", None)


def test_the_desk_itself_is_not_among_the_answers(db: Db, bearn: Site) -> None:
    for tile in NEEDS:
        assert DESK not in services_of(answers(db, bearn, tile, MONDAY, "staff"))


def test_the_desk_says_who_waits_and_when_it_opens(db: Db, bearn: Site) -> None:
    arrive(db)
    arrive(db, service_id=PARQUET)
    now = desk(db, bearn, MONDAY)
    assert now.people_ahead == 1
    assert now.opening is not None
    assert now.opening.is_on(MONDAY)
    saturday = desk(db, bearn, paris(2026, 11, 28, 10))
    assert saturday.people_ahead == 0
    assert saturday.opening is not None
    assert saturday.opening.starts_at == paris(2026, 11, 30, 9)


def test_people_with_an_appointment_today_are_expected_once_a_service(db: Db, bearn: Site) -> None:
    found = expected_today(db, bearn, MONDAY)
    assert [each.service_id for each in found] == [MISSION_LOCALE, "ecs-eds-as-accompagnement"]
    assert expected_today(db, bearn, paris(2026, 11, 23, 18)) == []
