"""How often one caller may ask: so many requests in a minute of the clock, over all processes together.

A process does not count in the database at each request: it takes a share of what is left of the minute (an
eighth, at least one) in one short transaction and hands it out from memory. A caller is never given more than
the limit; the shares shrink, so at 600 a minute about 45 writes serve one process, and little is lost when a
caller's requests are spread over several.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from django.db import transaction

from haicap.api.models import Allowance
from haicap.core import clock

MINUTE = 60
SHARE = 8
REMEMBERED = 4096
KEEP_MINUTES = 60


@dataclass
class _Held:
    minute: int
    left: int


class Purse:
    """What one process holds of everybody's allowance."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def forget(self) -> None:
        with self._lock:
            self._held.clear()

    def spend(self, caller: str, limit: int) -> int:
        """0 when the request may go on, else the seconds until the next minute begins."""
        now = clock.now().timestamp()
        minute = int(now // MINUTE)
        if self._from_memory(caller, minute):
            return 0
        taken = take(caller, minute, limit)
        if not taken:
            return MINUTE - int(now % MINUTE)
        self._keep(caller, minute, taken - 1)
        return 0

    def _from_memory(self, caller: str, minute: int) -> bool:
        with self._lock:
            held = self._held.get(caller)
            if held is None or held.minute != minute or held.left < 1:
                return False
            held.left -= 1
            return True

    def _keep(self, caller: str, minute: int, left: int) -> None:
        with self._lock:
            held = self._held.setdefault(caller, _Held(minute, 0))
            # two threads may have taken a share each
            held.left = left + (held.left if held.minute == minute else 0)
            held.minute = minute
            self._held.move_to_end(caller)
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)


def take(caller: str, minute: int, limit: int) -> int:
    """A share of what is left of this minute, 0 when nothing is."""
    with transaction.atomic():
        start = {"minute": minute, "taken": 0}
        row, made = Allowance.objects.select_for_update().get_or_create(caller=caller, defaults=start)
        if made:
            Allowance.objects.filter(minute__lt=minute - KEEP_MINUTES).delete()
        used = row.taken if row.minute == minute else 0
        share = min(limit - used, max(1, (limit - used) // SHARE))
        if share < 1:
            return 0
        Allowance.objects.filter(pk=row.pk).update(minute=minute, taken=used + share)
    return share


purse = Purse()
