"""Bring the tree of another system in beside Vietnam's; loaded again, it changes only what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from haicap.audit.actions import Actor, record
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.core.folding import fold
from haicap.units import geometry, outlines
from haicap.units.actions.stamp import touch
from haicap.units.models import Boundary, Unit
from haicap.units.states import Kind
from haicap.units.trees import Branch, Fault, sound

_BATCH = 500
_FIELDS = ("code", "level", "name", "full_name", "name_en", "folded", "valid_from", "valid_to", "lon", "lat")


@dataclass
class TreeReport:
    """What was written and what was left out; `without_shape`: units that no feature of the file is for."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    outlines: int = 0
    points: int = 0
    without_shape: int = 0
    repaired: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.outlines)


@dataclass(frozen=True)
class Feature:
    """A GeoJSON geometry for the unit with this uid; `place` is its place in the file."""

    uid: str
    geometry: object
    place: str


def load_tree(
    *, by: Actor | str, branches: Sequence[Branch], features: Sequence[Feature] = (), version: str = ""
) -> TreeReport:
    """Write the sound part of a tree; uids and codes are kept as they are.

    Points become the centres of their units; areas are checked and mended as those of any boundary file, and
    stored under `version`. Refusals: tree.empty, tree.uid_taken (a unit of another tree bears the uid).
    """
    good, faults = sound(branches)
    if not good:
        raise Refusal("tree.empty", gettext_lazy("Tệp không có đơn vị nào dùng được."), place="units")
    report = TreeReport(faults=faults)
    areas, points = _shapes(features, {one.uid for one, _depth in good}, report)
    with transaction.atomic():
        ids = _write(good, points, report)
        _draw(areas, ids, version, report)
        report.without_shape = len(good) - len(areas.keys() | points.keys())
        if report.changed:
            touch()
            counts = {name: getattr(report, name) for name in ("created", "updated", "outlines")}
            record(by=by, action="units.tree_loaded", object=f"unit:{good[0][0].uid}", detail=counts)
    return report


def _shapes(
    features: Sequence[Feature], known: set[str], report: TreeReport
) -> tuple[dict[str, BaseGeometry], dict[str, tuple[float, float]]]:
    areas: dict[str, BaseGeometry] = {}
    points: dict[str, tuple[float, float]] = {}
    for one in features:
        try:
            if one.uid not in known:
                geometry.fault("no_match", gettext_lazy("Không có đơn vị mang định danh này."), one.place)
            if one.uid in areas or one.uid in points:
                geometry.fault(
                    "code_twice", gettext_lazy("Mã này đã có ở một đối tượng trước trong tệp."), one.place
                )
            if isinstance(one.geometry, dict) and one.geometry.get("type") == "Point":
                points[one.uid] = geometry.point(one.geometry, one.place)
            else:
                areas[one.uid], repairs = geometry.read(one.geometry, one.place)
                report.repaired += bool(repairs)
        except Refusal as refusal:
            report.faults.append(Fault(refusal.place, one.uid, refusal.code, str(refusal.message)))
    for uid, area in areas.items():
        centre = area.representative_point()
        points[uid] = (round(centre.x, 5), round(centre.y, 5))
    report.points = len(points) - len(areas)
    return areas, points


def _write(
    good: Sequence[tuple[Branch, int]], points: dict[str, tuple[float, float]], report: TreeReport
) -> dict[str, int]:
    """uid → id of all units of the tree, parents first."""
    known = {unit.uid: unit for unit in Unit.objects.filter(uid__in=[one.uid for one, _depth in good])}
    taken = next((unit for unit in known.values() if unit.kind != Kind.FOREIGN), None)
    if taken is not None:
        message = gettext_lazy("Định danh này thuộc một đơn vị hành chính của Việt Nam.")
        raise Refusal("tree.uid_taken", message, place=taken.uid)
    for depth in range(max(depth for _one, depth in good) + 1):
        here = [one for one, at in good if at == depth]
        new, changed = [], set()
        for one in here:
            parent = known[one.parent] if one.parent else None
            content = _content(one, depth, points.get(one.uid))
            unit = known.get(one.uid)
            if unit is None:
                unit = known[one.uid] = Unit(
                    uid=one.uid, kind=Kind.FOREIGN.value, parent=parent, path="", **content
                )
                new.append(unit)
            elif _differs(unit, content, parent):
                changed.add(one.uid)
        Unit.objects.bulk_create(new, batch_size=_BATCH)
        moved = _moved([known[one.uid] for one in here])
        touched = [known[uid] for uid in sorted(changed | {unit.uid for unit in moved})]
        Unit.objects.bulk_update(touched, [*_FIELDS, "parent", "path"], batch_size=_BATCH)
        report.created += len(new)
        report.updated += len(touched) - len(new)
    report.unchanged = len(good) - report.created - report.updated
    return {uid: unit.pk for uid, unit in known.items()}


def _content(one: Branch, depth: int, point: tuple[float, float] | None) -> dict[str, object]:
    lon, lat = point or (one.lon, one.lat)
    return {
        "code": one.code,
        "level": depth,
        "name": one.name,
        "full_name": one.name,
        "name_en": one.name,
        "folded": fold(one.name)[:230],
        "valid_from": one.opens,
        "valid_to": one.closes,
        "lon": lon,
        "lat": lat,
    }


def _differs(unit: Unit, content: dict[str, object], parent: Unit | None) -> bool:
    differs = unit.parent_id != (parent.pk if parent else None)
    unit.parent = parent
    for name, value in content.items():
        # a point once known stays when the tree comes without its map
        if getattr(unit, name) != value and not (name in ("lon", "lat") and value is None):
            setattr(unit, name, value)
            differs = True
    return differs


def _moved(units: list[Unit]) -> list[Unit]:
    """Those whose path is new: they are new, or something above them moved."""
    found = []
    for unit in units:
        path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
        if unit.path != path:
            unit.path = path
            found.append(unit)
    return found


def _draw(areas: dict[str, BaseGeometry], ids: dict[str, int], version: str, report: TreeReport) -> None:
    """Store the areas that differ from what is stored under this version."""
    texts = {ids[uid]: shapely.to_geojson(area) for uid, area in areas.items()}
    stored = dict(
        Boundary.objects.filter(version=version, unit_id__in=texts).values_list("unit_id", "geojson")
    )
    if stored == texts or not texts:
        return
    by_level: dict[int, dict[str, BaseGeometry]] = {}
    levels = dict(Unit.objects.filter(pk__in=texts).values_list("pk", "level"))
    for uid, area in areas.items():
        by_level.setdefault(levels[ids[uid]], {})[str(ids[uid])] = area
    Boundary.objects.filter(version=version, unit_id__in=texts).delete()
    now = clock.now()
    for group in by_level.values():
        rows = [
            Boundary(unit_id=int(id), version=version, geojson=texts[int(id)], outline=outline, made_at=now)
            for id, outline in outlines.paths(group).items()
        ]
        Boundary.objects.bulk_create(rows, batch_size=_BATCH)
    report.outlines = len(texts)
