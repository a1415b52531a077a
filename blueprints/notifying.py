"""« Me prévenir », on the page of an appointment and on that of a ticket.

Everything is sent to the page's own address, so that the phone's history holds no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from accueil.messages import contacts, providers, reach
from accueil.messages.contacts import About
from accueil.messages.reach import BadReach, Kind, Reach, read_reach
from blueprints import web, words

Wrong = reach.Wrong | Literal["consent", "way"]
Answer = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Standing:
    """By which ways this house can tell people; by which this person asked to be told, if they
    did; whether there is still something to be told."""

    ways: frozenset[Kind]
    asked: Kind | None
    open: bool


class NoConsent(ValueError):
    """An address, and no tick: nothing is kept."""


class NoWay(ValueError):
    """A good address, but this house has no provider for it."""


def standing(who: Sequence[About], *, is_open: bool) -> Standing:
    """What the page says of messages. The first of `who` is the page's own subject."""
    found = [each for each in (contacts.contact_of(web.db(), about) for about in who) if each]
    ways = providers.ways()
    # A ticket's page changes under one's eyes: that no message is sent need not be said there.
    said = bool(ways) or who[0].what == "appointment"
    return Standing(ways, found[0].kind if found else None, is_open and said)


def answered(who: Sequence[About], here: str, back: str, *, is_open: bool) -> Answer | None:
    """What a form of the page asked for, if it is about messages: the page where one says where
    to be told, or `back` once it is done."""
    form = request.form
    if form.get("notify") == "stop":
        for about in who:
            contacts.withdraw(web.db(), about, "visitor", web.now())
        return redirect(back, code=303)
    if form.get("show") != "notify" and form.get("notify") != "yes":
        return None
    if not is_open or not providers.ways():
        return redirect(back, code=303)
    if form.get("notify") != "yes":
        return _page(who[0], here, back)
    try:
        where = read(form.get("reach"), ticked="consent" in form)
    except (BadReach, NoWay, NoConsent) as error:
        return _page(who[0], here, back, wrong(error)), 422
    contacts.consent(web.db(), who[0], where, words.language(), "visitor", web.now())
    return redirect(back, code=303)


def told_to_staff() -> Reach | None:
    """Where a form of the staff says to tell somebody, None for nowhere. Once they agree, a mobile
    that was noted as their phone need not be written again. Raises `BadReach`,
    `NoWay`, `NoConsent`."""
    form, ways = request.form, providers.ways()
    typed, ticked = form.get("reach", "").strip(), "consent" in form
    if not ways or not (typed or ticked):
        return None
    return read(typed or ("sms" in ways and form.get("phone")) or None, ticked=ticked)


def wrong(error: BadReach | NoWay | NoConsent) -> Wrong:
    """What to say of it."""
    if isinstance(error, BadReach):
        return error.wrong
    return "way" if isinstance(error, NoWay) else "consent"


def read(typed: str | None, *, ticked: bool) -> Reach:
    """Where to tell somebody who has ticked that they agree. Raises `BadReach`,
    `NoWay`, `NoConsent`."""
    where = read_reach(typed)
    if where.kind not in providers.ways():
        raise NoWay
    if not ticked:
        raise NoConsent
    return where


def _page(about: About, here: str, back: str, problem: Wrong | None = None) -> str:
    return render_template(
        "notify/phone.html",
        about=about,
        action=here,
        back=back,
        ways=providers.ways(),
        wrong=problem,
        typed=request.form,
    )
