"""Pointy-top hexagons in rows: odd rows sit half a cell to the right, rows grow downward. One pitch = 1."""

import math
from collections.abc import Collection, Iterable, Iterator

Cell = tuple[int, int]
"""(column, row)"""

ROW_HEIGHT = math.sqrt(3) / 2
DIRECTIONS = ("e", "se", "sw", "w", "nw", "ne")
_STEPS = {
    0: {"e": (1, 0), "se": (0, 1), "sw": (-1, 1), "w": (-1, 0), "nw": (-1, -1), "ne": (0, -1)},
    1: {"e": (1, 0), "se": (1, 1), "sw": (0, 1), "w": (-1, 0), "nw": (0, -1), "ne": (1, -1)},
}


def step(cell: Cell, direction: str) -> Cell:
    column, row = cell
    dx, dy = _STEPS[row % 2][direction]
    return column + dx, row + dy


def around(cell: Cell) -> tuple[Cell, ...]:
    """The six cells beside this one, clockwise from the east."""
    return tuple(step(cell, direction) for direction in DIRECTIONS)


def centre(cell: Cell) -> tuple[float, float]:
    """(x, y) in pitches, y downward."""
    column, row = cell
    return column + (row % 2) / 2, row * ROW_HEIGHT


def distance(a: Cell, b: Cell) -> int:
    """Steps from cell to cell; neighbours are 1 apart."""
    qa, qb = a[0] - (a[1] - a[1] % 2) // 2, b[0] - (b[1] - b[1] % 2) // 2
    dq, dr = qa - qb, a[1] - b[1]
    return max(abs(dq), abs(dr), abs(dq + dr))


def components(cells: Iterable[Cell]) -> list[set[Cell]]:
    """Connected parts, largest first, equal ones by their smallest cell."""
    waiting, found = set(cells), []
    while waiting:
        part = _reach(min(waiting), waiting)
        found.append(part)
        waiting -= part
    return sorted(found, key=lambda part: (-len(part), min(part)))


def _reach(start: Cell, allowed: Collection[Cell]) -> set[Cell]:
    seen, stack = {start}, [start]
    while stack:
        for cell in around(stack.pop()):
            if cell in allowed and cell not in seen:
                seen.add(cell)
                stack.append(cell)
    return seen


def outside(cells: Collection[Cell]) -> set[Cell]:
    """Empty cells, within one cell of the bounding box, from which one can leave."""
    empty = set(_box(cells)) - set(cells)
    return _reach(min(empty), empty)


def _box(cells: Collection[Cell]) -> Iterator[Cell]:
    columns, rows = [c for c, _ in cells], [r for _, r in cells]
    for row in range(min(rows) - 1, max(rows) + 2):
        for column in range(min(columns) - 1, max(columns) + 2):
            yield column, row


def holes(cells: Collection[Cell]) -> set[Cell]:
    """Empty cells enclosed by occupied ones."""
    if not cells:
        return set()
    return set(_box(cells)) - set(cells) - outside(cells)
