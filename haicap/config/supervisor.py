"""`haicap serve`: the web server and the worker as two children that are started again when they die.

The children die with the supervisor, even when it is killed: a second start finds port and lock free.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger("haicap.serve")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A child that lived this long was healthy: its next death starts with the short pause again
HEALTHY_SECONDS = 20.0
GRACE_SECONDS = 15.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    starts: int = 0

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(list(self.command), preexec_fn=die_with_parent())  # noqa: S603 - our own command
        self.started, self.starts = now, self.starts + 1

    def look(self, now: float) -> None:
        """Start it when it is due; plan the next start when it has died."""
        if self.process is None:
            if now >= self.due:
                self.start(now)
            return
        code = self.process.poll()
        if code is None:
            return
        self.pause = FIRST_PAUSE if now - self.started > HEALTHY_SECONDS else self.pause
        log.warning("%s ended with %s and starts again in %.1f s", self.name, code, self.pause)
        self.process, self.due = None, now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


def die_with_parent() -> Callable[[], None] | None:
    """For Linux: the kernel sends SIGTERM to the child when this process dies, however it dies."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def bind() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return bind


@dataclass
class Supervisor:
    children: list[Child]
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, ready: Callable[[], bool] = lambda: True) -> None:
        """Keep the children alive until `stop`; `ready` is asked until it says yes once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        signal.signal(signal.SIGHUP, lambda *_: self.tell(signal.SIGHUP))
        announced = False
        try:
            while not self.stop.is_set():
                now = time.monotonic()
                for child in self.children:
                    child.look(now)
                announced = announced or ready()
                self.stop.wait(0.2)
        finally:
            self.end()

    def tell(self, number: signal.Signals) -> None:
        """Hand a signal to the web server, which reloads on SIGHUP; the worker is started anew."""
        for child in self.children:
            if child.process and child.process.poll() is None:
                child.process.send_signal(number if child.name == "web" else signal.SIGTERM)

    def end(self) -> None:
        living = [child for child in self.children if child.process and child.process.poll() is None]
        for child in living:
            assert child.process
            child.process.terminate()
        until = time.monotonic() + GRACE_SECONDS
        for child in living:
            assert child.process
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("%s did not end in time and is killed", child.name)
                child.process.kill()
                child.process.wait()
