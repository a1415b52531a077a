"""People and their turns in every state, and how a line and the board show them."""

from datetime import datetime

from accueil.house.accounts import Account
from accueil.reception import calls, line, queue
from accueil.reception.visits import Visit
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    PARQUET,
    after,
    arrive,
    claire_calling,
    turn_of,
)

T = 100.0  # when a verb is used, long after what prepared it
DAY = "2026-11-23"


def somebody(db: Db, claire: Account, state: str = "waiting") -> tuple[Visit, str]:
    """A visit and its turn with the Parquet, in such a state."""
    visit = arrive(db, service_id=PARQUET)
    turn = turn_of(db, visit).id
    if state != "waiting":
        calls.call(db, turn, claire_calling(claire), after(1))
    if state == "serving":
        calls.receive(db, turn, claire.id, after(2))
    elif state == "done":
        calls.finish(db, turn, claire.id, after(2))
    elif state == "absent":
        calls.did_not_come(db, turn, claire.id, after(2))
    return visit, turn


def turns(db: Db, visit: Visit) -> list[tuple[str, str, str | None]]:
    """Where each turn of a visit is, but for those that an undo left behind."""
    every = [each for each in queue.entries(db, visit.id) if each.state != "undone"]
    return [(each.service_id, each.state, each.hold) for each in every]


def numbers(db: Db, service_id: str, at: datetime) -> list[int]:
    """The numbers in line, the next one first."""
    waiting = queue.waiting(db, service_id, BEARN, DAY)
    return [place.turn.number for place in line.order(waiting, at)]


def board(db: Db, at: datetime) -> list[tuple[int, str, int]]:
    """What the board still shows of today's calls."""
    return [(each.number, each.state, each.nth) for each in calls.latest(db, BEARN, at, 9)]
