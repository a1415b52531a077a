"""The desk's page of messages: who is to be phoned, and what was sent today."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from accueil.house.services import services_by_id
from accueil.house.sites import Unknown
from accueil.messages import phoning, providers
from accueil.messages.contacts import About
from accueil.messages.phoning import NotSent
from accueil.planning.appointments import appointment
from accueil.reception import visits
from blueprints import web
from blueprints.access import allow, me
from blueprints.impact import frame
from blueprints.to_phone import sent, to_phone

bp = Blueprint("messages", __name__, url_prefix="/accueil/messages")


@bp.get("")
@allow("agent", "admin")
def page() -> str:
    return _page()


@bp.post("/prevenu")
@allow("agent", "admin")
def phoned() -> Response:
    """Somebody has told the person of this appointment, or of this visit."""
    phoning.phoned(web.db(), _about(), me().id, web.now())
    return web.see_other("messages.page")


@bp.post("/<message_id>/pas-recu")
@allow("agent", "admin")
def returned(message_id: str) -> Response | tuple[str, int]:
    """What the provider took did not arrive: somebody has to phone."""
    try:
        phoning.returned(web.db(), message_id, me().id, web.now())
    except Unknown:
        raise web.NotHere from None
    except NotSent:
        return _page(notice="changed"), 409
    return web.see_other("messages.page")


def _page(notice: str | None = None) -> str:
    return render_template(
        "messages/page.html",
        notice=notice,
        people=to_phone(),
        sent=sent(),
        ways=providers.ways(),
        names=services_by_id(web.db()),
        **frame(),
    )


def _about() -> About:
    """Whom the form is about; `NotHere` for nobody."""
    found = request.form.get("id", "")
    try:
        if request.form.get("about") == "visit":
            return About("visit", found, visits.visit(web.db(), found).site_id)
        return About("appointment", found, appointment(web.db(), found).site_id)
    except Unknown:
        raise web.NotHere from None
