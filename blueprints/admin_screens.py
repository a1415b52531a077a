"""The admin's page of the house's screens: make one, give its code, change it, revoke it."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template, request, session
from werkzeug.wrappers import Response

from accueil.house import devices
from accueil.house.devices import BadDevice, Device, Kind, Settings
from accueil.house.sites import Site, Unknown, rooms, sites
from accueil.store import journal
from blueprints import web
from blueprints.access import allow, me

bp = Blueprint("screens", __name__, url_prefix="/admin/ecrans")
LONGEST_FIELD = 200
CODES = "codes"
SILENT_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen as its line shows it: its site, its rooms, its code while it can be typed."""

    device: Device
    site: Site
    rooms: list[str]
    code: str | None
    silent: bool


@bp.get("")
@allow("admin")
def everything() -> str:
    places = {place.id: place for place in sites(web.db())}
    found = [each for each in devices.devices(web.db()) if each.site_id in places]
    shown = [_shown(each, places[each.site_id]) for each in found]
    return render_template(
        "admin/screens.html",
        places=list(places.values()),
        shown=shown,
        open_to_all={place.id: _open_to_all(place) for place in places.values()},
        **_frame(),
    )


@bp.get("/nouveau/<site_id>/<any(kiosk, board, door):kind>")
@allow("admin")
def adding(site_id: str, kind: Kind) -> str:
    return _form(web.site_or_404(site_id), kind, Settings(""))


@bp.post("/nouveau/<site_id>/<any(kiosk, board, door):kind>")
@allow("admin")
def add(site_id: str, kind: Kind) -> Response | tuple[str, int]:
    place, settings = web.site_or_404(site_id), _settings()
    try:
        made, code = devices.make(web.db(), place.id, kind, settings, me().id, web.now())
    except BadDevice as bad:
        return _form(place, kind, settings, problem=bad.field), 422
    _hold(made.id, code)
    return web.see_other("screens.everything")


@bp.get("/<device_id>")
@allow("admin")
def shown(device_id: str) -> str:
    found = _device(device_id)
    return _form(web.site_or_404(found.site_id), found.kind, found.settings, device=found)


@bp.post("/<device_id>")
@allow("admin")
def change(device_id: str) -> Response | tuple[str, int]:
    found, settings = _device(device_id), _settings()
    try:
        devices.change(web.db(), found.id, settings, me().id, web.now())
    except BadDevice as bad:
        place = web.site_or_404(found.site_id)
        return _form(place, found.kind, settings, problem=bad.field, device=found), 422
    return web.see_other("screens.everything")


@bp.post("/<device_id>/code")
@allow("admin")
def give_code(device_id: str) -> Response:
    found = _device(device_id)
    _hold(found.id, devices.give_code(web.db(), found.id, me().id, web.now()))
    return web.see_other("screens.everything")


@bp.get("/<device_id>/retirer")
@allow("admin")
def revoking(device_id: str) -> str:
    return render_template("admin/revoke_screen.html", device=_device(device_id), **_frame())


@bp.post("/<device_id>/retirer")
@allow("admin")
def revoke(device_id: str) -> Response:
    devices.revoke(web.db(), _device(device_id).id, me().id, web.now())
    return web.see_other("screens.everything")


def _form(
    place: Site,
    kind: Kind,
    settings: Settings,
    *,
    problem: str | None = None,
    device: Device | None = None,
) -> str:
    return render_template(
        "admin/screen.html",
        place=place,
        kind=kind,
        settings=settings,
        problem=problem,
        device=device,
        rooms=rooms(web.db(), place.id),
        sizes=devices.TEXT_SIZES,
        longest=devices.LONGEST_NAME,
        **_frame(),
    )


def _settings() -> Settings:
    form = request.form
    return Settings(
        name=form.get("name", "").strip()[:LONGEST_FIELD],
        rooms=tuple(dict.fromkeys(form.getlist("rooms"))),
        voice="voice" in form,
        reach="reach" in form,
        text_size=form.get("text_size", "usual"),
    )


def _shown(device: Device, place: Site) -> Shown:
    chosen = device.settings.rooms
    return Shown(
        device=device,
        site=place,
        rooms=[each.name for each in rooms(web.db(), place.id) if each.id in chosen],
        code=session.get(CODES, {}).get(device.id) if device.awaits_code(web.now()) else None,
        silent=device.seen_at is not None and web.now() - device.seen_at > SILENT_AFTER,
    )


def _open_to_all(place: Site) -> list[str]:
    """The kinds of which this site has never enrolled a screen: anybody can open those."""
    kinds: tuple[Kind, ...] = ("kiosk", "board", "door") if place.reception else ("board",)
    return [kind for kind in kinds if not devices.ever_enrolled(web.db(), place.id, kind)]


def _hold(device_id: str, code: str) -> None:
    """Keep a code in this admin's own session, to be shown until it has been typed."""
    awaited = {each.id for each in devices.devices(web.db()) if each.awaits_code(web.now())}
    held = {key: each for key, each in session.get(CODES, {}).items() if key in awaited}
    session[CODES] = {**held, device_id: code}


def _device(device_id: str) -> Device:
    try:
        return devices.device(web.db(), device_id)
    except Unknown:
        raise web.NotHere from None


def _frame() -> dict[str, object]:
    site = web.site_or_404(None)
    return {"site": site, "now": web.now(), "version": journal.version(web.db(), site.id)}
