"""Live screens: told only that something changed at their site; they fetch it themselves."""

import threading
from collections.abc import Iterator

from flask import Blueprint, Response, abort, make_response, request

from accueil.store import journal
from accueil.store.watch import Watch
from blueprints import web
from blueprints.access import allow

bp = Blueprint("live", __name__, url_prefix="/live")
MOST_STREAMS = 200
BEAT_S = 5

_places = threading.BoundedSemaphore(MOST_STREAMS)


@bp.get("/<site_id>")
@allow("anyone")
def stream(site_id: str) -> Response:
    """Server-sent events: `change` with the site's version, `beat` when nothing happens.

    Refused with 503 when MOST_STREAMS are open: the screen then asks `version` instead.
    """
    site = web.site_or_404(site_id)
    seen = _seen()
    if not _places.acquire(blocking=False):
        abort(503)
    response = Response(_events(web.house().watch, site.id, seen), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(_places.release)
    return response


@bp.get("/<site_id>/version")
@allow("anyone")
def version(site_id: str) -> Response:
    """204 while the version is the one that the screen has, else the new one as text."""
    current = journal.version(web.db(), web.site_or_404(site_id).id)
    if current == _seen():
        return make_response("", 204)
    return Response(str(current), mimetype="text/plain")


def _seen() -> int:
    return request.args.get("v", 0, type=int)


def _events(watch: Watch, site_id: str, seen: int) -> Iterator[str]:
    yield "retry: 2000\nevent: beat\ndata:\n\n"
    while not watch.closed:
        version = watch.wait(site_id, seen, BEAT_S)
        if version == seen:
            yield "event: beat\ndata:\n\n"
        else:
            seen = version
            yield f"event: change\ndata: {version}\n\n"
