"""Equal hexagons near the true places: every unit weighs the same, and neighbours stay neighbours.

Relax the true centres to one pitch, assign them to cells (Hungarian method), anneal, mend. Deterministic:
the same points, edges, seed and steps give the same cells.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from haicap.units import hexes, plane
from haicap.units.annealing import Board, Progress, Weights, anneal
from haicap.units.assignment import assign
from haicap.units.hexes import Cell
from haicap.units.mending import mend
from haicap.units.plane import Edge, Point

MARGIN = 2
# Cells of the block per unit: what is more scattered is drawn together first.
ROOMINESS = 5
STEPS_PER_UNIT = 3000
# Rounds of spreading crowded towns before cells are given out; many move everything far from home.
RELAXING = 20


@dataclass(frozen=True)
class Frame:
    """What the picture must fit: most rows and columns (None: any), and how x and y are stretched first."""

    rows: int | None = None
    columns: int | None = None
    stretch: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True)
class Measures:
    """How true a layout is. Displacement in pitches, after undoing the stretch and centring."""

    edges: int
    adjacent: float
    within_two: float
    mean_displacement: float
    largest_displacement: float
    pitch_km: float
    parts: int
    holes: int


def place(
    points: Mapping[str, Point],
    edges: Sequence[Edge] | None = None,
    seed: int = 1,
    *,
    area_km2: float | None = None,
    frame: Frame | None = None,
    weights: Weights | None = None,
    relaxing: int = RELAXING,
    steps: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Cell]:
    """code → (column, row) for centres (lon, lat) in degrees; no two on one cell, connected, no holes.

    `edges`: pairs of codes that share a border; None takes the Delaunay neighbours of the centres.
    `area_km2`: area of all units together, sets the size of a hexagon; None takes the convex hull.
    `progress` is called with 0…1 as the work goes on.
    """
    frame = frame or Frame()
    codes = sorted(points)
    if len(codes) < 2:
        return dict.fromkeys(codes, (0, 0))
    true = plane.draw_near(plane.project({code: points[code] for code in codes}))
    known = plane.neighbours(true) if edges is None else _known(edges, codes)
    index = {code: i for i, code in enumerate(codes)}
    pairs = [(index[a], index[b]) for a, b in known]
    homes = _fit(_relax(_in_pitches(true, codes, area_km2, frame), pairs, relaxing), frame, seed)
    block = _block(homes, frame, len(codes))
    board = Board(block, homes.tolist(), pairs, weights or Weights())
    board.settle(assign(_square_distances(homes, block)))
    best = anneal(board, steps or STEPS_PER_UNIT * len(codes), seed, progress=progress)
    return _from_zero(mend({code: block[cell] for code, cell in zip(codes, best, strict=True)}))


def _known(edges: Sequence[Edge], codes: Sequence[str]) -> list[Edge]:
    present = set(codes)
    return sorted({(min(a, b), max(a, b)) for a, b in edges if a != b and a in present and b in present})


def pitch(points: Mapping[str, Point], area_km2: float | None) -> float:
    """Width in km of a hexagon of the mean area of the units; points in km."""
    by_area = math.sqrt((area_km2 or plane.hull_area(points)) / len(points) / hexes.ROW_HEIGHT)
    # two towns on a line have no hull, and the gaps between them are then all that is known
    return by_area if area_km2 else max(by_area, plane.usual_gap(points)) or 1.0


def _in_pitches(
    true: Mapping[str, Point], codes: Sequence[str], area_km2: float | None, frame: Frame
) -> np.ndarray:
    return np.array([true[code] for code in codes]) / pitch(true, area_km2) * np.array(frame.stretch)


def _relax(homes: np.ndarray, pairs: Sequence[tuple[int, int]], rounds: int) -> np.ndarray:
    """Pull neighbours to one pitch, push others apart, weakly hold on to home."""
    spots = homes.copy()
    spots += np.linspace(0, 1e-6, spots.size).reshape(spots.shape)  # two centres on one spot must part
    a, b = np.array(pairs, dtype=int).reshape(-1, 2).T
    for _ in range(rounds):
        shift = 0.02 * (homes - spots)
        apart = spots[:, None] - spots[None]
        length = np.hypot(apart[..., 0], apart[..., 1])
        np.fill_diagonal(length, 2)
        push = np.where(length < 1, (1 - length) / length, 0) * 0.2
        shift += (apart * push[..., None]).sum(axis=1)
        link = spots[b] - spots[a]
        reach = np.hypot(link[:, 0], link[:, 1])
        pull = link * (np.maximum(reach - 1, 0) / np.maximum(reach, 1e-9) * 0.05)[:, None]
        np.add.at(shift, a, pull)
        np.add.at(shift, b, -pull)
        spots += np.clip(shift, -0.5, 0.5)
    return spots


def _fit(homes: np.ndarray, frame: Frame, seed: int) -> np.ndarray:
    """Into the frame, with the corner at (0, 0); each seed lays the grid a little differently."""
    low, high = homes.min(axis=0), homes.max(axis=0)
    largest = math.sqrt(ROOMINESS * len(homes) / max(1.0, float(np.prod(high - low))))
    homes, low, high = (part * min(1.0, largest) for part in (homes, low, high))
    size = np.maximum(high - low, 1e-9)
    room = np.array([
        math.inf if frame.columns is None else frame.columns - 1.5,
        math.inf if frame.rows is None else (frame.rows - 1) * hexes.ROW_HEIGHT,
    ])  # fmt: skip
    nudge = np.random.default_rng(seed).uniform(-0.5, 0.5, 2)
    spare = np.minimum(np.maximum(room - size, 0) / 2, 0.5)
    return (homes - low) * np.minimum(1, room / size) + spare + nudge * np.minimum(1, 2 * spare)


def _block(homes: np.ndarray, frame: Frame, units: int) -> list[Cell]:
    """Cells around the homes, as many as the frame allows and at least as many as units."""
    right, low = homes.max(axis=0)
    columns = range(-MARGIN, math.ceil(right) + MARGIN + 1)
    rows = range(-MARGIN, math.ceil(low / hexes.ROW_HEIGHT) + MARGIN + 1)
    if frame.columns is not None:
        columns = range(frame.columns)
    if frame.rows is not None:
        rows = range(frame.rows)
    if len(columns) * len(rows) < units:
        raise ValueError("the frame has fewer cells than there are units")
    return [(column, row) for row in rows for column in columns]


def _square_distances(homes: np.ndarray, block: Sequence[Cell]) -> np.ndarray:
    spots = np.array([hexes.centre(cell) for cell in block])
    return ((homes[:, None] - spots[None]) ** 2).sum(axis=2)


def _from_zero(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """First column and row are 0; rows move by an even number, or odd rows would change their shift."""
    left, top = min(c for c, _ in cells.values()), min(r for _, r in cells.values())
    if top % 2:
        # one row lower, then half a cell to the left: odd rows become even without changing the picture
        return _from_zero({code: (c + r % 2, r + 1) for code, (c, r) in cells.items()})
    return {code: (column - left, row - top) for code, (column, row) in cells.items()}


def measure(
    cells: Mapping[str, Cell],
    points: Mapping[str, Point],
    edges: Sequence[Edge],
    *,
    area_km2: float | None = None,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Measures:
    """Hold a layout against the truth: centres (lon, lat) in degrees and pairs that share a border."""
    codes = sorted(cells)
    true = plane.draw_near(plane.project({code: points[code] for code in codes}))
    wide = pitch(true, area_km2)
    drawn = np.array([hexes.centre(cells[code]) for code in codes]) / np.array(stretch)
    real = np.array([true[code] for code in codes]) / wide
    off = np.hypot(*((drawn - drawn.mean(axis=0)) - (real - real.mean(axis=0))).T)
    steps = [hexes.distance(cells[a], cells[b]) for a, b in _known(edges, codes)]
    return Measures(
        edges=len(steps),
        adjacent=sum(s == 1 for s in steps) / max(1, len(steps)),
        within_two=sum(s <= 2 for s in steps) / max(1, len(steps)),
        mean_displacement=float(off.mean()),
        largest_displacement=float(off.max()),
        pitch_km=wide,
        parts=len(hexes.components(cells.values())),
        holes=len(hexes.holes(list(cells.values()))),
    )
