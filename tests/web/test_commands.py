"""What whoever looks after the house types in a terminal."""

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import FlaskGroup

from accueil.house import accounts
from accueil.store.db import Db
from app import create_app
from tests.personae import FOLDER
from tests.web.browser import Browser
from tests.web.conftest import Clock, log_in
from tests.web.people import arrive

PASSWORD = "encore une phrase de passe"
TABLES = ("site", "room", "organisation", "service", "permanence", "occurrence", "journal")


def run(app: Flask, *words: str, typed: str | None = None) -> Result:
    """As `flask` does in a terminal."""
    return app.test_cli_runner().invoke(FlaskGroup(load_dotenv=False), args=words, input=typed)


def everything(db: Db) -> list[object]:
    return [db.all(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES]


def count(db: Db, table: str) -> int:
    row = db.one(f"SELECT count(*) AS n FROM {table}")
    return int(row["n"]) if row else 0


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the demonstration house's text."""
    return Path(shutil.copytree(FOLDER, tmp_path / "text"))


def test_a_house_is_loaded_and_says_what_it_made(app: Flask, house: Path) -> None:
    loaded = run(app, "house", "load", str(house))
    assert loaded.exit_code == 0
    assert str(house) in loaded.output


def test_a_house_loaded_again_keeps_its_visits_and_grows_no_twin(
    app: Flask, db: Db, house: Path
) -> None:
    arrive(db)
    before = [count(db, table) for table in ("visit", "site", "service", "occurrence")]
    for _ in range(2):
        assert run(app, "house", "load", str(house)).exit_code == 0
    assert [count(db, t) for t in ("visit", "site", "service", "occurrence")] == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("house.toml", 'id        = "bearn"', 'id        = "Béarn"'),
        ("partners.toml", 'organisation = "parquet"', 'organisation = "inconnu"'),
        ("permanences.toml", "FREQ=WEEKLY;BYDAY=MO", "TOUS LES LUNDIS"),
        ("permanences.toml", 'room    = "bearn-bureau-2"', 'room    = "bearn-bureau-1"'),
        ("permanences.toml", "[[permanence]]", "[[permanence"),
    ],
)
def test_a_mistake_in_the_text_is_named_and_nothing_changes(
    file: str, old: str, new: str, app: Flask, db: Db, house: Path
) -> None:
    text = (house / file).read_text(encoding="utf-8")
    assert old in text
    (house / file).write_text(text.replace(old, new), encoding="utf-8")
    before = everything(db)
    refused = run(app, "house", "load", str(house))
    assert refused.exit_code == 1
    assert file in refused.stderr
    assert "Traceback" not in refused.output
    assert everything(db) == before


def test_a_folder_that_holds_no_house_is_said_so(app: Flask, db: Db, tmp_path: Path) -> None:
    before = everything(db)
    refused = run(app, "house", "load", str(tmp_path / "nowhere"))
    assert refused.exit_code == 1
    assert "house.toml" in refused.stderr
    assert everything(db) == before


def test_the_demonstration_says_where_to_look_and_who_may_log_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8123")
    app = create_app(tmp_path, Clock())
    shown = run(app, "demo")
    assert shown.exit_code == 0
    for path in ("/borne", "/accueil", "/partenaire", "/ecran", "/connexion"):
        assert f"http://127.0.0.1:8123{path}\n" in shown.output
    log_in(Browser(app), "parquet", "bonjour-parquet")
    log_in(Browser(app), "accueil", "bonjour-accueil")
    with app.extensions["house"].store.connection() as db:
        before = [count(db, table) for table in ("account", "service", "occurrence")]
        again = run(app, "demo")
        assert again.output == shown.output
        assert [count(db, table) for table in ("account", "service", "occurrence")] == before
    app.extensions["house"].store.close()


def add(app: Flask, *words: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> Result:
    return run(app, "account", "add", *words, typed=typed)


def test_an_account_is_opened_and_its_password_is_not_shown(app: Flask) -> None:
    opened = add(app, "leila", "--name", "Leïla", "--role", "agent")
    assert opened.exit_code == 0
    assert PASSWORD not in opened.output
    log_in(Browser(app), "leila", PASSWORD)


def test_a_partner_s_account_says_whose_it_is(app: Flask) -> None:
    words = ("leila", "--name", "Leïla", "--role", "partner", "--organisation")
    assert add(app, *words, "eds").exit_code == 0
    log_in(Browser(app), "leila", PASSWORD)


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("--role", "partner"), None, "parquet"),
        (("--role", "partner", "--organisation", "inconnue"), None, "parquet"),
        (("--role", "agent", "--organisation", "parquet"), None, "organisation"),
        (("--role", "chef"), None, "admin"),
        (("--role", "agent"), "court\ncourt\n", "12"),
        (("--role", "agent"), f"{PASSWORD}\nautre\n", ""),
    ],
)
def test_an_account_that_makes_no_sense_is_not_opened(
    words: tuple[str, ...], typed: str | None, said: str, app: Flask, db: Db
) -> None:
    before = count(db, "account")
    refused = add(app, "leila", "--name", "Leïla", *words, typed=typed or f"{PASSWORD}\n" * 2)
    assert refused.exit_code != 0
    assert said in refused.output
    assert count(db, "account") == before


def test_a_login_is_nobody_else_s(app: Flask, db: Db) -> None:
    before = count(db, "account")
    assert add(app, "NADIA", "--name", "Autre", "--role", "agent").exit_code == 2
    assert count(db, "account") == before


def test_an_account_that_is_closed_is_out_at_once(app: Flask, db: Db, agent: Browser) -> None:
    assert agent.get("/accueil").status == 200
    assert run(app, "account", "close", "nadia").exit_code == 0
    assert agent.get("/accueil").location == "/connexion"
    assert "nadia" not in [each.login for each in accounts.accounts(db)]
    assert run(app, "account", "close", "nadia").exit_code == 2


def test_an_account_is_closed_however_its_login_is_typed(app: Flask) -> None:
    assert run(app, "account", "close", "Nadia").exit_code == 0


def test_a_sound_database_is_said_to_be(app: Flask, db: Db) -> None:
    arrive(db)
    checked = run(app, "check")
    assert checked.exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET actor = 'somebody' WHERE seq = {seq}",
        "UPDATE journal SET at = '2026-11-23T00:00:00.000000Z' WHERE seq = {seq}",
        "DELETE FROM journal WHERE seq = {seq}",
    ],
)
def test_a_record_that_was_changed_is_found(change: str, app: Flask, db: Db) -> None:
    for _ in range(3):
        arrive(db)
    [last] = db.all("SELECT max(seq) AS seq FROM journal")
    db.run("DROP TRIGGER journal_is_not_rewritten")
    db.run("DROP TRIGGER journal_is_not_erased")
    db.run(change.format(seq=last["seq"] - 1))
    checked = run(app, "check")
    assert checked.exit_code == 1
    assert str(last["seq"] - 1) in checked.output


def test_a_reference_to_nothing_is_found(app: Flask, db: Db) -> None:
    visit = arrive(db)
    db.run("PRAGMA foreign_keys = OFF")
    db.run("DELETE FROM visit WHERE id = :id", id=visit.id)
    db.run("PRAGMA foreign_keys = ON")
    assert run(app, "check").exit_code == 1
