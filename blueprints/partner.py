"""The partner's page: my permanences today, my queue, and the person I am receiving."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request, session
from werkzeug.wrappers import Response

from accueil.house.sites import Site, Unknown, every_site, front_desk, room, rooms, sites
from accueil.planning import agenda, appointments
from accueil.planning.appointments import Appointment
from accueil.planning.permanences import Occurrence, ahead, of_day
from accueil.reception import calls, queue
from accueil.reception.calls import Host
from accueil.reception.change import NotNow, TooLate, undo, undoable
from accueil.reception.day import Presence, Reception, receptions
from accueil.reception.day import day as day_of
from accueil.reception.passages import BadReturn
from accueil.reception.queue import Entry
from accueil.reception.visits import visit
from accueil.store import journal
from blueprints import gestures, web
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


@bp.get("/passages/<entry_id>")
@allow("partner")
def turn(entry_id: str) -> str | Response:
    """One of my turns: where it stands and why, and what can be done; my page once it is over."""
    mine = my_turn(entry_id)
    if mine.state not in gestures.IN_HAND or mine.day != _site().day(web.now()).isoformat():
        return web.see_other("partner.day")
    return _page(panel="turn", turn=mine)


@bp.post("/passages/<entry_id>/appeler")
@allow("partner")
def call(entry_id: str) -> Response:
    """This person, although they are not the next."""
    mine = my_turn(entry_id)
    session["room"] = _room_id(request.form.get("room") or _room_of_today())
    gestures.call(mine, Host(me().id, session["room"]))
    return web.see_other("partner.day")


@bp.post("/passages/<entry_id>/pause")
@allow("partner")
def park(entry_id: str) -> Response:
    gestures.park(my_turn(entry_id))
    return web.see_other("partner.day")


@bp.post("/passages/<entry_id>/confier")
@allow("partner")
def hand_on(entry_id: str) -> Response:
    """To a service that receives here today, or back to the desk."""
    mine, wanted = my_turn(entry_id), request.form.get("service", "")
    if wanted not in {line.service.id for line in _receiving()}:
        raise Unknown(wanted)
    gestures.hand_on(mine, wanted, request.form.get("how", "now"))
    return web.see_other("partner.day")


@bp.post("/passages/<entry_id>/<any(recall, receive, finish, absent, back, resume):action>")
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
@bp.errorhandler(BadReturn)
def unreadable(_error: Exception) -> tuple[str, int]:
    return _page(notice="again"), 422


def _page(panel: str | None = None, notice: str | None = None, turn: Entry | None = None) -> str:
    shown = _day()
    if turn:
        shown |= _choices(shown, turn)
    return render_template("partner/page.html", panel=panel, notice=notice, turn=turn, **shown)


def _day() -> dict[str, Any]:
    site, at = _site(), web.now()
    services = {service.id: service for service in my_services()}
    today = day_of(web.db(), site.id, at)
    mine = [line for line in today.receptions if line.service.id in services]
    return {
        "site": site,
        "now": at,
        "version": journal.version(web.db(), site.id),
        "receptions": mine,
        "every": today.receptions,
        "in_rooms": [turn for line in mine for turn in line.in_rooms],
        "waiting": sum(len(line.waiting) for line in mine),
        "absent": [
            gone
            for each in today.presences
            for gone in gestures.absent(each, at)
            if gone.turn.service_id in services
        ],
        "rooms": rooms(web.db(), site.id),
        "room_id": session.get("room") or _room_of_today(mine),
        "coming": [each for service_id in services for each in ahead(web.db(), service_id, at)],
        "names": services,
        "booked": _booked(list(services), site.instant(site.day(at), time())),
        "places": {each.id: each for each in every_site(web.db())},
        "undoable": undoable(web.db(), me().id, at),
    }


def _choices(shown: dict[str, Any], turn: Entry) -> dict[str, Any]:
    """What can be done with one of my turns: nothing is said of the others that its person has."""
    open_ones = queue.open_entries(web.db(), turn.visit_id)
    found = gestures.choices(
        shown["every"], Presence(visit(web.db(), turn.visit_id), tuple(open_ones)), web.now()
    )
    return {
        "spot": found["spots"].get(turn.id),
        "wait": found["waits"].get(turn.id),
        "how": gestures.asked(gestures.HANDING_ON, "comment", "now"),
        "elsewhere": [
            each for each in _receiving(shown["every"]) if each.service.id != turn.service_id
        ],
        "parking": "pause" in request.args,
        "returns": found["returns"],
    }


def _receiving(lines: list[Reception] | None = None) -> list[Reception]:
    """The services that receive here today, and the shared desk."""
    every = receptions(web.db(), _site().id, web.now()) if lines is None else lines
    at = web.now()
    return [
        line
        for line in every
        if line.service.reception or any(each.ends_at > at for each in line.occurrences)
    ]


def _room_of_today(lines: list[Reception] | None = None) -> str | None:
    """Where I receive today, as the planning has it."""
    mine = {service.id for service in my_services()}
    every = receptions(web.db(), _site().id, web.now()) if lines is None else lines
    rooms_today = [
        each.room_id
        for line in every
        if line.service.id in mine
        for each in line.occurrences
        if each.room_id
    ]
    return next(iter(rooms_today), None)


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
