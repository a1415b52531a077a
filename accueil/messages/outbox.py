"""The outbox: what is to be sent, is being sent, was sent, or has to be said by phone.

    message(id, contact_id, kind, about, made_at, next_at, until, state, tries, tried_at?,
            sequence?, told?, tell?, returned_at?, settled_at?, settled_by?)

    due -> sending -> sent            also: sending -> due (refused, tried again later),
                                            sending -> failed (refused too often),
                                            sending -> unsure (nobody knows),
                                            due -> dropped (no longer true, or too late),
                                            sent -> failed (returned)

Never twice: a row is `sending` before the provider is asked, in a transaction of its own, and
never leaves that state for `due` unless the provider said no. What became of one that was found
`sending` by the next sender is not known: it is `unsure`, and a person phones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from accueil.messages.contacts import Contact, contact
from accueil.messages.reach import Kind as Way
from accueil.planning.appointments import Tell
from accueil.store.db import Db, Row
from accueil.store.ids import new_id
from accueil.store.instants import from_text, to_text
from accueil.store.journal import Event, write

Kind = Literal["confirmation", "moved", "cancelled", "reminder", "near"]
State = Literal["due", "sending", "sent", "unsure", "failed", "dropped"]
Outcome = Literal["accepted", "refused", "unsure"]
# After each refusal but the last: an hour and a half in all.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))
# A message that has not left after so long is one that somebody had better say.
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Message:
    """`about` is what is told: a version of the appointment, its hour, a turn."""

    id: str
    contact_id: str
    kind: Kind
    about: str
    made_at: datetime
    next_at: datetime
    until: datetime
    state: State
    tries: int
    tried_at: datetime | None
    sequence: int | None
    told: str | None
    tell: Tell | None
    returned: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class New:
    """A message that ought to be: not before `next_at`, and not from `until` on."""

    contact_id: str
    kind: Kind
    about: str
    next_at: datetime
    until: datetime


def put(db: Db, new: New, at: datetime) -> bool:
    """In the caller's transaction: into the outbox, once and for all; whether it was not there."""
    return bool(
        db.run(
            "INSERT INTO message (id, contact_id, kind, about, made_at, next_at, until, state,"
            " tries) VALUES (:id, :contact_id, :kind, :about, :at, :next_at, :until, 'due', 0)"
            " ON CONFLICT (contact_id, kind, about) DO NOTHING",
            id=new_id(),
            contact_id=new.contact_id,
            kind=new.kind,
            about=new.about,
            at=to_text(at),
            next_at=to_text(new.next_at),
            until=to_text(new.until),
        )
    )


def is_due(db: Db, ways: frozenset[Way], at: datetime) -> bool:
    """Whether a sender would find something to do: to send by one of these ways, or to find out
    what became of."""
    rows = db.all(
        "SELECT DISTINCT c.kind, m.state FROM message AS m JOIN contact AS c ON c.id = m.contact_id"
        " WHERE m.state = 'sending' OR (m.state = 'due' AND m.next_at <= :now)",
        now=to_text(at),
    )
    return any(row["state"] == "sending" or row["kind"] in ways for row in rows)


def first_due(db: Db, ways: frozenset[Way], at: datetime) -> tuple[Message, Contact] | None:
    """In the caller's transaction: the next to be sent by one of these ways, if any."""
    rows = db.all(
        "SELECT m.* FROM message AS m JOIN contact AS c ON c.id = m.contact_id"
        " WHERE m.state = 'due' AND m.next_at <= :now AND c.address IS NOT NULL"
        " AND c.kind IN (:one, :other) ORDER BY m.next_at, m.id LIMIT 1",
        now=to_text(at),
        **dict(zip(("one", "other"), [*sorted(ways), "", ""], strict=False)),
    )
    if not rows:
        return None
    first = message(rows[0])
    return first, contact(db.all("SELECT * FROM contact WHERE id = :id", id=first.contact_id)[0])


def begin(db: Db, first: Message, at: datetime, sequence: int | None, told: str | None) -> Message:
    """In the caller's transaction: it is being sent, and says this; as it then is."""
    rows = db.all(
        "UPDATE message SET state = 'sending', tries = tries + 1, tried_at = :at,"
        " sequence = :sequence, told = :told WHERE id = :id AND state = 'due' RETURNING *",
        id=first.id,
        at=to_text(at),
        sequence=sequence,
        told=told,
    )
    return message(rows[0])


def drop(db: Db, message_id: str) -> None:
    """In the caller's transaction: it is no longer true, or comes too late."""
    db.run("UPDATE message SET state = 'dropped' WHERE id = :id AND state = 'due'", id=message_id)


def end(db: Db, sent: Message, outcome: Outcome, tell: Tell | None, at: datetime) -> None:
    """In the caller's transaction: what the provider answered to what was `sending`; `tell` what
    the person did not know and now does."""
    state: State = "sent"
    next_at = sent.next_at
    if outcome == "unsure":
        state = "unsure"
    elif outcome == "refused":
        state = "due" if sent.tries <= len(BACK_OFF) else "failed"
        next_at = at + BACK_OFF[min(sent.tries, len(BACK_OFF)) - 1]
    if not db.run(
        "UPDATE message SET state = :state, next_at = :next_at, tell = :tell"
        " WHERE id = :id AND state = 'sending'",
        id=sent.id,
        state=state,
        next_at=to_text(next_at),
        tell=tell,
    ):
        return
    note(db, f"message {'refused' if state in ('due', 'failed') else state}", sent, "house", at)
    if db.one(
        "SELECT 1 AS yes FROM contact WHERE id = :id AND address IS NULL", id=sent.contact_id
    ):
        drop(db, sent.id)  # taken back meanwhile: there is nowhere to try again


def found_sending(db: Db, at: datetime) -> int:
    """What a sender that is no more had begun: nobody knows whether it left; how many."""
    with db.transaction():
        lost = [message(row) for row in db.all("SELECT * FROM message WHERE state = 'sending'")]
        for each in lost:
            end(db, each, "unsure", None, at)
    return len(lost)


def message_of(db: Db, message_id: str) -> Message | None:
    row = db.one("SELECT * FROM message WHERE id = :id", id=message_id)
    return message(row) if row else None


def note(db: Db, verb: str, about: Message, by: str, at: datetime) -> None:
    """In the caller's transaction: an event, that names nobody."""
    [row] = db.all("SELECT site_id FROM contact WHERE id = :id", id=about.contact_id)
    data = {"message": about.id, "kind": about.kind}
    write(db, Event(verb, by, row["site_id"], data=data), at)


def message(row: Row) -> Message:
    return Message(
        id=row["id"],
        contact_id=row["contact_id"],
        kind=row["kind"],
        about=row["about"],
        made_at=from_text(row["made_at"]),
        next_at=from_text(row["next_at"]),
        until=from_text(row["until"]),
        state=row["state"],
        tries=row["tries"],
        tried_at=from_text(row["tried_at"]) if row["tried_at"] else None,
        sequence=row["sequence"],
        told=row["told"],
        tell=row["tell"],
        returned=row["returned_at"] is not None,
        settled=row["settled_at"] is not None,
    )
