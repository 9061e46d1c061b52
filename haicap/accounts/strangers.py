"""What lies outside a scope does not exist: 404, never a 403 that says that there was something to find."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.places import Place

from .scopes import Scope


def stranger_404(scope: Scope, place: Place) -> Place:
    """The place itself when the scope reaches it, else Http404."""
    if not scope.sees(place):
        raise Http404
    return place


def unit_or_404(scope: Scope, code: str, on: date | None = None, level: int | None = None) -> Place:
    """The unit with this code on that day; unknown, closed and out of reach look the same."""
    try:
        place = units.by_code(code, on=on, level=level)
    except Refusal as refusal:
        raise Http404 from refusal
    return stranger_404(scope, place)
