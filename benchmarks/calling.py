"""A partner who calls, from their own page of the real server."""

import re
from types import TracebackType
from typing import Self

from benchmarks.client import Client

FINISH = re.compile(r'action="([^"]+/finish)"')


class Partner:
    def __init__(self, port: int, login: str, room: str):
        self._client, self._room = Client(port), room
        self._client.log_in(login)
        self._client.get("/partenaire")
        self._finish = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._client.close()

    def call(self) -> bool:
        """The next person of the queue; whether there was one."""
        answer = self._client.post("/partenaire/appeler", room=self._room)
        assert answer.status == 303, f"the call was answered {answer.status}"
        finish = FINISH.search(self._client.get("/partenaire").text)
        self._finish = finish[1] if finish else ""
        return bool(finish)

    def finish(self) -> None:
        """The person who was called has been received."""
        if self._finish:
            answer = self._client.post(self._finish)
            assert answer.status == 303, f"the end was answered {answer.status}"
            self._finish = ""
