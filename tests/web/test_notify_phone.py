"""« Me prévenir », on one's own phone: asked with a tick, taken back, and never pretended."""

import json
from collections.abc import Callable

import pytest

from accueil.messages.contacts import contact_of
from accueil.planning.appointments import Appointment
from accueil.reception import calls
from accueil.reception.visits import Visit
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.messages.people import ask, of, of_visit
from tests.personae import PARQUET
from tests.web.bookings import book
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.messages import form, provide, said
from tests.web.people import arrive

TICK = {"consent": "1"}


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> None:
    provide(monkeypatch, "email", "sms")


def booked(db: Db, **wish: object) -> tuple[Appointment, str]:
    code = new_code()
    return book(db, code=code, **wish), f"/r/{code}"


def waiting(db: Db, **fields: object) -> tuple[Visit, str]:
    code = new_code()
    return arrive(db, code=code, service_id=PARQUET, **fields), f"/v/{code}"


def test_who_ticks_is_told_at_the_number_they_gave(db: Db, visitor: Browser) -> None:
    held, here = booked(db)
    done = visitor.press(
        form(visitor, here), here, {"reach": "06 18 42 04 84", **TICK}, notify="yes"
    )
    page = visitor.follow(done).page
    assert "Nous vous préviendrons par SMS." in said(page)
    contact = contact_of(db, of(held))
    assert contact
    assert (contact.kind, contact.address, contact.language) == ("sms", "+33618420484", "fr")


def test_who_waits_is_told_by_mail_in_the_language_of_their_page(db: Db, visitor: Browser) -> None:
    visit, here = waiting(db, language="ar")
    page = form(visitor, here)
    assert page.one("html")["lang"] == "ar"
    done = visitor.press(page, here, {"reach": "moussa@example.org", **TICK}, notify="yes")
    assert visitor.follow(done).page.one("html")["lang"] == "ar"
    contact = contact_of(db, of_visit(visit))
    assert contact
    assert (contact.kind, contact.language) == ("email", "ar")


@pytest.mark.parametrize("made", [booked, waiting])
def test_without_the_tick_nothing_is_kept_but_what_was_typed(
    made: Callable[[Db], tuple[object, str]], db: Db, visitor: Browser
) -> None:
    _, here = made(db)
    form(visitor, here)
    refused = visitor.post(here, {"notify": "yes", "reach": "06 18 42 04 84"})
    assert refused.status == 422
    assert "cochez la case" in refused.page.one("p", role="alert").text
    assert refused.page.one("input", name="reach")["value"] == "06 18 42 04 84"
    assert db.all("SELECT * FROM contact") == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("01 41 80 16 20", "Un fixe ne reçoit pas de SMS"),
        ("06 18", "Écrivez un portable"),
        ("moussa@example", "Écrivez l’adresse entière"),
        ("", "Écrivez un portable"),
    ],
)
def test_what_cannot_be_is_said_and_kept(typed: str, words: str, db: Db, visitor: Browser) -> None:
    _, here = booked(db)
    form(visitor, here)
    refused = visitor.post(here, {"notify": "yes", "reach": typed, **TICK})
    assert refused.status == 422
    assert words in refused.page.one("p", role="alert").text
    field = refused.page.one("input", name="reach")
    assert (field["value"], field["aria-invalid"]) == (typed, "true")
    assert refused.page.one("input", name="consent").get("checked") is not None


def test_a_way_that_the_house_has_not_is_refused(
    db: Db, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    provide(monkeypatch, "sms")
    _, here = booked(db)
    page = form(visitor, here)
    assert page.one("label", **{"for": "reach"}).text == "Votre portable"
    refused = visitor.post(here, {"notify": "yes", "reach": "moussa@example.org", **TICK})
    assert (refused.status, db.all("SELECT * FROM contact")) == (422, [])


def test_taken_back_with_one_touch(db: Db, visitor: Browser) -> None:
    held, here = booked(db)
    ask(db, of(held))
    done = visitor.press(visitor.get(here).page, here, notify="stop")
    assert "Me prévenir" in said(visitor.follow(done).page)
    assert contact_of(db, of(held)) is None


def test_on_the_ticket_of_an_appointment_it_is_taken_back_too(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    held, _ = booked(db)
    ask(db, of(held))
    visit, ticket = waiting(db)
    db.run(
        "UPDATE queue_entry SET appointment_id = :held WHERE visit_id = :visit",
        held=held.id,
        visit=visit.id,
    )
    page = visitor.get(ticket).page
    assert "Nous vous préviendrons par SMS." in said(page)
    visitor.press(page, ticket, notify="stop")
    assert contact_of(db, of(held)) is None


def test_where_it_is_told_is_shown_to_nobody(db: Db, visitor: Browser) -> None:
    held, here = booked(db)
    ask(db, of(held))
    assert "618420484" not in visitor.get(here).page.html
    assert "18 42" not in visitor.get(here).page.html


@pytest.mark.parametrize(
    ("phone", "words"),
    [("06 18 42 04 84", "nous vous appelons"), (None, "se lit sur cette page")],
)
def test_with_no_provider_nothing_is_promised(
    phone: str | None,
    words: str,
    db: Db,
    visitor: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provide(monkeypatch)
    _, here = booked(db, phone=phone)
    page = visitor.get(here).page
    assert "Aucun message n’est envoyé." in said(page)
    assert words in said(page)
    assert page.all("button", name="show", value="notify") == []
    for sent in ({"show": "notify"}, {"notify": "yes", "reach": "06 18 42 04 84", **TICK}):
        assert visitor.post(here, sent).status == 303
    assert db.all("SELECT * FROM contact") == []


def test_a_provider_that_is_gone_is_said_to_who_counted_on_it(
    db: Db, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, here = booked(db)
    ask(db, of(held))
    provide(monkeypatch, "email")
    page = visitor.get(here).page
    assert "Aucun message n’est envoyé." in said(page)
    assert "préviendrons" not in said(page)


def test_once_it_has_begun_there_is_nothing_to_be_told(
    db: Db, visitor: Browser, clock: Clock
) -> None:
    held, here = booked(db)
    clock.set(held.starts_at)
    assert visitor.get(here).page.all("button", name="show", value="notify") == []
    assert visitor.post(here, {"notify": "yes", "reach": "0618420484", **TICK}).status == 303
    assert db.all("SELECT * FROM contact") == []


def test_who_has_left_is_not_told(db: Db, visitor: Browser, clock: Clock) -> None:
    visit, here = waiting(db)
    calls.leave(db, visit.id, clock())
    assert visitor.get(here).page.all("button", name="show", value="notify") == []


def test_it_is_in_no_address_no_log_and_no_cookie(
    db: Db, visitor: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _, here = booked(db)
    page = form(visitor, here)
    visitor.press(page, here, {"reach": "06 18 42 04 84", **TICK}, notify="yes")
    been = " ".join(visitor.been)
    assert {each.split("?")[0] for each in visitor.been if each} == {here}
    with visitor.client.session_transaction() as session:
        kept = json.dumps(dict(session))
    for text in (been, caplog.text, kept):
        assert "18420484" not in text
        assert "18 42 04 84" not in text
