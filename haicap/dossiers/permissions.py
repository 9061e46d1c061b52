"""May this person bring dossiers in, dispute, answer, decide? Whether a thing is in a state that allows it is
for policies.

A stranger learns nothing: "import.unknown", "source.unknown" and "dossiers.unknown" are shown as 404.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Grant, Scope
from haicap.accounts.states import Role
from haicap.core.errors import Refusal
from haicap.units import lineage
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


def can_say_reach(scope: Scope, owner: Place) -> bool:
    return any(grant.role is Role.PROVINCE_OFFICE and grant.covers(owner) for grant in scope.grants)


def check_say_reach(scope: Scope, owner: Place) -> None:
    """Whether a source holds all dossiers of its units decides what is counted: the office answers for it,
    not the system that sends. Refusal source.unknown for a stranger, dossiers.not_yours for other readers."""
    check_look(scope, owner)
    if not can_say_reach(scope, owner):
        raise Refusal(
            "dossiers.not_yours",
            gettext_lazy("Chỉ văn phòng điều phối của tỉnh cho biết được nguồn có đủ hồ sơ hay không."),
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


class Act(StrEnum):
    """What is done about lateness and signals. Reading the queue needs the unit in scope and nothing more."""

    DISPUTE = "dispute"
    DECIDE = "decide"
    CONFIRM = "confirm"
    READ_SIGNALS = "read_signals"
    ANSWER = "answer"
    WEIGH = "weigh"
    CLOSE = "close"
    DECLARE_SESSION = "declare_session"
    DECLARE_OUTAGE = "declare_outage"


_COMMUNE = frozenset({Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER})
# Held in exactly this unit.
OWN_UNIT: dict[Act, frozenset[Role]] = {
    Act.DISPUTE: _COMMUNE,
    Act.READ_SIGNALS: _COMMUNE | {Role.COMMUNE_DEPUTY},
    Act.ANSWER: _COMMUNE,
    Act.DECLARE_SESSION: _COMMUNE,
    Act.DECLARE_OUTAGE: frozenset({Role.PROVINCE_OFFICE}),
}
# Held in a unit above it.
FROM_ABOVE: dict[Act, frozenset[Role]] = {
    Act.DECIDE: frozenset({Role.PROVINCE_OFFICE}),
    Act.CONFIRM: frozenset({Role.PROVINCE_LEADER}),
    Act.READ_SIGNALS: frozenset({Role.PROVINCE_OFFICE, Role.PROVINCE_LEADER, Role.ANALYST}),
    Act.WEIGH: frozenset({Role.PROVINCE_OFFICE}),
    Act.CLOSE: frozenset({Role.PROVINCE_OFFICE, Role.PROVINCE_LEADER}),
}
WHO = {
    Act.DISPUTE: gettext_lazy("Chỉ công chức hoặc lãnh đạo của xã đề nghị xem lại được hồ sơ của xã."),
    Act.DECIDE: gettext_lazy("Chỉ văn phòng điều phối của tỉnh trả lời được đề nghị này."),
    Act.CONFIRM: gettext_lazy("Đề nghị cho nhiều hồ sơ cần lãnh đạo tỉnh đồng ý."),
    Act.READ_SIGNALS: gettext_lazy("Câu hỏi này chỉ dành cho đơn vị được hỏi và những người xem xét."),
    Act.ANSWER: gettext_lazy("Chỉ công chức hoặc lãnh đạo của xã trả lời được câu hỏi này."),
    Act.WEIGH: gettext_lazy("Chỉ văn phòng điều phối của tỉnh cho ý kiến được."),
    Act.CLOSE: gettext_lazy("Chỉ văn phòng điều phối hoặc lãnh đạo tỉnh quyết định được."),
    Act.DECLARE_SESSION: gettext_lazy("Chỉ công chức hoặc lãnh đạo của xã khai báo được đợt tiếp nhận."),
    Act.DECLARE_OUTAGE: gettext_lazy("Chỉ văn phòng điều phối của tỉnh khai báo được gián đoạn hệ thống."),
}


def can(scope: Scope, act: Act, place: Place) -> bool:
    return acting(scope, act, place) is not None


def acting(scope: Scope, act: Act, place: Place) -> Grant | None:
    """The position in which this person does it, an own one before a delegated one; None without one."""
    own, above = OWN_UNIT.get(act, frozenset()), FROM_ABOVE.get(act, frozenset())
    home = responsible(place)
    for grant in scope.grants:
        if grant.role in own and grant.unit_id == home.id:
            return grant
        if grant.role in above and grant.unit_id != place.id and grant.covers(place):
            return grant
    return None


def responsible(place: Place) -> Place:
    """Whose people speak for this unit: its own, or those of the heir that its act names."""
    heir = lineage.heir_of(place.id) if place.valid_to is not None else None
    return place if heir is None else units.by_id(heir)


def check(scope: Scope, act: Act, place: Place) -> None:
    """Refusal dossiers.unknown for a stranger, dossiers.not_yours for a reader without that role."""
    if not scope.sees(place):
        raise Refusal("dossiers.unknown", gettext_lazy("Không có hồ sơ này."))
    if not can(scope, act, place):
        raise Refusal("dossiers.not_yours", WHO[act], act=act.value)
