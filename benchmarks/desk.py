"""The desk and a phone in the middle of a full day, asked of the real server one at a time."""

import statistics
from collections import defaultdict
from collections.abc import Callable

from benchmarks import figures, lived
from benchmarks.client import Answer, Client
from benchmarks.figures import Figure
from benchmarks.server import Server, house, running

WARM, ROUNDS = 10, 50
Ask = Callable[[], Answer]


def measure() -> list[Figure]:
    with house() as folder:
        codes = lived.live(folder)
        with running(folder, lived.AFTERNOON) as server:
            return _measure(server, codes[-1])


def _measure(server: Server, code: str) -> list[Figure]:
    agent, phone = Client(server.port), Client(server.port)
    agent.log_in("accueil")
    turn = f"/v/{code}/tour"
    known = phone.get(turn).etag
    asks: dict[str, tuple[Ask, int]] = {
        "hello": (lambda: phone.get("/hello"), 200),
        "desk page": (lambda: agent.get("/accueil"), 200),
        "desk, what changes": (lambda: agent.get("/accueil/jour"), 200),
        "phone": (lambda: phone.get(f"/v/{code}"), 200),
        "phone, what changes": (lambda: phone.get(turn), 200),
        "phone, unchanged": (lambda: phone.get(turn, known), 304),
    }
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(WARM + ROUNDS):
        for name, (ask, status) in asks.items():
            answer = ask()
            assert answer.status == status, f"{name}: {answer.status}"
            times[name].append(answer.ms)
    processor = {name: _processor_ms(server, ask) for name, (ask, _) in asks.items()}
    agent.close()
    phone.close()
    limits = dict(zip(asks, (0.0, 50.0, 15.0, 5.0, 5.0, 5.0), strict=True))
    people = f"{lived.VISITS} visits, {lived.WAITING} waiting"
    return [
        _figure(name, times[name][WARM:], times["hello"][WARM:], limit, processor[name], people)
        for name, limit in limits.items()
        if limit
    ]


def _figure(
    name: str, times: list[float], hello: list[float], limit: float, processor: float, people: str
) -> Figure:
    """What the server takes: what the client sees, but for what a page of one line takes."""
    plain = statistics.median(hello)
    seen = statistics.median(times)
    note = f"{people}; {seen:.1f} seen, worst {max(times):.1f}, processor {processor:.1f}"
    return figures.at_most(name, seen - plain, "ms", limit, note)


def _processor_ms(server: Server, ask: Ask) -> float:
    """What one answer takes of the server's processor, whatever else the machine does."""
    before = server.processor_ms()
    for _ in range(ROUNDS):
        ask()
    return (server.processor_ms() - before) / ROUNDS
