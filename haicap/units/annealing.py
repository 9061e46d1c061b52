"""Improve a placement of units on hexagons step by step (Kirkpatrick, Gelatt and Vecchi 1983)."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from haicap.units import hexes
from haicap.units.hexes import Cell
from haicap.units.plane import Point

Progress = Callable[[float], None]
_REPORTS = 50


@dataclass(frozen=True)
class Weights:
    """What a placement costs: a lost neighbour, a wrong direction, a pitch of displacement, an uneven rim."""

    gap: float = 1.0
    farther: float = 0.5
    direction: float = 0.25
    home: float = 0.35
    rim: float = 1.0


# A hexagon on a thread, and a bay that is nearly a hole, look like errors of drawing.
_SPIKE = (6.0, 3.0, 0.4, 0.0, 0.0, 0.0, 0.0)
_BAY = (0.0, 0.0, 0.0, 0.0, 0.6, 3.0, 6.0)


class Board:
    """Units 0…n−1 on a block of cells; costs are kept as tables so that one step is a few look-ups."""

    def __init__(
        self,
        cells: Sequence[Cell],
        homes: Sequence[Point],
        edges: Sequence[tuple[int, int]],
        weights: Weights,
    ) -> None:
        self.cells = list(cells)
        index = {cell: i for i, cell in enumerate(self.cells)}
        self.beside = [[index[c] for c in hexes.around(cell) if c in index] for cell in self.cells]
        self.x, self.y = zip(*(hexes.centre(cell) for cell in self.cells), strict=True)
        self.weights = weights
        self.home = [
            [weights.home * math.hypot(x - hx, y - hy) for x, y in zip(self.x, self.y, strict=True)]
            for hx, hy in homes
        ]
        self.links: list[list[tuple[int, float, float]]] = [[] for _ in homes]
        for a, b in edges:
            dx, dy = homes[b][0] - homes[a][0], homes[b][1] - homes[a][1]
            length = math.hypot(dx, dy) or 1.0
            self.links[a].append((b, dx / length, dy / length))
            self.links[b].append((a, -dx / length, -dy / length))
        self.toward = [{other: (ux, uy) for other, ux, uy in links} for links in self.links]
        self.gap = [[self._gap(hexes.distance(a, b)) for b in self.cells] for a in self.cells]
        spots = list(zip(self.x, self.y, strict=True))
        self.far = [[1 / (math.dist(a, b) or 1) for b in spots] for a in spots]
        self.spike = [weights.rim * value for value in _SPIKE]
        self.bay = [weights.rim * value for value in _BAY]

    def _gap(self, steps: int) -> float:
        if steps <= 1:
            return 0.0
        return self.weights.gap + self.weights.farther * (steps - 2)

    def settle(self, places: Sequence[int]) -> None:
        """Put every unit on its cell (index)."""
        self.at = list(places)
        self.who = [-1] * len(self.cells)
        for unit, cell in enumerate(self.at):
            self.who[cell] = unit
        self.full = [sum(self.who[c] >= 0 for c in beside) for beside in self.beside]

    def cost_of(self, unit: int, cell: int) -> float:
        """Cost of one unit on a cell while the others stay."""
        total = self.home[unit][cell]
        gap, far, x, y = self.gap[cell], self.far[cell], self.x, self.y
        direction, at, cx, cy = self.weights.direction, self.at, x[cell], y[cell]
        for other, ux, uy in self.links[unit]:
            there = at[other]
            total += gap[there] + direction * (1 - ((x[there] - cx) * ux + (y[there] - cy) * uy) * far[there])
        return total

    def rim(self, cells: set[int]) -> float:
        who, full, spike, bay = self.who, self.full, self.spike, self.bay
        return sum(spike[full[c]] if who[c] >= 0 else bay[full[c]] for c in cells)

    def total(self) -> float:
        """The cost of the whole placement."""
        own = sum(self.home[unit][cell] for unit, cell in enumerate(self.at))
        both = sum(self.cost_of(unit, cell) for unit, cell in enumerate(self.at))
        return own + (both - own) / 2 + self.rim(set(range(len(self.cells))))

    def swap(self, a: int, b: int) -> None:
        """Exchange what stands on two cells (units or nothing) without any cost."""
        first, second = self.who[a], self.who[b]
        self.who[a], self.who[b] = second, first
        if first >= 0:
            self.at[first] = b
        if second >= 0:
            self.at[second] = a
        if (first >= 0) != (second >= 0):
            emptied, filled = (a, b) if first >= 0 else (b, a)
            for cell in self.beside[emptied]:
                self.full[cell] -= 1
            for cell in self.beside[filled]:
                self.full[cell] += 1

    def change(self, unit: int, target: int) -> float:
        """Move a unit to a cell, exchanging it with who stands there; returns the change of the cost."""
        source, other = self.at[unit], self.who[target]
        if other >= 0:
            before = self.cost_of(unit, source) + self.cost_of(other, target)
            self.swap(source, target)
            return (
                self.cost_of(unit, target) + self.cost_of(other, source) - before - self._twice(unit, other)
            )
        touched = {source, target, *self.beside[source], *self.beside[target]}
        before = self.cost_of(unit, source) + self.rim(touched)
        self.swap(source, target)
        return self.cost_of(unit, target) + self.rim(touched) - before

    def _twice(self, unit: int, other: int) -> float:
        """The link between two units that changed places was counted from both ends: take one away."""
        toward = self.toward[unit].get(other)
        if toward is None:
            return 0.0
        here, there = self.at[unit], self.at[other]
        along = (self.x[there] - self.x[here]) * toward[0] + (self.y[there] - self.y[here]) * toward[1]
        return -2 * self.weights.direction * along * self.far[here][there]


def anneal(
    board: Board,
    steps: int,
    seed: int,
    hot: float = 1.2,
    cold: float = 0.03,
    progress: Progress | None = None,
) -> list[int]:
    """Lower the cost of a settled board; returns the cheapest placement seen (unit → cell index)."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    units = len(board.at)
    cost = best = board.total()
    kept = list(board.at)
    cooling = (cold / hot) ** (1 / max(1, steps))
    heat = hot
    for number in range(steps):
        heat *= cooling
        unit = chance.randrange(units)
        source = board.at[unit]
        target = _target(board, unit, source, chance)
        if target != source:
            delta = board.change(unit, target)
            if delta > 0 and chance.random() >= math.exp(-delta / heat):
                board.swap(source, target)
            else:
                cost += delta
                if cost < best - 1e-9:
                    best, kept = cost, list(board.at)
        if progress is not None and number % (steps // _REPORTS + 1) == 0:
            progress(number / steps)
    board.settle(kept)
    return kept


def _target(board: Board, unit: int, source: int, chance: random.Random) -> int:
    """A cell beside the unit, or beside one of its true neighbours."""
    links = board.links[unit]
    near = source
    if links and chance.random() < 0.5:
        near = board.at[links[chance.randrange(len(links))][0]]
    beside = board.beside[near]
    return beside[chance.randrange(len(beside))]
