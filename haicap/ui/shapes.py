"""What a boundary path tells: its box, a place for its sign and name, its neighbours by arrow key. Cached."""

import re
from dataclasses import dataclass
from functools import lru_cache

from haicap.ui.hexgrid import arrows_between

_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """label: where the sign stands; room: width in path units that a name may take there."""

    label: Point
    room: float


@dataclass(frozen=True)
class Plan:
    """All outlines of one map in path units."""

    outlines: dict[str, Outline]
    box: tuple[float, float, float, float]
    arrows: dict[str, dict[str, str]]


def _rings(path: str) -> list[list[Point]]:
    rings = []
    for piece in re.split(r"[Mm]", path):
        numbers = [float(text) for text in _NUMBER.findall(piece)]
        ring = list(zip(numbers[::2], numbers[1::2], strict=False))
        if len(ring) > 2:
            rings.append(ring)
    return rings


def _area(ring: list[Point]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in pairs) / 2


def _widest_at(ring: list[Point], y: float) -> tuple[float, float]:
    """Middle and width of the widest stretch inside the ring at height y."""
    edges = zip(ring, ring[1:] + ring[:1], strict=True)
    cuts = sorted(x + (y - v) * (u - x) / (w - v) for (x, v), (u, w) in edges if (v > y) != (w > y))
    spans = [((a + b) / 2, b - a) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return max(spans, key=lambda span: span[1], default=(ring[0][0], 0.0))


def _outline(path: str) -> Outline:
    rings = _rings(path)
    if not rings:
        return Outline((0.0, 0.0), 0.0)
    ring = max(rings, key=lambda r: abs(_area(r)))
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    # a wide place near the middle: the thickness of the two ends keeps the name out of corners
    best: tuple[float, Point, float] = (-1.0, ring[0], 0.0)
    for step in range(2, 15):
        y = low + (high - low) * step / 16
        x, width = _widest_at(ring, y)
        score = width * (1 - abs(step / 16 - 0.5))
        if score > best[0]:
            best = (score, (x, y), width)
    return Outline(best[1], best[2])


@lru_cache(maxsize=16)
def outlines_of(paths: tuple[tuple[str, str], ...]) -> Plan:
    """Plan of a set of (code, path). A path without area gets a sign but no name."""
    outlines = {code: _outline(path) for code, path in paths}
    points = [point for _, path in paths for ring in _rings(path) for point in ring]
    if not points:
        return Plan(outlines, (0.0, 0.0, 1.0, 1.0), {code: {} for code in outlines})
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - left, max(y for _, y in points) - top
    edge = 0.01 * max(width, height)
    box = (left - edge, top - edge, width + 2 * edge, height + 2 * edge)
    return Plan(outlines, box, arrows_between({code: o.label for code, o in outlines.items()}))
