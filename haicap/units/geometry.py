"""One geometry of a boundary file: what is wrong is named with its place, what can be mended is, and told.

Everything comes out as a shapely polygon or multipolygon in degrees (WGS84), rings turned as RFC 7946 asks.
"""

from collections.abc import Iterator
from typing import NoReturn

import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from haicap.core.errors import Refusal

Position = tuple[float, float]

CLOSED = gettext_lazy("khép kín vòng biên")
DOUBLED = gettext_lazy("bỏ điểm trùng liền nhau")
FLATTENED = gettext_lazy("bỏ độ cao và các số thừa của tọa độ")
TURNED = gettext_lazy("đảo chiều vòng biên")
MENDED = gettext_lazy("gỡ chỗ biên tự cắt")

# A mended outline that differs by more than this part of its area is no longer the one that was drawn.
_LARGEST_CHANGE = 0.005


def fault(code: str, message: Promise, place: str) -> NoReturn:
    raise Refusal(f"boundary.{code}", message, place=place)


def read(geometry: object, place: str) -> tuple[BaseGeometry, list[Promise]]:
    """A GeoJSON geometry → (area, repairs). Refusal boundary.… with the place in the file."""
    repairs: list[Promise] = []
    polygons = [
        Polygon(rings[0], rings[1:])
        for rings in (_rings(p, at, repairs) for p, at in _polygons(geometry, place))
    ]
    area = _valid(MultiPolygon(polygons) if len(polygons) > 1 else polygons[0], place, repairs)
    turned = shapely.orient_polygons(area)
    if not shapely.equals_exact(turned, area) and TURNED not in repairs and MENDED not in repairs:
        repairs.append(TURNED)
    return turned, repairs


def point(geometry: dict[str, object], place: str) -> Position:
    """A GeoJSON point → (lon, lat). Refusal boundary.… with the place in the file."""
    return _position(geometry.get("coordinates"), f"{place}.coordinates", [])


def _polygons(geometry: object, place: str) -> Iterator[tuple[list[object], str]]:
    if geometry is None:
        fault("no_geometry", gettext_lazy("Đối tượng không có hình."), place)
    if not isinstance(geometry, dict):
        fault("geometry", gettext_lazy("Hình phải là một đối tượng JSON."), place)
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        fault(
            "not_an_area",
            gettext_lazy("Hình phải là Polygon hoặc MultiPolygon (đúng chữ hoa)."),
            f"{place}.type",
        )
    for name in ("features", "geometry", "properties"):
        if name in geometry:
            fault("foreign_member", gettext_lazy("Thành phần này không được đứng ở đây."), f"{place}.{name}")
    if "coordinates" not in geometry:
        fault("no_coordinates", gettext_lazy("Hình không có tọa độ."), place)
    at = f"{place}.coordinates"
    if kind == "Polygon":
        yield _list(geometry["coordinates"], at), at
        return
    for number, polygon in enumerate(_list(geometry["coordinates"], at)):
        yield _list(polygon, f"{at}[{number}]"), f"{at}[{number}]"


def _list(value: object, place: str) -> list[object]:
    if not isinstance(value, list) or not value:
        fault("nesting", gettext_lazy("Tọa độ phải là danh sách lồng đúng cấp và không rỗng."), place)
    return value


def _rings(polygon: list[object], place: str, repairs: list[Promise]) -> list[list[Position]]:
    return [_ring(ring, f"{place}[{number}]", repairs) for number, ring in enumerate(polygon)]


def _ring(ring: object, place: str, repairs: list[Promise]) -> list[Position]:
    points: list[Position] = []
    for number, value in enumerate(_list(ring, place)):
        point = _position(value, f"{place}[{number}]", repairs)
        if points and points[-1] == point:
            _say(repairs, DOUBLED)
        else:
            points.append(point)
    if points[0] != points[-1]:
        points.append(points[0])
        _say(repairs, CLOSED)
    if len(points) < 4:
        fault("short_ring", gettext_lazy("Vòng biên cần ít nhất ba điểm khác nhau."), place)
    return points


def _position(value: object, place: str, repairs: list[Promise]) -> Position:
    numbers = _list(value, place)
    if len(numbers) < 2:
        fault("position", gettext_lazy("Một điểm cần kinh độ và vĩ độ."), place)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float):
            fault("not_a_number", gettext_lazy("Tọa độ phải là số."), place)
    if len(numbers) > 2:
        _say(repairs, FLATTENED)
    lon, lat = float(numbers[0]), float(numbers[1])  # type: ignore[arg-type]
    if abs(lon) <= 90 < abs(lat) <= 180:
        fault("swapped", gettext_lazy("Kinh độ và vĩ độ bị đổi chỗ: kinh độ phải đứng trước."), place)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        fault("not_degrees", gettext_lazy("Tọa độ không phải độ WGS84 (có thể là mét của VN-2000)."), place)
    return lon, lat


def _say(repairs: list[Promise], what: Promise) -> None:
    if what not in repairs:
        repairs.append(what)


def _valid(area: BaseGeometry, place: str, repairs: list[Promise]) -> BaseGeometry:
    if area.is_valid and area.area > 0:
        return area
    mended = shapely.make_valid(area, method="structure", keep_collapsed=False)
    before = sum(abs(part.area) for part in shapely.get_parts(area))
    same = before > 0 and abs(mended.area - before) <= _LARGEST_CHANGE * before
    if not same or mended.geom_type not in ("Polygon", "MultiPolygon"):
        fault("crossing", gettext_lazy("Biên tự cắt hoặc không có diện tích."), place)
    _say(repairs, MENDED)
    return mended
