import multiprocessing
import shutil
import sqlite3
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from accueil.store import migrations
from accueil.store.errors import StoreError

PROCESSES, FILES = 4, 40


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_fresh_file_gets_every_step_once(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        applied = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
    assert [name for (name,) in applied] == sorted(p.stem for p in migrations.FOLDER.glob("*.sql"))


def test_migrating_again_changes_nothing(path: Path) -> None:
    before = dump(path)
    migrations.migrate(path)
    assert dump(path) == before


def test_the_file_keeps_a_write_ahead_log(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_later_step_is_added_to_a_file_in_use(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_step(tmp_path, monkeypatch, "CREATE TABLE attic (id TEXT PRIMARY KEY) STRICT;")
    migrations.migrate(path)
    assert any("CREATE TABLE attic" in line for line in dump(path))


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE attic (id TEXT PRIMARY KEY) STRICT;\nINSERT INTO nowhere VALUES (1);",
        "CREATE TABLE attic (id TEXT PRIMARY KEY) STRICT;\n"
        "INSERT INTO room VALUES ('attic', 'nowhere', 'Grenier', 1, '', 0, 0);",
    ],
    ids=["fails half-way", "leaves orphans"],
)
def test_a_step_that_goes_wrong_leaves_the_old_schema(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    before = dump(path)
    add_step(tmp_path, monkeypatch, script)
    with pytest.raises(StoreError):
        migrations.migrate(path)
    assert dump(path) == before


def add_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    folder = tmp_path / "steps"
    shutil.copytree(migrations.FOLDER, folder)
    (folder / "9999_attic.sql").write_text(script, encoding="utf-8")
    monkeypatch.setattr(migrations, "FOLDER", folder)


def test_servers_that_start_together_make_one_file_ready_without_error(tmp_path: Path) -> None:
    """On many fresh files in turn, since the moment that could go wrong is a short one."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(PROCESSES)
    with spawn.Pool(PROCESSES, initializer=meet_at, initargs=(barrier,)) as pool:
        errors = pool.map(migrate_each, [tmp_path] * PROCESSES, chunksize=1)
        pool.close()
        pool.join()
    assert [error for each in errors for error in each] == []
    migrations.migrate(tmp_path / "alone.db")
    assert schema(tmp_path / "0.db") == schema(tmp_path / "alone.db")


def schema(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return sorted(sql for (sql,) in rows)


def meet_at(barrier: Barrier) -> None:
    global meeting
    meeting = barrier


def migrate_each(folder: Path) -> list[str]:
    errors = []
    for number in range(FILES):
        meeting.wait(30)
        try:
            migrations.migrate(folder / f"{number}.db")
        except Exception as error:
            errors.append(f"{number}: {error!r}")
    return errors
