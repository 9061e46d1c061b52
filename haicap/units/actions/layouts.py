"""Lay out the hexagons of a unit's parts, or store the layout that a pack ships."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.audit.actions import Actor, record
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import arrows, borders, choosing, queries
from haicap.units.actions.stamp import touch
from haicap.units.annealing import Progress
from haicap.units.hexes import Cell
from haicap.units.models import Layout, Unit
from haicap.units.places import Place
from haicap.units.states import Level


def make_layout(
    *, by: Actor | str, owner_id: int, progress: Progress | None = None, seed: int = 1
) -> queries.Layout:
    """Compute and store the hexagons of the parts of a unit as they are today; `progress` gets 0…1.

    Refusal units.layout_empty when the unit has no parts with a centre.
    """
    owner = queries.by_id(owner_id)
    parts = [part for part in queries.children(owner_id) if part.lon is not None and part.lat is not None]
    if not parts:
        raise Refusal(
            "units.layout_empty", gettext_lazy("Đơn vị này không có đơn vị con để vẽ."), place="owner"
        )
    points = {part.code: (part.lon or 0.0, part.lat or 0.0) for part in parts}
    edges, how = borders.between(parts)
    cells, truth, chosen = choosing.truest(points, edges, seed, area_km2=_area(parts), progress=progress)
    measures, found = asdict(truth), f"borders={how} seed={chosen}"
    with transaction.atomic():
        layout = _store(owner.id, cells, measures, found)
        touch()
        detail = {"version": layout.version, **measures}
        record(by=by, action="units.layout_made", object=f"unit:{owner.id}", detail=detail)
    if progress is not None:
        progress(1.0)
    return queries.Layout(layout.version, cells, layout.neighbours)


def _area(parts: list[Place]) -> float | None:
    """km² of all parts, or None when one is unknown; provinces are measured by their communes."""
    areas: list[float | None] = []
    for part in parts:
        if part.level == Level.PROVINCE:
            areas += [commune.area_km2 for commune in queries.children(part.id)]
        else:
            areas.append(part.area_km2)
    known = [area for area in areas if area is not None]
    return sum(known) if len(known) >= 0.9 * len(areas) else None


def _content(cells: Mapping[str, Cell]) -> dict[str, list[int]]:
    return {code: list(cells[code]) for code in sorted(cells)}


def _version(cells: Mapping[str, Cell]) -> str:
    return hashlib.sha256(json.dumps(_content(cells), sort_keys=True).encode()).hexdigest()[:16]


def _store(owner_id: int, cells: Mapping[str, Cell], measures: dict[str, Any], found: str) -> Layout:
    content, version = _content(cells), _version(cells)
    layout, _ = Layout.objects.update_or_create(
        owner_id=owner_id,
        version=version,
        defaults={
            "cells": content,
            "neighbours": arrows.neighbours(cells),
            "measures": measures,
            "found": found,
            "made_at": clock.now(),
        },
    )
    return layout


def store_shipped(packs: Path) -> int:
    """Layouts of packs/*/cartogram.yaml whose owner is loaded and that are not stored yet; how many were new.

    A reviewed layout takes the place of one that was computed on demand; a later `load layout` overrules it.
    Called inside the transaction of an action.
    """
    number = 0
    for path in sorted(packs.glob("*/cartogram.yaml")):
        owner_code, cells, content = _read(path)
        owner = Unit.objects.filter(code=owner_code, valid_to=None, level__lt=Level.COMMUNE).first()
        if owner is None or Layout.objects.filter(owner=owner, version=_version(cells)).exists():
            continue
        _store(owner.pk, cells, content.get("measures", {}), content.get("found", ""))
        number += 1
    return number


def _read(path: Path) -> tuple[str, dict[str, Cell], dict[str, Any]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        cells = {str(code): (int(cell[0]), int(cell[1])) for code, cell in content["cells"].items()}
        owner = str(content["owner"])
        distinct = len(set(cells.values())) == len(cells)
    except (
        OSError,
        yaml.YAMLError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise _refusal(path) from error
    if not distinct:
        raise _refusal(path)
    return owner, cells, content


def _refusal(path: Path) -> Refusal:
    message = gettext_lazy("Tệp bản đồ ô của gói không dùng được: sai cấu trúc hoặc hai đơn vị chung một ô.")
    return Refusal("units.layout_file", message, place=f"{path.parent.name}/{path.name}")
