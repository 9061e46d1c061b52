"""Typing-error mathematics: what a figure was expected to be, and which slip would explain it.

Works on logarithms, since slips multiply. The expected value is a mixture of three plain forecasts (the last
figure, the mean of the last three, the season with drift), each weighted by how well it did on this series.
The spread is a robust one of the errors made so far, drawn towards the spread that the same indicator shows
elsewhere: a short history knows little about itself. A figure is suspected only when it lies far out and one
known slip brings it back; the slips compete with each other and with "the figure is right".

The goals and what is reached stand in the bench (`make bench BENCH=slips`), on series nobody here made.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from .slips import SCALE_SLIPS, slips

LEAST_HISTORY = 3
BACK = 36
# Errors that the pooled spread is worth; a series of six errors is believed half.
WORTH = 6
# A spread that no registration reaches: a series that has hardly moved may move.
NARROWEST = 0.02
# What is assumed of an indicator that nothing is known of yet: a third up or down is ordinary.
UNKNOWN = 0.35
# Degrees of freedom of the error law: real series have heavier tails than the normal law.
TAIL = 4.0

FAR_HINT, FAR_STOP = 2.2, 2.6
SURE_HINT, SURE_STOP = 0.04, 0.15
# A figure farther out than this is not offered as the one that was meant.
FAR_MEANT = 3.5
# Below this a figure equal to the last one is no wonder.
COPIED_FROM = 100
COPIED_STEPS = 30.0
# While a form is typed its past is judged again with every cell: that of some two hundred forms is kept.
KEPT = 16_384


class Suspicion(NamedTuple):
    """`kind`: a key of slips.PRIOR, "far" (no slip explains it well), or "copied". `instead`: what was
    probably meant, None where unknown.

    `low`, `high`: the figures of the history, to be shown beside it. `stop`: sure enough to ask for a note.
    """

    kind: str
    instead: Decimal | None
    low: Decimal
    high: Decimal
    stop: bool


@dataclass(frozen=True, slots=True)
class Expectation:
    """`centre`: expected logarithm; `spread`: robust spread of `errors` past errors, None without any."""

    centre: float
    spread: float | None
    errors: int

    def shrunk(self, pooled: float | None) -> float:
        """The spread drawn towards `pooled`, that of the indicator elsewhere (UNKNOWN when None)."""
        common = UNKNOWN if pooled is None else pooled
        own = self.spread or 0.0
        count = self.errors if self.spread is not None else 0
        return max(NARROWEST, math.sqrt((count * own**2 + WORTH * common**2) / (count + WORTH)))


def logarithm(number: float, integer: bool) -> float | None:
    """Counts are moved by one half so that 0 has a place; other figures need to be positive."""
    if integer:
        return math.log(number + 0.5) if number >= 0 else None
    return math.log(number) if number > 0 else None


def expectation(history: Sequence[Decimal | None], season: int, integer: bool = True) -> Expectation | None:
    """`history`: oldest first, None where nothing was reported; `season`: periods in a year, 1 for none.

    None when fewer than LEAST_HISTORY figures are known.
    """
    return _expectation(tuple(history), season, integer)


@lru_cache(maxsize=KEPT)
def _expectation(history: tuple[Decimal | None, ...], season: int, integer: bool) -> Expectation | None:
    known = [None if one is None else logarithm(float(one), integer) for one in history]
    if sum(one is not None for one in known) < LEAST_HISTORY:
        return None
    made = []
    for at in range(max(LEAST_HISTORY, len(known) - BACK), len(known)):
        actual = known[at]
        if actual is not None:
            made.append((_forecasts(known[:at], season), actual))
    now = _forecasts(known, season)
    weights = _weights(made, len(now))
    errors = [actual - mixed for past, actual in made if (mixed := _mixed(past, weights)) is not None]
    centre = _mixed(now, weights)
    assert centre is not None
    return Expectation(centre, _robust(errors), len(errors))


def _forecasts(known: Sequence[float | None], season: int) -> tuple[float | None, ...]:
    """Last, mean of three, season with drift: the same period last year, moved as the year has moved."""
    there = [one for one in known if one is not None]
    if not there:
        return (None, None, None)
    recent = there[-3:]
    return (there[-1], sum(recent) / len(recent), _seasonal(known, season))


def _seasonal(known: Sequence[float | None], season: int) -> float | None:
    if season < 2 or len(known) <= season or known[-season] is None:
        return None
    pairs = [
        now - before
        for now, before in zip(known[season:][-season:], known[:-season][-season:], strict=True)
        if now is not None and before is not None
    ]
    if len(pairs) < LEAST_HISTORY:
        return None
    base = known[-season]
    assert base is not None
    return base + sum(pairs) / len(pairs)


def _weights(made: Sequence[tuple[tuple[float | None, ...], float]], methods: int) -> list[float]:
    """One over the squared mean error; one wild error counts as a factor of e and no more."""
    weights = []
    for method in range(methods):
        errors = [min(1.0, abs(past[method] - actual)) for past, actual in made if past[method] is not None]  # type: ignore[operator]
        usable = len(errors) >= LEAST_HISTORY
        weights.append(1.0 / ((sum(errors) / len(errors)) ** 2 + 1e-4) if usable else 0.0)
    return weights if any(weights) else [1.0] * methods


def _mixed(forecasts: Sequence[float | None], weights: Sequence[float]) -> float | None:
    pairs = [
        (one, weight) for one, weight in zip(forecasts, weights, strict=True) if one is not None and weight
    ]
    if not pairs:
        pairs = [(one, 1.0) for one in forecasts if one is not None]
    whole = sum(weight for _, weight in pairs)
    return sum(one * weight for one, weight in pairs) / whole if pairs else None


def _robust(errors: Sequence[float]) -> float | None:
    """The larger of the median and the 90 % rule of a normal law: neither blind to tails nor led by one."""
    if not errors:
        return None
    sizes = sorted(abs(one) for one in errors)
    return max(1.4826 * median(sizes), sizes[min(len(sizes) - 1, int(0.9 * len(sizes)))] / 1.645)


def judge(
    number: Decimal,
    history: Sequence[Decimal | None],
    *,
    season: int = 12,
    pooled: float | None = None,
    integer: bool = True,
    flow: bool = True,
) -> Suspicion | None:
    """The likeliest slip behind `number`, or None when it may well be right.

    `history` oldest first; `flow`: counts per period (not a stock), where a figure seldom repeats itself.
    """
    typed = logarithm(float(number), integer)
    expected = expectation(history, season, integer)
    if number <= 0 or typed is None or expected is None:
        return None
    law = _Law(expected, pooled, integer)
    known = [one for one in history if one is not None][-12:]
    low, high = min(known), max(known)
    if law.distance(typed) > FAR_HINT:
        found = _slip(number, typed, law, integer)
        return None if found is None else Suspicion(found[0], found[1], low, high, found[2])
    if flow and _copied(number, known, law):
        return Suspicion("copied", None, low, high, False)
    return None


class _Law:
    """Where a right figure lies: a heavy-tailed law around the expected logarithm."""

    def __init__(self, expected: Expectation, pooled: float | None, integer: bool) -> None:
        spread = expected.shrunk(pooled)
        # Small counts jump by chance alone.
        chance = 1.0 / (math.exp(expected.centre) + 1.0) if integer else 0.0
        self.centre, self.spread = expected.centre, math.sqrt(spread**2 + chance)

    def distance(self, logarithm: float) -> float:
        return abs(logarithm - self.centre) / self.spread

    def weight(self, logarithm: float) -> float:
        return float((1.0 + self.distance(logarithm) ** 2 / TAIL) ** (-(TAIL + 1.0) / 2.0))


def _slip(number: Decimal, typed: float, law: _Law, integer: bool) -> tuple[str, Decimal | None, bool] | None:
    right, all_slips, scales = law.weight(typed), 0.0, 0.0
    best: tuple[float, str, Decimal] | None = None
    for kind, instead, prior in slips(number, integer):
        place = logarithm(float(instead), integer)
        if place is None:
            continue
        weight = prior * law.weight(place)
        all_slips += weight
        scales += weight if kind in SCALE_SLIPS else 0.0
        if best is None or weight > best[0]:
            best = (weight, kind, instead)
    if best is None or all_slips / (all_slips + right) < SURE_HINT:
        return None
    near = logarithm(float(best[2]), integer)
    plausible = near is not None and law.distance(near) <= FAR_MEANT
    stop = law.distance(typed) > FAR_STOP and scales / (all_slips + right) > SURE_STOP
    # what is no likelier itself is not offered as what was meant
    return (best[1], best[2], stop) if plausible else ("far", None, stop)


def _copied(number: Decimal, known: Sequence[Decimal], law: _Law) -> bool:
    """Equal to the last figure, in a series that never repeated itself and has room to differ."""
    if number < COPIED_FROM or not known or number != known[-1]:
        return False
    repeats = any(one == after for one, after in pairwise(known))
    return not repeats and float(number) * law.spread > COPIED_STEPS and len(known) >= 6


def pooled_spread(series: Sequence[Expectation | None]) -> float | None:
    """The middle spread of one indicator over its series (units); None while fewer than three are known."""
    spreads = [one.spread for one in series if one is not None and one.spread is not None and one.errors >= 3]
    return median(spreads) if len(spreads) >= 3 else None
