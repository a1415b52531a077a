"""What a person is told when something cannot be done: a sentence, a status, a way on."""

import logging

from flask import Flask, g, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from accueil.store.errors import Busy, StoreError, Unwritable
from blueprints import web, words

log = logging.getLogger("accueil")
RETRY_S = "5"


def init_app(app: Flask) -> None:
    """Answer every fault of the application with a page."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(web.NotHere, _not_here)
    app.register_error_handler(StoreError, _store)
    app.register_error_handler(HTTPException, _http)


def _expired(_error: Exception) -> tuple[str, int]:
    return _page("expired"), 400


def _not_here(_error: Exception) -> tuple[str, int]:
    return _page("not-here"), 404


def _store(error: StoreError) -> tuple[str, int, dict[str, str]]:
    """Nothing was recorded: better to say so than to give a number that would be lost."""
    kind = "full" if isinstance(error, Unwritable) else "busy"
    if not isinstance(error, Busy):
        log.error("store: %s", type(error).__name__)
    return _page(kind), 503, {"Retry-After": RETRY_S}


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, InternalServerError):
        return _page("fault"), 500
    known = {403: "not-yours", 404: "not-here", 413: "too-long", 503: "busy"}
    return _page(known.get(error.code, "not-here")), error.code


def _page(kind: str) -> str:
    """In the language that the request had chosen, or else the browser's for a visitor."""
    if request.blueprint in words.VISITOR_SURFACES and "language" not in g:
        words.speak_as_browser()
    return render_template("faults/page.html", kind=kind, back=_back())


def _back() -> str | None:
    """Where to begin again: never from a visitor's page to the staff's door."""
    if request.blueprint in ("kiosk", "discreet", "checkin"):
        return url_for("kiosk.start")
    if request.blueprint in ("visitor", "appointment", "presence", "doorstep", "door", "board"):
        return None
    return url_for("auth.door")
