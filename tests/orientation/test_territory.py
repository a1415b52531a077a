import pytest

from accueil.house.sites import site
from accueil.house.text import HouseText
from accueil.orientation.catalogue import Candidate, read
from accueil.orientation.facts import BadFact
from accueil.orientation.territory import (
    FARTHER,
    SAME_DEPARTEMENT,
    SAME_REGION,
    SAME_TOWN,
    home_of,
    placed,
    region_of,
)
from accueil.store.db import Db
from tests.personae import BEARN


def candidate(db: Db, listing_id: str) -> Candidate:
    return next(each for each in read(db).candidates if each.id == listing_id)


@pytest.mark.parametrize(
    ("listing_id", "distance"),
    [
        ("ecs-clic6", SAME_TOWN),
        ("arfog-solibail", SAME_DEPARTEMENT),
        ("essor93-altho", SAME_REGION),
        ("reliances-partenaire-dal", FARTHER),
        ("aide-accueil-action-mutualisee", FARTHER),
    ],
)
def test_how_near_a_service_is(db: Db, house: HouseText, listing_id: str, distance: int) -> None:
    assert home_of(site(db, BEARN)).distance(candidate(db, listing_id)) == distance


@pytest.mark.parametrize(
    ("departement", "region"), [("93", "11"), ("2A", "94"), ("974", "04"), ("31", "76"), ("99", "")]
)
def test_the_region_of_a_departement(departement: str, region: str) -> None:
    assert region_of(departement) == region


def test_a_commune_is_known_by_its_codes_and_its_territories() -> None:
    told = placed({"commune": frozenset({"chevilly larue"})})
    commune = told["commune"]
    assert isinstance(commune, frozenset)
    assert {"Chevilly-Larue", "94021", "94"} <= commune
    assert told["departement"] == {"94"}


def test_homonyms_share_their_name_only() -> None:
    told = placed({"commune": frozenset({"Saint-Denis"})})
    commune = told["commune"]
    assert isinstance(commune, frozenset)
    assert "Saint-Denis" in commune
    assert not commune & {"93", "974", "93066", "97411"}
    assert "departement" not in told


def test_of_homonyms_the_one_near_the_house_is_meant(db: Db, house: HouseText) -> None:
    here = home_of(site(db, BEARN))
    fresnes = placed({"commune": frozenset({"fresnes"})}, here)
    commune = fresnes["commune"]
    assert isinstance(commune, frozenset)
    assert {"Fresnes", "94034", "94"} <= commune
    assert fresnes["departement"] == {"94"}
    saint_denis = placed({"commune": frozenset({"Saint-Denis"})}, here)
    assert saint_denis["departement"] == {"93"}


def test_what_was_said_of_the_departement_is_kept() -> None:
    paris = frozenset({"75"})
    told = placed({"commune": frozenset({"Chevilly-Larue"}), "departement": paris})
    assert told["departement"] == paris


def test_a_commune_gives_the_departement_that_was_not_said() -> None:
    told = placed({"commune": frozenset({"Chevilly-Larue"}), "departement": None})
    assert told["departement"] == {"94"}


def test_a_commune_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(BadFact, match="Trifouillis"):
        placed({"commune": frozenset({"Trifouillis-les-Oies"})})


def test_who_said_nothing_of_it_has_no_territory() -> None:
    assert placed({"age": 19.0, "commune": None}) == {"age": 19.0, "commune": None}
    assert placed({"commune": frozenset()}) == {"commune": frozenset()}
