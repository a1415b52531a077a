"""The kiosk, for who is in danger: somebody now, and the numbers to dial. Nothing of it is said on
a screen that others see, and nothing is kept on the device."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.sites import Site, Unknown
from accueil.orientation.numbers import NUMBERS
from accueil.planning.permanences import opening
from accueil.reception import alerts, queue, visits, waits
from accueil.store.codes import BadCode, new_code
from blueprints import screens, web, words
from blueprints.access import allow

bp = Blueprint("discreet", __name__, url_prefix="/borne")
screens.guard(bp, "kiosk")
ACTOR = "kiosk"


@bp.get("/<site_id>/<any('accueil', 'numeros'):step>")
@allow("anyone")
def begin_again(site_id: str, step: str) -> Response:
    """These steps are reached by forms: an address typed or reloaded shows nothing of anyone."""
    return web.see_other("kiosk.start", site_id=_enter(site_id).id)


@bp.post("/<site_id>/accueil")
@allow("anyone")
def now(site_id: str) -> str | Response:
    """From the ticket of somebody who asked in private: it cannot wait. The same ticket again."""
    site, code = _enter(site_id), request.form.get("code", "")
    visit = visits.visit_of_code(web.db(), code, web.now())
    if visit.site_id != site.id:
        raise Unknown(visit.id)
    if alerts.next_step(web.db(), visit.id):
        visits.ask_in_private(web.db(), visit.id, ACTOR, web.now(), urgent=True)
    turn = queue.latest_open(web.db(), visit.id)
    if turn is None:
        raise Unknown(visit.id)
    return render_template(
        "kiosk/ticket.html",
        site=site,
        now=web.now(),
        here=url_for("kiosk.ticket", site_id=site.id),
        carried={"code": code.upper(), "private": "1"},
        visit=visit,
        private=True,
        urgent=True,
        people_before=queue.people_before(web.db(), turn, web.now()),
        wait=waits.noted(web.db(), turn.id),
        opening=opening(web.db(), turn.service_id, site.id, web.now()),
    )


@bp.post("/<site_id>/numeros")
@allow("anyone")
def numbers(site_id: str) -> str:
    """The numbers to dial. Whoever comes from their ticket goes back to it."""
    site, form = _enter(site_id), request.form
    kept = {name: form[name] for name in ("code", "numbered", "private") if form.get(name)}
    return render_template(
        "discreet/kiosk.html",
        site=site,
        now=web.now(),
        here=url_for("discreet.numbers", site_id=site.id),
        carried={"code": new_code(), **kept},
        numbers=NUMBERS,
    )


@bp.errorhandler(Unknown)
@bp.errorhandler(BadCode)
@bp.errorhandler(words.UnknownLanguage)
def unreadable(_error: Exception) -> Response:
    """What was sent is no ticket of today: begin again, and say nothing of it."""
    site = web.site_or_404((request.view_args or {}).get("site_id"), reception=True)
    return web.see_other("kiosk.start", site_id=site.id)


def _enter(site_id: str) -> Site:
    """The kiosk's site, in the language that its form carries."""
    site = web.site_or_404(site_id, reception=True)
    if "language" in request.values:
        words.speak(request.values["language"])
    return site
