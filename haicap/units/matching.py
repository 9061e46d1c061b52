"""Whose outline is it? Codes decide, never names; the place on the map must fit the code."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from haicap.core.errors import Refusal
from haicap.units.geofile import Shape
from haicap.units.places import Place
from haicap.units.states import Level

PADDED = gettext_lazy("thêm số 0 ở đầu mã")
# Centres of the list are rounded and islands are scattered: half a degree is about 55 km.
_FAR = 0.5
_CODE_LENGTH = {Level.PROVINCE: 2, Level.COMMUNE: 5}


@dataclass(frozen=True)
class Problem:
    """One feature that was not taken: where it stands, its code if it has one, why."""

    place: str
    code: str
    reason: str
    message: str


@dataclass(frozen=True)
class Repair:
    """One feature that was taken after a change."""

    place: str
    code: str
    what: tuple[str, ...]


@dataclass
class Matches:
    areas: dict[int, BaseGeometry] = field(default_factory=dict)
    unmatched_file: list[str] = field(default_factory=list)
    invalid: list[Problem] = field(default_factory=list)
    repaired: list[Repair] = field(default_factory=list)


def match(shapes: Iterable[Shape], units: Iterable[Place]) -> Matches:
    """Give each usable shape to the unit that bears its code."""
    known = {unit.code: unit for unit in units}
    found = Matches()
    for shape in shapes:
        unit = _unit(shape, known)
        refusal = shape.refusal
        if refusal is None and unit is not None and shape.area is not None:
            refusal = _misplaced(shape, shape.area, unit, found)
        if refusal is not None:
            problem = Problem(
                refusal.place or shape.place, shape.code or "", refusal.code, str(refusal.message)
            )
            found.invalid.append(problem)
        elif unit is None or shape.area is None:
            found.unmatched_file.append(shape.code or shape.place)
        else:
            _take(shape, shape.area, unit, found)
    return found


def _unit(shape: Shape, known: dict[str, Place]) -> Place | None:
    """By the code as written; numbers of spreadsheets lost their zeros in front."""
    if shape.code is None:
        return None
    tries = [
        shape.code,
        *(shape.code.zfill(length) for length in sorted(_CODE_LENGTH.values(), reverse=True)),
    ]
    return next((known[code] for code in tries if code in known), None)


def _misplaced(shape: Shape, area: BaseGeometry, unit: Place, found: Matches) -> Refusal | None:
    if unit.id in found.areas:
        return _refusal("code_twice", gettext_lazy("Mã này đã có ở một đối tượng trước trong tệp."), shape)
    if unit.lon is None or unit.lat is None:
        return None
    reach = box(*area.bounds)
    if reach.distance(Point(unit.lon, unit.lat)) <= _FAR:
        return None
    if reach.distance(Point(unit.lat, unit.lon)) <= _FAR:
        return _refusal(
            "swapped", gettext_lazy("Kinh độ và vĩ độ bị đổi chỗ: kinh độ phải đứng trước."), shape
        )
    return _refusal("far_away", gettext_lazy("Hình nằm xa đơn vị mang mã này: mã hoặc hệ tọa độ sai."), shape)


def _refusal(code: str, message: Promise, shape: Shape) -> Refusal:
    return Refusal(f"boundary.{code}", message, place=shape.place)


def _take(shape: Shape, area: BaseGeometry, unit: Place, found: Matches) -> None:
    found.areas[unit.id] = area
    what = [str(repair) for repair in shape.repairs]
    if shape.code != unit.code:
        what.append(str(PADDED))
    if what:
        found.repaired.append(Repair(shape.place, unit.code, tuple(what)))
