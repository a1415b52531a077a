"""The SQLite engine: how a connection is opened, and what its errors mean to the rest."""

import sqlite3
import time
from pathlib import Path

from accueil.store.errors import Busy, Refused, StoreError, Taken, Unwritable

BUSY_TIMEOUT_S = 10
# secure_delete: what is forgotten is overwritten in the file, not only unlinked.
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -500",
)


def connect(path: Path, *, foreign_keys: bool = True) -> sqlite3.Connection:
    """Open `path`. Transactions are ours to begin; any thread may use it, one at a time."""
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
        if not foreign_keys:
            connection.execute("PRAGMA foreign_keys = OFF")
    except sqlite3.Error as error:
        raise translated(error) from error
    return connection


def use_wal(connection: sqlite3.Connection) -> None:
    """Write-ahead logging persists in the file: set once, when the file is made ready.

    The switch does not wait for other processes by itself, whatever the busy timeout.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def translated(error: sqlite3.Error) -> StoreError:
    """The store's own error for one of the engine's."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return Taken(str(error))
    if isinstance(error, sqlite3.IntegrityError):
        return Refused(str(error))
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(str(error))
    if primary in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
    ):
        return Unwritable(str(error))
    return StoreError(str(error))
