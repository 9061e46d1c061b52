"""Keys as other modules see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from haicap.api import keys
from haicap.api.models import ApiKey, FollowUp
from haicap.core import clock

# SQLite takes 32,766 parameters at most
UNITS_PER_QUERY = 10_000


@dataclass(frozen=True)
class Key:
    """`rate` is requests per minute; the key opens `unit_id` and everything below it.

    `writes`: figures may be sent with it, for the forms of `forms` (all forms when empty).
    `sql`: it may ask by SQL.
    """

    prefix: str
    label: str
    unit_id: int
    rate: int
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used: date | None
    writes: bool = False
    forms: tuple[str, ...] = ()
    sql: bool = False

    def allows(self, form: str) -> bool:
        return self.writes and (not self.forms or form in self.forms)

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def holder(text: str) -> Key | None:
    """The key that this text is, or None: unknown, expired and revoked ones are the same to a caller."""
    prefix = keys.prefix_of(text)
    row = ApiKey.objects.filter(prefix=prefix).first() if prefix else None
    if row is None or not keys.fits(text, row.digest):
        return None
    found = _key(row)
    return found if found.is_good(clock.now()) else None


def all_keys() -> list[Key]:
    """Every key ever issued, oldest first."""
    return [_key(row) for row in ApiKey.objects.order_by("id")]


class CellName(NamedTuple):
    """Which figure: what names it in every exchange."""

    unit_id: int
    form: str
    period: str
    element_id: int
    split: str
    attribution: str


def followed(unit_ids: Iterable[int]) -> frozenset[CellName]:
    """The figures of these units that are marked for a second look."""
    ids = list(unit_ids)
    found: set[CellName] = set()
    for first in range(0, len(ids), UNITS_PER_QUERY):
        rows = FollowUp.objects.filter(unit_id__in=ids[first : first + UNITS_PER_QUERY])
        found.update(CellName(*row) for row in rows.values_list(*CellName._fields))
    return frozenset(found)


def _key(row: ApiKey) -> Key:
    return Key(
        prefix=row.prefix,
        label=row.label,
        unit_id=row.unit_id,
        rate=row.rate,
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used=row.last_used,
        writes=row.writes,
        forms=tuple(row.forms),
        sql=row.sql,
    )
