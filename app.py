"""Accueil commun: the application, put together here and nowhere else."""

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, request

from accueil.house.sessions import forget_old
from accueil.messages.contacts import forget_contacts
from accueil.planning.appointments import forget_names
from accueil.planning.horizon import top_up
from accueil.planning.undoing import forget_undoing
from accueil.reception.overnight import end_past_days, forget_alerts, forget_aliases
from accueil.store.db import Db, Store
from accueil.store.migrations import migrate
from accueil.store.watch import Watch
from blueprints import (
    access,
    admin,
    admin_languages,
    admin_screens,
    appointment,
    arrivals,
    auth,
    board,
    booking,
    checkin,
    closures,
    commands,
    day_numbers,
    day_sheet,
    desk,
    desk_passages,
    directory,
    discreet,
    door,
    doorstep,
    enrol,
    faults,
    feeds,
    inclusion,
    kiosk,
    kiosk_away,
    live,
    messages,
    orientation_commands,
    outbox,
    partner,
    permanences,
    planning,
    planning_commands,
    presence,
    prompts,
    rules,
    simulating,
    unmet,
    visitor,
    web,
    words,
)

log = logging.getLogger("accueil")
HERE = Path(__file__).parent
MOST_BYTES = 64 * 1024
KEEPING_EVERY_S = 600
Duty = Callable[[Db, datetime], object]
DUTIES = (
    *(end_past_days, forget_alerts, forget_aliases, forget_contacts, forget_names),
    *(forget_undoing, forget_old, top_up),
)
SURFACES = (
    *(desk_passages, arrivals, day_sheet, day_numbers),
    *(auth, kiosk, kiosk_away, prompts, discreet, visitor, appointment, desk, partner, booking),
    *(checkin, door, doorstep, presence),
    *(planning, permanences, closures, feeds, board, admin),
    *(enrol, admin_screens, admin_languages),
    *(directory, rules, inclusion, unmet, live, messages),
)


class Application(Flask):
    """Flask, but a fault is logged by its route: an address may hold a visitor's code."""

    def log_exception(self, exc_info: Any) -> None:
        route = request.url_rule.rule if request.url_rule else "no route"
        self.logger.error("Exception on %s [%s]", route, request.method, exc_info=exc_info)


def create_app(folder: Path | None = None, clock: Callable[[], datetime] | None = None) -> Flask:
    """The application over the data in `folder` (ACCUEIL_DATA, or instance/ beside this file).

    `clock` gives the present instant, aware; the machine's by default.
    """
    folder = folder or Path(os.environ.get("ACCUEIL_DATA", HERE / "instance"))
    secret = _secret(folder)
    database = folder / "accueil.db"
    migrate(database)
    store = Store(database, key=sha256(b"journal" + secret).digest())
    app = Application(__name__, instance_path=str(folder.resolve()))
    app.config.update(
        SECRET_KEY=sha256(b"cookies" + secret).hexdigest(),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        SESSION_COOKIE_NAME="accueil",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=os.environ.get("ACCUEIL_URL", "").startswith("https:"),
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        WTF_CSRF_TIME_LIMIT=36_000,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    house = web.House(
        store=store,
        watch=Watch(store),
        clock=clock or _clock(os.environ.get("ACCUEIL_NOW"), os.environ.get("ACCUEIL_CLOCK")),
        voices=folder / "voices",
        public_url=os.environ.get("ACCUEIL_URL"),
    )
    web.init_app(app, house)
    words.init_app(app)
    access.init_app(app)
    faults.init_app(app)
    commands.init_app(app)
    planning_commands.init_app(app)
    simulating.init_app(app)
    orientation_commands.init_app(app)
    inclusion.init_app(app)
    outbox.init_app(app)
    for surface in SURFACES:
        app.register_blueprint(surface.bp)
    return app


def serve() -> Flask:
    """What the server runs: the application, and the house kept in order behind it."""
    app = create_app()
    house: web.House = app.extensions["house"]
    often = inclusion.forgetting(house.store.path.parent), day_sheet.writing(app)
    for kept, *needs in ((_keep, house, often), (outbox.keep, house)):
        threading.Thread(target=kept, args=needs, name="keeping", daemon=True).start()
    return app


def _keep(house: web.House, often: Sequence[Duty]) -> None:
    """Once a day: yesterday ended and its names forgotten, occurrences made ahead. Every ten
    minutes, `often`: the files that an admin checked an hour ago are dropped, the day's sheet is
    written.

    What cannot be done, on a full disk for one, is logged and tried again ten minutes later;
    it keeps nothing else from being done.
    """
    kept = None
    while not house.watch.closed:
        for duty in often:
            _done(house, duty)
        today = house.clock().date()
        if today != kept:
            undone = [duty for duty in DUTIES if not _done(house, duty)]
            kept = kept if undone else today
        time.sleep(KEEPING_EVERY_S)


def _done(house: web.House, duty: Duty) -> bool:
    try:
        with house.store.connection() as db:
            duty(db, house.clock())
    except Exception:
        log.exception("%s could not be done", duty.__name__)
        return False
    return True


def _secret(folder: Path) -> bytes:
    """The house's secret, made the first time, in a file that only its owner reads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret"
    partial = folder / f"secret.{secrets.token_hex(8)}"
    if not path.exists():
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):  # another process was first
            os.link(partial, path)
        partial.unlink()
    return bytes.fromhex(path.read_text())


def _clock(start: str | None, file: str | None) -> Callable[[], datetime]:
    """The machine's clock; or one set to `start`, Paris time, when the server begins; or, for
    simulated days, the instant written in `file`, ISO-8601 with its zone."""
    if file:
        return lambda: datetime.fromisoformat(Path(file).read_text()).astimezone(UTC)
    if not start:
        return lambda: datetime.now(UTC)
    shown = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/Paris"))
    shift = shown.astimezone(UTC) - datetime.now(UTC)
    return lambda: datetime.now(UTC) + shift
