"""What a kiosk holds for when its house does not answer: one page, which is nobody's."""

from blueprints.words import LANGUAGES, direction, tag
from tests.web.browser import Browser

PAGE, SCRIPT = "/borne/absente", "/borne/veilleur.js"


def test_it_says_where_to_go_in_every_language_of_the_house(visitor: Browser) -> None:
    page = visitor.get(PAGE).page
    first = page.one("h1")
    others = page.one("ul").all("li")
    said = [(first["lang"], first["dir"]), *((each["lang"], each["dir"]) for each in others)]
    codes = dict.fromkeys(map(tag, LANGUAGES))
    assert said == [(code, direction(code)) for code in codes]
    assert len({each.text for each in others}) == len(others)


def test_it_asks_for_nothing_and_holds_nobody_s_token(visitor: Browser) -> None:
    page = visitor.get(PAGE).page
    assert page.forms == []
    assert page.all("input") == []
    assert page.all("a") == []


def test_the_script_watches_over_the_kiosk_s_addresses_only(visitor: Browser) -> None:
    answer = visitor.get(SCRIPT)
    assert answer.response.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/borne"
    assert answer.headers["Cache-Control"] == "no-store"
