"""python -m benchmarks.soak --minutes 60: people come, are called and go, phones ask, screens
connect and leave; the server's memory stays what it was, and no stream stays behind.
"""

import argparse
import random
import socket
import statistics
import time
from collections import deque
from dataclasses import dataclass, field

from accueil.store.codes import new_code
from benchmarks import figures
from benchmarks.calling import Partner
from benchmarks.client import Client
from benchmarks.crowd import PARTNER
from benchmarks.figures import Figure
from benchmarks.load import PARQUET
from benchmarks.present import present
from benchmarks.server import HOST, SITE, Server, house, running
from blueprints.live import BEAT_S, MOST_STREAMS

STINT_S = 20.0  # how long one crowd of screens and phones stays
FEWEST, MOST, PHONES, BOARDS = 10, 150, 60, 5
COMES_EVERY_S = 1.0
# Each thread touches its stack, and each connection its cache, once and for all: some minutes.
WARM_STINTS = 15


@dataclass
class Soak:
    """What was counted. `memory` in MB, after each stint."""

    arrivals: int = 0
    calls: int = 0
    asked: int = 0
    faults: int = 0
    memory: list[float] = field(default_factory=list)
    codes: deque[str] = field(default_factory=lambda: deque(maxlen=PHONES))


def soak(minutes: float) -> list[Figure]:
    found = Soak()
    with house() as folder, running(folder) as server:
        kiosk = Client(server.port)
        kiosk.get(f"/borne/{SITE}")
        with Partner(server.port, *PARTNER) as partner:
            end = time.monotonic() + 60 * minutes
            while time.monotonic() < end:
                _stint(server, kiosk, partner, found)
                print(f"{len(found.memory):4} {found.memory[-1]:.1f} MB", flush=True)
        kiosk.close()
        time.sleep(BEAT_S + 1)
        left = MOST_STREAMS - _places(server.port)
    return _figures(found, left, minutes)


def _stint(server: Server, kiosk: Client, partner: Partner, found: Soak) -> None:
    """Some screens and everybody's phones, for a while; meanwhile people come and are called."""
    warming = len(found.memory) < WARM_STINTS
    screens = MOST if warming else random.randint(FEWEST, MOST)
    with present(server.port, list(found.codes), screens, BOARDS) as heard:
        end = time.monotonic() + STINT_S
        while time.monotonic() < end:
            begin = time.monotonic()
            _come(kiosk, found)
            found.calls += partner.call()
            partner.finish()
            time.sleep(max(begin + COMES_EVERY_S - time.monotonic(), 0))
    found.asked += len(heard.phones_ms) + len(heard.told)
    found.faults += heard.faults
    found.memory.append(server.memory_mb())


def _come(kiosk: Client, found: Soak) -> None:
    code = new_code()
    form = {"language": "fr", "need": "droit", "service": PARQUET, "code": code}
    answer = kiosk.post(f"/borne/{SITE}/ticket", **form)
    found.faults += answer.status != 200
    found.arrivals += 1
    found.codes.append(code)


def _places(port: int) -> int:
    """How many streams can be opened at once: as many as there are places, if none was lost."""
    streams: list[socket.socket] = []
    while len(streams) <= MOST_STREAMS:
        stream = socket.create_connection((HOST, port), timeout=10)
        stream.sendall(f"GET /live/{SITE}?v=0 HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
        if not stream.recv(4096).startswith(b"HTTP/1.1 200"):
            stream.close()
            break
        streams.append(stream)
    for stream in streams:
        stream.close()
    return len(streams)


def _figures(found: Soak, left: int, minutes: float) -> list[Figure]:
    """The memory of the last third beside that of the third after the warm-up."""
    stints = len(found.memory)
    warm = found.memory[max(stints // 4, min(WARM_STINTS, stints // 2)) :]
    share = max(len(warm) // 3, 1)
    first, last = statistics.median(warm[:share]), statistics.median(warm[-share:])
    people = f"{found.arrivals} arrivals, {found.calls} calls, {found.asked} other answers"
    return [
        figures.at_most("memory, end / beginning", last / first, "×", 1.1, people),
        figures.shown("memory at the end", last, "MB", f"most {max(found.memory):.1f}, PSS"),
        figures.at_most("streams left behind", left, "", 0, f"{minutes:g} minutes"),
        figures.at_most("faults", found.faults, "", 0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    measured = soak(parser.parse_args().minutes)
    print(figures.table(measured))
    print(figures.as_json(measured))


if __name__ == "__main__":
    main()
