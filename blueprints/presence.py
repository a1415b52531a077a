"""On one's own page: I have arrived, I am here after all, I go before others.

The four letters of the poster say that whoever holds an appointment stands at the door.
"""

from contextlib import suppress

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house import limits
from accueil.house.sessions import TooManyAttempts
from accueil.house.sites import Unknown, site
from accueil.orientation.numbers import NUMBERS
from accueil.planning import appointments
from accueil.reception import arriving, calls, passages, poster, visits
from accueil.reception.arriving import Door
from accueil.reception.change import NotNow
from accueil.reception.visits import Visit
from accueil.store.codes import BadCode
from blueprints import arrived, web, words
from blueprints.access import allow

bp = Blueprint("presence", __name__)
ACTOR = "visitor"
TRIES = 8  # of four letters, in a minute
LONGEST = 20


@bp.post("/r/<code>/arrivee")
@allow("anyone")
def arrive(code: str) -> str | tuple[str, int] | Response:
    """From the page of an appointment, with the letters that the door shows."""
    held = appointments.appointment_of_code(web.db(), code, web.now())
    words.speak_of(held.language, request.form.get("language"))
    here, letters = site(web.db(), held.site_id), request.form.get("letters", "")[:LONGEST]
    try:
        limits.count(web.db(), f"letters of a door, {held.id}", TRIES, web.now())
    except TooManyAttempts:
        return _letters(code, letters, "haste"), 429
    if not poster.shows(web.db(), here.id, letters, web.now()):
        return _letters(code, letters, "wrong"), 422
    door = Door(here, "phone", words.language())
    found = arriving.arrive_for(web.db(), held, door, ACTOR, web.now())
    if found.visit:
        return web.see_other("visitor.status", code=code, language=words.language())
    reply = arrived.told(found, here, "phone", ACTOR)
    way = url_for("presence.arrive", code=code)
    return arrived.on_phone(here, reply, way, code.upper())


@bp.post("/v/<code>/me-voici")
@allow("anyone")
def here_i_am(code: str) -> Response:
    """Somebody whose call nobody answered is there."""
    visit = _visit(code)
    absent = arriving.missed(web.db(), visit.id)
    if absent and visit.closed_at is None:
        with suppress(NotNow):  # the desk said so meanwhile
            calls.came_back(web.db(), absent.id, ACTOR, web.now())
    return _see(code)


@bp.post("/v/<code>/priorite")
@allow("anyone")
def give_precedence(code: str) -> Response:
    visit = _visit(code)
    if visit.closed_at is None:
        given = request.form.get("given") == "1"
        passages.give_precedence(web.db(), visit.id, given, ACTOR, web.now())
    return _see(code)


@bp.errorhandler(BadCode)
@bp.errorhandler(Unknown)
def no_such_page(_error: Exception) -> tuple[str, int]:
    """Wrong, old, or of another day: one answer, that tells a guesser nothing."""
    words.speak_as_browser()
    return render_template("visitor/unknown.html", numbers=NUMBERS), 404


def _visit(code: str) -> Visit:
    visit = visits.visit_of_code(web.db(), code, web.now())
    words.speak_of(visit.language, request.form.get("language"))
    return visit


def _letters(code: str, letters: str, problem: str) -> str:
    return render_template(
        "door/letters.html", code=code.upper(), letters=letters.upper(), problem=problem
    )


def _see(code: str) -> Response:
    return web.see_other("visitor.status", code=code, language=words.language())
