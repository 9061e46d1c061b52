"""The one background process: the refresh of the warehouse first; counting, jobs, the clock and the lake
beside it.

Threads of their own, so that a long job never delays the map: a committed value is on it within two seconds.
Being killed at any moment loses nothing: tokens are consumed only after the swap, jobs and sweeps that were
cut off run again.
"""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.translation import gettext as _

from haicap.audit import queries as audit
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.routines import jobs
from haicap.routines.deriving import count_derived
from haicap.routines.laking import keep_lake
from haicap.routines.ticking import tick
from haicap.warehouse.refresh import refresh

log = logging.getLogger("haicap.routines")

LOOK_SECONDS = 0.3
REST_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
LOCK = "worker.lock"


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of the one worker. Refusal worker.running when another one holds it."""
    path = Path(settings.DATA_DIR) / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("worker.running", _("Việc nền đang chạy rồi.")) from None
        yield


def run(stop: threading.Event) -> None:
    """Work until `stop` is set. RuntimeError when a thread ended by itself, so that serve starts anew."""
    with alone():
        waiting = jobs.put_back_interrupted()
        if waiting:
            log.warning("%s jobs were cut off and run again", waiting)
        threads = [
            threading.Thread(target=keep_doing, args=(look, stop), name=look.__name__, daemon=True)
            for look in (refresh_facts, count_derived, do_jobs, keep_time, keep_lake)
        ]
        for thread in threads:
            thread.start()
        while not stop.wait(1):
            dead = [thread.name for thread in threads if not thread.is_alive()]
            if dead:
                raise RuntimeError(f"thread ended: {dead}")
        for thread in threads:
            # a job gets a while to finish; after that it is cut off and runs again at the next start
            thread.join(timeout=10)


def keep_doing(work: Callable[[], bool], stop: threading.Event) -> None:
    """Call `work` again and again: at once while it had something to do, rarer while it fails."""
    failures = 0
    try:
        while not stop.is_set():
            try:
                close_old_connections()
                busy = work()
                failures = 0
            except Exception:
                log.exception("%s failed", work.__name__)
                busy, failures = False, failures + 1
            if not busy:
                stop.wait(rest(failures))
    finally:
        connections.close_all()


def rest(failures: int) -> float:
    return REST_SECONDS[min(failures, len(REST_SECONDS)) - 1] if failures else LOOK_SECONDS


def refresh_facts() -> bool:
    if not audit.pending(limit=1):
        return False
    done = refresh()
    log.info("snapshot %s: %s slices in %.2f s", done.snapshot, done.slices, done.seconds)
    return True


def do_jobs() -> bool:
    return jobs.run_next()


def keep_time() -> bool:
    tick(clock.now())
    return False
