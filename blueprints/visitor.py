"""The visitor's phone: their number, the people before them, the room when it is their turn.

The address is the ticket's code, which nobody else knows. Looking changes nothing; only a form
does.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.sites import Unknown, site
from accueil.messages.contacts import About
from accueil.orientation.numbers import NUMBERS
from accueil.reception import alerts, arriving, calls, line, queue, visits
from accueil.reception.change import NotNow
from accueil.reception.visits import Visit
from accueil.reception.waiting import Range
from accueil.store.codes import BadCode
from blueprints import notifying, web, words
from blueprints.access import allow
from blueprints.squares import square

bp = Blueprint("visitor", __name__)
WORTH_LEAVING, BACK_BEFORE = 15, 5
# A phone asks again soon when few are before its number; otherwise there is time.
FEW, SOON_S, LATER_S = 3, 5, 15
# Another program may make another page of the same turn.
_STARTED = token_hex(8)


@bp.get("/v/<code>")
@bp.get("/V/<code>")
@allow("anyone")
def status(code: str) -> str:
    visit = _visit(code)
    notify = notifying.standing(_who(visit), is_open=_waits(visit))
    return render_template("visitor/status.html", notify=notify, **_page(visit, code))


@bp.get("/v/<code>/tour")
@allow("anyone")
def turn(code: str) -> Response:
    """The part of the page that changes, asked for again by the page itself; 304 when it is as
    the phone has it, which most looks are."""
    shown = _turn(_visit(code), code)
    known = _validator(shown)
    if request.if_none_match.contains_weak(known):
        response = Response(status=304)
    else:
        response = make_response(render_template("visitor/_turn.html", **shown))
    response.set_etag(known, weak=True)
    response.headers["Cache-Control"] = "no-cache, private"
    return response


@bp.get("/v/<code>/partir")
@allow("anyone")
def leaving(code: str) -> str:
    visit = _visit(code)
    return render_template("visitor/leave.html", **_page(visit, code))


@bp.post("/v/<code>/partir")
@allow("anyone")
def leave(code: str) -> Response:
    visit = _visit(code)
    with suppress(NotNow):  # already over: the page says so
        calls.leave(web.db(), visit.id, web.now())
    return web.see_other("visitor.status", code=code, language=words.language())


@bp.post("/v/<code>")
@allow("anyone")
def ask(code: str) -> notifying.Answer:
    """Somebody to speak to, at once if need be, the numbers to dial, or messages: at the ticket's
    own address, so that the phone's history holds no other."""
    if request.form.get("show") == "numbers":
        return _numbers(code)
    visit = _visit(code)
    back = url_for("visitor.status", code=code, language=words.language())
    notified = notifying.answered(_who(visit), _here(code), back, is_open=_waits(visit))
    if notified:
        return notified
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
    words.speak_as_browser()
    return render_template("visitor/unknown.html", numbers=NUMBERS), 404


def _visit(code: str) -> Visit:
    visit = visits.visit_of_code(web.db(), code, web.now())
    words.speak_of(visit.language, request.values.get("language"))
    return visit


def _numbers(code: str, *, told: bool = False) -> str:
    step = _next_step(_visit(code))
    return render_template(
        "discreet/phone.html", numbers=NUMBERS, here=_here(code), step=step, told=told
    )


def _next_step(visit: Visit) -> alerts.Step | None:
    """What the person may ask of the desk; a visit that is over asks for nothing more."""
    return alerts.next_step(web.db(), visit.id) if visit.closed_at is None else None


def _who(visit: Visit) -> list[About]:
    """The visit, and the appointments that it is for."""
    held = [turn.appointment_id for turn in queue.entries(web.db(), visit.id)]
    return [
        About("visit", visit.id, visit.site_id),
        *(About("appointment", each, visit.site_id) for each in held if each),
    ]


def _waits(visit: Visit) -> bool:
    """Whether a turn is still to be called."""
    return any(turn.state == "waiting" for turn in queue.open_entries(web.db(), visit.id))


def _here(code: str) -> str:
    return url_for("visitor.ask", code=code)


def _page(visit: Visit, code: str) -> dict[str, object]:
    """The same, and what its page may ask for."""
    return {**_turn(visit, code), "here": _here(code.upper()), "step": _next_step(visit)}


def _validator(shown: dict[str, object]) -> str:
    """What names this answer, before it is made: of all that it is made of, and of the program
    that makes it."""
    made_of = (_STARTED, words.language(), *shown.items())
    return sha256(repr(made_of).encode()).hexdigest()[:32]


def _turn(visit: Visit, code: str) -> dict[str, object]:
    """What the part that changes shows, all of it: the call first, else the turn that waits."""
    place, at, lines = site(web.db(), visit.site_id), web.now(), web.house().lines
    turns = queue.entries(web.db(), visit.id)
    called = next((turn for turn in turns if turn.state in ("called", "serving")), None)
    waits = [turn for turn in turns if turn.state == "waiting" and not called]
    waiting = min(waits, key=lambda turn: (line.is_held(turn, at), not turn.priority), default=None)
    open_now = visit.closed_at is None
    shown: dict[str, object] = {
        "code": code.upper(),
        "site": place,
        "visit": visit,
        "called": called,
        "missed": arriving.missed_of(turns) if open_now else None,
        "waiting": waiting,
        "again": SOON_S,
    }
    if waiting is None:
        return shown
    before = lines.people_before(web.db(), waiting, place, at)
    wait = lines.wait_of(web.db(), waiting, place, at)
    opening = lines.opening(web.db(), waiting.service_id, place, at)
    held = line.is_held(waiting, at)
    later = waiting.back_at if held else waiting.due_at
    return {
        **shown,
        "closed": opening is not None and not opening.is_on(at),
        "opening": opening,
        "reopens_today": opening is not None and opening.day == place.day(at),
        "held": held,
        "later": later if held or (later and later > at) else None,
        "people_before": before,
        "wait": wait,
        "come_back": come_back(at, wait) if wait else None,
        "again": SOON_S if before <= FEW else LATER_S,
    }


def come_back(at: datetime, wait: Range) -> datetime | None:
    """The hour to be back at, five minutes before the first that may be: on the five minutes, so
    that it does not tremble. None when it is not worth going away."""
    if wait.low < WORTH_LEAVING:
        return None
    back = at + timedelta(minutes=wait.low - BACK_BEFORE)
    return back - timedelta(
        minutes=back.minute % 5, seconds=back.second, microseconds=back.microsecond
    )
