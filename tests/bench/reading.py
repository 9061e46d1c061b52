"""A reader process of the bench: `python -m tests.bench.reading watch|ask DIRECTORY`, until its input closes.

watch: say when the watched number changes. ask: put the map's question all the time, say how long each took.
"""

import json
import os
import sys
import threading
import time
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from django.test import override_settings  # noqa: E402  settings need the set-up

from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit  # noqa: E402
from tests.bench import national  # noqa: E402

WATCHED_UNIT, WATCHED = 1850, ((1, Decimal(1)),)
# Pages ask now and then; without a pause the readers alone would fill two cores.
PAUSE, LOOK = 0.02, 0.05


def watch(stop: threading.Event) -> None:
    before = None
    while not stop.is_set():
        (row,) = ratio_by_unit(WATCHED, None, [WATCHED_UNIT], national.LAST)
        if row.numerator != before:
            print(json.dumps({"number": int(row.numerator or 0), "at": time.monotonic()}), flush=True)
            before = row.numerator
        stop.wait(LOOK)


def ask(stop: threading.Event) -> None:
    print("{}", flush=True)
    taken = []
    asked = national.some_indicators(500, seed=os.getpid())
    turn = 0
    while not stop.is_set():
        above, below, period = asked[turn % len(asked)]
        start = time.perf_counter()
        ratio_by_unit(above, below, national.PROVINCE, period)
        taken.append(time.perf_counter() - start)
        turn += 1
        stop.wait(PAUSE)
    print(json.dumps(taken), flush=True)


def main() -> None:
    role, place = sys.argv[1:]
    stop = threading.Event()
    with override_settings(WAREHOUSE_DIR=place):
        worker = threading.Thread(target={"watch": watch, "ask": ask}[role], args=(stop,))
        worker.start()
        sys.stdin.read()
        stop.set()
        worker.join()


if __name__ == "__main__":
    main()
