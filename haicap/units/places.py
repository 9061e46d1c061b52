"""What other rooms get to see of a unit: a frozen value, never a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Place:
    """One unit during one stretch of its life; area in km², lon and lat of its centre in degrees (WGS84)."""

    id: int
    uid: str
    code: str
    name: str
    full_name: str
    name_en: str
    kind: str
    level: int
    parent_id: int | None
    path: str
    valid_from: date
    valid_to: date | None
    area_km2: float | None
    population: int | None
    lon: float | None
    lat: float | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Layout:
    """Pointy-top hexagons: code → (column, row); odd rows sit half a cell to the right, rows grow downward.

    `neighbours`: code → {direction: code}, directions e, w, ne, nw, se, sw (adjacent cells), and up, down,
    left, right (nearest in that direction, so that arrow keys reach every cell).
    """

    version: str
    cells: Mapping[str, tuple[int, int]]
    neighbours: Mapping[str, Mapping[str, str]]
