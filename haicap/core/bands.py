"""The one classifier: green, yellow, red, or the reason why there is no colour.

Map, table, chart, PDF and API all ask `classify`; nobody compares a rounded quotient.
"""

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

from haicap.core.errors import Refusal


class Band(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    NO_DENOMINATOR = "no_denominator"
    NO_THRESHOLD = "no_threshold"


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"
    NEUTRAL = "neutral"


# Products of DECIMAL(18,4) sums do not fit the 28 digits of Python's default context, and a rounded
# product would move a boundary.
_EXACT = Context(prec=20_000, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
_QUOTIENT = Context(prec=40, rounding=ROUND_HALF_EVEN, traps=[])
_ZERO = Decimal(0)
_ONE = Decimal(1)


@dataclass(frozen=True)
class Threshold:
    """The worst value still in the better band, in the unit of the indicator.

    HIGHER: green ≥ `green`, yellow ≥ `yellow`. LOWER: green ≤ `green`, yellow ≤ `yellow`.
    RANGE: `green` … `green_to` and `yellow` … `yellow_to`, both ends in; None is an open end.
    A band without any bound does not exist; what is in no band is red.
    """

    direction: Direction
    green: Decimal | None
    yellow: Decimal | None
    green_to: Decimal | None = None
    yellow_to: Decimal | None = None


@dataclass(frozen=True)
class Figure:
    """What an indicator is made of; `factor` (100, 1000, 1) scales ratios only."""

    numerator: Decimal | None
    denominator: Decimal | None
    factor: Decimal = Decimal(100)
    has_denominator: bool = True
    applicable: bool = True


def missing(f: Figure) -> Band | None:
    """Why the figure has no value, or None when it has one.

    A negative denominator is none: no share of a whole below zero means anything.
    """
    if not f.applicable:
        return Band.NOT_APPLICABLE
    if f.numerator is None or not f.numerator.is_finite():
        return Band.NOT_REPORTED
    if f.has_denominator and (f.denominator is None or not f.denominator.is_finite() or f.denominator <= 0):
        return Band.NO_DENOMINATOR
    return None


def value(f: Figure) -> Decimal | None:
    """The figure in the indicator's unit, to 40 digits: for showing and sorting, never for classifying."""
    if missing(f) is not None or f.numerator is None:
        return None
    if not f.has_denominator or f.denominator is None:
        return f.numerator
    return _QUOTIENT.divide(_EXACT.multiply(f.numerator, f.factor), f.denominator)


def classify(f: Figure, t: Threshold | None) -> Band:
    """The band of a figure. Total; what is missing is said before anything is judged."""
    reason = missing(f)
    if reason is not None:
        return reason
    if t is None or t.direction is Direction.NEUTRAL or not _has_band(t):
        return Band.NO_THRESHOLD
    scaled, whole = _sides(f)
    if _inside(t.direction, scaled, whole, t.green, t.green_to):
        return Band.GREEN
    if _inside(t.direction, scaled, whole, t.yellow, t.yellow_to):
        return Band.YELLOW
    return Band.RED


def _has_band(t: Threshold) -> bool:
    if t.green is not None or t.yellow is not None:
        return True
    return t.direction is Direction.RANGE and (t.green_to is not None or t.yellow_to is not None)


def _sides(f: Figure) -> tuple[Decimal, Decimal]:
    """Numerator × factor and denominator, so that value ≥ x is `scaled ≥ x × whole`."""
    numerator = f.numerator if f.numerator is not None else _ZERO
    if not f.has_denominator or f.denominator is None:
        return numerator, _ONE
    return _EXACT.multiply(numerator, f.factor), f.denominator


def _inside(
    direction: Direction, scaled: Decimal, whole: Decimal, bound: Decimal | None, to: Decimal | None
) -> bool:
    if direction is Direction.RANGE:
        low = bound is None or scaled >= _EXACT.multiply(bound, whole)
        high = to is None or scaled <= _EXACT.multiply(to, whole)
        return (bound is not None or to is not None) and low and high
    if bound is None:
        return False
    limit = _EXACT.multiply(bound, whole)
    return scaled >= limit if direction is Direction.HIGHER else scaled <= limit


def check(t: Threshold) -> None:
    """Refusal "bands.order" when yellow is not the worse band, or a range is empty."""
    green, yellow = t.green, t.yellow
    if t.direction is Direction.HIGHER:
        wrong = green is not None and yellow is not None and yellow > green
    elif t.direction is Direction.LOWER:
        wrong = green is not None and yellow is not None and yellow < green
    elif t.direction is Direction.RANGE:
        wrong = _range_is_wrong(t)
    else:
        wrong = False
    if wrong:
        raise Refusal("bands.order", direction=t.direction, green=green, yellow=yellow)


def _range_is_wrong(t: Threshold) -> bool:
    def reversed_(low: Decimal | None, high: Decimal | None) -> bool:
        return low is not None and high is not None and low > high

    has_yellow = t.yellow is not None or t.yellow_to is not None
    low_side = has_yellow and (reversed_(t.yellow, t.green) or (t.yellow is not None and t.green is None))
    high_side = has_yellow and (
        reversed_(t.green_to, t.yellow_to) or (t.yellow_to is not None and t.green_to is None)
    )
    return reversed_(t.green, t.green_to) or reversed_(t.yellow, t.yellow_to) or low_side or high_side
