"""Permanences as their partners change them: the rule, one date, a period; and who it touches."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from accueil.house.sites import front_desk
from accueil.planning import series
from accueil.planning.series import Permanence
from accueil.planning.undoing import TooLate, undo
from accueil.reception import rebooked
from accueil.store.ids import new_id
from blueprints import date_page, rule_page, web
from blueprints.access import allow, me, my_occurrence, my_permanence
from blueprints.date_form import ACTIONS
from blueprints.impact import frame
from blueprints.permanence_fields import blank
from blueprints.rule_page import Answer, services_of_mine

bp = Blueprint("permanences", __name__, url_prefix="/planning")


@bp.get("/permanences/nouvelle")
@allow("staff")
def new() -> str:
    mine = services_of_mine()
    wanted = request.args.get("service")
    chosen = next((each for each in mine if each.id == wanted), mine[0] if mine else None)
    if chosen is None:
        raise web.NotHere
    fields = blank(chosen.id, chosen.site_id or front_desk(web.db()).id)
    fields["id"] = new_id()
    return rule_page.page(fields)


@bp.post("/permanences/nouvelle")
@allow("staff")
def create() -> Answer:
    """The form drew the permanence's id, so that the same button twice opens only one."""
    wanted = request.form.get("id", "")
    if series.is_known(web.db(), wanted):
        return web.see_other("permanences.edit", permanence_id=my_permanence(wanted).id)
    if len(wanted) != len(new_id()) or not services_of_mine():
        raise web.NotHere
    return rule_page.answer(Permanence(wanted, "", "", None, "", "", date.min, ()), None)


@bp.get("/permanences/<permanence_id>")
@allow("staff")
def edit(permanence_id: str) -> str:
    return rule_page.edit_page(my_permanence(permanence_id), request.args.get("from", ""))


@bp.post("/permanences/<permanence_id>")
@allow("staff")
def change(permanence_id: str) -> Answer:
    held = my_permanence(permanence_id)
    if request.form.get("step") == "end":
        return rule_page.end(held)
    return rule_page.answer(held, held)


@bp.get("/permanences/<permanence_id>/date")
@allow("staff")
def add_date(permanence_id: str) -> str:
    return date_page.add_page(my_permanence(permanence_id))


@bp.post("/permanences/<permanence_id>/date")
@allow("staff")
def added_date(permanence_id: str) -> Answer:
    return date_page.add_date(my_permanence(permanence_id))


@bp.get("/seances/<occurrence_id>")
@allow("staff")
def occurrence(occurrence_id: str) -> str:
    return date_page.occurrence_page(my_occurrence(occurrence_id))


@bp.post("/seances/<occurrence_id>/<any(" + ",".join(ACTIONS) + "):action>")
@allow("staff")
def change_date(occurrence_id: str, action: str) -> Answer:
    return date_page.change_date(my_occurrence(occurrence_id), action)


@bp.get("/absence")
@allow("staff")
def absence() -> str:
    """All of a partner's permanences are chosen to begin with, none for the desk."""
    mine = date_page.permanences_of(each.id for each in services_of_mine())
    fields = MultiDict({"what": "absent"})
    named = request.args.getlist("permanence")
    everything = [each.id for each in mine] if me().role == "partner" else []
    fields.setlist("permanence", named or everything)
    return date_page.absence_page(mine, fields)


@bp.post("/absence")
@allow("staff")
def be_absent() -> Answer:
    mine = date_page.permanences_of(each.id for each in services_of_mine())
    return date_page.change_period(mine, url_for("planning.week"))


@bp.post("/annuler/<int(max=9999999999):seq>")
@allow("staff")
def take_back(seq: int) -> Response | tuple[str, int]:
    back = request.form.get("back", "")
    local = back.startswith("/") and not back.startswith(("//", "/\\"))
    address = back if local else url_for("planning.week")
    try:
        with web.db().transaction():
            undo(web.db(), seq, me().id, web.now())
            rebooked.follow(web.db(), me().id, web.now())
    except TooLate:
        return render_template("permanence/late.html", back=address, **frame()), 409
    return redirect(address, code=303)
