"""Commands for whoever looks into an orientation: try needs and facts, and read every verdict."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import force_locale

from accueil.house.sites import sites
from accueil.orientation.catalogue import Catalogues
from accueil.orientation.criteria import OPEN, OPEN_TO_ALL, Reason
from accueil.orientation.explaining import explain
from accueil.store.db import Db, Store
from accueil.store.migrations import migrate
from blueprints import criteria_words, web, words
from blueprints.commands import DEMONSTRATION, load_house

orientation = AppGroup("orientation", help="From needs to answers.")


def init_app(app: Flask) -> None:
    app.cli.add_command(orientation)


@orientation.command("explain")
def orientation_explain() -> None:
    """Read JSON objects on standard input, one a line, and print the verdict on every service.

    In: needs (tags of services, or tiles; none for all), facts, at (Paris time, now without it).
    Out: answers (service, verdict, reasons, when) and next_question; or error, and the exit code
    is 2. Nothing of it is kept. Where no house was loaded, the demonstration house answers, from
    a store that lasts as long as the command.
    """
    wrong = False
    catalogues = Catalogues()
    with force_locale(words.SOURCE), _house() as db:
        for line in sys.stdin.buffer:
            if line.strip():
                answer = explain(db, catalogues.now(db), line, _say, web.house().clock())
                wrong = wrong or "error" in answer
                click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(2 if wrong else 0)


@contextmanager
def _house() -> Iterator[Db]:
    """A connection to the house, or to the demonstration house when there is none."""
    with web.house().store.connection() as db:
        if sites(db):
            yield db
            return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "accueil.db"
        migrate(file)
        store = Store(file, web.house().store.key)
        with store.connection() as db:
            load_house(db, DEMONSTRATION, web.house().clock())
            yield db
        store.close()


def _say(reason: Reason) -> str:
    if reason.node == OPEN_TO_ALL:
        return criteria_words.sentence(OPEN)
    said = criteria_words.reason(reason)
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
