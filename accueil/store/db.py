"""The state in four words: `one`, `all`, `run` and `transaction`.

SQL is written by hand, with `:named` parameters, in the subset that SQLite and PostgreSQL
share. A `Db` is one connection, used by one thread at a time; a `Store` lends them.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from accueil.store import sqlite
from accueil.store.errors import Busy

Row = dict[str, Any]
MOST_IDLE = 16


class _TakenBack(Exception):
    """Ends a rehearsal."""


class Db:
    """One connection. Reads see the last commit; writes happen inside `transaction`."""

    def __init__(self, connection: sqlite3.Connection, writing: threading.Lock, key: bytes):
        self._connection = connection
        self._writing = writing
        self.key = key
        connection.row_factory = _as_dict

    def one(self, sql: str, **values: object) -> Row | None:
        """The first row, or None."""
        rows = self.all(sql, **values)
        return rows[0] if rows else None

    def all(self, sql: str, **values: object) -> list[Row]:
        """Every row, as dictionaries."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise sqlite.translated(error) from error

    def run(self, sql: str, **values: object) -> int:
        """Execute a statement; how many rows it changed."""
        try:
            return self._connection.execute(sql, values).rowcount
        except sqlite3.Error as error:
            raise sqlite.translated(error) from error

    def many(self, sql: str, rows: Iterable[Row]) -> None:
        """Execute a statement once for each row of values."""
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise sqlite.translated(error) from error

    @property
    def store(self) -> object:
        """What is the same for every connection of one store, and of no other."""
        return self._writing

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and alone: no other writer of any process runs meanwhile.

        A transaction begun inside another is part of it. The process-wide lock comes before
        the engine's own because the latter is unfair: some writers would wait for seconds.
        """
        if self.in_transaction:
            yield
            return
        if not self._writing.acquire(timeout=sqlite.BUSY_TIMEOUT_S):
            raise Busy("another writer of this process does not end")
        try:
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                if self.in_transaction:
                    self.run("ROLLBACK")
                raise
        finally:
            self._writing.release()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """A transaction that is taken back at its end, to look at what it would change."""
        if self.in_transaction:
            raise RuntimeError("what is inside a transaction cannot be taken back alone")
        try:
            with self.transaction():
                yield
                raise _TakenBack
        except _TakenBack:
            return

    def close(self) -> None:
        self._connection.close()


class Store:
    """One database file. `key` seals the journal and must live outside the file."""

    def __init__(self, path: Path, key: bytes):
        self.path = path
        self.key = key
        self._writing = threading.Lock()
        self._idle: deque[Db] = deque()

    def take(self) -> Db:
        """A connection for the caller alone, until `give_back`; the warmest one first."""
        try:
            return self._idle.pop()
        except IndexError:
            return Db(sqlite.connect(self.path), self._writing, self.key)

    def give_back(self, db: Db) -> None:
        """Keep it warm for the next; not one that could not end its transaction, nor too many."""
        if db.in_transaction or len(self._idle) >= MOST_IDLE:
            db.close()
        else:
            self._idle.append(db)

    @contextmanager
    def connection(self) -> Iterator[Db]:
        """`take` and `give_back` around a block."""
        db = self.take()
        try:
            yield db
        finally:
            self.give_back(db)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _as_dict(cursor: sqlite3.Cursor, row: tuple[object, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
