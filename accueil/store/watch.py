"""Watching the store: one thread that sees the commits of every process, for all live screens.

`PRAGMA data_version` changes when another connection has committed; the watcher's own
connection writes nothing, so it sees them all.
"""

import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing

from accueil.store import sqlite
from accueil.store.db import Store
from accueil.store.errors import StoreError

log = logging.getLogger("accueil")

LOOK_EVERY_S = 0.05
# After waking everybody, a pause: under load, screens are told four times a second, not more.
PAUSE_S = 0.25
AFTER_FAULT_S = 1.0


class Watch:
    """The version of each site (its last journal number), and a way to wait for the next."""

    def __init__(self, store: Store):
        self._store = store
        self._waiting = threading.Lock()
        self._bells: dict[str, set[threading.Lock]] = defaultdict(set)
        self._versions: dict[str, int] = {}
        self._last = 0
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def wait(self, site_id: str, seen: int, timeout_s: float) -> int:
        """The version of the site as soon as it is not `seen`, or after `timeout_s` seconds."""
        bell = threading.Lock()
        bell.acquire()
        with self._waiting:
            self._start()
            version = self._versions.get(site_id, seen)
            if version != seen or self.closed:
                return version
            self._bells[site_id].add(bell)
        if not bell.acquire(timeout=timeout_s):
            with self._waiting:
                self._bells[site_id].discard(bell)
        return self._versions.get(site_id, seen)

    def close(self) -> None:
        """Stop watching, and let every waiting stream end."""
        with self._waiting:
            self._closed.set()
            self._ring(tuple(self._bells))

    def _ring(self, sites: Iterable[str]) -> None:
        """Each waits on a bell of its own: two hundred who share one hold each other up."""
        for site_id in sites:
            for bell in self._bells.pop(site_id, ()):
                bell.release()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
            self._thread.start()

    def _look(self) -> None:
        """Until closed, whatever happens to the file meanwhile."""
        while not self.closed:
            try:
                connection = sqlite.connect(self._store.path)
                with closing(connection):
                    self._follow(connection)
            except (sqlite3.Error, StoreError) as error:
                log.error("watching: %s", error)
                self._closed.wait(AFTER_FAULT_S)

    def _follow(self, connection: sqlite3.Connection) -> None:
        seen = None
        while not self.closed:
            version = connection.execute("PRAGMA data_version").fetchone()[0]
            if version == seen:
                self._closed.wait(LOOK_EVERY_S)
                continue
            seen = version
            found = connection.execute(
                "SELECT site_id, max(seq) FROM journal"
                " WHERE seq > ? AND site_id IS NOT NULL GROUP BY site_id",
                (self._last,),
            ).fetchall()
            self._tell(dict(found))
            self._closed.wait(PAUSE_S)

    def _tell(self, versions: dict[str, int]) -> None:
        if versions:
            with self._waiting:
                self._versions.update(versions)
                self._last = max(self._last, *versions.values())
                self._ring(versions)
