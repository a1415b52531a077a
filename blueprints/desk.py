"""The shared desk: who has come, who receives, who waits; a newcomer in three touches."""

from flask import Blueprint, render_template, request, session
from werkzeug.wrappers import Response

from accueil.house.services import service, services_by_id
from accueil.house.sites import Site, Unknown, rooms, sites
from accueil.orientation.answers import desk
from accueil.orientation.needs import UnknownNeed, need
from accueil.planning.appointments import to_tell
from accueil.planning.permanences import coming_days
from accueil.reception import alerts, calls, queue, unmet, visits, voice
from accueil.reception.calls import Host
from accueil.reception.change import NotNow, TooLate, undo, undoable
from accueil.reception.day import presences, receptions
from accueil.reception.visits import OUTCOMES, Arrival, BadAlias, CodeUsed, Visit
from accueil.store import journal
from accueil.store.codes import BadCode, new_code
from blueprints import web, words
from blueprints.access import allow, me
from blueprints.desk_question import Said, answered, said

bp = Blueprint("desk", __name__, url_prefix="/accueil")
DAYS_SHOWN = 14
ANSWERS = "orientation"


@bp.get("")
@allow("agent", "admin")
def day() -> str:
    return _page()


@bp.get("/jour")
@allow("agent", "admin")
def changed() -> str:
    """The part of the page that changes while nobody touches it."""
    return render_template("desk/_day.html", **_day())


@bp.post("/lieu")
@allow("agent", "admin")
def choose_site() -> Response:
    session["site"] = web.site_or_404(request.form.get("site"), reception=True).id
    return web.see_other("desk.day")


@bp.get("/nouveau")
@allow("agent", "admin")
def newcomer() -> str:
    return _page(panel="newcomer", code=new_code())


@bp.get("/nouveau/<need_id>")
@allow("agent", "admin")
def newcomer_with(need_id: str) -> str:
    return _newcomer_with(need_id, code=new_code())


@bp.post("/nouveau/<need_id>")
@allow("agent", "admin")
def told(need_id: str) -> tuple[str, int]:
    """What the person said besides their need: answered, asked on, and kept nowhere."""
    heard = said(request.form)
    status = 422 if heard.wrong or heard.clashing else 200
    if web.htmx and web.htmx.target == ANSWERS:
        shown = answered(_site(), need(need_id), heard)
        return render_template(
            "desk/_answers.html", site=_site(), now=web.now(), live=True, **shown
        ), status
    return _newcomer_with(need_id, code=new_code(), heard=heard), status


@bp.post("/visites")
@allow("agent", "admin")
def register() -> str | tuple[str, int] | Response:
    form = request.form
    missing = unmet.missing(form["missing"]) if form.get("missing") else None
    outcome = "unmet" if missing else form.get("outcome")
    arrival = Arrival(
        site_id=_site().id,
        code=form.get("code", ""),
        channel="desk",
        language=_visitor_language(),
        need=need(form["need"]).id if form.get("need") else None,
        service_id=form.get("service") or None,
        private="private" in form,
        alias=form.get("alias"),
        outcome=outcome if outcome in OUTCOMES else None,
        missing=missing,
    )
    try:
        visit = visits.check_in(web.db(), arrival, me().id, web.now())
    except BadAlias:
        return _newcomer_with(form.get("need", ""), code=arrival.code, problem="alias"), 422
    except CodeUsed:  # the same button twice: the first touch did it
        return web.see_other("desk.day")
    turn = queue.latest_open(web.db(), visit.id)
    if turn is None:
        return web.see_other("desk.day")
    return _page(panel="ticket", visit=visit, turn=turn, code=arrival.code.upper())


@bp.get("/visites/<visit_id>")
@allow("agent", "admin")
def visit(visit_id: str) -> str:
    return _visit_page(_visit(visit_id))


@bp.post("/visites/<visit_id>/file")
@allow("agent", "admin")
def send(visit_id: str) -> Response:
    """Put the visit in a service's queue, or move one of its turns there."""
    wanted = service(web.db(), request.form.get("service", ""))
    entry_id = request.form.get("entry")
    if entry_id and _turn(entry_id).visit_id == visit_id:
        calls.move(web.db(), entry_id, wanted.id, me().id, web.now())
    else:
        calls.send_to(web.db(), _visit(visit_id).id, wanted.id, me().id, web.now())
    return web.see_other("desk.day")


@bp.post("/visites/<visit_id>/clore/<any(" + ",".join(OUTCOMES) + "):outcome>")
@allow("agent", "admin")
def close(visit_id: str, outcome: visits.Outcome) -> Response:
    """What its person leaves with; or what was missing, and for which need, when nobody could
    answer."""
    form, ending = request.form, _visit(visit_id)
    visits.close(
        web.db(),
        ending.id,
        outcome,
        me().id,
        web.now(),
        missing=unmet.missing(form["missing"]) if form.get("missing") else None,
        need=need(form["need"]).id if form.get("need") else None,
    )
    return web.see_other("desk.day")


@bp.post("/alertes/<alert_id>")
@allow("agent", "admin")
def go_there(alert_id: str) -> Response:
    """I go there: the alert leaves every screen, and shows me whom to find."""
    try:
        seen = alerts.see(web.db(), alert_id, _site().id, me().id, web.now())
    except Unknown:
        raise web.NotHere from None
    if seen.visit_id:
        return web.see_other("desk.visit", visit_id=seen.visit_id)
    return web.see_other("booking.shown", appointment_id=seen.appointment_id)


@bp.post("/passages/<entry_id>/appeler")
@allow("agent", "admin")
def call(entry_id: str) -> Response:
    turn = _turn(entry_id)
    room_id = _room_for(turn.service_id)
    if room_id is None:
        raise NotNow
    calls.call(web.db(), entry_id, Host(me().id, room_id), web.now())
    return web.see_other("desk.visit", visit_id=turn.visit_id)


@bp.post("/passages/<entry_id>/<any(recall, receive, finish, absent):action>")
@allow("agent", "admin")
def act(entry_id: str, action: str) -> Response:
    turn = _turn(entry_id)
    calls.ACTIONS[action](web.db(), turn.id, me().id, web.now())
    if action in ("finish", "absent"):
        return web.see_other("desk.day")
    return web.see_other("desk.visit", visit_id=turn.visit_id)


@bp.post("/annuler/<int(max=9999999999):seq>")
@allow("agent", "admin")
def take_back(seq: int) -> Response:
    undo(web.db(), seq, me().id, web.now())
    return web.see_other("desk.day")


@bp.errorhandler(NotNow)
def changed_meanwhile(_error: Exception) -> tuple[str, int]:
    return _page(notice="changed"), 409


@bp.errorhandler(TooLate)
def too_late(_error: Exception) -> tuple[str, int]:
    return _page(notice="too-late"), 409


@bp.errorhandler(UnknownNeed)
@bp.errorhandler(Unknown)
@bp.errorhandler(BadCode)
def unreadable(_error: Exception) -> tuple[str, int]:
    return _page(notice="again"), 422


def _page(panel: str | None = None, notice: str | None = None, **values: object) -> str:
    return render_template(
        "desk/page.html", panel=panel, notice=notice, outcomes=OUTCOMES, **_day(), **values
    )


def _newcomer_with(
    need_id: str, code: str, problem: str | None = None, heard: Said | None = None
) -> str:
    return _page(
        panel="orientation",
        desk=desk(web.db(), _site(), web.now()),
        code=code,
        problem=problem,
        alias=request.form.get("alias", ""),
        visitor_language=request.form.get("visitor_language", words.SOURCE),
        **answered(_site(), need(need_id), heard or Said({})),
    )


def _visit_page(shown: Visit) -> str:
    return _page(
        panel="visit",
        visit=shown,
        turns=queue.entries(web.db(), shown.id),
    )


def _day() -> dict[str, object]:
    site, at = _site(), web.now()
    lines = receptions(web.db(), site.id, at)
    here = {line.service.id for line in lines if line.is_here(at) or line.service.reception}
    present = presences(web.db(), site.id, at)
    present.sort(key=lambda each: (not each.visit.private, not each.is_lost(here)))
    return {
        "site": site,
        "desks": [each for each in sites(web.db()) if each.reception],
        "now": at,
        "version": journal.version(web.db(), site.id),
        "alerts": alerts.waiting(web.db(), site, at),
        "receptions": lines,
        "presences": present,
        "here": here,
        "names": services_by_id(web.db()),
        "coming": coming_days(web.db(), site.id, at, DAYS_SHOWN),
        "to_tell": sum(len(to_tell(web.db(), each.id, at)) for each in sites(web.db())),
        "undoable": undoable(web.db(), me().id, at),
        "mute": voice.program() is None,
    }


def _site() -> Site:
    """The site that the agent chose, or the front desk: also when the chosen one has closed."""
    try:
        return web.site_or_404(session.get("site"), reception=True)
    except web.NotHere:
        return web.site_or_404(None)


def _visit(visit_id: str) -> Visit:
    try:
        found = visits.visit(web.db(), visit_id)
    except Unknown:
        raise web.NotHere from None
    if found.site_id != _site().id or found.day != _site().day(web.now()).isoformat():
        raise web.NotHere
    return found


def _turn(entry_id: str) -> queue.Entry:
    try:
        turn = queue.entry(web.db(), entry_id)
    except Unknown:
        raise web.NotHere from None
    _visit(turn.visit_id)
    return turn


def _room_for(service_id: str) -> str | None:
    """Where a person called from the desk goes: the service's room today, if it has one."""
    for reception in receptions(web.db(), _site().id, web.now()):
        occurrence = reception.occurrence(web.now())
        if reception.service.id == service_id and occurrence and occurrence.room_id:
            return occurrence.room_id
    first = next(iter(rooms(web.db(), _site().id)), None)
    return first.id if first and service(web.db(), service_id).reception else None


def _visitor_language() -> str:
    chosen = request.form.get("visitor_language", words.SOURCE)
    return chosen if chosen in words.LANGUAGES else words.SOURCE
