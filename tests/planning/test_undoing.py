"""For ten seconds, whoever changed the planning may put it back exactly as it was."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from accueil.planning import booking, plans, series
from accueil.planning.changes import KEEP, Decision, Planned, carry_out, impact
from accueil.planning.closures import Closure
from accueil.planning.horizon import top_up
from accueil.planning.slots import DESK
from accueil.planning.undoing import (
    Scope,
    TooLate,
    Undoable,
    change,
    forget_undoing,
    undo,
    undoable,
)
from accueil.store.db import Db
from accueil.store.journal import first_broken
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AUTRE,
    FIRST,
    GRAND,
    WEEK,
    book,
    dump,
    make,
    mondays,
    occurrence_on,
    occurrences,
    slot_at,
    state_of,
)

NINE, TEN = paris(2026, 11, 30, 9), paris(2026, 11, 30, 10)
SOON = MONDAY + timedelta(seconds=9)
CLOSED = Closure("noel", "house", None, "", FIRST, FIRST + 2 * WEEK, "Travaux")

VERSION = ("sequence", "changed_at")  # what was undone is a new version, for the calendars


def day(db: Db) -> str:
    return occurrence_on(db, "11-30")


def edited(db: Db, **changes: object) -> series.Permanence:
    return replace(series.permanence(db, "lundi"), **changes)


PLANS: dict[str, Callable[[Db], Planned]] = {
    "opening": lambda db: plans.opening(mondays(id="neuf", room_id=AUTRE), MONDAY),
    "editing": lambda db: plans.editing(edited(db, times=(("14:00", "17:00"),)), MONDAY),
    "longer slots": lambda db: plans.editing(edited(db, slot_minutes=45), MONDAY),
    "fewer dates": lambda db: plans.editing(edited(db, last_day=FIRST), MONDAY),
    "another weekday": lambda db: plans.editing(
        edited(db, rrule="FREQ=WEEKLY;BYDAY=TU", first_day=FIRST + timedelta(days=1)), MONDAY
    ),
    "following": lambda db: plans.editing_following(
        edited(db, first_day=FIRST + WEEK, times=(("14:00", "17:00"),)), FIRST + WEEK, MONDAY
    ),
    "ending": lambda db: plans.ending("lundi", FIRST, MONDAY),
    "ending before it begins": lambda db: plans.ending(
        "lundi", FIRST - timedelta(days=1), MONDAY
    ),
    "cancelling": lambda db: plans.cancelling([day(db)], MONDAY),
    "restoring": lambda db: plans.restoring(occurrence_on(db, "12-21"), MONDAY),
    "moving": lambda db: plans.rescheduling(
        day(db), date(2026, 12, 2), time(9), time(12), MONDAY
    ),
    "pushing": lambda db: plans.rescheduling(day(db), FIRST, time(12), time(15), MONDAY),
    "shortening": lambda db: plans.rescheduling(day(db), FIRST, time(11), time(12), MONDAY),
    "lengthening": lambda db: plans.rescheduling(day(db), FIRST, time(8), time(14), MONDAY),
    "another room": lambda db: plans.in_room([day(db)], GRAND, MONDAY),
    "another host": lambda db: plans.with_host([day(db)], "sylvie", MONDAY),
    "absence": lambda db: plans.absent([day(db)], [(NINE, TEN), (TEN, TEN + WEEK)], MONDAY),
    "adding": lambda db: plans.adding(
        "lundi", date(2026, 12, 2), time(9), time(12), GRAND, MONDAY
    ),
    "closing": lambda db: plans.closing(db, CLOSED, MONDAY),
    "reopening": lambda db: plans.reopening(db, "paques", MONDAY),
}  # fmt: skip


def week(db: Db) -> None:
    """Somebody on each Monday, a cancelled date, a closed one, a host, another permanence."""
    db.run(
        "INSERT INTO account (id, login, name, role, password_hash, active, created_at)"
        " VALUES ('sylvie', 'sylvie', 'Sylvie', 'agent', '', 1, '')"
    )
    make(db, last_day=FIRST + 6 * WEEK)
    make(db, id="jeudi", rrule="FREQ=WEEKLY;BYDAY=TH", first_day=date(2026, 12, 10))
    book(db, NINE, name="Awa", phone="0618420484")
    book(db, TEN, length=2)
    book(db, paris(2026, 12, 7, 9))
    closed = Closure("paques", "house", None, "", date(2027, 1, 4), date(2027, 1, 4), "Pont")
    carry_out(db, plans.closing(db, closed, MONDAY), {}, "sylvie", MONDAY)
    carry_out(db, plans.cancelling([occurrence_on(db, "12-21")], MONDAY), {}, "sylvie", MONDAY)


def moved(db: Db, planned: Planned) -> dict[str, Decision]:
    return {
        each.appointment.id: Decision("move", each.proposed[0].id)
        for each in impact(db, planned, MONDAY)
        if each.proposed
    }


def as_it_was(db: Db) -> str:
    """Everything, but that calendars hear of it: the way back is a new version of each row."""
    return dump(db, "sequence", "changed_at")


def versions(db: Db) -> dict[str, int]:
    rows = db.all(
        "SELECT id, sequence FROM occurrence UNION ALL SELECT id, sequence FROM appointment"
    )
    return {row["id"]: row["sequence"] for row in rows}


@pytest.mark.parametrize("decision", ["keep", "tell", "move"])
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_a_change_undone_leaves_everything_as_it_was(
    db: Db, little: None, plan: Callable[[Db], Planned], decision: str
) -> None:
    week(db)
    before, planned = dump(db, *VERSION), plan(db)
    chosen = moved(db, planned) if decision == "move" else {}
    otherwise = KEEP if decision == "move" else Decision(decision)
    carry_out(db, planned, chosen, "nadia", MONDAY, otherwise=otherwise)
    assert dump(db, *VERSION) != before
    found = undoable(db, "nadia", SOON)
    assert found
    assert (found.verb, found.remaining) == (planned.verb, timedelta(seconds=1))
    undo(db, found.seq, "nadia", SOON)
    assert dump(db, *VERSION) == before
    assert undoable(db, "nadia", SOON) is None
    assert first_broken(db) is None
    assert not db.all("PRAGMA foreign_key_check")


def last(db: Db, by: str = "nadia") -> Undoable:
    found = undoable(db, by, SOON)
    assert found
    return found


def test_a_booking_undone_is_cancelled_by_the_house(db: Db, little: None) -> None:
    make(db)
    before = dump(db, *VERSION)
    held = book(db, NINE, name="Awa")
    undo(db, last(db).seq, "nadia", SOON)
    row = state_of(db, held.id)
    assert (row["state"], row["cancelled_by"], row["name"]) == ("cancelled", "house", "Awa")
    assert row["sequence"] == held.sequence + 1
    tables, was = json.loads(dump(db, *VERSION)), json.loads(before)
    assert len(tables.pop("appointment")) == len(was.pop("appointment")) + 1
    assert tables == was
    assert book(db, NINE)


@pytest.mark.parametrize("verb", ["move", "cancel", "confirm", "earlier"])
def test_what_is_done_to_an_appointment_is_undone(db: Db, little: None, verb: str) -> None:
    make(db)
    held = book(db, NINE, length=2, name="Awa")
    target = slot_at(db, paris(2026, 12, 7, 9))
    before = dump(db, *VERSION)
    if verb == "move":
        booking.move(db, held.id, target, DESK, "nadia", MONDAY)
    elif verb == "cancel":
        booking.cancel(db, held.id, "house", "nadia", MONDAY)
    elif verb == "confirm":
        booking.confirm(db, held.id, "nadia", MONDAY)
    else:
        booking.ask_earlier(db, held.id, True, "nadia", MONDAY)
    assert dump(db, *VERSION) != before
    undo(db, last(db).seq, "nadia", SOON)
    assert dump(db, *VERSION) == before


def cancelled(db: Db) -> int:
    """Nadia has just cancelled the first Monday; the event."""
    week(db)
    planned = plans.cancelling([day(db)], MONDAY)
    carry_out(db, planned, {}, "nadia", MONDAY, otherwise=Decision("tell"))
    return last(db).seq


def test_after_ten_seconds_it_is_too_late(db: Db, little: None) -> None:
    seq = cancelled(db)
    late, before = MONDAY + timedelta(seconds=10), dump(db, *VERSION)
    assert undoable(db, "nadia", late) is None
    with pytest.raises(TooLate):
        undo(db, seq, "nadia", late)
    assert dump(db, *VERSION) == before


def test_nobody_undoes_what_somebody_else_did(db: Db, little: None) -> None:
    seq = cancelled(db)
    before = dump(db, *VERSION)
    found = undoable(db, "sylvie", SOON)
    assert found is None or found.seq != seq
    for number, by in ((seq, "sylvie"), (0, "nadia"), (seq + 1, "nadia")):
        with pytest.raises(TooLate):
            undo(db, number, by, SOON)
    assert dump(db, *VERSION) == before


def test_what_was_undone_is_not_undone_again(db: Db, little: None) -> None:
    seq = cancelled(db)
    undo(db, seq, "nadia", SOON)
    with pytest.raises(TooLate):
        undo(db, seq, "nadia", SOON)


def test_only_the_last_change_is_undone(db: Db, little: None) -> None:
    seq = cancelled(db)
    carry_out(db, plans.cancelling([occurrence_on(db, "12-28")], MONDAY), {}, "nadia", MONDAY)
    assert last(db).seq != seq
    with pytest.raises(TooLate):
        undo(db, seq, "nadia", SOON)


@pytest.mark.parametrize("plan", ["editing", "following", "cancelling", "moving", "closing"])
def test_after_somebody_else_went_on_it_is_too_late(db: Db, little: None, plan: str) -> None:
    week(db)
    carry_out(db, PLANS[plan](db), {}, "nadia", MONDAY, otherwise=KEEP)
    rows = db.all(
        "SELECT * FROM occurrence WHERE day < '2026-12-14' AND permanence_id <> 'jeudi'"
        " AND status = 'scheduled' ORDER BY starts_at"
    )
    planned = plans.with_host([row["id"] for row in rows], "sylvie", MONDAY)
    carry_out(db, planned, {}, "sylvie", MONDAY, otherwise=KEEP)
    before = dump(db, *VERSION)
    with pytest.raises(TooLate):
        undo(db, last(db).seq, "nadia", SOON)
    assert dump(db, *VERSION) == before


def test_a_slot_booked_meanwhile_stays_booked(db: Db, little: None) -> None:
    """A date was added, and somebody has already booked there."""
    week(db)
    carry_out(db, PLANS["adding"](db), {}, "nadia", MONDAY)
    held = book(db, paris(2026, 12, 2, 9), by="sylvie")
    before = dump(db, *VERSION)
    with pytest.raises(TooLate):
        undo(db, last(db).seq, "nadia", SOON)
    assert dump(db, *VERSION) == before
    assert state_of(db, held.id)["state"] == "booked"


def test_a_room_taken_meanwhile_is_not_taken_back(db: Db, little: None) -> None:
    seq = cancelled(db)
    make(db, id="vite", last_day=FIRST)
    before = dump(db, *VERSION)
    with pytest.raises(TooLate):
        undo(db, seq, "nadia", SOON)
    assert dump(db, *VERSION) == before


def test_a_slot_given_up_and_booked_by_another_is_not_taken_back(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE)
    booking.cancel(db, held.id, "house", "nadia", MONDAY)
    book(db, NINE, by="sylvie")
    with pytest.raises(TooLate):
        undo(db, last(db).seq, "nadia", SOON)


def test_topping_up_meanwhile_undoes_nothing_by_itself(db: Db, little: None) -> None:
    make(db, last_day=None)
    before = dump(db, *VERSION)
    carry_out(db, plans.cancelling([day(db)], MONDAY), {}, "nadia", MONDAY)
    assert top_up(db, SOON) == 0
    undo(db, last(db).seq, "nadia", SOON)
    assert dump(db, *VERSION) == before


def test_kiosks_and_visitors_have_nothing_to_undo(db: Db, little: None) -> None:
    make(db)
    for start, by in ((NINE, "kiosk"), (TEN, "visitor")):
        book(db, start, by=by)
        assert undoable(db, by, SOON) is None
    assert db.all("SELECT * FROM undoing") == []


def test_no_name_is_kept_to_undo_with(db: Db, little: None) -> None:
    make(db)
    held = book(db, NINE, name="Awa", phone="0618420484")
    booking.cancel(db, held.id, "house", "nadia", MONDAY)
    [row] = db.all("SELECT changes FROM undoing")
    assert "Awa" not in row["changes"]
    assert "0618" not in row["changes"].replace(" ", "")
    assert "code_hash" not in row["changes"]


def test_what_can_no_longer_be_undone_is_forgotten(db: Db, little: None) -> None:
    cancelled(db)
    assert forget_undoing(db, MONDAY + timedelta(seconds=10)) == 0
    assert forget_undoing(db, MONDAY + timedelta(seconds=11)) == 2
    assert db.all("SELECT * FROM undoing") == []


def test_each_change_is_an_event_at_its_site(db: Db, little: None) -> None:
    week(db)
    last_seq = db.all("SELECT max(seq) AS seq FROM journal")[0]["seq"]
    carry_out(db, PLANS["adding"](db), {}, "nadia", MONDAY)
    undo(db, last(db).seq, "nadia", SOON)
    events = db.all(
        "SELECT verb, site_id, actor FROM journal WHERE seq > :seq ORDER BY seq", seq=last_seq
    )
    assert events == [
        {"verb": "date added", "site_id": "maison", "actor": "nadia"},
        {"verb": "planning undone", "site_id": "maison", "actor": "nadia"},
    ]
    assert len(occurrences(db)) == 7


def test_what_was_undone_is_a_new_version_for_the_calendars(db: Db, little: None) -> None:
    def version() -> tuple[int, str]:
        row = db.one("SELECT sequence, changed_at FROM occurrence WHERE id = :id", id=held)
        return row["sequence"], row["changed_at"]

    make(db)
    held = day(db)
    versions = [version()]
    carry_out(db, plans.cancelling([held], MONDAY), {}, "nadia", MONDAY)
    versions.append(version())
    undo(db, undoable(db, "nadia", MONDAY).seq, "nadia", MONDAY)
    versions.append(version())
    assert [number for number, _ in versions] == sorted({number for number, _ in versions})


def test_a_change_that_changes_nothing_leaves_the_last_one_to_be_undone(
    db: Db, little: None
) -> None:
    make(db)
    held = day(db)
    carry_out(db, plans.cancelling([held], MONDAY), {}, "nadia", MONDAY)
    last = undoable(db, "nadia", MONDAY)
    with change(db, "nothing", Scope(occurrences={held}), "nadia", MONDAY):
        pass
    assert undoable(db, "nadia", MONDAY) == last
