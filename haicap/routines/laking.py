"""The lake after each refresh: the newest snapshot as Parquet for other tools, in the directory of LAKE.

Beside the refresh and never in its way: a thread of the worker that writes one lake after the other, always
the newest snapshot; those that came and went meanwhile are left out.
"""

import logging
import time
from pathlib import Path

from django.conf import settings

from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.routines.models import Sweep
from haicap.warehouse import lake
from haicap.warehouse.store import built

log = logging.getLogger("haicap.routines")

SWEEP = "lake"
NONE = "none"
# of the time at least three quarters are left to the rest of the machine, however large the lake is.
PAUSE = 3
# Two lakes are kept: where pages are answered from them, a page ends with the one that it began with.
PAGE_SECONDS = 60.0
_rest_until: list[float] = [0.0]
_written: list[str] = [""]


def keep_lake() -> bool:
    """Write the lake when readers see a newer snapshot than it holds; True when it was written.

    What goes wrong is said under the name "lake" among the failing routines of the health address, until a
    lake has been written again, and raised for the log; a damaged snapshot is not written.
    """
    if not settings.LAKE or "://" in settings.LAKE:
        _forget()
        return False
    if time.monotonic() < _rest_until[0]:
        return False
    newest = _newest()
    if not newest or newest == _written[0]:
        return False
    to, started = Path(settings.LAKE), time.monotonic()
    try:
        if lake.snapshot_in(to) != newest:
            newest = lake.write(to).snapshot
            log.info("lake of snapshot %s written in %.1f s", newest, time.monotonic() - started)
    except Exception:
        _told(SWEEP)
        raise
    _told("")
    _written[0], ended = newest, time.monotonic()
    _rest_until[0] = ended + max(PAUSE * (ended - started), PAGE_SECONDS if settings.ENGINE else 0)
    return True


def _forget() -> None:
    """Where no lake is wanted any more, an old failure is none; once for each process."""
    if _written[0] != NONE:
        Sweep.objects.filter(folder=SWEEP).delete()
        _written[0] = NONE


def _newest() -> str:
    try:
        held = built()
    except Refusal:
        return ""
    return "" if held.warning or held.id == NONE else held.id


def _told(failures: str) -> None:
    Sweep.objects.update_or_create(folder=SWEEP, defaults={"at": clock.now(), "failures": failures})
