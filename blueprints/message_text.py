"""What a message says: where and when, in the person's own language.

Never the need, nor the service, nor the partner, nor the name of the place, nor anybody's: a
message is read by whoever holds the phone.
"""

from dataclasses import dataclass

from babel.dates import format_skeleton
from flask import render_template

from accueil.house.sites import Site, every_site, front_desk
from accueil.messages.sending import Leaving
from accueil.planning import appointment_codes
from accueil.planning.appointments import Appointment, appointment
from accueil.reception import queue
from blueprints import web, words
from blueprints.invitations import invitation, written_address

# A text message is cut in pieces of 70 characters when one is not in its first alphabet.
_PLAIN = str.maketrans(
    {"’": "'", "\N{NARROW NO-BREAK SPACE}": " ", "\N{NO-BREAK SPACE}": " ", "«": '"', "»": '"'}
)


@dataclass(frozen=True, slots=True)
class Text:
    """`invitation` is the file that goes with it, if any."""

    subject: str
    body: str
    invitation: bytes | None


def written(leaving: Leaving) -> Text:
    """A message as it is read. Gives the appointment a further code, for the link of this one."""
    with words.to_visitor(leaving.contact.language):
        if leaving.message.kind == "near":
            return _turn(leaving)
        held = appointment(web.db(), leaving.contact.about.id)
        place = next(each for each in every_site(web.db()) if each.id == held.site_id)
        return _appointment(leaving, held, place)


def _turn(leaving: Leaving) -> Text:
    turn = queue.entry(web.db(), leaving.message.about)
    return Text(*_rendered(leaving, turn=turn), None)


def _appointment(leaving: Leaving, held: Appointment, place: Site) -> Text:
    subject, body = _rendered(
        leaving,
        held=held,
        site=place,
        address=_isolated(written_address(place)),
        date=_date(held, place),
        link=_link(held),
        phone=(place.phone or front_desk(web.db()).phone).replace(" ", "\N{NO-BREAK SPACE}"),
    )
    joined = leaving.contact.kind == "email" and leaving.message.kind in ("confirmation", "moved")
    return Text(subject, body, invitation(held, place) if joined else None)


def _rendered(leaving: Leaving, **values: object) -> tuple[str, str]:
    common = {"kind": leaving.message.kind, "changed": leaving.changed, **values}
    subject = render_template("notice/subject.txt", **common).strip()
    body = render_template(f"notice/{leaving.contact.kind}.txt", **common).strip()
    if leaving.contact.kind == "sms" and words.direction() == "ltr":
        body = body.translate(_PLAIN)
    return subject, body


def _link(held: Appointment) -> str | None:
    """The person's own page, by a code that only this message holds."""
    house = web.house().public_url
    if not house:
        return None
    return f"{house.rstrip('/')}/r/{appointment_codes.add(web.db(), held.id, web.now())}"


def _date(held: Appointment, place: Site) -> str:
    """26 novembre: as the subject of a message has it."""
    day = place.day(held.starts_at)
    written = str(format_skeleton("MMMMd", day, locale=words.tag()))
    return written.replace("1 ", "1er ") if words.tag() == "fr" and day.day == 1 else written


def _isolated(text: str) -> str:
    """French inside what is read from the right: its own direction."""
    if words.direction() == "ltr":
        return text
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
