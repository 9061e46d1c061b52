"""Writing combinations and their splits: a cell once published stays, a changed combination gets a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from haicap.catalogue import models
from haicap.catalogue.packs.content import NewCombination
from haicap.catalogue.publishing import digest


def combinations(new: Mapping[str, NewCombination], owner_id: int | None, at: datetime) -> dict[str, int]:
    """code → number in force."""
    latest: dict[str, models.Combination] = {}
    for row in models.Combination.objects.filter(code__in=list(new)).order_by("number"):
        latest[row.code] = row
    known = set(models.Split.objects.values_list("code", flat=True))
    numbers = {}
    for code, one in new.items():
        mark, before = digest(one.spec), latest.get(code)
        if before is None or before.digest != mark:
            before = models.Combination.objects.create(
                uid=one.uid,
                code=code,
                number=before.number + 1 if before else 1,
                owner_id=owner_id,
                spec=one.spec,
                digest=mark,
                published_at=at,
            )
        numbers[code] = before.number
        models.Split.objects.bulk_create(
            models.Split(
                uid=split.uid,
                code=split.code,
                combination=code,
                options=list(split.options),
                foreign_code=split.foreign_code,
                published_at=at,
            )
            for split in one.splits
            if split.code not in known
        )
    return numbers
