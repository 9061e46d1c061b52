"""Chairs and who sits in them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from haicap.audit.actions import record
from haicap.audit.slices import Actor
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units

from ..models import Delegation, Holding, Position, User
from ..permissions import Act
from ..states import LEVELS, Role
from .rights import check_at, check_person


@transaction.atomic
def appoint(
    *,
    by: Actor | str,
    user: User,
    role: Role,
    unit_id: int,
    title: str = "",
    starts: date | None = None,
    position_id: int | None = None,
) -> int:
    """Seat a person from `starts` (default today); returns the position's id.

    `position_id` names an empty chair to fill; without it a new chair is set up.
    Refusals: accounts.forbidden, accounts.self, user.inactive, unit.unknown, unit.closed, position.level,
    position.twice, position.taken, position.unknown.
    """
    day = starts or clock.today()
    place = units.by_id(unit_id)
    check_at(by, Act.APPOINT, unit_id)
    check_person(by, Act.APPOINT, user)
    _check_active(user)
    if place.valid_to is not None and day >= place.valid_to:
        raise Refusal("unit.closed", gettext_lazy("Đơn vị này đã kết thúc trước ngày đó."), place="unit")
    if place.level not in LEVELS[role]:
        raise Refusal("position.level", gettext_lazy("Chức vụ này không có ở cấp của đơn vị."), place="role")
    after = Q(ends__isnull=True) | Q(ends__gt=day)
    if Holding.objects.filter(after, user=user, position__role=role, position__unit_id=unit_id).exists():
        raise Refusal(
            "position.twice", gettext_lazy("Người này đã giữ chức vụ đó ở đơn vị này."), place="user"
        )
    if position_id is None:
        position = Position.objects.create(role=role, unit_id=unit_id, title=title.strip())
    else:
        position = _position(position_id)
        if (position.role, position.unit_id) != (role, unit_id):
            raise Refusal("position.unknown", gettext_lazy("Không có chức vụ này."), place="position")
        if Holding.objects.filter(after, position=position).exists():
            raise Refusal("position.taken", gettext_lazy("Chức vụ này đang có người giữ."), place="position")
    Holding.objects.create(position=position, user=user, starts=day)
    detail = {"user": user.pk, "role": role.value, "unit": unit_id, "starts": day.isoformat()}
    record(by=by, action="position.appointed", object=f"position:{position.pk}", detail=detail)
    return position.pk


@transaction.atomic
def hand_over(
    *, by: Actor | str, position_id: int, to: User, on: date | None = None, reason: str = ""
) -> None:
    """The predecessor leaves the chair and the successor takes it on the same day; open work stays with it.

    What the predecessor had delegated beyond that day lapses. Refusals: accounts.forbidden, accounts.self,
    user.inactive, position.unknown, position.empty, position.same, position.too_early.
    """
    day = on or clock.today()
    position = _position(position_id)
    check_at(by, Act.HAND_OVER, position.unit_id)
    check_person(by, Act.HAND_OVER, to)
    _check_active(to)
    before = _open_holding(position)
    if before.user_id == to.pk:
        raise Refusal("position.same", gettext_lazy("Người này đang giữ chính chức vụ đó."), place="to")
    _leave(before, day)
    Holding.objects.create(position=position, user=to, starts=day, predecessor=before)
    detail = {"from": before.user_id, "to": to.pk, "on": day.isoformat()}
    record(
        by=by, action="position.handed_over", object=f"position:{position.pk}", detail=detail, reason=reason
    )


@transaction.atomic
def vacate(*, by: Actor | str, position_id: int, on: date | None = None, reason: str = "") -> None:
    """The holder leaves and nobody follows yet; the chair and its work wait. Refusals as `hand_over`."""
    day = on or clock.today()
    position = _position(position_id)
    check_at(by, Act.HAND_OVER, position.unit_id)
    before = _open_holding(position)
    _leave(before, day)
    detail = {"from": before.user_id, "on": day.isoformat()}
    record(by=by, action="position.vacated", object=f"position:{position.pk}", detail=detail, reason=reason)


def _leave(holding: Holding, day: date) -> None:
    if day <= holding.starts:
        raise Refusal(
            "position.too_early",
            gettext_lazy("Ngày bàn giao phải sau ngày người trước nhận chức vụ."),
            place="on",
        )
    holding.ends = day
    holding.save(update_fields=["ends"])
    running = Delegation.objects.filter(
        position_id=holding.position_id, ends__gt=day, withdrawn_at__isnull=True
    )
    running.filter(starts__gte=day).update(withdrawn_at=clock.now())
    running.filter(starts__lt=day, ends__gt=F("starts")).update(ends=day)


def _position(position_id: int) -> Position:
    # Locked: two hand-overs at once must not both find the same predecessor.
    position = Position.objects.select_for_update().filter(pk=position_id).first()
    if position is None:
        raise Refusal("position.unknown", gettext_lazy("Không có chức vụ này."), place="position")
    return position


def _open_holding(position: Position) -> Holding:
    holding = Holding.objects.filter(position=position, ends__isnull=True).first()
    if holding is None:
        raise Refusal(
            "position.empty", gettext_lazy("Chức vụ này đang không có người giữ."), place="position"
        )
    return holding


def _check_active(user: User) -> None:
    if not user.is_active:
        raise Refusal("user.inactive", gettext_lazy("Tài khoản này đã bị khóa."), place="user")
