"""What the kiosk reads aloud: what a screen says to everybody, and nothing else."""

from urllib.parse import quote

import pytest
from flask import Flask

from accueil.reception import voice
from blueprints.prompts import keys, sentence
from blueprints.words import LANGUAGES, tag
from tests.web.browser import Browser
from tests.web.kiosk import HOME, TICKET, answers, asked, need, number, start
from tests.web.page import Page

SAID = "/borne/dire"


def heard(page: Page) -> str | None:
    """The address of what a screen reads aloud, if it does."""
    found = page.all("button", class_="listen")
    assert len(found) <= 1
    return found[0]["data-say"] if found else None


def lines(app: Flask, key: str, language: str = "fr") -> list[str]:
    """What is said for a key."""
    with app.test_request_context():
        return sentence(key, language).splitlines()


def test_a_screen_reads_its_own_question(app: Flask, visitor: Browser) -> None:
    page = start(visitor)
    assert heard(page) == f"{SAID}/fr/start.wav"
    written = page.one("h1").text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert lines(app, "start")[0] == written
    sound = visitor.get(f"{SAID}/fr/start.wav")
    assert sound.body[:4] == b"RIFF"
    assert sound.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_voice_or_no_button(language: str, visitor: Browser) -> None:
    spoken = tag(language) in voice.languages()
    assert spoken == (language != "ps")
    assert (heard(start(visitor, language)) is not None) == spoken
    said = visitor.get(f"{SAID}/{language}/slots.wav")
    assert said.status == (200 if spoken else 404)


def test_each_question_is_read_with_what_becomes_of_its_answer(
    app: Flask, visitor: Browser
) -> None:
    page = need(visitor, "logement", "en")
    assert heard(page) == f"{SAID}/en/question-{asked(page)}.wav"
    said = lines(app, f"question-{asked(page)}", "en")
    assert said == [page.one("h1").text, page.all("p", class_="lead")[1].text]


def test_neither_a_number_nor_a_need_is_ever_said(app: Flask, visitor: Browser) -> None:
    found = answers(visitor, "droit")
    ticket = visitor.press(found, TICKET).page
    assert heard(found) == f"{SAID}/fr/answers.wav"
    assert heard(ticket) == f"{SAID}/fr/ticket.wav"
    assert number(ticket)
    said = {key: " ".join(lines(app, key)) for key in keys()}
    assert [text for text in said.values() if any(letter.isdigit() for letter in text)] == []


def test_who_asked_in_private_is_not_told_of_aloud(visitor: Browser) -> None:
    ticket = visitor.press(start(visitor), TICKET, private="1").page
    assert heard(ticket) == f"{SAID}/fr/number.wav"
    assert heard(visitor.press(ticket, f"{HOME}/numeros").page) is None


@pytest.mark.parametrize(
    ("language", "key"),
    [
        ("fr", "bonjour"),
        ("fr", "question-situation"),
        ("xx", "start"),
        ("fr", "start\n"),
        ("fr", ".."),
    ],
)
def test_nothing_else_can_be_said(language: str, key: str, visitor: Browser) -> None:
    assert visitor.get(f"{SAID}/{quote(language)}/{quote(key, safe='')}.wav").status == 404
