"""The partner's page: my permanences today, my queue, and the person I am receiving."""

from datetime import datetime, time, timedelta

from flask import Blueprint, render_template, request, session
from werkzeug.wrappers import Response

from accueil.house.sites import Site, Unknown, every_site, front_desk, room, rooms, sites
from accueil.planning import agenda, appointments
from accueil.planning.appointments import Appointment
from accueil.planning.permanences import Occurrence, ahead, of_day
from accueil.reception import calls
from accueil.reception.calls import Host
from accueil.reception.change import NotNow, TooLate, undo, undoable
from accueil.reception.day import receptions
from accueil.store import journal
from blueprints import web
from blueprints.access import allow, me, my_services, my_turn

bp = Blueprint("partner", __name__, url_prefix="/partenaire")
AHEAD = timedelta(days=14)


@bp.get("")
@allow("partner")
def day() -> str:
    return _page()


@bp.get("/file")
@allow("partner")
def changed() -> str:
    """The part of the page that changes while nobody touches it."""
    return render_template("partner/_day.html", **_day())


@bp.post("/appeler")
@allow("partner")
def call_next() -> Response:
    """The next person of my queues, into my room; whom I was receiving is done, if I say so."""
    session["room"] = _room_id(request.form.get("room"))
    host = Host(me().id, session["room"])
    mine = [service.id for service in my_services()]
    finished = request.form.get("finish")
    if finished:
        calls.finish_and_call_next(web.db(), my_turn(finished).id, mine, host, web.now())
    else:
        calls.call_next(web.db(), mine, host, web.now())
    return web.see_other("partner.day")


@bp.post("/passages/<entry_id>/<any(recall, receive, finish, absent):action>")
@allow("partner")
def act(entry_id: str, action: str) -> Response:
    calls.ACTIONS[action](web.db(), my_turn(entry_id).id, me().id, web.now())
    return web.see_other("partner.day")


@bp.post("/annuler/<int(max=9999999999):seq>")
@allow("partner")
def take_back(seq: int) -> Response:
    undo(web.db(), seq, me().id, web.now())
    return web.see_other("partner.day")


@bp.errorhandler(NotNow)
def changed_meanwhile(_error: Exception) -> tuple[str, int]:
    return _page(notice="changed"), 409


@bp.errorhandler(TooLate)
def too_late(_error: Exception) -> tuple[str, int]:
    return _page(notice="too-late"), 409


@bp.errorhandler(Unknown)
def unreadable(_error: Exception) -> tuple[str, int]:
    return _page(notice="again"), 422


def _page(notice: str | None = None) -> str:
    return render_template("partner/page.html", notice=notice, **_day())


def _day() -> dict[str, object]:
    site, at = _site(), web.now()
    services = {service.id: service for service in my_services()}
    mine = [line for line in receptions(web.db(), site.id, at) if line.service.id in services]
    rooms_today = [each.room_id for line in mine for each in line.occurrences if each.room_id]
    return {
        "site": site,
        "now": at,
        "version": journal.version(web.db(), site.id),
        "receptions": mine,
        "in_rooms": [turn for line in mine for turn in line.in_rooms],
        "waiting": sum(len(line.waiting) for line in mine),
        "rooms": rooms(web.db(), site.id),
        "room_id": session.get("room") or next(iter(rooms_today), None),
        "coming": [each for service_id in services for each in ahead(web.db(), service_id, at)],
        "names": services,
        "booked": _booked(list(services), site.instant(site.day(at), time())),
        "places": {each.id: each for each in every_site(web.db())},
        "undoable": undoable(web.db(), me().id, at),
    }


def _booked(services: list[str], since: datetime) -> list[tuple[Occurrence, list[Appointment]]]:
    """Who is booked in the partner's next dates, today's first."""
    found = appointments.of_days(web.db(), services, since, since + AHEAD)
    dates: dict[str, list[Appointment]] = {}
    for held in found:
        dates.setdefault(held.occurrence_id, []).append(held)
    return [(agenda.entry(web.db(), each).occurrence, people) for each, people in dates.items()]


def _site() -> Site:
    """Where the partner receives today, among the sites with a shared desk."""
    mine = {service.id for service in my_services()}
    for site in sites(web.db()):
        here = of_day(web.db(), site.id, web.now()) if site.reception else []
        if any(occurrence.service_id in mine for occurrence in here):
            return site
    return front_desk(web.db())


def _room_id(room_id: str | None) -> str:
    """A room of the partner's site; `Unknown` for any other."""
    found = room(web.db(), room_id or "")
    if found.site_id != _site().id:
        raise Unknown(room_id)
    return found.id
