"""A server as `make run` starts it, in processes of its own."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from accueil.store.db import Store
from app import create_app
from blueprints.commands import load_house
from tests import personae

ROOT = Path(__file__).parent.parent.parent
STARTS_WITHIN_S = 30
TALKATIVE = {"GRANIAN_LOG_ACCESS_ENABLED": "true", "GRANIAN_LOG_LEVEL": "debug"}
NUMBER = re.compile(rb'class="number"><bdi dir="ltr">(\d+)</bdi>')


def furnish(folder: Path) -> Store:
    """The data of a server in `folder`, and the store to look into it once it is stopped."""
    store: Store = create_app(folder).extensions["house"].store
    with store.connection() as db:
        load_house(db, personae.FOLDER, personae.MONDAY)
    store.close()
    return store


class Server:
    """A running server; `kill` ends all its processes at once, as a power cut would.

    With `log`, it writes there all that it can say, each address that is asked included.
    """

    def __init__(self, folder: Path, workers: int = 1, log: Path | None = None):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        output = log.open("wb") if log else None
        self._process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "granian"),
                *("--host", "127.0.0.1", "--port", str(self.port)),
                *("--workers", str(workers), "app:serve"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                **personae.served(),
                "ACCUEIL_DATA": str(folder),
                "ACCUEIL_NOW": "2026-11-23T09:20",
                **(TALKATIVE if log else {}),
            },
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        if output:
            output.close()
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def register(self, code: str) -> tuple[int, int | None]:
        """Take a ticket at the kiosk: the status, and the number. Raises when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = urlencode({"language": "fr", "need": "droit", "code": code})
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Sec-Fetch-Site": "same-origin",
            }
            connection.request("POST", f"/borne/{personae.BEARN}/ticket", body, headers)
            answer = connection.getresponse()
            found = NUMBER.search(answer.read())
            return answer.status, int(found[1]) if found else None
        finally:
            connection.close()

    def _wait(self) -> None:
        end = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < end:
            assert self._process.poll() is None, "the server stopped"
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/live/bearn/version")
                assert connection.getresponse().status in (200, 204)
                return
            except OSError:
                time.sleep(0.02)
            finally:
                connection.close()
        raise TimeoutError("the server did not start")


@contextmanager
def serving(folder: Path, workers: int = 1, log: Path | None = None) -> Iterator[Server]:
    server = Server(folder, workers, log)
    try:
        yield server
    finally:
        server.kill()
