"""The admin's page of the visitors' languages: who has read each, and whether it is offered."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from accueil.house import languages
from accueil.house.languages import NotALanguage
from accueil.store import journal
from blueprints import web, words
from blueprints.access import allow, me

bp = Blueprint("languages", __name__, url_prefix="/admin/langues")


@bp.get("")
@allow("admin")
def everything() -> str:
    site = web.site_or_404(None)
    return render_template(
        "admin/languages.html",
        known=[(code, words.review(code)) for code in words.LANGUAGES],
        source=words.SOURCE,
        site=site,
        now=web.now(),
        version=journal.version(web.db(), site.id),
    )


@bp.post("/<code>")
@allow("admin")
def offer(code: str) -> Response:
    """Turn a language on or off; the page says what is so from now on."""
    if code not in words.LANGUAGES or words.review(code) is None:
        raise web.NotHere
    try:
        languages.offer(web.db(), code, request.form.get("on") == "1", me().id, web.now())
    except NotALanguage:
        raise web.NotHere from None
    return web.see_other("languages.everything", _anchor=code)
