"""What every page of the desk shows around its panel: the day, whoever is in the house, what is
expected; and of whom it may speak. One frame for the surfaces of the desk."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, session, url_for

from accueil.house.sites import Site, Unknown, sites
from accueil.orientation.needs import UnknownNeed
from accueil.planning.appointments import to_tell
from accueil.planning.permanences import coming_days
from accueil.reception import alerts, closing, queue, visits, voice
from accueil.reception.change import NotNow, TooLate, undoable
from accueil.reception.day import Day, Presence, day
from accueil.reception.expected import expected
from accueil.reception.passages import BadReturn
from accueil.reception.queue import Entry
from accueil.reception.visits import OUTCOMES, Visit
from accueil.store import journal
from accueil.store.codes import BadCode
from blueprints import web
from blueprints.access import me
from blueprints.to_phone import to_phone

DAYS_SHOWN = 14
# Until then, the desk is told of those whom last night found waiting.
MORNING_ENDS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in the house, since so many minutes: where they are, or that nobody is there for
    them."""

    visit: Visit
    turn: Entry | None
    lost: bool
    minutes: int


def page(
    panel: str | None = None,
    notice: str | None = None,
    *,
    frame: dict[str, Any] | None = None,
    **values: object,
) -> str:
    """The day, and beside it what a panel shows; `frame` is the day, when it is known already."""
    return render_template(
        "desk/page.html",
        panel=panel,
        notice=notice,
        outcomes=OUTCOMES,
        to_phone=len(to_phone()),
        **{**(frame or shown()), **values},
    )


def shown() -> dict[str, Any]:
    """The part of the page that changes while nobody touches it."""
    db, place, at = web.db(), here(), web.now()
    today = day(db, place.id, at)
    receiving = {
        line.service.id for line in today.receptions if line.is_here(at) or line.service.reception
    }
    booked = expected(db, place, today.receptions, at)
    rows = _rows(today.presences, receiving, at)
    return {
        "site": place,
        "desks": [each for each in sites(db) if each.reception],
        "now": at,
        "version": journal.version(db, place.id),
        "alerts": alerts.waiting(db, place, at),
        "receptions": today.receptions,
        "in_rooms": {turn.visit_id for line in today.receptions for turn in line.in_rooms},
        "rows": rows,
        "waiting": sum(row.turn is not None and row.turn.state == "waiting" for row in rows),
        "here": receiving,
        "names": today.services,
        "visit_page": url_for("desk.visit", visit_id=""),
        "expected": [each for each in booked if each.state in ("to come", "late")],
        "arrived": [each for each in booked if each.state == "arrived"],
        "missed": [each for each in booked if each.state == "missed"],
        "coming": coming_days(db, place.id, at, DAYS_SHOWN),
        "to_tell": sum(len(to_tell(db, each.id, at)) for each in sites(db)),
        "undoable": undoable(db, me().id, at),
        "mute": voice.program() is None,
        **_closing(place, today),
    }


def _rows(present: Iterable[Presence], receiving: Collection[str], at: datetime) -> list[Row]:
    """Who asked to speak in private, then those whom nobody receives, then the last to come."""
    rows = [
        Row(
            visit=each.visit,
            turn=each.turn,
            lost=each.is_lost(receiving, at),
            minutes=int((at - each.visit.arrived_at).total_seconds() // 60),
        )
        for each in present
    ]
    return sorted(rows, key=lambda row: (not row.visit.private, not row.lost))


def _closing(place: Site, today: Day) -> dict[str, Any]:
    """Who waits for nobody: those whose service has gone; once the desk has closed, everybody
    still here; in the morning, how many the night found."""
    at = web.now()
    closed = closing.has_closed(today.receptions, at)
    morning = place.wall_clock(at).hour < MORNING_ENDS
    return {
        "closed": closed,
        "stranded": closing.stranded(today.receptions, today.presences, at),
        "still_here": _by_arrival(today.presences) if closed else [],
        "left_waiting": closing.left_waiting(web.db(), place, at) if morning else None,
    }


def _by_arrival(present: list[Presence]) -> list[Presence]:
    return sorted(present, key=lambda each: each.visit.number)


def here() -> Site:
    """The site that the agent chose, or the front desk: also when the chosen one has closed."""
    try:
        return web.site_or_404(session.get("site"), reception=True)
    except web.NotHere:
        return web.site_or_404(None)


def visit_here(visit_id: str) -> Visit:
    """A visit of today, here; `NotHere` for any other, or none."""
    try:
        found = visits.visit(web.db(), visit_id)
    except Unknown:
        raise web.NotHere from None
    if found.site_id != here().id or found.day != here().day(web.now()).isoformat():
        raise web.NotHere
    return found


def turn_here(entry_id: str) -> queue.Entry:
    """A turn of such a visit; `NotHere` for any other, or none."""
    try:
        turn = queue.entry(web.db(), entry_id)
    except Unknown:
        raise web.NotHere from None
    visit_here(turn.visit_id)
    return turn


def answer_errors(bp: Blueprint) -> None:
    """What a surface of the desk answers when something cannot be: the day, and why."""
    bp.register_error_handler(NotNow, _changed_meanwhile)
    bp.register_error_handler(TooLate, _too_late)
    for error in (UnknownNeed, Unknown, BadCode, BadReturn):
        bp.register_error_handler(error, _unreadable)


def _changed_meanwhile(_error: Exception) -> tuple[str, int]:
    return page(notice="changed"), 409


def _too_late(_error: Exception) -> tuple[str, int]:
    return page(notice="too-late"), 409


def _unreadable(_error: Exception) -> tuple[str, int]:
    return page(notice="again"), 422
