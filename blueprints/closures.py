"""The days on which the house is closed, and the school holidays it keeps."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.services import services_by_id
from accueil.house.sites import Unknown, sites
from accueil.planning import closures
from accueil.planning.closures import (
    ALSACE_MOSELLE,
    LONGEST,
    PUBLIC_HOLIDAYS,
    ZONES,
    Closure,
    zone_of,
)
from accueil.planning.horizon import AHEAD
from accueil.planning.plans import closing, reopening
from accueil.planning.rooms import RoomTaken
from accueil.planning.series import permanences
from accueil.store.errors import Taken
from accueil.store.ids import new_id
from blueprints import web
from blueprints.access import allow, me
from blueprints.impact import carried_out, frame, place
from blueprints.typed import Typed

bp = Blueprint("closures", __name__, url_prefix="/planning/fermetures")
LONGEST_REASON = 80
Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed and cannot be used. `line` is the suggestion that it was typed on, by its
    first day as published; empty for the house's own closures."""

    line: str
    typed: Typed
    taken: RoomTaken | None = None


@bp.get("")
@allow("staff")
def days() -> str:
    return _page()


@bp.post("")
@allow("agent", "admin")
def close() -> Answer:
    """Close for some days: the house's own choice, or school holidays confirmed."""
    typed = Typed(request.form)
    new = _read(typed)
    if new is not None:
        try:
            return carried_out(closing(web.db(), new, web.now()), _back(), title=new.reason)
        except Taken:
            typed.trouble("first_day", "taken")
    return _page(Refusal(typed.text("line"), typed)), 422


@bp.post("/<closure_id>/rouvrir")
@allow("agent", "admin")
def reopen(closure_id: str) -> Answer:
    try:
        old = closures.closure(web.db(), closure_id)
    except Unknown:
        raise web.NotHere from None
    try:
        return carried_out(reopening(web.db(), old.id, web.now()), _back(), title=old.reason)
    except RoomTaken as taken:
        return _page(Refusal(old.id, Typed(request.form), taken)), 422


def _read(typed: Typed) -> Closure | None:
    """The closure that was typed; None when something of it cannot be used."""
    first, last = typed.day("first_day"), typed.day("last_day") or typed.day("first_day")
    zone = typed.one_of("zone", ZONES) or ""
    site_id = typed.one_of("site", {site.id for site in sites(web.db())})
    reason = typed.text("reason")
    if not typed.text("first_day"):
        typed.trouble("first_day", "missing")
    if not reason:
        typed.trouble("reason", "missing")
    if len(reason) > LONGEST_REASON:
        typed.trouble("reason", "shorter")
    if first and last:
        if last < first:
            typed.trouble("last_day", "after-first")
        elif last - first > LONGEST:
            typed.trouble("last_day", "year")
        elif last < place().day(web.now()):
            typed.trouble("last_day", "past")
    if typed.troubles or not first or not last:
        return None
    kind: Literal["school", "house"] = "school" if zone else "house"
    return Closure(new_id(), kind, None if zone else site_id, zone, first, last, reason)


def _page(refusal: Refusal | None = None) -> str:
    today = place().day(web.now())
    zone = _zone()
    kept = closures.closures(web.db(), today)
    return render_template(
        "closures/page.html",
        refusal=refusal,
        may_change=me().role != "partner",
        own=[each for each in kept if each.kind == "house"],
        zones=ZONES,
        zone=zone,
        school=[each for each in kept if each.kind == "school" and each.zone == zone],
        suggestions=[
            each
            for each in closures.suggestions(web.db(), zone, today)
            if each.first_day <= today + AHEAD
        ],
        public=_coming(PUBLIC_HOLIDAYS),
        local=_coming(ALSACE_MOSELLE),
        sites=sites(web.db()),
        longest_reason=LONGEST_REASON,
        **_keepers(zone),
        **frame(),
    )


def _coming(holidays: dict[date, str]) -> list[tuple[date, str]]:
    """Those of the year to come, with the apostrophe that the rest of the page has."""
    today = place().day(web.now())
    return [
        (day, reason.replace("'", "’"))
        for day, reason in holidays.items()
        if today <= day <= today + timedelta(days=365)
    ]


def _keepers(zone: str) -> dict[str, object]:
    """Which permanences keep what: those that public holidays do not close, those of the zone."""
    names = services_by_id(web.db())
    known = permanences(web.db(), names, place().day(web.now()))

    def named(word: str, keeps: bool) -> list[object]:
        found = {each.service_id for each in known if (word in each.closed_on) is keeps}
        return [names[each] for each in names if each in found]

    return {
        "open_on_public": named("public", keeps=False),
        "keep_local": named("alsace-moselle", keeps=True),
        "keep_school": named(f"school-{zone.lower()}", keeps=True),
    }


def _zone() -> str:
    """The school zone to look at: as asked, else that of the house."""
    asked = request.values.get("zone", "")
    return asked if asked in ZONES else zone_of(place().postcode) or ZONES[0]


def _back() -> str:
    return url_for("closures.days", zone=request.form.get("zone") or None)
