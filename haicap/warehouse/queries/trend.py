"""One unit through n periods."""

from collections.abc import Sequence

from haicap.core.periods import Rule

from .cells import Ratio, Terms
from .over_periods import over_periods


def trend(
    numerator: Terms,
    denominator: Terms | None,
    unit_id: int,
    periods: Sequence[str],
    *,
    rule: Rule = Rule.DECREE09,
    accepted_only: bool = False,
) -> list[Ratio]:
    """One row per period in the order asked; a period without facts is a row without numbers: a gap."""
    return over_periods(numerator, denominator, [unit_id], periods, rule=rule, accepted_only=accepted_only)
