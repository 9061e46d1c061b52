"""Numerator and denominator of one indicator for each unit in one period: the heat map's question."""

from collections.abc import Sequence

import ibis.expr.types as ir

from haicap.core.periods import Rule
from haicap.warehouse.store import ask

from . import cells
from .asking import compiled_once
from .cells import Ratio, Terms


@compiled_once
def question(elements: int, short: bool) -> ir.Table:
    return cells.side_by_side(cells.in_period(cells.counted(short)), elements, "unit_id")


def ratio_by_unit(
    numerator: Terms,
    denominator: Terms | None,
    unit_ids: Sequence[int],
    period: str,
    *,
    rule: Rule = Rule.DECREE09,
    accepted_only: bool = False,
) -> list[Ratio]:
    """One row per unit asked, in the order asked; a unit without facts has status None and no numbers."""
    elements = cells.element_ids(numerator, denominator)
    named = cells.parameters(elements, unit_ids, rule, accepted_only) | {"period": period}
    sql = question(len(elements), len(unit_ids) <= cells.SHORT)
    rows = ask(sql, named, cells.years([period], rule))
    found = {row[0]: row for row in rows}
    asked = ((unit, period) for unit in unit_ids)
    return cells.ratios(numerator, denominator, asked, found, lambda unit, _: unit, first=1)
