"""A canary's journey: its name is in its visit and on the staff's screens, and nowhere else."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from accueil.reception import overnight
from accueil.store.codes import code_hash
from accueil.store.db import Db
from tests.personae import DESK, MISSION_LOCALE, PARQUET
from tests.web.browser import Browser
from tests.web.conftest import Clock

ALIAS = "Zébulon Kanari"
NEED = "sante"


@dataclass
class Journey:
    """What was left behind by somebody's day: their code, and everything the browsers saw."""

    code: str
    browsers: list[Browser]
    log: str
    public: list[str]


@pytest.fixture
def journey(
    agent: Browser,
    partner: Browser,
    other_partner: Browser,
    visitor: Browser,
    caplog: pytest.LogCaptureFixture,
) -> Journey:
    """Registered with a name, called, received, handed on, called again, and gone."""
    caplog.set_level(logging.DEBUG)
    page = agent.get(f"/accueil/nouveau/{NEED}").page
    fill = {"alias": ALIAS, "visitor_language": "en"}
    ticket = agent.press(page, "/accueil/visites", fill=fill, service=DESK)
    code = ticket.page.one("img", class_="square")["src"].split("/")[2]
    visit = agent.get("/accueil").page.one("a", class_="presence")["href"]
    agent.press(agent.get(visit).page, f"{visit}/file", service=PARQUET)
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    act(partner, "receive")
    agent.post(f"{visit}/file", {"service": MISSION_LOCALE})
    act(partner, "finish")
    visitor.post(f"/v/{code}", {"ask": "desk"})
    other_partner.press(other_partner.get("/partenaire").page, "/partenaire/appeler")
    public = [visitor.get(path).page.html for path in public_pages(code)]
    public.append(visitor.get(f"/v/{code}/qr.svg").response.text)
    visitor.post(f"/v/{code}/partir")
    return Journey(code, [agent, partner, other_partner, visitor], caplog.text, public)


def public_pages(code: str) -> list[str]:
    return ["/ecran", "/borne", f"/v/{code}", f"/v/{code}/tour", f"/v/{code}/partir"]


def act(partner: Browser, action: str) -> None:
    page = partner.get("/partenaire").page
    [form] = [each for each in page.forms if each["action"].endswith(f"/{action}")]
    partner.press(page, form["action"])


def rows(db: Db, table: str) -> str:
    return json.dumps(db.all(f"SELECT * FROM {table}"), ensure_ascii=False)


def test_the_name_is_in_the_visit_and_in_no_other_table(db: Db, journey: Journey) -> None:
    tables = [row["name"] for row in db.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert [table for table in tables if ALIAS in rows(db, table)] == ["visit"]
    assert rows(db, "visit").count(ALIAS) == 1


def test_the_journal_tells_the_journey_without_the_person(db: Db, journey: Journey) -> None:
    journal = rows(db, "journal")
    verbs = {row["verb"] for row in db.all("SELECT verb FROM journal")}
    assert {"arrived", "called", "receiving", "finished", "closed left"} <= verbs
    assert "Zébulon" not in journal
    assert journey.code not in journal


def test_the_name_and_the_need_are_in_no_log(journey: Journey) -> None:
    assert "Zébulon" not in journey.log
    assert journey.code.lower() not in journey.log.lower()


def test_the_name_is_in_no_address_that_was_asked_or_given(journey: Journey) -> None:
    been = "\n".join(each for browser in journey.browsers for each in browser.been)
    assert "bulon" not in been
    assert "Kanari" not in been


def test_a_phone_s_address_says_nothing_but_the_code_and_the_language(journey: Journey) -> None:
    visitor = journey.browsers[-1]
    phone = {each.split("?")[0] for each in visitor.been if each.lower().startswith("/v/")}
    ends = {each.removeprefix("/v/").removeprefix("/V/") for each in phone}
    paths = {"", "/tour", "/partir", "/qr.svg"}
    assert ends <= {journey.code + path for path in paths}
    asked = {each.split("?")[1].split("=")[0] for each in visitor.been if "?" in each}
    assert asked <= {"language"}


def test_no_cookie_holds_the_person(app: Flask, journey: Journey) -> None:
    """The visitor's own browser keeps only the token of its forms."""
    for browser in journey.browsers:
        with browser.client.session_transaction() as session:
            kept = json.dumps(dict(session), ensure_ascii=False)
        assert "Zébulon" not in kept
        assert journey.code not in kept.upper()
    with journey.browsers[-1].client.session_transaction() as session:
        assert set(session) <= {"csrf_token"}


def test_no_public_page_shows_the_name_nor_the_need(journey: Journey) -> None:
    for html in journey.public:
        assert "Zébulon" not in html
    phone = "".join(journey.public[2:])
    assert "Santé" not in phone
    assert "Parquet" not in phone


def test_staff_do_see_the_name(agent: Browser, journey: Journey) -> None:
    visit = next(each for each in agent.been if each.startswith("/accueil/visites/"))
    assert ALIAS in agent.get(visit.removesuffix("/file")).page.text


def test_the_code_is_nowhere_in_the_database_s_files_only_its_hash(
    db: Db, journey: Journey, tmp_path: Path
) -> None:
    files = [each for each in tmp_path.iterdir() if each.name.startswith("accueil.db")]
    kept = b"".join(each.read_bytes() for each in files)
    assert kept
    assert journey.code.encode() not in kept
    assert journey.code.lower().encode() not in kept
    assert code_hash(journey.code).encode() in kept


def test_the_next_day_the_name_is_in_no_file_any_more(
    db: Db, journey: Journey, clock: Clock, tmp_path: Path
) -> None:
    clock.pass_by(days=1)
    assert overnight.forget_aliases(db, clock()) == 1
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert b"bulon Kanari" not in kept
