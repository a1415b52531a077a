"""Visits: one person's presence on one day at one site, anonymous by default.

    visit(id, site_id, day, number, code_hash, channel, language, need?, private, alias?,
          precedence, arrived_at, closed_at?, outcome?, missing?)    open -> closed (outcome)

The ticket number restarts every day of the site. A visit ends with what its person leaves with:
received, an appointment, a relay, an address; or `unmet`, when nobody could answer, with what
was `missing`; or `left`.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from accueil.house.services import reception_service_id
from accueil.house.sites import Site, Unknown, site
from accueil.planning import appointment_codes
from accueil.planning.permanences import NotReceiving, refuse_if_absent
from accueil.reception import alerts, last_tickets, queue, waits
from accueil.reception.change import NotNow, change
from accueil.reception.standing import Standing
from accueil.reception.unmet import Missing
from accueil.store.codes import code_hash
from accueil.store.db import Db, Row
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text

Channel = Literal["kiosk", "desk", "phone"]
Outcome = Literal["received", "appointment", "relay", "address", "unmet", "left"]
OUTCOMES: tuple[Outcome, ...] = ("received", "appointment", "relay", "address", "unmet", "left")
ALIAS_CHARACTERS = 40
# A repeated request is answered with its ticket for so long; later it might be another person's
# finger on the same screen.
REPEAT_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Visit:
    """`day` is the site's; instants are UTC; `need` is the id of a tile, or None."""

    id: str
    site_id: str
    day: str
    number: int
    channel: Channel
    language: str
    need: str | None
    private: bool
    precedence: bool
    alias: str | None
    arrived_at: datetime
    closed_at: datetime | None
    outcome: str | None
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of someone who comes in. `service_id` None means the shared desk.

    `outcome` is what they leave with at once, an address for one: then they wait for nobody.
    Whoever asks in private at the kiosk comes for the desk: no need, no service is kept.
    """

    site_id: str
    code: str
    channel: Channel
    language: str
    need: str | None = None
    service_id: str | None = None
    private: bool = False
    appointment: bool = False
    alias: str | None = None
    outcome: Outcome | None = None
    missing: Missing | None = None


class CodeUsed(ValueError):
    """This code's visit began a while ago: it is not shown again on a shared screen."""


class BadAlias(ValueError):
    """Longer than ALIAS_CHARACTERS."""


def check_in(db: Db, arrival: Arrival, by: str, at: datetime) -> Visit:
    """Give the next number of the day and a first turn in a queue.

    The same code again within REPEAT_WITHIN is the same visit; later, or when nothing of it is
    to come, `CodeUsed`. A visitor alone is given no turn with a service that receives nobody, or
    whose line fills the time it has left (`NotReceiving`); the desk may know better. Also
    raises `BadCode`, `BadAlias`, and `Unknown` for a service or a site that does not exist.
    """
    hashed = code_hash(arrival.code)
    alias = clean_alias(arrival.alias)
    discreet = arrival.private and arrival.channel != "desk"
    if discreet:
        arrival = replace(arrival, need=None, service_id=None, appointment=False)
    with db.transaction():
        known = db.one(f"{_SELECT} WHERE code_hash = :hashed", hashed=hashed)
        if known is not None:
            return _repeated(db, _visit(known), arrival, at)
        place = site(db, arrival.site_id)
        seen = _line_with_room(db, arrival, place, at)
        visit_id = new_id()
        with change(db, "arrived", visit_id, by, at):
            insert(db, visit_id, replace(arrival, alias=alias), place, hashed, at)
            if arrival.outcome:
                end(db, visit_id, arrival.outcome, at, arrival.missing)
            else:
                entry_id = queue.enter(
                    db,
                    visit_id=visit_id,
                    service_id=arrival.service_id or reception_service_id(db, place.id),
                    site_id=place.id,
                    day=place.day(at).isoformat(),
                    appointment=arrival.appointment,
                    priority=arrival.private,
                    at=at,
                )
                waits.note(db, entry_id, at, seen)
            if discreet:
                alerts.ring_for_visit(db, visit_id, place, by, at)
        return visit(db, visit_id)


def _line_with_room(db: Db, arrival: Arrival, place: Site, at: datetime) -> Standing | None:
    """The line that a visitor alone who walks in comes to, or None for anybody else.
    `NotReceiving` when nobody receives them there, or when those who wait fill the hours left."""
    if arrival.channel == "desk" or not arrival.service_id:
        return None
    refuse_if_absent(db, arrival.service_id, place, arrival.appointment, at)
    if arrival.appointment:
        return None
    seen = waits.standing(db, arrival.service_id, place, at)
    if last_tickets.fills(db, seen, arrival.service_id, place):
        raise NotReceiving(arrival.service_id)
    return seen


def _repeated(db: Db, known: Visit, arrival: Arrival, at: datetime) -> Visit:
    """The visit that this code has already begun, in the language of the last touch."""
    if at - known.arrived_at > REPEAT_WITHIN or not queue.open_entries(db, known.id):
        raise CodeUsed
    db.run(
        "UPDATE visit SET language = :language WHERE id = :id",
        language=arrival.language,
        id=known.id,
    )
    return replace(known, language=arrival.language)


def ask_in_private(db: Db, visit_id: str, by: str, at: datetime, *, urgent: bool = False) -> None:
    """The person wishes to speak to somebody in private: the desk is alerted, and they are first
    in its queue; `urgent` when it cannot wait.

    The turns they have stay as they are.
    """
    asking = visit(db, visit_id)
    with change(db, "asked in private", visit_id, by, at):
        db.run("UPDATE visit SET private = 1 WHERE id = :id", id=visit_id)
        reopen(db, visit_id)
        place = site(db, asking.site_id)
        alerts.ring_for_visit(db, visit_id, place, by, at, urgent=urgent)
        entry_id = queue.enter(
            db,
            visit_id=visit_id,
            service_id=reception_service_id(db, asking.site_id),
            site_id=asking.site_id,
            day=asking.day,
            appointment=False,
            priority=True,
            at=at,
        )
        queue.advance(db, entry_id, ("waiting",), priority=1, **queue.NOT_HELD)


def close(
    db: Db,
    visit_id: str,
    outcome: Outcome,
    by: str,
    at: datetime,
    *,
    missing: Missing | None = None,
    need: str | None = None,
) -> None:
    """End the visit with what its person leaves with; its open turns end too.

    Of one that ends `unmet`, `missing` says why, and `need` what for, if the visit does not say
    so already and was not private. `NotNow` if it has ended already.
    """
    with change(db, f"closed {outcome}", visit_id, by, at):
        ending = visit(db, visit_id)
        if ending.closed_at is not None:
            raise NotNow
        queue.end_all(db, visit_id, "left" if outcome == "left" else "done", at)
        end(db, visit_id, outcome, at, missing)
        if outcome == "unmet" and need and not (ending.need or ending.private):
            db.run("UPDATE visit SET need = :need WHERE id = :id", need=need, id=visit_id)


def close_if_answered(db: Db, visit_id: str, at: datetime) -> None:
    """In the caller's change: a visit that nobody expects any more was received."""
    if not queue.open_entries(db, visit_id):
        end(db, visit_id, "received", at)


def reopen(db: Db, visit_id: str) -> None:
    """In the caller's change: the person is back at the desk."""
    db.run(
        "UPDATE visit SET closed_at = NULL, outcome = NULL, missing = NULL WHERE id = :id",
        id=visit_id,
    )


def visit(db: Db, visit_id: str) -> Visit:
    """One visit; `Unknown` if there is none."""
    row = db.one(f"{_SELECT} WHERE id = :id", id=visit_id)
    if row is None:
        raise Unknown(visit_id)
    return _visit(row)


def open_visits(db: Db, site_id: str, day: str) -> list[Visit]:
    """The visits still open at a site on its day, newest first."""
    rows = db.all(
        f"{_SELECT} WHERE site_id = :site_id AND day = :day AND closed_at IS NULL"
        " ORDER BY number DESC",
        site_id=site_id,
        day=day,
    )
    return [_visit(row) for row in rows]


def visit_of_code(db: Db, code: str, at: datetime) -> Visit:
    """The visit that a ticket's code opens, on its own day, or one of the codes of the appointment
    that was checked in. `BadCode`, or `Unknown`."""
    row = db.one(f"{_SELECT} WHERE code_hash = :hashed", hashed=code_hash(code)) or db.one(
        f"{_SELECT} WHERE id = (SELECT visit_id FROM queue_entry WHERE appointment_id = :id"
        " ORDER BY queued_at DESC LIMIT 1)",
        id=appointment_codes.of_code(db, code),
    )
    if row is None or row["day"] != site(db, row["site_id"]).day(at).isoformat():
        raise Unknown("no ticket of today has this code")
    return _visit(row)


def clean_alias(alias: str | None) -> str | None:
    """What a person wishes to be called, without control or direction characters."""
    kept = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in alias or ""
        if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    text = " ".join(kept.split())
    if len(text) > ALIAS_CHARACTERS:
        raise BadAlias
    return text or None


_SELECT = (
    "SELECT id, site_id, day, number, channel, language, need, private, precedence, alias,"
    " arrived_at, closed_at, outcome, missing FROM visit"
)


def insert(db: Db, visit_id: str, arrival: Arrival, place: Site, hashed: str, at: datetime) -> None:
    """In the caller's change: the visit, with the next number of the day."""
    day = place.day(at).isoformat()
    last = db.one(
        "SELECT max(number) AS number FROM visit WHERE site_id = :site_id AND day = :day",
        site_id=place.id,
        day=day,
    )
    number = ((last and last["number"]) or 0) + 1
    db.run(
        "INSERT INTO visit (id, site_id, day, number, code_hash, channel, language, need,"
        " private, alias, arrived_at) VALUES (:id, :site_id, :day, :number, :hashed, :channel,"
        " :language, :need, :private, :alias, :at)",
        id=visit_id,
        site_id=place.id,
        day=day,
        number=number,
        hashed=hashed,
        channel=arrival.channel,
        language=arrival.language,
        need=arrival.need,
        private=int(arrival.private),
        alias=arrival.alias,
        at=to_text(at),
    )


def end(
    db: Db, visit_id: str, outcome: Outcome, at: datetime, missing: Missing | None = None
) -> None:
    """In the caller's change: the visit ends with this; its turns stay as they are."""
    db.run(
        "UPDATE visit SET closed_at = :at, outcome = :outcome, missing = :missing WHERE id = :id",
        at=to_text(at),
        outcome=outcome,
        missing=missing if outcome == "unmet" else None,
        id=visit_id,
    )


def _visit(row: Row) -> Visit:
    closed_at = from_text(row["closed_at"]) if row["closed_at"] else None
    return Visit(
        **{
            **row,
            "private": bool(row["private"]),
            "precedence": bool(row["precedence"]),
            "arrived_at": from_text(row["arrived_at"]),
            "closed_at": closed_at,
        }
    )
