"""Somebody comes to the desk: three touches, a number, and a place in a queue."""

import pytest

from accueil.reception import queue, visits
from accueil.reception.visits import Visit
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import BEARN, DESK, MONDAY, PARQUET
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock
from tests.web.page import Page

REGISTER = "/accueil/visites"
DAY = "2026-11-23"


def need(agent: Browser, need_id: str = "droit") -> Page:
    """The first two touches: a newcomer, and what they come for."""
    day = agent.get("/accueil").page
    newcomer = agent.get(day.one("a", href="/accueil/nouveau")["href"]).page
    return agent.get(newcomer.one("a", href=f"/accueil/nouveau/{need_id}")["href"]).page


def only(db: Db) -> Visit:
    [row] = db.all("SELECT id FROM visit")
    return visits.visit(db, row["id"])


def panel(answer: Answer) -> str:
    return answer.page.one("aside", class_="panel").text


def test_three_touches_give_a_number(db: Db, agent: Browser) -> None:
    ticket = agent.press(need(agent), REGISTER, service=PARQUET)
    assert ticket.status == 200
    assert ticket.page.one("p", class_="big").text == "1"
    assert agent.get(ticket.page.one("img", class_="square")["src"]).status == 200
    visit = only(db)
    assert (visit.channel, visit.need, visit.alias) == ("desk", "droit", None)
    assert [turn.service_id for turn in queue.open_entries(db, visit.id)] == [PARQUET]


def test_the_square_of_the_desk_opens_a_phone_s_page(agent: Browser, visitor: Browser) -> None:
    ticket = agent.press(need(agent), REGISTER, service=DESK).page
    code = ticket.one("img", class_="square")["src"].split("/")[2]
    assert visitor.get(f"/v/{code}").page.one("p", class_="number").text == "1"


def test_a_double_tap_registers_one_person(db: Db, agent: Browser) -> None:
    page = need(agent)
    first = agent.press(page, REGISTER, service=PARQUET)
    second = agent.press(page, REGISTER, service=PARQUET)
    assert panel(first) == panel(second)
    assert only(db).number == 1


def test_a_name_and_a_language_may_be_added(db: Db, agent: Browser) -> None:
    fill = {"alias": " M.  Diallo ", "visitor_language": "ar"}
    agent.press(need(agent), REGISTER, fill=fill, service=PARQUET)
    assert (only(db).alias, only(db).language) == ("M. Diallo", "ar")
    assert "M. Diallo" in agent.get("/accueil/jour").page.text


@pytest.mark.parametrize("alias", ["\0Ma\u202erie\u2066", "Ma\u200brie", "\tMa\N{SOFT HYPHEN}rie"])
def test_a_name_cannot_disturb_the_screen(alias: str, db: Db, agent: Browser) -> None:
    agent.press(need(agent), REGISTER, fill={"alias": alias}, service=PARQUET)
    assert only(db).alias == "Marie"


def test_a_name_is_shown_as_it_is_written(db: Db, agent: Browser) -> None:
    agent.press(need(agent), REGISTER, fill={"alias": "<b>Léa</b> & {{ 1 }}"}, service=PARQUET)
    page = agent.get("/accueil/jour").page
    assert "<b>Léa</b> & {{ 1 }}" in page.text


def test_a_name_too_long_is_said_and_nothing_typed_is_lost(db: Db, agent: Browser) -> None:
    page = need(agent)
    fill = {"alias": "é" * 41, "visitor_language": "ar"}
    refused = agent.press(page, REGISTER, fill=fill, service=PARQUET)
    assert refused.status == 422
    field = refused.page.one("input", name="alias")
    assert (field["value"], field["aria-invalid"]) == ("é" * 41, "true")
    assert refused.page.one(id=field["aria-describedby"])["role"] == "alert"
    assert refused.page.one("option", selected="")["value"] == "ar"
    code = {"name": "code"}
    assert refused.page.one("input", **code)["value"] == page.one("input", **code)["value"]
    assert db.all("SELECT id FROM visit") == []
    assert agent.press(refused.page, REGISTER, fill={"alias": "é" * 40}, service=PARQUET)
    assert (only(db).alias, only(db).language) == ("é" * 40, "ar")


@pytest.mark.parametrize(
    ("button", "outcome"),
    [({"outcome": "address"}, "address"), ({"missing": "place"}, "unmet")],
)
def test_whoever_leaves_with_an_address_or_nothing_is_counted(
    button: dict[str, str], outcome: str, db: Db, agent: Browser
) -> None:
    done = agent.press(need(agent), REGISTER, **button)
    assert (done.status, done.location) == (303, "/accueil")
    assert only(db).outcome == outcome
    assert queue.open_entries(db, only(db).id) == []


def test_whoever_asks_for_it_is_put_first_in_private(db: Db, agent: Browser) -> None:
    newcomer = agent.get("/accueil/nouveau").page
    assert agent.press(newcomer, REGISTER, private="1").status == 200
    assert (only(db).private, only(db).need) == (True, None)
    assert queue.next_waiting(db, DESK, BEARN, DAY, MONDAY)


def test_the_desk_sees_what_is_for_staff_too(agent: Browser) -> None:
    assert "Assistante sociale du personnel communal" in need(agent, "argent").text


def test_a_code_that_was_used_a_while_ago_is_not_shown_again(
    db: Db, agent: Browser, clock: Clock
) -> None:
    page = need(agent)
    agent.press(page, REGISTER, service=PARQUET)
    clock.pass_by(minutes=2, seconds=1)
    again = agent.press(page, REGISTER, service=PARQUET)
    assert again.status == 303
    assert only(db).number == 1


@pytest.mark.parametrize("value", ["inconnu", "\0", "👩🏽", "x" * 50_000, "' --"], ids=range(5))
def test_no_field_breaks_the_registration(value: str, agent: Browser) -> None:
    for name in ("need", "service", "code", "outcome", "alias", "private", "visitor_language"):
        form = {"need": "droit", "code": new_code(), "service": PARQUET, name: value}
        assert agent.post(REGISTER, form).status in (200, 422), name


@pytest.mark.parametrize("need_id", ["inconnu", "%00", "x" * 3_000])
def test_a_need_that_does_not_exist_brings_back_the_day(need_id: str, agent: Browser) -> None:
    answer = agent.get(f"/accueil/nouveau/{need_id}")
    assert answer.status == 422
    assert answer.page.one(id="day")


def test_registering_again_after_nobody_came_to_the_call(
    db: Db, agent: Browser, partner: Browser
) -> None:
    """The same screen, touched again within two minutes."""
    page = need(agent)
    agent.press(page, REGISTER, service=PARQUET)
    partner.press(partner.get("/partenaire").page, "/partenaire/appeler")
    [turn] = db.all("SELECT id FROM queue_entry")
    partner.post(f"/partenaire/passages/{turn['id']}/absent")
    assert agent.press(page, REGISTER, service=PARQUET).status < 500
