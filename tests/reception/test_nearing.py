"""« Votre tour approche »: once a turn, when few are before it, and not once it is called."""

from datetime import timedelta

from accueil.house.accounts import Account
from accueil.house.sites import site
from accueil.house.text import HouseText
from accueil.messages.contacts import withdraw
from accueil.messages.outbox import Outcome
from accueil.messages.sending import Leaving, drain
from accueil.reception import calls, passages, queue
from accueil.reception.arriving import Door, arrive_for
from accueil.reception.change import undoable
from accueil.reception.nearing import NEAR, SAID_WITHIN, fill_near, still_waits
from accueil.reception.visits import Visit
from accueil.store.db import Db
from tests.messages.people import MAIL, WAYS, ask, every, kinds, of, of_visit
from tests.personae import BEARN, MISSION_LOCALE, PARQUET, after, arrive, claire_calling
from tests.web.bookings import MISSION, book, free


def line(db: Db, before: int) -> Visit:
    """Somebody who waits for the Parquet behind so many others."""
    for nth in range(before):
        arrive(db, service_id=PARQUET, at=after(nth))
    return arrive(db, service_id=PARQUET, at=after(60))


def taking(_leaving: Leaving) -> Outcome:
    return "accepted"


def test_it_is_told_when_two_are_before_and_not_when_three_are(
    db: Db, house: HouseText, claire: Account
) -> None:
    ask(db, of_visit(line(db, NEAR + 1)))
    assert fill_near(db, after(61)) == 0
    calls.call_next(db, [PARQUET], claire_calling(claire), after(62))
    assert [fill_near(db, after(63)) for _ in range(3)] == [1, 0, 0]
    assert drain(db, WAYS, lambda: after(64), taking) == 1


def test_once_called_it_is_too_late(db: Db, house: HouseText, claire: Account) -> None:
    ask(db, of_visit(line(db, 0)))
    assert fill_near(db, after(61)) == 1
    calls.call_next(db, [PARQUET], claire_calling(claire), after(62))
    fill_near(db, after(63))
    assert kinds(db, "dropped") == ["near"]
    assert drain(db, WAYS, lambda: after(64), taking) == 0


def test_what_could_not_leave_in_time_is_not_said(db: Db, house: HouseText) -> None:
    ask(db, of_visit(line(db, 0)))
    fill_near(db, after(61))
    assert drain(db, WAYS, lambda: after(61) + SAID_WITHIN, taking) == 0
    assert kinds(db, "dropped") == ["near"]


def test_who_wants_it_no_more_is_not_told(db: Db, house: HouseText) -> None:
    visit = line(db, 0)
    ask(db, of_visit(visit))
    withdraw(db, of_visit(visit), "visitor", after(61))
    assert fill_near(db, after(62)) == 0


def test_asked_in_two_places_it_is_told_once(db: Db, house: HouseText) -> None:
    visit = line(db, 0)
    ask(db, of_visit(visit))
    fill_near(db, after(61))
    withdraw(db, of_visit(visit), "visitor", after(62))
    ask(db, of_visit(visit), MAIL, at=after(63))
    assert fill_near(db, after(64)) == 0


def test_who_is_served_by_another_line_is_told_for_each(db: Db, house: HouseText) -> None:
    visit = line(db, 0)
    ask(db, of_visit(visit))
    fill_near(db, after(61))
    passages.send_to(db, visit.id, MISSION_LOCALE, "an agent", after(62))
    assert fill_near(db, after(63)) == 1
    assert {each.about for each in every(db)} == {turn.id for turn in queue.entries(db, visit.id)}


def test_what_was_just_done_to_the_visit_can_still_be_undone(
    db: Db, house: HouseText, nadia: Account
) -> None:
    visit = arrive(db, service_id=PARQUET, by=nadia.id)
    ask(db, of_visit(visit))
    fill_near(db, after(1))
    drain(db, WAYS, lambda: after(2), taking)
    assert undoable(db, nadia.id, after(3))


def test_who_was_told_for_an_appointment_is_told_when_it_nears(db: Db, house: HouseText) -> None:
    held = book(db)
    ask(db, of(held))
    there = Door(site(db, BEARN), "kiosk")
    arrived = arrive_for(db, held, there, "kiosk", held.starts_at - timedelta(minutes=5))
    assert arrived.answer == "in"
    assert fill_near(db, held.starts_at - timedelta(minutes=4)) == 0, "the hour has not come"
    assert fill_near(db, held.starts_at) == 1


def test_who_is_parked_or_called_while_it_leaves_is_told_nothing(
    db: Db, house: HouseText, claire: Account
) -> None:
    for leaves in ("parked", "called"):
        visit = arrive(db, service_id=PARQUET, at=after(60))
        ask(db, of_visit(visit))
        fill_near(db, after(61))
        turn = queue.entries(db, visit.id)[0]
        if leaves == "parked":
            passages.park(db, turn.id, "air", None, "nadia", after(62))
        else:
            calls.call(db, turn.id, claire_calling(claire), after(62))

    def is_near(entry_id: str) -> bool:
        return still_waits(db, entry_id, after(63))

    assert drain(db, WAYS, lambda: after(63), taking, is_near) == 0
    assert kinds(db, "dropped") == ["near", "near"]


def test_who_asked_on_the_page_of_an_appointment_is_told_too(db: Db, house: HouseText) -> None:
    held = book(db, next(each for each in free(db, MISSION) if each.starts_at > after(0)))
    ask(db, of(held))
    drain(db, WAYS, lambda: held.starts_at - timedelta(minutes=30), taking)
    door = Door(site(db, held.site_id), "desk")
    arrive_for(db, held, door, "nadia", held.starts_at - timedelta(minutes=5))
    assert fill_near(db, held.starts_at) == 1
    sent: list[str] = []

    def send(leaving: Leaving) -> Outcome:
        sent.append(leaving.message.kind)
        return "accepted"

    drain(db, WAYS, lambda: held.starts_at, send)
    assert "near" in sent


def test_who_was_parked_until_an_hour_that_has_come_is_told(db: Db, house: HouseText) -> None:
    visit = line(db, 0)
    ask(db, of_visit(visit))
    turn = queue.entries(db, visit.id)[0]
    passages.park(db, turn.id, "air", after(600), "nadia", after(61))
    assert fill_near(db, after(62)) == 0
    assert [fill_near(db, after(601)) for _ in range(2)] == [1, 0]
    assert drain(db, WAYS, lambda: after(602), taking) == 1
