"""Live screens: streams held open and read by one process, without a thread."""

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from benchmarks.server import HOST, SITE

MANY = 200
OPEN_WITHIN_S = 20
SPAWN = get_context("spawn")


@contextmanager
def open_streams(port: int, number: int = MANY) -> Iterator[list[int]]:
    """`number` streams of the site; at the end, the list holds how many changes each heard."""
    ours, theirs = SPAWN.Pipe()
    reader = SPAWN.Process(target=_read, args=(port, number, theirs), daemon=True)
    reader.start()
    heard: list[int] = []
    try:
        if not ours.poll(OPEN_WITHIN_S) or ours.recv() != number:
            raise RuntimeError(f"the server does not open {number} streams")
        yield heard
        ours.send("enough")
        heard += ours.recv()
    finally:
        reader.join(5)
        reader.kill()


def _read(port: int, number: int, parent: Connection) -> None:
    end = time.monotonic() + OPEN_WITHIN_S
    streams = [open_stream(port, end) for _ in range(number)]
    selector = selectors.DefaultSelector()
    changes = dict.fromkeys(streams, 0)
    for stream in streams:
        selector.register(stream, selectors.EVENT_READ)
    selector.register(parent, selectors.EVENT_READ)
    parent.send(len(streams))
    while not parent.poll():
        for key, _ in selector.select():
            if isinstance(key.fileobj, socket.socket):
                changes[key.fileobj] += key.fileobj.recv(65536).count(b"event: change")
    for stream in streams:
        stream.close()
    parent.send(list(changes.values()))


def open_stream(port: int, end: float) -> socket.socket:
    """One stream; places that closed streams still hold are waited for."""
    while time.monotonic() < end:
        stream = socket.create_connection((HOST, port), timeout=10)
        stream.sendall(f"GET /live/{SITE}?v=0 HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
        if stream.recv(4096).startswith(b"HTTP/1.1 200"):
            return stream
        stream.close()
        time.sleep(0.1)
    raise TimeoutError("no place for a stream")
