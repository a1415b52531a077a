"""Weeks of turns that are over, written as they would be, for tests of what is measured."""

from datetime import datetime, timedelta

from accueil.store.db import Db
from accueil.store.ids import new_id
from accueil.store.instants import to_text
from tests.personae import BEARN, MONDAY, PARQUET, PARQUET_ROOM


def some_weeks(db: Db, host_id: str, minutes: float = 10, a_day: int = 6, weeks: int = 3) -> None:
    """On each of the Mondays before, so many meetings of so many minutes, one after the other."""
    for week in range(1, weeks + 1):
        begins = MONDAY - timedelta(weeks=week)
        for nth in range(a_day):
            meeting(db, host_id, begins + timedelta(minutes=nth * minutes), minutes, number=nth + 1)


def meeting(
    db: Db,
    host_id: str,
    at: datetime,
    minutes: float,
    number: int,
    state: str = "done",
    service_id: str = PARQUET,
) -> str:
    """One turn, of somebody who had been waiting since the morning; its id."""
    visit_id, entry_id, day = new_id(), new_id(), at.date().isoformat()
    ended = to_text(at + timedelta(minutes=minutes))
    with db.transaction():
        db.run(
            "INSERT INTO visit (id, site_id, day, number, code_hash, channel, language, private,"
            " arrived_at, closed_at, outcome) VALUES (:id, :site, :day, :number, :id, 'desk', 'fr',"
            " 0, :at, :ended, 'received')",
            id=visit_id,
            site=BEARN,
            day=day,
            number=number,
            at=to_text(at),
            ended=ended,
        )
        db.run(
            "INSERT INTO queue_entry (id, visit_id, service_id, site_id, day, state, appointment,"
            " priority, queued_at, called_at, ended_at, room_id, host_id, calls) VALUES (:id,"
            " :visit, :service, :site, :day, :state, 0, 0, :since, :at, :ended, :room, :host, 1)",
            id=entry_id,
            visit=visit_id,
            service=service_id,
            site=BEARN,
            day=day,
            state=state,
            since=to_text(at - timedelta(minutes=30)),
            at=to_text(at),
            ended=ended,
            room=PARQUET_ROOM,
            host=host_id,
        )
    return entry_id
