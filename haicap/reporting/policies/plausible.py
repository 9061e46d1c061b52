"""Figures and forms that look like a slip or a short cut. The system asks, it never accuses.

The mathematics of one figure is core.plausible; here is what a form of a commune adds to it. The shares and
numbers are starting proposals of the domain, for a question to the unit, never for a penalty.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import comb

from haicap.catalogue.queries import Element
from haicap.core import plausible
from haicap.core.counts import Adds
from haicap.core.periods import Kind
from haicap.core.plausible import Suspicion

SEASONS = {Kind.DAY: 7, Kind.WEEK: 52, Kind.MONTH: 12, Kind.QUARTER: 4, Kind.HALF: 2}
LEAST_COPIED = 5
COPIED_SHARE = Decimal("0.8")
LEAST_ROUND = 8
# One honest form in ten thousand ends so often in 0 or 5.
CHANCE_OF_ROUND = 1e-4
LEAST_QUICK = 10
QUICK = timedelta(seconds=60)


def suspect(
    number: Decimal, history: Sequence[Decimal | None], element: Element, kind: Kind, spread: float | None
) -> Suspicion | None:
    """`history`: the cell's earlier figures, oldest first, None where there was none; `spread`: that of the
    element in other units, None while unknown."""
    return plausible.judge(
        number,
        history,
        season=SEASONS.get(kind, 1),
        pooled=spread,
        integer=element.integer,
        flow=element.measure.over_time is Adds.SUM,
    )


def looks_copied(now: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> bool:
    """Most of the flow figures are exactly those of the period before; zeros prove nothing."""
    both = [code for code, number in now.items() if code in before and (number or before[code])]
    if len(both) < LEAST_COPIED:
        return False
    same = sum(now[code] == before[code] for code in both)
    return Decimal(same) / len(both) >= COPIED_SHARE


def looks_rounded(figures: Iterable[Decimal]) -> bool:
    """Far more last digits 0 and 5 than the fifth that chance gives. Figures below 20 say nothing."""
    whole = [int(one) for one in figures if one >= 20 and one == one.to_integral_value()]
    if len(whole) < LEAST_ROUND:
        return False
    ending = sum(one % 5 == 0 for one in whole)
    tail = sum(comb(len(whole), n) * 0.2**n * 0.8 ** (len(whole) - n) for n in range(ending, len(whole) + 1))
    return tail < CHANCE_OF_ROUND


def typed_in_a_breath(typed: Sequence[datetime]) -> bool:
    """Many cells typed by hand within a minute; `typed`: the last change of each cell of the web door."""
    return len(typed) >= LEAST_QUICK and max(typed) - min(typed) < QUICK
