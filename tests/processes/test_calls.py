"""Fifty hosts call the next person at the same moment, from four processes."""

import multiprocessing
import threading
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from accueil.house.text import HouseText
from accueil.reception import calls
from accueil.reception.calls import Host
from accueil.store import journal
from accueil.store.db import Db, Store
from accueil.store.ids import new_id
from tests.personae import BEARN, KEY, PARQUET, PARQUET_ROOM, after, arrive

PROCESSES, HOSTS = 4, 50


@pytest.fixture
def hosts(db: Db, house: HouseText) -> list[Host]:
    """Fifty accounts that nobody logs into: hashing their passwords would take seconds."""
    with db.transaction():
        for number in range(HOSTS):
            db.run(
                "INSERT INTO account (id, login, name, role, password_hash, active, created_at)"
                " VALUES (:id, :login, :login, 'agent', '', 1, '')",
                id=new_id(),
                login=f"host {number}",
            )
    return [Host(row["id"], PARQUET_ROOM) for row in db.all("SELECT id FROM account")]


def test_50_hosts_who_call_at_once_have_50_people(path: Path, db: Db, hosts: list[Host]) -> None:
    for _ in range(HOSTS):
        arrive(db, service_id=PARQUET)
    entries, errors = at_once(path, [hosts[each::PROCESSES] for each in range(PROCESSES)])
    assert errors == []
    assert len(set(entries)) == HOSTS
    assert len(calls.latest(db, BEARN, after(1), HOSTS + 1)) == HOSTS
    assert journal.first_broken(db) is None


def test_the_last_person_is_called_by_one_host_only(path: Path, db: Db, hosts: list[Host]) -> None:
    visit = arrive(db, service_id=PARQUET)
    entries, errors = at_once(path, [hosts[each::PROCESSES] for each in range(PROCESSES)])
    assert errors == []
    assert len([each for each in entries if each]) == 1
    [call] = calls.latest(db, BEARN, after(1), 5)
    assert (call.number, call.nth) == (visit.number, 1)


def test_a_host_who_taps_everywhere_calls_one_person(path: Path, db: Db, hosts: list[Host]) -> None:
    for _ in range(HOSTS):
        arrive(db, service_id=PARQUET)
    entries, errors = at_once(path, [hosts[:1] * 5] * PROCESSES)
    assert errors == []
    assert len(set(entries)) == 1
    assert len(calls.latest(db, BEARN, after(1), 5)) == 1


def at_once(path: Path, hosts: list[list[Host]]) -> tuple[list[str | None], list[str]]:
    """The turns called by these hosts, one list a process and one host a thread."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(sum(map(len, hosts)))
    with spawn.Pool(len(hosts), initializer=meet_at, initargs=(barrier,)) as pool:
        answers = pool.starmap(call, [(path, each) for each in hosts], chunksize=1)
        pool.close()
        pool.join()
    return [e for entries, _ in answers for e in entries], [e for _, es in answers for e in es]


def meet_at(barrier: Barrier) -> None:
    global meeting
    meeting = barrier


def call(path: Path, hosts: list[Host]) -> tuple[list[str | None], list[str]]:
    """In a process of its own: one thread a host, all at the same moment."""
    store = Store(path, KEY)
    entries: list[str | None] = []
    errors: list[str] = []

    def one(host: Host) -> None:
        with store.connection() as db:
            meeting.wait(60)
            try:
                turn = calls.call_next(db, [PARQUET], host, after(1))
                entries.append(turn.id if turn else None)
            except Exception as error:
                errors.append(repr(error))

    threads = [threading.Thread(target=one, args=(host,)) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    return entries, errors
