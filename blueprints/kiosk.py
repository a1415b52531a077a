"""The kiosk: a language, a need, the fewest questions, an answer, a ticket or an appointment. No
name, and nothing kept on the device.

Every step is a form that carries what was chosen before it, so that the server holds nothing
of a person until they take a ticket, and a screen that is reset shows nothing of them. What was
answered is in the body of these forms only, and is left out of those that are kept.
"""

from dataclasses import replace
from itertools import groupby, islice

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from accueil.house.services import Service, reception_service_id, service, services_by_id
from accueil.house.sites import Site, Unknown
from accueil.orientation.answers import Orientation, desk, expected_today, orient
from accueil.orientation.needs import Need, UnknownNeed, need
from accueil.orientation.triage import Asking
from accueil.planning import booking, slots
from accueil.planning.booking import NotFree, Wish
from accueil.planning.permanences import NotReceiving, hours_of, opening
from accueil.planning.slots import VISITOR
from accueil.reception import queue, visits, waits
from accueil.reception.visits import Arrival, CodeUsed
from accueil.store.codes import BadCode, new_code
from blueprints import (
    criteria_words,
    kiosk_answers,
    kiosk_look,
    kiosk_question,
    screens,
    web,
    words,
)
from blueprints.access import allow
from blueprints.fact_fields import written
from blueprints.kiosk_question import MOST_QUESTIONS, Said

bp = Blueprint("kiosk", __name__, url_prefix="/borne")
screens.guard(bp, "kiosk")
ACTOR = "kiosk"
SLOTS_READ, DAYS_SHOWN, HOURS_SHOWN = 60, 3, 6
bp.add_app_template_global(kiosk_look.look)
bp.add_app_template_global(kiosk_look.turned, "look_turned")
bp.add_app_template_global(kiosk_look.chosen, "look_chosen")


@bp.get("", defaults={"site_id": None})
@bp.get("/<site_id>")
@allow("anyone")
def start(site_id: str | None) -> str:
    return _start(_enter(site_id))


@bp.get("/<site_id>/<any('reponses', 'rendez-vous', 'ticket', 'creneaux', 'reserver'):step>")
@allow("anyone")
def begin_again(site_id: str, step: str) -> Response:
    """These steps are reached by forms: an address typed or reloaded shows nothing of anyone."""
    return web.see_other("kiosk.start", site_id=_enter(site_id).id)


@bp.post("/<site_id>/reponses")
@allow("anyone")
def answer(site_id: str) -> str | tuple[str, int]:
    """A question whose answer can change what is proposed; or else what is proposed."""
    site = _enter(site_id)
    said = kiosk_question.said(request.form)
    page = _next(site, said, "impossible" if said.impossible else None)
    return (page, 422) if said.impossible else page


@bp.post("/<site_id>/rendez-vous")
@allow("anyone")
def appointment(site_id: str) -> str:
    return _appointment(_enter(site_id))


@bp.post("/<site_id>/ticket")
@allow("anyone")
def ticket(site_id: str) -> str:
    site = _enter(site_id)
    arrival = _arrival(site)
    try:
        visit = visits.check_in(web.db(), arrival, ACTOR, web.now())
    except CodeUsed:
        if not arrival.private:
            raise
        # The ticket on this screen may be another person's; whoever asks is not sent away.
        arrival = replace(arrival, code=new_code())
        visit = visits.check_in(web.db(), arrival, ACTOR, web.now())
    if arrival.private and not visit.private:
        visits.ask_in_private(web.db(), visit.id, ACTOR, web.now())
    turn = queue.latest_open(web.db(), visit.id)
    if turn is None:
        raise CodeUsed
    return _page(
        "kiosk/ticket.html",
        site,
        "kiosk.ticket",
        carry={"code": arrival.code.upper(), "private": "1" if arrival.private else ""},
        visit=visit,
        private=arrival.private,
        people_before=web.house().lines.people_before(web.db(), turn, site, web.now()),
        wait=waits.noted(web.db(), turn.id),
        opening=opening(web.db(), turn.service_id, site.id, web.now()),
    )


@bp.post("/<site_id>/creneaux")
@allow("anyone")
def choose_slot(site_id: str) -> str:
    """The next free slots of a service that the house books, where it was proposed."""
    return _slots(_enter(site_id))


@bp.post("/<site_id>/reserver")
@allow("anyone")
def book(site_id: str) -> str | tuple[str, int]:
    site, form = _enter(site_id), request.form
    code, slot_id = form.get("code", ""), form.get("slot", "")
    wish = Wish(slot_id=slot_id, code=code, channel="kiosk", language=words.language())
    try:
        if slot_id:  # none when the screen of an appointment is shown in another language
            _refuse_private(service(web.db(), slots.slot(web.db(), slot_id).service_id))
        held = booking.book(web.db(), wish, VISITOR, ACTOR, web.now())
    except (NotFree, Unknown):
        return _slots(site, notice="taken"), 409
    if held.state != "booked" or web.now() - held.booked_at > visits.REPEAT_WITHIN:
        raise CodeUsed
    return _page(
        "kiosk/booked.html",
        site,
        "kiosk.book",
        carry={"code": code.upper()},
        held=held,
        place=web.site_or_404(held.site_id),
        service=services_by_id(web.db())[held.service_id],
        ticket={"code": new_code()},
    )


@bp.errorhandler(UnknownNeed)
@bp.errorhandler(Unknown)
@bp.errorhandler(words.UnknownLanguage)
@bp.errorhandler(BadCode)
def unreadable(_error: Exception) -> tuple[str, int]:
    """What was sent is nothing that this kiosk proposes: begin again, and say so."""
    return _start(_here(), notice="again"), 422


@bp.errorhandler(CodeUsed)
def another_person(_error: Exception) -> Response:
    return web.see_other("kiosk.start", site_id=_here().id)


@bp.errorhandler(NotReceiving)
def closed_meanwhile(_error: Exception) -> tuple[str, int]:
    """The service stopped receiving between two touches: the other answers, at once."""
    if "appointment" in request.form:
        return _appointment(_here(), notice="closed"), 409
    try:
        return _next(_here(), Said({}, False), "closed", ask=False), 409
    except UnknownNeed:
        return _start(_here(), notice="closed"), 409


def _start(site: Site, notice: str | None = None) -> str:
    opens = opening(web.db(), reception_service_id(web.db(), site.id), site.id, web.now())
    return _page("kiosk/start.html", site, "kiosk.start", opening=opens, notice=notice)


def _next(site: Site, said: Said, notice: str | None = None, ask: bool = True) -> str:
    """The next question, as long as one is useful; or else the answers."""
    wanted = need(request.form.get("need", ""))
    asking = Asking(needs=wanted.tags, facts=said.facts, asked_by="anyone", nearby=True)
    found = orient(web.db(), web.catalogue(), site, asking, web.now())
    enough = not ask or "enough" in request.form
    if found.next_question and not enough and len(said.facts) < MOST_QUESTIONS:
        return _question(site, wanted, found, said, notice)
    return _answers(site, wanted, found, said, notice, enough)


def _question(site: Site, wanted: Need, found: Orientation, said: Said, notice: str | None) -> str:
    asked = found.next_question or ""
    return _page(
        "kiosk/question.html",
        site,
        "kiosk.answer",
        carry={"code": new_code(), **dict(written(said.facts))},
        need=wanted,
        asked=asked,
        question=words.typeset(criteria_words.question(asked), words.language()),
        tiles=kiosk_question.tiles(asked, found.rules, found.facts, site),
        said=written(said.facts),
        back=_back(said, len(said.facts)),
        notice=notice,
    )


def _answers(
    site: Site, wanted: Need, found: Orientation, said: Said, notice: str | None, enough: bool
) -> str:
    shown = kiosk_answers.shown(found)
    dated = [each.occurrence for each in (*shown.answers, *shown.misses) if each.occurrence]
    return _page(
        "kiosk/answers.html",
        site,
        "kiosk.answer",
        carry={"code": new_code(), "enough": "1" if enough else "", **dict(written(said.facts))},
        need=wanted,
        answers=shown.answers,
        misses=shown.misses,
        further=shown.further,
        why=kiosk_answers.why,
        hours={each.id: hours_of(web.db(), each) for each in dated},
        desk=desk(web.db(), site, web.now()),
        said=written(said.facts),
        back=_back(said, len(said.facts) + enough),
        notice=notice,
    )


def _back(said: Said, steps: int) -> list[tuple[str, str]] | None:
    """What the screen before carried, after so many steps; None when it was the first one."""
    return written(dict(islice(said.facts.items(), steps - 1))) if steps else None


def _slots(site: Site, notice: str | None = None) -> str:
    wanted = service(web.db(), request.form.get("service", ""))
    place = web.site_or_404(request.form.get("place") or site.id)
    _refuse_private(wanted)
    said = written(kiosk_question.said(request.form).facts)
    found = slots.free(web.db(), wanted.id, web.now(), number=SLOTS_READ, site_id=place.id)
    days = groupby(found, key=lambda slot: place.day(slot.starts_at))
    return _page(
        "kiosk/slots.html",
        site,
        "kiosk.choose_slot",
        carry={"code": new_code(), "service": wanted.id, "place": place.id, **dict(said)},
        service=wanted,
        place=place,
        said=said,
        days=[(day, list(islice(hours, HOURS_SHOWN))) for day, hours in islice(days, DAYS_SHOWN)],
        notice=notice,
    )


def _refuse_private(wanted: Service) -> None:
    """`Unknown` for a service that visitors are not proposed here."""
    if wanted.audience != "public" or not booking.may_book(wanted, VISITOR):
        raise Unknown(wanted.id)


def _appointment(site: Site, notice: str | None = None) -> str:
    expected = expected_today(web.db(), site, web.now())
    return _page(
        "kiosk/appointment.html",
        site,
        "kiosk.appointment",
        expected=expected,
        services=services_by_id(web.db()),
        notice=notice,
    )


def _page(
    template: str, site: Site, endpoint: str, carry: dict[str, str] | None = None, **values: object
) -> str:
    """A screen: its forms carry one code, so that whichever is touched twice makes one visit."""
    return render_template(
        template,
        site=site,
        now=web.now(),
        here=url_for(endpoint, site_id=site.id),
        carried={"need": request.form.get("need", ""), **(carry or {"code": new_code()})},
        **values,
    )


def _enter(site_id: str | None) -> Site:
    """The kiosk's site, in the language that its form carries."""
    site = web.site_or_404(site_id, reception=True)
    if "language" in request.values:
        words.speak(request.values["language"])
    return site


def _here() -> Site:
    return web.site_or_404((request.view_args or {}).get("site_id"), reception=True)


def _arrival(site: Site) -> Arrival:
    form = request.form
    return Arrival(
        site_id=site.id,
        code=form.get("code", ""),
        channel="kiosk",
        language=words.language(),
        need=need(form["need"]).id if form.get("need") else None,
        service_id=form.get("service") or None,
        private="private" in form,
        appointment="appointment" in form,
    )
