"""Changes that touch people: shown before, decided for each, and nobody lost on the way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from accueil.planning import booking, plans, series
from accueil.planning.booking import NotFree
from accueil.planning.changes import KEEP, Affected, Decision, Planned, Undecided, carry_out, impact
from accueil.planning.closures import Closure
from accueil.planning.rooms import RoomTaken
from accueil.planning.timetable import load
from accueil.store.db import Db
from tests.personae import MONDAY, paris
from tests.planning.little import (
    AUTRE,
    FIRST,
    LITTLE,
    WEEK,
    book,
    dump,
    held,
    hours_of,
    make,
    nothing_is_lost,
    occurrence_on,
    occurrences,
    slot_at,
    starts,
    state_of,
)

NINE, TEN = paris(2026, 11, 30, 9), paris(2026, 11, 30, 10)
TELL = Decision("tell")
CLOSED = Closure("noel", "house", None, "", FIRST, FIRST + timedelta(days=8), "Travaux")


def cancelling(db: Db) -> Planned:
    return plans.cancelling([occurrence_on(db, "11-30")], MONDAY)


def shortening(db: Db) -> Planned:
    return plans.rescheduling(occurrence_on(db, "11-30"), FIRST, time(11), time(12), MONDAY)


def moving(db: Db) -> Planned:
    return plans.rescheduling(
        occurrence_on(db, "11-30"), date(2026, 12, 2), time(9), time(12), MONDAY
    )


def interrupting(db: Db) -> Planned:
    day = occurrence_on(db, "11-30")
    return plans.absent([day], [(NINE, paris(2026, 11, 30, 10, 45))], MONDAY)


def editing(db: Db, **fields: object) -> Planned:
    return plans.editing(replace(series.permanence(db, "lundi"), **fields), MONDAY)


def later_hours(db: Db) -> Planned:
    return editing(db, times=(("14:00", "17:00"),))


def tuesdays(db: Db) -> Planned:
    return editing(db, rrule="FREQ=WEEKLY;BYDAY=TU", first_day=FIRST + timedelta(days=1))


def walking_in(db: Db) -> Planned:
    return editing(db, mode="walk_in")


def following(db: Db) -> Planned:
    wanted = replace(
        series.permanence(db, "lundi"), first_day=FIRST + WEEK, times=(("14:00", "15:00"),)
    )
    return plans.editing_following(wanted, FIRST + WEEK, MONDAY)


def ending(db: Db) -> Planned:
    return plans.ending("lundi", FIRST - timedelta(days=1), MONDAY)


def closing(db: Db) -> Planned:
    return plans.closing(db, CLOSED, MONDAY)


GONE = (
    cancelling, shortening, interrupting, later_hours, tuesdays, walking_in, following, ending,
    closing,
)  # fmt: skip
EVERY = (*GONE, moving)


def people(db: Db) -> list[str]:
    """Somebody on each of the first two Mondays, and two in a row."""
    make(db)
    made = [book(db, NINE), book(db, TEN, length=2), book(db, paris(2026, 12, 7, 9))]
    return [each.id for each in made]


def reasons(affected: list[Affected]) -> list[tuple[str, str]]:
    return [(each.appointment.id, each.reason) for each in affected]


@pytest.mark.parametrize("plan", EVERY)
def test_looking_at_a_change_changes_nothing(
    db: Db, little: None, plan: Callable[[Db], Planned]
) -> None:
    people(db)
    before, events = dump(db), db.all("SELECT count(*) AS n FROM journal")
    planned = plan(db)
    first = impact(db, planned, MONDAY)
    assert first
    assert dump(db) == before
    assert impact(db, planned, MONDAY) == impact(db, plan(db), MONDAY) == first
    assert db.all("SELECT count(*) AS n FROM journal") == events


@pytest.mark.parametrize("plan", EVERY)
def test_while_somebody_is_undecided_nothing_changes(
    db: Db, little: None, plan: Callable[[Db], Planned]
) -> None:
    people(db)
    before = dump(db)
    affected = impact(db, plan(db), MONDAY)
    with pytest.raises(Undecided) as refusal:
        carry_out(db, plan(db), {}, "nadia", MONDAY)
    assert refusal.value.affected == affected
    some = {each.appointment.id: KEEP for each in affected[1:]}
    nowhere = some | {affected[0].appointment.id: Decision("move")}
    for decisions in (some, nowhere):
        with pytest.raises(Undecided):
            carry_out(db, plan(db), decisions, "nadia", MONDAY)
    assert dump(db) == before


@pytest.mark.parametrize("decision", [KEEP, TELL], ids=["keep", "tell"])
@pytest.mark.parametrize("plan", EVERY)
def test_whoever_is_kept_or_told_is_not_lost(
    db: Db, little: None, plan: Callable[[Db], Planned], decision: Decision
) -> None:
    everybody = people(db)
    planned = plan(db)
    touched = {each.appointment.id for each in impact(db, planned, MONDAY)}
    carry_out(db, planned, {}, "nadia", MONDAY, otherwise=decision)
    nothing_is_lost(db, everybody)
    for each in everybody:
        row = state_of(db, each)
        gone = each in touched and decision is TELL
        assert row["state"] == ("cancelled" if gone else "booked")
        assert row["tell"] == (
            "cancelled" if gone else "moved" if plan is moving and each in touched else None
        )
    assert impact(db, Planned("nothing", planned.scope, lambda db: None), MONDAY) == []


@pytest.mark.parametrize("plan", GONE)
def test_whoever_moves_goes_to_a_slot_that_was_proposed(
    db: Db, little: None, plan: Callable[[Db], Planned]
) -> None:
    """Those that the change itself makes are among them."""
    everybody = people(db)
    make(db, id="autre", room_id=AUTRE, rrule="FREQ=WEEKLY;BYDAY=TH", first_day=date(2026, 12, 10))
    affected = impact(db, plan(db), MONDAY)
    moved = {
        each.appointment.id: Decision("move", each.proposed[0].id)
        for each in affected
        if each.proposed
    }
    carry_out(db, plan(db), moved, "nadia", MONDAY, otherwise=TELL)
    assert len(moved) == len(affected)
    nothing_is_lost(db, everybody)
    for each in affected:
        row = state_of(db, each.appointment.id)
        assert (row["state"], row["tell"]) == ("booked", "moved")
        assert row["starts_at"][:16] == each.proposed[0].starts_at.isoformat()[:16]


@pytest.mark.parametrize("plan", EVERY)
def test_no_first_choice_is_proposed_to_two_people(
    db: Db, little: None, plan: Callable[[Db], Planned]
) -> None:
    people(db)
    affected = impact(db, plan(db), MONDAY)
    firsts = [each.proposed[0].id for each in affected if each.proposed]
    assert len(firsts) == len(set(firsts))
    assert all(len(each.proposed) <= 3 for each in affected)


def test_what_is_proposed_is_near_and_long_enough(db: Db, little: None) -> None:
    make(db, last_day=FIRST + 20 * WEEK)
    far = paris(2027, 4, 12, 9)
    one, two = book(db, far), book(db, far + timedelta(minutes=30), length=3)
    book(db, paris(2027, 4, 19, 10))
    planned = plans.cancelling([occurrence_on(db, "04-12")], MONDAY)
    first, second = impact(db, planned, MONDAY)
    assert (first.appointment.id, second.appointment.id) == (one.id, two.id)
    assert hours_of(list(first.proposed)) == ["04-05 11:30", "04-05 11:00", "04-05 10:30"]
    assert hours_of(list(second.proposed)) == ["04-05 10:00", "04-05 09:30", "04-05 09:00"]


@pytest.mark.parametrize(
    ("plan", "who"),
    [
        (cancelling, [0, 1]),
        (shortening, [0, 1]),
        (interrupting, [0, 1]),
        (later_hours, [0, 1, 2]),
        (following, [2]),
        (closing, [0, 1, 2]),
    ],
)
def test_who_is_touched(
    db: Db, little: None, plan: Callable[[Db], Planned], who: list[int]
) -> None:
    everybody = people(db)
    assert reasons(impact(db, plan(db), MONDAY)) == [(everybody[each], "gone") for each in who]


def test_whoever_moves_with_the_date_is_told_the_new_hour(db: Db, little: None) -> None:
    everybody = people(db)
    affected = impact(db, moving(db), MONDAY)
    assert reasons(affected) == [(each, "moved") for each in everybody[:2]]
    assert [each.starts_at for each in affected] == [paris(2026, 12, 2, 9), paris(2026, 12, 2, 10)]


@pytest.mark.parametrize(("reason", "decision"), [("room", KEEP), ("room", TELL), ("host", TELL)])
def test_another_room_or_host_is_told_if_wished(
    db: Db, little: None, reason: str, decision: Decision
) -> None:
    everybody = people(db)
    db.run(
        "INSERT INTO account (id, login, name, role, password_hash, active, created_at)"
        " VALUES ('sylvie', 'sylvie', 'Sylvie', 'agent', '', 1, '')"
    )
    day = [occurrence_on(db, "11-30")]
    planned = (
        plans.in_room(day, AUTRE, MONDAY)
        if reason == "room"
        else plans.with_host(day, "sylvie", MONDAY)
    )
    affected = impact(db, planned, MONDAY)
    assert reasons(affected) == [(each, reason) for each in everybody[:2]]
    assert {each.proposed for each in affected} == {()}
    carry_out(db, planned, {}, "nadia", MONDAY, otherwise=decision)
    told = reason if decision is TELL else None
    assert [state_of(db, each)["tell"] for each in everybody] == [told, told, None]
    nothing_is_lost(db, everybody)


def test_another_site_is_written_in_the_appointment(db: Db, little: None) -> None:
    everybody = people(db)
    planned = editing(db, site_id="annexe", room_id="grenier")
    assert {reason for _, reason in reasons(impact(db, planned, MONDAY))} == {"room"}
    carry_out(db, planned, {}, "nadia", MONDAY, otherwise=KEEP)
    assert {state_of(db, each)["site_id"] for each in everybody} == {"annexe"}


def test_a_slot_taken_meanwhile_changes_nothing(db: Db, little: None) -> None:
    everybody = people(db)
    [first, *_] = impact(db, cancelling(db), MONDAY)
    book(db, first.proposed[0].id)
    before = dump(db)
    for slot in (first.proposed[0].id, "no longer there"):
        decisions = {everybody[0]: Decision("move", slot)}
        with pytest.raises(NotFree):
            carry_out(db, cancelling(db), decisions, "nadia", MONDAY, otherwise=TELL)
    assert dump(db) == before


def test_two_people_cannot_both_move_to_one_slot(db: Db, little: None) -> None:
    everybody = people(db)
    before = dump(db)
    slot = slot_at(db, paris(2026, 12, 14, 9))
    with pytest.raises(NotFree):
        carry_out(
            db,
            cancelling(db),
            {each: Decision("move", slot) for each in everybody[:2]},
            "nadia",
            MONDAY,
        )
    assert dump(db) == before


def test_what_the_change_itself_refuses_is_said_before(db: Db, little: None) -> None:
    people(db)
    make(db, id="autre", room_id=AUTRE)
    planned = plans.in_room([occurrence_on(db, "11-30")], AUTRE, MONDAY)
    with pytest.raises(RoomTaken):
        impact(db, planned, MONDAY)


def test_somebody_kept_is_asked_about_again(db: Db, little: None) -> None:
    """Kept inside an absence, then the date ends before their hour, or is cancelled, or closed."""
    make(db)
    held_at_ten = book(db, TEN)
    carry_out(db, interrupting(db), {}, "nadia", MONDAY, otherwise=KEEP)
    day = occurrence_on(db, "11-30")
    for planned in (
        plans.rescheduling(day, FIRST, time(11), time(12), MONDAY),
        plans.cancelling([day], MONDAY),
        closing(db),
    ):
        assert reasons(impact(db, planned, MONDAY)) == [(held_at_ten.id, "gone")]
    carry_out(db, plans.cancelling([day], MONDAY), {}, "nadia", MONDAY, otherwise=KEEP)
    assert reasons(impact(db, closing(db), MONDAY)) == [(held_at_ten.id, "gone")]


def test_a_closure_empties_its_days_and_reopening_fills_them(db: Db, little: None) -> None:
    make(db)
    make(db, id="sans", room_id=None, closed_on=frozenset())
    carry_out(db, closing(db), {}, "nadia", MONDAY)
    assert held(db) == ["12-14 09:00-12:00", "12-21 09:00-12:00"]
    assert len(held(db, "sans")) == 4
    carry_out(db, plans.reopening(db, "noel", MONDAY), {}, "nadia", MONDAY)
    assert held(db) == held(db, "sans")
    assert len(starts(db, "12-07")) == 6


def test_a_closure_takes_what_was_added_and_moved_to_its_days(db: Db, little: None) -> None:
    make(db)
    carry_out(
        db,
        plans.adding("lundi", date(2026, 12, 3), time(9), time(10), None, MONDAY),
        {},
        "nadia",
        MONDAY,
    )
    later = occurrence_on(db, "12-21")
    planned = plans.rescheduling(later, date(2026, 12, 4), time(9), time(12), MONDAY)
    carry_out(db, planned, {}, "nadia", MONDAY)
    added, moved = book(db, paris(2026, 12, 3, 9)), book(db, paris(2026, 12, 4, 9))
    affected = impact(db, closing(db), MONDAY)
    assert reasons(affected) == [(added.id, "gone"), (moved.id, "gone")]
    carry_out(db, closing(db), {}, "nadia", MONDAY, otherwise=TELL)
    assert held(db) == ["12-14 09:00-12:00"]


def test_a_date_moved_away_from_a_closure_stays(db: Db, little: None) -> None:
    make(db)
    planned = plans.rescheduling(
        occurrence_on(db, "11-30"), date(2026, 12, 16), time(9), time(12), MONDAY
    )
    carry_out(db, planned, {}, "nadia", MONDAY)
    carry_out(db, closing(db), {}, "nadia", MONDAY)
    assert held(db) == ["12-14 09:00-12:00", "12-16 09:00-12:00", "12-21 09:00-12:00"]


def test_reloading_the_house_keeps_everybody(db: Db, little: None) -> None:
    everybody = people(db)
    with db.transaction():
        db.run("UPDATE permanence SET source = 'text'")
    load(db, LITTLE, MONDAY)
    assert held(db) == ["11-30 09:00-11:00", "12-07 09:00-09:30"]
    assert {row["exception"] for row in occurrences(db) if row["status"] == "scheduled"} == {"kept"}
    assert booking.appointment(db, everybody[0]).tell is None
    nothing_is_lost(db, everybody)
    before = dump(db)
    load(db, LITTLE, MONDAY)
    assert dump(db) == before
