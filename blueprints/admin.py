"""The admin's page: who may work here, and what nobody has confirmed yet."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from accueil.house import accounts
from accueil.house.accounts import LoginTaken, Role, WeakPassword
from accueil.house.services import organisations, services, services_by_id
from accueil.house.sites import Unknown, rooms, sites
from accueil.planning.permanences import assumptions
from accueil.reception import voice
from accueil.store import journal
from blueprints import web
from blueprints.access import allow, me

bp = Blueprint("admin", __name__, url_prefix="/admin")
LONGEST_FIELD = 200
ROLES: dict[str, Role] = {"agent": "agent", "partner": "partner", "admin": "admin"}


@bp.get("")
@allow("admin")
def house() -> str:
    return _page()


@bp.post("/comptes")
@allow("admin")
def open_account() -> Response | tuple[str, int]:
    form = {name: _field(name) for name in ("login", "name", "role", "organisation")}
    known = {each.id for each in organisations(web.db())}
    partner = form["role"] == "partner"
    if form["role"] not in ROLES or not (form["login"] and form["name"]):
        return _page(problem="missing", form=form), 422
    if partner and form["organisation"] not in known:
        return _page(problem="organisation", form=form), 422
    try:
        accounts.create(
            web.db(),
            login=form["login"],
            name=form["name"],
            role=ROLES[form["role"]],
            organisation_id=form["organisation"] if partner else None,
            password=request.form.get("password", ""),
            by=me().id,
            at=web.now(),
        )
    except WeakPassword:
        return _page(problem="weak", form=form), 422
    except LoginTaken:
        return _page(problem="taken", form=form), 422
    return web.see_other("admin.house")


@bp.post("/comptes/<account_id>/mot-de-passe")
@allow("admin")
def set_password(account_id: str) -> Response | tuple[str, int]:
    try:
        password = request.form.get("password", "")
        accounts.set_password(web.db(), account_id, password, me().id, web.now())
    except WeakPassword:
        return _page(problem="weak", changing=account_id), 422
    except Unknown:
        raise web.NotHere from None
    return web.see_other("admin.house")


@bp.get("/comptes/<account_id>/fermer")
@allow("admin")
def closing(account_id: str) -> str:
    return render_template("admin/close.html", account=_other(account_id), **_frame())


@bp.post("/comptes/<account_id>/fermer")
@allow("admin")
def close_account(account_id: str) -> Response:
    accounts.close(web.db(), _other(account_id).id, me().id, web.now())
    return web.see_other("admin.house")


def _page(problem: str | None = None, **values: object) -> str:
    names = {each.id: each.name for each in organisations(web.db())}
    return render_template(
        "admin/page.html",
        problem=problem,
        people=accounts.accounts(web.db()),
        organisations=names,
        assumed=assumptions(web.db()),
        services=services(web.db()),
        places=_places(),
        names=services_by_id(web.db()),
        mute=voice.program() is None,
        least=accounts.MIN_PASSWORD_CHARACTERS,
        **{"form": {}, "changing": None, **values},
        **_frame(),
    )


def _places() -> list[tuple[str, str, tuple[str, ...]]]:
    """What the house's text supposes of its sites and rooms: site, name, words."""
    found = []
    for site in sites(web.db()):
        found.append((site.name, site.name, site.assumed))
        found += [(site.name, room.name, room.assumed) for room in rooms(web.db(), site.id)]
    return [place for place in found if place[2]]


def _frame() -> dict[str, object]:
    site = web.site_or_404(None)
    return {"site": site, "now": web.now(), "version": journal.version(web.db(), site.id)}


def _other(account_id: str) -> accounts.Account:
    """Any account but one's own, which nobody can close under their own feet."""
    if account_id == me().id:
        raise web.NotHere
    try:
        return accounts.account(web.db(), account_id)
    except Unknown:
        raise web.NotHere from None


def _field(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST_FIELD]
