"""Where a person agrees to be told, noted by whoever books for them."""

import pytest

from accueil.messages.contacts import contact_of
from accueil.store.db import Db
from tests.messages.people import of
from tests.web.bookings import PHONE, SEARCH, every, form, free
from tests.web.browser import Answer, Browser
from tests.web.messages import provide

TICK = {"consent": "1"}


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> None:
    provide(monkeypatch, "email", "sms")


def book(browser: Browser, db: Db, **fields: str) -> Answer:
    """The small form of the next slot, as a browser sends it: an empty box is not sent."""
    slot = free(db)[0]
    page = form(browser, slot)
    code = page.one("input", name="code")["value"]
    return browser.post(SEARCH, {"slot": slot.id, "code": code, "length": "1", **fields})


def kept(db: Db) -> list[tuple[str, str, str]]:
    found = [contact_of(db, of(held)) for held in every(db)]
    return [(each.kind, each.address, each.language) for each in found if each]


def test_it_is_noted_with_the_booking(db: Db, agent: Browser) -> None:
    done = book(agent, db, reach="moussa@example.org", visitor_language="ar", **TICK)
    assert done.status == 200
    assert kept(db) == [("email", "moussa@example.org", "ar")]


def test_the_tick_alone_is_a_text_message_to_the_phone_that_was_noted(
    db: Db, agent: Browser
) -> None:
    book(agent, db, phone=PHONE, **TICK)
    assert kept(db) == [("sms", "+33618420484", "fr")]
    assert every(db)[0].phone == PHONE


def test_a_phone_without_the_tick_is_no_consent(db: Db, agent: Browser) -> None:
    assert book(agent, db, phone=PHONE).status == 200
    assert (len(every(db)), kept(db)) == (1, [])


def test_an_address_without_the_tick_books_nothing_and_is_asked_for(db: Db, agent: Browser) -> None:
    refused = book(agent, db, name="Moussa", reach="moussa@example.org")
    assert refused.status == 422
    assert "Sans accord" in refused.page.one("p", role="alert").text
    assert refused.page.one("input", name="reach")["value"] == "moussa@example.org"
    assert refused.page.one("input", name="name")["value"] == "Moussa"
    assert every(db) == []


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        ("01 41 80 16 20", "ne reçoit pas de SMS"),
        ("06 18", "ne reçoit pas de SMS"),
        ("moussa@example", "n’est pas entière"),
        ("", "Où envoyer"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_booked(
    reach: str, words: str, db: Db, agent: Browser
) -> None:
    refused = book(agent, db, reach=reach, **TICK)
    assert refused.status == 422
    assert words in refused.page.one("p", role="alert").text
    assert refused.page.one("input", name="consent").get("checked") is not None
    assert every(db) == []


def test_a_landline_noted_as_their_phone_gets_no_text_message(db: Db, agent: Browser) -> None:
    assert book(agent, db, phone="01 41 80 16 20", **TICK).status == 422
    assert every(db) == []


def test_a_way_that_the_house_has_not_is_said(
    db: Db, agent: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    provide(monkeypatch, "sms")
    refused = book(agent, db, reach="moussa@example.org", **TICK)
    assert "des SMS, mais pas d’e-mails" in refused.page.one("p", role="alert").text


def test_with_no_provider_the_form_does_not_speak_of_messages(
    db: Db, agent: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    provide(monkeypatch)
    assert form(agent, free(db)[0]).all("input", name="consent") == []
    assert book(agent, db, reach="moussa@example.org", **TICK).status == 200
    assert (len(every(db)), kept(db)) == (1, [])


def test_the_same_form_sent_twice_is_one_appointment_and_one_consent(
    db: Db, agent: Browser
) -> None:
    slot = free(db)[0]
    code = form(agent, slot).one("input", name="code")["value"]
    sent = {"slot": slot.id, "code": code, "reach": "moussa@example.org", **TICK}
    for _ in range(2):
        agent.post(SEARCH, sent)
    assert (len(every(db)), len(db.all("SELECT * FROM contact"))) == (1, 1)


def test_a_slot_that_was_just_taken_keeps_what_was_written(
    db: Db, agent: Browser, partner: Browser
) -> None:
    slot = free(db)[0]
    code = form(agent, slot).one("input", name="code")["value"]
    book(partner, db)
    sent = {"slot": slot.id, "code": code, "reach": "moussa@example.org", **TICK}
    taken = agent.post(SEARCH, sent)
    assert taken.status == 409
    assert taken.page.one("input", name="reach")["value"] == "moussa@example.org"
    assert kept(db) == []


def test_a_partner_notes_it_too(db: Db, partner: Browser) -> None:
    book(partner, db, reach="06 18 42 04 84", **TICK)
    assert kept(db) == [("sms", "+33618420484", "fr")]
