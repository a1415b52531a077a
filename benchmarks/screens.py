"""The week of a busy house and the feed of a year, asked of the application itself."""

import re
import statistics
import time
from datetime import date, timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accueil.house import accounts
from accueil.planning import feeds, series
from accueil.planning.horizon import remake
from accueil.planning.series import Permanence
from accueil.store.db import Db
from app import create_app
from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.server import MONDAY, SITE, house, state

PERMANENCES = 40
ROUNDS = 60
AGENT = {"login": "accueil", "password": "bonjour-accueil"}
DAILY = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def measure() -> list[Figure]:
    """The feeds of the demonstration house, then the week of a busier one."""
    with house() as folder:
        with state(folder) as db:
            tokens = [_open(db, *feed) for feed in (("organisation", "eds"), ("site", SITE))]
        client = create_app(folder, clock=lambda: MONDAY).test_client()
        found = _feeds(client, *tokens)
        with state(folder) as db:
            _fill(db)
        return [_week(client), *found]


def _fill(db: Db) -> None:
    """As many permanences as PERMANENCES at SITE, the new ones every morning, without a room."""
    known = db.all("SELECT id FROM permanence WHERE site_id = :site", site=SITE)
    fresh = [f"more-{n}" for n in range(PERMANENCES - len(known))]
    with db.transaction():
        for each in fresh:
            series.store(db, _daily(each))
        remake(db, fresh, MONDAY)


def _daily(permanence_id: str) -> Permanence:
    return Permanence(
        id=permanence_id,
        service_id="ecs-mission-locale",
        site_id=SITE,
        room_id=None,
        mode="appointment",
        rrule=DAILY,
        first_day=date(2026, 1, 5),
        times=(("09:00", "12:00"),),
        slot_minutes=30,
    )


def _open(db: Db, kind: feeds.Kind, subject_id: str) -> str:
    return feeds.open_address(db, kind, subject_id, accounts.accounts(db)[0].id, MONDAY)


def _week(client: FlaskClient) -> Figure:
    _log_in(client)
    address = f"/planning?lieu={SITE}&semaine={MONDAY + timedelta(days=7):%G-W%V}"
    times = [_ms(client, address) for _ in range(ROUNDS)][10:]
    note = f"{PERMANENCES} permanences, worst {max(times):.0f} ms"
    return figures.at_most("week page", statistics.median(times), "ms", 60, note)


def _feeds(client: FlaskClient, partner: str, site: str) -> list[Figure]:
    found = []
    for name, token in (("a partner", partner), ("the whole site", site)):
        address = f"/agenda/{token}.ics"
        answer = client.get(address)
        events = answer.data.count(b"BEGIN:VEVENT")
        known = {"If-None-Match": answer.headers["ETag"]}
        built = statistics.median(_ms(client, address) for _ in range(20))
        same = statistics.median(_ms(client, address, known) for _ in range(ROUNDS))
        note = f"{events} dates"
        found.append(figures.at_most(f"feed of a year, {name}", built, "ms", 40, note))
        found.append(figures.at_most(f"the same, unchanged, {name}", same, "ms", 2, note))
    return found


def _ms(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> float:
    begin = time.perf_counter()
    answer: TestResponse = client.get(address, headers=headers)
    answer.get_data()
    elapsed = (time.perf_counter() - begin) * 1000
    assert answer.status_code == (304 if headers else 200), answer.status
    return elapsed


def _log_in(client: FlaskClient) -> None:
    page = client.get("/connexion").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    answer = client.post("/connexion", data={"csrf_token": token[1], **AGENT})
    assert answer.status_code == 303, answer.status
