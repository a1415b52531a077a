"""The day sheet: on paper, what a desk needs to go on when the machine does not. Kept as a file
too, for the morning when nothing answers."""

import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, render_template

from accueil.house.services import services_by_id
from accueil.house.sites import Site, sites
from accueil.orientation.numbers import NUMBERS
from accueil.planning.permanences import Occurrence, of_day
from accueil.reception.day import receptions
from accueil.reception.expected import expected
from accueil.store import journal
from accueil.store.db import Db
from blueprints import web
from blueprints.access import allow
from blueprints.desk_frame import here

bp = Blueprint("day_sheet", __name__, url_prefix="/accueil")
FOLDER = "feuilles"
LINES = 28  # left empty, for the numbers that are written by hand


@dataclass(frozen=True, slots=True)
class Dates:
    """A service in a room today, and its hours there: the morning's, the afternoon's."""

    service_id: str
    mode: str
    room: str | None
    host: str | None
    hours: tuple[tuple[datetime, datetime], ...]


@bp.get("/feuille")
@allow("agent", "admin")
def page() -> str:
    place = here()
    return render_template(
        "day_sheet/page.html",
        version=journal.version(web.db(), place.id),
        **sheet(web.db(), place, web.now()),
    )


def sheet(db: Db, place: Site, at: datetime) -> dict[str, Any]:
    """What a sheet says: who receives today, who is expected, whom to phone."""
    dates = of_day(db, place.id, at)
    names = services_by_id(db)
    here_today = dict.fromkeys(each.service_id for each in dates)
    return {
        "site": place,
        "now": at,
        "dates": _together(dates),
        "names": names,
        "booked": [
            each.appointment for each in expected(db, place, receptions(db, place.id, at), at)
        ],
        "partners": [names[each] for each in here_today if names[each].phones],
        "numbers": NUMBERS,
        "lines": LINES,
    }


def _together(dates: Iterable[Occurrence]) -> list[Dates]:
    """One line for what differs by its hours only, in the order of the day."""
    hours: dict[tuple[str, str, str | None, str | None], list[tuple[datetime, datetime]]] = {}
    for each in dates:
        key = (each.service_id, each.mode, each.room, each.host)
        hours.setdefault(key, []).append((each.starts_at, each.ends_at))
    return [Dates(*key, tuple(found)) for key, found in hours.items()]


def writing(app: Flask) -> Callable[[Db, datetime], None]:
    """What writes, when it is called, today's sheet of every desk in the data's folder, readable
    by its owner alone, and erases those of other days."""
    folder = Path(app.instance_path) / FOLDER
    style = Path(app.static_folder or "") / "css" / "day_sheet.css"

    def write_day_sheets(db: Db, at: datetime) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        desks = [place for place in sites(db) if place.reception]
        kept = {f"{place.day(at).isoformat()}-{place.id}.html": place for place in desks}
        for old in folder.iterdir():
            if old.name not in kept:
                old.unlink()
        for name, place in kept.items():
            with app.app_context():
                said = sheet(db, place, at)
                text = render_template("day_sheet/file.html", style=style.read_text(), **said)
            _write(folder / name, text)

    return write_day_sheets


def _write(path: Path, text: str) -> None:
    """Whole or not at all: what is there already can still be printed."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    partial.touch(mode=0o600)
    try:
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
