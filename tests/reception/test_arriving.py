"""Somebody comes for their appointment: early, late, twice, elsewhere, with a strange code."""

from datetime import datetime, timedelta

import pytest

from accueil.house.accounts import Account
from accueil.house.sites import site
from accueil.house.text import HouseText
from accueil.planning import appointment_codes, booking, slots
from accueil.planning.appointments import Appointment
from accueil.planning.booking import Wish
from accueil.planning.slots import DESK as DESK_ASKS
from accueil.reception import calls, passages, queue, visits
from accueil.reception.arriving import Arrived, Door, arrive, arrive_for
from accueil.reception.calls import Host
from accueil.reception.change import undo, undoable
from accueil.store.codes import LETTERS, BadCode, new_code, read_scanned
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    DESK,
    MANDELA,
    MISSION_LOCALE,
    MISSION_LOCALE_ROOM,
    MONDAY,
    paris,
)

CLIC = "ecs-clic6"
TEN = paris(2026, 11, 23, 10)
MINUTE = timedelta(minutes=1)
AZERTY = str.maketrans("AQZWM:/.,", "QAWZ?M!:;")


def book(db: Db, code: str, service: str = MISSION_LOCALE, at: datetime = TEN) -> Appointment:
    free = slots.free(db, service, MONDAY, asker=DESK_ASKS, number=60)
    chosen = next(slot for slot in free if slot.starts_at == at)
    wish = Wish(slot_id=chosen.id, code=code, channel="desk", language="ar", name="Awa")
    return booking.book(db, wish, DESK_ASKS, "an agent", MONDAY - timedelta(days=1))


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def held(db: Db, house: HouseText, code: str) -> Appointment:
    """Awa, at ten, with the Mission locale."""
    return book(db, code)


def move(db: Db, held: Appointment, to: datetime) -> None:
    free = slots.free(db, MISSION_LOCALE, MONDAY, asker=DESK_ASKS, number=200)
    slot = next(each for each in free if each.starts_at == to)
    booking.move(db, held.id, slot.id, DESK_ASKS, "nadia", TEN - 20 * MINUTE)


def kiosk(db: Db, site_id: str = BEARN) -> Door:
    return Door(site(db, site_id), "kiosk")


def scan(db: Db, typed: str, minutes: float = -2, site_id: str = BEARN) -> Arrived:
    """What is answered so many minutes after ten."""
    return arrive(db, typed, kiosk(db, site_id), "kiosk", TEN + minutes * MINUTE)


def test_in_time_they_have_a_number_and_their_hour(db: Db, held: Appointment, code: str) -> None:
    found = scan(db, code)
    assert found.answer == "in"
    assert found.visit
    assert found.turn
    assert (found.visit.number, found.visit.alias, found.visit.language) == (1, "Awa", "ar")
    assert (found.turn.appointment, found.turn.due_at) == (True, TEN)
    assert found.turn.service_id == MISSION_LOCALE
    assert visits.visit_of_code(db, code, TEN).id == found.visit.id


@pytest.mark.parametrize(
    ("minutes", "answer", "kept"),
    [(-40, "early", True), (-10, "in", True), (10, "in", True), (11, "late", False)],
)
def test_early_in_time_and_late(
    db: Db, held: Appointment, code: str, minutes: float, answer: str, kept: bool
) -> None:
    found = scan(db, code, minutes)
    assert found.answer == answer
    assert found.turn
    assert found.turn.due_at == (TEN if kept else None)


def test_once_the_permanence_is_over_the_desk_receives_them(
    db: Db, held: Appointment, code: str
) -> None:
    found = scan(db, code, 160)
    assert found.answer == "over"
    assert found.turn
    assert found.turn.service_id == DESK


def test_twice_is_one_visit(db: Db, held: Appointment, code: str) -> None:
    first, again = scan(db, code), scan(db, code, 1)
    assert again.answer == "already"
    assert again.visit == first.visit
    assert again.turn == first.turn
    assert arrive_for(db, held, kiosk(db), "nadia", TEN).answer == "already"


def test_whoever_was_received_is_told_so(
    db: Db, held: Appointment, code: str, karim: Account
) -> None:
    turn = scan(db, code).turn
    assert turn
    calls.call(db, turn.id, Host(karim.id, MISSION_LOCALE_ROOM), TEN)
    calls.finish(db, turn.id, karim.id, TEN + 20 * MINUTE)
    found = scan(db, code, 30)
    assert (found.answer, found.turn) == ("already", None)


def test_whoever_did_not_answer_is_back_in_their_place(
    db: Db, held: Appointment, code: str, karim: Account
) -> None:
    turn = scan(db, code).turn
    assert turn
    calls.call(db, turn.id, Host(karim.id, MISSION_LOCALE_ROOM), TEN)
    calls.did_not_come(db, turn.id, karim.id, TEN + MINUTE)
    found = scan(db, code, 8)
    assert found.answer == "in"
    assert found.turn
    assert (found.turn.id, found.turn.due_at) == (turn.id, TEN)


def test_whoever_left_and_comes_again_is_checked_in_again(
    db: Db, held: Appointment, code: str
) -> None:
    first = scan(db, code, -30).visit
    assert first
    calls.leave(db, first.id, TEN - 20 * MINUTE)
    found = scan(db, code)
    assert found.answer == "in"
    assert found.visit
    assert (found.visit.id, found.visit.closed_at) == (first.id, None)


def test_a_check_in_taken_back_can_be_done_again(
    db: Db, held: Appointment, code: str, nadia: Account
) -> None:
    arrive_for(db, held, kiosk(db), nadia.id, TEN)
    undone = undoable(db, nadia.id, TEN)
    assert undone
    undo(db, undone.seq, nadia.id, TEN)
    assert scan(db, code, 1).answer == "in"


def test_another_day_another_site_a_cancelled_one(db: Db, held: Appointment, code: str) -> None:
    assert scan(db, code, -24 * 60).answer == "other-day"
    assert scan(db, code, 24 * 60).answer == "other-day"
    there = new_code()
    book(db, there, CLIC)
    assert scan(db, there).answer == "other-site"
    assert scan(db, there, site_id=MANDELA).answer != "other-site"
    booking.cancel(db, held.id, "house", "nadia", TEN - 5 * MINUTE)
    found = scan(db, code)
    assert (found.answer, found.visit) == ("cancelled", None)
    assert queue.people_waiting(db, MISSION_LOCALE, BEARN, "2026-11-23") == 0


def test_moved_to_another_day_after_a_check_in_it_opens_that_day_s_visit(
    db: Db, held: Appointment, code: str
) -> None:
    first = scan(db, code, -30).visit
    assert first
    passages.move(db, queue.entries(db, first.id)[0].id, DESK, "nadia", TEN - 25 * MINUTE)
    tomorrow = TEN + timedelta(days=1)
    move(db, held, tomorrow)
    found = scan(db, code, 24 * 60)
    assert found.answer == "in"
    assert found.visit
    assert found.visit.id != first.id
    assert visits.visit_of_code(db, code, tomorrow).id == found.visit.id


def test_ten_letters_are_enough_and_so_is_a_code_given_in_a_message(
    db: Db, held: Appointment, code: str
) -> None:
    assert scan(db, f" {code[:5].lower()} {code[5:10].lower()} ", -30).answer == "early"
    further = appointment_codes.add(db, held.id, MONDAY)
    assert scan(db, further).answer == "already"
    assert scan(db, further[:10]).answer == "already"
    assert visits.visit_of_code(db, further, TEN).number == 1


@pytest.mark.parametrize("typed", ["", "?", "https://example.org/r/abc", "8" * 31, "é" * 10])
def test_what_is_not_ours_is_unknown(db: Db, held: Appointment, typed: str) -> None:
    assert scan(db, typed) == Arrived("unknown")


def test_a_tampered_code_is_unknown(db: Db, held: Appointment, code: str) -> None:
    other = LETTERS[(LETTERS.index(code[-1]) + 1) % len(LETTERS)]
    assert scan(db, code[:-1] + other) == Arrived("unknown")
    assert scan(db, new_code()) == Arrived("unknown")
    assert scan(db, new_code()[:10]) == Arrived("unknown")


def test_a_ticket_is_answered_with_its_visit(db: Db, held: Appointment) -> None:
    mine = new_code()
    visit = visits.check_in(db, visits.Arrival(BEARN, mine, "kiosk", "fr"), "kiosk", TEN)
    found = scan(db, f"HTTPS://ACCUEIL.EXAMPLE/V/{mine}")
    assert (found.answer, found.visit) == ("already", visit)


@pytest.mark.parametrize(
    "typed",
    [
        "HTTPS://ACCUEIL.EXAMPLE/R/{}",
        "https://accueil.example/r/{}",
        "HTTPS://ACCUEIL.EXAMPLE/R/{0}HTTPS://ACCUEIL.EXAMPLE/R/{0}",
        "{0}{0}",
        "  {}\n",
    ],
)
def test_whatever_a_scanner_types_the_code_is_in_it(code: str, typed: str) -> None:
    text = typed.format(code)
    assert read_scanned(text) == code
    assert read_scanned(text.upper().translate(AZERTY)) == code
    assert read_scanned(text.lower()).upper() == code


def test_a_code_cut_short_is_none(code: str) -> None:
    with pytest.raises(BadCode):
        read_scanned(f"HTTPS://ACCUEIL.EXAMPLE/R/{code[:-3]}")


def test_received_before_the_day_it_was_moved_to_they_are_checked_in_there(
    db: Db, held: Appointment, code: str, karim: Account
) -> None:
    turn = scan(db, code, -30).turn
    assert turn
    calls.call(db, turn.id, Host(karim.id, MISSION_LOCALE_ROOM), TEN - 25 * MINUTE)
    calls.finish(db, turn.id, karim.id, TEN - 20 * MINUTE)
    move(db, held, TEN + timedelta(days=1))
    found = scan(db, code, 24 * 60)
    assert (found.answer, found.turn and found.turn.state) == ("in", "waiting")
