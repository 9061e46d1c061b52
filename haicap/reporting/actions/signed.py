"""What people have typed and sent: a count that comes later changes nothing in it (docs/adr/0027)."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, cast

from haicap.core import clock

from ..models import Value
from ..states import DECLARED, FACTS

# SQLite takes 32,766 parameters at most.
UNITS_PER_QUERY = 2_000
_KEY = ("report__unit_id", "element_id", "report__period", "report__rule")
Key = tuple[int, int, str, str]
"""(unit, element, period key, window rule)"""


class Holder(NamedTuple):
    """The sent report that holds a typed figure, and since when."""

    report_id: int
    at: datetime


def typed_and_sent(keys: Collection[Key]) -> dict[Key, Holder]:
    """Of these data the ones with a typed figure in a report that is on its way up or accepted. One query per
    2,000 units; locks nothing: a report that is sent meanwhile freezes what stands then."""
    if not keys:
        return {}
    wanted, units = set(keys), sorted({key[0] for key in keys})
    found: dict[Key, Holder] = {}
    for first in range(0, len(units), UNITS_PER_QUERY):
        rows = Value.objects.filter(
            report__unit_id__in=units[first : first + UNITS_PER_QUERY],
            report__period__in={key[2] for key in keys},
            report__state__in=FACTS,
            element_id__in={key[1] for key in keys},
            split="",
            attribution="",
            scenario="official",
            number__isnull=False,
        ).exclude(origin=DECLARED)
        for *cells, report, at in rows.values_list(*_KEY, "report_id", "report__submitted_at"):
            key = cast(Key, tuple(cells))
            if key in wanted:
                # a report without a sender came with an import
                found[key] = Holder(report, at or clock.now())
    return found
