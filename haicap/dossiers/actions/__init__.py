"""Writing: every change of a dossier is made here, in imports."""

from .batches import Outcome, take_batch
from .overdue import settle_overdue
from .procedures import declare
from .receiving import answer, carry_on, forget_old, receive, stop
from .running import run, run_now, work_on
from .sources import change_source, found_source, say_reach

__all__ = [
    "Outcome", "answer", "carry_on", "change_source", "declare", "forget_old", "found_source", "receive",
    "run", "run_now", "say_reach", "settle_overdue", "stop", "take_batch", "work_on",
]  # fmt: skip
