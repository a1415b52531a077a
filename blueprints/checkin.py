"""The kiosk, for who has an appointment: a scanner, the camera, or ten letters touched one by one.

A scanner is a keyboard: what it types is sent in the body of a form, from any screen of the kiosk,
and never shown.
"""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.sessions import TooManyAttempts
from accueil.house.sites import Site, Unknown
from accueil.reception import passages, visits
from accueil.store.codes import LETTERS, SHORT, BadCode, new_code
from blueprints import arrived, screens, web, words
from blueprints.access import allow
from blueprints.arrived import Reply

bp = Blueprint("checkin", __name__, url_prefix="/borne")
screens.guard(bp, "kiosk")
ACTOR = "kiosk"
WITH_CAMERA = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}


@bp.get("/<site_id>/arrivee")
@allow("anyone")
def page(site_id: str) -> Response:
    """The only page of the house that may ask for a camera."""
    response = make_response(_page(_enter(site_id)))
    response.headers.update(WITH_CAMERA)
    return response


@bp.post("/<site_id>/arrivee")
@allow("anyone")
def arrive(site_id: str) -> str | tuple[str, int]:
    """Somebody arrives; or, without a script, touches one letter more."""
    here = _enter(site_id)
    if "letter" in request.form or "erase" in request.form:
        return _page(here, letters=_letters())
    try:
        reply = arrived.reply(here, "kiosk", ACTOR)
    except TooManyAttempts:
        return _page(here, "haste", _letters()), 429
    if reply.answer == "unknown":
        return _page(here, "unknown", _letters()), 422
    return _answer(here, reply)


@bp.get("/<site_id>/priorite")
@allow("anyone")
def begin_again(site_id: str) -> Response:
    """This step is reached by a form: an address typed or reloaded shows nothing of anyone."""
    return web.see_other("kiosk.start", site_id=_enter(site_id).id)


@bp.post("/<site_id>/priorite")
@allow("anyone")
def give_precedence(site_id: str) -> Response:
    """From a ticket: its person goes before others, or no longer does. The same ticket again."""
    here = _enter(site_id)
    visit = visits.visit_of_code(web.db(), request.form.get("code", ""), web.now())
    if visit.site_id != here.id:
        raise Unknown(visit.id)
    given = request.form.get("given") == "1"
    passages.give_precedence(web.db(), visit.id, given, ACTOR, web.now())
    return redirect(url_for("kiosk.ticket", site_id=here.id), code=307)


@bp.errorhandler(Unknown)
@bp.errorhandler(BadCode)
@bp.errorhandler(words.UnknownLanguage)
def unreadable(_error: Exception) -> Response:
    """What was sent is no ticket of today: begin again, and say nothing of it."""
    here = web.site_or_404((request.view_args or {}).get("site_id"), reception=True)
    return web.see_other("kiosk.start", site_id=here.id)


def _page(here: Site, problem: str | None = None, letters: str = "") -> str:
    return render_template(
        "checkin/page.html",
        site=here,
        now=web.now(),
        here=url_for("checkin.page", site_id=here.id),
        carried={"code": new_code()},
        letters=LETTERS,
        typed=letters,
        problem=problem,
    )


def _answer(here: Site, reply: Reply) -> str:
    return render_template(
        "checkin/answer.html",
        site=here,
        now=web.now(),
        here=url_for("checkin.arrive", site_id=here.id),
        carried={"typed": reply.typed, "code": new_code()},
        reply=reply,
        held=reply.held,
        visit=reply.visit,
        turn=reply.turn,
    )


def _letters() -> str:
    """The letters that are shown in the field: those touched so far, or that were not recognised.
    Of what a scanner read, none."""
    typed = "".join(arrived.typed().split()).upper() + request.form.get("letter", "")[:1]
    if "erase" in request.form:
        typed = typed[:-1]
    return typed if len(typed) <= SHORT and set(typed) <= set(LETTERS) else ""


def _enter(site_id: str) -> Site:
    """The kiosk's site, in the language that its form carries."""
    here = web.site_or_404(site_id, reception=True)
    if "language" in request.values:
        words.speak(request.values["language"])
    return here
