"""The board: a number and a room, seen and heard across the hall. Never a name nor a service."""

from flask import Blueprint, Response, abort, render_template, send_file, url_for

from accueil.house.sites import Site, Unknown, room
from accueil.reception import calls, voice
from accueil.store import journal
from blueprints import web, words
from blueprints.access import allow

bp = Blueprint("board", __name__, url_prefix="/ecran")
LAST = 6


@bp.get("", defaults={"site_id": None})
@bp.get("/<site_id>")
@allow("anyone")
def screen(site_id: str | None) -> str:
    site = web.site_or_404(site_id)
    return render_template("board/screen.html", **_calls(site))


@bp.get("/<site_id>/appels")
@allow("anyone")
def latest(site_id: str) -> str:
    """The part of the board that changes."""
    return render_template("board/_calls.html", **_calls(web.site_or_404(site_id)))


@bp.get("/voix/<language>/<int(max=9999):number>/<room_id>.wav")
@allow("anyone")
def spoken(language: str, number: int, room_id: str) -> Response:
    """A number called today and its room, said aloud; 404 where this house has no such voice."""
    try:
        place = room(web.db(), room_id)
        called = calls.was_called(web.db(), room_id, number, web.now())
        if not called or language not in words.LANGUAGES:
            abort(404)
        sentence = words.announcement(language, number, place.name)
        path = voice.spoken(web.house().voices, language, sentence)
    except (Unknown, voice.Mute):
        abort(404)
    return send_file(path, mimetype="audio/wav", max_age=86_400)


def _calls(site: Site) -> dict[str, object]:
    found = calls.latest(web.db(), site.id, web.now(), LAST)
    return {
        "site": site,
        "now": web.now(),
        "version": journal.version(web.db(), site.id),
        "current": found[0] if found and found[0].is_current(web.now()) else None,
        "calls": found,
        "sounds": {call.id: _sounds(site, call.number, call.room_id) for call in found},
        "turn_words": words.in_every_language("C’est votre tour"),
        "quiet_words": words.in_every_language("Votre numéro s’affichera ici."),
    }


def _sounds(site: Site, number: int, room_id: str) -> list[str]:
    """What the screen plays after the chime, in order."""
    return [
        url_for("board.spoken", language=language, number=number, room_id=room_id)
        for language in site.announce
        if language in voice.languages() and language in words.LANGUAGES
    ]
