"""Calendars: feeds at secret addresses, and the absences of a calendar file brought in."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from accueil.house.services import Service, organisations, services_by_id
from accueil.house.sites import Unknown, rooms, sites
from accueil.planning import away, calendars, feeds
from accueil.planning.absences import MOST_ABSENCES, read
from accueil.planning.away import Span
from accueil.planning.calendar_files import MOST_OCTETS, BadCalendar
from accueil.planning.feeds import Address, Kind
from accueil.planning.horizon import AHEAD
from accueil.planning.plans import absent
from accueil.planning.recurrence import rule
from accueil.planning.series import Permanence, permanences
from accueil.store.errors import StoreError
from blueprints import web
from blueprints.access import allow, me, my_permanence, my_services
from blueprints.impact import carried_out, frame, place
from blueprints.sentences import sentence

bp = Blueprint("feeds", __name__)
Choice = tuple[Kind, str, str]
Mine = tuple[Permanence, Service, str]
FORM_OCTETS = 65_536
MOST_MEBIOCTETS = MOST_OCTETS // 1_048_576
_WRITTEN = "%Y%m%dT%H%M"


@bp.get("/agenda/<token>.ics")
@allow("anyone")
def calendar(token: str) -> Response:
    """The feed at a secret address, for a calendar that asks for it several times a day."""
    try:
        address = feeds.address_of_token(web.db(), token)
    except Unknown:
        return _nothing()
    with suppress(StoreError):  # a full disk must not empty anybody's calendar
        feeds.note_asked(web.db(), address, web.now())
    state = feeds.state(web.db(), address, web.now())
    response = Response(content_type="text/calendar; charset=utf-8")
    response.set_etag(state.tag)
    response.last_modified = state.changed_at
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.headers["Content-Disposition"] = 'inline; filename="planning.ics"'
    response.make_conditional(request)
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        zone = feeds.place_of(web.db(), address).zone
        entries = feeds.entries(web.db(), address, web.now())
        response.set_data(calendars.calendar(address.title, entries, zone))
    return response


@bp.get("/planning/calendriers")
@allow("staff")
def addresses() -> str:
    return _page()


@bp.post("/planning/calendriers")
@allow("staff")
def open_address() -> str | tuple[str, int]:
    """A new address, shown this once: the house keeps no more than its print."""
    wanted = request.form.get("of", "")
    chosen = next((each for each in _choices() if f"{each[0]}:{each[1]}" == wanted), None)
    if chosen is None:
        return _page(problem=True), 422
    kind, subject_id, name = chosen
    token = feeds.open_address(web.db(), kind, subject_id, me().id, web.now())
    base = web.house().public_url or request.url_root
    address = f"{base.rstrip('/')}{url_for('feeds.calendar', token=token)}"
    return _page(opened=address, kind=kind, name=name)


@bp.get("/planning/calendriers/<address_id>/revoquer")
@allow("staff")
def revoking(address_id: str) -> str:
    return render_template("feeds/revoke.html", address=_mine(address_id), **frame())


@bp.post("/planning/calendriers/<address_id>/revoquer")
@allow("staff")
def revoke(address_id: str) -> AnyResponse:
    feeds.revoke(web.db(), _mine(address_id).id, me().id, web.now())
    return web.see_other("feeds.addresses")


@bp.url_value_preprocessor
def take_a_file(endpoint: str | None, _values: object) -> None:
    """Before anything reads the form: a calendar may be larger than any other."""
    if endpoint == "feeds.import_absences":
        request.max_content_length = MOST_OCTETS + FORM_OCTETS


@bp.errorhandler(RequestEntityTooLarge)
def too_big(_error: Exception) -> tuple[str, int]:
    """Said before knowing who asks: nothing was read of what they sent."""
    return render_template("feeds/too_big.html", most=MOST_MEBIOCTETS), 413


@bp.get("/planning/absences")
@allow("staff")
def absences() -> str:
    return _form({each.id for each, _, _ in _permanences()} if me().role == "partner" else set())


@bp.post("/planning/absences")
@allow("staff")
def import_absences() -> AnyResponse | str | tuple[str, int]:
    """A file first, and what it would change; then, confirmed, its times alone come back."""
    mine = [my_permanence(each) for each in request.form.getlist("permanence")]
    known = {each.id for each in mine}
    if "spans" in request.form:
        return _carry_out(mine)
    file = request.files.get("calendar")
    if not known or not file:
        return _form(known, "nobody" if not known else "missing"), 422
    try:
        found = read(file.read(), place().zone, web.now(), web.now() + AHEAD)
    except BadCalendar as bad:
        return _form(known, bad.reason, bad.where), 422
    spans = away.merged((each.starts_at, each.ends_at) for each in found)
    if not spans:
        return _form(known, "none"), 422
    return _preview(known, spans)


def _form(known: set[str], problem: str | None = None, where: str = "") -> str:
    return render_template(
        "feeds/absences.html",
        partners=_permanences(),
        known=known,
        problem=problem,
        where=where,
        most=MOST_MEBIOCTETS,
        **frame(),
    )


def _preview(known: set[str], spans: list[Span]) -> str:
    dates, useful = away.touching(web.db(), sorted(known), spans, web.now())
    return render_template(
        "feeds/absences_found.html",
        known=sorted(known),
        found=spans,
        minute=timedelta(minutes=1),
        touched=away.effects(web.db(), dates, useful, web.now()),
        spans=" ".join(f"{start:{_WRITTEN}}-{end:{_WRITTEN}}" for start, end in useful),
        names=services_by_id(web.db()),
        **frame(),
    )


def _carry_out(mine: list[Permanence]) -> AnyResponse | str | tuple[str, int]:
    known, names = sorted(each.id for each in mine), services_by_id(web.db())
    try:
        spans = [_span(text) for text in request.form["spans"].split()[:MOST_ABSENCES]]
    except ValueError:
        return _form(set(known), "again"), 422
    dates, useful = away.touching(web.db(), known, spans, web.now())
    partners = {names[each.service_id].organisation.name for each in mine}
    return carried_out(
        absent(dates, useful, web.now()),
        url_for("planning.week"),
        title=", ".join(sorted(partners)),
    )


def _span(text: str) -> Span:
    """A span as the page before wrote it; `ValueError` for anything else."""
    start, end = (datetime.strptime(each, _WRITTEN).replace(tzinfo=UTC) for each in text.split("-"))
    if start >= end:
        raise ValueError(text)
    return start, end


def _nothing() -> Response:
    """For a program that asks, not a person."""
    response = make_response(f"{HTTPStatus.NOT_FOUND.phrase}\n", HTTPStatus.NOT_FOUND)
    response.mimetype = "text/plain"
    return response


def _page(**values: object) -> str:
    return render_template(
        "feeds/page.html",
        choices=list(_choices()),
        addresses=_all_mine(),
        **{"problem": False, "opened": None, **values},
        **frame(),
    )


def _choices() -> Iterator[Choice]:
    """What whoever is at work may have at an address: kind, id, name."""
    if me().role == "partner":
        for each in organisations(web.db()):
            if each.id == me().organisation_id:
                yield "organisation", each.id, each.name
        yield "host", me().id, me().name
        return
    for site in sites(web.db()):
        yield "site", site.id, site.name
        for room in rooms(web.db(), site.id):
            yield "room", room.id, f"{room.name} – {site.name}"
    for each in organisations(web.db()):
        yield "organisation", each.id, each.name


def _all_mine() -> list[Address]:
    """The addresses of a partner's own, or all of them for the desk and the admin."""
    if me().role != "partner":
        return feeds.addresses(web.db())
    return feeds.addresses(web.db(), {(kind, subject_id) for kind, subject_id, _ in _choices()})


def _mine(address_id: str) -> Address:
    found = next((each for each in _all_mine() if each.id == address_id), None)
    if found is None:
        raise web.NotHere
    return found


def _permanences() -> list[Mine]:
    """The permanences that whoever is at work may be absent from, with their rule as said."""
    services = my_services() if me().role == "partner" else services_by_id(web.db()).values()
    names = {each.id: each for each in services}
    found = permanences(web.db(), names, place().day(web.now()))
    return [(each, names[each.service_id], _said(each)) for each in found]


def _said(permanence: Permanence) -> str:
    read = rule(permanence.rrule)
    return sentence(read, permanence.times, None, permanence.first_day if read.count == 1 else None)
