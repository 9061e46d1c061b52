"""All units in memory, one copy per version of the room: thousands of rows that change a few times a year."""

import time
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import transaction

from haicap.units.models import Stamp, Succession, Unit
from haicap.units.places import Layout, Place

# Another process may change the room: readers notice after this many seconds at the latest.
FRESH_SECONDS = 1.0

Edge = tuple[int, int, date, Decimal | None]
"""(old id, new id, day, share or None where it is unknown)"""

_PLACE_FIELDS = (
    "id", "uid", "code", "name", "full_name", "name_en", "kind", "level", "parent_id", "path",
    "valid_from", "valid_to", "area_km2", "population", "lon", "lat",
)  # fmt: skip
_AREA = _PLACE_FIELDS.index("area_km2")


class Register:
    """Units by id and by code, their parts on a day, and what renamed or re-ranked units were before."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.layouts: dict[int, Layout | None] = {}
        self.outlines: dict[int, dict[str, str] | None] = {}
        self._children: dict[tuple[int, date], tuple[Place, ...]] = {}

    @cached_property
    def by_id(self) -> dict[int, Place]:
        places: dict[int, Place] = {}
        for row in Unit.objects.order_by("id").values_list(*_PLACE_FIELDS):
            values = list(row)
            values[_AREA] = None if values[_AREA] is None else float(values[_AREA])
            places[values[0]] = Place(*values)
        return places

    @cached_property
    def by_uid(self) -> dict[str, Place]:
        return {place.uid: place for place in self.by_id.values()}

    @cached_property
    def ordered(self) -> tuple[Place, ...]:
        return tuple(sorted(self.by_id.values(), key=lambda p: (p.level, p.code, p.valid_from)))

    @cached_property
    def folded(self) -> dict[int, str]:
        """id → code and folded name, to be searched before names are compared mark by mark."""
        rows = Unit.objects.order_by("id").values_list("id", "code", "folded")
        return {id: f"{code} {folded}" for id, code, folded in rows}

    @cached_property
    def by_code(self) -> dict[str, list[Place]]:
        """code → rows, highest level first, newest first."""
        found: dict[str, list[Place]] = defaultdict(list)
        for place in self.by_id.values():
            found[place.code].append(place)
        for rows in found.values():
            rows.sort(key=lambda p: (p.level, -p.valid_from.toordinal()))
        return dict(found)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        rows = Succession.objects.order_by("on", "old_id", "new_id")
        return tuple(rows.values_list("old_id", "new_id", "on", "share"))

    @cached_property
    def into(self) -> dict[int, list[Edge]]:
        """new id → its edges"""
        found: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge[1]].append(edge)
        return dict(found)

    @cached_property
    def out_of(self) -> dict[int, list[Edge]]:
        """old id → its edges"""
        found: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge[0]].append(edge)
        return dict(found)

    @cached_property
    def heirs(self) -> dict[int, int]:
        """old id → the new unit that the act made finish what the old one still owes"""
        rows = Succession.objects.filter(heir=True).order_by("id")
        return dict(rows.values_list("old_id", "new_id"))

    @cached_property
    def _lines(self) -> dict[int, tuple[int, ...]]:
        """Rows of the same unit under the same code, one whole succession after the other.

        When Đồng Nai became a city its row closed and a new one opened, but its communes did not change:
        both rows have the same parts.
        """
        group: dict[int, list[int]] = {}
        for old, new, _on, share in self.edges:
            alone = share == 1 and len(self.out_of[old]) == 1 and len(self.into[new]) == 1
            if alone and self.by_id[old].code == self.by_id[new].code:
                merged = group.get(old, [old]) + group.get(new, [new])
                for member in merged:
                    group[member] = merged
        return {member: tuple(members) for member, members in group.items()}

    def line(self, id: int) -> tuple[int, ...]:
        return self._lines.get(id, (id,))

    @cached_property
    def _parts(self) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = defaultdict(list)
        for place in self.by_id.values():
            if place.parent_id is not None:
                found[place.parent_id].append(place)
        return found

    def children(self, parent_id: int, day: date) -> tuple[Place, ...]:
        key = (parent_id, day)
        if key not in self._children:
            parts = [p for id in self.line(parent_id) for p in self._parts.get(id, ()) if p.holds_on(day)]
            self._children[key] = tuple(sorted(parts, key=lambda p: p.code))
        return self._children[key]


_held: Register | None = None
_checked = float("-inf")


def version() -> str:
    """Changes whenever anything in this room changes."""
    return current().version


def current() -> Register:
    """The register of the newest version. Inside a transaction it is checked every time, since the
    transaction may have changed it or may yet be rolled back; outside at most once a second."""
    global _held, _checked
    moment = time.monotonic()
    inside = transaction.get_connection().in_atomic_block
    if _held is not None and not inside and moment - _checked < FRESH_SECONDS:
        return _held
    text = Stamp.objects.values_list("text", flat=True).first() or ""
    if _held is None or _held.version != text:
        _held = Register(text)
    # what a transaction saw must not be believed by those outside of it
    _checked = float("-inf") if inside else moment
    return _held
