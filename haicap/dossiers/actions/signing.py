"""In which position something was done."""

from __future__ import annotations

from haicap.accounts.scopes import Grant, Scope
from haicap.units.queries import Place

from ..permissions import Act, acting, check


def permitted(scope: Scope, act: Act, place: Place) -> Grant:
    """The grant that allows it. Refusal dossiers.unknown or dossiers.not_yours."""
    check(scope, act, place)
    grant = acting(scope, act, place)
    assert grant is not None
    return grant
