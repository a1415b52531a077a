"""Nearing: whose turn comes soon, among those who asked to be told."""

from datetime import datetime, timedelta

from accueil.house.sites import every_site
from accueil.messages import outbox
from accueil.messages.outbox import New
from accueil.reception import line, queue
from accueil.reception.queue import Entry
from accueil.store.db import Db
from accueil.store.instants import to_text

# So many people before somebody, or fewer, and their turn is near.
NEAR = 2
# What is said later than that is no longer so.
SAID_WITHIN = timedelta(minutes=15)


def fill_near(db: Db, at: datetime) -> int:
    """Put a message for each turn in line that is near, once a turn, and drop those of turns that
    no longer wait; how many were put."""
    near = [(contact, turn) for contact, turn in _awaited(db, at) if is_near(db, turn, at)]
    late = db.all(
        "SELECT m.id FROM message AS m JOIN queue_entry AS e ON e.id = m.about"
        " WHERE m.kind = 'near' AND m.state = 'due'"
        " AND (e.state <> 'waiting'"
        " OR (e.hold IS NOT NULL AND (e.back_at IS NULL OR e.back_at > :now)))",
        now=to_text(at),
    )
    known = {
        row["about"]
        for row in db.all(
            "SELECT about FROM message WHERE kind = 'near' AND about IN"
            " (SELECT id FROM queue_entry WHERE state = 'waiting')"
        )
    }
    new = {
        turn.id: New(contact, "near", turn.id, at, at + SAID_WITHIN)
        for contact, turn in near
        if turn.id not in known
    }
    if not (new or late):
        return 0
    with db.transaction():
        for row in late:
            outbox.drop(db, row["id"])
        return sum(outbox.put(db, each, at) for each in new.values())


def still_waits(db: Db, entry_id: str, at: datetime) -> bool:
    """Whether a turn whose message is about to leave is still in line."""
    return line.in_line(queue.entry(db, entry_id), at)


def is_near(db: Db, turn: Entry, at: datetime) -> bool:
    """Whether the turn is in line, with few people before it."""
    return line.in_line(turn, at) and queue.people_before(db, turn, at) <= NEAR


def _awaited(db: Db, at: datetime) -> list[tuple[str, Entry]]:
    """The turns that wait today and whose person asked to be told, for their visit or for the
    appointment that they came for, with where to tell them: the last they asked, last."""
    found = []
    for place in every_site(db):
        rows = db.all(
            "SELECT e.id, c.id AS contact_id FROM queue_entry AS e JOIN contact AS c"
            " ON c.visit_id = e.visit_id OR c.appointment_id = e.appointment_id"
            " WHERE e.site_id = :site_id AND e.day = :day AND e.state = 'waiting'"
            " AND c.address IS NOT NULL ORDER BY c.consented_at",
            site_id=place.id,
            day=place.day(at).isoformat(),
        )
        found += [(row["contact_id"], queue.entry(db, row["id"])) for row in rows]
    return found
