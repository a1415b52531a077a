"""The visitor's phone: their number, the people before them, the room when it is their turn.

The address is the ticket's code, which nobody else knows. Looking changes nothing; only a form
does.
"""

from contextlib import suppress

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.sites import Unknown, site
from accueil.orientation.numbers import NUMBERS
from accueil.planning.permanences import opening
from accueil.reception import alerts, calls, queue, visits
from accueil.reception.change import NotNow
from accueil.reception.visits import Visit
from accueil.store.codes import BadCode
from blueprints import web, words
from blueprints.access import allow
from blueprints.squares import square

bp = Blueprint("visitor", __name__)


@bp.get("/v/<code>")
@bp.get("/V/<code>")
@allow("anyone")
def status(code: str) -> str:
    return render_template("visitor/status.html", **_turn(_visit(code), code))


@bp.get("/v/<code>/tour")
@allow("anyone")
def turn(code: str) -> Response:
    """The part of the page that changes, asked for again by the page itself; 304 when it is as
    the phone has it, which most looks are."""
    response = make_response(render_template("visitor/_turn.html", **_turn(_visit(code), code)))
    response.headers["Cache-Control"] = "no-cache, private"
    response.add_etag(weak=True)
    return response.make_conditional(request)


@bp.get("/v/<code>/partir")
@allow("anyone")
def leaving(code: str) -> str:
    return render_template("visitor/leave.html", **_turn(_visit(code), code))


@bp.post("/v/<code>/partir")
@allow("anyone")
def leave(code: str) -> Response:
    visit = _visit(code)
    with suppress(NotNow):  # already over: the page says so
        calls.leave(web.db(), visit.id, web.now())
    return web.see_other("visitor.status", code=code, language=words.language())


@bp.post("/v/<code>")
@allow("anyone")
def ask(code: str) -> str | Response:
    """Somebody to speak to, at once if need be, or the numbers to dial: at the ticket's own
    address, so that the phone's history holds no other."""
    if request.form.get("show") == "numbers":
        return _numbers(code)
    visit = _visit(code)
    step = _next_step(visit)
    if step and request.form.get("ask") in ("desk", "now"):
        urgent = request.form["ask"] == "now"
        if urgent or step == "desk":
            visits.ask_in_private(web.db(), visit.id, "visitor", web.now(), urgent=urgent)
        if urgent:
            return _numbers(code, told=True)
    return web.see_other("visitor.status", code=code, language=words.language())


@bp.get("/v/<code>/qr.svg")
@allow("anyone")
def qr(code: str) -> Response:
    """The square that opens this visitor's page on a phone."""
    return square("visitor.status", code)


@bp.errorhandler(BadCode)
@bp.errorhandler(Unknown)
def no_such_ticket(_error: Exception) -> tuple[str, int]:
    """Wrong, old, or of another day: one answer, that tells a guesser nothing."""
    words.speak(request.accept_languages.best_match(words.LANGUAGES, words.SOURCE))
    return render_template("visitor/unknown.html", numbers=NUMBERS), 404


def _visit(code: str) -> Visit:
    visit = visits.visit_of_code(web.db(), code, web.now())
    wanted = request.values.get("language", visit.language)
    words.speak(wanted if wanted in words.LANGUAGES else visit.language)
    return visit


def _numbers(code: str, *, told: bool = False) -> str:
    step = _next_step(_visit(code))
    return render_template(
        "discreet/phone.html", numbers=NUMBERS, here=_here(code), step=step, told=told
    )


def _next_step(visit: Visit) -> alerts.Step | None:
    """What the person may ask of the desk; a visit that is over asks for nothing more."""
    return alerts.next_step(web.db(), visit.id) if visit.closed_at is None else None


def _here(code: str) -> str:
    return url_for("visitor.ask", code=code)


def _turn(visit: Visit, code: str) -> dict[str, object]:
    """What the page shows: the call first, else the turn that waits."""
    turns = queue.open_entries(web.db(), visit.id)
    called = next((turn for turn in turns if turn.state in ("called", "serving")), None)
    lines = sorted(turns, key=lambda turn: not turn.priority)
    waiting = next((turn for turn in lines if turn.state == "waiting" and not called), None)
    return {
        "code": code.upper(),
        "here": _here(code.upper()),
        "step": _next_step(visit),
        "site": site(web.db(), visit.site_id),
        "visit": visit,
        "called": called,
        "waiting": waiting,
        "opening": waiting and opening(web.db(), waiting.service_id, visit.site_id, web.now()),
        "people_before": queue.people_before(web.db(), waiting) if waiting else 0,
        "now": web.now(),
    }
