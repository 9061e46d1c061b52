"""Import outlines from a file, by code, and say of every feature and every unit what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from haicap.audit.actions import Actor, record
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import geofile, outlines
from haicap.units.actions.stamp import touch
from haicap.units.matching import Matches, Problem, Repair, match
from haicap.units.models import Border, Boundary
from haicap.units.places import Place
from haicap.units.queries import children, provinces
from haicap.units.register import current
from haicap.units.states import Level

_BATCH = 200
_VERSION_LENGTH = 64


@dataclass
class BoundaryReport:
    """Codes on both sides: taken, without a unit, units without an outline; and what was wrong or mended."""

    matched: list[str] = field(default_factory=list)
    unmatched_file: list[str] = field(default_factory=list)
    unmatched_units: list[str] = field(default_factory=list)
    invalid: list[Problem] = field(default_factory=list)
    repaired: list[Repair] = field(default_factory=list)

    @property
    def coverage(self) -> str:
        """Units with an outline of those expected: "102/102"."""
        return f"{len(self.matched)}/{len(self.matched) + len(self.unmatched_units)}"


def import_boundaries(
    *,
    by: Actor | str,
    path: Path,
    version: str,
    code_names: Sequence[str] = geofile.CODE_NAMES,
    layer: str | None = None,
    largest: int = geofile.LARGEST_FILE,
) -> BoundaryReport:
    """Store the outlines of a GeoJSON or TopoJSON file (WGS84) under `version`, replacing that version.

    `code_names`: properties that may hold the unit's code, first found wins; `layer`: object of a TopoJSON
    file with several. Refusal boundary.… when the file cannot be used at all or no feature fits a unit.
    """
    if not version.strip() or len(version) > _VERSION_LENGTH:
        raise Refusal("boundary.version", gettext_lazy("Phiên bản cần 1 đến 64 ký tự."), place="version")
    shapes = geofile.read(path, code_names, layer, largest)
    units = [*provinces(), *(c for p in provinces() for c in children(p.id))]
    matches = match(shapes, units)
    report = _report(matches, units)
    if not matches.areas:
        raise _nothing(report)
    with transaction.atomic():
        _store(matches.areas, version)
        touch()
        detail = {
            "version": version,
            "file": path.name,
            "coverage": report.coverage,
            "unmatched_file": len(report.unmatched_file),
            "invalid": len(report.invalid),
            "repaired": len(report.repaired),
        }
        record(by=by, action="units.boundaries_imported", object="units", detail=detail)
    return report


def _nothing(report: BoundaryReport) -> Refusal:
    """The first reason found is the most useful one to who has to mend the file."""
    if report.invalid:
        first = report.invalid[0]
        return Refusal(first.reason, first.message, place=first.place, report=report)
    message = gettext_lazy("Không có mã nào trong tệp khớp với một đơn vị.")
    return Refusal("boundary.no_match", message, place=", ".join(report.unmatched_file[:3]), report=report)


def _report(matches: Matches, units: Sequence[Place]) -> BoundaryReport:
    report = BoundaryReport(
        unmatched_file=matches.unmatched_file, invalid=matches.invalid, repaired=matches.repaired
    )
    for unit in _expected(matches.areas, units):
        (report.matched if unit.id in matches.areas else report.unmatched_units).append(unit.code)
    return report


def _expected(areas: Iterable[int], units: Sequence[Place]) -> list[Place]:
    """All units that stand beside a matched one under the same parent."""
    taken = set(areas)
    parents = {unit.parent_id for unit in units if unit.id in taken}
    return [unit for unit in units if unit.parent_id in parents]


def _store(areas: dict[int, BaseGeometry], version: str) -> None:
    known = current().by_id
    groups: dict[int | None, dict[str, BaseGeometry]] = defaultdict(dict)
    for id, area in areas.items():
        groups[known[id].parent_id][str(id)] = area
    Boundary.objects.filter(version=version, unit_id__in=areas).delete()
    now = clock.now()
    for group in groups.values():
        paths = outlines.paths(group)
        rows = [
            Boundary(
                unit_id=int(id),
                version=version,
                geojson=shapely.to_geojson(area),
                outline=paths[id],
                made_at=now,
            )
            for id, area in group.items()
        ]
        Boundary.objects.bulk_create(rows, batch_size=_BATCH)
    for level in (Level.PROVINCE, Level.COMMUNE):
        _store_borders({str(id): a for id, a in areas.items() if known[id].level == level}, version)


def _store_borders(areas: dict[str, BaseGeometry], version: str) -> None:
    ids = {int(id) for id in areas}
    Border.objects.filter(version=version, first_id__in=ids, second_id__in=ids).delete()
    rows = []
    for pair, km in outlines.borders(areas).items():
        first, second = sorted(int(id) for id in pair)
        rows.append(Border(version=version, first_id=first, second_id=second, km=round(km, 3)))
    Border.objects.bulk_create(rows, batch_size=_BATCH)


__all__ = ["BoundaryReport", "Problem", "Repair", "import_boundaries"]
