from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Site, site
from accueil.house.text import HouseText
from accueil.orientation import facts, listings
from accueil.orientation.answers import Answer, Orientation, desk, expected_today, orient
from accueil.orientation.catalogue import read
from accueil.orientation.criteria import Leaf, Rule
from accueil.orientation.listings import Listing, Places, listing
from accueil.orientation.needs import NEEDS, Need, need
from accueil.orientation.triage import EVERYONE, STAFF, VISITOR, Asking
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


def oriented(
    db: Db,
    place: Site,
    wanted: Need,
    at: datetime = MONDAY,
    audiences: frozenset[str] = VISITOR,
    **said: object,
) -> Orientation:
    asking = Asking(wanted.tags, facts.read(said), audiences)
    return orient(db, read(db), place, asking, at)


def answers(
    db: Db, place: Site, wanted: Need, at: datetime, audiences: frozenset[str] = VISITOR
) -> list[Answer]:
    """What the services of the house answer."""
    found = oriented(db, place, wanted, at, audiences).answers
    return [each for each in found if each.service]


def services_of(found: list[Answer]) -> list[str]:
    return [answer.listing.id for answer in found]


def about(found: list[Answer], service_id: str) -> Answer:
    return next(answer for answer in found if answer.listing.id == service_id)


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
        assert [each.place for each in found] == sorted(
            (each.place for each in found), key=order.index
        )
        for place in order[:2]:
            sure = [each for each in found if each.place == place and each.verdict == "yes"]
            starts = [(each.slot or each.occurrence) for each in sure]
            dates = [each.starts_at for each in starts if each]
            assert dates == sorted(dates)


def test_the_next_free_slot_is_told_of_what_is_booked_here(db: Db, bearn: Site) -> None:
    found = answers(db, bearn, need("logement"), MONDAY)
    social = about(found, "ecs-eds-as-accompagnement")
    assert social.slot is not None
    assert social.slot.starts_at > MONDAY
    assert about(found, "ecs-eds-as-accueil").slot is None


def test_somebody_leaving_care_with_450_euros_is_told_of_a_home_outside(
    db: Db, bearn: Site
) -> None:
    said = {"age": 19, "ase": ["sortant-mecs"], "resources_monthly_eur": 450}
    found = oriented(db, bearn, need("logement"), **said).answers
    coteaux = about(found, "essor93-coteaux")
    assert (coteaux.place, coteaux.verdict, coteaux.service) == ("elsewhere", "yes", None)
    assert [reason.verdict for reason in coteaux.reasons] == ["yes", "yes", "yes"]
    assert coteaux.listing.places == Places(total=10)
    outside = [each for each in found if each.place == "elsewhere" and not each.service]
    assert outside[0] == coteaux


def test_whoever_fits_nothing_is_told_what_came_nearest(db: Db, bearn: Site) -> None:
    said = {"age": 70, "employment": [], "ase": [], "situation": [], "territory": "autre"}
    found = oriented(db, bearn, need("travail"), **said)
    assert found.answers == []
    assert found.near_misses[0].listing.id in ("ecs-mission-locale", "ecs-aef94")
    assert len(found.near_misses) <= 3
    assert found.next_question is None


def test_a_project_is_never_proposed(db: Db, bearn: Site) -> None:
    found = orient(
        db, read(db), bearn, Asking(frozenset(), {}, EVERYONE, most_outside=None), MONDAY
    )
    told = set(services_of([*found.answers, *found.others]))
    assert len(told) == 70  # of 74: three projects, and the desk that stands beside
    assert not told & {"arfog-seraphine", "arfog-pension-famille", "arfog-residence-siemp"}


def test_what_is_full_comes_after_what_is_not(db: Db, bearn: Site) -> None:
    said = {"age": 19, "ase": ["sortant-mecs"], "resources_monthly_eur": 450}
    coteaux = listing(db, "essor93-coteaux")
    listings.save(db, replace(coteaux, places=Places(10, 0)), "admin", MONDAY)
    outside = oriented(db, bearn, need("logement"), **said).answers
    assert outside[-1].listing.id == "essor93-coteaux"
    assert outside[-1].full


def test_a_service_that_prefers_such_a_person_comes_before_its_likes(db: Db, bearn: Site) -> None:
    dalo = Rule(prefer=(Leaf("dalo", "is", True),))
    tags = frozenset({"fortune"})
    with db.transaction():
        listings.put(db, [Listing("a", "A", "X", needs=tags)])
        listings.put(db, [Listing("b", "B", "X", needs=tags, rule=dalo)])
    wanted = Need("fortune", "coin", tags)
    assert services_of(oriented(db, bearn, wanted).answers) == ["a", "b"]
    assert services_of(oriented(db, bearn, wanted, dalo=True).answers) == ["b", "a"]


def test_what_is_far_is_told_last_and_not_at_all_to_who_asks_nearby(db: Db, bearn: Site) -> None:
    catalogue, tags = read(db), need("logement").tags
    everywhere = orient(db, catalogue, bearn, Asking(tags), MONDAY).answers
    nearby = orient(db, catalogue, bearn, Asking(tags, nearby=True), MONDAY).answers
    far = {"reliances-suivi", "reliances-studios", "reliances-hebergement-temporaire"}
    assert far <= set(services_of(everywhere[-5:]))
    assert not far & set(services_of(nearby))


def test_of_many_services_outside_the_best_are_told_and_the_others_counted(
    db: Db, bearn: Site
) -> None:
    many = [
        Listing(id=f"x{n}", name=f"Service {n}", organisation="X", needs=frozenset({"droit"}))
        for n in range(100)
    ]
    with db.transaction():
        listings.put(db, many)
    found = orient(db, read(db), bearn, Asking(frozenset({"droit"}), most_outside=4), MONDAY)
    assert len([each for each in found.answers if not each.service]) == 4
    assert found.further == 96


def test_a_service_for_the_staff_is_shown_by_the_desk_and_never_to_a_visitor(
    db: Db, bearn: Site
) -> None:
    for tile in NEEDS:
        assert STAFF_ONLY not in services_of(answers(db, bearn, tile, MONDAY))
    assert STAFF_ONLY in services_of(answers(db, bearn, need("logement"), MONDAY, STAFF))


@pytest.mark.parametrize("audience", [VISITOR, STAFF], ids=["visitor", "staff"])
def test_a_meeting_of_professionals_is_never_an_answer(
    db: Db, house: HouseText, bearn: Site, audience: frozenset[str]
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
        assert DESK not in services_of(answers(db, bearn, tile, MONDAY, STAFF))


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
