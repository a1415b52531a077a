"""A visitor's appointment on their phone: confirm, move, cancel, ask to come earlier.

The address is the appointment's code, which nobody else knows. Looking changes nothing; only a
form does.
"""

from contextlib import suppress

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.services import reception_service_id, services_by_id
from accueil.house.sites import Unknown, every_site
from accueil.messages.contacts import About
from accueil.orientation.numbers import NUMBERS
from accueil.planning import appointments, booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import NotFree, NotTheirs, Wish
from accueil.planning.permanences import opening
from accueil.planning.slots import EARLIER, VISITOR, FreeSlot
from accueil.reception import alerts, rebooked, visits
from accueil.store.codes import BadCode, new_code
from blueprints import notifying, web, words
from blueprints.access import allow
from blueprints.invitations import invitation
from blueprints.squares import square

bp = Blueprint("appointment", __name__)
ACTOR = "visitor"
SHOWN = 8


@bp.get("/R/<code>")
@bp.get("/r/<code>")
@allow("anyone")
def status(code: str) -> str | Response:
    """Of somebody who has arrived: their turn."""
    held = _held(code)
    if _is_there(code):
        return web.see_other("visitor.status", code=code, language=words.language())
    return _page(
        "appointment/status.html",
        held,
        code,
        earlier=_earlier(held),
        free=_free(held) if held.state == "cancelled" else [],
        next_code=new_code(),
        notify=notifying.standing(_who(held), is_open=held.is_to_come(web.now())),
    )


@bp.post("/r/<code>")
@allow("anyone")
def ask(code: str) -> notifying.Answer:
    """Somebody to speak to, at once if need be, the numbers to dial, or messages: at the
    appointment's own address, so that the phone's history holds no other."""
    if request.form.get("show") == "numbers":
        return _numbers(code)
    held = _held(code)
    coming = held.is_to_come(web.now())
    notified = notifying.answered(_who(held), _here(code), _status_of(code), is_open=coming)
    if notified:
        return notified
    if request.form.get("ask") in ("desk", "now"):
        urgent = request.form["ask"] == "now"
        alerts.ring_for_appointment(web.db(), held, web.now(), urgent=urgent)
        if urgent:
            return _numbers(code, told=True)
    return _see(code)


@bp.get("/r/<code>/dates")
@allow("anyone")
def dates(code: str) -> str | Response:
    held = _held(code)
    if held.state == "booked" and not held.is_to_come(web.now()):
        return _see(code)
    return _dates(held, code)


@bp.post("/r/<code>/dates")
@allow("anyone")
def move(code: str) -> str | tuple[str, int] | Response:
    held, slot_id = _held(code), request.form.get("slot", "")
    asker = EARLIER if slot_id in {each.id for each in _earlier(held)} else VISITOR
    try:
        with web.db().transaction():
            booking.move(web.db(), held.id, slot_id, asker, ACTOR, web.now())
            rebooked.follow(web.db(), ACTOR, web.now())
    except NotFree:
        return _dates(held, code, taken=True), 409
    except Unknown:
        return _dates(held, code, taken=True), 422
    return _see(code)


@bp.get("/r/<code>/annuler")
@allow("anyone")
def cancelling(code: str) -> str | Response:
    held = _held(code)
    if not held.is_to_come(web.now()):
        return _see(code)
    return _page("appointment/cancel.html", held, code)


@bp.post("/r/<code>/annuler")
@allow("anyone")
def cancel(code: str) -> Response:
    held = _held(code)
    with web.db().transaction():
        booking.cancel(web.db(), held.id, "visitor", ACTOR, web.now())
        rebooked.follow(web.db(), ACTOR, web.now())
    return _see(code)


@bp.post("/r/<code>/je-viens")
@allow("anyone")
def confirm(code: str) -> Response:
    """I come; or, of one that the house has cancelled: I know."""
    held = _held(code)
    if held.state == "cancelled":
        booking.told(web.db(), held.id, ACTOR, web.now())
    else:
        booking.confirm(web.db(), held.id, ACTOR, web.now())
    return _see(code)


@bp.post("/r/<code>/plus-tot")
@allow("anyone")
def ask_earlier(code: str) -> Response:
    wanted = request.form.get("wanted") == "1"
    booking.ask_earlier(web.db(), _held(code).id, wanted, ACTOR, web.now())
    return _see(code)


@bp.post("/r/<code>/reprendre")
@allow("anyone")
def book_again(code: str) -> str | tuple[str, int] | Response:
    """Another appointment with the same service, after one that was cancelled."""
    held = _held(code)
    if held.state != "cancelled":
        return _see(code)
    again = request.form.get("next_code", "")
    wish = Wish(
        slot_id=request.form.get("slot", ""),
        code=again,
        channel="visitor",
        language=words.language(),
        name=held.name,
        phone=held.phone,
    )
    try:
        booking.book(web.db(), wish, VISITOR, ACTOR, web.now())
    except NotFree:
        return _dates(held, code, taken=True), 409
    except Unknown:
        return _dates(held, code, taken=True), 422
    if held.tell:
        booking.told(web.db(), held.id, ACTOR, web.now())
    return _see(again.upper())


@bp.get("/r/<code>/rendez-vous.ics")
@allow("anyone")
def calendar(code: str) -> Response:
    """The file of this appointment for a calendar: where and when, and nothing of why."""
    held = _held(code)
    place = next(each for each in every_site(web.db()) if each.id == held.site_id)
    response = make_response(invitation(held, place))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response


@bp.get("/r/<code>/qr.svg")
@allow("anyone")
def qr(code: str) -> Response:
    """The square that opens this appointment on a phone."""
    return square("appointment.status", code)


@bp.errorhandler(NotTheirs)
def over(_error: Exception) -> Response:
    """It has begun, or was cancelled meanwhile: the page says so."""
    return _see((request.view_args or {})["code"])


@bp.errorhandler(BadCode)
@bp.errorhandler(Unknown)
def no_such_appointment(_error: Exception) -> tuple[str, int]:
    """Wrong, or old: one answer, that tells a guesser nothing."""
    words.speak_as_browser()
    return render_template("visitor/unknown.html", numbers=NUMBERS), 404


def _held(code: str) -> Appointment:
    """The appointment of a code, and from here on its language, or the one that was chosen."""
    held = appointments.appointment_of_code(web.db(), code, web.now())
    words.speak_of(held.language, request.values.get("language"))
    return held


def _is_there(code: str) -> bool:
    with suppress(Unknown):
        return visits.visit_of_code(web.db(), code, web.now()).closed_at is None
    return False


def _dates(held: Appointment, code: str, *, taken: bool = False) -> str:
    return _page(
        "appointment/dates.html",
        held,
        code,
        free=_free(held),
        taken=taken,
        next_code=request.form.get("next_code") or new_code(),
    )


def _numbers(code: str, *, told: bool = False) -> str:
    step = alerts.next_step(web.db(), _held(code).id)
    return render_template(
        "discreet/phone.html", numbers=NUMBERS, here=_here(code), step=step, told=told
    )


def _here(code: str) -> str:
    return url_for("appointment.ask", code=code)


def _page(template: str, held: Appointment, code: str, **values: object) -> str:
    places = {place.id: place for place in every_site(web.db())}
    service = services_by_id(web.db())[held.service_id]
    desk = alerts.desk_of(web.db(), held.site_id)
    return render_template(
        template,
        held=held,
        code=code.upper(),
        here=_here(code.upper()),
        step=alerts.next_step(web.db(), held.id),
        desk=desk,
        opening=opening(web.db(), reception_service_id(web.db(), desk.id), desk.id, web.now()),
        places=places,
        site=places[held.site_id],
        service=service,
        mine=booking.may_book(service, VISITOR),
        now=web.now(),
        **values,
    )


def _earlier(held: Appointment) -> list[FreeSlot]:
    """What can be taken instead, at once, by somebody who asked to come earlier."""
    service = services_by_id(web.db())[held.service_id]
    if not (held.earlier and held.is_to_come(web.now()) and booking.may_book(service, VISITOR)):
        return []
    return appointments.earlier_slots(web.db(), held, web.now())


def _free(held: Appointment) -> list[FreeSlot]:
    if not booking.may_book(services_by_id(web.db())[held.service_id], VISITOR):
        return []
    return slots.free(web.db(), held.service_id, web.now(), number=SHOWN)


def _who(held: Appointment) -> list[About]:
    return [About("appointment", held.id, held.site_id)]


def _status_of(code: str) -> str:
    return url_for("appointment.status", code=code, language=words.language())


def _see(code: str) -> Response:
    return redirect(_status_of(code), code=303)
