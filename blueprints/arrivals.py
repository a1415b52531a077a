"""Arrivals at the desk: whoever has an appointment is checked in, found in the day's list, by a
scan, or by ten letters."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from accueil.house.sites import site
from accueil.planning.appointments import appointment
from accueil.reception.arriving import Arrived, Door, arrive, arrive_for
from blueprints import desk_frame, web
from blueprints.access import allow, me
from blueprints.desk_frame import here

bp = Blueprint("arrivals", __name__, url_prefix="/accueil")
desk_frame.answer_errors(bp)
CHARACTERS = 200


@bp.post("/arrivees")
@allow("agent", "admin")
def check_in() -> Response | tuple[str, int]:
    """Check in the appointment that was touched, or that the code names."""
    door, form = Door(here(), "desk"), request.form
    if form.get("appointment"):
        held = appointment(web.db(), form["appointment"])
        return _answer(arrive_for(web.db(), held, door, me().id, web.now()))
    typed = form.get("typed", "")[:CHARACTERS]
    return _answer(arrive(web.db(), typed, door, me().id, web.now()), typed)


def _answer(arrived: Arrived, typed: str = "") -> Response | tuple[str, int]:
    """The person's panel with what their check-in did; or, in a sentence, why it did nothing."""
    visit, held, answer = arrived.visit, arrived.appointment, arrived.answer
    if visit and visit.site_id == here().id:
        return web.see_other("desk.visit", visit_id=visit.id, arrivee=answer)
    place_id = visit.site_id if visit else held.site_id if held else here().id
    page = desk_frame.page(
        panel="arrival",
        answer="other-site" if visit else answer,
        held=held,
        place=site(web.db(), place_id),
        typed=typed,
    )
    return page, 422 if answer == "unknown" else 409
