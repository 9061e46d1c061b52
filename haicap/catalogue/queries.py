"""Read the catalogue. The built value is kept in the process and keyed by `version()`."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from haicap.catalogue import assembly, definitions, models
from haicap.catalogue.definitions import (
    Catalogue,
    Cell,
    Check,
    Counting,
    Cuts,
    Element,
    Form,
    Indicator,
    Pillar,
    Section,
    TargetRule,
    Terms,
    ThresholdRule,
)
from haicap.core.errors import Refusal

__all__ = [
    "Catalogue",
    "Cell",
    "Check",
    "Counting",
    "Cuts",
    "Element",
    "Form",
    "Indicator",
    "Pillar",
    "Section",
    "TargetRule",
    "Terms",
    "ThresholdRule",
    "current",
    "form",
    "spoken",
    "version",
]

spoken = definitions.spoken
EMPTY = "0"
KEEP = 8
KEEP_FORMS = 64
# Short enough that a change made by another process is seen within the two seconds the map promises.
STEADY_SECONDS = 0.5


@dataclass
class _Memory:
    token: str = EMPTY
    until: float = 0.0


_memory = _Memory()
_forms: OrderedDict[tuple[str, str, int], Form | None] = OrderedDict()
_built: OrderedDict[tuple[str, int | None, date | None], Catalogue] = OrderedDict()


def forget() -> None:
    """Drop the remembered version; the writing side calls it so that its own process sees the change."""
    _memory.until = 0.0


def version() -> str:
    """Token of the whole catalogue; it changes with every write. At most one query."""
    if connection.in_atomic_block:
        return _read_token()
    if time.monotonic() >= _memory.until:
        _memory.token = _read_token()
        _memory.until = time.monotonic() + STEADY_SECONDS
    return _memory.token


def _read_token() -> str:
    return models.Revision.objects.values_list("token", flat=True).first() or EMPTY


def current(owner_id: int | None = None, on: date | None = None) -> Catalogue:
    """Everything in force: of the packs of `owner_id` and the national ones, or of all packs.

    `on` gives the definitions as published by the end of that day; before the first publication the first
    one counts, since a pack describes the past as well.
    """
    key = (version(), owner_id, on)
    found = _built.get(key)
    if found is None:
        found = assembly.build(key[0], owner_id, on)
        _built[key] = found
        while len(_built) > KEEP:
            _built.popitem(last=False)
    return found


def _old_form(code: str, number: int) -> Form | None:
    key = (version(), code, number)
    if key not in _forms:
        _forms[key] = assembly.form_version(code, number)
        while len(_forms) > KEEP_FORMS:
            _forms.popitem(last=False)
    return _forms[key]


def form(code: str, number: int | None = None) -> Form:
    """The form in force, or exactly the version `number` that an older report was made with."""
    found = current().forms.get(code) if number is None else _old_form(code, number)
    if found is None:
        raise Refusal("form.unknown", _("Không có mẫu này."), place=code, code=code, number=number)
    return found
