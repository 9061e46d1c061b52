"""Questions about units, answered from one register held in memory per version: they cost no query."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy

from haicap.core.clock import today
from haicap.core.errors import Refusal
from haicap.core.folding import fold, rank
from haicap.units.models import Boundary, Drawing
from haicap.units.models import Layout as LayoutRow
from haicap.units.places import Layout, Place
from haicap.units.register import Register, current, version
from haicap.units.states import COUNTRY_CODE, Level

__all__ = [
    "Layout", "Place", "by_code", "by_id", "by_ids", "by_uid", "by_uids", "children", "communes", "country",
    "drawing", "ever_under", "every", "geometries", "last_of_code", "layout", "outlines", "provinces",
    "search", "subtree_ids", "version",
]  # fmt: skip


def _day(on: date | None) -> date:
    return today() if on is None else on


def by_code(code: str, on: date | None = None, level: int | None = None) -> Place:
    """The unit that bears this code on that day (default today). Refusal unit.unknown or unit.closed."""
    day = _day(on)
    rows = [p for p in current().by_code.get(code.strip(), ()) if level is None or p.level == level]
    if not rows:
        raise Refusal("unit.unknown", gettext_lazy("Không có đơn vị mang mã này."), place="code", unit=code)
    for place in rows:
        if place.holds_on(day):
            return place
    raise Refusal(
        "unit.closed",
        gettext_lazy("Đơn vị mang mã này không tồn tại vào ngày được hỏi."),
        place="code",
        unit=code,
        on=day.isoformat(),
    )


def by_id(id: int) -> Place:
    """The unit with this id, closed or not. Refusal unit.unknown."""
    place = current().by_id.get(id)
    if place is None:
        raise Refusal("unit.unknown", gettext_lazy("Không có đơn vị này."), place="id", unit=id)
    return place


def by_uid(uid: str) -> Place:
    """The unit with this uid, closed or not. Refusal unit.unknown."""
    place = current().by_uid.get(uid)
    if place is None:
        raise Refusal("unit.unknown", gettext_lazy("Không có đơn vị này."), place="uid", unit=uid)
    return place


def by_uids(uids: Iterable[str]) -> dict[str, Place]:
    """uid → unit; uids that do not exist are left out."""
    known = current().by_uid
    return {uid: known[uid] for uid in uids if uid in known}


def every(on: date | None = None) -> tuple[Place, ...]:
    """All units of all trees that hold on that day, or of all days for None; higher levels first, by code."""
    return tuple(place for place in current().ordered if on is None or place.holds_on(on))


def geometries(ids: Iterable[int]) -> dict[int, str]:
    """id → GeoJSON geometry of the newest boundary, for those that have one. One query per 5,000 units."""
    wanted = sorted(set(ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 5000):
        rows = Boundary.objects.filter(unit_id__in=wanted[start : start + 5000]).order_by("made_at", "id")
        found |= dict(rows.values_list("unit_id", "geojson"))
    return found


def by_ids(ids: Iterable[int]) -> dict[int, Place]:
    """id → unit; ids that do not exist are left out."""
    known = current().by_id
    return {id: known[id] for id in ids if id in known}


def children(parent_id: int, on: date | None = None) -> tuple[Place, ...]:
    """The units directly under this one on that day, sorted by code."""
    return current().children(parent_id, _day(on))


def communes(province_id: int, on: date | None = None) -> tuple[Place, ...]:
    """The communes (xã, phường, đặc khu) of a province on that day, sorted by code."""
    return tuple(p for p in children(province_id, on) if p.level == Level.COMMUNE)


def country() -> Place:
    return by_code(COUNTRY_CODE, level=Level.COUNTRY)


def provinces(on: date | None = None) -> tuple[Place, ...]:
    return tuple(p for p in children(country().id, on) if p.level == Level.PROVINCE)


def subtree_ids(root_id: int, on: date | None = None) -> frozenset[int]:
    """Ids of the unit and of everything under it that holds on that day."""
    register, day = current(), _day(on)
    found, waiting = {root_id}, [root_id]
    while waiting:
        for place in register.children(waiting.pop(), day):
            found.add(place.id)
            waiting.append(place.id)
    return frozenset(found)


def ever_under(root_id: int, since: date) -> frozenset[int]:
    """Ids of the unit and of everything that lay under it on some day since then, whether it still holds or
    not: whoever looks at a period of the past looks at the units of that period."""
    register = current()
    root = register.by_id[root_id]
    return frozenset(
        place.id
        for place in register.ordered
        if place.path.startswith(root.path) and (place.valid_to is None or place.valid_to > since)
    )


def last_of_code(code: str, level: int) -> Place | None:
    """The latest unit that bore this code, ended or not; None where none ever did."""
    rows = [place for place in current().by_code.get(code.strip(), ()) if place.level == level]
    return max(rows, key=lambda place: place.valid_from, default=None)


def search(text: str, within: int | None = None, on: date | None = None, limit: int = 20) -> list[Place]:
    """Units whose name or code fits the text, exact marks first ("đường" before "Dương"), then by code."""
    wanted = text.strip()
    if not wanted:
        return []
    register, day = current(), _day(on)
    allowed = None if within is None else subtree_ids(within, day)
    found: list[tuple[int, int, str, Place]] = []
    parts = fold(wanted).split()
    for id, folded in register.folded.items():
        if wanted not in folded and not all(part in folded for part in parts):
            continue
        place = register.by_id[id]
        if not place.holds_on(day) or (allowed is not None and place.id not in allowed):
            continue
        score = _fits(wanted, place)
        if score is not None:
            found.append((score, place.level, place.code, place))
    found.sort(key=lambda hit: hit[:3])
    return [hit[3] for hit in found[:limit]]


def _fits(wanted: str, place: Place) -> int | None:
    if wanted == place.code:
        return -1
    scores = [s for s in (rank(wanted, place.name), rank(wanted, place.full_name)) if s is not None]
    return min(scores) if scores else None


def drawing(owner_id: int) -> float | None:
    """How far the layout being computed is, 0…1; None when none is under way. One query."""
    return Drawing.objects.filter(owner_id=owner_id).values_list("share", flat=True).first()


def layout(owner_id: int) -> Layout | None:
    """The newest hexagon layout of the parts of this unit, or None while none was made."""
    register = current()
    if owner_id not in register.layouts:
        register.layouts[owner_id] = _read_layout(register, owner_id)
    return register.layouts[owner_id]


def _read_layout(register: Register, owner_id: int) -> Layout | None:
    row = LayoutRow.objects.filter(owner_id__in=register.line(owner_id)).order_by("made_at", "id").last()
    if row is None:
        return None
    cells = {code: (int(cell[0]), int(cell[1])) for code, cell in row.cells.items()}
    return Layout(version=row.version, cells=cells, neighbours=row.neighbours)


def outlines(owner_id: int) -> dict[str, str] | None:
    """code → SVG path of each part of this unit in the newest boundary version, or None while none is loaded.

    All paths share one projected plane (x to the east, y downward); see `boundaries.PLANE`.
    """
    register = current()
    if owner_id not in register.outlines:
        parts = {p.id: p.code for p in register.children(owner_id, today())}
        rows = (
            Boundary.objects.filter(unit_id__in=parts)
            .order_by("made_at", "id")
            .values_list("unit_id", "outline")
        )
        register.outlines[owner_id] = {parts[unit_id]: outline for unit_id, outline in rows} or None
    return register.outlines[owner_id]
