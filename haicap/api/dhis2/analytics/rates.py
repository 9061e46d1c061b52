"""How many reports were owed, came, and came on time. From what is owed, so never above 100 %."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from haicap.api.dhis2.analytics import times
from haicap.api.dhis2.analytics.items import RateItem
from haicap.core import clock
from haicap.core.periods import Period
from haicap.warehouse.queries.obligations import Owed, obligations

HUNDRED = Decimal(100)
Counts = Mapping[str, int]


def rates(
    items: Sequence[tuple[int, RateItem]],
    targets: Mapping[int, Sequence[Period]],
    places: Mapping[int, Sequence[int]],
) -> Iterator[tuple[int, int, int, Decimal]]:
    """(item, target, place, value); nothing where no report is owed."""
    if not items:
        return
    units = sorted({unit for those in places.values() for unit in those})
    for code in dict.fromkeys(one.form.code for _number, one in items):
        mine = [(number, one) for number, one in items if one.form.code == code]
        form = mine[0][1].form
        keys = {
            target: [key for period in together for key in times.filling(period, form.kind, form.rule)]
            for target, together in targets.items()
        }
        asked = sorted({key for those in keys.values() for key in those})
        owed = obligations(units, asked, now=clock.now(), forms=[code], rule=form.rule)
        by_unit: dict[int, list[Owed]] = {}
        for one in owed:
            if one.expected:
                by_unit.setdefault(one.unit_id, []).append(one)
        for target, wanted in keys.items():
            for place, those in places.items():
                counts = _counts((one for unit in those for one in by_unit.get(unit, ())), set(wanted))
                for number, item in mine:
                    value = _value(item.metric, counts)
                    if value is not None:
                        yield number, target, place, value


def _counts(owed: Iterator[Owed], keys: set[str]) -> Counts:
    found: Counter[str] = Counter()
    for one in owed:
        if one.period in keys:
            found["EXPECTED_REPORTS"] += 1
            found["ACTUAL_REPORTS"] += one.reported
            found["ACTUAL_REPORTS_ON_TIME"] += one.on_time
    return found


def _value(metric: str, counts: Counts) -> Decimal | None:
    expected = counts.get("EXPECTED_REPORTS", 0)
    if not expected:
        return None
    if metric == "REPORTING_RATE":
        return HUNDRED * counts.get("ACTUAL_REPORTS", 0) / expected
    if metric == "REPORTING_RATE_ON_TIME":
        return HUNDRED * counts.get("ACTUAL_REPORTS_ON_TIME", 0) / expected
    return Decimal(counts.get(metric, 0))
