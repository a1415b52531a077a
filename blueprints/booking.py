"""Booking by staff: the desk, a partner for themselves or for another partner; who is to be
told of a change, and who would come earlier."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from accueil.house.services import Service, service, services_by_id
from accueil.house.sites import Unknown
from accueil.messages import contacts, providers
from accueil.messages.contacts import About
from accueil.messages.reach import BadReach
from accueil.planning import appointment_codes, appointments, booking, slots
from accueil.planning.appointments import Appointment, Tell
from accueil.planning.booking import NotFree, NotTheirs, Wish
from accueil.planning.contact import BadName, BadPhone
from accueil.planning.slots import FreeSlot
from accueil.reception import rebooked
from accueil.store.codes import BadCode, new_code
from blueprints import notifying, web, words
from blueprints.access import allow, asker, me, my_appointment
from blueprints.booking_lists import (
    booked,
    by_day,
    could_come_earlier,
    offers,
    places,
    to_tell,
    watched,
)
from blueprints.impact import frame, place

bp = Blueprint("booking", __name__, url_prefix="/rendez-vous")
SHOWN, MOST_SHOWN = 12, 240
Page = str | tuple[str, int]


@bp.get("")
@allow("staff")
def search() -> str:
    return _search(_wanted())


@bp.get("/creneau/<slot_id>")
@allow("staff")
def wish(slot_id: str) -> Page | Response:
    """The small form of one slot."""
    chosen = slots.slot(web.db(), slot_id)
    if not booking.may_book(service(web.db(), chosen.service_id), asker()):
        return web.see_other("booking.search", pour=chosen.service_id)
    return _form(chosen, code=new_code())


@bp.post("")
@allow("staff")
def book() -> Page:
    form = request.form
    chosen = slots.slot(web.db(), form.get("slot", ""))
    try:
        held = _booked(_wish(chosen))
    except NotFree as taken:
        return _form(chosen, code=form.get("code", ""), taken=taken.next), 409
    except BadName:
        return _form(chosen, code=form.get("code", ""), problem="name"), 422
    except BadPhone:
        return _form(chosen, code=form.get("code", ""), problem="phone"), 422
    except (BadReach, notifying.NoWay, notifying.NoConsent) as error:
        return _form(chosen, code=form.get("code", ""), problem=notifying.wrong(error)), 422
    if held.state != "booked":  # an old form: its appointment was cancelled meanwhile
        return _form(chosen, code=new_code()), 409
    return _page("booking/given.html", **_given(held, form["code"].upper()))


@bp.get("/<appointment_id>")
@allow("staff")
def shown(appointment_id: str) -> str:
    return _shown(my_appointment(appointment_id))


@bp.post("/<appointment_id>/code")
@allow("staff")
def give_again(appointment_id: str) -> str:
    """The paper once more, with a further code: those given before are kept nowhere."""
    held = my_appointment(appointment_id)
    if not held.is_to_come(web.now()):
        raise NotTheirs
    code = appointment_codes.add(web.db(), held.id, web.now())
    return _page("booking/given.html", **_given(held, code))


@bp.get("/<appointment_id>/deplacer")
@allow("staff")
def moving(appointment_id: str) -> str:
    return _moving(my_appointment(appointment_id))


@bp.post("/<appointment_id>/deplacer")
@allow("staff")
def move(appointment_id: str) -> Page | Response:
    """To another slot, which the person asked for or else is still to be told."""
    held = my_appointment(appointment_id)
    tell: Tell | None = "moved" if request.form.get("why") == "house" else None
    slot_id = request.form.get("slot", "")
    try:
        with web.db().transaction():
            booking.move(web.db(), held.id, slot_id, asker(), me().id, web.now(), tell)
            rebooked.follow(web.db(), me().id, web.now())
    except NotFree:
        return _moving(held, taken=True), 409
    return _back(held)


@bp.post("/<appointment_id>/<any(cancel, withdraw, told, earlier, no_hurry):action>")
@allow("staff")
def act(appointment_id: str, action: str) -> Response:
    """Cancel for the person, or against them; note that they know, or would come earlier."""
    held, at = my_appointment(appointment_id), web.now()
    if action in ("cancel", "withdraw"):
        with web.db().transaction():
            if action == "cancel":
                booking.cancel(web.db(), held.id, "visitor", me().id, at)
            else:
                booking.cancel(web.db(), held.id, "house", me().id, at, tell="cancelled")
            rebooked.follow(web.db(), me().id, at)
    elif action == "told":
        booking.told(web.db(), held.id, me().id, at)
    else:
        booking.ask_earlier(web.db(), held.id, action == "earlier", me().id, at)
    return _back(held)


@bp.errorhandler(NotTheirs)
def over(_error: Exception) -> tuple[str, int]:
    """It has begun, or somebody has cancelled it meanwhile."""
    held = my_appointment((request.view_args or {})["appointment_id"])
    return _shown(held, notice="changed"), 409


@bp.errorhandler(Unknown)
@bp.errorhandler(BadCode)
def unreadable(_error: Exception) -> tuple[str, int]:
    return _search(None, notice="again"), 422


def _search(wanted: Service | None, notice: str | None = None) -> str:
    found = _free(wanted) if wanted and booking.may_book(wanted, asker()) else []
    return _page(
        "booking/search.html",
        notice=notice,
        offers=offers(),
        wanted=wanted,
        mine=bool(wanted and booking.may_book(wanted, asker())),
        days=by_day(found),
        more=_number() + SHOWN if len(found) == _number() < MOST_SHOWN else None,
        to_tell=to_tell(),
        earlier=could_come_earlier(),
        booked=by_day(booked(wanted, place())),
    )


def _form(
    chosen: FreeSlot, code: str, problem: str | None = None, taken: list[FreeSlot] | None = None
) -> str:
    wanted = service(web.db(), chosen.service_id)
    return _page(
        "booking/form.html",
        chosen=chosen,
        wanted=wanted,
        lengths=_lengths(chosen),
        code=code,
        problem=problem,
        ways=providers.ways(),
        taken=by_day(taken) if taken is not None else None,
        typed=request.form,
    )


def _shown(held: Appointment, notice: str | None = None) -> str:
    return _page(
        "booking/shown.html",
        notice=notice,
        held=held,
        earlier=appointments.earlier_slots(web.db(), held, web.now()) if held.earlier else [],
    )


def _moving(held: Appointment, *, taken: bool = False) -> str:
    found = _free(services_by_id(web.db())[held.service_id])
    more = _number() + SHOWN if len(found) == _number() < MOST_SHOWN else None
    return _page("booking/move.html", held=held, days=by_day(found), more=more, taken=taken)


def _page(template: str, notice: str | None = None, **values: Any) -> str:
    return render_template(
        template,
        notice=notice,
        places=places(),
        names=services_by_id(web.db()),
        carried={name: request.values.get(name, "") for name in ("visite", "besoin")},
        at_desk=me().role != "partner",
        **frame(),
        **values,
    )


def _given(held: Appointment, code: str) -> dict[str, Any]:
    """What is handed over: the paper, in the person's own language, and what is left to do."""
    wanted = services_by_id(web.db())[held.service_id]
    with words.to_visitor(held.language):
        slip = render_template(
            "appointment/_slip.html",
            held=held,
            code=code,
            service=wanted,
            site=places()[held.site_id],
        )
    mine = wanted.id in watched()
    return {"held": held, "slip": slip, "mine": mine, "visit_code": new_code()}


def _booked(wish: Wish) -> Appointment:
    """The appointment, and where the person is told of it if they agree: both or neither."""
    where = notifying.told_to_staff()
    with web.db().transaction():
        held = booking.book(web.db(), wish, asker(), me().id, web.now())
        if where and held.state == "booked":
            about = About("appointment", held.id, held.site_id)
            contacts.consent(web.db(), about, where, held.language, me().id, web.now())
    return held


def _wish(chosen: FreeSlot) -> Wish:
    form = request.form
    language = form.get("visitor_language", words.SOURCE)
    return Wish(
        slot_id=chosen.id,
        code=form.get("code", ""),
        channel="partner" if me().role == "partner" else "desk",
        language=language if language in words.offered() else words.SOURCE,
        name=form.get("name"),
        phone=form.get("phone"),
        length=max(1, form.get("length", 1, type=int)),
    )


def _free(wanted: Service) -> list[FreeSlot]:
    return slots.free(web.db(), wanted.id, web.now(), asker=asker(), number=_number())


def _lengths(chosen: FreeSlot) -> list[datetime]:
    """When the appointment would end, for each number of slots that are free in a row."""
    found = slots.free(
        web.db(),
        chosen.service_id,
        web.now(),
        asker=asker(),
        number=MOST_SHOWN,
        within=chosen.starts_at - web.now() + timedelta(days=1),
    )
    ends = [chosen.ends_at]
    for each in found:
        if each.occurrence_id == chosen.occurrence_id and each.starts_at == ends[-1]:
            ends.append(each.ends_at)
    return ends[: booking.MOST_SLOTS]


def _wanted() -> Service | None:
    """The service of the address, if it is one that is booked."""
    wanted = request.args.get("pour")
    if not wanted:
        return None
    found = service(web.db(), wanted)
    return found if found.booking != "none" else None


def _number() -> int:
    """How many slots are shown: some more each time they are asked for."""
    return max(SHOWN, min(request.args.get("combien", SHOWN, type=int), MOST_SHOWN))


def _back(held: Appointment) -> Response:
    """To where the button was: the lists, or the appointment."""
    if request.form.get("back") == "lists":
        return web.see_other("booking.search")
    return web.see_other("booking.shown", appointment_id=held.id)
