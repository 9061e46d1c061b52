"""Names of procedures and sources, by code and id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from haicap.catalogue.queries import spoken

from ..models import Procedure, Source


def procedure_names(lang: str, codes: Collection[str] | None = None) -> Mapping[str, str]:
    """code → name in this language, else in Vietnamese, else the code. One query."""
    rows = Procedure.objects.all() if codes is None else Procedure.objects.filter(code__in=list(codes))
    return {code: spoken(name, lang) or code for code, name in rows.values_list("code", "name")}


@dataclass(frozen=True, slots=True)
class Known:
    """One procedure; `legal_days` are working days, None unknown; `labels` by language."""

    code: str
    labels: Mapping[str, str]
    field: str
    legal_days: int | None
    online_level: str
    valid_from: date | None
    valid_to: date | None


def procedures() -> list[Known]:
    """Every procedure, by code. One query."""
    columns = ("code", "name", "field", "legal_days", "online_level", "valid_from", "valid_to")
    return [Known(*row) for row in Procedure.objects.order_by("code").values_list(*columns)]


def owners() -> set[int]:
    """Units in whose name sources bring dossiers in. One query."""
    return set(Source.objects.values_list("owner_id", flat=True))


def source_codes() -> list[tuple[str, str]]:
    """(code, name), by name. One query."""
    return list(Source.objects.order_by("name", "id").values_list("code", "name"))
