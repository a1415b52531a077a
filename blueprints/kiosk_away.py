"""The kiosk when the house's server does not answer: a page that the device itself holds, in every
language, and that goes back by itself. It is all that the device holds, and is nobody's.
"""

from flask import Blueprint, Response, current_app, render_template

from blueprints import words
from blueprints.access import allow

bp = Blueprint("kiosk_away", __name__, url_prefix="/borne")


@bp.get("/absente")
@allow("anyone")
def page() -> str:
    """What is shown when a kiosk is started, or loaded again, and nobody answers."""
    return render_template(
        "kiosk/away.html",
        go=words.in_every_language("Allez à l’accueil, s’il vous plaît"),
        soon=words.in_every_language("Cet écran ne répond plus. Il reviendra tout seul."),
    )


@bp.get("/veilleur.js")
@allow("anyone")
def watchman() -> Response:
    """The script that shows that page: from here, so that it watches over the kiosk's addresses
    and no others."""
    response = current_app.send_static_file("js/kiosk_worker.js")
    response.headers["Service-Worker-Allowed"] = "/borne"
    response.headers["Cache-Control"] = "no-store"
    return response
