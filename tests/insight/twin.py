"""The board once more, slow and obvious: facts of the record room, texts of formulas, fractions."""

from fractions import Fraction

from haicap.catalogue.queries import Indicator
from haicap.core.bands import Band, Direction, Threshold
from haicap.core.periods import Period
from haicap.reporting.facts import FactRow, value_rows
from tests.world import Land

Pair = tuple[Fraction | None, Fraction | None]


class Ledger:
    """All facts of the land, kept once."""

    def __init__(self, land: Land) -> None:
        self.land = land
        self.rows = list(value_rows())
        self.names = {one.id: one.code for one in land.catalogue.elements.values()}

    def rows_of(self, unit: int, period: Period) -> list[FactRow]:
        return [
            row
            for row in self.rows
            if (row.unit_id, row.period, row.rule) == (unit, period.key, period.rule.value)
        ]

    def sides(self, unit: int, period: Period, indicator: Indicator) -> Pair:
        found = {
            self.names[row.element_id]: Fraction(row.number)
            for row in self.rows_of(unit, period)
            if row.number is not None
        }
        below = indicator.denominator
        return side(indicator.numerator, found), side(below, found) if below else None

    def provisional(self, unit: int, period: Period, indicator: Indicator) -> bool:
        used = elements(indicator)
        return any(
            row.status == "provisional"
            for row in self.rows_of(unit, period)
            if self.names[row.element_id] in used
        )


def elements_of(formula: str | None) -> set[str]:
    return {part for part in (formula or "").split() if part != "+"}


def elements(indicator: Indicator) -> set[str]:
    return elements_of(indicator.numerator) | elements_of(indicator.denominator)


def side(formula: str, found: dict[str, Fraction]) -> Fraction | None:
    """Every formula of the packs is a sum; another kind must be taught to this twin first."""
    parts = formula.split(" + ")
    assert all(part.replace("_", "").isalnum() for part in parts), formula
    return None if any(part not in found for part in parts) else sum((found[p] for p in parts), Fraction(0))


def quotient(pair: Pair, indicator: Indicator) -> Fraction | None:
    above, below = pair
    if above is None:
        return None
    if indicator.denominator is None:
        return above
    return None if below is None or below <= 0 else above * Fraction(indicator.factor) / below


def band(pair: Pair, indicator: Indicator, threshold: Threshold | None) -> Band:
    value = quotient(pair, indicator)
    if pair[0] is None:
        return Band.NOT_REPORTED
    if value is None:
        return Band.NO_DENOMINATOR
    if threshold is None or threshold.green is None or threshold.yellow is None:
        return Band.NO_THRESHOLD
    green, yellow = Fraction(threshold.green), Fraction(threshold.yellow)
    if threshold.direction is Direction.LOWER:
        return Band.GREEN if value <= green else Band.YELLOW if value <= yellow else Band.RED
    assert threshold.direction is Direction.HIGHER
    return Band.GREEN if value >= green else Band.YELLOW if value >= yellow else Band.RED
