"""The same ratio for each unit in each of n periods: change since the last one, small curves."""

from collections.abc import Sequence

import ibis.expr.types as ir

from haicap.core.periods import Rule
from haicap.warehouse.store import ask

from . import cells
from .asking import compiled_once
from .cells import Ratio, Terms


@compiled_once
def question(elements: int, short: bool) -> ir.Table:
    return cells.side_by_side(cells.in_periods(cells.counted(short)), elements, "unit_id", "period")


def over_periods(
    numerator: Terms,
    denominator: Terms | None,
    unit_ids: Sequence[int],
    periods: Sequence[str],
    *,
    rule: Rule = Rule.DECREE09,
    accepted_only: bool = False,
) -> list[Ratio]:
    """One row per unit and period asked, units outside, periods inside, both in the order asked."""
    if not periods:
        return []
    elements = cells.element_ids(numerator, denominator)
    named = cells.parameters(elements, unit_ids, rule, accepted_only) | cells.several(periods)
    sql = question(len(elements), len(unit_ids) <= cells.SHORT)
    rows = ask(sql, named, cells.years(periods, rule))
    found = {(row[0], row[1]): row for row in rows}
    asked = ((unit, period) for unit in unit_ids for period in periods)
    return cells.ratios(numerator, denominator, asked, found, lambda unit, period: (unit, period), first=2)
