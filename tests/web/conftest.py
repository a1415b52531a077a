"""The application as it is served, over a copy of the house, and people at their screens."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from accueil.store.db import Db, Store
from accueil.store.watch import Watch
from app import create_app
from blueprints import web
from blueprints.commands import load_house
from tests import personae
from tests.web.browser import Browser, Keys

LOGINS = {
    "nadia": "/accueil",
    "claire": "/partenaire",
    "karim": "/partenaire",
    "sylvie": "/admin",
}


class Clock:
    """The house's clock: it stands still until it is told otherwise."""

    def __init__(self, now: datetime = personae.MONDAY):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class Ready:
    """A house with its accounts, everybody logged in since 9:20. Copied, never written."""

    folder: Path
    keys: dict[str, Keys]
    compiled: FileSystemBytecodeCache


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = tmp_path_factory.mktemp("ready")
    app = create_app(folder, Clock())
    store = app.extensions["house"].store
    with store.connection() as db:
        load_house(db, personae.FOLDER, personae.MONDAY)
        for person in (
            personae.agent, personae.correspondent, personae.adviser, personae.admin
        ):  # fmt: skip
            person(db)
    keys = {login: log_in(Browser(app), login).keys() for login in LOGINS}
    store.close()
    compiled = tmp_path_factory.mktemp("compiled")
    return Ready(folder, keys, FileSystemBytecodeCache(str(compiled)))


def log_in(browser: Browser, login: str, password: str = personae.PASSWORD) -> Browser:
    """Log in as anybody does, and land on one's page."""
    form = browser.get("/connexion").page
    entered = browser.press(form, "/connexion", fill={"login": login, "password": password})
    assert browser.follow(entered).status == 200
    return browser


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def built(ready: Ready) -> Flask:
    """The application, put together once: what changes from test to test is its house."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ACCUEIL_URL", raising=False)
        app = create_app(ready.folder, Clock())
    app.jinja_env.bytecode_cache = ready.compiled
    app.extensions["house"].store.close()
    return app


@pytest.fixture
def app(
    request: pytest.FixtureRequest, ready: Ready, tmp_path: Path, clock: Clock
) -> Iterator[Flask]:
    """The application over a house of the test's own. One that changes the application itself
    is marked `own_application`."""
    shutil.copytree(ready.folder, tmp_path, dirs_exist_ok=True)
    if request.node.get_closest_marker("own_application"):
        made = create_app(tmp_path, clock)
    else:
        made = request.getfixturevalue("built")
        made.instance_path = str(tmp_path)
        made.extensions["house"] = house_in(tmp_path, clock, made.extensions["house"].store.key)
    yield made
    house = made.extensions["house"]
    house.watch.close()
    house.store.close()


def house_in(folder: Path, clock: Clock, key: bytes) -> web.House:
    """What an application holds of the house whose data are in `folder`."""
    store = Store(folder / "accueil.db", key)
    return web.House(store, Watch(store), clock, voices=folder / "voices", public_url=None)


@pytest.fixture
def db(app: Flask) -> Iterator[Db]:
    """A connection of the application's own store."""
    with app.extensions["house"].store.connection() as connection:
        yield connection


At = Callable[[str], Browser]


@pytest.fixture
def at_work(app: Flask, ready: Ready) -> At:
    """The browser where somebody logged in at 9:20, by their login."""
    return lambda login: Browser(app, ready.keys[login], LOGINS[login])


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A kiosk, or a phone: nobody is logged in."""
    return Browser(app)


@pytest.fixture
def agent(at_work: At) -> Browser:
    """Nadia, at the shared desk."""
    return at_work("nadia")


@pytest.fixture
def partner(at_work: At) -> Browser:
    """Claire, of the Parquet."""
    return at_work("claire")


@pytest.fixture
def other_partner(at_work: At) -> Browser:
    """Karim, of the Mission locale."""
    return at_work("karim")


@pytest.fixture
def admin(at_work: At) -> Browser:
    """Sylvie, who looks after the house."""
    return at_work("sylvie")
