"""The poster at the door: a square for a visitor's phone, and four letters, that change by
themselves. Nobody touches it, and it knows nobody."""

from flask import Blueprint, render_template

from accueil.house.sites import Site
from accueil.reception import poster
from blueprints import screens, web, words
from blueprints.access import allow

bp = Blueprint("door", __name__, url_prefix="/porte")
screens.guard(bp, "door")


@bp.get("/<site_id>")
@allow("anyone")
def show(site_id: str) -> str:
    return render_template(
        "door/poster.html",
        **_shown(site_id),
        aim=words.in_every_language("Vous êtes là ? Visez ce carré avec votre téléphone."),
        away=words.in_every_language("Allez à l’accueil, s’il vous plaît"),
    )


@bp.get("/<site_id>/code")
@allow("anyone")
def code(site_id: str) -> str:
    """The part that changes."""
    return render_template("door/_code.html", **_shown(site_id))


def _shown(site_id: str) -> dict[str, object]:
    site: Site = web.site_or_404(site_id, reception=True)
    shown = poster.poster(web.db(), site.id, web.now())
    return {"site": site, "now": web.now(), "poster": shown}
