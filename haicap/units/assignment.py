"""Every unit its own cell, with the smallest sum of costs (Kuhn 1955; shortest augmenting paths)."""

import numpy as np
from numpy.typing import NDArray


def assign(cost: NDArray[np.float64]) -> list[int]:
    """Row → column of a matrix with at least as many columns as rows; O(rows² · columns)."""
    rows, columns = cost.shape
    if columns < rows:
        raise ValueError("fewer cells than units")
    potential_row, potential = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)
    for row in range(rows):
        _augment(cost, row, owner, potential_row, potential)
    result = [-1] * rows
    for column, row in enumerate(owner):
        if row >= 0:
            result[row] = column
    return result


def _augment(
    cost: NDArray[np.float64],
    row: int,
    owner: NDArray[np.int64],
    potential_row: NDArray[np.float64],
    potential: NDArray[np.float64],
) -> None:
    columns = cost.shape[1]
    shortest = np.full(columns, np.inf)
    previous = np.full(columns, -1)
    visited = np.zeros(columns, dtype=bool)
    current, last, base, path = row, -1, 0.0, []
    while True:
        through = base + cost[current] - potential_row[current] - potential
        better = ~visited & (through < shortest)
        shortest[better] = through[better]
        previous[better] = last
        column = int(np.argmin(np.where(visited, np.inf, shortest)))
        base = float(shortest[column])
        visited[column] = True
        path.append(column)
        if owner[column] < 0:
            break
        current, last = int(owner[column]), column
    potential_row[row] += base
    for seen in path[:-1]:
        potential_row[owner[seen]] += base - shortest[seen]
        potential[seen] -= base - shortest[seen]
    column = path[-1]
    while column >= 0:
        before = int(previous[column])
        owner[column] = row if before < 0 else owner[before]
        column = before
