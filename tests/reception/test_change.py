from collections.abc import Callable
from datetime import datetime

import pytest

from accueil.house.accounts import Account
from accueil.house.text import HouseText
from accueil.reception import calls, passages, queue, visits
from accueil.reception.change import TooLate, undo, undoable
from accueil.reception.queue import Entry
from accueil.reception.visits import CodeUsed, Visit
from accueil.store import journal
from accueil.store.codes import new_code
from accueil.store.db import Db
from tests.personae import (
    BEARN,
    DESK,
    MISSION_LOCALE,
    MONDAY,
    PARQUET,
    after,
    arrive,
    claire_calling,
    turn_of,
)

T = 100.0  # when a verb is used, long after what prepared it
Picture = tuple[Visit, list[tuple[str, str, datetime | None, str | None, str | None, bool]]]


def picture(db: Db, visit_id: str) -> Picture:
    """A visit and its turns, but for those that an undo left behind."""
    turns: list[Entry] = queue.entries(db, visit_id)
    return visits.visit(db, visit_id), [
        (turn.id, turn.state, turn.ended_at, turn.room_id, turn.host_id, turn.priority)
        for turn in turns
        if turn.state != "undone"
    ]


def call(db: Db, turn: str, by: Account, at: float) -> None:
    calls.call(db, turn, claire_calling(by), after(at))


def receive(db: Db, turn: str, by: Account) -> None:
    call(db, turn, by, 50)
    calls.receive(db, turn, by.id, after(60))


def nothing(db: Db, turn: str, by: Account) -> None:
    pass


Step = Callable[[Db, str, Account], object]
# What is prepared, and the verb that is undone.
VERBS: dict[str, tuple[Step, Step]] = {
    "call": (nothing, lambda db, turn, by: call(db, turn, by, T)),
    "call_next": (
        nothing,
        lambda db, turn, by: calls.call_next(db, [PARQUET], claire_calling(by), after(T)),
    ),
    "recall": (
        lambda db, turn, by: call(db, turn, by, 50),
        lambda db, turn, by: calls.recall(db, turn, by.id, after(T)),
    ),
    "receive": (
        lambda db, turn, by: call(db, turn, by, 50),
        lambda db, turn, by: calls.receive(db, turn, by.id, after(T)),
    ),
    "finish": (receive, lambda db, turn, by: calls.finish(db, turn, by.id, after(T))),
    "did_not_come": (
        lambda db, turn, by: call(db, turn, by, 50),
        lambda db, turn, by: calls.did_not_come(db, turn, by.id, after(T)),
    ),
    "move": (
        nothing,
        lambda db, turn, by: passages.move(db, turn, MISSION_LOCALE, by.id, after(T)),
    ),
    "send_to": (
        nothing,
        lambda db, turn, by: passages.send_to(
            db, queue.entry(db, turn).visit_id, MISSION_LOCALE, by.id, after(T)
        ),
    ),
    "send_to an ended visit": (
        lambda db, turn, by: (receive(db, turn, by), calls.finish(db, turn, by.id, after(70))),
        lambda db, turn, by: passages.send_to(
            db, queue.entry(db, turn).visit_id, MISSION_LOCALE, by.id, after(T)
        ),
    ),
    "close": (
        receive,
        lambda db, turn, by: visits.close(
            db, queue.entry(db, turn).visit_id, "relay", by.id, after(T)
        ),
    ),
    "ask_in_private": (
        nothing,
        lambda db, turn, by: visits.ask_in_private(
            db, queue.entry(db, turn).visit_id, by.id, after(T)
        ),
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_can_be_undone_within_ten_seconds(db: Db, claire: Account, verb: str) -> None:
    prepare, act = VERBS[verb]
    visit = arrive(db, service_id=PARQUET)
    turn = turn_of(db, visit).id
    prepare(db, turn, claire)
    before, board = picture(db, visit.id), calls.latest(db, BEARN, after(T), 5)
    act(db, turn, claire)
    done = undoable(db, claire.id, after(T + 9))
    assert done is not None
    assert (done.number, done.remaining.total_seconds()) == (visit.number, 1)
    assert picture(db, visit.id) != before or verb == "recall"
    undo(db, done.seq, claire.id, after(T + 9))
    assert picture(db, visit.id) == before
    assert calls.latest(db, BEARN, after(T + 9), 5) == board
    assert journal.first_broken(db) is None


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_can_be_undone_after_ten_seconds(db: Db, claire: Account, verb: str) -> None:
    prepare, act = VERBS[verb]
    visit = arrive(db, service_id=PARQUET)
    turn = turn_of(db, visit).id
    prepare(db, turn, claire)
    act(db, turn, claire)
    done = undoable(db, claire.id, after(T))
    assert done is not None
    after_it = picture(db, visit.id)
    assert undoable(db, claire.id, after(T + 10.1)) is None
    with pytest.raises(TooLate):
        undo(db, done.seq, claire.id, after(T + 10.1))
    assert picture(db, visit.id) == after_it


def a_call(db: Db, claire: Account) -> tuple[Entry, int]:
    """Somebody whom Claire has just called, and the number of that event."""
    arrive(db, service_id=PARQUET)
    turn = calls.call_next(db, [PARQUET], claire_calling(claire), after(T))
    assert turn is not None
    return turn, journal.version(db, BEARN)


def test_nobody_undoes_what_another_did(db: Db, claire: Account, nadia: Account) -> None:
    turn, seq = a_call(db, claire)
    assert undoable(db, nadia.id, after(T + 1)) is None
    with pytest.raises(TooLate):
        undo(db, seq, nadia.id, after(T + 1))
    assert queue.entry(db, turn.id).state == "called"


def test_nothing_is_undone_once_somebody_has_gone_on_from_there(
    db: Db, claire: Account, nadia: Account
) -> None:
    turn, seq = a_call(db, claire)
    passages.send_to(db, turn.visit_id, DESK, nadia.id, after(T + 1))
    assert undoable(db, claire.id, after(T + 2)) is None
    with pytest.raises(TooLate):
        undo(db, seq, claire.id, after(T + 2))
    assert queue.entry(db, turn.id).state == "called"


def test_what_happens_to_others_does_not_matter(db: Db, claire: Account) -> None:
    turn, seq = a_call(db, claire)
    arrive(db, service_id=PARQUET, at=after(T + 1))
    undo(db, seq, claire.id, after(T + 2))
    assert queue.entry(db, turn.id).state == "waiting"


def test_a_change_is_undone_once(db: Db, claire: Account) -> None:
    _, seq = a_call(db, claire)
    undo(db, seq, claire.id, after(T + 1))
    assert undoable(db, claire.id, after(T + 2)) is None
    with pytest.raises(TooLate):
        undo(db, seq, claire.id, after(T + 2))


def test_an_undo_is_not_undone(db: Db, claire: Account) -> None:
    _, seq = a_call(db, claire)
    undo(db, seq, claire.id, after(T + 1))
    with pytest.raises(TooLate):
        undo(db, seq + 1, claire.id, after(T + 2))


def test_what_is_about_no_visit_is_not_undone(db: Db, claire: Account) -> None:
    with db.transaction():
        seq = journal.write(db, journal.Event("logged in", claire.id), MONDAY)
    for number in (seq, seq + 1, 0, -1):
        with pytest.raises(TooLate):
            undo(db, number, claire.id, MONDAY)


def test_an_undone_call_is_withdrawn_from_the_board(db: Db, claire: Account) -> None:
    turn, seq = a_call(db, claire)
    assert len(calls.latest(db, BEARN, after(T), 5)) == 1
    undo(db, seq, claire.id, after(T + 1))
    assert calls.latest(db, BEARN, after(T + 1), 5) == []
    found = queue.entry(db, turn.id)
    assert (found.state, found.room_id, found.host_id) == ("waiting", None, None)


def test_an_undone_recall_leaves_the_first_call_on_the_board(db: Db, claire: Account) -> None:
    turn, _ = a_call(db, claire)
    calls.recall(db, turn.id, claire.id, after(T + 30))
    undo(db, journal.version(db, BEARN), claire.id, after(T + 31))
    assert [call.nth for call in calls.latest(db, BEARN, after(T + 31), 5)] == [1]


def test_somebody_whose_call_was_undone_is_called_again(db: Db, claire: Account) -> None:
    turn, seq = a_call(db, claire)
    undo(db, seq, claire.id, after(T + 1))
    again = calls.call_next(db, [PARQUET], claire_calling(claire), after(T + 2))
    assert again is not None
    assert again.id == turn.id
    assert [call.called_at for call in calls.latest(db, BEARN, after(T + 2), 5)] == [after(T + 2)]


def test_a_meeting_is_not_undone_into_a_call_while_another_is_called(
    db: Db, claire: Account
) -> None:
    turn, _ = a_call(db, claire)
    calls.receive(db, turn.id, claire.id, after(T + 1))
    seq = journal.version(db, BEARN)
    arrive(db, service_id=PARQUET)
    calls.call_next(db, [PARQUET], claire_calling(claire), after(T + 2))
    with pytest.raises(TooLate):
        undo(db, seq, claire.id, after(T + 3))
    assert queue.entry(db, turn.id).state == "serving"


def test_an_undone_arrival_is_a_mistake_and_its_number_is_not_given_again(
    db: Db, nadia: Account
) -> None:
    visit = arrive(db, by=nadia.id, private=True, need="droit")
    undo(db, journal.version(db, BEARN), nadia.id, after(5))
    closed = visits.visit(db, visit.id)
    assert (closed.outcome, closed.closed_at) == ("mistake", after(5))
    assert (closed.need, closed.private) == (None, False)
    assert turn_of(db, visit).state == "undone"
    assert visits.open_visits(db, BEARN, visit.day) == []
    assert arrive(db).number == visit.number + 1


def test_the_code_of_an_undone_arrival_is_not_used_again(db: Db, nadia: Account) -> None:
    code = new_code()
    arrive(db, by=nadia.id, code=code)
    undo(db, journal.version(db, BEARN), nadia.id, after(5))
    with pytest.raises(CodeUsed):
        arrive(db, by=nadia.id, code=code, at=after(6))


def test_the_last_change_of_a_person_is_the_one_to_undo(db: Db, nadia: Account) -> None:
    arrive(db, by=nadia.id)
    arrive(db, by=nadia.id, at=after(1))
    arrive(db, by="kiosk", at=after(2))
    found = undoable(db, nadia.id, after(3))
    assert found is not None
    assert (found.verb, found.number) == ("arrived", 2)


def test_somebody_who_did_nothing_has_nothing_to_undo(db: Db, house: HouseText) -> None:
    assert undoable(db, "nadia", MONDAY) is None
    arrive(db)
    assert undoable(db, "nadia", MONDAY) is None


def test_a_verb_that_fails_writes_nothing(db: Db, claire: Account) -> None:
    turn, seq = a_call(db, claire)
    calls.receive(db, turn.id, claire.id, after(T + 1))
    with pytest.raises(calls.NotNow):
        calls.receive(db, turn.id, claire.id, after(T + 2))
    assert journal.version(db, BEARN) == seq + 1
