"""The first touch: one's own language, which is kept to the end."""

import pytest

from blueprints.words import LANGUAGES, RIGHT_TO_LEFT, tag
from tests.web.browser import Browser
from tests.web.kiosk import ANSWERS, HOME, TICKET, answers, every_language, start, turn_to
from tests.web.page import Page


def test_the_kiosk_starts_in_french_whatever_the_browser_says(visitor: Browser) -> None:
    page = visitor.get("/borne", headers={"Accept-Language": "ar"}).page
    assert page.one("html")["lang"] == "fr"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_offered_by_its_own_name(language: str, visitor: Browser) -> None:
    page = every_language(visitor, start(visitor, language), HOME)
    offered = {each["value"]: each for each in page.all("button", class_="tile--language")}
    assert {code: each.text for code, each in offered.items()} == LANGUAGES
    assert {code: each["lang"] for code, each in offered.items()} == {c: tag(c) for c in LANGUAGES}
    assert [c for c, each in offered.items() if each.get("aria-current")] == [language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_shows_a_few_and_names_the_others(language: str, visitor: Browser) -> None:
    page = start(visitor, language)
    few = {each["value"]: each for each in page.all("button", class_="pill", name="language")}
    assert {"fr", "en", "ar", language} <= set(few)
    assert len(few) == 4
    assert [code for code, each in few.items() if each.get("aria-current")] == [language]
    others = page.all("button", class_="pill--others")
    assert len(others) == (language == "fr")
    for each in others:
        named = [span.text for span in each.all("span") if span.get("lang")]
        assert named == [name for code, name in LANGUAGES.items() if code not in few]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_kept_from_touch_to_touch(language: str, visitor: Browser) -> None:
    page = start(visitor, language)
    assert spoken(page) == language
    found = visitor.press(page, ANSWERS, need="droit").page
    assert spoken(found) == language
    ticket = visitor.press(found, TICKET).page
    assert spoken(ticket) == language
    assert spoken(visitor.press(ticket, TICKET, private="1").page) == language


def spoken(page: Page) -> str:
    """The language of the page, which its forms carry."""
    html = page.one("html")
    assert html["dir"] == ("rtl" if html["lang"] in RIGHT_TO_LEFT else "ltr")
    carried = {each["value"] for each in page.all("input", name="language")}
    assert len(carried) == 1
    assert html["lang"] == tag(*carried)
    return carried.pop()


def test_no_two_languages_say_the_same(visitor: Browser) -> None:
    """Simple French may say a thing as French does."""
    spoken_here = {tag(code) for code in LANGUAGES}
    assert len({start(visitor, code).one("h1").text for code in spoken_here}) == len(spoken_here)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_language_can_be_changed_at_every_step_without_beginning_again(
    language: str, visitor: Browser
) -> None:
    page = answers(visitor, "droit")
    turned = turn_to(visitor, page, ANSWERS, language).page
    assert spoken(turned) == language
    assert len(turned.all("li", class_="card")) == len(page.all("li", class_="card"))


def test_who_keeps_their_language_is_back_where_they_were(visitor: Browser) -> None:
    page = answers(visitor, "droit", "ar")
    back = turn_to(visitor, page, ANSWERS, "ar").page
    assert spoken(back) == "ar"
    assert [each.text for each in back.all("h2")] == [each.text for each in page.all("h2")]


def test_changing_language_on_the_ticket_keeps_the_number(visitor: Browser) -> None:
    ticket = visitor.press(answers(visitor, "droit"), TICKET).page
    turned = turn_to(visitor, ticket, TICKET, "ar").page
    assert spoken(turned) == "ar"
    assert turned.one("p", class_="number").text == ticket.one("p", class_="number").text == "1"


@pytest.mark.parametrize("language", ["xx", "FR", "", "\0", "fr\n", "☃", "x" * 3_000])
def test_a_language_that_the_house_does_not_speak_is_said_so(
    language: str, visitor: Browser
) -> None:
    asked = visitor.get(HOME, query_string={"language": language})
    sent = visitor.post(ANSWERS, {"language": language, "need": "droit"})
    for answer in (asked, sent):
        assert answer.status == 422
        assert answer.page.one("p", role="alert").text
        assert answer.page.form(ANSWERS, need="droit")


def test_what_stays_in_french_says_so(visitor: Browser) -> None:
    """So that a voice reads it in French, and left to right."""
    page = answers(visitor, "droit", "ar")
    names = [each.one(lang="fr", dir="ltr") for each in page.all("h2") if each.within("li")]
    assert all(each.text for each in names)
    assert len(names) > 1
