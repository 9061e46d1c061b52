"""All indicators of all units for one period, in one question: scores, rankings, a commune's page."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import ibis.expr.types as ir

from haicap.core.periods import Rule
from haicap.warehouse.store import ask

from . import cells
from .asking import asked_rows, compiled_once
from .cells import Ratio, Terms

_ABOVE, _BELOW = 0, 1
# 38 digits: DuckDB multiplies narrower decimals in 18 and refuses what is longer.
_WHOLE, _FRACTION = "int32", "decimal(38,6)"


class Asked(NamedTuple):
    """What to compute under a code of the caller's choice."""

    numerator: Terms
    denominator: Terms | None


@compiled_once
def question(short: bool, coefficient: str) -> ir.Table:
    f = cells.in_period(cells.counted(short))
    terms = asked_rows(indicator="int32", side="int32", element_id="int32", coefficient=coefficient)
    f = f.filter(f.element_id.isin(asked_rows(element_id="int32").element_id))
    chosen = f.group_by("unit_id", "element_id").agg(
        number=cells.preferred(f), mark=cells.mark(f).min(), missing=f.missing.max()
    )
    t = chosen.join(terms, "element_id")
    part = t.number * t.coefficient
    return t.group_by("unit_id", "indicator").agg(
        above=part.sum(where=t.side == _ABOVE),
        below=part.sum(where=t.side == _BELOW),
        above_found=t.number.count(where=t.side == _ABOVE),
        below_found=t.number.count(where=t.side == _BELOW),
        provisional=cells.provisional(t.mark).max(),
        grade=cells.grade_rank(t.mark).max(),
        missing=t.missing.max(),
    )


def all_indicators(
    indicators: Mapping[str, Asked],
    unit_ids: Sequence[int],
    period: str,
    *,
    rule: Rule = Rule.DECREE09,
    accepted_only: bool = False,
) -> dict[str, dict[int, Ratio]]:
    """Per code, the ratio of every unit that has any fact of it in that period; units without are left out.

    ValueError for coefficients finer than six decimals.
    """
    codes = list(indicators)
    named, coefficient = _terms(list(indicators.values()))
    named |= cells.parameters((), unit_ids, rule, accepted_only) | {"period": period}
    rows = ask(question(len(unit_ids) <= cells.SHORT, coefficient), named, cells.years([period], rule))
    sizes = [(len(one.numerator), len(one.denominator or ())) for one in indicators.values()]
    ratio_only = [one.denominator is not None for one in indicators.values()]
    answer: dict[str, dict[int, Ratio]] = {code: {} for code in codes}
    for unit, index, above, below, above_found, below_found, provisional, grade, missing in rows:
        size = sizes[index]
        answer[codes[index]][unit] = Ratio(
            unit,
            period,
            above if above_found == size[0] else None,
            below if below_found == size[1] and ratio_only[index] else None,
            "provisional" if provisional else "accepted",
            cells.GRADE_TEXTS[grade],
            missing,
        )
    return answer


def _terms(indicators: Sequence[Asked]) -> tuple[dict[str, list[int | Decimal]], str]:
    """Every term of every indicator as four lists; whole coefficients keep the sums at four decimals."""
    flat = [
        (index, side, element, coefficient)
        for index, one in enumerate(indicators)
        for side, terms in ((_ABOVE, one.numerator), (_BELOW, one.denominator or ()))
        for element, coefficient in terms
    ]
    if any(coefficient != round(coefficient, 6) for *_, coefficient in flat):
        raise ValueError("a coefficient has more than six decimals")
    whole = all(coefficient == int(coefficient) for *_, coefficient in flat)
    columns: dict[str, list[int | Decimal]] = {
        "indicator": [one[0] for one in flat],
        "side": [one[1] for one in flat],
        "element_id": [one[2] for one in flat],
        "coefficient": [int(one[3]) if whole else Decimal(one[3]) for one in flat],
    }
    return columns, _WHOLE if whole else _FRACTION
