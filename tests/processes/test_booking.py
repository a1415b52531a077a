"""Sixty-four people want one slot at the same moment, from four processes, two hundred times."""

import multiprocessing
import threading
from collections import Counter
from datetime import time, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from accueil.planning import booking, changes, plans, slots
from accueil.planning.booking import NotFree, Wish
from accueil.planning.rooms import RoomTaken
from accueil.planning.slots import DESK
from accueil.store import journal
from accueil.store.codes import new_code
from accueil.store.db import Db, Store
from tests.personae import KEY, MONDAY
from tests.planning.little import AIDE, AUTRE, FIRST, WEEK, furnish, make

PROCESSES, THREADS, ROUNDS = 4, 16, 200
SEATS = 12
Tries = list[tuple[int, str]]


@pytest.fixture
def little(db: Db) -> None:
    furnish(db)


def test_64_people_who_want_one_slot_get_one_booking_and_63_other_proposals(
    path: Path, db: Db, little: None
) -> None:
    make(db, slot_minutes=5, last_day=FIRST + 6 * WEEK)
    wanted = slots.free(db, AIDE, MONDAY, asker=DESK, number=ROUNDS)
    assert len(wanted) == ROUNDS
    tries = at_once(path, [slot.id for slot in wanted])
    found = Counter(tries)
    assert {outcome for _, outcome in found} == {"booked", "another proposed"}
    assert [found[n, "booked"] for n in range(ROUNDS)] == [1] * ROUNDS
    assert [found[n, "another proposed"] for n in range(ROUNDS)] == [63] * ROUNDS
    kept = db.all("SELECT slot_id FROM booking")
    assert {row["slot_id"] for row in kept} == {slot.id for slot in wanted}
    assert journal.first_broken(db) is None


def test_a_session_is_never_over_its_seats(path: Path, db: Db, little: None) -> None:
    make(db, mode="collective", places=SEATS)
    [session, *_] = slots.free(db, AIDE, MONDAY, asker=DESK)
    found = Counter(outcome for _, outcome in at_once(path, [session.id]))
    assert found == {"booked": SEATS, "another proposed": PROCESSES * THREADS - SEATS}
    assert db.all("SELECT count(*) AS n FROM booking")[0]["n"] == SEATS


def test_one_room_is_never_given_twice(path: Path, db: Db, little: None) -> None:
    """Sixty-four dates want one room at one hour: one has it, the others are told by whom."""
    day = FIRST + timedelta(days=1)
    for n in range(PROCESSES * THREADS):
        make(db, id=f"p{n}", room_id=None)
    found = Counter(outcome for _, outcome in together(path, take_room, [day.isoformat()]))
    assert found == {"has it": 1, "taken by another": PROCESSES * THREADS - 1}
    uses = db.all(
        "SELECT day, count(*) AS n FROM occurrence WHERE room_id = :room"
        " AND status = 'scheduled' AND exception = 'added' GROUP BY day",
        room=AUTRE,
    )
    assert [row["n"] for row in uses] == [1]


def at_once(path: Path, slot_ids: list[str]) -> Tries:
    """What each of 64 people got, for each slot in turn."""
    return together(path, want, slot_ids)


def together(path: Path, act: object, wanted: list[str]) -> Tries:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(PROCESSES * THREADS)
    with spawn.Pool(PROCESSES, initializer=meet_at, initargs=(barrier,)) as pool:
        answers = pool.starmap(
            crowd, [(path, act, wanted, n * THREADS) for n in range(PROCESSES)], chunksize=1
        )
        pool.close()
        pool.join()
    return [each for found in answers for each in found]


def meet_at(barrier: Barrier) -> None:
    globals()["meeting"] = barrier


def crowd(path: Path, act: object, wanted: list[str], first: int) -> Tries:
    """The people of one process, a thread each."""
    store, found = Store(path, KEY), Tries()

    def person(number: int) -> None:
        with store.connection() as db:
            for n, each in enumerate(wanted):
                globals()["meeting"].wait(60)
                found.append((n, act(db, each, number)))

    threads = [threading.Thread(target=person, args=(first + n,)) for n in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    store.close()
    return found


def want(db: Db, slot_id: str, number: int) -> str:
    try:
        booking.book(db, Wish(slot_id, new_code(), "desk", "fr"), DESK, f"agent {number}", MONDAY)
    except NotFree as refusal:
        return "another proposed" if refusal.next else "nothing proposed"
    return "booked"


def take_room(db: Db, day: str, number: int) -> str:
    wanted = FIRST.fromisoformat(day)
    planned = plans.adding(f"p{number}", wanted, time(9, number % 60), time(12), AUTRE, MONDAY)
    try:
        changes.carry_out(db, planned, {}, f"agent {number}", MONDAY)
    except RoomTaken as refusal:
        return "taken by another" if refusal.room and refusal.other else "taken"
    return "has it"
