import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accueil.store import journal
from accueil.store.db import Db, Store
from accueil.store.errors import Refused
from accueil.store.journal import Event
from accueil.store.migrations import migrate
from tests.personae import KEY, MONDAY

EVENTS = 8
TEXTS = ("at", "actor", "verb", "data", "previous", "seal")


def fill(db: Db) -> None:
    for number in range(EVENTS):
        with db.transaction():
            data = {"number": number, "said": "né à Évry"}
            event = Event("arrived", "kiosk", ("bearn", None)[number % 2], None, data)
            journal.write(db, event, MONDAY)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of a few events, closed. Copied, never written."""
    file = tmp_path_factory.mktemp("journal") / "written.db"
    migrate(file)
    store = Store(file, KEY)
    with store.connection() as db:
        fill(db)
    store.close()
    return file


copies = count()


@contextmanager
def forced(written: Path) -> Iterator[Db]:
    """A copy of the file in the hands of somebody who has the file, but not the key."""
    copy = written.with_name(f"copy-{next(copies)}.db")
    shutil.copy(written, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER journal_is_not_rewritten")
        connection.execute("DROP TRIGGER journal_is_not_erased")
        yield Db(connection, threading.Lock(), KEY)
    copy.unlink()


def test_events_are_numbered_from_one_without_gaps(db: Db) -> None:
    fill(db)
    rows = db.all("SELECT seq FROM journal ORDER BY seq")
    assert [row["seq"] for row in rows] == list(range(1, EVENTS + 1))


def write_and_fail(db: Db) -> None:
    with db.transaction():
        journal.write(db, Event("arrived", "kiosk"), MONDAY)
        raise LookupError


def test_an_event_undone_with_its_transaction_leaves_no_gap(db: Db) -> None:
    with pytest.raises(LookupError):
        write_and_fail(db)
    fill(db)
    assert journal.first_broken(db) is None


def test_an_event_is_written_with_what_it_records_or_not_at_all(db: Db) -> None:
    with pytest.raises(RuntimeError):
        journal.write(db, Event("arrived", "kiosk"), MONDAY)


def test_each_site_has_its_own_version(db: Db) -> None:
    assert journal.version(db, "bearn") == 0
    with db.transaction():
        journal.write(db, Event("arrived", "kiosk", "bearn"), MONDAY)
        journal.write(db, Event("arrived", "kiosk", "mandela"), MONDAY)
        journal.write(db, Event("logged in", "nadia"), MONDAY)
    assert (journal.version(db, "bearn"), journal.version(db, "mandela")) == (1, 2)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET verb = 'left' WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 1",
        "DELETE FROM journal",
    ],
)
def test_the_journal_is_only_ever_added_to(db: Db, sql: str) -> None:
    fill(db)
    with pytest.raises(Refused, match="append-only"), db.transaction():
        db.run(sql)
    assert journal.first_broken(db) is None


def test_a_journal_as_it_was_written_is_intact(written: Path) -> None:
    with forced(written) as db:
        assert journal.first_broken(db) is None


def test_an_empty_journal_is_intact(db: Db) -> None:
    assert journal.first_broken(db) is None


places = st.integers(1, EVENTS)
# What a TEXT column can hold.
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(seq=places, column=st.sampled_from(TEXTS), value=words)
def test_a_row_that_was_altered_is_found(written: Path, seq: int, column: str, value: str) -> None:
    with forced(written) as db:
        row = db.one("SELECT * FROM journal WHERE seq = :seq", seq=seq)
        assume(row is not None and row[column] != value)
        db.run(f"UPDATE journal SET {column} = :value WHERE seq = :seq", value=value, seq=seq)
        assert journal.first_broken(db) == seq


@given(
    seq=places,
    column=st.sampled_from(["site_id", "visit_id"]),
    value=st.none() | words,
)
def test_a_row_that_was_given_to_another_is_found(
    written: Path, seq: int, column: str, value: str | None
) -> None:
    with forced(written) as db:
        row = db.one("SELECT * FROM journal WHERE seq = :seq", seq=seq)
        assume(row is not None and row[column] != value)
        db.run(f"UPDATE journal SET {column} = :value WHERE seq = :seq", value=value, seq=seq)
        assert journal.first_broken(db) == seq


@given(seq=st.integers(1, EVENTS - 1))
def test_a_row_that_was_removed_is_found(written: Path, seq: int) -> None:
    with forced(written) as db:
        db.run("DELETE FROM journal WHERE seq = :seq", seq=seq)
        assert journal.first_broken(db) == seq


@given(seq=st.integers(1, EVENTS - 1))
def test_a_row_that_was_removed_and_the_gap_closed_is_found(written: Path, seq: int) -> None:
    with forced(written) as db:
        db.run("DELETE FROM journal WHERE seq = :seq", seq=seq)
        for later in range(seq + 1, EVENTS + 1):
            db.run("UPDATE journal SET seq = seq - 1 WHERE seq = :seq", seq=later)
        assert journal.first_broken(db) == seq


@given(one=places, other=places)
def test_two_rows_that_were_exchanged_are_found(written: Path, one: int, other: int) -> None:
    assume(one != other)
    with forced(written) as db:
        db.run("UPDATE journal SET seq = -1 WHERE seq = :one", one=one)
        db.run("UPDATE journal SET seq = :one WHERE seq = :other", one=one, other=other)
        db.run("UPDATE journal SET seq = :other WHERE seq = -1", other=other)
        assert journal.first_broken(db) == min(one, other)


def test_a_row_written_without_the_key_is_found(written: Path) -> None:
    with forced(written) as db:
        db.key = b"somebody else's key"
        with db.transaction():
            journal.write(db, Event("arrived", "kiosk", "bearn"), MONDAY)
        db.key = KEY
        assert journal.first_broken(db) == EVENTS + 1
