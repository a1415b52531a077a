"""A tap on "take a ticket": how many a second, alone, under 200 screens, after 100,000 visits."""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from accueil.store import journal
from accueil.store.journal import Event
from benchmarks import figures, past
from benchmarks.figures import Figure
from benchmarks.load import CONNECTIONS, Round, latency_ms, load, median_rate
from benchmarks.server import MONDAY, Server, house, running, state
from benchmarks.streams import MANY, SPAWN, open_streams

ROUNDS = 5
ROUND_S = 2.5
WARM_S = 1.0
# Closed streams leave at the next change that they are told.
LEAVING_S = 1.0


def measure() -> list[Figure]:
    """Hello, check-ins alone, with streams, with a past: in turn, ROUNDS times, medians."""
    rounds: dict[str, list[Round]] = defaultdict(list)
    heard: list[int] = []
    with ExitStack() as stack:
        plain = stack.enter_context(running(stack.enter_context(house())))
        old = stack.enter_context(_with_a_past())
        crowd = stack.enter_context(ProcessPoolExecutor(1, mp_context=SPAWN))

        def ask(server: Server, kind: str, seconds: float = ROUND_S) -> Round:
            _empty_the_room(server)
            before = server.processor_ms()
            found = crowd.submit(load, server.port, kind, seconds).result()
            taken = server.processor_ms() - before
            return replace(found, processor_ms=taken / len(found.latencies_ms))

        for server in (plain, old):
            for kind in ("hello", "check-in"):
                ask(server, kind, WARM_S)
        for _ in range(ROUNDS):
            rounds["hello"].append(ask(plain, "hello"))
            rounds["alone"].append(ask(plain, "check-in"))
            rounds["past"].append(ask(old, "check-in"))
            with open_streams(plain.port) as changes:
                rounds["streams"].append(ask(plain, "check-in"))
            heard += changes
            ask(plain, "check-in", 0)
            time.sleep(LEAVING_S)
        memory, disk = plain.memory_mb(), _disk_ms(plain)
    return _figures(rounds, heard, memory, disk)


def _figures(
    rounds: dict[str, list[Round]], heard: list[int], memory: float, disk: float
) -> list[Figure]:
    hello, alone = rounds["hello"], rounds["alone"]
    answered = sum(len(each.latencies_ms) for kind in rounds.values() for each in kind)
    errors = sum(each.errors for kind in rounds.values() for each in kind)
    told = f"{_spread(rounds['streams'])}; each told {statistics.mean(heard):.0f} changes a round"
    several = f"{CONNECTIONS} connections"
    return [
        figures.shown("hello", median_rate(hello), "/s", _spread(hello)),
        figures.shown("check-in", median_rate(alone), "/s", _spread(alone)),
        figures.at_least(
            "check-in / hello", 1 / _cost(rounds, "alone", "hello"), "×", 0.05, "aim 0.1"
        ),
        figures.shown("check-in p50", latency_ms(alone, 50), "ms", several),
        figures.at_most("check-in p95", latency_ms(alone, 95), "ms", 50, several),
        figures.at_most(f"cost with {MANY} streams", _cost(rounds, "streams"), "×", 1.3, told),
        figures.at_most(
            f"cost after {past.VISITS:,} visits",
            _cost(rounds, "past"),
            "×",
            1.3,
            _spread(rounds["past"]),
        ),
        *(
            figures.shown(f"processor, {name}", _processor_ms(each), "ms", "for one answer")
            for name, each in rounds.items()
        ),
        figures.shown("disk", disk, "ms", "to keep one page for good (fdatasync), median"),
        figures.at_most("errors", errors, "", 0, f"of {answered} answers"),
        figures.at_most("memory after the load", memory, "MB", 120, "PSS, server and worker"),
    ]


def _cost(rounds: dict[str, list[Round]], kind: str, plain: str = "alone") -> float:
    """How many times as long one kind takes as the plain one beside it: the median."""
    pairs = zip(rounds[kind], rounds[plain], strict=True)
    return statistics.median(beside.rate / each.rate for each, beside in pairs)


def _spread(rounds: list[Round]) -> str:
    return "rounds " + ", ".join(f"{each.rate:.0f}" for each in rounds)


def _processor_ms(rounds: list[Round]) -> float:
    return statistics.median(each.processor_ms for each in rounds)


def _disk_ms(server: Server) -> float:
    """What the disk under the house's data takes to keep a page: each check-in waits for it."""
    times = []
    with (server.folder / "page").open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(bytes(4096))
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


@contextmanager
def _with_a_past() -> Iterator[Server]:
    with house() as folder:
        past.furnish(folder)
        with running(folder) as server:
            yield server


def _empty_the_room(server: Server) -> None:
    """Every round begins with nobody waiting: a thousand people never do."""
    with state(server.folder) as db, db.transaction():
        db.run("UPDATE queue_entry SET state = 'left' WHERE state = 'waiting'")
        journal.write(db, Event("sent away", "house"), MONDAY)
