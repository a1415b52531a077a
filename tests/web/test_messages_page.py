"""The desk's page of messages: whom to phone, and why; what was sent and did not arrive."""

import pytest
from flask import Flask

from accueil.messages.contacts import withdraw
from accueil.planning import appointments, booking
from accueil.store.db import Db
from accueil.store.instants import to_text
from tests.messages.people import MAIL, ask, of, of_visit, told
from tests.personae import BEARN, PARQUET
from tests.web.bookings import PHONE, again, book
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.messages import provide, said, send
from tests.web.page import Node, Page
from tests.web.people import arrive

HERE = "/accueil/messages"


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> None:
    provide(monkeypatch, "email", "sms")


def part(page: Page, name: str) -> Node:
    return page.one("section", **{"aria-labelledby": name})


def to_phone(browser: Browser) -> list[str]:
    page = browser.get(HERE).page
    return [each.text for each in part(page, "to-phone").all("li", class_="line")]


def sent(browser: Browser) -> list[str]:
    page = browser.get(HERE).page
    return [each.text for each in part(page, "sent-today").all("li", class_="line")]


def phone(browser: Browser) -> None:
    """Press « C’est dit »."""
    page = browser.get(HERE).page
    browser.press(page, f"{HERE}/prevenu", id=page.all("button", name="id")[0]["value"])


def test_nobody_is_to_be_phoned(agent: Browser) -> None:
    assert "Personne n’est à prévenir." in said(agent.get(HERE).page)
    assert "Aucun message aujourd’hui." in said(agent.get(HERE).page)


def test_what_nobody_knows_is_phoned_with_the_hour_the_name_and_the_phone(
    app: Flask, db: Db, clock: Clock, agent: Browser
) -> None:
    told(db, MAIL, name="Moussa", phone=PHONE)
    send(app, db, clock, "unsure")
    [person] = to_phone(agent)
    for each in ("Moussa", "14:00", "Nouvelles Voies", "06 18 42 04 84", "on ne sait pas"):
        assert each in person.replace("\N{NO-BREAK SPACE}", " ")
    phone(agent)
    assert to_phone(agent) == []


def test_who_gave_no_phone_is_reached_where_they_asked_to_be_told(
    app: Flask, db: Db, clock: Clock, agent: Browser
) -> None:
    told(db)
    send(app, db, clock, "unsure")
    [person] = to_phone(agent)
    assert "sans nom" in person
    assert "06 18 42 04 84" in person.replace("\N{NO-BREAK SPACE}", " ")


def test_a_change_that_no_message_tells_is_phoned(db: Db, clock: Clock, agent: Browser) -> None:
    held = book(db, name="Moussa", phone=PHONE)
    booking.cancel(db, held.id, "house", "an agent", clock(), "cancelled")
    [person] = to_phone(agent)
    assert "Rendez-vous annulé par la maison" in person
    assert "aucun message n’a été envoyé" in person
    phone(agent)
    assert to_phone(agent) == []
    assert appointments.to_tell(db, BEARN, clock()) == []


def test_a_change_that_is_being_told_is_not_phoned(
    app: Flask, db: Db, clock: Clock, agent: Browser
) -> None:
    held = told(db, name="Moussa")
    send(app, db, clock)
    booking.cancel(db, held.id, "house", "an agent", clock(), "cancelled")
    clock.pass_by(seconds=1)
    assert len(to_phone(agent)) == 1, "nothing is in the outbox yet"
    send(app, db, clock)
    assert to_phone(agent) == []
    assert again(db, held).tell is None


def test_with_no_provider_everything_is_said_by_phone(
    app: Flask, db: Db, clock: Clock, agent: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = told(db, name="Moussa")
    send(app, db, clock)
    provide(monkeypatch)
    booking.cancel(db, held.id, "house", "an agent", clock(), "cancelled")
    page = agent.get(HERE).page
    assert "rien n’est envoyé, tout se dit par téléphone" in said(page)
    assert len(to_phone(agent)) == 1


def test_what_was_sent_and_did_not_arrive_is_phoned(
    app: Flask, db: Db, clock: Clock, agent: Browser
) -> None:
    held = told(db, name="Moussa")
    send(app, db, clock)
    booking.cancel(db, held.id, "house", "an agent", clock(), "cancelled")
    send(app, db, clock)
    assert len(sent(agent)) == 2
    page = agent.get(HERE).page
    last = part(page, "sent-today").all("form")[0]["action"]
    for _ in range(2):
        assert agent.press(page, last).status == 303
    assert len(sent(agent)) == 1
    [person] = to_phone(agent)
    assert "pas reçu" in person
    assert "Rendez-vous annulé par la maison" in person
    assert again(db, held).tell == "cancelled"
    phone(agent)
    assert (to_phone(agent), again(db, held).tell) == ([], None)


def test_who_waits_is_named_by_their_number(
    app: Flask, db: Db, clock: Clock, agent: Browser
) -> None:
    visit = arrive(db, service_id=PARQUET, alias="Moussa")
    ask(db, of_visit(visit))
    send(app, db, clock, "unsure")
    [person] = to_phone(agent)
    assert f"Numéro {visit.number}" in person
    assert "C’est bientôt son tour" in person
    phone(agent)
    assert to_phone(agent) == []


def test_once_the_hour_is_over_nobody_is_phoned(
    app: Flask, db: Db, clock: Clock, agent: Browser
) -> None:
    held = told(db)
    send(app, db, clock, "unsure")
    assert len(to_phone(agent)) == 1
    db.run("UPDATE message SET until = :now", now=to_text(clock()))
    assert held.starts_at > clock()
    assert to_phone(agent) == []


def test_only_the_desk_and_the_admin_see_it(
    partner: Browser, admin: Browser, visitor: Browser
) -> None:
    assert partner.get(HERE).status == 403
    assert visitor.get(HERE).location == "/connexion"
    assert admin.get(HERE).status == 200


@pytest.mark.parametrize("about", ["appointment", "visit", "nothing"])
def test_nobody_s_appointment_is_not_here(about: str, agent: Browser) -> None:
    assert agent.post(f"{HERE}/prevenu", {"about": about, "id": "none"}).status == 404
    assert agent.post(f"{HERE}/none/pas-recu").status == 404


def test_what_never_left_cannot_be_lost(app: Flask, db: Db, clock: Clock, agent: Browser) -> None:
    told(db)
    [(leaving, _)] = send(app, db, clock, "unsure")
    refused = agent.post(f"{HERE}/{leaving.message.id}/pas-recu")
    assert refused.status == 409
    assert len(to_phone(agent)) == 1


def test_an_address_that_was_taken_back_is_on_the_page_no_more(
    app: Flask, db: Db, clock: Clock, agent: Browser
) -> None:
    held = told(db, MAIL)
    send(app, db, clock, "unsure")
    assert MAIL in agent.get(HERE).page.html
    withdraw(db, of(held), "visitor", clock())
    assert MAIL not in agent.get(HERE).page.html
