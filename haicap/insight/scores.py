"""The score of a commune: weighted points, with the coverage that it rests on.

What a missing figure costs is a rule of the pack: `zero` (0 points), `excluded` (it leaves the weights) or
`capped` (excluded, but the total stays below green). Whatever the rule, a score that rests on less than
`MINIMUM_COVERAGE` of the weight is not given: silence must not paint a commune red (docs/adr/0005-score.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from haicap.catalogue.queries import Catalogue, Cuts
from haicap.core.bands import Band
from haicap.insight.readings import Reading

ZERO = Decimal(0)
HUNDRED = Decimal(100)
MINIMUM_COVERAGE = Decimal("0.6")
BELOW = Decimal("0.1")
# what cannot have points does not belong to the weight that should have been covered
OUTSIDE = (Band.NO_THRESHOLD, Band.NOT_APPLICABLE, Band.NO_DENOMINATOR)


@dataclass(frozen=True)
class Weighing:
    """The frozen rules of one score: pillar weights, the pillar and weight of each indicator, the cuts."""

    pillars: Mapping[str, Decimal]
    indicators: Mapping[str, tuple[str, Decimal]]
    cuts: Cuts
    missing: str = "excluded"


def weighing_of(catalogue: Catalogue) -> Weighing:
    """The rules in force; indicators outside every pillar (published press figures) carry no weight."""
    pillars = {pillar.code: pillar.weight for pillar in catalogue.pillars}
    return Weighing(
        pillars=pillars,
        indicators={
            one.code: (one.pillar, one.weight)
            for one in catalogue.indicators.values()
            if one.pillar in pillars
        },
        cuts=catalogue.cuts,
        missing=catalogue.missing,
    )


@dataclass(frozen=True)
class Loss:
    """How many points of the total one indicator costs."""

    reading: Reading
    lost: Decimal


@dataclass(frozen=True)
class Score:
    unit_id: int
    value: Decimal | None
    band: Band
    coverage: Decimal
    pillars: Mapping[str, Decimal | None]
    losses: tuple[Loss, ...]
    provisional: bool


def score(unit_id: int, readings: Sequence[Reading], weighing: Weighing) -> Score:
    """Total in 0 … 100 from the pillars that have points; losses, dearest first, add up to 100 − total."""
    by_pillar: dict[str, list[tuple[Reading, Decimal]]] = {pillar: [] for pillar in weighing.pillars}
    due: dict[str, Decimal] = dict.fromkeys(weighing.pillars, ZERO)
    covered = dict(due)
    for reading in readings:
        pillar, weight = weighing.indicators[reading.indicator]
        if reading.band in OUTSIDE:
            continue
        due[pillar] += weight
        if reading.points is not None:
            covered[pillar] += weight
            by_pillar[pillar].append((reading, weight))
        elif weighing.missing == "zero":
            by_pillar[pillar].append((replace(reading, points=ZERO), weight))
    coverage = _coverage(due, covered, weighing.pillars)
    pillars = {pillar: _pillar(found) for pillar, found in by_pillar.items()}
    if not any(due.values()):
        return Score(unit_id, None, Band.NOT_APPLICABLE, ZERO, pillars, (), False)
    if coverage < MINIMUM_COVERAGE:
        return Score(unit_id, None, Band.NOT_REPORTED, coverage, pillars, (), False)
    total_weight = sum((weighing.pillars[p] for p, v in pillars.items() if v is not None), ZERO)
    total = sum((weighing.pillars[p] * v for p, v in pillars.items() if v is not None), ZERO) / total_weight
    if weighing.missing == "capped" and coverage < 1:
        total = min(total, weighing.cuts.green - BELOW)
    return Score(
        unit_id=unit_id,
        value=total,
        band=band_of(total, weighing.cuts),
        coverage=coverage,
        pillars=pillars,
        losses=_losses(by_pillar, weighing, total_weight),
        provisional=any(r.provisional for found in by_pillar.values() for r, _ in found),
    )


def _coverage(
    due: Mapping[str, Decimal], covered: Mapping[str, Decimal], pillars: Mapping[str, Decimal]
) -> Decimal:
    """Share of the total's weight that has a value; inside a pillar the indicators' own weights decide."""
    whole = sum((weight for pillar, weight in pillars.items() if due[pillar]), ZERO)
    have = sum((w * covered[pillar] / due[pillar] for pillar, w in pillars.items() if due[pillar]), ZERO)
    return have / whole if whole else ZERO


def band_of(total: Decimal, cuts: Cuts) -> Band:
    if total >= cuts.green:
        return Band.GREEN
    return Band.YELLOW if total >= cuts.yellow else Band.RED


def _pillar(found: Iterable[tuple[Reading, Decimal]]) -> Decimal | None:
    rows = [(reading.points, weight) for reading, weight in found if reading.points is not None]
    weight = sum((w for _, w in rows), ZERO)
    return sum((p * w for p, w in rows), ZERO) / weight if weight else None


def _losses(
    by_pillar: Mapping[str, list[tuple[Reading, Decimal]]], weighing: Weighing, total_weight: Decimal
) -> tuple[Loss, ...]:
    losses = []
    for pillar, found in by_pillar.items():
        weight = sum((w for _, w in found), ZERO)
        for reading, own in found:
            if reading.points is None or not weight:
                continue
            share = weighing.pillars[pillar] / total_weight * own / weight
            losses.append(Loss(reading, (HUNDRED - reading.points) * share))
    return tuple(sorted(losses, key=lambda loss: (-loss.lost, loss.reading.indicator)))
