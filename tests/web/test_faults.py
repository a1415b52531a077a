"""When something cannot be done: a sentence, a status, a way on; and nothing half recorded."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from accueil.store.codes import new_code
from accueil.store.db import Db
from blueprints.access import allow
from tests.personae import BEARN, PARQUET
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock
from tests.web.kiosk import TICKET, answers
from tests.web.people import arrive

LANGUAGES = [("ar", "ar"), ("en-US,en;q=0.8", "en"), ("fr", "fr"), ("zz", "fr"), ("", "fr")]


@contextmanager
def disk(app: Flask, pragma: str, back: str) -> Iterator[None]:
    """The application's own connection, with the disk as this pragma makes it."""
    store = app.extensions["house"].store
    db = store.take()
    db.run(pragma)
    store.give_back(db)
    yield
    db.run(back)


def read_only(app: Flask) -> AbstractContextManager[None]:
    return disk(app, "PRAGMA query_only = ON", "PRAGMA query_only = OFF")


def unavailable(answer: Answer) -> bool:
    retry = answer.headers.get("Retry-After", "")
    return answer.status == 503 and retry.isdigit() and bool(answer.page.one("h1").text)


def test_a_disk_that_cannot_be_written_gives_no_number(app: Flask, visitor: Browser) -> None:
    found = answers(visitor, "droit")
    with read_only(app):
        refused = visitor.press(found, TICKET, service=PARQUET)
    assert unavailable(refused)
    assert refused.page.all(class_="number") == []
    again = visitor.press(found, TICKET, service=PARQUET)
    assert again.page.one("p", class_="number").text == "1"


def test_a_disk_that_fills_up_gives_numbers_to_the_last_byte_and_then_none(
    app: Flask, visitor: Browser
) -> None:
    """Every number that was given is kept."""
    store = app.extensions["house"].store
    with store.connection() as db:
        pages = db.all("PRAGMA page_count")[0]["page_count"]
    given = []
    with disk(app, f"PRAGMA max_page_count = {pages + 4}", "PRAGMA max_page_count = 4294967294"):
        for _ in range(300):
            answer = visitor.post(TICKET, {"code": new_code()})
            if answer.status != 200:
                break
            given.append(int(answer.page.one("p", class_="number").text))
    assert unavailable(answer)
    with store.connection() as db:
        kept = [row["number"] for row in db.all("SELECT number FROM visit ORDER BY number")]
        assert kept == given == list(range(1, len(given) + 1))
        assert db.all("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def test_what_can_still_be_read_is_shown(app: Flask, db: Db, visitor: Browser) -> None:
    code = new_code()
    arrive(db, code=code, service_id=PARQUET)
    with read_only(app):
        for path in ("/borne", f"/v/{code}", "/ecran", f"/live/{BEARN}/version"):
            assert visitor.get(path).status == 200


def test_the_desk_still_sees_its_day_on_a_disk_that_cannot_be_written(
    app: Flask, agent: Browser, clock: Clock
) -> None:
    """Even after a minute, when the session would have been kept awake."""
    clock.pass_by(minutes=2)
    with read_only(app):
        assert agent.get("/accueil").status == 200


def test_a_database_kept_busy_by_another_is_said_so(
    app: Flask, visitor: Browser, tmp_path: Path
) -> None:
    found = answers(visitor, "droit")
    other = sqlite3.connect(tmp_path / "accueil.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with disk(app, "PRAGMA busy_timeout = 50", "PRAGMA busy_timeout = 10000"):
        refused = visitor.press(found, TICKET)
        other.execute("ROLLBACK")
        other.close()
    assert unavailable(refused)
    assert visitor.press(found, TICKET).status == 200


def test_staff_are_told_too(app: Flask, db: Db, agent: Browser) -> None:
    visit = arrive(db)
    with read_only(app):
        assert unavailable(agent.post(f"/accueil/visites/{visit.id}/clore/left"))


def test_the_log_names_the_fault_and_nobody(
    app: Flask, visitor: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    code = new_code()
    with read_only(app), caplog.at_level(logging.DEBUG):
        visitor.post(TICKET, {"code": code, "need": "sante"})
    assert "Unwritable" in caplog.text
    assert code not in caplog.text
    assert "sante" not in caplog.text


@pytest.mark.parametrize("path", ["/nulle-part", "/accueil/nulle-part", "/v/", "/borne/a/b/c"])
def test_a_page_that_does_not_exist_says_so(path: str, visitor: Browser) -> None:
    answer = visitor.get(path)
    assert answer.status == 404
    assert answer.page.one("a")["href"] == "/"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_method_that_does_not_exist_is_refused(method: str, app: Flask) -> None:
    for path in ("/borne", "/accueil", "/", "/v/x"):
        assert getattr(app.test_client(), method)(path).status_code == 405


def test_a_form_too_long_says_so_to_staff_too(agent: Browser) -> None:
    answer = agent.post("/accueil/visites", {"alias": "x" * 100_000})
    assert answer.status == 413
    assert answer.page.one("h1").text


@pytest.mark.parametrize(("asked", "spoken"), LANGUAGES)
def test_a_visitor_is_told_in_their_own_language(
    asked: str, spoken: str, app: Flask, visitor: Browser
) -> None:
    headers = {"Accept-Language": asked}
    faults = [
        visitor.get("/nulle-part", headers=headers),
        visitor.get("/ecran/ailleurs", headers=headers),
        visitor.send(TICKET, headers=headers),
        visitor.send(TICKET, {"need": "x" * 70_000}, headers=headers),
    ]
    with read_only(app):
        faults.append(visitor.post(TICKET, {"code": new_code()}, headers=headers))
    assert [each.status for each in faults] == [404, 404, 400, 413, 503]
    assert {each.page.one("html")["lang"] for each in faults} == {spoken}


@pytest.mark.own_application
def test_a_fault_nobody_foresaw_is_one_s_own_page_and_not_one_s_fault(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @allow("anyone")
    def broken(code: str) -> str:
        raise RuntimeError("a secret of the house")

    app.add_url_rule("/panne/<code>", "broken", broken)
    code = new_code()
    answer = Browser(app).get(f"/panne/{code}")
    assert answer.status == 500
    assert answer.page.one("h1").text
    assert "secret" not in answer.page.html
    assert "a secret of the house" in caplog.text
    assert code not in caplog.text


def test_after_a_fault_the_connection_serves_again(app: Flask, db: Db, visitor: Browser) -> None:
    with read_only(app):
        for _ in range(5):
            visitor.post(TICKET, {"code": new_code()})
    assert [visitor.post(TICKET, {"code": new_code()}).status for _ in range(5)] == [200] * 5
