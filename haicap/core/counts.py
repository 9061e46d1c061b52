"""The count grammar: what is counted, how it adds up, who vouches for it.

A sum that the grammar forbids is refused; where bounds are known the refusal carries them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from enum import StrEnum
from typing import Literal

from haicap.core.errors import Refusal


class Adds(StrEnum):
    SUM = "sum"
    LAST = "last"  # stocks: the latest stands for the whole time
    NONE = "none"  # distinct people, reach


class Grade(StrEnum):
    """Who vouches for a figure, best first."""

    SYSTEM = "system"
    PROVEN = "proven"
    DECLARED = "declared"
    INFERRED = "inferred"


Along = Literal["time", "units", "split"]

_DIGITS = 200
_WEAKEST = tuple(Grade)


@dataclass(frozen=True)
class Measure:
    """`counts` says what ("people helped"), `unit` in what ("người"); how it adds, per direction."""

    counts: str
    unit: str
    over_time: Adds
    over_units: Adds
    over_split: Adds

    def adds(self, along: Along) -> Adds:
        return {"time": self.over_time, "units": self.over_units, "split": self.over_split}[along]


@dataclass(frozen=True)
class Count:
    """One figure. `value` None is missing, which is not zero; `low` … `high` is the range that fits."""

    value: Decimal | None
    measure: Measure
    grade: Grade
    low: Decimal | None = None
    high: Decimal | None = None


def add(counts: Sequence[Count], along: Along) -> Count:
    """The figure for all of `counts` together; along time they come in order of time.

    A missing part makes a missing total (with the lower bound that the others give): who wants the
    total of those who reported leaves the others out and shows the coverage.
    Refusals: "counts.empty", "counts.mixed" (different measures), "counts.forbidden" (params low, high).
    """
    if not counts:
        raise Refusal("counts.empty", along=along)
    measure = counts[0].measure
    if any(count.measure != measure for count in counts):
        raise Refusal("counts.mixed", along=along, units=sorted({count.measure.unit for count in counts}))
    rule = measure.adds(along)
    if rule is Adds.LAST and along == "time":
        return counts[-1]
    if rule is not Adds.SUM:
        low, high = bounds(counts) if rule is Adds.NONE else (None, None)
        raise Refusal("counts.forbidden", along=along, counts=measure.counts, low=low, high=high)
    return _sum(counts, measure)


def _sum(counts: Sequence[Count], measure: Measure) -> Count:
    grade = max((count.grade for count in counts), key=_WEAKEST.index)
    values = [count.value for count in counts if count.value is not None]
    lows = [low for low in map(_low, counts) if low is not None]
    highs = [high for high in map(_high, counts) if high is not None]
    complete = len(values) == len(counts)
    ranged = any(count.low is not None or count.high is not None for count in counts)
    counted = all(low >= 0 for low in lows)
    if complete and not ranged:
        return Count(_total(values), measure, grade)
    low = _total(lows) if lows and (counted or len(lows) == len(counts)) else None
    high = _total(highs) if len(highs) == len(counts) else None
    return Count(_total(values) if complete else None, measure, grade, low, high)


def _low(count: Count) -> Decimal | None:
    return count.value if count.low is None else count.low


def _high(count: Count) -> Decimal | None:
    return count.value if count.high is None else count.high


def _total(numbers: Sequence[Decimal]) -> Decimal:
    with localcontext() as exact:
        exact.prec = _DIGITS
        return sum(numbers, start=Decimal(0))


def bounds(counts: Sequence[Count]) -> tuple[Decimal | None, Decimal | None]:
    """How many distinct ones can stand behind counts that must not be added: largest … sum.

    At least as many as the largest part, at most as many as all parts together; with a missing
    part there is no upper bound, with nothing known no bound at all.
    """
    lows = [low for low in map(_low, counts) if low is not None]
    highs = [high for high in map(_high, counts) if high is not None]
    low = max(lows) if lows else None
    high = _total(highs) if highs and len(highs) == len(counts) else None
    return low, high


def bounds_of_total(total: Decimal, ways: int) -> tuple[Decimal, Decimal]:
    """People behind `total` events when each had at most `ways`: 594 installs of 4 apps are 149 … 594."""
    if ways < 1 or total < 0:
        raise Refusal("counts.bounds", total=total, ways=ways)
    return (total / ways).to_integral_value(rounding=ROUND_CEILING), total
