"""The lines that are kept for every phone: what a look finds is always what is there."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import Site, site
from accueil.house.text import HouseText
from accueil.planning.permanences import opening
from accueil.reception import calls, passages, queue, visits, waits
from accueil.reception.change import undo, undoable
from accueil.reception.lines import MOST_NAMED, Lines
from accueil.reception.visits import Visit
from accueil.store.db import Db, Store
from tests.personae import (
    BEARN,
    DESK,
    KEY,
    MANDELA,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    after,
    arrive,
    claire_calling,
    turn_of,
)
from tests.reception.measured import some_weeks

DAY = "2026-11-23"


@pytest.fixture
def place(db: Db, house: HouseText) -> Site:
    return site(db, BEARN)


@pytest.fixture
def lines() -> Lines:
    return Lines()


def same(lines: Lines, db: Db, place: Site) -> bool:
    """Whether what is kept is what would be read."""
    kept = list(lines.now(db, place, MONDAY).turns.values())
    return kept == queue.lines_of_site(db, place.id, DAY)


def four(db: Db) -> list[Visit]:
    """Four people for the Parquet."""
    return [arrive(db, service_id=PARQUET, at=after(nth)) for nth in range(4)]


Change = Callable[[Db, list[Visit], Account], object]
CHANGES: dict[str, Change] = {
    "somebody comes": lambda db, _, __: arrive(db, service_id=PARQUET, at=after(9)),
    "somebody leaves": lambda db, people, _: calls.leave(db, people[0].id, after(9)),
    "the second is called": lambda db, people, claire: calls.call(
        db, turn_of(db, people[1]).id, claire_calling(claire), after(9)
    ),
    "precedence": lambda db, people, claire: passages.give_precedence(
        db, people[3].id, True, claire.id, after(9)
    ),
    "a pause": lambda db, people, claire: passages.park(
        db, turn_of(db, people[1]).id, "air", after(600), claire.id, after(9)
    ),
    "sent elsewhere": lambda db, people, claire: passages.send_to(
        db, people[2].id, MISSION_LOCALE, claire.id, after(9)
    ),
    "in private": lambda db, people, _: visits.ask_in_private(
        db, people[2].id, "visitor", after(9)
    ),
    "at another site": lambda db, _, __: arrive(
        db, site_id=MANDELA, service_id=PARQUET, at=after(9)
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_next_look_sees_a_change_of_another_connection_and_its_undo(
    name: str, db: Db, path: Path, place: Site, claire: Account, lines: Lines
) -> None:
    people = four(db)
    elsewhere = Store(path, KEY)
    assert same(lines, db, place)
    with elsewhere.connection() as other:
        CHANGES[name](other, people, claire)
        assert same(lines, db, place)
        last = undoable(other, claire.id, after(10))
        if last:
            undo(other, last.seq, claire.id, after(10))
            assert same(lines, db, place)
    elsewhere.close()


def test_a_call_and_all_that_it_passes_are_read_again(
    db: Db, place: Site, claire: Account, lines: Lines
) -> None:
    people = four(db)
    assert same(lines, db, place)
    CHANGES["the second is called"](db, people, claire)
    first = lines.now(db, place, MONDAY).turns[turn_of(db, people[0]).id]
    assert first.passed == 1
    last = undoable(db, claire.id, after(10))
    assert last
    undo(db, last.seq, claire.id, after(10))
    first = lines.now(db, place, MONDAY).turns[turn_of(db, people[0]).id]
    assert first.passed == 0


def test_another_site_s_line_is_its_own(db: Db, place: Site, lines: Lines) -> None:
    four(db)
    there = site(db, MANDELA)
    assert same(lines, db, place)
    assert same(lines, db, there)
    arrive(db, site_id=MANDELA, service_id=PARQUET, at=after(9))
    assert same(lines, db, there)
    assert same(lines, db, place)
    assert len(lines.now(db, there, MONDAY).turns) == 1


def test_two_houses_are_never_mixed(
    db: Db, place: Site, furnished: Path, tmp_path: Path, lines: Lines
) -> None:
    four(db)
    other = Store(tmp_path / "other.db", KEY)
    other.path.write_bytes(furnished.read_bytes())
    assert same(lines, db, place)
    with other.connection() as empty:
        assert Lines().now(empty, place, MONDAY).turns == {}
    other.close()


def test_what_is_taken_back_is_never_kept(db: Db, place: Site, lines: Lines) -> None:
    four(db)
    with db.rehearsal():
        arrive(db, service_id=PARQUET, at=after(9))
        assert len(lines.now(db, place, MONDAY).turns) == 5
    assert len(lines.now(db, place, MONDAY).turns) == 4
    arrive(db, service_id=DESK, at=after(10))
    assert same(lines, db, place)


def test_a_reading_far_behind_is_made_anew(db: Db, place: Site, lines: Lines) -> None:
    [first, *_] = four(db)
    assert same(lines, db, place)
    for nth in range(MOST_NAMED + 1):
        passages.give_precedence(db, first.id, nth % 2 == 0, "an agent", after(10 + nth))
    assert same(lines, db, place)


def test_every_answer_is_the_one_that_is_worked_out_alone(
    db: Db, place: Site, claire: Account, lines: Lines
) -> None:
    some_weeks(db, claire.id)
    people = four(db)
    for change in (*CHANGES.values(), lambda *_: None):
        change(db, people, claire)
        for visit in people:
            for turn in queue.open_entries(db, visit.id):
                assert lines.people_before(db, turn, place, after(20)) == queue.people_before(
                    db, turn, after(20)
                )
                assert lines.wait_of(db, turn, place, after(20)) == waits.wait_of(
                    db, turn, after(20)
                )
    found = lines.opening(db, PARQUET, place, after(20))
    assert found == opening(db, PARQUET, BEARN, after(20)) is not None


def test_a_turn_that_was_called_since_it_was_read_is_counted_from_where_it_stood(
    db: Db, place: Site, claire: Account, lines: Lines
) -> None:
    people = four(db)
    read = turn_of(db, people[2])
    calls.call(db, read.id, claire_calling(claire), after(9))
    assert lines.people_before(db, read, place, after(10)) == 2
    assert lines.wait_of(db, read, place, after(10)) is None


def test_threads_find_at_least_what_was_there_when_they_looked(
    store: Store, db: Db, place: Site, lines: Lines
) -> None:
    def look(_nth: int) -> bool:
        with store.connection() as mine:
            there = len(queue.lines_of_site(mine, BEARN, DAY))
            return len(lines.now(mine, place, MONDAY).turns) >= there

    with ThreadPoolExecutor(4) as pool:
        looks = pool.map(look, range(200))
        for nth in range(40):
            arrive(db, service_id=PARQUET, at=after(nth / 10))
        assert all(looks)
    assert same(lines, db, place)


def test_what_another_process_does_is_seen(path: Path, db: Db, place: Site, lines: Lines) -> None:
    assert same(lines, db, place)
    other = multiprocessing.get_context("spawn").Process(target=_come, args=(path,))
    other.start()
    other.join(30)
    assert other.exitcode == 0
    assert same(lines, db, place)
    assert len(lines.now(db, place, MONDAY).turns) == 1


def _come(path: Path) -> None:
    store = Store(path, KEY)
    with store.connection() as db:
        arrive(db, service_id=PARQUET)
    store.close()
