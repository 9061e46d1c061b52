import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from haicap.routines.worker import run


class Command(BaseCommand):
    """Started by `haicap serve`; a command of its own where something else supervises."""

    help = "Runs the background work until it is told to stop (SIGTERM)."
    suppressed_base_arguments = {
        "--version",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
        "--verbosity",
    }
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run(stop)
