"""The schema, step by step: each numbered .sql file beside this one runs once, for good."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlite_utils import Database, Migrations

from accueil.store import sqlite

FOLDER = Path(__file__).parent


def migrate(path: Path) -> None:
    """Make the file at `path` ready, creating it if need be.

    Everything runs inside one immediate transaction, so that two servers starting together,
    or a kill half-way, leave either the old schema or the new one.
    """
    connection = sqlite.connect(path, foreign_keys=False)
    try:
        sqlite.use_wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        _steps().apply(Database(connection))
        _refuse_orphans(connection)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise sqlite.translated(error) from error
    finally:
        connection.close()


def _steps() -> Migrations:
    migrations = Migrations("accueil")
    for file in sorted(FOLDER.glob("*.sql")):
        migrations(name=file.stem)(_step(file.read_text(encoding="utf-8")))
    return migrations


def _step(script: str) -> Callable[[Database], None]:
    def apply(db: Database) -> None:
        for statement in _statements(script):
            db.conn.execute(statement)

    return apply


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger's inner semicolons do not end it."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _refuse_orphans(connection: sqlite3.Connection) -> None:
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise sqlite3.IntegrityError(f"the migration leaves {len(orphans)} orphan rows")
