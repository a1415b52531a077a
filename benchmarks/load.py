"""Load: keep-alive connections on plain sockets, in a process of its own with its own GIL."""

import re
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from accueil.store.codes import new_code
from benchmarks.server import HOST, SITE

CONNECTIONS = 8
PARQUET = "ecs-parquet-sans-rdv"
DESK = "ecs-accueil-partage"  # it gives every ticket, however long its line
TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Round:
    """What the answers of one round were: requests a second, each latency, how many failed.

    `processor_ms` is what one answer took of the server's processor: unlike the rate, it is
    much the same whatever else the machine does.
    """

    rate: float
    latencies_ms: list[float]
    errors: int
    processor_ms: float = 0.0


def median_rate(rounds: list[Round]) -> float:
    return statistics.median(each.rate for each in rounds)


def latency_ms(rounds: list[Round], percent: int) -> float:
    every = [latency for each in rounds for latency in each.latencies_ms]
    return statistics.quantiles(every, n=100)[percent - 1]


def hello(_port: int) -> Iterator[bytes]:
    while True:
        yield b"GET /hello HTTP/1.1\r\nHost: bench\r\n\r\n"


def check_ins(port: int) -> Iterator[bytes]:
    """What a kiosk sends at each tap on a ticket: one session, a new code each time."""
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", f"/borne/{SITE}")
    answer = connection.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    token = TOKEN.search(answer.read())
    connection.close()
    assert token, "the kiosk's first screen has no csrf_token"
    form = {
        "csrf_token": token[1].decode(),
        "language": "fr",
        "need": "droit",
        "service": DESK,
    }
    head = (
        f"POST /borne/{SITE}/ticket HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
    )
    while True:
        body = urlencode({**form, "code": new_code()})
        yield f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


# What is asked, and what the answer holds when it is the right one.
KINDS: dict[str, tuple[Callable[[int], Iterator[bytes]], bytes]] = {
    "hello": (hello, b"hello"),
    "check-in": (check_ins, b"data-ticket"),
}


class Line:
    """One connection: it asks, hears the whole answer, and asks again."""

    def __init__(self, port: int, requests: Iterator[bytes], expected: bytes):
        self.socket = socket.create_connection((HOST, port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._expected = expected
        self._heard = b""
        self._asked = 0.0

    def ask(self) -> None:
        request = next(self._requests)
        self._heard = b""
        self._asked = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> tuple[float, bool] | None:
        """The latency and whether the answer is right; None until it is whole."""
        received = self.socket.recv(65536)
        self._heard += received
        head, _, body = self._heard.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if received and (length is None or len(body) < int(length[1])):
            return None
        right = head.startswith(b"HTTP/1.1 200") and self._expected in body
        return (time.perf_counter() - self._asked) * 1000, right


def load(port: int, kind: str, seconds: float, connections: int = CONNECTIONS) -> Round:
    """Ask for `seconds` on every connection, each as soon as it is answered."""
    asked, expected = KINDS[kind]
    lines = [Line(port, asked(port), expected) for _ in range(connections)]
    selector = selectors.DefaultSelector()
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
    latencies, errors = [], 0
    begin = time.perf_counter()
    for line in lines:
        line.ask()
    while selector.get_map():
        for key, _ in selector.select(10) or _nobody():
            heard = key.data.hear()
            if heard is None:
                continue
            latencies.append(heard[0])
            errors += not heard[1]
            if heard[1] and time.perf_counter() - begin < seconds:
                key.data.ask()
            else:
                selector.unregister(key.fileobj)
    took = time.perf_counter() - begin
    for line in lines:
        line.socket.close()
    return Round(len(latencies) / took, latencies, errors)


def _nobody() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("no answer for ten seconds")
