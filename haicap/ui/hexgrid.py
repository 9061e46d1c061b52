"""Where hexagons stand and which one an arrow key reaches. Pure geometry, cached per layout.

Pointy-top, 52 px from flat to flat, odd rows shifted right by half a cell, rows growing downwards.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import hypot

PITCH = 52.0
ROW = 45.0
RADIUS = 30.0
#: a little smaller than the pitch: paper parts red from red, a dark line on dark red would not
HEXAGON = "M0-29.2 25.3-14.6V14.6L0 29.2-25.3 14.6V-14.6Z"
INNER = "M0-26.4 22.9-13.2V13.2L0 26.4-22.9 13.2V-13.2Z"
#: the bottom cap, the only part that carries dots or hatch: letters stay clean
CAP = "M-25 15.2H25L0 28.8Z"

Positions = tuple[tuple[str, int, int], ...]
ARROWS: dict[str, tuple[int, int]] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@dataclass(frozen=True)
class Frame:
    """Centres in px, the view box (x, y, width, height) and the arrow-key table of one layout."""

    centres: dict[str, tuple[float, float]]
    box: tuple[float, float, float, float]
    arrows: dict[str, dict[str, str]]


def centre(col: int, row: int) -> tuple[float, float]:
    """Centre of a cell in px."""
    return (col + (0.5 if row % 2 else 0.0)) * PITCH, row * ROW


def _next(code: str, way: tuple[int, int], centres: dict[str, tuple[float, float]]) -> str | None:
    x, y = centres[code]
    best: tuple[float, str] | None = None
    for other, (ox, oy) in centres.items():
        dx, dy = ox - x, oy - y
        along = dx * way[0] + dy * way[1]
        # 53 degrees to each side: up reaches both upper neighbours (30 degrees), never the one beside
        if other == code or along <= 0.6 * hypot(dx, dy):
            continue
        # going up leans left and going down leans right, so that up then down comes back
        lean = 0.1 if dx * way[1] < 0 else 0.0
        across = abs(dx * way[1]) + abs(dy * way[0])
        cost = along + 1.5 * across + lean
        if best is None or (cost, other) < best:
            best = (cost, other)
    return best[1] if best else None


def arrows_between(centres: dict[str, tuple[float, float]]) -> dict[str, dict[str, str]]:
    """For each code the codes that left, right, up and down lead to; a way without anybody is left out."""
    return {
        code: {name: other for name, way in ARROWS.items() if (other := _next(code, way, centres))}
        for code in centres
    }


@lru_cache(maxsize=128)
def frame(cells: Positions) -> Frame:
    """Everything about a layout that does not change with its figures. Cells are (code, col, row)."""
    centres = {code: centre(col, row) for code, col, row in cells}
    if not centres:
        return Frame({}, (0, 0, PITCH, 2 * RADIUS), {})
    left = min(x for x, _ in centres.values()) - PITCH / 2 - 5
    top = min(y for _, y in centres.values()) - RADIUS - 5
    right = max(x for x, _ in centres.values()) + PITCH / 2 + 5
    bottom = max(y for _, y in centres.values()) + RADIUS + 5
    return Frame(centres, (left, top, right - left, bottom - top), arrows_between(centres))
