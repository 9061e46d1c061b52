"""organisationUnits → branches of a tree, and the shapes on their map."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from haicap.api.dhis2.packs.files import Source, day, link, text
from haicap.units.actions import Feature
from haicap.units.trees import Branch

FIRST_DAY = date(1900, 1, 1)


def branches(source: Source) -> list[Branch]:
    """A unit without a code is known by its uid; DHIS2's closed date is the last day of a unit's life."""
    found = []
    for place, row in source.things("organisationUnits"):
        closed = day(row, "closedDate")
        found.append(
            Branch(
                uid=row["id"],
                code=text(row, "code") or row["id"],
                name=text(row, "name"),
                parent=link(row, "parent") or None,
                opens=day(row, "openingDate") or FIRST_DAY,
                closes=closed + timedelta(days=1) if closed else None,
                place=place,
            )
        )
    return found


def inline(source: Source) -> list[Feature]:
    """Geometries that stand in the units themselves."""
    return [
        Feature(row["id"], row["geometry"], f"{place}.geometry")
        for place, row in source.things("organisationUnits")
        if row.get("geometry")
    ]


def features(source: Source) -> list[Feature]:
    rows = source.content.get("features")
    found = []
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        place = f"{source.file}/features[{index}]"
        if isinstance(row, dict):
            found.append(Feature(_uid(row), row.get("geometry"), place))
        else:
            source.fault(place, "", "feature")
    return found


def _uid(row: dict[str, Any]) -> str:
    properties = row.get("properties")
    inner = properties.get("id") if isinstance(properties, dict) else None
    return str(row.get("id") or inner or "")
