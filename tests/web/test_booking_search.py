"""Whom one can book, and when: the next free slots, or whose phone to call."""

from accueil.planning import exceptions
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.bookings import (
    CRAMIF,
    MEETING,
    MISSION,
    SEARCH,
    WRITER,
    book,
    edit,
    free,
    hours,
    meeting_of,
)
from tests.web.browser import Answer, Browser


def look(browser: Browser, service: str, **more: object) -> Answer:
    return browser.get(SEARCH, query_string={"pour": service, **more})


def test_every_service_that_is_booked_is_there_with_its_next_slot(agent: Browser) -> None:
    offers = {
        each.one("b").text: each.text for each in agent.get(SEARCH).page.all("a", class_="offer")
    }
    assert "26 novembre, 14:00" in offers["Nouvelles Voies, écrivain public"]
    assert "Assistante sociale de la Cramif" in offers
    assert "Correspondant du Parquet" not in offers, "nobody books the one without appointment"


def test_the_next_slots_are_shown_by_day(agent: Browser) -> None:
    page = look(agent, WRITER).page
    days = [each.one("h3").text for each in page.all("section", class_="slots")]
    assert days == ["jeudi 26 novembre", "jeudi 3 décembre"]
    assert hours(page)[:6] == ["14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]


def test_a_slot_that_is_booked_is_no_longer_shown_and_the_others_do_not_move(
    db: Db, agent: Browser
) -> None:
    book(db, free(db)[2])
    assert hours(look(agent, WRITER).page)[:5] == ["14:00", "14:30", "15:30", "16:00", "16:30"]


def test_later_dates_are_one_touch_away(agent: Browser) -> None:
    page = look(agent, WRITER).page
    [more] = [each for each in page.all("a") if "combien" in (each.get("href") or "")]
    assert len(hours(agent.get(more["href"]).page)) == 2 * len(hours(page))


def test_a_number_of_slots_that_is_none_is_the_usual_one(agent: Browser) -> None:
    for strange in ("", "x", "-5", "1e9", "99999999999"):
        assert 12 <= len(hours(look(agent, WRITER, combien=strange).page)) <= 240


def test_a_collective_session_says_how_many_places_are_left(db: Db, agent: Browser) -> None:
    meeting_of(db, 3)
    book(db, free(db, MEETING)[0])
    first, *_ = look(agent, MEETING).page.all(class_="slot")
    assert "encore 2 places" in first.text


def test_who_books_at_their_own_phone_is_said_and_the_desk_may_note_it(agent: Browser) -> None:
    page = look(agent, CRAMIF).page
    assert "Cramif prend ses rendez-vous au 01 56 20 15 85" in page.one("main").text
    assert hours(page)


def test_another_partner_only_has_the_phone(partner: Browser) -> None:
    page = look(partner, CRAMIF).page
    assert "01 56 20 15 85" in page.one("main").text
    assert hours(page) == []


def test_a_partner_books_their_own_at_once(other_partner: Browser) -> None:
    page = look(other_partner, MISSION).page
    assert hours(page)
    assert page.all("p", class_="notice") == []


def test_slots_kept_for_the_desk_are_free_to_the_desk_alone(
    db: Db, agent: Browser, partner: Browser
) -> None:
    edit(db, "nouvelles-voies-bearn", kept=2)
    assert hours(look(agent, WRITER).page)[:2] == ["14:00", "14:30"]
    assert hours(look(partner, WRITER).page)[0] == "15:00"


def test_the_least_notice_does_not_bind_the_desk(db: Db, agent: Browser, partner: Browser) -> None:
    edit(db, "nouvelles-voies-bearn", notice_minutes=4 * 24 * 60)
    days = [look(each, WRITER).page.all("h3")[0].text for each in (agent, partner)]
    assert days == ["jeudi 26 novembre", "jeudi 3 décembre"]


def test_a_date_that_is_cancelled_has_no_slot(db: Db, agent: Browser) -> None:
    with db.transaction():
        exceptions.cancel(db, [free(db)[0].occurrence_id], MONDAY)
    assert look(agent, WRITER).page.all("h3")[0].text == "jeudi 3 décembre"


def test_a_service_that_is_none_says_so(agent: Browser) -> None:
    for unknown in ("nobody", "\0", "é" * 200):
        answer = look(agent, unknown)
        assert answer.status == 422
        assert answer.page.one("p", role="alert").text


def test_who_is_booked_is_listed_to_the_desk(db: Db, agent: Browser) -> None:
    book(db, free(db)[2], name="Moussa")
    held = next(each for each in look(agent, WRITER).page.all("a", class_="booked-person"))
    assert held.text == "15:00 Moussa"


def test_a_partner_sees_nobody_of_another_s(db: Db, partner: Browser) -> None:
    book(db, name="Moussa")
    for address in (SEARCH, f"{SEARCH}?pour={WRITER}"):
        assert "Moussa" not in partner.get(address).page.text
