"""Points of one figure: how near it is to its thresholds, on a scale of 0 to 100.

The rule is a proposal (docs/adr/0005-score.md), chosen so that points and colours never disagree: the worst
green is worth `cuts.green`, the worst yellow `cuts.yellow`, and only the best possible figure is worth 100.
"""

from decimal import Decimal

from haicap.catalogue.queries import Cuts
from haicap.core.bands import Direction, Threshold

HUNDRED = Decimal(100)
ZERO = Decimal(0)


def points(value: Decimal, threshold: Threshold, cuts: Cuts, best: Decimal | None = None) -> Decimal | None:
    """Points of `value`, 0 … 100, or None where the threshold sets no direction.

    `best` is the value beyond which nothing more can be gained (100 for a share); without it green is 100.
    """
    green, yellow = threshold.green, threshold.yellow
    if green is None or yellow is None:
        return None
    if threshold.direction is Direction.HIGHER:
        return _rising(value, green, yellow, best, cuts)
    if threshold.direction is Direction.LOWER:
        return _falling(value, green, yellow, cuts)
    if threshold.direction is Direction.RANGE:
        return _inside(value, threshold, cuts)
    return None


def _between(value: Decimal, low: Decimal, high: Decimal, at_low: Decimal, at_high: Decimal) -> Decimal:
    if high == low:
        return at_high
    return at_low + (at_high - at_low) * (value - low) / (high - low)


def _rising(value: Decimal, green: Decimal, yellow: Decimal, best: Decimal | None, cuts: Cuts) -> Decimal:
    if value >= green:
        if best is None or best <= green or value >= best:
            return HUNDRED
        return _between(value, green, best, cuts.green, HUNDRED)
    if value >= yellow:
        return _between(value, yellow, green, cuts.yellow, cuts.green)
    if yellow <= 0 or value <= 0:
        return ZERO
    return cuts.yellow * value / yellow


def _falling(value: Decimal, green: Decimal, yellow: Decimal, cuts: Cuts) -> Decimal:
    if value <= green:
        if green <= 0 or value <= 0:
            return HUNDRED
        return _between(value, green, ZERO, cuts.green, HUNDRED)
    if value <= yellow:
        return _between(value, yellow, green, cuts.yellow, cuts.green)
    # beyond the last threshold points halve each time the value doubles: bounded, never below 0
    return cuts.yellow * yellow / value if yellow > 0 else ZERO


def _inside(value: Decimal, threshold: Threshold, cuts: Cuts) -> Decimal | None:
    low, high = threshold.green, threshold.green_to
    outer_low, outer_high = threshold.yellow, threshold.yellow_to
    if low is None or high is None or outer_low is None or outer_high is None:
        return None
    if low <= value <= high:
        return HUNDRED
    if value < low:
        return _rising(value, low, outer_low, None, cuts)
    return _falling(value, high, outer_high, cuts)
