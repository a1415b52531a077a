"""The board: a number and a room, seen and heard across the hall. Never a name nor a service.

An enrolled board shows the calls of its own rooms; an address opened to all shows every room.
"""

from flask import Blueprint, Response, abort, render_template, send_file, url_for

from accueil.house.devices import Settings
from accueil.house.sites import Site, Unknown, room
from accueil.reception import calls, voice
from accueil.reception.calls import Call
from accueil.store import journal
from blueprints import screens, web, words
from blueprints.access import allow

bp = Blueprint("board", __name__, url_prefix="/ecran")
screens.guard(bp, "board")
LAST = 6
# Beside those that are shown: nobody calls so many people at once.
MOST_AWAITED = 40
WORDS_TOGETHER, QUIET_TOGETHER, WORDS_LAST_S = 3, 5, 5


@bp.get("", defaults={"site_id": None})
@bp.get("/<site_id>")
@allow("anyone")
def screen(site_id: str | None) -> str:
    site = web.site_or_404(site_id)
    return render_template("board/screen.html", **_calls(site))


@bp.get("/<site_id>/appels")
@allow("anyone")
def latest(site_id: str) -> str:
    """The part of the board that changes: as of this second, once the journal has gone so far."""
    screen = screens.enrolled()
    made_of = screen and (screen.kind, screen.site_id, screen.settings)
    second = int(web.now().timestamp())
    return web.house().boards.once(
        (site_id, made_of, words.language(), journal.last(web.db()), second),
        lambda: render_template("board/_calls.html", **_calls(web.site_or_404(site_id))),
    )


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
    settings = _settings(site)
    found = _latest(site, settings.rooms)
    current = _current(found)
    turn_words = words.in_every_language("C’est votre tour")
    quiet_words = words.in_every_language("Votre numéro s’affichera ici.")
    return {
        "site": site,
        "now": web.now(),
        "version": journal.version(web.db(), site.id),
        "current": current,
        "before": [call for call in found[:LAST] if call != current][: LAST - 1],
        "to_say": [call for call in found if settings.voice and call.state == "called"],
        "sounds": lambda call: _sounds(site, call),
        "turn_words": _groups(turn_words, WORDS_TOGETHER),
        "quiet_words": _groups(quiet_words, QUIET_TOGETHER),
        "said_now": int(web.now().timestamp() // WORDS_LAST_S),
    }


def _current(found: list[Call]) -> Call | None:
    """Whom the hall looks for: the last who is still to come, or else who was called last of all
    and came in a moment ago."""
    awaited = next((call for call in found if call.state == "called"), None)
    last = found[0] if found and found[0].is_current(web.now()) else None
    return awaited or last


def _settings(site: Site) -> Settings:
    """Those of the board that asks; every room, aloud, for a screen that is not enrolled here."""
    found = screens.enrolled()
    here = found and (found.kind, found.site_id) == ("board", site.id)
    return found.settings if found and here else Settings("")


def _latest(site: Site, rooms: tuple[str, ...]) -> list[Call]:
    """The last calls into these rooms, or into any when none is named, newest first."""
    many = MOST_AWAITED
    while True:
        found = calls.latest(web.db(), site.id, web.now(), many)
        mine = [call for call in found if not rooms or call.room_id in rooms]
        if len(mine) >= LAST or len(found) < many:
            return mine
        many *= 4


def _sounds(site: Site, call: Call) -> list[str]:
    """What the screen plays after the chime, in order."""
    return [
        url_for("board.spoken", language=language, number=call.number, room_id=call.room_id)
        for language in site.announce
        if language in voice.languages() and language in words.LANGUAGES
    ]


def _groups(spoken: list[tuple[str, str]], together: int) -> list[list[tuple[str, str]]]:
    """Some languages at a time, so that each is read from afar; as even as they can be."""
    number = -(-len(spoken) // together)
    return [spoken[first::number] for first in range(number)]
