"""What a request needs of the house: its connection, its clock, its watcher, its folder."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, request, url_for
from flask_htmx import HTMX
from werkzeug.wrappers import Response as AnyResponse

from accueil.house.sites import Site, Unknown, front_desk, site
from accueil.orientation.catalogue import Catalogue, Catalogues
from accueil.reception.lines import Lines
from accueil.store.db import Db, Store
from accueil.store.watch import Watch
from blueprints.kept import Kept

htmx = HTMX()
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Nothing to others; to ourselves, what lets a form prove where it comes from.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class House:
    """What the application holds for as long as it runs."""

    store: Store
    watch: Watch
    clock: Callable[[], datetime]
    voices: Path
    public_url: str | None
    catalogues: Catalogues = field(default_factory=Catalogues)
    lines: Lines = field(default_factory=Lines)
    boards: Kept = field(default_factory=Kept)


def init_app(app: Flask, house: House) -> None:
    """Give the application its house, and every answer its headers."""
    app.extensions["house"] = house
    htmx.init_app(app)
    app.teardown_appcontext(_give_back)
    app.after_request(_protect)
    app.jinja_env.globals["asset"] = asset


def house() -> House:
    found: House = current_app.extensions["house"]
    return found


def db() -> Db:
    """This request's connection."""
    if "db" not in g:
        g.db = house().store.take()
    found: Db = g.db
    return found


def catalogue() -> Catalogue:
    """What every service says of who it is for, as of now."""
    return house().catalogues.now(db())


def now() -> datetime:
    """The instant of this request, the same all along it."""
    if "now" not in g:
        g.now = house().clock()
    found: datetime = g.now
    return found


def asset(name: str) -> str:
    """The address of a static file, which changes with its bytes: it can be kept for ever."""
    fingerprint = _fingerprint(current_app.static_folder or "", name)
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={fingerprint}"


@cache
def _fingerprint(folder: str, name: str) -> str:
    return sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]


def site_or_404(site_id: str | None, *, reception: bool = False) -> Site:
    """The site of an address, the front desk when it names none; one with a desk, if asked."""
    try:
        found = site(db(), site_id) if site_id else front_desk(db())
    except Unknown:
        raise NotHere from None
    if reception and not found.reception:
        raise NotHere
    return found


class NotHere(LookupError):
    """What was asked for is not in this house, or not for this person: 404 either way."""


def see_other(endpoint: str, **values: Any) -> AnyResponse:
    """After a change: look at the page that shows it (303)."""
    return redirect(url_for(endpoint, **values), code=303)


def go_to(address: str) -> Response | AnyResponse:
    """Load the page there, with its own sheets and scripts, whoever asked: htmx or a browser."""
    if htmx:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    return redirect(address, code=303)


def _give_back(_error: BaseException | None) -> None:
    if "db" in g:
        house().store.give_back(g.pop("db"))


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("HX-Request")
    return response
