"""The poster at the door changes every minute, by the house's clock and secret alone."""

from datetime import timedelta

import pytest

from accueil.house.sites import Unknown
from accueil.house.text import HouseText
from accueil.reception.poster import FILLED_IN, Changed, poster, shows, site_of
from accueil.store.codes import LETTERS
from accueil.store.db import Db
from tests.personae import BEARN, MANDELA, MONDAY

MINUTE = timedelta(minutes=1)


def test_a_minute_has_one_poster_and_the_next_another(db: Db, house: HouseText) -> None:
    shown = [poster(db, BEARN, MONDAY + nth * MINUTE) for nth in range(60)]
    assert poster(db, BEARN, MONDAY + timedelta(seconds=59)) == shown[0]
    assert len({each.token for each in shown}) == 60
    assert all(set(each.token + each.letters) <= set(LETTERS) for each in shown)
    assert poster(db, MANDELA, MONDAY).letters != shown[0].letters


def test_it_counts_for_three_minutes_and_not_before(db: Db, house: HouseText) -> None:
    shown = poster(db, BEARN, MONDAY)
    for minutes in (0, 1, 2):
        assert site_of(db, shown.token, MONDAY + minutes * MINUTE).id == BEARN
        assert shows(db, BEARN, shown.letters, MONDAY + minutes * MINUTE)
    for minutes in (-1, 3, 10**6):
        assert not shows(db, BEARN, shown.letters, MONDAY + minutes * MINUTE)
        with pytest.raises(Changed):
            site_of(db, shown.token, MONDAY + minutes * MINUTE)


def test_its_forms_may_be_filled_in_for_a_quarter_of_an_hour(db: Db, house: HouseText) -> None:
    token = poster(db, BEARN, MONDAY).token
    assert site_of(db, token, MONDAY + 14 * MINUTE, within=FILLED_IN).id == BEARN
    with pytest.raises(Changed):
        site_of(db, token, MONDAY + 15 * MINUTE, within=FILLED_IN)


@pytest.mark.parametrize("token", ["", "B", "É" * 17, "B" * 17, "1234567890", "B" * 10_000])
def test_what_no_door_showed_is_unknown(token: str, db: Db, house: HouseText) -> None:
    with pytest.raises(Unknown):
        site_of(db, token, MONDAY)
    assert not shows(db, BEARN, token, MONDAY)


def test_letters_of_one_site_are_not_the_other_s(db: Db, house: HouseText) -> None:
    assert not shows(db, MANDELA, poster(db, BEARN, MONDAY).letters, MONDAY)
