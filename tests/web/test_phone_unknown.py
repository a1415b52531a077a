"""A ticket that is wrong, old, or of another day: one answer, that tells a guesser nothing."""

import pytest

from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.people import arrive

PAGES = ("", "/tour", "/partir")


@pytest.mark.parametrize("path", PAGES)
def test_every_wrong_ticket_is_answered_alike(
    path: str, db: Db, visitor: Browser, clock: Clock
) -> None:
    yesterdays = new_code()
    arrive(db, code=yesterdays)
    clock.pass_by(days=1)
    answers = [
        visitor.get(f"/v/{each}{path}")
        for each in (yesterdays, new_code(), "x", "A" * 31, "B" * 31, "é" * 31)
    ]
    assert {each.status for each in answers} == {404}
    assert len({each.body for each in answers}) == 1
    assert len({str(sorted(each.headers.items())) for each in answers}) == 1


@pytest.mark.parametrize("path", ["/partir", ""])
def test_nothing_is_done_with_a_wrong_ticket(
    path: str, db: Db, visitor: Browser, clock: Clock
) -> None:
    yesterdays = new_code()
    arrive(db, code=yesterdays)
    clock.pass_by(days=1)
    before = db.all("SELECT seq FROM journal")
    for each in (yesterdays, new_code(), "x"):
        assert visitor.post(f"/v/{each}{path}").status == 404
    assert db.all("SELECT seq FROM journal") == before


@pytest.mark.parametrize(("asked", "spoken"), [("ar", "ar"), ("en-GB,en", "en"), ("zz", "fr")])
def test_it_is_said_in_the_phone_s_own_language(asked: str, spoken: str, visitor: Browser) -> None:
    page = visitor.get(f"/v/{new_code()}", headers={"Accept-Language": asked}).page
    assert page.one("html")["lang"] == spoken


def test_a_square_is_drawn_without_asking_whether_the_ticket_exists(visitor: Browser) -> None:
    assert visitor.get(f"/v/{new_code()}/qr.svg").status == 200
    assert visitor.get("/v/x/qr.svg").status == 404
