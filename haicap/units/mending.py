"""After annealing: bring loose parts together and fill holes, so that both promises hold for any input."""

from collections import deque
from collections.abc import Iterable

from haicap.units import hexes
from haicap.units.hexes import Cell

Cells = dict[str, Cell]


def mend(cells: Cells) -> Cells:
    """Connected and without holes; every other unit stays where it is."""
    cells = join(cells)
    while enclosed := hexes.holes(cells.values()):
        cells = _fill(cells, min(enclosed))
    return cells


def join(cells: Cells) -> Cells:
    """Move the smaller parts, one after the other, along the shortest way to the largest."""
    cells = dict(cells)
    while len(parts := hexes.components(cells.values())) > 1:
        main, loose = parts[0], parts[1]
        for cell in sorted(loose, key=lambda c: min(hexes.distance(c, m) for m in main)):
            code = next(code for code, at in cells.items() if at == cell)
            rest = set(cells.values()) - {cell}
            rim = {c for m in main for c in hexes.around(m)} - rest
            cells[code] = min(rim, key=lambda c: (hexes.distance(c, cell), c))
            main = main | {cells[code]}
    return cells


def _fill(cells: Cells, hole: Cell) -> Cells:
    """Shift the units between the hole and the rim by one cell each, taking the last from the rim."""
    codes = {cell: code for code, cell in cells.items()}
    free = hexes.outside(codes)
    came_from: dict[Cell, Cell] = {hole: hole}
    queue = deque([hole])
    while queue:
        cell = queue.popleft()
        if cell != hole and _can_leave(cell, hole, codes, free):
            return _shift(cells, codes, came_from, cell)
        for near in hexes.around(cell):
            if near not in came_from and near in codes:
                came_from[near] = cell
                queue.append(near)
    raise AssertionError("a connected figure has a cell on its rim that can leave it")


def _can_leave(cell: Cell, hole: Cell, occupied: Iterable[Cell], free: set[Cell]) -> bool:
    if not any(near in free for near in hexes.around(cell)):
        return False
    rest = (set(occupied) | {hole}) - {cell}
    return len(hexes.components(rest)) == 1


def _shift(cells: Cells, codes: dict[Cell, str], came_from: dict[Cell, Cell], last: Cell) -> Cells:
    moved = dict(cells)
    cell = last
    while came_from[cell] != cell:
        moved[codes[cell]] = came_from[cell]
        cell = came_from[cell]
    return moved
