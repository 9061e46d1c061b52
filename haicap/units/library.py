"""Read the units of Vietnam from the installed package `vietnamadminunits`: facts only, nothing is copied.

Its database has today's 3,321 communes and the 10,035 of before 1 July 2025 (with five island districts that
had none); its converter says which old communes moved whole and which were split.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import as_file, files
from typing import Any

from haicap.units.names import full_en, full_vi, tidy
from haicap.units.states import COUNTRY_CODE, PREFIX_VI, Kind, Level

REFORM = date(2025, 7, 1)
REFORM_ACT = "Quyết định 19/2025/QĐ-TTg"
# The old list is known to hold on this day (10,035 communes); how long before is not claimed.
OLD_LIST = date(2025, 1, 1)
# Reunified Viet Nam took its name on this day.
COUNTRY_FROM = date(1976, 7, 2)

Key = tuple[int, str, date]
_KIND_OF_PREFIX = {prefix: kind for kind, prefix in PREFIX_VI.items()}


@dataclass
class Row:
    """One unit during one stretch of its life, as a source states it."""

    code: str
    level: int
    kind: Kind
    name: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None = None
    act: str = ""
    area_km2: float | None = None
    population: int | None = None
    lon: float | None = None
    lat: float | None = None

    @property
    def key(self) -> Key:
        return (self.level, self.code, self.valid_from)

    @property
    def full_name(self) -> str:
        return full_vi(self.kind, self.name)

    @property
    def name_en(self) -> str:
        return full_en(self.kind, self.name)


@dataclass(frozen=True)
class Edge:
    """Old → new on a day; share 1 when the old unit moved whole, None when it was split."""

    old: Key
    new: Key
    on: date
    share: int | None
    act: str


@dataclass
class Source:
    rows: list[Row] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read() -> Source:
    """Everything the package knows, as rows and edges."""
    data = files("vietnamadminunits") / "data"
    with (
        as_file(data / "dataset.db") as path,
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db,
    ):
        db.row_factory = sqlite3.Row
        new = db.execute("SELECT * FROM admin_units ORDER BY wardCode").fetchall()
        old = db.execute("SELECT * FROM admin_units_legacy ORDER BY wardCode, districtCode").fetchall()
    converter = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))
    rows = [Row(COUNTRY_CODE, Level.COUNTRY, Kind.COUNTRY, "Việt Nam", None, COUNTRY_FROM)]
    rows += _provinces(old, OLD_LIST, REFORM) + _provinces(new, REFORM, None)
    rows += [_old_commune(row) for row in old] + [_commune(row) for row in new]
    return Source(rows, list(_edges(converter, old, new)))


def _tables(address: str) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
    with closing(sqlite3.connect(address, uri=True)) as db:
        db.row_factory = sqlite3.Row
        new = db.execute("SELECT * FROM admin_units ORDER BY wardCode").fetchall()
        old = db.execute("SELECT * FROM admin_units_legacy ORDER BY wardCode, districtCode").fetchall()
    return new, old


def _kind_and_name(full_name: str) -> tuple[Kind, str]:
    """ "Xã Ea Knuếc" → (xa, "Ea Knuếc")"""
    clean = tidy(full_name)
    for prefix, kind in _KIND_OF_PREFIX.items():
        # the list writes "Thị Trấn" as well as "Thị trấn"
        if clean.lower().startswith(prefix.lower() + " "):
            return kind, clean[len(prefix) + 1 :]
    raise ValueError(f"unit of unknown kind: {full_name}")


def _provinces(rows: list[sqlite3.Row], start: date, end: date | None) -> list[Row]:
    found = {}
    for row in rows:
        code = row["provinceCode"]
        if code not in found:
            kind, name = _kind_and_name(row["province"])
            found[code] = Row(
                code, Level.PROVINCE, kind, name, COUNTRY_CODE, start, end, "" if end else REFORM_ACT,
                lon=row["provinceLon"], lat=row["provinceLat"],
            )  # fmt: skip
    return list(found.values())


def _commune(row: sqlite3.Row) -> Row:
    kind, name = _kind_and_name(row["ward"])
    return Row(
        row["wardCode"], Level.COMMUNE, kind, name, row["provinceCode"], REFORM, None, REFORM_ACT,
        area_km2=row["wardAreaKm2"], lon=row["wardLon"], lat=row["wardLat"],
    )  # fmt: skip


def _old_code(row: sqlite3.Row) -> str:
    return row["wardCode"] or row["districtCode"]


def _old_commune(row: sqlite3.Row) -> Row:
    stem = "ward" if row["wardCode"] else "district"
    kind, name = _kind_and_name(row[stem])
    return Row(
        _old_code(row), Level.COMMUNE, kind, name, row["provinceCode"], OLD_LIST, REFORM,
        lon=row[f"{stem}Lon"], lat=row[f"{stem}Lat"],
    )  # fmt: skip


def _edges(converter: dict[str, Any], old: list[sqlite3.Row], new: list[sqlite3.Row]) -> Iterator[Edge]:
    old_provinces = {row["provinceKey"]: row["provinceCode"] for row in old}
    new_provinces = {row["provinceKey"]: row["provinceCode"] for row in new}
    old_codes = {f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}": _old_code(r) for r in old}
    new_codes = {(r["provinceKey"], r["wardKey"]): r["wardCode"] for r in new}

    def edge(level: int, before: str, after: str, share: int | None) -> Edge:
        return Edge((level, before, OLD_LIST), (level, after, REFORM), REFORM, share, REFORM_ACT)

    for after, befores in converter["DICT_PROVINCE"].items():
        for before in befores:
            yield edge(Level.PROVINCE, old_provinces[before], new_provinces[after], 1)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, befores in wards.items():
            for before in befores:
                yield edge(Level.COMMUNE, old_codes[before], new_codes[province, ward], 1)
    for province, splits in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for before, afters in splits.items():
            for after in afters:
                yield edge(Level.COMMUNE, old_codes[before], new_codes[province, after["newWardKey"]], None)
