"""Arriving for an appointment, at the kiosk or on one's phone: what is asked, what is answered.

A shared screen says no name and no service. What was scanned or typed is in the body of a form,
and is carried from one to the next, so that the same screen can be shown again in another
language, or after somebody asked for help on it.
"""

from dataclasses import dataclass

from flask import render_template, request

from accueil.house import limits
from accueil.house.services import reception_service_id
from accueil.house.sites import Site, Unknown, site
from accueil.planning.appointments import Appointment
from accueil.reception import alerts, arriving, passages, queue, visits
from accueil.reception.arriving import EARLY, Answer, Arrived, Door
from accueil.reception.queue import Entry
from accueil.reception.visits import REPEAT_WITHIN, Channel, Visit
from accueil.store.codes import SHORT, BadCode, read_scanned
from blueprints import web, words

# Ten letters can be guessed, a whole code cannot: nobody types so many in a minute.
TRIES = 30
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Reply:
    """`place` is where the person is expected; `visit` is None unless they are in its lines.
    `step` is what they may ask of the desk: "desk", "now", or nothing more."""

    answer: Answer
    typed: str
    held: Appointment | None = None
    place: Site | None = None
    visit: Visit | None = None
    turn: Entry | None = None
    people_before: int = 0
    step: alerts.Step | None = None


def typed() -> str:
    """What was scanned, typed or pasted; of something long, the end."""
    return request.form.get("typed", "")[-LONGEST:]


def reply(here: Site, channel: Channel, by: str) -> Reply:
    """Check in whoever sent this form, do what they ask on it, and say where they are. Raises
    `TooManyAttempts` for ten letters typed after too many others."""
    if _is_short(typed()):
        limits.count(web.db(), f"ten letters, {channel}, {here.id}", TRIES, web.now())
    asked = words.language() if "language" in request.values else None
    try:
        found = arriving.arrive(web.db(), typed(), Door(here, channel, asked), by, web.now())
    except Unknown:  # what it was booked with is no more
        found = Arrived("unknown")
    return told(found, here, channel, by)


def told(found: Arrived, here: Site, channel: Channel, by: str) -> Reply:
    """What is said to somebody who arrived; in the language they booked in, unless their form
    says another."""
    kept = found.visit or found.appointment
    if kept and "language" not in request.values:
        words.speak_of(kept.language)
    if found.visit and found.visit.site_id != here.id:
        return Reply("other-site", typed(), place=site(web.db(), found.visit.site_id))
    if found.visit is None or found.visit.closed_at:
        place = site(web.db(), found.appointment.site_id) if found.appointment else None
        return Reply(found.answer, typed(), found.appointment, place, found.visit)
    _do(found.visit, by)
    visit = visits.visit(web.db(), found.visit.id)
    turn = queue.latest_open(web.db(), visit.id)
    return Reply(
        answer=_first(found, channel, here),
        typed=typed(),
        held=found.appointment,
        place=here,
        visit=visit,
        turn=turn,
        people_before=queue.people_before(web.db(), turn, web.now()) if turn else 0,
        step=alerts.next_step(web.db(), visit.id),
    )


def on_phone(here: Site, answered: Reply, address: str, code: str, token: str | None = None) -> str:
    """The page of somebody whose whole code is not known, or who is not expected here now; its
    forms go to `address`. Back is the page of the poster's `token`, with a fresh `code`; or else
    that of the appointment with this `code`."""
    return render_template(
        "door/answer.html",
        site=here,
        now=web.now(),
        reply=answered,
        visit=answered.visit,
        turn=answered.turn,
        address=address,
        code=code,
        token=token,
    )


def _do(visit: Visit, by: str) -> None:
    """What the form asks besides: somebody to speak to, or to go before others."""
    asked, given = request.form.get("ask"), request.form.get("given")
    step = alerts.next_step(web.db(), visit.id)
    if step and (asked == "now" or asked == step == "desk"):
        visits.ask_in_private(web.db(), visit.id, by, web.now(), urgent=asked == "now")
    if given in ("0", "1"):
        passages.give_precedence(web.db(), visit.id, given == "1", by, web.now())


def _first(found: Arrived, channel: Channel, here: Site) -> Answer:
    """What was answered first, to a code that was read twice, or for a screen shown again."""
    visit, turn, held = found.visit, found.turn, found.appointment
    if found.answer != "already" or not (visit and turn and held) or visit.channel != channel:
        return found.answer
    if turn.state != "waiting" or web.now() - visit.arrived_at > REPEAT_WITHIN:
        return found.answer
    if turn.service_id == reception_service_id(web.db(), here.id) != held.service_id:
        return "over"
    if turn.due_at is None:
        return "late"
    return "early" if turn.due_at - web.now() > EARLY else "in"


def _is_short(text: str) -> bool:
    try:
        return len(read_scanned(text)) == SHORT
    except BadCode:
        return False
