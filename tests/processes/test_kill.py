"""The power is cut twenty times while people take tickets: every ticket given is kept."""

import http.client
import random
import threading
import time
from pathlib import Path

from accueil.store import journal
from accueil.store.codes import code_hash, new_code
from tests.processes.server import Server, furnish, serving

CUTS, PEOPLE = 20, 8
MOST_A_ROUND, LONGEST_S = 25, 20


def test_every_ticket_that_was_given_survives_twenty_cuts(tmp_path: Path) -> None:
    store = furnish(tmp_path)
    given: dict[str, int] = {}
    refused: list[int] = []
    for _ in range(CUTS):
        with serving(tmp_path) as server:
            load(server, given, refused)
    assert len(given) >= CUTS
    assert refused == []
    with store.connection() as db:
        kept = {row["code_hash"]: row["number"] for row in db.all("SELECT * FROM visit")}
        assert {code: kept.get(code) for code in given} == given
        assert sorted(kept.values()) == list(range(1, len(kept) + 1))
        assert db.all("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert db.all("PRAGMA foreign_key_check") == []
        assert journal.first_broken(db) is None
        turns = db.one("SELECT count(DISTINCT visit_id) AS n FROM queue_entry")
        arrivals = db.one("SELECT count(*) AS n FROM journal WHERE verb = 'arrived'")
        assert turns == arrivals == {"n": len(kept)}
    store.close()


def load(server: Server, given: dict[str, int], refused: list[int]) -> None:
    """People take tickets one after the other, until the server is killed in the middle."""

    def person() -> None:
        while True:
            code = new_code()
            try:
                status, number = server.register(code)
            except (OSError, http.client.HTTPException):
                return
            if status == 200 and number:
                given[code_hash(code)] = number
            else:
                refused.append(status)

    people = [threading.Thread(target=person) for _ in range(PEOPLE)]
    for each in people:
        each.start()
    enough, end = len(given) + random.randint(1, MOST_A_ROUND), time.monotonic() + LONGEST_S
    while len(given) < enough and time.monotonic() < end:
        time.sleep(0.001)
    server.kill()
    for each in people:
        each.join()
