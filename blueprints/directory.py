"""The directory: every service of the house and around it, searched by staff, edited by admins."""

import re
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from accueil.house.services import services_by_id
from accueil.house.sites import Site, Unknown, sites
from accueil.orientation import listings
from accueil.orientation.directory import Found, search, to_verify
from accueil.orientation.listings import HOUSE, UNITS, Changed, Listing
from accueil.orientation.needs import Need, UnknownNeed, need
from accueil.planning.booking import may_book
from accueil.planning.permanences import ahead, hours_of
from accueil.store.ids import new_id
from blueprints import listing_form, web
from blueprints.access import allow, asker, me
from blueprints.criteria_words import sentence
from blueprints.impact import frame, place
from blueprints.listing_form import Filled
from blueprints.typed import Typed

bp = Blueprint("directory", __name__, url_prefix="/annuaire")
RESULTS = "results"
MOST_TYPED = 200
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed and was not kept: it cannot be used, or `saved` came first."""

    filled: Filled
    saved: Listing | None = None


@bp.get("")
@allow("staff")
def results() -> str:
    """What is searched for; only the list, when the page asks for it as one types."""
    asked, text, wanted = "a-verifier" in request.args, request.args.get("q", ""), _need()
    if asked and me().role == "admin":
        found = to_verify(web.catalogue(), place().day(web.now()))
    else:
        asked = False
        tags = wanted.tags if wanted else frozenset()
        found = search(web.catalogue(), text[:MOST_TYPED], tags)
    live = bool(web.htmx) and web.htmx.target == RESULTS
    return render_template(
        "directory/_results.html" if live else "directory/page.html",
        typed=text[:MOST_TYPED],
        wanted=wanted,
        to_verify=asked,
        **_shown(found),
        **frame(),
    )


@bp.get("/<listing_id>")
@allow("staff")
def show(listing_id: str) -> str:
    return _page(_listing(listing_id))


@bp.post("/<listing_id>/verifier")
@allow("agent", "admin")
def verify(listing_id: str) -> Answer:
    """Somebody has just checked that all of it, as they saw it, is true."""
    known = replace(_listing(listing_id), version=_seen())
    return _changed(replace(known, verified_on=place().day(web.now())))


@bp.post("/<listing_id>/places")
@allow("agent", "admin")
def set_left(listing_id: str) -> Answer:
    """How many places are left, as of today: one more or one fewer, or so many."""
    known, typed = _listing(listing_id), Typed(request.form)
    left = typed.number("left", 0, known.places.total or 0)
    if left is None or typed.troubles:
        return _page(known, wrong_left=typed.text("left")), 422
    places = replace(known.places, left=left, on=place().day(web.now()))
    return _changed(replace(known, places=places, version=_seen()))


@bp.get("/nouvelle")
@allow("admin")
def new() -> str:
    return _form(Listing(new_id(), "", ""))


@bp.post("/nouvelle")
@allow("admin")
def create() -> Answer:
    wanted = request.form.get("id", "")
    return _save(Listing(wanted if _ID.fullmatch(wanted) else new_id(), "", ""), new=True)


@bp.get("/<listing_id>/modifier")
@allow("admin")
def edit(listing_id: str) -> str:
    return _form(_editable(listing_id))


@bp.post("/<listing_id>/modifier")
@allow("admin")
def save(listing_id: str) -> Answer:
    return _save(_editable(listing_id))


@bp.get("/<listing_id>/retirer")
@allow("admin")
def retiring(listing_id: str) -> str:
    return render_template("directory/retire.html", listing=_removable(listing_id), **frame())


@bp.post("/<listing_id>/retirer")
@allow("admin")
def retire(listing_id: str) -> Response:
    listings.retire(web.db(), _removable(listing_id).id, me().id, web.now())
    return web.see_other("directory.results")


def _seen() -> int:
    """The version of the listing that was on the screen."""
    return Typed(request.form).number("version", 0, 999_999) or 0


def _need() -> Need | None:
    """The tile of the address; none if it names none."""
    try:
        return need(request.args.get("besoin", ""))
    except UnknownNeed:
        return None


def _shown(found: Found) -> dict[str, object]:
    """The listings of a search, with what the list says of each."""
    return {
        "total": found.total,
        "shown": listings.listings(web.db(), [each.id for each in found.shown]),
        "today": place().day(web.now()),
        "where": _where(),
        "house": HOUSE,
    }


def _where() -> dict[str, Site]:
    """Where each service of the house receives, by its id."""
    places = {each.id: each for each in sites(web.db())}
    known = services_by_id(web.db())
    return {key: places[each.site_id] for key, each in known.items() if each.site_id in places}


def _listing(listing_id: str) -> Listing:
    try:
        return listings.listing(web.db(), listing_id)
    except Unknown:
        raise web.NotHere from None


def _editable(listing_id: str) -> Listing:
    """What was imported is its source's to change."""
    known = _listing(listing_id)
    if known.source != HOUSE:
        raise web.NotHere
    return known


def _removable(listing_id: str) -> Listing:
    """A service of the house leaves with the house's text, and what was imported with its file."""
    known = _editable(listing_id)
    if known.service_id:
        raise web.NotHere
    return known


def _changed(wanted: Listing) -> Answer:
    """Keep a one-touch change, unless somebody else's came first."""
    try:
        listings.save(web.db(), wanted, me().id, web.now())
    except Changed:
        return _page(_listing(wanted.id), notice="changed"), 409
    return web.see_other("directory.show", listing_id=wanted.id)


def _save(held: Listing, *, new: bool = False) -> Answer:
    """Keep what was typed of a listing, unless somebody else saved it since the form was shown."""
    filled = listing_form.read(request.form, held, place().day(web.now()))
    if filled.listing is None:
        return _form(held, Refusal(filled)), 422
    try:
        if new and listings.listings(web.db(), [held.id]):
            raise Changed(held.id)
        listings.save(web.db(), filled.listing, me().id, web.now())
    except Changed:
        saved = _listing(held.id)
        if not _is_same(saved, filled.listing):  # the same button twice is no conflict
            return _form(held, Refusal(filled, saved)), 409
    return web.see_other("directory.show", listing_id=held.id)


def _is_same(saved: Listing, wanted: Listing) -> bool:
    return replace(saved, version=0, edited=False) == replace(wanted, version=0, edited=False)


def _form(held: Listing, refusal: Refusal | None = None) -> str:
    """The form of `held`, or what was typed in it with what is wrong."""
    fields = refusal.filled.typed.fields if refusal else listing_form.fields_of(held)
    saved = refusal.saved if refusal else None
    return render_template(
        "directory/form.html",
        listing=held,
        fields=fields,
        seen=saved.version if saved else fields.get("version", ""),
        troubles=refusal.filled.typed.troubles if refusal else {},
        near=refusal.filled.near if refusal else (),
        saved=listing_form.differences(fields, listing_form.fields_of(saved)) if saved else [],
        refused=refusal is not None,
        tags=listing_form.tags(held),
        audiences=listing_form.AUDIENCES,
        states=listing_form.STATES,
        units=UNITS,
        longest=listing_form.LONGEST,
        **frame(),
    )


def _page(shown: Listing, notice: str | None = None, wrong_left: str | None = None) -> str:
    at = web.now()
    service = services_by_id(web.db()).get(shown.service_id or "")
    coming = ahead(web.db(), service.id, at) if service else []
    return render_template(
        "directory/show.html",
        notice=notice,
        wrong_left=wrong_left,
        listing=shown,
        service=service,
        receives_at=_where().get(shown.service_id or ""),
        coming=coming,
        hours={each.id: hours_of(web.db(), each) for each in coming},
        places={each.id: each for each in sites(web.db())},
        bookable=bool(service and service.booking != "none" and may_book(service, asker())),
        rule=sentence(shown.rule),
        stale=shown.is_stale(place().day(at)),
        imported=shown.source != HOUSE,
        **frame(),
    )
