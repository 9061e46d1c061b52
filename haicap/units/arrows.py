"""Where a step leads from each hexagon: the six beside it, and the four arrow keys."""

import math
from collections.abc import Mapping

from haicap.units import hexes
from haicap.units.hexes import Cell

_KEYS = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, -1.0), "down": (0.0, 1.0)}


def neighbours(cells: Mapping[str, Cell]) -> dict[str, dict[str, str]]:
    """code → {e, se, sw, w, nw, ne: code beside it; left, right, up, down: where the arrow key leads}."""
    codes = {cell: code for code, cell in cells.items()}
    result = {}
    for code in sorted(cells):
        beside = {way: hexes.step(cells[code], way) for way in hexes.DIRECTIONS}
        ways = {way: codes[cell] for way, cell in beside.items() if cell in codes}
        for key, direction in _KEYS.items():
            target = _nearest(code, direction, cells)
            if target is not None:
                ways[key] = target
        result[code] = ways
    return result


def _nearest(code: str, direction: tuple[float, float], cells: Mapping[str, Cell]) -> str | None:
    x, y = hexes.centre(cells[code])
    best: tuple[float, str] | None = None
    for other, cell in cells.items():
        ox, oy = hexes.centre(cell)
        along = (ox - x) * direction[0] + (oy - y) * direction[1]
        # half a right angle and a little more, so that up reaches the upper neighbours, never the one beside
        if other == code or along <= 0.6 * math.hypot(ox - x, oy - y):
            continue
        across = abs((ox - x) * direction[1] - (oy - y) * direction[0])
        # up leans left and down leans right, so that up and then down comes back
        lean = 0.01 if (ox - x) * direction[1] < 0 else 0.0
        found = (round(math.hypot(ox - x, oy - y) + across / 2 + lean, 6), other)
        if best is None or found < best:
            best = found
    return None if best is None else best[1]
