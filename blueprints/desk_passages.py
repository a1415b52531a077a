"""The desk, on one turn of somebody's visit: call, hand on, park, let go before others; and the
way back for ten seconds."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from accueil.house.services import service
from accueil.house.sites import rooms
from accueil.reception import calls, passages
from accueil.reception.calls import Host
from accueil.reception.change import NotNow, undo
from accueil.reception.day import receptions
from blueprints import desk_frame, gestures, web
from blueprints.access import allow, me
from blueprints.desk_frame import here, turn_here, visit_here

bp = Blueprint("desk_passages", __name__, url_prefix="/accueil")
desk_frame.answer_errors(bp)


@bp.post("/visites/<visit_id>/file")
@allow("agent", "admin")
def send(visit_id: str) -> Response:
    """Put the visit in a service's queue, or hand one of its turns on."""
    wanted = service(web.db(), request.form.get("service", ""))
    seen, entry_id = visit_here(visit_id), request.form.get("entry")
    if entry_id and turn_here(entry_id).visit_id == visit_id:
        gestures.hand_on(turn_here(entry_id), wanted.id, request.form.get("how", "now"))
    else:
        passages.send_to(web.db(), seen.id, wanted.id, me().id, web.now())
    return web.see_other("desk.day")


@bp.post("/visites/<visit_id>/passe-avant")
@allow("agent", "admin")
def give_precedence(visit_id: str) -> Response:
    """A card, a pregnancy, an infant: which one is neither asked nor kept."""
    given = "given" in request.form
    passages.give_precedence(web.db(), visit_here(visit_id).id, given, me().id, web.now())
    return web.see_other("desk.visit", visit_id=visit_id)


@bp.post("/passages/<entry_id>/appeler")
@allow("agent", "admin")
def call(entry_id: str) -> Response:
    turn = turn_here(entry_id)
    room_id = _room_for(turn.service_id)
    if room_id is None:
        raise NotNow
    gestures.call(turn, Host(me().id, room_id))
    return web.see_other("desk.visit", visit_id=turn.visit_id)


@bp.post("/passages/<entry_id>/pause")
@allow("agent", "admin")
def park(entry_id: str) -> Response:
    turn = turn_here(entry_id)
    gestures.park(turn)
    return web.see_other("desk.visit", visit_id=turn.visit_id)


@bp.post("/passages/<entry_id>/<any(recall, receive, finish, absent, back, resume):action>")
@allow("agent", "admin")
def act(entry_id: str, action: str) -> Response:
    turn = turn_here(entry_id)
    calls.ACTIONS[action](web.db(), turn.id, me().id, web.now())
    if action in ("finish", "absent"):
        return web.see_other("desk.day")
    return web.see_other("desk.visit", visit_id=turn.visit_id)


@bp.post("/annuler/<int(max=9999999999):seq>")
@allow("agent", "admin")
def take_back(seq: int) -> Response:
    undo(web.db(), seq, me().id, web.now())
    return web.see_other("desk.day")


def _room_for(service_id: str) -> str | None:
    """Where a person called from the desk goes: the service's room today, if it has one."""
    for reception in receptions(web.db(), here().id, web.now()):
        occurrence = reception.occurrence(web.now())
        if reception.service.id == service_id and occurrence and occurrence.room_id:
            return occurrence.room_id
    first = next(iter(rooms(web.db(), here().id)), None)
    return first.id if first and service(web.db(), service_id).reception else None
