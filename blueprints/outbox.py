"""The outbox at work: `flask messages send`, which sends what is due and ends, and what starts it.

The server itself never loads what sends: it fills the outbox, and starts the command in a process
of its own when something is due.
"""

import logging
import os
import subprocess
import sys
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask.cli import AppGroup

from accueil.messages import outbox, providers
from accueil.messages.filling import fill
from accueil.messages.outbox import Outcome
from accueil.messages.reach import BadReach, Reach, read_reach
from accueil.messages.sending import Leaving, Sending, alone, drain
from accueil.reception.nearing import fill_near, still_waits
from accueil.store.db import Db
from blueprints import web
from blueprints.message_text import Text, written

log = logging.getLogger("accueil")
HERE = Path(__file__).parent.parent
TENDED_EVERY_S = 15
SENDER_MAY_TAKE_S = 600  # one that hangs must not keep the others from being sent
messages = AppGroup("messages", help="E-mails and text messages.")


def init_app(app: Flask) -> None:
    app.cli.add_command(messages)


def keep(house: web.House) -> None:
    """For as long as the server runs: fill the outbox, and have it emptied."""
    while not house.watch.closed:
        try:
            tend(house)
        except Exception:
            log.exception("the outbox could not be tended")
        time.sleep(TENDED_EVERY_S)


def tend(house: web.House) -> bool:
    """Fill the outbox, and start the sender if something is due; whether it was started."""
    with house.store.connection() as db:
        _fill(db, house)
        due = outbox.is_due(db, providers.ways(), house.clock())
    if due:
        _start_sender(house)
    return due


@messages.command("send")
def send() -> None:
    """Send what is due, and end. The server starts this by itself."""
    house = web.house()
    for name in providers.unusable():
        click.echo(f"{name} is not used: it has no {providers.PLACE}.", err=True)
    try:
        with alone(house.store.path.parent), house.store.connection() as db:
            _fill(db, house)
            is_near = partial(_still_waits, db, house)
            accepted = drain(db, providers.ways(), house.clock, _send, is_near)
    except Sending:
        click.echo("Another sender is at work.")
        return
    click.echo(f"{accepted} sent.")


@messages.command("try")
@click.argument("where")
def try_out(where: str) -> None:
    """Send a test to WHERE, an address or a mobile number, and say what the provider answers."""
    try:
        reach = read_reach(where)
    except BadReach as bad:
        raise click.UsageError(f"nothing can be sent there: {bad}") from None
    if reach.kind not in providers.ways():
        raise click.UsageError(f"no provider is set for {reach.kind}")
    outcome = _deliver(reach, Text("Accueil commun", "Accueil commun : 1, 2, 3.", None))
    click.echo(outcome)
    sys.exit(0 if outcome == "accepted" else 1)


def _still_waits(db: Db, house: web.House, entry_id: str) -> bool:
    return still_waits(db, entry_id, house.clock())


def _fill(db: Db, house: web.House) -> None:
    at = house.clock()
    fill(db, at)
    fill_near(db, at)


def _send(leaving: Leaving) -> Outcome:
    """Nothing of what goes wrong is logged but its kind: it may hold an address, or a secret."""
    try:
        text = written(leaving)
    except Exception as error:
        log.error("message %s cannot be written: %s", leaving.message.id, type(error).__name__)
        return "refused"
    try:
        return _deliver(Reach(leaving.contact.kind, leaving.contact.address), text)
    except Exception as error:
        log.error("message %s may have left: %s", leaving.message.id, type(error).__name__)
        return "unsure"


def _deliver(reach: Reach, text: Text) -> Outcome:
    delivery = import_module("accueil.messages.delivery")
    subject = text.subject if reach.kind == "email" else ""
    outcome: Outcome = delivery.deliver(
        providers.address(reach), subject, text.body, text.invitation
    )
    return outcome


def _start_sender(house: web.House) -> None:
    """At the house's own clock, which may not be the machine's."""
    environment = {**os.environ, "ACCUEIL_DATA": str(house.store.path.parent.resolve())}
    if os.environ.get("ACCUEIL_NOW"):
        wall = house.clock().astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=None)
        environment["ACCUEIL_NOW"] = wall.isoformat()
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "messages", "send"],
        cwd=HERE,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
        timeout=SENDER_MAY_TAKE_S,
    )
