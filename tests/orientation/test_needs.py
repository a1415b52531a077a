import pytest

from accueil.house.text import HouseText
from accueil.orientation.needs import NEEDS, Need, UnknownNeed, need


@pytest.mark.parametrize("tile", NEEDS, ids=lambda tile: tile.id)
def test_a_tile_is_found_by_its_id(tile: Need) -> None:
    assert need(tile.id) is tile


@pytest.mark.parametrize("need_id", ["", "Logement", "logement ", "fortune"])
def test_what_is_on_no_tile_is_unknown(need_id: str) -> None:
    with pytest.raises(UnknownNeed):
        need(need_id)


def test_no_two_tiles_look_alike() -> None:
    assert len({tile.id for tile in NEEDS}) == len({tile.icon for tile in NEEDS}) == len(NEEDS)


def test_every_public_service_of_the_house_is_behind_some_tile(house: HouseText) -> None:
    tags = frozenset[str]().union(*(tile.tags for tile in NEEDS))
    hidden = [
        each.id
        for each in house.services
        if each.audience == "public" and not each.reception and not tags & set(each.needs)
    ]
    assert hidden == []
