"""The second touch: a picture of what one needs."""

import pytest

from accueil.orientation.needs import NEEDS
from accueil.store.db import Db
from tests.web.browser import Browser
from tests.web.kiosk import ANSWERS, APPOINTMENT, HOME, TICKET, answers, start


def test_every_need_has_its_tile_with_a_picture_and_words(visitor: Browser) -> None:
    tiles = start(visitor).all("button", name="need")
    assert [each["value"] for each in tiles] == [need.id for need in NEEDS]
    for tile in tiles:
        assert tile.text
        assert tile.one("svg").get("aria-hidden") == "true"


def test_nobody_leaves_a_need_without_the_start_of_an_answer(visitor: Browser) -> None:
    for need in NEEDS:
        page = answers(visitor, need.id)
        assert page.form(TICKET), "a ticket for the shared desk"
        assert page.form(TICKET, private="1"), "somebody to speak to in private"


def test_touching_a_need_keeps_nothing_of_the_person(db: Db, visitor: Browser) -> None:
    before = db.all("SELECT seq FROM journal")
    for need in NEEDS:
        answers(visitor, need.id)
    assert db.all("SELECT seq FROM journal") == before
    assert db.all("SELECT id FROM visit") == []


@pytest.mark.parametrize("need", ["", "inconnu", "DROIT", "\0", "droit " * 9_000, "../droit"])
def test_a_need_without_a_tile_begins_again(need: str, visitor: Browser) -> None:
    answer = visitor.post(ANSWERS, {"need": need})
    assert answer.status == 422
    assert answer.page.one("p", role="alert").text
    assert answer.page.form(ANSWERS, need="droit")


def test_no_need_at_all_begins_again(visitor: Browser) -> None:
    assert visitor.post(ANSWERS).status == 422


@pytest.mark.parametrize("step", [ANSWERS, APPOINTMENT, TICKET])
def test_an_address_typed_or_reloaded_shows_nothing_of_anyone(step: str, visitor: Browser) -> None:
    answer = visitor.get(step)
    assert (answer.status, answer.location) == (303, HOME)


def test_going_back_asks_the_house_again(visitor: Browser) -> None:
    """Nothing stays in the browser's own memory (every page is checked for it as well)."""
    visitor.get(HOME)
    for path, data in ((ANSWERS, {"need": "sante"}), (APPOINTMENT, {})):
        assert visitor.post(path, data).headers["Cache-Control"] == "no-store"


def test_the_way_back_keeps_the_language(visitor: Browser) -> None:
    page = answers(visitor, "droit", "ar")
    back = visitor.press(page, HOME, language="ar")
    assert back.status == 200
    assert back.page.one("html")["lang"] == "ar"


def test_a_kiosk_stands_where_somebody_receives(visitor: Browser) -> None:
    """The first site with a shared desk; a house that is not there is not found."""
    assert visitor.get("/borne").page.one("div", id="screen")["data-start"] == HOME
    assert visitor.get("/borne/ailleurs").status == 404
    assert visitor.post("/borne/ailleurs/reponses", {"need": "droit"}).status == 404


def test_a_site_without_a_shared_desk_has_no_kiosk(visitor: Browser) -> None:
    assert visitor.get("/borne/mandela").status == 404
    assert visitor.post("/borne/mandela/reponses", {"need": "droit"}).status == 404
    assert visitor.post("/borne/mandela/ticket").status == 404
