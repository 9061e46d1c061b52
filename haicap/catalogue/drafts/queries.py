"""Drafts as frozen values. They take units; who may see them is asked before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from haicap.catalogue import models, permissions, queries
from haicap.catalogue.definitions import Form
from haicap.catalogue.drafts.content import Content
from haicap.units import queries as units
from haicap.units.queries import Place


@dataclass(frozen=True)
class Draft:
    id: int
    owner: Place
    form: str
    content: Content
    version: int
    made_by: str
    changed_at: datetime
    changed_by: str
    published: int | None
    closed: bool

    @property
    def base(self) -> Form | None:
        """The form in force that it revises."""
        return queries.current().forms.get(self.form) if self.form else None


def draft(scope: permissions.Scope, draft_id: int) -> Draft:
    """Refusals regime.unknown, regime.not_yours. One query."""
    row = models.FormDraft.objects.filter(pk=draft_id).first()
    if row is None:
        raise permissions.unknown()
    found = _draft(row)
    permissions.check_edit(scope, found.owner)
    return found


def open_drafts(owner_ids: Collection[int]) -> list[Draft]:
    """Unfinished drafts of these units, the latest first. One query."""
    rows = models.FormDraft.objects.filter(owner_id__in=list(owner_ids), closed_at=None)
    return [_draft(row) for row in rows.order_by("-changed_at", "-pk")]


def used_codes(form: str) -> frozenset[str]:
    """Section and check codes of every version: versions share their words, so no new part takes one."""
    rows = models.FormVersion.objects.filter(form__code=form) if form else models.FormVersion.objects.none()
    return frozenset(part["code"] for row in rows for part in (*row.spec["sections"], *row.spec["checks"]))


def _draft(row: models.FormDraft) -> Draft:
    return Draft(
        id=row.pk,
        owner=units.by_id(row.owner_id),
        form=row.form,
        content=row.content,
        version=row.version,
        made_by=row.made_by,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        published=row.published,
        closed=row.closed_at is not None,
    )
