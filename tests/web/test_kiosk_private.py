"""I would like to speak to somebody, in private: always there, and first."""

from accueil.reception import queue, visits
from accueil.store.db import Db
from tests.personae import BEARN, DESK, MONDAY, PARQUET
from tests.web.browser import Browser
from tests.web.kiosk import APPOINTMENT, TICKET, answers, arrival, number, start, take
from tests.web.people import arrive

DAY = "2026-11-23"


def test_it_is_on_every_screen(visitor: Browser) -> None:
    ticket = take(visitor).page
    appointment = visitor.press(arrival(visitor), APPOINTMENT).page
    for page in (start(visitor), answers(visitor, "sante"), appointment, ticket):
        assert page.form(TICKET, private="1")


def test_one_touch_is_enough_and_nothing_is_asked(db: Db, visitor: Browser) -> None:
    ticket = visitor.press(start(visitor), TICKET, private="1")
    assert ticket.status == 200
    [visit] = visits.open_visits(db, BEARN, DAY)
    assert (visit.private, visit.need) == (True, None)


def test_whoever_asks_for_it_is_received_first_by_the_desk(db: Db, visitor: Browser) -> None:
    for _ in range(3):
        arrive(db, service_id=DESK)
    page = visitor.press(start(visitor), TICKET, private="1").page
    assert number(page) == 4
    first = queue.next_waiting(db, DESK, BEARN, DAY, MONDAY)
    assert first
    assert first.number == 4


def test_after_a_ticket_the_number_is_kept_and_the_turn_too(db: Db, visitor: Browser) -> None:
    ticket = take(visitor, service=PARQUET).page
    asked = visitor.press(ticket, TICKET, private="1").page
    assert number(asked) == number(ticket)
    [visit] = visits.open_visits(db, BEARN, DAY)
    turns = queue.open_entries(db, visit.id)
    assert [(turn.service_id, turn.priority) for turn in turns] == [(PARQUET, False), (DESK, True)]


def test_asking_twice_is_asking_once(db: Db, visitor: Browser) -> None:
    ticket = take(visitor).page
    for _ in range(2):
        assert visitor.press(ticket, TICKET, private="1").status == 200
    [visit] = visits.open_visits(db, BEARN, DAY)
    assert len(queue.open_entries(db, visit.id)) == 1


def test_the_ticket_does_not_say_it_on_paper_to_everybody(visitor: Browser) -> None:
    """The number itself looks like any other."""
    page = visitor.press(start(visitor), TICKET, private="1").page
    assert page.one(class_="ticket").text.startswith("1 ")
    assert page.all("button", name="private") == []
