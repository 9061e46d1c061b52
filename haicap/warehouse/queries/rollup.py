"""Roll-up to parents: Σ numerators ÷ Σ denominators over the units that have both, with coverage.

Never an average of ratios. Units without a complete pair stay out of both sums and show in the coverage.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import NamedTuple

import ibis.expr.types as ir

from haicap.core.periods import Rule
from haicap.warehouse.store import ask

from . import cells
from .asking import asked_rows, compiled_once
from .cells import Terms


class Total(NamedTuple):
    """Sums of one parent in one period over `with_values` of `asked` units; None when no unit has both."""

    parent_id: int
    period: str
    numerator: Decimal | None
    denominator: Decimal | None
    with_values: int
    asked: int
    status: str | None
    grade: str | None


@compiled_once
def question(elements: int) -> ir.Table:
    rows = cells.side_by_side(cells.in_periods(cells.counted(short=False)), elements, "unit_id", "period")
    whole = rows.filter(reduce(and_, (rows[f"x{i}"].notnull() for i in range(elements))))
    mapped = whole.join(asked_rows(unit_id="int32", parent_id="int32"), "unit_id")
    return mapped.group_by("parent_id", "period").agg(
        **{f"x{i}": mapped[f"x{i}"].sum() for i in range(elements)},
        provisional=mapped.provisional.max(),
        grade=mapped.grade.max(),
        units=mapped.count(),
    )


def rollup(
    numerator: Terms,
    denominator: Terms | None,
    parents: Mapping[int, int],
    periods: Sequence[str],
    *,
    rule: Rule = Rule.DECREE09,
    accepted_only: bool = False,
) -> list[Total]:
    """`parents` maps each unit to the one it is summed into. One row per parent and period, parents in
    order of first mention, periods in the order asked.
    """
    if not periods or not parents:
        return []
    elements = cells.element_ids(numerator, denominator)
    named = cells.parameters(elements, list(parents), rule, accepted_only) | cells.several(periods)
    named["parent_id"] = list(parents.values())
    rows = ask(question(len(elements)), named, cells.years(periods, rule))
    found = {(row[0], row[1]): row for row in rows}
    above = cells.picker(numerator, elements, 2)
    below = cells.picker(denominator, elements, 2) if denominator is not None else lambda _: None
    asked = Counter(parents.values())
    answer = []
    for parent in asked:
        for period in periods:
            row = found.get((parent, period))
            if row is None:
                answer.append(Total(parent, period, None, None, 0, asked[parent], None, None))
                continue
            provisional, grade, units = row[-3:]
            status, weakest = "provisional" if provisional else "accepted", cells.GRADE_TEXTS[grade]
            answer.append(
                Total(parent, period, above(row), below(row), units, asked[parent], status, weakest)
            )
    return answer
