"""What a day did not keep is found in its database."""

from datetime import timedelta

from accueil.house.accounts import Account
from accueil.house.sites import Site, site
from accueil.house.text import HouseText
from accueil.reception import calls, visits
from accueil.simulation import promises
from accueil.store.db import Db
from tests.personae import BEARN, MONDAY, PARQUET, after, arrive, claire_calling, turn_of

EVENING = MONDAY + timedelta(hours=10)


def broken(db: Db, shown: dict[int, tuple[int, int]] | None = None) -> list[str]:
    return promises.broken(db, bearn(db), EVENING, shown or {})


def bearn(db: Db) -> Site:
    return site(db, BEARN)


def test_a_day_that_ended_well_has_kept_everything(db: Db, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    calls.call_next(db, [PARQUET], claire_calling(claire), after(60))
    calls.recall(db, turn_of(db, visit).id, claire.id, after(120))
    calls.finish(db, turn_of(db, visit).id, claire.id, after(600))
    assert broken(db) == []
    numbers = promises.numbers(db, bearn(db), EVENING)
    assert (numbers.visits, numbers.turns, numbers.recalls) == (1, 1, 1)
    assert numbers.longest == 1


def test_a_visit_without_an_end_is_found(db: Db, house: HouseText) -> None:
    arrive(db, service_id=PARQUET)
    assert broken(db) == ["visit 1 has no outcome", "visit 1 ended with a turn to come"]


def test_a_number_that_sounds_again_by_itself_is_found(db: Db, claire: Account) -> None:
    visit = arrive(db, service_id=PARQUET)
    calls.call_next(db, [PARQUET], claire_calling(claire), after(60))
    with db.transaction():
        db.run(
            "INSERT INTO call (id, entry_id, nth, site_id, day, number, room_id, called_at,"
            " withdrawn) SELECT 'again', entry_id, 2, site_id, day, number, room_id, called_at, 0"
            " FROM call"
        )
    calls.finish(db, turn_of(db, visit).id, claire.id, after(600))
    assert broken(db) == ["visit 1 was called twice without a recall"]


def test_somebody_who_is_passed_too_often_is_found(db: Db, claire: Account) -> None:
    passed = arrive(db, service_id=PARQUET)
    others = [arrive(db, service_id=PARQUET, at=after(nth)) for nth in range(1, 5)]
    for nth, other in enumerate(others):
        calls.call(db, turn_of(db, other).id, claire_calling(claire), after(60 + nth))
        calls.finish(db, turn_of(db, other).id, claire.id, after(60.5 + nth))
    visits.close(db, passed.id, "left", claire.id, after(600))
    assert broken(db) == ["visit 1 was passed 4 times"]


def test_a_range_that_was_read_and_not_kept_is_found(db: Db, house: HouseText) -> None:
    visit = arrive(db, service_id=PARQUET)
    visits.close(db, visit.id, "left", "an agent", after(60))
    assert broken(db, {1: (5, 10)}) == ["visit 1 read 5 to 10 min, which was not kept"]
