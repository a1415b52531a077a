"""Everybody arrives at once, at kiosks that four processes serve."""

import multiprocessing
import threading
from multiprocessing.synchronize import Barrier
from pathlib import Path

from accueil.house.text import HouseText
from accueil.store import journal
from accueil.store.codes import new_code
from accueil.store.db import Db, Store
from tests.personae import KEY, arrive

PROCESSES, THREADS = 4, 50


def test_200_people_who_arrive_at_once_have_200_numbers(
    path: Path, db: Db, house: HouseText
) -> None:
    codes = [[new_code() for _ in range(THREADS)] for _ in range(PROCESSES)]
    numbers, errors = at_once(path, codes)
    assert errors == []
    assert sorted(numbers) == list(range(1, PROCESSES * THREADS + 1))
    assert db.one("SELECT count(*) AS n FROM queue_entry WHERE state = 'waiting'") == {"n": 200}
    assert journal.first_broken(db) is None


def test_one_tap_that_reaches_every_process_is_one_visit(
    path: Path, db: Db, house: HouseText
) -> None:
    code = new_code()
    numbers, errors = at_once(path, [[code] * 5 for _ in range(PROCESSES)])
    assert errors == []
    assert set(numbers) == {1}
    assert db.one("SELECT count(*) AS n FROM queue_entry") == {"n": 1}


def at_once(path: Path, codes: list[list[str]]) -> tuple[list[int], list[str]]:
    """The numbers given to these codes, one list a process and one code a thread."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(sum(map(len, codes)))
    with spawn.Pool(len(codes), initializer=meet_at, initargs=(barrier,)) as pool:
        answers = pool.starmap(register, [(path, each) for each in codes], chunksize=1)
        pool.close()
        pool.join()
    return [n for numbers, _ in answers for n in numbers], [e for _, es in answers for e in es]


def meet_at(barrier: Barrier) -> None:
    global meeting
    meeting = barrier


def register(path: Path, codes: list[str]) -> tuple[list[int], list[str]]:
    """In a process of its own: one thread a person, all at the same moment."""
    store = Store(path, KEY)
    numbers: list[int] = []
    errors: list[str] = []

    def one(code: str) -> None:
        with store.connection() as db:
            meeting.wait(60)
            try:
                numbers.append(arrive(db, code=code).number)
            except Exception as error:
                errors.append(repr(error))

    threads = [threading.Thread(target=one, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    return numbers, errors
