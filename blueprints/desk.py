"""The shared desk: who has come, who receives, who waits; a newcomer in three touches."""

from typing import get_args

from flask import Blueprint, render_template, request, session
from werkzeug.wrappers import Response

from accueil.house.sites import Unknown
from accueil.orientation.answers import desk
from accueil.orientation.needs import need
from accueil.reception import alerts, queue, unmet, visits
from accueil.reception.arriving import Answer
from accueil.reception.day import Presence
from accueil.reception.visits import OUTCOMES, Arrival, BadAlias, CodeUsed
from accueil.store.codes import new_code
from blueprints import desk_frame, gestures, web, words
from blueprints.access import allow, me
from blueprints.desk_frame import here, visit_here
from blueprints.desk_question import Said, answered, said

bp = Blueprint("desk", __name__, url_prefix="/accueil")
desk_frame.answer_errors(bp)
ANSWERS = "orientation"


@bp.get("")
@allow("agent", "admin")
def day() -> str:
    return desk_frame.page()


@bp.get("/jour")
@allow("agent", "admin")
def changed() -> str:
    """The part of the page that changes while nobody touches it."""
    return render_template("desk/_day.html", **desk_frame.shown())


@bp.post("/lieu")
@allow("agent", "admin")
def choose_site() -> Response:
    session["site"] = web.site_or_404(request.form.get("site"), reception=True).id
    return web.see_other("desk.day")


@bp.get("/nouveau")
@allow("agent", "admin")
def newcomer() -> str:
    return desk_frame.page(panel="newcomer", code=new_code())


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
        shown = answered(here(), need(need_id), heard)
        return render_template(
            "desk/_answers.html", site=here(), now=web.now(), live=True, **shown
        ), status
    return _newcomer_with(need_id, code=new_code(), heard=heard), status


@bp.post("/visites")
@allow("agent", "admin")
def register() -> str | tuple[str, int] | Response:
    form = request.form
    missing = unmet.missing(form["missing"]) if form.get("missing") else None
    outcome = "unmet" if missing else form.get("outcome")
    arrival = Arrival(
        site_id=here().id,
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
    return desk_frame.page(panel="ticket", visit=visit, turn=turn, code=arrival.code.upper())


@bp.get("/visites/<visit_id>")
@allow("agent", "admin")
def visit(visit_id: str) -> str:
    """One person: where they wait and why there, and what can be done."""
    seen = visit_here(visit_id)
    frame = desk_frame.shown()
    turns = queue.entries(web.db(), seen.id)
    present = Presence(seen, tuple(turns))
    return desk_frame.page(
        panel="visit",
        frame=frame,
        visit=seen,
        absent=gestures.absent(present, web.now()),
        answer=gestures.asked(get_args(Answer), "arrivee"),
        **gestures.choices(frame["receptions"], present, web.now()),
    )


@bp.post("/visites/<visit_id>/clore/<any(" + ",".join(OUTCOMES) + "):outcome>")
@allow("agent", "admin")
def close(visit_id: str, outcome: visits.Outcome) -> Response:
    """What its person leaves with; or what was missing, and for which need, when nobody could
    answer."""
    form, ending = request.form, visit_here(visit_id)
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
        seen = alerts.see(web.db(), alert_id, here().id, me().id, web.now())
    except Unknown:
        raise web.NotHere from None
    if seen.visit_id:
        return web.see_other("desk.visit", visit_id=seen.visit_id)
    return web.see_other("booking.shown", appointment_id=seen.appointment_id)


def _newcomer_with(
    need_id: str, code: str, problem: str | None = None, heard: Said | None = None
) -> str:
    return desk_frame.page(
        panel="orientation",
        desk=desk(web.db(), here(), web.now()),
        code=code,
        problem=problem,
        alias=request.form.get("alias", ""),
        visitor_language=request.form.get("visitor_language", words.SOURCE),
        **answered(here(), need(need_id), heard or Said({})),
    )


def _visitor_language() -> str:
    chosen = request.form.get("visitor_language", words.SOURCE)
    return chosen if chosen in words.offered() else words.SOURCE
