"""Answers that many screens ask for at the same moment: each is made once."""

import threading
from collections.abc import Callable

MOST = 64


class Kept:
    """The last answers by what they are made of, for every thread of a server."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._made: dict[tuple[object, ...], str] = {}

    def once(self, of: tuple[object, ...], make: Callable[[], str]) -> str:
        """The answer that is made of this; whoever asks while it is made waits for it."""
        found = self._made.get(of)
        if found is None:
            with self._making:
                found = self._made.get(of)
                if found is None:
                    found = make()
                    if len(self._made) >= MOST:
                        self._made.clear()
                    self._made[of] = found
        return found
