"""May this person bring dossiers in? Whether an import is in a state that allows it is for policies.

A stranger learns nothing: "import.unknown" and "source.unknown" are shown as 404.
"""

from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.accounts.states import Role
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.queries import Place

# The office reads files of the provincial system; a system sends batches with a key.
BRINGS_IN = frozenset({Role.PROVINCE_OFFICE, Role.SOURCE})
# Who may look at what an import did: also those who answer for its figures.
LOOKS = BRINGS_IN | {Role.PROVINCE_LEADER, Role.ANALYST}


def can_bring(scope: Scope, owner: Place) -> bool:
    return any(grant.role in BRINGS_IN and grant.covers(owner) for grant in scope.grants)


def can_look(scope: Scope, owner: Place) -> bool:
    return any(grant.role in LOOKS and grant.covers(owner) for grant in scope.grants)


def check_look(scope: Scope, owner: Place) -> None:
    """Refusal source.unknown: the same answer as for a source that does not exist."""
    if not can_look(scope, owner):
        raise unknown()


def check_bring(scope: Scope, owner: Place) -> None:
    """Refusal source.unknown for a stranger, dossiers.not_yours for somebody who may only look."""
    check_look(scope, owner)
    if not can_bring(scope, owner):
        raise Refusal(
            "dossiers.not_yours",
            gettext_lazy("Chỉ văn phòng điều phối của tỉnh nhập được hồ sơ và sửa được cách đọc tệp."),
        )


def home(scope: Scope) -> Place:
    """The unit in whose name this person brings dossiers in. Refusal dossiers.not_yours."""
    grant = next((one for one in scope.grants if one.role in BRINGS_IN), None)
    if grant is None:
        raise Refusal(
            "dossiers.not_yours",
            gettext_lazy("Chỉ văn phòng điều phối của tỉnh nhập được hồ sơ và sửa được cách đọc tệp."),
        )
    return units.by_id(grant.unit_id)


def unknown() -> Refusal:
    return Refusal("source.unknown", gettext_lazy("Không có nguồn hồ sơ này."))
