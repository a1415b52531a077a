"""A day half lived: three hundred people have come since the morning, forty of them still wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from accueil.house import accounts
from accueil.reception import calls, passages, visits
from accueil.reception.calls import Host
from accueil.reception.queue import latest_open
from accueil.reception.visits import Arrival, Visit
from accueil.store.codes import new_code
from accueil.store.db import Db
from benchmarks.server import MONDAY, SITE, state

VISITS, WAITING = 300, 40
AFTERNOON = MONDAY.replace(hour=15, minute=30)
# Who receives, for which service, in which room: each meeting of the day ended before the next.
HOSTS = (
    ("accueil", "ecs-accueil-partage", "bearn-accueil"),
    ("mission-locale", "ecs-mission-locale", "bearn-bureau-1"),
    ("eds", "ecs-eds-as-accueil", "bearn-bureau-2"),
    ("parquet", "ecs-parquet-sans-rdv", "bearn-bureau-3"),
)
# Everybody but the Parquet, where the kiosk of the measures sends people.
ELSEWHERE = [service for _, service, _ in HOSTS[:-1]]
EVERY, MEETING, WAIT = timedelta(minutes=5), timedelta(minutes=4), timedelta(minutes=11)


def live(folder: Path) -> list[str]:
    """Write the day into the house; the codes of those who wait, the first to come first."""
    with state(folder) as db, db.transaction():
        ids = {each.login: each.id for each in accounts.accounts(db)}
        hosts = [(service, Host(ids[login], room)) for login, service, room in HOSTS]
        for number in range(VISITS - WAITING):
            service, host = hosts[number % len(hosts)]
            at = MONDAY - WAIT + EVERY * (number // len(hosts))
            _meet(db, service, host, at, absent=number % 26 == 7)
        codes = [new_code() for _ in range(WAITING)]
        for number, code in enumerate(codes):
            service, host = hosts[number % len(hosts)]
            _wait(db, service, host, code, number)
    return codes


def crowd(folder: Path, number: int, services: Sequence[str]) -> list[str]:
    """The codes of so many people who wait for these services at MONDAY."""
    codes = [new_code() for _ in range(number)]
    with state(folder) as db, db.transaction():
        for position, code in enumerate(codes):
            _come(db, services[position % len(services)], code, MONDAY)
    return codes


def _come(db: Db, service: str, code: str, at: datetime) -> Visit:
    arrival = Arrival(SITE, code, "desk", "fr", "droit", service)
    return visits.check_in(db, arrival, "kiosk", at)


def _meet(db: Db, service: str, host: Host, at: datetime, *, absent: bool) -> None:
    """Somebody came, was called, and was received; or did not answer, and is not closed."""
    turn = latest_open(db, _come(db, service, new_code(), at).id)
    assert turn
    calls.call(db, turn.id, host, at + WAIT)
    if absent:
        calls.did_not_come(db, turn.id, host.account_id, at + WAIT + timedelta(minutes=2))
    else:
        calls.receive(db, turn.id, host.account_id, at + WAIT + timedelta(minutes=1))
        calls.finish(db, turn.id, host.account_id, at + WAIT + MEETING)


def _wait(db: Db, service: str, host: Host, code: str, number: int) -> None:
    """Somebody who waits: the first of each line is in the room, some are held, some go first."""
    at = AFTERNOON - timedelta(minutes=WAITING - number // 2)
    visit = _come(db, service, code, at)
    turn = latest_open(db, visit.id)
    assert turn
    if number < len(HOSTS):
        calls.call(db, turn.id, host, AFTERNOON - timedelta(minutes=3))
        calls.receive(db, turn.id, host.account_id, AFTERNOON - timedelta(minutes=2))
    elif number % 9 == 0:
        passages.park(db, turn.id, "paper", None, host.account_id, at + timedelta(minutes=1))
    elif number % 7 == 0:
        passages.give_precedence(db, visit.id, True, host.account_id, at)
    elif number % 11 == 0:
        passages.then(db, turn.id, HOSTS[0][1], host.account_id, at + timedelta(minutes=1))
