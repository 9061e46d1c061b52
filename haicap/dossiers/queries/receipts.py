"""Which communes any source has told us about. Reads the index (unit, period) alone."""

from __future__ import annotations

from collections.abc import Collection

from ..models import Dossier


def having(unit_ids: Collection[int], months: Collection[str]) -> frozenset[int]:
    """Units with a dossier received in one of these calendar months. One query."""
    rows = Dossier.objects.filter(unit_id__in=list(unit_ids), period__in=list(months))
    return frozenset(rows.order_by().values_list("unit_id", flat=True).distinct())
