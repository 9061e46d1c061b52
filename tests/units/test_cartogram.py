"""Hexagons: no overlap, connected, no holes, the same every time, neighbours kept, far islands drawn near."""

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.units import arrows, assignment, cartogram, hexes, mending, plane
from haicap.units.annealing import Board, Weights, anneal

cells_ = st.tuples(st.integers(-30, 30), st.integers(-30, 30))
figures = st.sets(cells_, min_size=1, max_size=60)
points_ = st.dictionaries(
    st.integers(0, 999).map(lambda n: f"{n:03d}"),
    st.tuples(st.floats(102, 118, allow_subnormal=False), st.floats(7, 24, allow_subnormal=False)),
    min_size=1,
    max_size=25,
)


@given(cells_, cells_)
def test_distance_is_one_exactly_beside(a: hexes.Cell, b: hexes.Cell) -> None:
    assert (hexes.distance(a, b) == 1) == (b in hexes.around(a))
    assert hexes.distance(a, b) == hexes.distance(b, a)
    assert (hexes.distance(a, b) == 0) == (a == b)


@given(cells_)
def test_the_six_beside_are_one_pitch_away(cell: hexes.Cell) -> None:
    assert len(set(hexes.around(cell))) == 6
    for near in hexes.around(cell):
        assert math.dist(hexes.centre(cell), hexes.centre(near)) == pytest.approx(1)
        assert cell in hexes.around(near)


def test_odd_rows_sit_half_a_cell_to_the_right_and_rows_grow_downward() -> None:
    assert hexes.centre((2, 0)) == (2, 0)
    assert hexes.centre((2, 1)) == (2.5, hexes.ROW_HEIGHT)
    assert hexes.step((2, 1), "se") == (3, 2)
    assert hexes.step((2, 2), "nw") == (1, 1)


def test_holes_and_components() -> None:
    ring = set(hexes.around((0, 0)))
    assert hexes.holes(ring) == {(0, 0)}
    assert hexes.holes(ring | {(0, 0)}) == set()
    assert [len(part) for part in hexes.components([(0, 0), (1, 0), (5, 5)])] == [2, 1]


@given(figures)
def test_mending_joins_fills_and_loses_nobody(figure: set[hexes.Cell]) -> None:
    cells = {f"{n}": cell for n, cell in enumerate(sorted(figure))}
    mended = mending.mend(cells)
    assert mended.keys() == cells.keys()
    assert len(set(mended.values())) == len(cells)
    assert len(hexes.components(mended.values())) == 1
    assert not hexes.holes(list(mended.values()))


@given(st.integers(1, 6), st.integers(0, 2), st.randoms(use_true_random=False))
def test_assignment_is_the_cheapest(rows: int, spare: int, chance: random.Random) -> None:
    columns = rows + spare
    cost = np.array([[chance.randrange(20) for _ in range(columns)] for _ in range(rows)], dtype=float)
    found = assignment.assign(cost)
    assert len(set(found)) == rows
    best = min(
        sum(cost[row, column] for row, column in enumerate(order))
        for order in itertools.permutations(range(columns), rows)
    )
    assert sum(cost[row, column] for row, column in enumerate(found)) == best


@settings(max_examples=25, deadline=None)
@given(points_, st.integers(0, 5))
def test_any_points_give_a_proper_figure(points: dict[str, plane.Point], seed: int) -> None:
    cells = cartogram.place(points, seed=seed, steps=300)
    assert cells.keys() == points.keys()
    assert len(set(cells.values())) == len(points)
    assert len(hexes.components(cells.values())) == 1
    assert not hexes.holes(list(cells.values()))
    assert min(column for column, _ in cells.values()) == 0
    assert min(row for _, row in cells.values()) == 0
    assert cells == cartogram.place(points, seed=seed, steps=300)


def grid(size: int, gap: float = 0.1) -> tuple[dict[str, plane.Point], list[plane.Edge]]:
    """Units that lie as hexagons do, around 108° E 13° N, and who borders whom."""
    spots = {(c, r): f"{c}{r}" for c in range(size) for r in range(size)}
    wide = gap / math.cos(math.radians(13))
    points = {
        code: (108 + hexes.centre(cell)[0] * wide, 13 - hexes.centre(cell)[1] * gap)
        for cell, code in spots.items()
    }
    edges = [
        (code, spots[near]) for cell, code in spots.items() for near in hexes.around(cell) if near in spots
    ]
    return points, edges


def test_what_lies_like_hexagons_keeps_every_neighbour() -> None:
    points, edges = grid(6)
    area = 36 * hexes.ROW_HEIGHT * (0.1 * plane.KM_PER_DEGREE) ** 2
    cells = cartogram.place(points, edges, area_km2=area)
    measures = cartogram.measure(cells, points, edges, area_km2=area)
    assert measures.adjacent == 1
    assert measures.mean_displacement < 0.1
    assert (measures.parts, measures.holes) == (1, 0)


def test_a_far_island_does_not_stretch_the_picture() -> None:
    points, edges = grid(5)
    far = {**points, "island": (114.4, 9.7)}
    cells = cartogram.place(far, edges, steps=20_000)
    column, row = cells["island"]
    others = [cell for code, cell in cells.items() if code != "island"]
    assert max(c for c, _ in others) - min(c for c, _ in others) < 9
    assert column >= max(c for c, _ in others) - 2
    assert row >= max(r for _, r in others) - 2


def test_drawing_near_keeps_what_lies_close() -> None:
    points = {"a": (0.0, 0.0), "b": (1.0, 0.0), "c": (2.0, 0.0), "d": (102.0, 0.0)}
    near = plane.draw_near(points)
    gaps = [math.dist(near[x], near[y]) for x, y in (("a", "b"), ("b", "c"), ("c", "d"))]
    assert gaps == pytest.approx([1, 1, plane.FARTHEST_GAP])


def test_the_frame_is_kept() -> None:
    points, edges = grid(6)
    cells = cartogram.place(points, edges, frame=cartogram.Frame(rows=5, columns=8), steps=5_000)
    assert max(column for column, _ in cells.values()) < 8
    assert max(row for _, row in cells.values()) < 5
    with pytest.raises(ValueError, match="fewer cells"):
        cartogram.place(points, edges, frame=cartogram.Frame(rows=2, columns=2))


def test_progress_rises() -> None:
    seen: list[float] = []
    points, edges = grid(4)
    cartogram.place(points, edges, steps=1000, progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 10
    assert seen[0] == 0


def test_changes_of_cost_add_up_to_the_cost() -> None:
    cells = [(c, r) for r in range(6) for c in range(6)]
    homes = [hexes.centre((c, r)) for c in range(1, 5) for r in range(1, 5)]
    edges = [(i, i + 1) for i in range(15)] + [(i, i + 4) for i in range(12)]
    board = Board(cells, homes, edges, Weights())
    board.settle(list(range(16)))
    chance = random.Random(7)
    for _ in range(300):
        before = board.total()
        unit, target = chance.randrange(16), chance.randrange(36)
        if board.at[unit] == target:
            continue
        change = board.change(unit, target)
        assert board.total() - before == pytest.approx(change)
    cost = board.total()
    anneal(board, 3000, 1)
    assert board.total() < cost


def test_arrow_keys_reach_every_cell() -> None:
    points, edges = grid(5)
    cells = cartogram.place(points, edges, steps=2_000)
    ways = arrows.neighbours(cells)
    seen, stack = {"00"}, ["00"]
    while stack:
        for key in ("left", "right", "up", "down"):
            code = ways[stack[-1]].get(key) if stack else None
            if code and code not in seen:
                seen.add(code)
                stack.append(code)
                break
        else:
            stack.pop()
    assert seen == set(cells)
    for code, table in ways.items():
        for way in hexes.DIRECTIONS:
            if way in table:
                assert cells[table[way]] == hexes.step(cells[code], way)
