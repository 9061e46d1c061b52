"""Who explores: whoever sits somewhere may look at the figures below, and nobody else."""

from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.accounts.states import Role
from haicap.core.errors import Refusal

# Every role that a person can hold; a source of figures is no reader.
EXPLORES = frozenset(Role) - {Role.SOURCE}


def can(scope: Scope) -> bool:
    return any(grant.role in EXPLORES for grant in scope.grants)


def check(scope: Scope) -> None:
    """Refusal question.forbidden."""
    if not can(scope):
        raise Refusal(
            "question.forbidden", gettext_lazy("Bạn chưa có chức vụ nào nên chưa xem được số liệu.")
        )
