"""Passages taken back, the board with them; and two hosts who touch at the same moment."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from accueil.house.accounts import Account
from accueil.reception import calls, passages, queue, visits
from accueil.reception.calls import Host
from accueil.reception.change import NotNow, TooLate, undo, undoable
from accueil.reception.queue import Entry
from accueil.reception.visits import Visit
from accueil.store import journal
from accueil.store.db import Db, Store
from tests.personae import (
    BEARN,
    KEY,
    MISSION_LOCALE,
    MISSION_LOCALE_ROOM,
    PARQUET,
    PARQUET_ROOM,
    after,
    arrive,
    claire_calling,
    karim_calling,
    turn_of,
)
from tests.reception.turns import T, board, somebody, turns

# ---- taking back ---------------------------------------------------------------------------------

Step = Callable[[Db, str, Account], object]
UNDONE: dict[str, tuple[str, Step]] = {
    "hand over": (
        "serving",
        lambda db, turn, by: passages.hand_over(db, turn, MISSION_LOCALE, by.id, after(T)),
    ),
    "hand over a call": (
        "called",
        lambda db, turn, by: passages.hand_over(db, turn, MISSION_LOCALE, by.id, after(T)),
    ),
    "also": (
        "waiting",
        lambda db, turn, by: passages.also(db, turn, MISSION_LOCALE, by.id, after(T)),
    ),
    "then": (
        "waiting",
        lambda db, turn, by: passages.then(db, turn, MISSION_LOCALE, by.id, after(T)),
    ),
    "park": (
        "called",
        lambda db, turn, by: passages.park(db, turn, "paper", after(T + 600), by.id, after(T)),
    ),
    "precedence": (
        "waiting",
        lambda db, turn, by: passages.give_precedence(
            db, queue.entry(db, turn).visit_id, True, by.id, after(T)
        ),
    ),
    "came back": (
        "absent",
        lambda db, turn, by: calls.came_back(db, turn, by.id, after(T)),
    ),
}


def whole(db: Db, visit: Visit) -> tuple[Visit, list[Entry]]:
    every = [each for each in queue.entries(db, visit.id) if each.state != "undone"]
    return visits.visit(db, visit.id), every


@pytest.mark.parametrize("verb", UNDONE)
def test_each_passage_is_taken_back_within_ten_seconds(db: Db, claire: Account, verb: str) -> None:
    state, act = UNDONE[verb]
    visit, turn = somebody(db, claire, state)
    before, shown = whole(db, visit), board(db, after(T))
    act(db, turn, claire)
    assert whole(db, visit) != before
    done = undoable(db, claire.id, after(T + 9))
    assert done
    undo(db, done.seq, claire.id, after(T + 9))
    assert whole(db, visit) == before
    assert board(db, after(T + 9)) == shown
    assert journal.first_broken(db) is None


@pytest.mark.parametrize("verb", UNDONE)
def test_no_passage_is_taken_back_later(db: Db, claire: Account, verb: str) -> None:
    state, act = UNDONE[verb]
    visit, turn = somebody(db, claire, state)
    act(db, turn, claire)
    seq, done = journal.version(db, BEARN), whole(db, visit)
    with pytest.raises(TooLate):
        undo(db, seq, claire.id, after(T + 10.1))
    assert whole(db, visit) == done


def test_a_meeting_taken_back_holds_again_what_was_to_come_after(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire, "serving")
    passages.then(db, turn, MISSION_LOCALE, claire.id, after(3))
    calls.finish(db, turn, claire.id, after(T))
    undo(db, journal.version(db, BEARN), claire.id, after(T + 5))
    assert turns(db, visit) == [(PARQUET, "serving", None), (MISSION_LOCALE, "waiting", "after")]


def test_a_call_out_of_parking_taken_back_is_parked_again(db: Db, claire: Account) -> None:
    _, turn = somebody(db, claire)
    passages.park(db, turn, "interpreter", after(T + 600), claire.id, after(5))
    parked = queue.entry(db, turn)
    calls.call(db, turn, claire_calling(claire), after(T))
    assert queue.entry(db, turn).hold is None
    undo(db, journal.version(db, BEARN), claire.id, after(T + 5))
    found = queue.entry(db, turn)
    assert (found.state, found.hold, found.hold_reason, found.back_at) == (
        ("waiting", "parked", "interpreter", parked.back_at)
    )


def test_the_board_forgets_a_call_that_was_taken_back_and_shows_the_next(
    db: Db, claire: Account
) -> None:
    visit, turn = somebody(db, claire)
    other = arrive(db, service_id=PARQUET, at=after(1))
    calls.call(db, turn_of(db, other).id, claire_calling(claire), after(T))
    assert board(db, after(T)) == [(other.number, "called", 1)]
    undo(db, journal.version(db, BEARN), claire.id, after(T + 5))
    assert board(db, after(T + 5)) == []
    assert queue.entry(db, turn).passed == 0
    calls.call_next(db, [PARQUET], claire_calling(claire), after(T + 6))
    assert board(db, after(T + 6)) == [(visit.number, "called", 1)]


# ---- two hosts at once ---------------------------------------------------------------------------


def at_once(path: Path, *acts: Callable[[Db], object]) -> list[object]:
    """What each of these gives, done by threads at the same moment; an error is its own class."""
    store, ready = Store(path, KEY), threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def do(position: int) -> None:
        with store.connection() as db:
            ready.wait(20)
            try:
                found[position] = acts[position](db)
            except NotNow:
                found[position] = NotNow

    threads = [threading.Thread(target=do, args=(each,)) for each in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    return found


def called_by(turn: str, host: Host, db: Db) -> Entry:
    return calls.call(db, turn, host, after(T))


def test_of_two_hosts_who_call_one_person_at_once_one_gets_them(
    path: Path, db: Db, claire: Account, karim: Account
) -> None:
    for _ in range(8):
        visit, turn = somebody(db, claire)
        hosts = (Host(claire.id, PARQUET_ROOM), Host(karim.id, MISSION_LOCALE_ROOM))
        found = at_once(path, *(partial(called_by, turn, host) for host in hosts))
        [called] = [each for each in found if isinstance(each, Entry)]
        assert found.count(NotNow) == 1
        assert (called.visit_id, called.state) == (visit.id, "called")
        assert queue.entry(db, turn).calls == 1
        calls.finish(db, turn, str(called.host_id), after(T + 1))


def test_of_two_hosts_in_whose_lines_one_person_waits_one_gets_them(
    path: Path, db: Db, claire: Account, karim: Account
) -> None:
    _, turn = somebody(db, claire)
    passages.also(db, turn, MISSION_LOCALE, "nadia", after(3))
    found = at_once(
        path,
        lambda db: calls.call_next(db, [PARQUET], claire_calling(claire), after(T)),
        lambda db: calls.call_next(db, [MISSION_LOCALE], karim_calling(karim), after(T)),
    )
    assert len([each for each in found if each]) == 1
    assert len(board(db, after(T))) == 1


def test_handed_over_and_parked_at_once_is_one_of_them(path: Path, db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire, "serving")
    at_once(
        path,
        lambda db: passages.hand_over(db, turn, MISSION_LOCALE, claire.id, after(T)),
        lambda db: passages.park(db, turn, "paper", None, claire.id, after(T)),
    )
    states = turns(db, visit)
    # Parked first, they had no meeting any more when they were handed over.
    assert states in (
        [(PARQUET, ended, None), (MISSION_LOCALE, "waiting", None)] for ended in ("done", "moved")
    )
    assert journal.first_broken(db) is None


def test_a_late_return_taken_back_was_no_return(db: Db, claire: Account) -> None:
    visit, turn = somebody(db, claire, "absent")
    before = whole(db, visit)
    calls.came_back(db, turn, "nadia", after(3600))
    assert queue.entry(db, turn).queued_at == after(3600)
    undo(db, journal.version(db, BEARN), "nadia", after(3605))
    assert whole(db, visit) == before
