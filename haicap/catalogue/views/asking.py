"""Who asks: the scope of a request by its shape, and the form they may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from haicap.catalogue import permissions, queries
from haicap.catalogue.definitions import Form
from haicap.catalogue.drafts import queries as drafts
from haicap.catalogue.drafts.queries import Draft
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.queries import Place


def scope_in(request: HttpRequest) -> permissions.Scope:
    """Set for every request by the middleware of `accounts`, which this room does not know."""
    found: Any = request.scope  # type: ignore[attr-defined]
    scope: permissions.Scope = found
    return scope


def owner_of(form: Form) -> Place | None:
    return None if form.owner_unit_id is None else units.by_id(form.owner_unit_id)


def form_or_404(scope: permissions.Scope, code: str, number: int | None = None) -> Form:
    """Unknown and out of reach look the same."""
    try:
        found = queries.form(code, number)
        permissions.check_read(scope, owner_of(found))
    except Refusal as refusal:
        raise Http404 from refusal
    return found


def draft_or_404(scope: permissions.Scope, draft_id: int) -> Draft:
    """Drafts are seen by those who may make them, and by nobody else."""
    try:
        return drafts.draft(scope, draft_id)
    except Refusal as refusal:
        raise Http404 from refusal


def may_edit(scope: permissions.Scope, form: Form) -> bool:
    owner = owner_of(form)
    return owner is not None and permissions.can_edit(scope, owner)
