"""A screen becomes one of the house's: the code that an admin was given is typed on it, once."""

from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from accueil.house import devices
from accueil.house.devices import WrongCode
from accueil.house.sessions import TooManyAttempts
from accueil.store.codes import LETTERS
from blueprints import screens, web, words
from blueprints.access import DEVICE_COOKIE, DEVICE_DAYS, allow, device

bp = Blueprint("enrol", __name__, url_prefix="/inscrire")
LONGEST_FIELD = 40


@bp.record_once
def _tell_templates(setup: Any) -> None:
    """Every page may ask which screen it is shown on: `screen()`, None for any other device."""
    setup.app.jinja_env.globals["screen"] = screens.enrolled


@bp.get("")
@allow("anyone")
def page() -> str:
    return _page()


@bp.post("")
@allow("anyone")
def enrol() -> Response | tuple[Response, int]:
    typed, name = request.form.get("code", "")[:LONGEST_FIELD], device()
    try:
        screen, token = devices.enrol(web.db(), typed, name, web.now(), screens.enrolled())
    except TooManyAttempts as haste:
        return _named(_page("haste", typed, haste=haste), name), 429
    except WrongCode:
        return _named(_page("wrong", typed), name), 422
    response = web.go_to(screens.surface(screen))
    screens.remember(response, token)
    return response


def _page(problem: str | None = None, typed: str = "", **values: object) -> str:
    screen = screens.enrolled()
    return render_template(
        "enrol/page.html",
        problem=problem,
        typed=typed,
        letters=LETTERS,
        length=devices.CODE_LENGTH,
        enrolled=screen,
        here=screens.surface(screen) if screen else None,
        to_visitors=_to_visitors() if screens.was_enrolled() else [],
        **values,
    )


def _to_visitors() -> list[tuple[str, str]]:
    """What somebody reads who stands before a screen that has stopped being one."""
    return words.in_every_language("Allez à l’accueil, s’il vous plaît")


def _named(page: str, name: str) -> Response:
    """The device keeps its name: that is what its mistakes are counted against."""
    response = make_response(page)
    response.set_cookie(
        DEVICE_COOKIE,
        name,
        max_age=DEVICE_DAYS * 86_400,
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response
