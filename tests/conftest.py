"""The domain's fixtures: a real file, its store, a connection, the house, and who works there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from accueil.house.accounts import Account
from accueil.house.text import HouseText, read
from accueil.store.db import Db, Store
from accueil.store.migrations import migrate
from blueprints.commands import load_house
from tests import personae

# A machine that is busy with something else is no mistake of ours.
settings.register_profile("accueil", deadline=None, max_examples=60)
settings.load_profile("accueil")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh file. Copied, never written."""
    file = tmp_path_factory.mktemp("migrated") / "accueil.db"
    migrate(file)
    return file


@pytest.fixture(scope="session")
def text() -> HouseText:
    """The demonstration house, as it is written."""
    return read(personae.FOLDER)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file where the demonstration house was loaded at MONDAY. Copied, never written."""
    file = tmp_path_factory.mktemp("furnished") / "accueil.db"
    migrate(file)
    store = Store(file, personae.KEY)
    with store.connection() as db:
        load_house(db, personae.FOLDER, personae.MONDAY)
    store.close()
    return file


@pytest.fixture
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database file: fresh, or furnished for a test that asks for `house` as well."""
    ready = "furnished" if "house" in request.fixturenames else "migrated"
    return Path(shutil.copy(request.getfixturevalue(ready), tmp_path / "accueil.db"))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store(path, personae.KEY)
    yield opened
    opened.close()


@pytest.fixture
def db(store: Store) -> Iterator[Db]:
    """One connection to the file."""
    with store.connection() as connection:
        yield connection


@pytest.fixture
def house(path: Path, text: HouseText) -> HouseText:
    """The demonstration house, in the file of `path`, `store` and `db` since MONDAY."""
    return text


@pytest.fixture
def nadia(db: Db, house: HouseText) -> Account:
    return personae.agent(db)


@pytest.fixture
def claire(db: Db, house: HouseText) -> Account:
    return personae.correspondent(db)


@pytest.fixture
def karim(db: Db, house: HouseText) -> Account:
    return personae.adviser(db)
