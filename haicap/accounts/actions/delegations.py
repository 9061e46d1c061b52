"""Standing in for a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.audit.actions import record
from haicap.audit.slices import Actor, ref_of
from haicap.core import clock
from haicap.core.errors import Refusal

from .. import queries
from ..models import Delegation, Position, User
from ..permissions import Act
from ..states import DEPUTIES, LONGEST_DELEGATION_DAYS, Role
from .rights import check_at


@transaction.atomic
def delegate(
    *, by: Actor | str, position_id: int, to: User, first: date, last: date | None = None, reason: str = ""
) -> int:
    """Let `to` act for the position from `first` to `last`, both included (default: that one day).

    Returns the delegation's id. Refusals: accounts.forbidden, delegation.role, delegation.days,
    delegation.past, delegation.long, delegation.deputy, delegation.overlap, position.unknown.
    """
    position = Position.objects.select_for_update().filter(pk=position_id).first()
    if position is None:
        raise Refusal("position.unknown", gettext_lazy("Không có chức vụ này."), place="position")
    check_at(by, Act.DELEGATE, position.unit_id)
    if Role(position.role) not in DEPUTIES:
        raise Refusal("delegation.role", gettext_lazy("Chức vụ này không ủy quyền được."), place="position")
    last = last or first
    ends = last + timedelta(days=1)
    _check_days(first, last)
    if all(one.user_id != to.pk for one in queries.deputies(position_id, on=first)) or not to.is_active:
        raise Refusal(
            "delegation.deputy", gettext_lazy("Chỉ ủy quyền được cho cấp phó của cùng đơn vị."), place="to"
        )
    live = Delegation.objects.filter(position=position, withdrawn_at__isnull=True)
    if live.filter(starts__lt=ends, ends__gt=first).exists():
        raise Refusal(
            "delegation.overlap",
            gettext_lazy("Những ngày này đã ủy quyền rồi, hãy thu hồi trước."),
            place="first",
        )
    row = Delegation.objects.create(position=position, to=to, starts=first, ends=ends, given_by=ref_of(by))
    detail = {"delegation": row.pk, "to": to.pk, "first": first.isoformat(), "last": last.isoformat()}
    record(by=by, action="position.delegated", object=f"position:{position.pk}", detail=detail, reason=reason)
    return row.pk


@transaction.atomic
def withdraw_delegation(*, by: Actor | str, delegation_id: int, reason: str = "") -> None:
    """Take it back from this moment; what was signed stays signed. Refusal delegation.unknown."""
    row = Delegation.objects.select_for_update().select_related("position").filter(pk=delegation_id).first()
    if row is None:
        raise Refusal("delegation.unknown", gettext_lazy("Không có ủy quyền này."))
    check_at(by, Act.DELEGATE, row.position.unit_id)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    detail = {"delegation": row.pk, "to": row.to_id}
    record(
        by=by,
        action="position.delegation_withdrawn",
        object=f"position:{row.position_id}",
        detail=detail,
        reason=reason,
    )


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise Refusal("delegation.days", gettext_lazy("Ngày cuối đứng trước ngày đầu."), place="last")
    if last < clock.today():
        raise Refusal("delegation.past", gettext_lazy("Những ngày này đã qua."), place="first")
    if (last - first).days >= LONGEST_DELEGATION_DAYS:
        raise Refusal(
            "delegation.long",
            gettext_lazy("Ủy quyền dài nhất là 31 ngày; lâu hơn thì phải bổ nhiệm."),
            place="last",
        )
