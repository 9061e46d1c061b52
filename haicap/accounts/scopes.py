"""A user becomes units here, once per request; below this line nobody asks who the user is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest

from haicap.core import clock
from haicap.units import lineage

from .models import Delegation, Holding, User
from .states import DEPUTIES, Role


class Place(Protocol):
    """What a scope needs to know of a unit (units.queries.Place has it)."""

    @property
    def id(self) -> int: ...
    @property
    def path(self) -> str: ...
    @property
    def valid_to(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one unit and all below it. `delegated`: it belongs to somebody else, for these days."""

    role: Role
    unit_id: int
    path: str
    position_id: int = 0
    delegated: bool = False

    def covers(self, place: Place) -> bool:
        """Below the unit of the role, or a dissolved unit that lives on below it: who answers for a unit of
        today also sees what it was made of."""
        if place.path.startswith(self.path):
            return True
        return place.valid_to is not None and any(
            heir.path.startswith(self.path) for heir in lineage.today_of(place.id)
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """All that one user may reach on one day. Own positions come first, then what was delegated."""

    user_id: int
    ref: str
    grants: tuple[Grant, ...] = ()

    def sees(self, place: Place) -> bool:
        return any(grant.covers(place) for grant in self.grants)

    def roles_at(self, place: Place) -> frozenset[Role]:
        """Roles whose unit is this place or lies above it: a province's office counts in its communes."""
        return frozenset(grant.role for grant in self.grants if grant.covers(place))

    def holds(self, role: Role, place: Place) -> bool:
        """The role in exactly this unit."""
        return any(grant.role is role and grant.unit_id == place.id for grant in self.grants)

    @property
    def home(self) -> Grant | None:
        return self.grants[0] if self.grants else None


NOBODY = Scope(user_id=0, ref="anonymous")


def scope_of(user: User | AnonymousUser, on: date | None = None) -> Scope:
    """The grants of a user on a day (default today): positions held, then delegations. Two queries."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    day = on or clock.today()
    held = (
        Holding.objects.filter(Q(ends__isnull=True) | Q(ends__gt=day), user_id=user.pk, starts__lte=day)
        .order_by("id")
        .values_list("position__role", "position__unit_id", "position__unit__path", "position_id")
    )
    own = [Grant(Role(role), unit, path, position) for role, unit, path, position in held]
    lent = (
        Delegation.objects.filter(to_id=user.pk, starts__lte=day, ends__gt=day, withdrawn_at__isnull=True)
        .order_by("id")
        .values_list("position__role", "position__unit_id", "position__unit__path", "position_id")
    )
    # A deputy who has left the chair of a deputy has nothing to stand in from.
    chairs = {(grant.role, grant.unit_id) for grant in own}
    for role, unit, path, position in lent:
        if any((deputy, unit) in chairs for deputy in DEPUTIES.get(Role(role), ())):
            own.append(Grant(Role(role), unit, path, position, delegated=True))
    return Scope(user_id=user.pk, ref=user.ref, grants=tuple(own))


def scope_in(request: HttpRequest) -> Scope:
    """The scope of a request, typed (`request.scope` is set by accounts.middleware)."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return scope
