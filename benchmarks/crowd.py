"""Two hundred screens and three hundred phones: what they leave to a kiosk, and how soon a call
is on the boards."""

import statistics
import time
from bisect import bisect_left
from concurrent.futures import ProcessPoolExecutor

from accueil.store import journal
from accueil.store.journal import Event
from benchmarks import figures, lived
from benchmarks.calling import Partner
from benchmarks.figures import Figure
from benchmarks.load import PARQUET, Round, load, median_rate
from benchmarks.present import BOARDS, PHONES, SCREENS, Heard, present
from benchmarks.server import MONDAY, Server, house, running, state
from benchmarks.streams import SPAWN

PARTNER = ("parquet", "bearn-bureau-3")
ROUNDS, ROUND_S, WARM_S = 5, 3.0, 1.5
CALLS, BETWEEN_S = 40, 0.6
# Closed streams leave at the next change that they are told.
LEAVING_S = 1.0


def measure() -> list[Figure]:
    with house() as folder:
        codes = lived.crowd(folder, PHONES, lived.ELSEWHERE)
        with (
            running(folder) as server,
            ProcessPoolExecutor(1, mp_context=SPAWN) as kiosk,
        ):
            alone, beside, heard = [], [], []

            def ask(seconds: float = ROUND_S) -> Round:
                _send_away(server)
                return kiosk.submit(load, server.port, "check-in", seconds).result()

            ask(WARM_S)
            for _ in range(ROUNDS):
                alone.append(ask())
                with present(server.port, codes) as each:
                    beside.append(ask())
                heard.append(each)
                ask(0)
                time.sleep(LEAVING_S)
            _send_away(server)
            lived.crowd(folder, CALLS, [PARQUET])
            with Partner(server.port, *PARTNER) as partner, present(server.port, codes) as each:
                before, begin = server.processor_ms(), time.monotonic()
                called = [_call(partner) for _ in range(CALLS)]
                taken = (server.processor_ms() - before) / (time.monotonic() - begin) / 10
            return [*_throughput(alone, beside, heard), *_delays(called, each, taken)]


def _throughput(alone: list[Round], beside: list[Round], heard: list[Heard]) -> list[Figure]:
    kept = median_rate(beside) / median_rate(alone)
    rates = ", ".join(f"{a.rate:.0f}→{b.rate:.0f}" for a, b in zip(alone, beside, strict=True))
    faults = sum(each.faults for each in heard) + sum(each.errors for each in (*alone, *beside))
    answered = sum(len(each.phones_ms) for each in heard)
    phone = statistics.median(each.phone_ms() for each in heard)
    name = f"check-ins kept beside {SCREENS} screens and {PHONES} phones"
    return [
        figures.at_least(name, kept, "×", 0.8, rates),
        figures.shown("a phone meanwhile p50", phone, "ms", f"{answered} answers"),
        figures.at_most("faults beside them", faults, "", 0),
    ]


def _delays(called: list[float], heard: Heard, taken: float) -> list[Figure]:
    told, shown = _since(called, heard.told), _since(called, heard.shown)
    each = f"{CALLS} calls, phones as their page says"
    return [
        figures.shown(f"call told to {SCREENS} screens p50", told[49], "ms", each),
        figures.at_most(f"call told to {SCREENS} screens p95", told[94], "ms", 400),
        figures.shown(f"call shown on {BOARDS} boards p50", shown[49], "ms", each),
        figures.at_most(f"call shown on {BOARDS} boards p95", shown[94], "ms", 400),
        figures.shown("phone meanwhile p50", heard.phone_ms(), "ms", f"{heard.unchanged} × 304"),
        figures.shown("processor meanwhile", taken, "%", "of one core, the server's"),
    ]


def _since(called: list[float], heard: list[float]) -> list[float]:
    """The hundredths of the milliseconds from each call to what was heard before the next."""
    delays, heard = [], sorted(heard)
    for begin in called:
        first, last = bisect_left(heard, begin), bisect_left(heard, begin + BETWEEN_S)
        delays += [(instant - begin) * 1000 for instant in heard[first:last]]
    return statistics.quantiles(delays, n=100, method="inclusive")


def _call(partner: Partner) -> float:
    """Somebody is called, and some time later received: the instant of the click on "call"."""
    begin = time.monotonic()
    partner.call()
    time.sleep(max(begin + BETWEEN_S - time.monotonic(), 0))
    partner.finish()
    time.sleep(BETWEEN_S)
    return begin


def _send_away(server: Server) -> None:
    """Every round begins with nobody waiting for the Parquet, where the kiosk sends people."""
    with state(server.folder) as db, db.transaction():
        db.run(
            "UPDATE queue_entry SET state = 'left'"
            " WHERE state = 'waiting' AND service_id = :service",
            service=PARQUET,
        )
        journal.write(db, Event("sent away", "house"), MONDAY)
