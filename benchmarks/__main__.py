"""python -m benchmarks [NAME]: measure, print a table, then one line of JSON."""

import argparse
import signal
import sys
import time

from benchmarks import board, checkin, crowd, desk, figures, orientation, pages, planning, start
from benchmarks.figures import Figure

PARTS = {
    "check-in": checkin.measure,
    "board": board.measure,
    "desk": desk.measure,
    "crowd": crowd.measure,
    "start": start.measure,
    "pages": pages.measure,
    "planning": planning.measure,
    "orientation": orientation.measure,
}
LONGEST_S = 600


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=PARTS, help="one part alone")
    wanted = parser.parse_args().name
    found: list[Figure] = []
    try:
        for name in [wanted] if wanted else PARTS:
            begin = time.monotonic()
            print(f"{name}…", end=" ", file=sys.stderr, flush=True)
            found += PARTS[name]()
            print(f"{time.monotonic() - begin:.0f} s", file=sys.stderr)
    finally:
        if found:
            print(figures.table(found))
            print(figures.as_json(found))


def _stop(number: int, _frame: object) -> None:
    """Leave through every `finally`, so that nothing stays behind."""
    sys.exit(f"stopped: {signal.Signals(number).name}")


if __name__ == "__main__":
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _stop)
    signal.alarm(LONGEST_S)
    main()
