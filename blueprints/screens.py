"""The house's own screens: which one is asking, and what only they may show.

A surface of the hall says once which kind of screen it is for: `screens.guard(bp, "kiosk")`. Until
a site has enrolled its first screen of that kind it is open to all; from then on, to its enrolled
screens, and to whoever is at work, who may look at it too.
"""

from contextlib import suppress
from functools import partial

from flask import Blueprint, Response, current_app, g, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from accueil.house import devices
from accueil.house.devices import Device, Kind
from accueil.house.sites import Site, Unknown, room
from accueil.store.errors import StoreError
from blueprints import web

COOKIE = "ecran"
COOKIE_DAYS = 400  # no browser keeps one for longer; each page begins the time again
SURFACES = {"kiosk": "kiosk.start", "board": "board.screen", "door": "door.show"}


def guard(bp: Blueprint, kind: Kind) -> None:
    """Keep a surface for the screens of this kind, at the site that its address names, by its
    `site_id` or its `room_id`, or else the front desk's."""
    bp.before_request(partial(_refusal, kind))
    bp.after_request(_keep)


def enrolled() -> Device | None:
    """The screen that asks, if it is one of the house's."""
    if "screen" not in g:
        token = _token()
        g.screen = devices.device_of(web.db(), token) if token else None
    found: Device | None = g.screen
    return found


def was_enrolled() -> bool:
    """Whether this device was one of the house's screens, and is no more."""
    return _token() is not None and enrolled() is None


def surface(screen: Device) -> str:
    """The address of what a screen shows."""
    return url_for(SURFACES[screen.kind], site_id=screen.site_id)


def remember(response: Response | AnyResponse, token: str) -> None:
    """Have the device keep its token."""
    response.set_cookie(
        COOKIE,
        _signer().dumps(token),
        max_age=COOKIE_DAYS * 86_400,
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _refusal(kind: Kind) -> Response | AnyResponse | None:
    """Where whoever may not look at this surface is sent instead; None for whoever may."""
    site, screen = _site(), enrolled()
    if site is None:
        return None  # the surface says so itself
    of_this_kind = screen is not None and screen.kind == kind
    if screen and of_this_kind and screen.site_id == site.id:
        with suppress(StoreError):  # a full disk must not darken the hall
            devices.seen(web.db(), screen, web.now())
        return None
    asks_where_it_stands = of_this_kind and not (request.view_args or {}).get("site_id")
    if not asks_where_it_stands and (_is_open(site, kind) or _at_work()):
        return None
    return web.go_to(surface(screen) if screen else url_for("enrol.page"))


def _is_open(site: Site, kind: Kind) -> bool:
    return not devices.ever_enrolled(web.db(), site.id, kind)


def _keep(response: Response) -> Response:
    token = _token()
    if token and enrolled() and response.mimetype == "text/html" and not web.htmx:
        remember(response, token)
    return response


def _site() -> Site | None:
    """The site of the address; None when it names none of this house."""
    named = request.view_args or {}
    try:
        if "room_id" in named:
            return web.site_or_404(room(web.db(), named["room_id"]).site_id)
        return web.site_or_404(named.get("site_id"))
    except (Unknown, web.NotHere):
        return None


def _at_work() -> bool:
    return bool(current_user.is_authenticated and not current_user.locked)


def _token() -> str | None:
    """What the device keeps, if this house signed it."""
    try:
        found = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return found if isinstance(found, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="screen")
