import multiprocessing
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from accueil.store import journal
from accueil.store.db import Db, Store
from accueil.store.errors import Busy, Refused, StoreError, Unwritable
from accueil.store.journal import Event
from tests.personae import KEY, MONDAY

COLUMNS = "(id, kind, zone, first_day, last_day, reason, source)"
ADD = f"INSERT INTO closure {COLUMNS} VALUES (:day, 'house', '', :day, :day, 'fermé', 'text')"
COUNT = "SELECT count(*) AS n FROM closure"


def test_a_transaction_keeps_all_of_its_rows(db: Db) -> None:
    with db.transaction():
        db.run(ADD, day="2026-12-24")
        db.run(ADD, day="2026-12-25")
    assert db.one(COUNT) == {"n": 2}


class Failure(BaseException):
    """Anything at all: an error of ours, an interruption from the keyboard."""


def add_and_fail(db: Db) -> None:
    with db.transaction():
        db.run(ADD, day="2026-12-24")
        raise Failure


def add_inside_and_fail(db: Db) -> None:
    with db.transaction():
        with db.transaction():
            db.run(ADD, day="2026-12-24")
        raise Failure


def add_and_fail_inside(db: Db) -> None:
    with db.transaction():
        db.run(ADD, day="2026-12-24")
        with db.transaction():
            raise Failure


def test_a_transaction_that_fails_keeps_none_of_its_rows(db: Db) -> None:
    with pytest.raises(Failure):
        add_and_fail(db)
    assert db.one(COUNT) == {"n": 0}
    assert not db.in_transaction


def test_a_transaction_inside_another_is_undone_with_it(db: Db) -> None:
    with pytest.raises(Failure):
        add_inside_and_fail(db)
    assert db.one(COUNT) == {"n": 0}


def test_a_failure_inside_undoes_what_surrounds_it(db: Db) -> None:
    with pytest.raises(Failure):
        add_and_fail_inside(db)
    assert db.one(COUNT) == {"n": 0}


def test_a_transaction_inside_another_is_part_of_it(db: Db) -> None:
    with db.transaction():
        with db.transaction():
            db.run(ADD, day="2026-12-24")
        assert db.in_transaction
    assert not db.in_transaction
    assert db.one(COUNT) == {"n": 1}


def test_a_transaction_can_follow_one_that_failed(db: Db) -> None:
    with pytest.raises(Refused), db.transaction():
        db.run(ADD, day=None)
    with db.transaction():
        db.run(ADD, day="2026-12-24")
    assert db.one(COUNT) == {"n": 1}


def test_readers_see_the_last_commit_and_wait_for_nobody(store: Store, db: Db) -> None:
    with store.connection() as reader:
        with db.transaction():
            db.run(ADD, day="2026-12-24")
            assert reader.one(COUNT) == {"n": 0}
        assert reader.one(COUNT) == {"n": 1}


def test_writers_take_turns(store: Store) -> None:
    inside: list[int] = []
    most: list[int] = []

    def write_a_while(first: int) -> None:
        with store.connection() as db:
            for day in range(first, first + 20):
                with db.transaction():
                    inside.append(day)
                    most.append(len(inside))
                    db.run(ADD, day=f"day {day}")
                    inside.remove(day)

    threads = [threading.Thread(target=write_a_while, args=(i * 100,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    with store.connection() as db:
        assert db.one(COUNT) == {"n": 80}


def test_one_gives_the_first_row_or_none(db: Db) -> None:
    assert db.one("SELECT 1 AS a, 2 AS b") == {"a": 1, "b": 2}
    assert db.one("SELECT 1 AS a WHERE 1 = 2") is None


def test_run_says_how_many_rows_changed(db: Db) -> None:
    with db.transaction():
        assert db.run(ADD, day="2026-12-24") == 1
        assert db.run("UPDATE closure SET reason = 'autre'") == 1
        assert db.run("DELETE FROM closure WHERE reason = 'fermé'") == 0


def test_a_connection_given_back_is_lent_again(store: Store) -> None:
    first, second = store.take(), store.take()
    assert first is not second
    store.give_back(first)
    assert store.take() is first
    store.give_back(first)
    store.give_back(second)


@pytest.mark.parametrize(
    "sql",
    [
        f"INSERT INTO closure {COLUMNS} VALUES"
        " ('a', 'house', '', '2026-12-24', '2026-12-24', 'twice', 'text')",
        f"INSERT INTO closure {COLUMNS} VALUES"
        " ('a', 'house', '', '2026-12-26', '2026-12-25', 'ends before it begins', 'text')",
        f"INSERT INTO closure {COLUMNS} VALUES"
        " ('a', 'house', '', '2026-12-26', '2026-12-27', NULL, 'text')",
        f"INSERT INTO closure {COLUMNS} VALUES"
        " ('a', 'house', '', '2026-12-26', '2026-12-27', x'00', 'text')",
        "INSERT INTO room VALUES ('attic', 'nowhere', 'Grenier', 1, '', 0, 0)",
        "UPDATE journal SET verb = 'rewritten'",
    ],
    ids=["unique", "check", "missing", "type", "foreign key", "trigger"],
)
def test_what_the_schema_forbids_is_refused(db: Db, sql: str) -> None:
    with db.transaction():
        db.run(ADD, day="2026-12-24")
        journal.write(db, Event("tried", "house"), MONDAY)
    with pytest.raises(Refused), db.transaction():
        db.run(sql)


def test_a_file_that_another_process_keeps_is_busy(path: Path, db: Db) -> None:
    db.all("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy), db.transaction():
            db.run(ADD, day="2026-12-24")
        assert db.one(COUNT) == {"n": 0}
        other.execute("ROLLBACK")
    with db.transaction():
        db.run(ADD, day="2026-12-24")


def test_a_read_only_file_is_unwritable_and_still_read(path: Path, db: Db) -> None:
    with closing(
        sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    ) as connection:
        read_only = Db(connection, threading.Lock(), KEY)
        with pytest.raises(Unwritable), read_only.transaction():
            read_only.run(ADD, day="2026-12-24")
        assert read_only.one(COUNT) == {"n": 0}


def test_a_folder_that_is_not_there_is_unwritable(tmp_path: Path) -> None:
    store = Store(tmp_path / "nowhere" / "accueil.db", KEY)
    with pytest.raises(Unwritable):
        store.take()


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
def test_a_file_that_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "accueil.db").write_bytes(b"this is a letter, not a database " * 100)
    store = Store(tmp_path / "accueil.db", KEY)
    with pytest.raises(StoreError), store.connection() as db:
        db.one(COUNT)


def test_a_wrong_statement_is_a_store_error(db: Db) -> None:
    with pytest.raises(StoreError):
        db.all("SELECT hope FROM nowhere")


def test_a_full_file_keeps_what_was_recorded_and_can_be_read(db: Db) -> None:
    pages = db.all("PRAGMA page_count")[0]["page_count"]
    db.all(f"PRAGMA max_page_count = {pages + 2}")
    recorded = list(record_until_unwritable(db, "x" * 500))
    assert recorded
    assert not db.in_transaction
    assert [row["seq"] for row in db.all("SELECT seq FROM journal ORDER BY seq")] == recorded
    assert journal.first_broken(db) is None


def record_until_unwritable(db: Db, ink: str) -> Iterator[int]:
    """Each event's number, once its transaction is over."""
    while True:
        try:
            with db.transaction():
                seq = journal.write(db, Event("filled", "house", data={"ink": ink}), MONDAY)
        except Unwritable:
            return
        yield seq


def test_a_full_disk_loses_nothing_that_was_acknowledged(path: Path, db: Db) -> None:
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    process = spawn.Process(target=write_until_full, args=(path, there))
    process.start()
    there.close()
    acknowledged = []
    while (received := here.recv()) != "unwritable":
        acknowledged.append(received)
    process.join()
    here.close()
    assert process.exitcode == 0
    assert acknowledged
    kept = [row["seq"] for row in db.all("SELECT seq FROM journal ORDER BY seq")]
    assert kept == acknowledged
    assert journal.first_broken(db) is None
    with db.transaction():
        journal.write(db, Event("went on", "house"), MONDAY)


def write_until_full(path: Path, acknowledge: Connection) -> None:
    """In a process of its own, whose files may not grow: the kernel refuses the next page."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    store = Store(path, KEY)
    with store.connection() as db:
        for seq in record_until_unwritable(db, ""):
            acknowledge.send(seq)
    acknowledge.send("unwritable")
    store.close()
