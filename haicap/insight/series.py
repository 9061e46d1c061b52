"""One figure of one unit through time; a period without a value is a gap, never a zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import periods
from haicap.core.bands import Band
from haicap.core.periods import Period
from haicap.insight.boards import board
from haicap.insight.heatmap import figure
from haicap.units.places import Place


@dataclass(frozen=True)
class Point:
    period: Period
    value: Decimal | None
    band: Band
    provisional: bool


def window(last: Period, count: int, catalogue: Catalogue) -> list[Period]:
    """The `count` periods up to `last`, none before anybody had to report."""
    starts = [form.first_day for form in catalogue.running(last.last_day) if form.first_day]
    first = min(starts) if starts else last.start
    found = [last]
    while len(found) < count and found[0].start > first:
        found.insert(0, periods.shift(found[0], -1))
    return found


def series(
    owner: Place, unit_ids: Sequence[int], indicator: Indicator | None, asked: Sequence[Period]
) -> dict[int, tuple[Point, ...]]:
    """unit id → one point per period asked; `indicator` None is the score."""
    found: dict[int, list[Point]] = {unit: [] for unit in unit_ids}
    for period in asked:
        here = board(owner, period)
        for unit in unit_ids:
            one = figure(here, unit, indicator)
            if one is None:
                found[unit].append(Point(period, None, Band.NOT_APPLICABLE, False))
            else:
                found[unit].append(Point(period, one.value, one.band, one.provisional))
    return {unit: tuple(points) for unit, points in found.items()}
