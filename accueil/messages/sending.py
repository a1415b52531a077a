"""Sending: the outbox emptied, one message at a time, by one sender at a time.

The provider is asked between two transactions: the first says that it is being sent, the second
what became of it. Whatever ends the process between the two leaves a message `sending`, which
the next sender finds and gives to a person to phone.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from accueil.messages import outbox
from accueil.messages.contacts import Contact
from accueil.messages.filling import Held, changed, held_of, is_true, messages_of
from accueil.messages.outbox import Message, Outcome
from accueil.messages.reach import Kind as Way
from accueil.planning import booking
from accueil.planning.appointments import Tell
from accueil.store.db import Db


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is being sent, and where. `tell` is what the house still had to tell the person, and
    `changed`, of an appointment, what is no longer as they were told."""

    message: Message
    contact: Contact
    tell: Tell | None = None
    changed: Literal["moved", "room", "host"] | None = None


def always(_entry_id: str) -> bool:
    """Every turn still waits."""
    return True


class Sending(RuntimeError):
    """Another sender is at work."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One sender at a time over the data in `folder`, else `Sending`. The system lets go of the
    lock of a process that ends, however it ends."""
    with (folder / "sending").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Sending from None
        yield


def drain(
    db: Db,
    ways: frozenset[Way],
    clock: Callable[[], datetime],
    send: Callable[[Leaving], Outcome],
    is_near: Callable[[str], bool] = always,
) -> int:
    """Send everything that is due by these ways; how many the providers accepted. The caller is
    `alone`. `is_near` says of a turn's id whether its person still waits for their call."""
    outbox.found_sending(db, clock())
    accepted = 0
    while leaving := take(db, ways, clock(), is_near):
        outcome = send(leaving)
        settle(db, leaving, outcome, clock())
        accepted += outcome == "accepted"
    return accepted


def take(
    db: Db, ways: frozenset[Way], at: datetime, is_near: Callable[[str], bool] = always
) -> Leaving | None:
    """The next message, from now on `sending`; what is no longer true is dropped on the way."""
    with db.transaction():
        while found := outbox.first_due(db, ways, at):
            first, contact = found
            held = None if first.kind == "near" else held_of(db, contact.id)
            past = messages_of(db, contact.id)
            if is_true(held, first, past, at) and (held or is_near(first.about)):
                return _begun(db, first, contact, held, past, at)
            outbox.drop(db, first.id)
    return None


def settle(db: Db, leaving: Leaving, outcome: Outcome, at: datetime) -> None:
    """Note what the provider answered. Once it accepts, the person is told of what had changed,
    unless something else has since."""
    with db.transaction():
        held = held_of(db, leaving.contact.id)
        same = held is not None and held.sequence == leaving.message.sequence
        tell = leaving.tell if outcome == "accepted" and same and held and held.tell else None
        outbox.end(db, leaving.message, outcome, tell, at)
        if tell:
            booking.told(db, leaving.contact.about.id, "house", at)


def _begun(
    db: Db, first: Message, contact: Contact, held: Held | None, past: list[Message], at: datetime
) -> Leaving:
    if held is None:
        return Leaving(outbox.begin(db, first, at, None, None), contact)
    begun = outbox.begin(db, first, at, held.sequence, held.told)
    tell = held.tell if first.kind in ("confirmation", "moved", "cancelled") else None
    others = [each for each in past if each.id != first.id]
    return Leaving(begun, contact, tell, changed(held, others))
