"""Each language says who has read it; a house turns on those that nobody has."""

from pathlib import Path

import pytest
from flask import Flask

from accueil.house import languages
from accueil.store.db import Db
from blueprints import words
from tests.personae import MONDAY, PARQUET
from tests.web.browser import Browser
from tests.web.page import Page
from tests.web.people import arrive

PAGE = "/admin/langues"
ROOT = Path(__file__).parent.parent.parent


def pills(browser: Browser) -> set[str]:
    """The languages that the kiosk offers, on the screen that has them all."""
    page = browser.get("/borne", query_string={"languages": "1"}).page
    return {each["value"] for each in page.all("button", name="language")}


def line(page: Page, code: str) -> str:
    return page.one("li", id=code).text


def turn(admin: Browser, code: str) -> None:
    """Press the one button of a language."""
    page = admin.get(PAGE).page
    button = page.one("li", id=code).one("button")
    answer = admin.press(page, f"{PAGE}/{code}", on=button["value"])
    assert answer.location == f"{PAGE}#{code}"


@pytest.fixture
def silent(db: Db) -> None:
    """The house's text says nothing of languages."""
    db.run("DELETE FROM language_offer")


def test_the_names_are_those_of_the_languages_that_are_known() -> None:
    assert set(words.LANGUAGES) == set(languages.KNOWN)
    assert languages.SOURCE == words.SOURCE


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_each_catalogue_says_who_has_read_it(code: str) -> None:
    file = ROOT / "translations" / code / "LC_MESSAGES" / "visitor.po"
    head = file.read_text(encoding="utf-8").splitlines()[:3]
    said = [line.removeprefix("# X-Review: ") for line in head if line.startswith("# X-Review: ")]
    assert said
    assert words.review(code) == said[0].removeprefix("falc-")


def test_those_that_nobody_has_read_are_off_by_default(silent: None, visitor: Browser) -> None:
    read = {code for code in words.LANGUAGES if words.review(code) != "machine"}
    assert pills(visitor) == read
    assert "fr" in read


def test_the_demonstration_house_turns_them_on_in_its_text(visitor: Browser) -> None:
    assert pills(visitor) == set(words.LANGUAGES)


def test_an_admin_turns_a_language_off_then_on(admin: Browser, visitor: Browser) -> None:
    turn(admin, "ar")
    assert "ar" not in pills(visitor)
    assert "non proposée" in line(admin.get(PAGE).page, "ar")
    turn(admin, "ar")
    assert "ar" in pills(visitor)
    assert "non proposée" not in line(admin.get(PAGE).page, "ar")


def test_the_page_says_who_has_read_each(admin: Browser) -> None:
    page = admin.get(PAGE).page
    for code in words.LANGUAGES:
        unread = words.review(code) == "machine"
        assert ("machine" in line(page, code)) == unread, code


def test_french_cannot_be_turned_off(admin: Browser, visitor: Browser) -> None:
    assert admin.get(PAGE).page.one("li", id="fr").all("button") == []
    assert admin.post(f"{PAGE}/fr", {"on": "0"}).status == 404
    assert "fr" in pills(visitor)


@pytest.mark.parametrize("code", ["xx", "FR", "..", "%00", "☃"])
def test_what_is_no_language_is_not_found(code: str, db: Db, admin: Browser) -> None:
    assert admin.post(f"{PAGE}/{code}", {"on": "1"}).status == 404


def test_a_language_that_is_not_offered_is_answered_in_french(
    admin: Browser, visitor: Browser
) -> None:
    turn(admin, "ar")
    asked = visitor.get("/borne", query_string={"language": "ar"})
    assert (asked.status, asked.page.one("html")["lang"]) == (200, "fr")
    found = visitor.post("/borne/bearn/reponses", {"need": "droit", "language": "ar"})
    assert (found.status, found.page.one("html")["lang"]) == (200, "fr")


def test_a_browser_is_answered_in_a_language_that_is_offered(
    admin: Browser, visitor: Browser
) -> None:
    arabic = {"Accept-Language": "ar"}
    assert visitor.get("/v/inconnu", headers=arabic).page.one("html")["lang"] == "ar"
    turn(admin, "ar")
    assert visitor.get("/v/inconnu", headers=arabic).page.one("html")["lang"] == "fr"


def test_a_visit_keeps_its_language_when_it_is_offered_no_more(
    db: Db, admin: Browser, visitor: Browser
) -> None:
    code = "B" * 31
    arrive(db, code=code, language="ar", service_id=PARQUET)
    turn(admin, "ar")
    assert visitor.get(f"/v/{code}").page.one("html")["lang"] == "ar"
    asked = visitor.get(f"/v/{code}", query_string={"language": "en"})
    assert asked.page.one("html")["lang"] == "en"
    for never in ("xx", "\0", ""):
        back = visitor.get(f"/v/{code}", query_string={"language": never})
        assert back.page.one("html")["lang"] == "ar"


def test_the_desk_notes_a_language_that_is_offered(db: Db, admin: Browser, agent: Browser) -> None:
    turn(admin, "ar")
    page = agent.get("/accueil/nouveau/droit").page
    choices = [each["value"] for each in page.one("select", name="visitor_language").all("option")]
    assert "ar" not in choices
    assert "en" in choices


def test_the_board_speaks_those_that_are_offered(db: Db, admin: Browser, visitor: Browser) -> None:
    for code in words.LANGUAGES:
        if code not in ("fr", "en"):
            languages.offer(db, code, False, "an admin", MONDAY)
    quiet = visitor.get("/ecran").page.one("p", class_="quiet")
    assert {each["lang"] for each in quiet.all("span") if each.get("lang")} == {"fr", "en"}


def test_a_language_without_words_is_never_offered(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words.review.cache_clear()
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    with app.test_request_context():
        assert words.offered() == ()
    words.review.cache_clear()
