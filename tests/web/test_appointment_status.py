"""The visitor's own page: when, where, with whom, what has changed; looking changes nothing."""

import pytest

from accueil.planning import booking
from accueil.planning.changes import Decision, carry_out
from accueil.planning.plans import cancelling, in_room
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.bookings import CRAMIF, again, book, edit, every, free, hours
from tests.web.browser import Browser
from tests.web.conftest import Clock
from tests.web.page import Page


def words(page: Page) -> str:
    return page.one("main").text


def test_it_says_when_where_and_with_whom(db: Db, visitor: Browser) -> None:
    code = new_code()
    book(db, code=code)
    said = words(visitor.get(f"/r/{code}").page)
    for each in ("jeudi 26 novembre", "14:00", "Nouvelles Voies", "3 rue du Béarn", "Bureau 3"):
        assert each in said


def test_the_address_is_the_same_in_capitals_as_the_square_has_it(db: Db, visitor: Browser) -> None:
    code = new_code()
    book(db, code=code)
    assert visitor.get(f"/R/{code}").status == visitor.get(f"/r/{code.lower()}").status == 200


@pytest.mark.parametrize(("code", "day"), [("fr", "jeudi 26 novembre"), ("ar", "الخميس 26 نوفمبر")])
def test_it_speaks_the_person_s_language(code: str, day: str, db: Db, visitor: Browser) -> None:
    mine = new_code()
    book(db, code=mine, language=code)
    page = visitor.get(f"/r/{mine}").page
    assert page.one("html")["lang"] == code
    assert day in words(page)


def test_another_language_is_kept_from_page_to_page(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    page = visitor.get(f"/r/{code}?language=en").page
    there = visitor.press(page, f"/r/{code}/je-viens")
    assert visitor.follow(there).page.one("html")["lang"] == "en"
    for name in ("dates", "annuler"):
        [link] = [each for each in page.all("a") if f"/{name}" in each["href"]]
        assert visitor.get(link["href"]).page.one("html")["lang"] == "en"
    assert again(db, held).language == "fr"


def test_it_names_nobody(db: Db, visitor: Browser) -> None:
    code = new_code()
    book(db, code=code, name="Moussa", phone="06 18 42 04 84")
    html = visitor.get(f"/r/{code}").page.html
    assert "Moussa" not in html
    assert "42" not in words(visitor.get(f"/r/{code}").page)


def test_i_come(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    visitor.press(visitor.get(f"/r/{code}").page, f"/r/{code}/je-viens")
    assert again(db, held).confirmed
    assert "Vous avez dit que vous venez" in words(visitor.get(f"/r/{code}").page)


def test_what_has_changed_is_said_until_the_person_has_understood(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    booking.move(db, held.id, free(db)[1].id, "desk", "an agent", MONDAY, "moved")
    for _ in range(2):
        assert "a changé" in visitor.get(f"/r/{code}").page.one("p", role="status").text
        assert again(db, held).tell == "moved", "looking changes nothing"
    page = visitor.get(f"/r/{code}").page
    assert "15:00" in words(page)
    visitor.press(page, f"/r/{code}/je-viens")
    assert (again(db, held).tell, again(db, held).confirmed) == (None, True)
    assert visitor.get(f"/r/{code}").page.all("p", role="status") == []


def test_another_room_is_said(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    change = in_room([held.occurrence_id], "bearn-bureau-6", MONDAY)
    carry_out(db, change, {}, "an account", MONDAY, otherwise=Decision("tell"))
    page = visitor.get(f"/r/{code}").page
    assert "Le bureau a changé" in page.one("p", role="status").text
    assert "Bureau 6" in words(page)


def test_cancelled_by_the_house_it_apologises_and_proposes_other_dates(
    db: Db, visitor: Browser
) -> None:
    code = new_code()
    held = book(db, code=code, name="Moussa", phone="06 18 42 04 84")
    decisions = {held.id: Decision("tell")}
    carry_out(db, cancelling([held.occurrence_id], MONDAY), decisions, "an account", MONDAY)
    page = visitor.get(f"/r/{code}").page
    assert "excuser" in page.one("p", role="status").text
    assert hours(page)[0] == "14:00"
    chosen = page.all("button", name="slot")[1]["value"]
    booked = [visitor.press(page, f"/r/{code}/reprendre", slot=chosen) for _ in range(2)]
    assert booked[0].location == booked[1].location, "a double tap is one appointment"
    assert code not in (booked[0].location or "")
    old, new = every(db)
    assert (old.state, old.tell) == ("cancelled", None)
    assert (new.name, new.phone, new.channel) == ("Moussa", "06 18 42 04 84", "visitor")
    assert "3 décembre" in words(visitor.follow(booked[0]).page)


def test_a_cancelled_one_is_understood(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    booking.cancel(db, held.id, "house", "an agent", MONDAY, "cancelled")
    visitor.press(visitor.get(f"/r/{code}").page, f"/r/{code}/je-viens")
    assert (again(db, held).tell, again(db, held).state) == (None, "cancelled")


def test_one_that_stands_is_not_booked_a_second_time(db: Db, visitor: Browser) -> None:
    code = new_code()
    held = book(db, code=code)
    form = {"slot": free(db)[0].id, "next_code": new_code()}
    assert visitor.post(f"/r/{code}/reprendre", form).location == f"/r/{code}?language=fr"
    assert every(db) == [held]


def test_who_books_by_phone_is_called_to_change_the_date(db: Db, visitor: Browser) -> None:
    code = new_code()
    book(db, free(db, CRAMIF)[0], code=code)
    page = visitor.get(f"/r/{code}").page
    assert "01 56 20 15 85" in words(page).replace("\N{NO-BREAK SPACE}", " ")
    assert [each for each in page.all("a") if "/dates" in each["href"]] == []


def test_once_it_has_begun_nothing_can_be_pressed(db: Db, visitor: Browser, clock: Clock) -> None:
    code = new_code()
    held = book(db, code=code)
    clock.set(held.starts_at)
    page = visitor.get(f"/r/{code}").page
    sent = {form["action"] for form in page.forms if form["method"] == "post"}
    # Somebody to speak to, always; and whoever is late can still say that they are there.
    assert sent == {f"/r/{code}", f"/r/{code}/arrivee"}
    for name in ("dates", "annuler"):
        assert visitor.get(f"/r/{code}/{name}").location == f"/r/{code}?language=fr"
    for name in ("annuler", "je-viens", "plus-tot"):
        assert visitor.post(f"/r/{code}/{name}", {"wanted": "1"}).status == 303
    assert visitor.post(f"/r/{code}/dates", {"slot": free(db)[2].id}).status in (303, 409)
    assert every(db) == [held]


def test_the_least_notice_binds_the_visitor(db: Db, visitor: Browser) -> None:
    code = new_code()
    book(db, free(db)[5], code=code)
    edit(db, "nouvelles-voies-bearn", notice_minutes=4 * 24 * 60)
    page = visitor.get(f"/r/{code}/dates").page
    assert "3 décembre" in page.all("button", name="slot")[0].text
