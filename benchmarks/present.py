"""Everybody at once: screens that hold a stream, boards that show a call, phones that ask again
when their page says, in a process of their own and without a thread."""

import heapq
import re
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from benchmarks.server import HOST, SITE
from benchmarks.streams import SPAWN, open_stream

SCREENS, BOARDS, PHONES = 200, 10, 300
# Until a phone's page has said when to ask again.
EVERY_S = 15.0
OPEN_WITHIN_S = 30
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
ETAG = re.compile(rb"etag: *(\S+)", re.IGNORECASE)
AGAIN = re.compile(rb'hx-trigger="every (\d+)s"')


@dataclass
class Heard:
    """The machine's monotonic instants when each screen was told of a change, and when each board
    had what it shows; how long each phone waited, and how many answers were 304, or faults."""

    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    phones_ms: list[float] = field(default_factory=list)
    unchanged: int = 0
    faults: int = 0

    def phone_ms(self) -> float:
        return statistics.median(self.phones_ms) if self.phones_ms else 0.0


@contextmanager
def present(
    port: int, codes: list[str], screens: int = SCREENS, boards: int = BOARDS
) -> Iterator[Heard]:
    """So many screens, and a phone for each code; what they heard is whole once they have gone."""
    ours, theirs = SPAWN.Pipe()
    arguments = (port, codes, screens, boards, theirs)
    crowd = SPAWN.Process(target=_attend, args=arguments, daemon=True)
    crowd.start()
    heard = Heard()
    try:
        if not ours.poll(OPEN_WITHIN_S) or ours.recv() != screens:
            raise RuntimeError(f"the server does not open {screens} streams")
        yield heard
        ours.send("enough")
        if not ours.poll(OPEN_WITHIN_S):
            raise RuntimeError("the screens do not go")
        heard.__dict__.update(ours.recv().__dict__)
    finally:
        crowd.join(5)
        crowd.kill()


class _Asker:
    """One connection that asks for a page now and then, and keeps what it knows of it: `every_s`
    is when the page is to be asked for again."""

    def __init__(self, port: int, path: str):
        self.socket = socket.create_connection((HOST, port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n".encode()
        self._known, self._heard, self._asked = b"", b"", 0.0
        self.waits, self.every_s = False, EVERY_S

    def ask(self) -> None:
        known = b"If-None-Match: " + self._known + b"\r\n" if self._known else b""
        self._heard, self._asked, self.waits = b"", time.monotonic(), True
        self.socket.sendall(self._head + known + b"\r\n")

    def hear(self) -> tuple[int, float] | None:
        """The status and the milliseconds of an answer that is whole; 0 when the line is cut."""
        received = self.socket.recv(65536)
        self._heard += received
        head, cut, body = self._heard.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1]) if cut else 0
        length = LENGTH.search(head)
        whole = status in (204, 304) or (cut and length and len(body) >= int(length[1]))
        if received and not whole:
            return None
        self.waits = False
        etag = ETAG.search(head)
        self._known = etag[1] if etag else self._known
        again = AGAIN.search(body)
        self.every_s = float(again[1]) if again else self.every_s
        return status, (time.monotonic() - self._asked) * 1000


class _Crowd:
    def __init__(self, port: int, codes: list[str], screens: int, boards: int):
        end = time.monotonic() + OPEN_WITHIN_S
        self.heard = Heard()
        self.selector = selectors.DefaultSelector()
        self.boards: dict[socket.socket, _Asker] = {}
        for number in range(screens):
            stream = open_stream(port, end)
            self.selector.register(stream, selectors.EVENT_READ, self._told)
            if number < boards:
                board = self._add(_Asker(port, f"/ecran/{SITE}/appels"), self._shown)
                self.boards[stream] = board
        self.phones = [self._add(_Asker(port, f"/v/{code}/tour"), self._answered) for code in codes]
        now = time.monotonic()
        self.due = [(now + EVERY_S * n / len(codes), n) for n in range(len(codes))]

    def attend(self, parent: Connection) -> None:
        """Until the parent has had enough."""
        while not parent.poll():
            pause = self.due[0][0] - time.monotonic() if self.due else 0.1
            for key, _ in self.selector.select(min(max(pause, 0.0), 0.1)):
                key.data(key.fileobj)
            while self.due and self.due[0][0] <= time.monotonic():
                at, number = heapq.heappop(self.due)
                heapq.heappush(self.due, (at + self.phones[number].every_s, number))
                if not self.phones[number].waits:
                    self.phones[number].ask()

    def close(self) -> None:
        for key in list(self.selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()

    def _add(self, asker: _Asker, hear: Callable[[_Asker], None]) -> _Asker:
        self.selector.register(asker.socket, selectors.EVENT_READ, lambda _: hear(asker))
        return asker

    def _told(self, stream: socket.socket) -> None:
        received = stream.recv(65536)
        if not received:
            self.heard.faults += 1
            self.selector.unregister(stream)
        if b"event: change" in received:
            self.heard.told.append(time.monotonic())
            board = self.boards.get(stream)
            if board and not board.waits:
                board.ask()

    def _shown(self, board: _Asker) -> None:
        answer = board.hear()
        if answer:
            self.heard.shown.append(time.monotonic())
            self.heard.faults += answer[0] != 200

    def _answered(self, phone: _Asker) -> None:
        answer = phone.hear()
        if answer:
            status, ms = answer
            self.heard.phones_ms.append(ms)
            self.heard.unchanged += status == 304
            self.heard.faults += status not in (200, 304)


def _attend(port: int, codes: list[str], screens: int, boards: int, parent: Connection) -> None:
    crowd = _Crowd(port, codes, screens, boards)
    parent.send(screens)
    crowd.attend(parent)
    crowd.close()
    parent.send(crowd.heard)
