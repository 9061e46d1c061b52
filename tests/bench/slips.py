"""Typing errors put into real series: how many are found, how many rightly mended, how often it cries wolf.

The series are the monthly and quarterly ones of the M3 and Tourism competitions (read from beside the
project, never kept in it). The last six figures of each are typed anew: as they were, and with one slip.
Beside it the two rules that DHIS2 offers: z-score and modified z-score of the same history.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import fmean, median, pstdev
from typing import NamedTuple

import pyarrow.parquet as pq

from haicap.core import plausible
from haicap.core.plausible import expectation, judge, pooled_spread

from .figures import Figure, programme

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "forecasting"
LAST, LEAST = 6, 8
SEASONS = {"monthly": 12, "quarterly": 4}
SCALES = ("x10", "d10", "x100", "x1000")
DIGITS = ("swap", "digit")
FAR = 0.3


class Series(NamedTuple):
    pool: tuple[str, ...]
    season: int
    figures: tuple[Decimal, ...]


class Verdict(NamedTuple):
    found: bool
    stop: bool
    right: bool
    z: bool
    modified: bool


@programme("slips")
def slips() -> Iterator[Figure]:
    if not DATA.exists():
        yield Figure("typing_errors", None, "%", note="the series are not beside the project")
        return
    series = list(_series())
    pools = _pools(series)
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    chance = random.Random(20261125)
    for one in series:
        for at in range(max(LEAST, len(one.figures) - LAST), len(one.figures)):
            _try(one, at, pools.get(one.pool), chance, verdicts)
    yield from _figures(verdicts, len(series))


def _series() -> Iterator[Series]:
    for name in ("m3", "tourism"):
        found: dict[tuple[str, ...], list[tuple[bool, int, float]]] = defaultdict(list)
        for row in pq.read_table(DATA / f"{name}.parquet").to_pylist():
            if row["period"] in SEASONS:
                key = (name, row["period"], row.get("type", ""), row["unique_id"])
                found[key].append((row["part"] != "train", row["ds"], row["y"]))
        for key, rows in found.items():
            numbers = [number for _, _, number in sorted(rows)]
            # Small indexes are read as counts of hundredths: the detector works on whole figures.
            factor = 1 if max(numbers) > 200 else 100
            figures = tuple(Decimal(round(number * factor)) for number in numbers)
            if min(figures) >= 0:
                yield Series(key[:3], SEASONS[key[1]], figures)


def _pools(series: Sequence[Series]) -> dict[tuple[str, ...], float | None]:
    """What the product knows of an indicator from its other units, from before the figures that are tried."""
    by_pool = defaultdict(list)
    for one in series:
        by_pool[one.pool].append(expectation(one.figures[:-LAST], one.season))
    return {pool: pooled_spread(found) for pool, found in by_pool.items()}


def _try(
    one: Series,
    at: int,
    pooled: float | None,
    chance: random.Random,
    verdicts: dict[str, list[Verdict]],
) -> None:
    true, history = one.figures[at], one.figures[:at]
    if true < 10:
        return
    for kind in ("none", *SCALES, *DIGITS):
        typed = true if kind == "none" else _slipped(kind, true, chance)
        if typed is None or typed <= 0:
            continue
        found = judge(typed, history, season=one.season, pooled=pooled)
        right = found is not None and found.instead is not None and _mended(kind, found.instead, true)
        verdicts[kind].append(
            Verdict(
                found is not None,
                found is not None and found.stop,
                right,
                _z_score(typed, history) >= 3,
                _modified(typed, history) >= 3.5,
            )
        )


def _slipped(kind: str, true: Decimal, chance: random.Random) -> Decimal | None:
    scale: dict[str, Callable[[], Decimal]] = {
        "x10": lambda: true * 10,
        "x100": lambda: true * 100,
        "x1000": lambda: true * 1000,
        "d10": lambda: true // 10,
    }
    if kind in scale:
        return scale[kind]()
    digits = str(int(true))
    for _ in range(30):
        at = chance.randrange(len(digits) - (kind == "swap")) if len(digits) > 1 else 0
        if kind == "swap":
            typed = digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :]
        else:
            typed = digits[:at] + chance.choice("0123456789") + digits[at + 1 :]
        if abs(int(typed) - true) > Decimal(str(FAR)) * true:
            return Decimal(int(typed))
    return None


def _mended(kind: str, instead: Decimal, true: Decimal) -> bool:
    # A lost last digit cannot be known again; the rest can.
    return abs(instead - true) < 10 if kind == "d10" else instead == true


def _z_score(typed: Decimal, history: Sequence[Decimal]) -> float:
    numbers = [float(one) for one in history]
    spread = pstdev(numbers)
    return abs(float(typed) - fmean(numbers)) / spread if spread else 0.0


def _modified(typed: Decimal, history: Sequence[Decimal]) -> float:
    """DHIS2's modified z-score: 0.6745 · distance from the median ÷ median absolute deviation."""
    numbers = [float(one) for one in history]
    middle = median(numbers)
    spread = median(abs(one - middle) for one in numbers)
    return 0.6745 * abs(float(typed) - middle) / spread if spread else 0.0


def _share(verdicts: Sequence[Verdict], good: Callable[[Verdict], bool]) -> float:
    return 100 * sum(map(good, verdicts)) / len(verdicts)


def _figures(verdicts: dict[str, list[Verdict]], count: int) -> Iterator[Figure]:
    scales = [one for kind in SCALES for one in verdicts[kind]]
    digits = [one for kind in DIGITS for one in verdicts[kind]]
    clean = verdicts["none"]
    note = f"{count:,} series, {len(clean):,} true figures; hint from {plausible.FAR_HINT} spreads"
    yield Figure("typing_scale_found", _share(scales, lambda one: one.found), "%", least=98.0, note=note)
    yield Figure("typing_scale_mended", _share(scales, lambda one: one.right), "%", least=95.0)
    yield Figure("typing_digits_found", _share(digits, lambda one: one.found), "%", least=65.0)
    yield Figure("typing_false_hints", _share(clean, lambda one: one.found), "%", 2.5)
    yield Figure("typing_false_stops", _share(clean, lambda one: one.stop), "%", 1.0)
    stops = _share(scales, lambda one: one.stop)
    yield Figure("typing_scale_stopped", stops, "%", note="asked for a note before the report goes on")
    for name, rule in (("z_score", lambda one: one.z), ("modified_z", lambda one: one.modified)):
        note = f"digits {_share(digits, rule):.1f} %, false {_share(clean, rule):.1f} %"
        yield Figure(f"typing_scale_found_by_dhis2_{name}", _share(scales, rule), "%", note=note)
