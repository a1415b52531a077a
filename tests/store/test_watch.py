"""The watcher sees every commit, and goes on after the file has failed it."""

import threading
import time

from accueil.store import journal
from accueil.store.db import Store
from accueil.store.journal import Event
from accueil.store.watch import Watch
from tests.personae import MONDAY


def happen(store: Store, site: str = "here") -> int:
    with store.connection() as db, db.transaction():
        return journal.write(db, Event("happened", "house", site), MONDAY)


def test_whoever_waits_is_woken_by_what_happens_at_their_site(store: Store) -> None:
    watching = Watch(store)
    first = happen(store)
    assert watching.wait("here", 0, 5) == first
    threading.Timer(0.2, happen, [store]).start()
    assert watching.wait("here", first, 5) == first + 1
    watching.close()


def test_what_happens_elsewhere_wakes_nobody_here(store: Store) -> None:
    watching = Watch(store)
    first = happen(store)
    watching.wait("here", 0, 5)
    happen(store, "elsewhere")
    assert watching.wait("here", first, 0.5) == first
    watching.close()


def test_a_fault_of_the_file_does_not_end_the_watch(store: Store) -> None:
    seen = happen(store)
    store.close()
    elsewhere = store.path.with_name("elsewhere.db")
    store.path.rename(elsewhere)
    watching = Watch(store)
    assert watching.wait("here", 0, 0.3) == 0
    elsewhere.replace(store.path)
    assert watching.wait("here", 0, 5) == seen
    watching.close()


def test_closing_lets_every_stream_end(store: Store) -> None:
    watching = Watch(store)
    threading.Timer(0.2, watching.close).start()
    began = time.monotonic()
    watching.wait("here", 0, 30)
    assert time.monotonic() - began < 5
