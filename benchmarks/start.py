"""How long from a command to a first page."""

import statistics
import time

from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.server import house, running

TIMES = 5


def measure() -> list[Figure]:
    times = []
    with house() as folder:
        for _ in range(TIMES):
            begin = time.perf_counter()
            with running(folder):
                times.append(time.perf_counter() - begin)
    note = ", ".join(f"{each:.2f}" for each in sorted(times))
    return [figures.at_most("start to first page", statistics.median(times), "s", 1.5, note)]
