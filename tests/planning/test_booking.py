"""Booking: who may have which slot, once; moved, cancelled, confirmed, asked earlier, forgotten."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from accueil.house.sites import Unknown
from accueil.planning import appointments, booking, series
from accueil.planning.appointments import (
    appointment_of_code,
    earlier_slots,
    forget_names,
    of_days,
    of_occurrence,
    to_tell,
    wanting_earlier,
)
from accueil.planning.booking import (
    MOST_SLOTS,
    NotFree,
    NotTheirs,
    may_book,
)
from accueil.planning.contact import BadName, BadPhone, read_name, read_phone
from accueil.planning.slots import DESK, VISITOR
from accueil.store.codes import BadCode, new_code
from accueil.store.db import Db
from accueil.store.journal import first_broken
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AIDE,
    ATELIER,
    INFO,
    RETRAITE,
    book,
    dump,
    hours_of,
    make,
    occurrence_on,
    slot_at,
    starts,
    state_of,
)

NINE, TEN = paris(2026, 11, 30, 9), paris(2026, 11, 30, 10)
HALF = timedelta(minutes=30)


def last_event(db: Db) -> tuple[str, str, str | None]:
    row = db.all("SELECT verb, actor, site_id FROM journal ORDER BY seq DESC LIMIT 1")[0]
    return row["verb"], row["actor"], row["site_id"]


def test_a_slot_is_booked_and_is_no_longer_free(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE, name="  Awa   D. ", phone="0618420484", language="ar")
    assert (held.starts_at, held.ends_at, held.room) == (NINE, NINE + HALF, "Petit bureau")
    assert (held.name, held.phone, held.language) == ("Awa D.", "06 18 42 04 84", "ar")
    assert (held.state, held.confirmed, held.earlier, held.tell) == ("booked", False, False, None)
    assert last_event(db) == ("booked", "nadia", "maison")
    with pytest.raises(NotFree) as refusal:
        book(db, NINE)
    assert hours_of(refusal.value.next)[0] == "11-30 09:30"
    assert len(refusal.value.next) == 6


def test_a_refusal_changes_nothing(db: Db, little: None) -> None:
    make(db)
    book(db, NINE)
    before = dump(db), last_event(db)
    with pytest.raises(NotFree):
        book(db, NINE)
    assert (dump(db), last_event(db)) == before


def test_another_place_at_the_same_hour_is_as_good(db: Db, little: None) -> None:
    make(db, places=2)
    first, second = book(db, NINE), book(db, NINE)
    assert first.id != second.id
    with pytest.raises(NotFree):
        book(db, NINE)


def test_the_same_code_is_the_same_appointment(db: Db, little: None) -> None:
    make(db)
    code = new_code()
    held = book(db, NINE, code=code)
    before = dump(db), last_event(db)
    assert book(db, NINE, code=code.lower()) == held
    assert book(db, TEN, code=code) == held
    assert (dump(db), last_event(db)) == before
    assert appointment_of_code(db, code, MONDAY) == held


def test_a_code_opens_the_appointment_until_the_day_after(db: Db, little: None) -> None:
    make(db)
    code = new_code()
    held = book(db, NINE, code=code)
    over = held.ends_at + timedelta(days=1)
    assert appointment_of_code(db, code, over - timedelta(seconds=1)).id == held.id
    with pytest.raises(Unknown):
        appointment_of_code(db, code, over)
    with pytest.raises(Unknown):
        appointment_of_code(db, new_code(), MONDAY)
    with pytest.raises(BadCode):
        appointment_of_code(db, "A1", MONDAY)


def test_a_code_is_kept_as_a_hash_and_nowhere_else(db: Db, little: None) -> None:
    make(db)
    code = new_code()
    held = book(db, NINE, code=code, name="Awa", phone="0618420484")
    tables = [row["name"] for row in db.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    everywhere = str([db.all(f"SELECT * FROM {table}") for table in tables])
    assert code not in everywhere
    assert everywhere.count("Awa") == everywhere.count("06 18 42 04 84") == 1
    assert state_of(db, held.id)["name"] == "Awa"


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"name": "x" * 61}, BadName),
        ({"name": "Awa\x07"}, BadName),
        ({"phone": "12"}, BadPhone),
        ({"phone": "06184204841"}, BadPhone),
        ({"phone": "allô"}, BadPhone),
        ({"code": "not a code"}, BadCode),
    ],
)
def test_what_cannot_be_read_books_nothing(
    db: Db, little: None, wish: dict[str, str], error: type[ValueError]
) -> None:
    make(db)
    before = dump(db)
    with pytest.raises(error):
        book(db, NINE, **wish)
    assert dump(db) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06.18.42.04.84", "06 18 42 04 84"),
        ("+33 6 18 42 04 84", "06 18 42 04 84"),
        ("0033 (0)6-18-42-04-84", "06 18 42 04 84"),
        ("+32 470 12 34 56", "+32470123456"),
        ("", None),
        (None, None),
    ],
)
def test_phones_are_kept_one_way(typed: str | None, kept: str | None) -> None:
    assert read_phone(typed) == kept


def test_no_name_at_all_is_fine() -> None:
    assert read_name("   ") is None
    assert read_name(None) is None


def test_a_slot_that_never_was(db: Db, little: None) -> None:
    with pytest.raises(Unknown):
        book(db, "nothing")


def test_who_books_what(db: Db, little: None) -> None:
    services = {each: booking.service(db, each) for each in (AIDE, RETRAITE, INFO)}
    for asker in (VISITOR, DESK, "cramif", "parquet"):
        assert may_book(services[AIDE], asker)
        assert not may_book(services[INFO], asker)
    for asker, may in ((VISITOR, False), (DESK, True), ("cramif", True), ("parquet", False)):
        assert may_book(services[RETRAITE], asker) is may


def test_what_a_partner_books_by_phone_is_refused_to_visitors(db: Db, little: None) -> None:
    make(db, service_id=RETRAITE)
    for asker in (VISITOR, "parquet"):
        with pytest.raises(NotFree):
            book(db, NINE, asker=asker)
    assert book(db, NINE, asker=DESK).service_id == RETRAITE
    assert book(db, TEN, asker="cramif").service_id == RETRAITE


def test_nobody_books_what_is_kept_for_others(db: Db, little: None) -> None:
    make(db, kept=1, kept_for="cramif")
    for asker in (VISITOR, DESK, "ecs"):
        with pytest.raises(NotFree) as refusal:
            book(db, NINE, asker=asker)
        assert hours_of(refusal.value.next)[0] == "11-30 09:30"
    assert book(db, NINE, asker="cramif")


def test_nobody_books_the_past(db: Db, little: None) -> None:
    make(db)
    slot = slot_at(db, NINE)
    for asker in (VISITOR, DESK, "parquet"):
        with pytest.raises(NotFree):
            book(db, slot, asker=asker, at=NINE)


def test_nobody_books_a_cancelled_date(db: Db, little: None) -> None:
    make(db)
    slot = slot_at(db, NINE)
    with db.transaction():
        db.run("UPDATE occurrence SET status = 'cancelled'")
    with pytest.raises(NotFree):
        book(db, slot)


def test_several_slots_in_a_row(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE, length=3)
    assert (held.starts_at, held.ends_at) == (NINE, NINE + 3 * HALF)
    for start in (NINE, NINE + HALF, NINE + 2 * HALF):
        with pytest.raises(NotFree):
            book(db, start)
    assert book(db, NINE + 3 * HALF)


@pytest.mark.parametrize("length", [0, -1, 4, MOST_SLOTS + 1, 100])
def test_not_that_many_in_a_row(db: Db, little: None, length: int) -> None:
    make(db)
    book(db, NINE + 3 * HALF)
    with pytest.raises(NotFree):
        book(db, NINE, length=length)


def test_a_break_is_not_in_a_row(db: Db, little: None) -> None:
    make(db, breaks=(("10:00", "10:30"),))
    with pytest.raises(NotFree):
        book(db, NINE + HALF, length=2)
    assert book(db, NINE, length=2)


def test_a_row_is_found_at_whichever_place_it_is_free(db: Db, little: None) -> None:
    make(db, places=2)
    book(db, NINE + HALF)  # at the first place
    held = book(db, NINE, length=2)
    places = db.all(
        "SELECT s.place FROM slot AS s JOIN booking AS b ON b.slot_id = s.id"
        " WHERE b.appointment_id = :id",
        id=held.id,
    )
    assert {row["place"] for row in places} == {2}


def test_an_appointment_moves_and_leaves_its_slot(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE, length=2)
    booking.ask_earlier(db, held.id, True, "visitor", MONDAY)
    later = paris(2026, 12, 7, 11)
    moved = booking.move(db, held.id, slot_at(db, later), DESK, "nadia", MONDAY)
    assert (moved.id, moved.starts_at, moved.ends_at) == (held.id, later, later + 2 * HALF)
    assert moved.occurrence_id == occurrence_on(db, "12-07")
    assert (moved.sequence, moved.earlier) == (held.sequence + 1, False)
    assert last_event(db) == ("appointment moved", "nadia", "maison")
    assert book(db, NINE, length=2)


def test_an_appointment_moves_over_itself(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE, length=2)
    moved = booking.move(db, held.id, slot_at(db, NINE + HALF), DESK, "nadia", MONDAY)
    assert moved.starts_at == NINE + HALF
    assert book(db, NINE)


def test_a_move_to_a_taken_slot_changes_nothing(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE)
    book(db, TEN)
    before = dump(db)
    with pytest.raises(NotFree) as refusal:
        booking.move(db, held.id, slot_at(db, TEN), DESK, "nadia", MONDAY)
    assert hours_of(refusal.value.next)[0] == "11-30 09:30"
    with pytest.raises(Unknown):
        booking.move(db, held.id, "nothing", DESK, "nadia", MONDAY)
    assert dump(db) == before


def test_nobody_moves_to_another_service(db: Db, little: None) -> None:
    make(db)
    make(db, id="mardi", service_id=ATELIER, room_id=None)
    held = book(db, NINE)
    with pytest.raises(Unknown):
        booking.move(db, held.id, slot_at(db, NINE, "mardi"), DESK, "nadia", MONDAY)


def test_a_cancelled_appointment_gives_its_slot_back(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE)
    booking.cancel(db, held.id, "visitor", "visitor", MONDAY)
    after = appointments.appointment(db, held.id)
    assert (after.state, after.cancelled_by, after.sequence) == ("cancelled", "visitor", 1)
    assert book(db, NINE)


def test_what_is_over_or_cancelled_is_nobodys_any_more(db: Db, little: None) -> None:
    make(db)
    gone, begun = book(db, NINE), book(db, NINE + HALF)
    other = slot_at(db, TEN)
    booking.cancel(db, gone.id, "house", "nadia", MONDAY, tell="cancelled")
    before = dump(db)
    for each, at in ((gone, MONDAY), (begun, NINE + HALF)):
        for verb in (
            partial(booking.move, slot_id=other, asker=DESK),
            partial(booking.cancel, who="visitor"),
            booking.confirm,
            partial(booking.ask_earlier, wanted=True),
        ):
            with pytest.raises(NotTheirs):
                verb(db, each.id, by="nadia", at=at)
    assert dump(db) == before


def test_confirming_says_that_they_know(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE)
    booking.move(db, held.id, slot_at(db, TEN), DESK, "nadia", MONDAY, tell="moved")
    assert [each.id for each in to_tell(db, "maison", MONDAY)] == [held.id]
    before = appointments.appointment(db, held.id)
    booking.confirm(db, held.id, "visitor", MONDAY)
    after = appointments.appointment(db, held.id)
    assert after == replace(before, confirmed=True, tell=None)
    assert to_tell(db, "maison", MONDAY) == []


def test_whom_to_tell_until_their_hour_is_over(db: Db, little: None) -> None:
    make(db)
    late, soon = book(db, TEN), book(db, NINE)
    for each in (late, soon):
        booking.cancel(db, each.id, "house", "nadia", MONDAY, tell="cancelled")
    assert [each.id for each in to_tell(db, "maison", MONDAY)] == [soon.id, late.id]
    assert to_tell(db, "annexe", MONDAY) == []
    assert [each.id for each in to_tell(db, "maison", soon.ends_at)] == [late.id]
    booking.told(db, late.id, "nadia", MONDAY)
    assert [each.id for each in to_tell(db, "maison", MONDAY)] == [soon.id]
    assert last_event(db)[0] == "told"


def test_who_asks_earlier_first_is_first(db: Db, little: None) -> None:
    make(db)
    people = [book(db, paris(2026, 12, 7, 9)), book(db, NINE), book(db, TEN)]
    for seconds, each in enumerate(people):
        at = MONDAY + timedelta(seconds=seconds)
        booking.ask_earlier(db, each.id, True, "visitor", at)
    assert [each.id for each in wanting_earlier(db, AIDE, MONDAY)] == [each.id for each in people]
    assert [each.id for each in wanting_earlier(db, AIDE, NINE)] == [people[0].id, people[2].id]
    booking.ask_earlier(db, people[0].id, False, "visitor", MONDAY)
    booking.cancel(db, people[1].id, "visitor", "visitor", MONDAY)
    assert [each.id for each in wanting_earlier(db, AIDE, MONDAY)] == [people[2].id]


def test_earlier_slots_ignore_the_notice_but_not_what_is_kept(db: Db, little: None) -> None:
    make(db, notice_minutes=24 * 60, kept=1)
    held = book(db, TEN)
    assert [each.starts_at for each in earlier_slots(db, held, MONDAY)] == [NINE + HALF]
    held = book(db, NINE + HALF)
    assert earlier_slots(db, held, MONDAY) == []


def test_who_is_booked_when(db: Db, little: None) -> None:
    make(db)
    second, first = book(db, TEN), book(db, NINE)
    book(db, paris(2026, 12, 7, 9))
    day = occurrence_on(db, "11-30")
    assert [each.id for each in of_occurrence(db, day)] == [first.id, second.id]
    assert [each.id for each in of_days(db, [AIDE], NINE, TEN)] == [first.id]
    assert of_days(db, [ATELIER], NINE, TEN) == []


def test_names_are_forgotten_the_day_after(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE, name="Awa", phone="0618420484")
    later = book(db, paris(2026, 12, 7, 9), name="Malik")
    assert forget_names(db, held.ends_at + timedelta(days=1)) == 0
    assert forget_names(db, held.ends_at + timedelta(days=1, seconds=1)) == 1
    forgotten = appointments.appointment(db, held.id)
    assert (forgotten.name, forgotten.phone) == (None, None)
    assert appointments.appointment(db, later.id).name == "Malik"


def test_the_journal_of_a_day_of_bookings_is_whole(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE)
    booking.cancel(db, held.id, "visitor", "visitor", MONDAY)
    assert first_broken(db) is None
    assert starts(db, "11-30")[0] == "09:00"
    assert series.permanence(db, "lundi").slot_minutes == 30
