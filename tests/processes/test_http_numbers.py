"""Two hundred people touch two hundred kiosks at once, at a server of four processes."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from accueil.store import journal
from accueil.store.codes import new_code
from accueil.store.db import Store
from tests.processes.server import Server, furnish, serving

PEOPLE, WORKERS = 200, 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def store(folder: Path) -> Store:
    return furnish(folder)


@pytest.fixture(scope="module")
def server(folder: Path, store: Store) -> Iterator[Server]:
    with serving(folder, WORKERS) as running:
        yield running


def test_200_kiosks_touched_at_once_give_200_numbers(server: Server, store: Store) -> None:
    numbers, others = at_once(server, [new_code() for _ in range(PEOPLE)])
    assert others == []
    assert sorted(numbers) == list(range(1, PEOPLE + 1))
    with store.connection() as db:
        assert journal.first_broken(db) is None
    store.close()


def test_one_finger_that_reaches_every_process_has_one_number(server: Server) -> None:
    numbers, others = at_once(server, [new_code()] * 20)
    assert (len(numbers), len(set(numbers)), others) == (20, 1, [])


def at_once(server: Server, codes: list[str]) -> tuple[list[int], list[object]]:
    """The numbers of those who had one, and what the others were answered."""
    barrier = threading.Barrier(len(codes))
    numbers: list[int] = []
    others: list[object] = []

    def person(code: str) -> None:
        barrier.wait(60)
        try:
            status, number = server.register(code)
        except Exception as error:
            others.append(error)
        else:
            (numbers if status == 200 and number else others).append(number or status)

    people = [threading.Thread(target=person, args=(code,)) for code in codes]
    for each in people:
        each.start()
    for each in people:
        each.join()
    return numbers, others
