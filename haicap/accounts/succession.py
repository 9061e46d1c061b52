"""People and chairs when units merge: each seat is carried or ends, as the act says. See units.succession."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from haicap.audit.actions import Actor, record
from haicap.core import clock
from haicap.units.succession import TO, Answer, Change, Option, Question, hangs, to_each

from .models import Delegation, Holding, Position
from .states import ROLE_NAMES, Role

END = "end"


def preview(change: Change) -> Answer:
    """One question per seat that is held on the day of the act, or later."""
    questions = [
        Question(
            key=f"seat.{row.pk}",
            unit_id=row.position.unit_id,
            words=f"{row.user.get_full_name()} · {ROLE_NAMES[Role(row.position.role)]}",
            detail=row.position.title,
            options=(
                *to_each(change, row.position.unit_id),
                Option(END, _("Thôi giữ chức vụ từ ngày có hiệu lực")),
            ),
        )
        for row in _seats(change)
    ]
    return Answer(_("Người và chức vụ"), tuple(questions), _notes(change))


def _notes(change: Change) -> tuple[str, ...]:
    running = _delegations(change).count()
    if not running:
        return ()
    told = _("%(n)s ủy quyền đang có hiệu lực của các đơn vị cũ sẽ hết từ ngày đó; đơn vị mới ủy quyền lại.")
    return (told % {"n": running},)


def _seats(change: Change) -> QuerySet[Holding]:
    held = Q(ends__isnull=True) | Q(ends__gt=change.on)
    rows = Holding.objects.filter(held, position__unit_id__in=change.olds)
    return rows.select_related("position", "user").order_by("position__unit__code", "position__role", "id")


def _delegations(change: Change) -> QuerySet[Delegation]:
    return Delegation.objects.filter(
        position__unit_id__in=change.olds, ends__gt=change.on, withdrawn_at__isnull=True
    ).order_by("id")


def carry(*, by: Actor | str, change: Change, choices: Mapping[str, str]) -> dict[str, Any]:
    """Every seat of an old unit ends; who is carried sits in a new chair of the same role from that day."""
    lent = [_lapse(row, change) for row in _delegations(change).select_for_update()]
    rows = _seats(change).select_for_update(of=("self",))
    seats = [_move(row, change, choices[f"seat.{row.pk}"]) for row in rows]
    told = {"seats": len(seats), "delegations": len(lent)}
    record(by=by, action="positions.merged", object=f"merger:{change.merger}", detail=told)
    return {"seats": seats, "delegations": lent}


def _move(row: Holding, change: Change, choice: str) -> dict[str, Any]:
    before, starts, made = row.ends, max(change.on, row.starts), None
    if choice.startswith(TO):
        position = Position.objects.create(
            role=row.position.role, unit_id=change.id_of(choice), title=row.position.title
        )
        made = Holding.objects.create(position=position, user=row.user, starts=starts, ends=before).pk
    row.ends = starts
    row.save(update_fields=["ends"])
    return {"seat": row.pk, "ends": _text(before), "left": starts.isoformat(), "made": made}


def _lapse(row: Delegation, change: Change) -> dict[str, Any]:
    """As when somebody leaves a chair: what has begun ends with the chair, the rest is withdrawn."""
    told = {"delegation": row.pk, "ends": row.ends.isoformat()}
    if row.starts < change.on:
        row.ends = change.on
    else:
        row.withdrawn_at = clock.now()
    row.save(update_fields=["ends", "withdrawn_at"])
    return told


def undo(*, by: Actor | str, change: Change, journal: Mapping[str, Any]) -> None:
    """Refusal merger.hangs when somebody was appointed, handed over or delegated in the new units since."""
    made = [seat["made"] for seat in journal["seats"] if seat["made"]]
    holdings = {row.pk: row for row in Holding.objects.filter(pk__in=made)}
    chairs = [row.position_id for row in holdings.values()]
    if (
        Position.objects.filter(unit_id__in=change.new_ids).exclude(pk__in=chairs).exists()
        or Holding.objects.filter(position__in=chairs).exclude(pk__in=made).exists()
    ):
        raise hangs(_("Đã có người được bổ nhiệm hoặc nhận bàn giao chức vụ ở đơn vị mới."))
    if Delegation.objects.filter(position__in=chairs).exists():
        raise hangs(_("Đã có ủy quyền ở đơn vị mới."))
    olds = {row.pk: row for row in Holding.objects.filter(pk__in=[seat["seat"] for seat in journal["seats"]])}
    for seat in journal["seats"]:
        _give_back(seat, olds[seat["seat"]], holdings.get(seat["made"]))
    Position.objects.filter(pk__in=chairs).delete()
    for lent in journal["delegations"]:
        row = Delegation.objects.filter(pk=lent["delegation"])
        row.update(ends=date.fromisoformat(lent["ends"]), withdrawn_at=None)
    record(by=by, action="positions.unmerged", object=f"merger:{change.merger}")


def _give_back(seat: Mapping[str, Any], old: Holding, new: Holding | None) -> None:
    moved = new is not None and _text(new.ends) != seat["ends"]
    if moved or _text(old.ends) != seat["left"]:
        raise hangs(
            _("Chức vụ của %(name)s đã thay đổi sau khi sắp xếp.") % {"name": old.user.get_full_name()}
        )
    if new is not None:
        new.delete()
    old.ends = date.fromisoformat(seat["ends"]) if seat["ends"] else None
    old.save(update_fields=["ends"])


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
