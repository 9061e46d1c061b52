"""After each swap: what the records say is written beside what people report, in a thread of its own, so
that counting never delays the next refresh."""

from __future__ import annotations

import logging
from itertools import chain

from haicap.catalogue import queries as catalogue
from haicap.core import clock, periods
from haicap.insight import counting
from haicap.reporting import actions
from haicap.reporting.actions import DerivedFigure
from haicap.reporting.queries.derived import counted_windows, no_longer_counted
from haicap.warehouse.store import pinned

BY = "system:refresh"
log = logging.getLogger("haicap.routines")
_seen: dict[str, str] = {}


def _ended(element_ids: list[int]) -> list[DerivedFigure]:
    """What was counted by definitions that are gone: it counts no longer."""
    return [
        DerivedFigure(unit, element, periods.parse(key, periods.Rule(rule)), None, 0, definition)
        for unit, element, key, rule, definition in no_longer_counted(element_ids)
    ]


def count_derived() -> bool:
    """Count anew when records, definitions or the day have changed since the last time; True when it did.

    Killed in between, it counts again: the mark is noted last, and the same figures are no change.
    """
    book, today = catalogue.current(), clock.today()
    with pinned() as snapshot:
        mark = counting.mark(book, today)
        if mark == _seen.get("mark") or mark == actions.counted_from():
            _seen["mark"] = mark
            return False
        ids = [one.id for one in book.elements.values() if one.derived is not None]
        moved = 0
        for figures in chain([_ended(ids)], counting.figures(book, today, counted_windows(ids))):
            evidence = {"over": sorted({one.derived.over for one in book.elements.values() if one.derived})}
            done = actions.record_derived(by=BY, values=figures, evidence=evidence, snapshot=snapshot.id)
            moved += done.moved
    actions.note_counting(mark=mark, snapshot=snapshot.id)
    _seen["mark"] = mark
    log.info("counted from snapshot %s: %s figures changed", snapshot.id, moved)
    return True
