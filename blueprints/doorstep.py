"""The visitor's phone at the door: the poster's square opens it, without application or account.

Ten letters check an appointment in; whoever comes without one says what for, and waits for the
shared desk. The address holds the minute of the poster, and nothing of anyone.
"""

from contextlib import suppress

from flask import Blueprint, render_template, request, session, url_for
from werkzeug.wrappers import Response

from accueil.house import limits
from accueil.house.services import reception_service_id
from accueil.house.sessions import TooManyAttempts
from accueil.house.sites import Site, Unknown
from accueil.orientation.needs import UnknownNeed, need
from accueil.orientation.numbers import NUMBERS
from accueil.planning.permanences import opening
from accueil.reception import poster, visits
from accueil.reception.visits import Arrival, CodeUsed
from accueil.store.codes import LENGTH, BadCode, new_code, read_scanned
from blueprints import arrived, web, words
from blueprints.access import allow
from blueprints.squares import square_of

bp = Blueprint("doorstep", __name__)
ACTOR = "visitor"
# What one door gives in a minute, and one phone in an hour, to those who come without appointment.
MOST_OF_A_DOOR, MOST_OF_A_PHONE = 12, 3
# Whoever asks to speak in private is not counted among them; so many a minute are nobody's need.
MOST_IN_PRIVATE = 30


@bp.get("/p/<token>")
@bp.get("/P/<token>")
@allow("anyone")
def page(token: str) -> str:
    here = poster.site_of(web.db(), token, web.now())
    words.speak_as_browser()
    return _page(here, token)


@bp.post("/p/<token>")
@allow("anyone")
def step(token: str) -> str:
    """The same page in another language, or the next one: what for."""
    here = _here(token)
    return _page(here, token, "door/needs.html" if request.form.get("step") == "need" else None)


@bp.post("/p/<token>/arrivee")
@allow("anyone")
def arrive(token: str) -> str | tuple[str, int] | Response:
    here = _here(token)
    try:
        reply = arrived.reply(here, "phone", ACTOR)
    except TooManyAttempts:
        return _page(here, token, problem="haste"), 429
    if reply.answer == "unknown":
        return _page(here, token, problem="unknown"), 422
    code = _whole_code()
    if reply.visit and code:
        return web.see_other("visitor.status", code=code, language=words.language())
    way = url_for("doorstep.arrive", token=token)
    return arrived.on_phone(here, reply, way, new_code(), token.upper())


@bp.post("/p/<token>/ticket")
@allow("anyone")
def ticket(token: str) -> str | tuple[str, int] | Response:
    """A turn with the shared desk, for whoever has no appointment, or asks in private."""
    here, form = _here(token), request.form
    arrival = Arrival(
        site_id=here.id,
        code=form.get("code", ""),
        channel="phone",
        language=words.language(),
        need=need(form["need"]).id if form.get("need") else None,
        private="private" in form,
    )
    with suppress(CodeUsed):  # this very form, some time ago: its turn is where it was
        if not (arrival.private or _is_known(arrival.code) or _may_take(here)):
            return _page(here, token, problem="many"), 429
        if arrival.private:
            limits.count(web.db(), f"in private at {here.id}", MOST_IN_PRIVATE, web.now())
        visits.check_in(web.db(), arrival, ACTOR, web.now())
    return web.see_other("visitor.status", code=arrival.code, language=words.language())


@bp.get("/p/<token>/qr.svg")
@allow("anyone")
def qr(token: str) -> Response:
    """The square of the poster."""
    poster.site_of(web.db(), token, web.now())
    return square_of(url_for("doorstep.page", token=token))


@bp.errorhandler(poster.Changed)
def changed(_error: Exception) -> tuple[str, int]:
    words.speak_as_browser()
    return render_template("door/changed.html", numbers=NUMBERS), 410


@bp.errorhandler(TooManyAttempts)
def in_haste(_error: Exception) -> tuple[str, int]:
    return _page(*_door(), problem="haste"), 429


@bp.errorhandler(BadCode)
@bp.errorhandler(UnknownNeed)
@bp.errorhandler(words.UnknownLanguage)
def unreadable(_error: Exception) -> tuple[str, int]:
    """What was sent is nothing that this page proposes: the page again."""
    return _page(*_door()), 422


@bp.errorhandler(Unknown)
def no_such_door(_error: Exception) -> tuple[str, int]:
    """Another house's, or nobody's."""
    words.speak_as_browser()
    return render_template("visitor/unknown.html", numbers=NUMBERS), 404


def _page(here: Site, token: str, template: str | None = None, problem: str | None = None) -> str:
    """A page whose forms carry one code, so that whichever is touched twice makes one visit."""
    return render_template(
        template or "door/phone.html",
        site=here,
        now=web.now(),
        token=token.upper(),
        code=request.form.get("code") or new_code(),
        typed=arrived.typed() if problem else "",
        problem=problem,
        opening=opening(web.db(), reception_service_id(web.db(), here.id), here.id, web.now()),
        numbers=NUMBERS,
    )


def _door() -> tuple[Site, str]:
    token = (request.view_args or {})["token"]
    return poster.site_of(web.db(), token, web.now(), within=poster.FILLED_IN), token


def _here(token: str) -> Site:
    """Whose door it was, while its forms are being filled; in the language that they carry."""
    here = poster.site_of(web.db(), token, web.now(), within=poster.FILLED_IN)
    if "language" in request.form:
        words.speak(request.form["language"])
    return here


def _is_known(code: str) -> bool:
    with suppress(Unknown):
        visits.visit_of_code(web.db(), code, web.now())
        return True
    return False


def _may_take(here: Site) -> bool:
    """Whether this phone, and this door, may give one more turn. The phone keeps only when it had
    the last ones."""
    hour_ago = int(web.now().timestamp()) - 3600
    taken = [at for at in session.get("turns", []) if at > hour_ago]
    if len(taken) >= MOST_OF_A_PHONE:
        return False
    try:
        limits.count(web.db(), f"turns of a door, {here.id}", MOST_OF_A_DOOR, web.now())
    except TooManyAttempts:
        return False
    session["turns"] = [*taken, int(web.now().timestamp())]
    return True


def _whole_code() -> str | None:
    code = read_scanned(arrived.typed())
    return code if len(code) == LENGTH else None
