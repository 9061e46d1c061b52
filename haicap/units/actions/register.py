"""Load the list of units: today's, the old ones and who became whom. Again, it changes only what differs."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from haicap.audit.actions import Actor, record
from haicap.core.folding import fold
from haicap.units import corrections, library, populations
from haicap.units.actions.layouts import store_shipped
from haicap.units.actions.stamp import touch
from haicap.units.library import Key, Row, Source
from haicap.units.models import Succession, Unit
from haicap.units.names import uid
from haicap.units.states import COUNTRY_CODE, Level

_BATCH = 500
_FIELDS = (
    "kind", "name", "full_name", "name_en", "folded", "valid_to", "act", "area_km2", "population",
    "lon", "lat",
)  # fmt: skip


@dataclass
class RegisterReport:
    """What loading did; `kept` rows stand in the database and not in the sources, and stay as they are."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    successions: int = 0
    layouts: int = 0
    doubts: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.successions or self.layouts)


def load_register(
    *,
    by: Actor | str,
    provinces: Collection[str] | None = None,
    history: bool = True,
    packs: Path | None = None,
) -> RegisterReport:
    """Bring the room to the state of the installed list, corrected by packs/units/corrections.yaml.

    `provinces`: codes of today's provinces whose communes are wanted (None: all). `history=False` leaves out
    what ended by 1 July 2025. Layouts that ship with packs come along.
    Nothing is deleted. Refusal units.counts, units.corrections, units.population, units.layout_file.
    """
    folder = Path(settings.PACKS_DIR) if packs is None else packs
    source = library.read()
    corrections.apply(source, folder / "units" / "corrections.yaml")
    populations.apply(source.rows, folder)
    _narrow(source, provinces, history)
    report = RegisterReport(doubts=source.doubts)
    with transaction.atomic():
        _write_rows(source.rows, report)
        _write_edges(source, report)
        report.layouts = store_shipped(folder)
        if report.changed:
            touch()
            counts = {
                name: getattr(report, name) for name in ("created", "updated", "successions", "layouts")
            }
            record(by=by, action="units.register_loaded", object="units", detail=counts)
    return report


def _narrow(source: Source, provinces: Collection[str] | None, history: bool) -> None:
    """Keep the country, the provinces, and the wanted communes with what they came from."""
    wanted = {
        row.key
        for row in source.rows
        if row.level < Level.COMMUNE
        or (row.valid_from >= library.REFORM and (provinces is None or row.parent_code in provinces))
    }
    wanted |= {edge.old for edge in source.edges if edge.new in wanted}
    source.rows = [
        row
        for row in source.rows
        if row.key in wanted and (history or row.valid_to is None or row.valid_to > library.REFORM)
    ]
    present = {row.key for row in source.rows}
    source.edges = [edge for edge in source.edges if edge.old in present and edge.new in present]


def _content(row: Row) -> dict[str, object]:
    area = None if row.area_km2 is None else Decimal(str(row.area_km2)).quantize(Decimal("0.01"))
    return {
        "kind": str(row.kind),
        "name": row.name,
        "full_name": row.full_name,
        "name_en": row.name_en,
        "folded": fold(row.full_name),
        "valid_to": row.valid_to,
        "act": row.act,
        "area_km2": area,
        "population": row.population,
        "lon": row.lon,
        "lat": row.lat,
    }


def _write_rows(rows: list[Row], report: RegisterReport) -> None:
    known = {(unit.level, unit.code, unit.valid_from): unit for unit in Unit.objects.all()}
    report.kept = len(known.keys() - {row.key for row in rows})
    # what an act signed here has ended stays ended, whatever an older list says
    ended = set(Succession.objects.filter(merger__isnull=False).values_list("old_id", flat=True))
    for level in Level:
        parents = _Parents(list(known.values()))
        new, changed = [], []
        for row in (row for row in rows if row.level == level):
            content, parent = _content(row), parents.of(row)
            unit = known.get(row.key)
            if unit is not None and unit.pk in ended:
                del content["valid_to"]
            if unit is None:
                unit = Unit(
                    uid=uid(*row.key), code=row.code, level=int(level), valid_from=row.valid_from, path="",
                    parent=parent, **content,
                )  # fmt: skip
                new.append(unit)
                known[row.key] = unit
            elif _differs(unit, content, parent):
                changed.append(unit)
        Unit.objects.bulk_create(new, batch_size=_BATCH)
        Unit.objects.bulk_update(changed, [*_FIELDS, "parent"], batch_size=_BATCH)
        if new or changed:
            _write_paths(level)
        report.created += len(new)
        report.updated += len(changed)
    report.unchanged = len(rows) - report.created - report.updated


def _differs(unit: Unit, content: dict[str, object], parent: Unit | None) -> bool:
    """Put the new content on the unit and say whether that changed it. A population once known stays."""
    differs = unit.parent_id != (parent.pk if parent else None)
    unit.parent = parent
    for name, value in content.items():
        if getattr(unit, name) != value and not (name == "population" and value is None):
            setattr(unit, name, value)
            differs = True
    return differs


class _Parents:
    """Find the row of a parent code that held when the child last held."""

    def __init__(self, units: list[Unit]) -> None:
        self._rows: dict[tuple[int, str], list[Unit]] = {}
        for unit in sorted(units, key=lambda u: u.valid_from):
            self._rows.setdefault((unit.level, unit.code), []).append(unit)

    def of(self, row: Row) -> Unit | None:
        if row.parent_code is None:
            return None
        rows = self._rows[row.level - 1, row.parent_code]
        if row.valid_to is not None and row.parent_code != COUNTRY_CODE:
            rows = [parent for parent in rows if parent.valid_from < row.valid_to]
        return rows[-1]


def _write_paths(level: Level) -> None:
    own = Concat(Cast("id", CharField()), Value("/"))
    if level == Level.COUNTRY:
        Unit.objects.filter(level=level).update(path=Concat(Value("/"), own))
        return
    above = Unit.objects.filter(pk=OuterRef("parent_id")).values("path")[:1]
    Unit.objects.filter(level=level).update(path=Concat(Subquery(above), own))


def _write_edges(source: Source, report: RegisterReport) -> None:
    ids: dict[Key, int] = {
        (level, code, start): id
        for id, level, code, start in Unit.objects.values_list("id", "level", "code", "valid_from")
    }
    known = set(Succession.objects.values_list("old_id", "new_id"))
    new = [
        Succession(
            old_id=ids[edge.old],
            new_id=ids[edge.new],
            on=edge.on,
            share=edge.share,
            whole=edge.share == 1,
            act=edge.act,
        )
        for edge in source.edges
        if (ids[edge.old], ids[edge.new]) not in known
    ]
    Succession.objects.bulk_create(new, batch_size=_BATCH)
    report.successions = len(new)
