"""Acts that came after the installed list: reviewed YAML that closes rows and opens their successors."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.units.library import Edge, Row, Source
from haicap.units.states import Kind, Level


def apply(source: Source, path: Path) -> None:
    """Change `source` by the acts in the file, then hold it against the counts that the file expects."""
    content = _read(path)
    try:
        for act in content.get("acts", []):
            for change in act["units"]:
                _pass_on(source, change, act["day"], act["act"])
        for expected in content.get("expected", []):
            _compare(source, expected)
        source.doubts += [doubt["vi"] for doubt in content.get("doubts", [])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refusal(path, repr(error)) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _refusal(path, str(error)) from error
    if not isinstance(content, dict):
        raise _refusal(path, "not a mapping")
    return content


def _refusal(path: Path, reason: str) -> Refusal:
    return Refusal(
        "units.corrections",
        gettext_lazy("Không đọc được tệp hiệu chỉnh danh mục đơn vị."),
        place=path.name,
        reason=reason,
    )


def _pass_on(source: Source, change: dict[str, Any], on: date, act: str) -> None:
    """Close the row that bears the code and open its successor: the unit as a whole, one to one."""
    open_rows = [
        row
        for row in source.rows
        if (row.code, row.level) == (change["code"], change["level"]) and holds(row, on - timedelta(days=1))
    ]
    if len(open_rows) != 1:
        raise Refusal(
            "units.corrections",
            gettext_lazy("Tệp hiệu chỉnh nêu một đơn vị không có trong danh mục."),
            place=change["code"],
        )
    old = open_rows[0]
    old.valid_to = on
    new = Row(
        old.code, old.level, Kind(change["kind"]), change["name"], old.parent_code, on, None, act,
        old.area_km2, old.population, old.lon, old.lat,
    )  # fmt: skip
    source.rows.append(new)
    source.edges.append(Edge(old.key, new.key, on, 1, act))


def holds(row: Row, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _compare(source: Source, expected: dict[str, Any]) -> None:
    present = [row for row in source.rows if holds(row, expected["day"])]
    counts: Counter[str] = Counter(row.kind for row in present if row.level == Level.COMMUNE)
    counts["provinces"] = sum(row.level == Level.PROVINCE for row in present)
    for name, number in expected.items():
        if name != "day" and counts[name] != number:
            raise Refusal(
                "units.counts",
                gettext_lazy("Số đơn vị không khớp với số đã công bố; danh mục chưa được nạp."),
                place=name,
                expected=number,
                found=counts[name],
            )
