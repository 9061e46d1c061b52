"""Slips of the hand: the figures that somebody may have meant when he typed another one."""

from collections.abc import Iterator
from decimal import Decimal

# How often a hand slips in each way, per figure typed; orders of magnitude, measured nowhere.
PRIOR = {
    "extra_digit": 0.004,
    "missing_digit": 0.004,
    "hundredfold": 0.0015,
    "thousandfold": 0.0015,
    "swapped": 0.004,
    "wrong_digit": 0.006,
}
SCALE_SLIPS = frozenset({"extra_digit", "missing_digit", "hundredfold", "thousandfold"})


def slips(number: Decimal, integer: bool = True) -> Iterator[tuple[str, Decimal, float]]:
    """(kind, figure that was meant, how likely the slip is): every single slip that ends in `number`."""
    yield "missing_digit", number * 10, PRIOR["missing_digit"]
    for kind, power in (("extra_digit", 10), ("hundredfold", 100), ("thousandfold", 1000)):
        meant = number / power
        if not integer or meant == meant.to_integral_value():
            yield kind, meant, PRIOR[kind]
    yield "hundredfold", number * 100, PRIOR["hundredfold"] / 3
    yield "thousandfold", number * 1000, PRIOR["thousandfold"] / 3
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    whole = "".join(map(str, digits))

    def figure(text: str) -> Decimal:
        return Decimal((sign, tuple(map(int, text)), exponent))

    # The digit too many need not be the last one.
    shorter = {figure(whole[:at] + whole[at + 1 :]) for at in range(len(whole) - 1)} if whole[1:] else set()
    for meant in sorted(shorter):
        yield "extra_digit", meant, PRIOR["extra_digit"] / 4 / len(whole)
    swaps = {figure(whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]) for at in range(len(whole) - 1)}
    for meant in sorted(swaps - {number}):
        yield "swapped", meant, PRIOR["swapped"] / max(3, len(swaps))
    # Only the first two digits move a figure far enough to be seen.
    for at in range(min(2, len(whole))):
        for digit in "0123456789":
            if digit != whole[at] and not (at == 0 and digit == "0"):
                yield "wrong_digit", figure(whole[:at] + digit + whole[at + 1 :]), PRIOR["wrong_digit"] / 17
