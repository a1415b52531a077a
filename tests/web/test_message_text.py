"""What a message says: where and when, in the person's language, and nothing of why."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from accueil.house.services import organisations, services
from accueil.house.sites import every_site, rooms
from accueil.messages.sending import Leaving
from accueil.planning import booking
from accueil.planning.appointments import Appointment
from accueil.planning.changes import Decision, carry_out
from accueil.planning.plans import in_room
from accueil.store.db import Db
from blueprints import words
from blueprints.message_text import Text
from tests.messages.people import MAIL, MOBILE, ask, of, of_visit
from tests.personae import PARQUET
from tests.web.bookings import book, free
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.messages import send
from tests.web.people import arrive

NAME, PHONE = "Zébulon Kanari", "01 23 45 67 89"
Wrote = list[tuple[Leaving, Text]]


@pytest.fixture(autouse=True)
def _published(app: Flask) -> None:
    """The house has an address that phones can open."""
    publish(app, "https://maison.example.org/")


def publish(app: Flask, address: str | None) -> None:
    app.extensions["house"] = replace(app.extensions["house"], public_url=address)


def told(db: Db, where: str = MAIL, language: str = "fr") -> Appointment:
    held = book(db, name=NAME, phone=PHONE, language=language)
    ask(db, of(held), where, language)
    return held


def everything(app: Flask, db: Db, clock: Clock, where: str, language: str) -> Wrote:
    """Every message that one person may get, in the order of a week."""
    held = told(db, where, language)
    wrote = send(app, db, clock)
    for nth in (1, 2):
        booking.move(db, held.id, free(db)[nth].id, "desk", "an agent", clock(), "moved")
        wrote += send(app, db, clock)
    change = in_room([held.occurrence_id], "bearn-bureau-6", clock())
    carry_out(db, change, {}, "an agent", clock(), otherwise=Decision("tell"))
    wrote += send(app, db, clock)
    clock.set(held.starts_at - timedelta(hours=20))
    wrote += send(app, db, clock)
    booking.cancel(db, held.id, "house", "an agent", clock(), "cancelled")
    wrote += send(app, db, clock)
    visit = arrive(db, alias=NAME, service_id=PARQUET, need="sante", at=clock())
    ask(db, of_visit(visit), where, language, at=clock())
    return wrote + send(app, db, clock)


def unspeakable(db: Db) -> list[str]:
    """What a message never says, in French as the house has it."""
    names = [each.name for each in services(db)] + [each.name for each in organisations(db)]
    places = [place.name for place in every_site(db)]
    offices = {room.name for place in every_site(db) for room in rooms(db, place.id)}
    offices.remove("Accueil")  # every file for a calendar says which program made it
    return [*names, *places, *offices, "santé", NAME, "Kanari", PHONE]


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("where", [MAIL, MOBILE])
def test_no_message_says_why_in_any_language(
    where: str, language: str, db: Db, clock: Clock, app: Flask
) -> None:
    wrote = everything(app, db, clock, where, language)
    assert [leaving.message.kind for leaving, _ in wrote] == [
        *("confirmation", "moved", "moved", "moved", "reminder", "cancelled", "near")
    ]
    for _, text in wrote:
        whole = f"{text.subject}\n{text.body}\n{(text.invitation or b'').decode()}"
        for each in unspeakable(db):
            assert not re.search(rf"(?i)\b{re.escape(each)}\b", whole), (each, whole)
        assert MOBILE.replace(" ", "")[1:] not in whole
        assert MAIL not in whole
        assert "{" not in whole
        assert "<" not in whole
        assert "\n" not in text.subject


def test_a_mail_in_french(db: Db, clock: Clock, app: Flask) -> None:
    told(db)
    [(_, text)] = send(app, db, clock)
    assert text.subject == "Votre rendez-vous du 26 novembre"
    lines = text.body.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert lines[0] == "Votre rendez-vous est noté."
    for each in ("jeudi 26 novembre", "14:00", "3 rue du Béarn, 94550 Chevilly-Larue"):
        assert each in lines
    assert "01 41 80 18 95" in lines
    assert "01\N{NO-BREAK SPACE}41" in text.body, "a number neither breaks nor turns round"


def test_a_text_message_is_short_and_in_the_alphabet_of_phones(
    db: Db, clock: Clock, app: Flask
) -> None:
    told(db, MOBILE)
    [(_, text)] = send(app, db, clock)
    assert len(text.body) <= 2 * 153
    assert not set(text.body) & set("’«»\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("fr", "Votre rendez-vous du 26 novembre"),
        ("fr@falc", "Votre rendez-vous du 26 novembre"),
    ],
)
def test_the_subject_has_the_date(
    language: str, subject: str, db: Db, clock: Clock, app: Flask
) -> None:
    told(db, language=language)
    [(_, text)] = send(app, db, clock)
    assert text.subject == subject


def test_a_message_in_arabic_keeps_hours_and_address_in_their_own_direction(
    db: Db, clock: Clock, app: Flask
) -> None:
    told(db, language="ar")
    [(_, text)] = send(app, db, clock)
    assert "الخميس 26 نوفمبر" in text.body
    address = "3 rue du Béarn, 94550 Chevilly-Larue"
    assert f"\N{LEFT-TO-RIGHT ISOLATE}{address}\N{POP DIRECTIONAL ISOLATE}" in text.body
    assert "01\N{NO-BREAK SPACE}41" in text.body


def test_the_link_opens_the_person_s_own_page(
    db: Db, clock: Clock, app: Flask, visitor: Browser
) -> None:
    held = told(db)
    links = []
    for _ in range(2):
        [(_, text)] = send(app, db, clock)
        links += re.findall(r"https://maison\.example\.org/r/\w{31}", text.body)
        booking.move(db, held.id, free(db)[2].id, "desk", "an agent", clock(), "moved")
    assert len(set(links)) == 2, "a code is kept nowhere: each message has its own"
    for link in links:
        assert visitor.get(urlsplit(link).path).status == 200


def test_the_file_for_the_calendar_goes_with_what_fixes_a_date(
    db: Db, clock: Clock, app: Flask
) -> None:
    joined = {
        leaving.message.kind: text.invitation
        for leaving, text in everything(app, db, clock, MAIL, "fr")
    }
    assert {kind for kind, file in joined.items() if file} == {"confirmation", "moved"}
    file = (joined["moved"] or b"").decode()
    assert "SUMMARY:Rendez-vous\\, 3 rue du Béarn" in file
    assert "DESCRIPTION" not in file


def test_a_text_message_carries_no_file(db: Db, clock: Clock, app: Flask) -> None:
    told(db, MOBILE)
    [(_, text)] = send(app, db, clock)
    assert text.invitation is None


def test_without_an_address_of_its_own_the_house_gives_no_link(
    app: Flask, db: Db, clock: Clock
) -> None:
    publish(app, None)
    told(db)
    [(_, text)] = send(app, db, clock)
    assert "http" not in text.body
    assert "/r/" not in text.body
    assert "01\N{NO-BREAK SPACE}41" in text.body


def test_what_changed_is_said_as_it_is(db: Db, clock: Clock, app: Flask) -> None:
    bodies = [text.body.splitlines()[0] for _, text in everything(app, db, clock, MAIL, "fr")]
    assert bodies == [
        "Votre rendez-vous est noté.",
        *["La date ou l’heure a changé. Voici la nouvelle."] * 2,
        "Le bureau a changé. La date et l’heure restent les mêmes.",
        "Rappel de votre rendez-vous.",
        "La maison a dû annuler ce rendez-vous. Nous vous prions de nous excuser.",
        "C’est bientôt votre tour. Revenez dans la salle.",
    ]


def test_at_a_partner_s_own_place_the_name_of_the_place_is_not_said(
    db: Db, clock: Clock, app: Flask
) -> None:
    db.run("UPDATE site SET name = 'Planning familial', address = '' WHERE id = 'bearn'")
    told(db)
    [(_, text)] = send(app, db, clock)
    assert "Planning familial" not in text.body + (text.invitation or b"").decode()
