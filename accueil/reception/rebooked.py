"""Rebooked: the turns of people who are checked in follow what becomes of their appointments.

The planning knows nothing of turns. Whoever moves or cancels an appointment calls `follow`: a turn
that waits takes the new hour, or ends when the appointment is no longer today's here. Whoever did
so on their own phone has left; for the others the visit stays open, and the desk sees it.
"""

from datetime import datetime

from accueil.house.sites import site
from accueil.reception import passages, queue, visits
from accueil.reception.change import change
from accueil.store.db import Db, Row
from accueil.store.instants import from_text, to_text


def follow(db: Db, by: str, at: datetime) -> int:
    """Settle every turn that waits for an appointment which has changed; how many."""
    with db.transaction():
        changed = db.all(
            "SELECT e.id, e.visit_id, e.site_id, e.day, a.state, a.site_id AS booked_at,"
            " a.starts_at FROM queue_entry AS e JOIN appointment AS a ON a.id = e.appointment_id"
            " WHERE e.state = 'waiting' AND (a.state = 'cancelled'"
            " OR (e.due_at IS NOT NULL AND e.due_at <> a.starts_at))"
        )
        for row in changed:
            _settle(db, row, by, at)
    return len(changed)


def _settle(db: Db, row: Row, by: str, at: datetime) -> None:
    here = row["booked_at"] == row["site_id"]
    day = site(db, row["site_id"]).day(from_text(row["starts_at"])).isoformat()
    with change(db, "rebooked", row["visit_id"], by, at):
        if row["state"] == "booked" and here and day == row["day"]:
            queue.advance(db, row["id"], ("waiting",), due_at=row["starts_at"])
            return
        queue.advance(db, row["id"], ("waiting",), state="moved", ended_at=to_text(at))
        passages.release(db, row["visit_id"])
        if by == "visitor" and not queue.open_entries(db, row["visit_id"]):
            outcome: visits.Outcome = "appointment" if row["state"] == "booked" else "left"
            visits.end(db, row["visit_id"], outcome, at)
