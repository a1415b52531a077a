"""Changes that touch people: nothing is kept before it is said what becomes of each of them."""

from collections import Counter

from flask import redirect, render_template, request, session
from werkzeug.wrappers import Response

from accueil.house.services import services_by_id
from accueil.house.sites import Site, every_site
from accueil.planning import changes
from accueil.planning.booking import NotFree
from accueil.planning.changes import Affected, Decision, Planned, Undecided
from accueil.planning.undoing import undoable
from accueil.reception import rebooked
from accueil.store import journal
from blueprints import web
from blueprints.access import me

_PREFIX = "decision-"
_PLAIN = {"keep": Decision("keep"), "tell": Decision("tell")}
_OWN = ("csrf_token", "everyone")


def carried_out(planned: Planned, done: str, *, title: str) -> Response | tuple[str, int]:
    """Carry a change out with the decisions of the form, and go to the address `done`.

    While somebody is affected and nothing was said of them, or a slot that was chosen is no
    longer free: nothing is changed, and the page that asks (409). `title` names what changes, as
    the house calls it. What else the change raises is for the caller.
    """
    db, at = web.db(), web.now()
    answered = _has_answers()
    chosen, taken = _chosen(changes.impact(db, planned, at)) if answered else ({}, False)
    try:
        with db.transaction():
            changes.carry_out(db, planned, chosen, me().id, at)
            rebooked.follow(db, me().id, at)
    except Undecided as error:
        notice = "taken" if taken else "missing" if answered else None
        return _page(planned, error.affected, chosen, notice, done, title), 409
    except NotFree:
        affected = changes.impact(db, planned, at)
        return _page(planned, affected, _once_each(chosen), "taken", done, title), 409
    return redirect(done, code=303)


def frame() -> dict[str, object]:
    """What every page of the planning's staff needs: see layouts/staff.html."""
    site, at = place(), web.now()
    return {
        "site": site,
        "now": at,
        "version": journal.version(web.db(), site.id),
        "undoable": undoable(web.db(), me().id, at),
    }


def place() -> Site:
    """The site that was chosen on this screen, or the front desk."""
    try:
        return web.site_or_404(session.get("site"), reception=True)
    except web.NotHere:
        return web.site_or_404(None)


def _has_answers() -> bool:
    return any(name.startswith(_PREFIX) for name in request.form) or "everyone" in request.form


def _chosen(affected: list[Affected]) -> tuple[dict[str, Decision], bool]:
    """The decision for each person affected, and whether a slot they chose is gone."""
    chosen: dict[str, Decision] = {}
    taken = False
    for each in affected:
        kind, _, slot_id = request.form.get(f"{_PREFIX}{each.appointment.id}", "").partition(":")
        proposed = {slot.id for slot in each.proposed}
        if kind == "move" and slot_id in proposed:
            chosen[each.appointment.id] = Decision("move", slot_id)
        elif kind == "move":
            taken = True
        elif kind in _PLAIN:
            chosen[each.appointment.id] = _PLAIN[kind]
        else:
            chosen |= _as_for_everyone(each)
    return chosen, taken


def _as_for_everyone(each: Affected) -> dict[str, Decision]:
    """What was said for all of whom nothing was said; nobody moves without a slot."""
    wanted = request.form.get("everyone", "")
    if wanted == "first" and each.proposed:
        return {each.appointment.id: Decision("move", each.proposed[0].id)}
    return {each.appointment.id: _PLAIN[wanted]} if wanted in _PLAIN else {}


def _once_each(chosen: dict[str, Decision]) -> dict[str, Decision]:
    """Without the slots that were chosen for two people."""
    times = Counter(each.slot_id for each in chosen.values() if each.slot_id)
    return {key: each for key, each in chosen.items() if times[each.slot_id or key] < 2}


def _page(
    planned: Planned,
    affected: list[Affected],
    chosen: dict[str, Decision],
    problem: str | None,
    done: str,
    title: str,
) -> str:
    carried = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _OWN and not name.startswith(_PREFIX)
    ]
    return render_template(
        "planning/impact.html",
        verb=planned.verb,
        title=title,
        affected=affected,
        chosen={key: _written(each) for key, each in chosen.items()},
        problem=problem,
        carried=carried,
        action=request.path,
        back=done,
        places={each.id: each for each in every_site(web.db())},
        names=services_by_id(web.db()),
        **frame(),
    )


def _written(decision: Decision) -> str:
    return f"{decision.kind}:{decision.slot_id}" if decision.slot_id else decision.kind
