"""Figures that look like a slip of the finger. The system asks, it never accuses.

Only a figure far outside its own history is suspected, and only if one known slip explains it: a digit too
many, a digit too few, two neighbouring digits swapped.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

LEAST_HISTORY = 3
# Wide on purpose: a commune's real month may double, it seldom grows fivefold.
FAR = Decimal(5)
NEAR = Decimal("1.5")
SMALL = Decimal(20)
LEAST_COPIED = 5
COPIED_SHARE = Decimal("0.8")


class Suspicion(NamedTuple):
    """`kind` is extra_digit, missing_digit or swapped; `instead` is what was probably meant."""

    kind: str
    instead: Decimal
    low: Decimal
    high: Decimal


def suspect(number: Decimal, history: Sequence[Decimal]) -> Suspicion | None:
    """`history`: the same cell's earlier figures, up to twelve, in any order, without missing ones."""
    known = [past for past in history if past > 0]
    if len(known) < LEAST_HISTORY or number <= 0:
        return None
    low, high = min(known), max(known)
    if max(number, high) < SMALL or low / FAR < number < high * FAR:
        return None
    for kind, instead in _slips(number):
        if low / NEAR <= instead <= high * NEAR:
            return Suspicion(kind, instead, low, high)
    return None


def _slips(number: Decimal) -> list[tuple[str, Decimal]]:
    found = []
    whole = number == number.to_integral_value()
    if not whole or number % 10 == 0:
        found.append(("extra_digit", number / 10))
    digits = str(int(number)) if whole else ""
    # The digit too many need not be the last one.
    found += [("extra_digit", Decimal(digits[:i] + digits[i + 1 :])) for i in range(1, len(digits))]
    found.append(("missing_digit", number * 10))
    for i in range(len(digits) - 1):
        swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        found.append(("swapped", Decimal(swapped)))
    return found


def looks_copied(now: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> bool:
    """Most of the flow figures are exactly those of the period before; zeros prove nothing."""
    both = [code for code, number in now.items() if code in before and (number or before[code])]
    if len(both) < LEAST_COPIED:
        return False
    same = sum(now[code] == before[code] for code in both)
    return Decimal(same) / len(both) >= COPIED_SHARE
