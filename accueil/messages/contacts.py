"""Contacts: where somebody asked to be told of their appointment, or of their turn.

    contact(id, site_id, appointment_id? | visit_id?, kind, address?, language, consented_at,
            ended_at?)                                                consented -> ended

Only with a tick that says so. The person takes it back when they like, and it is forgotten the
day after, like names: the address is then in no row. It is in no event, no log and no URL.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from accueil.house.sites import every_site
from accueil.messages.reach import Kind, Reach
from accueil.planning.appointments import REMEMBERED
from accueil.store.db import Db, Row
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write


@dataclass(frozen=True, slots=True)
class About:
    """What somebody is told of: an appointment, or a visit; and its site."""

    what: Literal["appointment", "visit"]
    id: str
    site_id: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A consent that stands. `language` is that of the page where it was given."""

    id: str
    about: About
    kind: Kind
    address: str
    language: str
    consented_at: datetime


def consent(db: Db, who: About, reach: Reach, language: str, by: str, at: datetime) -> Contact:
    """The person ticked that they are to be told there; another address takes the place of the
    one before. The same again is the same."""
    with db.transaction():
        known = contact_of(db, who)
        if known and (known.kind, known.address) == (reach.kind, reach.address):
            return known
        if known:
            _end(db, "id = :id", at, id=known.id)
        made = Contact(new_id(), who, reach.kind, reach.address, language, at)
        db.run(
            f"INSERT INTO contact (id, site_id, {who.what}_id, kind, address, language,"
            " consented_at) VALUES (:id, :site_id, :about, :kind, :address, :language, :at)",
            id=made.id,
            site_id=who.site_id,
            about=who.id,
            kind=made.kind,
            address=made.address,
            language=language,
            at=to_text(at),
        )
        _note(db, "asked for messages", made, by, at)
    return made


def withdraw(db: Db, who: About, by: str, at: datetime) -> None:
    """The person is told no more, and where they were is forgotten at once; twice, once."""
    with db.transaction():
        known = contact_of(db, who)
        if known:
            _end(db, "id = :id", at, id=known.id)
            _note(db, "wants no messages", known, by, at)


def contact_of(db: Db, who: About) -> Contact | None:
    """Where the person of this appointment, or of this visit, is told now."""
    row = db.one(
        f"SELECT * FROM contact WHERE {who.what}_id = :id AND address IS NOT NULL", id=who.id
    )
    return contact(row) if row else None


def contact(row: Row) -> Contact:
    """A row that still has its address."""
    return Contact(
        id=row["id"],
        about=about(row),
        kind=row["kind"],
        address=row["address"],
        language=row["language"],
        consented_at=from_text(row["consented_at"]),
    )


def about(row: Row) -> About:
    """What a contact's row is about."""
    if row["appointment_id"]:
        return About("appointment", row["appointment_id"], row["site_id"])
    return About("visit", row["visit_id"], row["site_id"])


def forget_contacts(db: Db, at: datetime) -> int:
    """Erase the addresses of appointments over since a day, and of visits of days that are over;
    how many."""
    with db.transaction():
        forgotten = _end(
            db,
            "appointment_id IN (SELECT id FROM appointment WHERE ends_at < :since)",
            at,
            since=to_text(at - REMEMBERED),
        )
        for place in every_site(db):
            forgotten += _end(
                db,
                "visit_id IS NOT NULL AND site_id = :site_id AND consented_at < :today",
                at,
                site_id=place.id,
                today=to_text(place.instant(place.day(at), time())),
            )
    return forgotten


def _end(db: Db, where: str, at: datetime, **values: object) -> int:
    """Erase addresses, and drop what was still to be sent there."""
    db.run(
        "UPDATE message SET state = 'dropped' WHERE state = 'due' AND contact_id IN"
        f" (SELECT id FROM contact WHERE address IS NOT NULL AND {where})",
        **values,
    )
    return db.run(
        "UPDATE contact SET address = NULL, ended_at = :ended_at"
        f" WHERE address IS NOT NULL AND {where}",
        ended_at=to_text(at),
        **values,
    )


def _note(db: Db, verb: str, made: Contact, by: str, at: datetime) -> None:
    """No visit is named: what was just done to it can still be undone."""
    event = Event(verb, by, made.about.site_id, data={"contact": made.id, "kind": made.kind})
    write(db, event, at)
