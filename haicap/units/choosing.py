"""Of several layouts of the same units, the truest: annealing from one seed may fold a long country over."""

from collections.abc import Mapping, Sequence

import numpy as np

from haicap.units import cartogram, hexes, plane
from haicap.units.annealing import Progress
from haicap.units.cartogram import Measures
from haicap.units.hexes import Cell
from haicap.units.plane import Edge, Point

# Small figures are quick and vary most from seed to seed; large ones hardly vary and readers wait for them.
UNITS_IN_ALL = 240
MOST_TRIES = 12
# Pairs nearer than this along an axis may stand either way: hexagons cannot tell, and readers do not mind.
CLEARLY_APART = 1.2
# In lost neighbours: a pitch of mean displacement, and all pairs the wrong way round.
DISPLACEMENT, TURNED = 0.1, 5.0


def tries(units: int) -> int:
    return max(1, min(MOST_TRIES, UNITS_IN_ALL // max(1, units)))


def turned(cells: Mapping[str, Cell], points: Mapping[str, Point], pitch_km: float) -> float:
    """Share (0…1) of the pairs clearly apart in north–south or west–east that stand the other way round."""
    codes = sorted(cells)
    projected = plane.project({code: points[code] for code in codes})
    true = np.array([projected[code] for code in codes]) / pitch_km
    drawn = np.array([hexes.centre(cells[code]) for code in codes])
    apart = true[:, None] - true[None]
    shown = drawn[:, None] - drawn[None]
    clear = apart > CLEARLY_APART
    return float((clear & (shown < 0)).sum() / max(1, int(clear.sum())))


def untruth(measures: Measures, wrong: float) -> float:
    """What a layout is ranked by; less is truer."""
    return -measures.adjacent + DISPLACEMENT * measures.mean_displacement + TURNED * wrong


def truest(
    points: Mapping[str, Point],
    edges: Sequence[Edge],
    seed: int = 1,
    *,
    area_km2: float | None = None,
    progress: Progress | None = None,
) -> tuple[dict[str, Cell], Measures, int]:
    """The best of a few seeds from `seed` on: its cells, how true they are, and the seed that gave them."""
    found = []
    number = tries(len(points))
    for turn in range(number):
        cells = cartogram.place(
            points, edges, seed + turn, area_km2=area_km2, progress=_share(progress, turn, number)
        )
        measures = cartogram.measure(cells, points, edges, area_km2=area_km2)
        wrong = turned(cells, points, measures.pitch_km)
        found.append((untruth(measures, wrong), seed + turn, cells, measures))
    _least, chosen, cells, measures = min(found, key=lambda one: one[:2])
    return cells, measures, chosen


def _share(progress: Progress | None, turn: int, number: int) -> Progress | None:
    if progress is None:
        return None
    told = progress
    return lambda share: told((turn + share) / number)
