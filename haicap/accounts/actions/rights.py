"""The one place where an action asks whether its `by` may."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from haicap.audit.slices import Actor
from haicap.core.errors import Refusal
from haicap.units import queries as units

from .. import permissions
from ..models import Holding, User
from ..permissions import Act
from ..scopes import Scope, scope_of


def is_system(by: Actor | str) -> bool:
    """The command line, the demo, a routine: whoever runs those already owns the machine."""
    return isinstance(by, str) and by.startswith("system:")


def scope_for(by: Actor | str) -> Scope:
    if not isinstance(by, User):
        raise forbidden()
    return scope_of(by)


def check_at(by: Actor | str, act: Act, unit_id: int) -> None:
    if not is_system(by):
        permissions.check(scope_for(by), act, units.by_id(unit_id))


def check_person(by: Actor | str, act: Act, user: User) -> None:
    """Over a person: the right is needed in every unit where that person sits; never over oneself.

    Who sits nowhere today is judged by the seats of before and of later: a leader between two seats is not
    anybody's. An account that never had a seat waits for its first one, whoever made it.
    """
    if is_system(by):
        return
    scope = scope_for(by)
    if scope.user_id == user.pk:
        raise Refusal("accounts.self", gettext_lazy("Bạn không thể tự làm việc này cho chính mình."))
    seats = {grant.unit_id for grant in scope_of(user).grants}
    seats = seats or set(Holding.objects.filter(user=user).values_list("position__unit_id", flat=True))
    if not seats:
        check_somewhere(by, act)
    for unit_id in seats:
        permissions.check(scope, act, units.by_id(unit_id))


def check_somewhere(by: Actor | str, act: Act) -> None:
    """For what is not yet tied to a unit: the right anywhere will do."""
    if is_system(by):
        return
    own = [grant for grant in scope_for(by).grants if not grant.delegated]
    if not any(grant.role in permissions.MAY[act] for grant in own):
        raise forbidden()


def forbidden() -> Refusal:
    return Refusal("accounts.forbidden", gettext_lazy("Chức vụ của bạn không cho phép làm việc này."))
