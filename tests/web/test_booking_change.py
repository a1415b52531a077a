"""An appointment as staff see it: move it, cancel it, say that the person knows."""

import pytest

from accueil.planning import booking
from accueil.store.db import Db
from tests.personae import MONDAY
from tests.web.bookings import MISSION, PHONE, SEARCH, again, book, every, free, hours
from tests.web.browser import Answer, Browser
from tests.web.conftest import Clock

ACTIONS = ("cancel", "withdraw", "told", "earlier", "no_hurry")


def address(appointment_id: str, action: str = "") -> str:
    return f"{SEARCH}/{appointment_id}" + (f"/{action}" if action else "")


def press(browser: Browser, appointment_id: str, action: str) -> Answer:
    page = browser.get(address(appointment_id)).page
    return browser.press(page, address(appointment_id, action))


def test_it_shows_who_when_where_and_their_phone(db: Db, agent: Browser) -> None:
    held = book(db, name="Moussa", phone=PHONE, language="ar")
    page = agent.get(address(held.id)).page
    assert "Moussa" in page.one("h1").text
    assert "العربية" in page.one("h1").text
    for said in ("jeudi 26 novembre", "14:00", "14:30", "Bureau 3"):
        assert said in page.one("main").text
    assert PHONE in page.one("main").text.replace("\N{NO-BREAK SPACE}", " ")


def test_it_moves_to_another_slot(db: Db, agent: Browser) -> None:
    held, slots = book(db, name="Moussa"), free(db)
    page = agent.get(address(held.id, "deplacer")).page
    assert hours(page)[0] == "14:30"
    there = address(held.id, "deplacer")
    moved = agent.press(page, there, fill={"why": "visitor"}, slot=slots[1].id)
    assert (moved.status, moved.location) == (303, address(held.id))
    assert (again(db, held).starts_at, again(db, held).tell) == (slots[1].starts_at, None)
    assert free(db)[0].starts_at == held.starts_at, "the old slot is free again"


def test_moved_by_a_double_tap_it_still_goes_back_to_its_first_slot(db: Db, agent: Browser) -> None:
    held, slot = book(db), free(db)[1]
    for _ in range(2):
        moved = agent.post(address(held.id, "deplacer"), {"slot": slot.id})
        assert moved.status == 303
    page = agent.follow(moved).page
    assert agent.press(page, page.one("form", class_="undo")["action"]).status == 303
    assert again(db, held).starts_at == held.starts_at


def test_moved_by_the_house_the_person_is_to_be_told(db: Db, agent: Browser) -> None:
    held = book(db, name="Moussa", phone=PHONE)
    agent.post(address(held.id, "deplacer"), {"slot": free(db)[0].id, "why": "house"})
    assert again(db, held).tell == "moved"
    told = press(agent, held.id, "told")
    assert told.status == 303
    assert again(db, held).tell is None


def test_a_slot_taken_meanwhile_changes_nothing(db: Db, agent: Browser) -> None:
    held, slots = book(db), free(db)
    book(db, slots[0])
    answer = agent.post(address(held.id, "deplacer"), {"slot": slots[0].id})
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert hours(answer.page)[0] == "15:00"
    assert again(db, held) == held


def test_it_never_moves_to_another_service(db: Db, agent: Browser) -> None:
    held = book(db)
    answer = agent.post(address(held.id, "deplacer"), {"slot": free(db, MISSION)[0].id})
    assert answer.status == 422
    assert again(db, held) == held


def test_cancelled_at_the_person_s_wish_nobody_has_to_be_told(db: Db, agent: Browser) -> None:
    held = book(db)
    press(agent, held.id, "cancel")
    now = again(db, held)
    assert (now.state, now.cancelled_by, now.tell) == ("cancelled", "visitor", None)
    assert free(db)[0].starts_at == held.starts_at


def test_cancelled_by_the_house_the_person_is_to_be_told(db: Db, agent: Browser) -> None:
    held = book(db)
    press(agent, held.id, "withdraw")
    now = again(db, held)
    assert (now.state, now.cancelled_by, now.tell) == ("cancelled", "house", "cancelled")


def test_who_would_come_earlier_is_noted_and_forgotten(db: Db, agent: Browser) -> None:
    held = book(db, free(db)[4])
    press(agent, held.id, "earlier")
    assert again(db, held).earlier
    press(agent, held.id, "no_hurry")
    assert not again(db, held).earlier


def test_a_change_is_undone_within_ten_seconds(db: Db, agent: Browser, clock: Clock) -> None:
    held = book(db)
    press(agent, held.id, "cancel")
    bar = agent.get(address(held.id)).page.one("form", class_="undo")
    assert agent.press(agent.get(address(held.id)).page, bar["action"]).status == 303
    assert again(db, held).state == "booked"
    press(agent, held.id, "cancel")
    clock.pass_by(seconds=11)
    assert agent.get(address(held.id)).page.all("form", class_="undo") == []


def test_a_partner_changes_their_own(db: Db, other_partner: Browser) -> None:
    held = book(db, free(db, MISSION)[0])
    press(other_partner, held.id, "withdraw")
    assert again(db, held).state == "cancelled"


@pytest.mark.parametrize("action", ["", "deplacer"])
def test_another_partner_s_looks_exactly_like_none(action: str, db: Db, partner: Browser) -> None:
    held = book(db, name="Moussa")
    theirs, nobodys = (
        partner.get(address(each, action)) for each in (held.id, held.id[:-4] + "0000")
    )
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)
    assert theirs.status == 404


@pytest.mark.parametrize("action", ["deplacer", *ACTIONS])
def test_another_partner_s_is_not_changed(action: str, db: Db, partner: Browser) -> None:
    held = book(db)
    answer = partner.post(address(held.id, action), {"slot": free(db)[0].id})
    assert answer.status == 404
    assert every(db) == [held]


@pytest.mark.parametrize("action", ["deplacer", "cancel", "withdraw", "earlier", "no_hurry"])
def test_what_has_begun_is_left_as_it_is(action: str, db: Db, agent: Browser, clock: Clock) -> None:
    held, other = book(db, free(db, MISSION)[0]), free(db, MISSION)[3]
    clock.set(held.starts_at)
    answer = agent.post(address(held.id, action), {"slot": other.id})
    assert answer.status == 409
    assert answer.page.one("p", role="alert").text
    assert again(db, held) == held


def test_what_is_cancelled_twice_is_cancelled_once(db: Db, agent: Browser) -> None:
    held = book(db)
    booking.cancel(db, held.id, "visitor", "visitor", MONDAY)
    assert agent.post(address(held.id, "withdraw")).status == 409
    assert again(db, held).cancelled_by == "visitor"
