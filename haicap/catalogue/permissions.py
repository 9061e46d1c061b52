"""May this person do it? The room stands beside `accounts` and knows a scope only by its shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.units.queries import Place

# Held in exactly the unit that owns the form.
EDITORS = frozenset({"province_office"})


class Grant(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def path(self) -> str: ...


class Scope(Protocol):
    @property
    def ref(self) -> str: ...
    @property
    def grants(self) -> Sequence[Grant]: ...


def can_read(scope: Scope, owner: Place | None) -> bool:
    """A regime is read by those whom it asks and by those who ask: above, at and below its owner."""
    if owner is None:
        return bool(scope.grants)
    return any(
        grant.path.startswith(owner.path) or owner.path.startswith(grant.path) for grant in scope.grants
    )


def check_read(scope: Scope, owner: Place | None) -> None:
    """Refusal regime.unknown: the same answer as for a regime that does not exist."""
    if not can_read(scope, owner):
        raise unknown()


def can_edit(scope: Scope, owner: Place) -> bool:
    return any(grant.role in EDITORS and grant.unit_id == owner.id for grant in scope.grants)


def check_edit(scope: Scope, owner: Place) -> None:
    """Refusal regime.unknown for a stranger, regime.not_yours for a reader without the role."""
    check_read(scope, owner)
    if not can_edit(scope, owner):
        raise Refusal(
            "regime.not_yours", gettext_lazy("Chỉ văn phòng của tỉnh lập và công bố được mẫu báo cáo.")
        )


def editable_units(scope: Scope) -> tuple[int, ...]:
    """Units for which this person may make forms, in the order of the positions."""
    return tuple(dict.fromkeys(grant.unit_id for grant in scope.grants if grant.role in EDITORS))


def unknown() -> Refusal:
    return Refusal("regime.unknown", gettext_lazy("Không có chế độ báo cáo này."))
