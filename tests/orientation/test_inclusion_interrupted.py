"""An import stops anywhere, or somebody writes here meanwhile: nothing is lost, or left undone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accueil.house.edition import edition
from accueil.orientation import catalogue
from accueil.orientation.catalogue import Catalogues
from accueil.orientation.inclusion import records, taking
from accueil.orientation.listings import Listing, Places, listing, listings, of_source, save
from accueil.store import sqlite
from accueil.store.db import Db, Row
from accueil.store.errors import Unwritable
from accueil.store.journal import first_broken
from tests import personae
from tests.orientation.inclusion_files import file, found, service, structure, take
from tests.personae import MONDAY

RENAMED = structure(1, nom="Nouveau nom", telephone="01 41 80 18 95")
WITHOUT_STRUCTURES = b"[" + file(service(1)).partition(b'"services": [')[2][:-2] + b"]"
FIRST = file(*map(service, range(1, 6)), structures=[structure(1), structure(2)])
THEN = {
    "the first": FIRST,
    "services left": file(service(1), structures=[structure(1), structure(2)]),
    "a structure changed": file(
        *map(service, range(1, 6)), structures=[RENAMED, structure(2)]
    ),
    "a structure left": file(*map(service, range(1, 6)), structures=[structure(2)]),
    "a structure alone changed": file(
        *map(service, range(1, 6)), structures=[structure(1), structure(2, nom="Seule")]
    ),
    "services changed": file(
        *(service(n, nom=f"Mieux {n}") for n in range(1, 6)),
        structures=[structure(1), structure(2)],
    ),
    "a structure has its first service": file(
        *map(service, range(1, 6)), service(6, structure_id="dora--s2"),
        structures=[structure(1), structure(2)],
    ),
    "a structure lost its last service": file(
        *(service(n, structure_id="dora--s2") for n in range(1, 6)),
        structures=[structure(1), structure(2)],
    ),
    "all at once": file(
        service(2, nom="Mieux"), service(7, structure_id="dora--s3"),
        structures=[RENAMED, structure(3)],
    ),
    "another source too": file(
        service(1), service(9, source="mairie", id="mairie--9", structure_id="mairie--s9"),
        structures=[RENAMED, structure(9, source="mairie", id="mairie--s9")],
    ),
    "its structures come later": FIRST,
}  # fmt: skip
BEFORE = {"the first": None, "its structures come later": WITHOUT_STRUCTURES}
SOURCES = ("dora", "mairie")


class Stopping(Db):
    """A disk that takes `writes` more, and no other."""

    writes = -1

    def run(self, sql: str, **values: object) -> int:
        if sql != "ROLLBACK":
            self._count()
        return super().run(sql, **values)

    def many(self, sql: str, rows: Any) -> None:
        self._count()
        super().many(sql, rows)

    def _count(self) -> None:
        self.writes -= 1
        if self.writes == -1:
            raise Unwritable("no more room")


class Shared(Db):
    """Somebody else writes each time that nobody does."""

    meanwhile: Callable[[], None] | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self.meanwhile:
            self.meanwhile()
        with super().transaction():
            yield


def opened(kind: type[Any], path: Path) -> Any:
    return kind(sqlite.connect(path), threading.Lock(), personae.KEY)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "PAGE", 2)


@pytest.fixture
def disk(path: Path) -> Iterator[Stopping]:
    made = opened(Stopping, path)
    yield made
    made.close()


@pytest.fixture
def shared(path: Path) -> Iterator[Shared]:
    made = opened(Shared, path)
    yield made
    made.close()


def state(db: Db) -> tuple[list[Row], list[list[Listing]]]:
    """What is kept, and what people read; a version only says how often it was written."""
    kept = db.all("SELECT * FROM inclusion_record ORDER BY kind, source, id")
    read = [[replace(each, version=0) for each in of_source(db, source)] for source in SOURCES]
    return kept, read


def started(db: Stopping, name: str) -> Catalogues:
    """A directory as it was before the file of this name, empty of any other, and a server that
    has read it."""
    db.writes = -1
    with db.transaction():
        db.run("DELETE FROM inclusion_record")
        db.run("DELETE FROM listing")
    before = BEFORE.get(name, FIRST)
    if before:
        take(db, before)
    server = Catalogues()
    server.now(db)
    return server


def interrupted(db: Stopping, name: str) -> Iterator[Catalogues]:
    """A file of which the taking stops, at every write in turn."""
    for writes in range(1_000):
        server = started(db, name)
        db.writes = writes
        try:
            take(db, THEN[name])
        except Unwritable:
            db.writes = -1
            yield server
        else:
            assert writes > 8
            return


@pytest.mark.parametrize("name", THEN)
def test_an_import_that_stopped_anywhere_is_ended_by_the_same_file(
    disk: Stopping, name: str
) -> None:
    started(disk, name)
    take(disk, THEN[name])
    wanted = state(disk)
    for server in interrupted(disk, name):
        server.now(disk)
        report, entries = found(THEN[name])
        assert taking.changes(disk, report, entries).any
        take(disk, THEN[name])
        assert state(disk) == wanted
        assert server.now(disk).candidates == catalogue.read(disk).candidates
        assert not taking.changes(disk, report, entries).any
    assert first_broken(disk) is None


@pytest.mark.parametrize("name", THEN)
def test_it_is_ended_by_another_file_too(disk: Stopping, name: str) -> None:
    other = THEN["services left"]
    started(disk, name)
    take(disk, THEN[name])
    take(disk, other)
    wanted = state(disk)[1][0]
    for server in interrupted(disk, name):
        take(disk, other)
        assert state(disk)[1][0] == wanted
        assert server.now(disk).candidates == catalogue.read(disk).candidates


@pytest.mark.parametrize(
    "name",
    [name for name, content in THEN.items() if name not in BEFORE and b'"dora--2"' in content],
)
def test_what_is_said_here_meanwhile_is_never_lost(db: Db, shared: Shared, name: str) -> None:
    """Of a service that stays: its day of today, its places, and no version is of two things."""
    take(db, FIRST)
    said: list[Listing] = []

    def meanwhile() -> None:
        before = listing(db, "dora--2")
        day = date(2026, 10, 1 + len(said))
        said.append(before)
        places = Places(total=30, left=len(said), on=day)
        said.append(save(db, replace(before, verified_on=day, places=places), "nadia", MONDAY))

    shared.meanwhile = meanwhile
    take(shared, THEN[name])
    last, after = said[-1], listing(db, "dora--2")
    assert len(said) > 2
    assert (after.verified_on, after.places) == (last.verified_on, last.places)
    by_version: dict[int, Listing] = {}
    for each in (*said, after):
        assert by_version.setdefault(each.version, each) == each


def test_a_service_that_comes_out_the_same_keeps_its_version(db: Db) -> None:
    take(db, FIRST)
    take(db, file(*map(service, range(1, 6)), structures=[structure(1, date_maj="2026-09-02"),
                                                          structure(2)]))  # fmt: skip
    assert {each.version for each in listings(db, ["dora--1", "dora--5"])} == {1}


def test_what_leaves_before_it_had_a_listing_leaves_the_export_too(disk: Stopping) -> None:
    """A record is exported as soon as it is kept: whoever reads then must read again."""

    def stop(_: object) -> str:
        raise OSError("no more room")

    report, entries = found(file(service(1), service(2, horaires_accueil="Mo 09:00-12:00")))
    for writes in range(1_000):
        started(disk, "the first")
        take(disk, file(service(1)))
        with pytest.raises(OSError, match="no more room"):
            taking.take_in(disk, report, entries, stop, "an admin", MONDAY)
        before = edition(disk)
        disk.writes = writes
        with suppress(Unwritable):
            take(disk, file(service(1)))
        ended = disk.writes >= 0
        disk.writes = -1
        take(disk, file(service(1)))
        assert edition(disk) > before
        if ended:
            return
