"""Commands for whoever looks after the house: load its text, open accounts, check its record."""

import os
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from accueil.house import accounts
from accueil.house.accounts import LoginTaken, Role, WeakPassword
from accueil.house.services import organisations
from accueil.house.text import Mistake, read
from accueil.orientation import directory_text
from accueil.planning.timetable import load
from accueil.store.check import problems
from accueil.store.db import Db
from blueprints import web

DEMONSTRATION = Path(__file__).parent.parent / "data" / "chevilly-larue"
SURFACES = {
    "/borne": "kiosk",
    "/accueil": "desk",
    "/partenaire": "partner",
    "/ecran": "board",
    "/admin": "admin",
}
house = AppGroup("house", help="The house's text.")
account = AppGroup("account", help="Staff accounts.")


def init_app(app: Flask) -> None:
    for command in (house, account, demo, check):
        app.cli.add_command(command)


@house.command("load")
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
def house_load(path: Path) -> None:
    """Load, or reload, the house described in the folder PATH. Visits are kept."""
    with web.house().store.connection() as db:
        made = _load(db, path)
    click.echo(f"Loaded {path}: {made} occurrences ahead.")


@account.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Shown on the screens.")
@click.option("--role", type=click.Choice(["agent", "partner", "admin"]), required=True)
@click.option("--organisation", help="Its id, for a partner.")
@click.password_option()
def account_add(login: str, name: str, role: Role, organisation: str | None, password: str) -> None:
    """Open an account for LOGIN; the password is asked for."""
    with web.house().store.connection() as db:
        known = [each.id for each in organisations(db)]
        if organisation not in (known if role == "partner" else [None]):
            raise click.UsageError(f"--organisation: a partner's is one of {', '.join(known)}")
        try:
            _open(db, login, name, role, organisation, password)
        except WeakPassword:
            least = accounts.MIN_PASSWORD_CHARACTERS
            raise click.UsageError(f"the password needs {least} characters at least") from None
        except LoginTaken:
            raise click.UsageError(f"somebody else has the login {login}") from None
    click.echo(f"Opened the account {login}.")


@account.command("close")
@click.argument("login")
def account_close(login: str) -> None:
    """Close the account of LOGIN and end its sessions."""
    with web.house().store.connection() as db:
        found = [
            each for each in accounts.accounts(db) if each.login == accounts.normal_login(login)
        ]
        if not found:
            raise click.UsageError(f"no account has the login {login}")
        accounts.close(db, found[0].id, "house", web.house().clock())
    click.echo(f"Closed the account {login}.")


@click.command()
def check() -> None:
    """Verify the database: its pages, its references, and the journal's seals."""
    with web.house().store.connection() as db:
        found = problems(db)
    if found:
        click.echo("\n".join(found))
        sys.exit(1)
    click.echo("The database is whole and the journal is as it was written.")


@click.command()
def demo() -> None:
    """Prepare the demonstration house, and say where its screens are and who may log in."""
    with web.house().store.connection() as db:
        _load(db, DEMONSTRATION)
        people = tomllib.loads((DEMONSTRATION / "accounts.toml").read_text(encoding="utf-8"))
        known = {each.login for each in accounts.accounts(db)}
        for person in people["account"]:
            if person["login"] not in known:
                _open(db, **person)
    address = f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
    click.echo(f"\nAccueil commun, the house of Chevilly-Larue, {web.house().clock():%A %d %B}.\n")
    for path, surface in SURFACES.items():
        click.echo(f"  {surface:<8} {address}{path}")
    click.echo(f"\n  log in   {address}/connexion")
    for person in people["account"]:
        click.echo(f"  {person['role']:<8} {person['login']:<16} {person['password']}")
    click.echo("\nControl-C to stop.")


def load_house(db: Db, folder: Path, at: datetime) -> int:
    """Load the house described in `folder`, its directory included, as a whole or not at all
    (`Mistake`); how many occurrences were made."""
    text = read(folder)
    directory = directory_text.read(folder, frozenset(each.id for each in text.services))
    with db.transaction():
        made = load(db, text, at)
        directory_text.load(db, directory, at)
    return made


def _load(db: Db, path: Path) -> int:
    try:
        return load_house(db, path, web.house().clock())
    except Mistake as mistake:
        click.echo(f"Nothing was changed. {mistake}", err=True)
        sys.exit(1)


def _open(
    db: Db, login: str, name: str, role: Role, organisation: str | None = None, password: str = ""
) -> None:
    accounts.create(
        db,
        login=login,
        name=name,
        role=role,
        organisation_id=organisation,
        password=password,
        at=web.house().clock(),
    )
