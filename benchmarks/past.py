"""Years of visits: what the file of an old house holds, written straight into its tables."""

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from accueil.store import journal
from accueil.store.db import Db
from accueil.store.ids import new_id
from accueil.store.instants import to_text
from accueil.store.journal import Event
from benchmarks.load import PARQUET
from benchmarks.server import MONDAY, SITE, state

VISITS = 100_000
A_DAY = 80
ROOM = "bearn-bureau-1"
VISIT = """INSERT INTO visit (id, site_id, day, number, code_hash, channel, language, need, private,
    arrived_at, closed_at, outcome) VALUES (:id, :site, :day, :number, :hash, 'kiosk', 'fr',
    'droit', 0, :arrived, :ended, 'received')"""
TURN = """INSERT INTO queue_entry (id, visit_id, service_id, site_id, day, state, appointment,
    priority, queued_at, called_at, started_at, ended_at, room_id, calls) VALUES (:id, :visit,
    :service, :site, :day, 'done', 0, 0, :arrived, :called, :called, :ended, :room, 1)"""
CALL = """INSERT INTO call (id, entry_id, nth, site_id, day, number, room_id, called_at, withdrawn)
    VALUES (:id, :entry, 1, :site, :day, :number, :room, :called, 0)"""


def furnish(folder: Path) -> None:
    """VISITS visits before MONDAY, with their turns, their calls and their journal."""
    first = MONDAY - timedelta(days=VISITS // A_DAY)
    with state(folder) as db, db.transaction():
        for number in range(VISITS):
            day, rank = divmod(number, A_DAY)
            _visit(db, first + timedelta(days=day, minutes=3 * rank), rank + 1)


def _visit(db: Db, arrived: datetime, number: int) -> None:
    visit, turn = new_id(), new_id()
    called, ended = arrived + timedelta(minutes=12), arrived + timedelta(minutes=30)
    day = arrived.date().isoformat()
    at = {"arrived": to_text(arrived), "called": to_text(called), "ended": to_text(ended)}
    here = {"site": SITE, "day": day}
    db.run(
        VISIT,
        id=visit,
        number=number,
        hash=sha256(visit.encode()).hexdigest(),
        **here,
        arrived=at["arrived"],
        ended=at["ended"],
    )
    db.run(TURN, id=turn, visit=visit, service=PARQUET, room=ROOM, **here, **at)
    db.run(CALL, id=new_id(), entry=turn, number=number, room=ROOM, called=at["called"], **here)
    waiting = {"id": turn, "state": "waiting", "priority": 0, "called_at": None}
    before = {"visit": {"need": "droit", "private": 0}, "entries": [waiting]}
    _write(db, "arrived", visit, arrived, {"visit": None, "entries": []})
    _write(db, "called", visit, called, before)
    _write(db, "receiving", visit, called, before)
    _write(db, "finished", visit, ended, before)


def _write(db: Db, verb: str, visit: str, at: datetime, before: object) -> None:
    journal.write(db, Event(verb, "kiosk", SITE, visit, {"before": before}), at)
