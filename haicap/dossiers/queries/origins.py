"""Sources: where dossiers come from and how their files are read."""

from dataclasses import dataclass
from datetime import datetime

from ..models import Dossier, Source
from ..policies import mapping
from ..policies.mapping import Plan


@dataclass(frozen=True)
class Origin:
    code: str
    name: str
    owner_id: int
    plan: Plan
    stale_after_days: int
    has_steps: bool
    demo: bool
    partial: bool
    changed_at: datetime


def every() -> list[Origin]:
    """By name. One query."""
    return [_origin(row) for row in Source.objects.order_by("name", "id")]


def by_code(code: str) -> Origin | None:
    row = Source.objects.filter(code=code).first()
    return None if row is None else _origin(row)


def partial_codes() -> list[str]:
    """Codes of the sources that hold some of the dossiers of their units only. One query."""
    return list(Source.objects.filter(partial=True).order_by("code").values_list("code", flat=True))


def partial_units() -> set[int]:
    """Units of which a partial source holds records: nothing follows from their number, also where a whole
    source knows the unit too, since the facts do not say which record came from where. One query, two where
    there is such a source."""
    partial = list(Source.objects.filter(partial=True).values_list("id", flat=True))
    if not partial:
        return set()
    return set(Dossier.objects.filter(source_id__in=partial).values_list("unit_id", flat=True).distinct())


def _origin(row: Source) -> Origin:
    return Origin(
        row.code, row.name, row.owner_id, mapping.read(row.mapping), row.stale_after_days, row.has_steps,
        row.demo, row.partial, row.changed_at,
    )  # fmt: skip
