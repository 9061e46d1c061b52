""" "Not this unit's fault": a commune says so, the province decides. Dates and the official figure stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.accounts.states import Role
from haicap.audit import actions as audit
from haicap.audit.actions import Actor, Slice
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.notify import actions as notify
from haicap.notify.actions import Seats
from haicap.units import queries as units

from ..models import Dispute, DisputedDossier, Dossier
from ..permissions import Act, responsible
from ..policies import asking as policy
from ..policies.timing import Timeliness, timeliness
from ..signals import rules
from ..stages import DisputeAct, DisputeState
from ..states import CLOSED_WITHOUT_RESULT, FORM, ROOM
from .signing import permitted
from .writing import contents, keep_versions

#: in one dispute; more than this is a matter for a letter
MOST = 10_000
BATCH = 900
LATE = frozenset({Timeliness.LATE, Timeliness.OVERDUE})


def dispute(
    *, by: Actor | str, scope: Scope, unit_id: int, dossiers: Collection[int], cause: str, reason: str
) -> int:
    """The id of the dispute. All of these dossiers belong to the unit, come from one source, are late or
    overdue and stand in no living dispute.

    Refusals: dossiers.unknown, dossiers.not_yours, dispute.none, dispute.many, dispute.mixed,
    dispute.not_late, dispute.twice, dispute.cause, reason.missing, reason.long.
    """
    grant = permitted(scope, Act.DISPUTE, units.by_id(unit_id))
    holder, said = policy.check_cause(cause), policy.check_reason(reason)
    with transaction.atomic():
        rows = _late_ones(unit_id, dossiers)
        row = Dispute.objects.create(
            unit_id=unit_id,
            source_id=rows[0].source_id,
            cause=holder.value,
            state=DisputeState.RAISED.value,
            n=len(rows),
            reason=said,
            at=clock.now(),
            by=ref_of(by),
            signed_as=grant.role.value,
        )
        _bind(row, rows)
        detail = {"n": row.n, "cause": row.cause, "unit": unit_id, "role": row.signed_as}
        audit.record(by=by, action="dispute.raised", object=_name(row), reason=said, detail=detail)
        _tell(row, by, "dispute.raised", above=Role.PROVINCE_OFFICE)
    return row.pk


def _late_ones(unit_id: int, wanted: Collection[int]) -> list[Dossier]:
    if not wanted:
        raise Refusal("dispute.none", gettext_lazy("Chưa chọn hồ sơ nào."), place="dossiers")
    if len(set(wanted)) > MOST:
        words = gettext_lazy("Một đề nghị có nhiều nhất 10.000 hồ sơ. Hãy chia theo nguyên nhân.")
        raise Refusal("dispute.many", words, place="dossiers")
    rows = [
        row
        for part in _parts(sorted(set(wanted)))
        for row in Dossier.objects.filter(pk__in=part, unit_id=unit_id).only(
            "id", "source_id", "due_at", "finished_at", "status"
        )
    ]
    if len(rows) != len(set(wanted)):
        raise Refusal("dossiers.unknown", gettext_lazy("Không có hồ sơ này."))
    if len({row.source_id for row in rows}) > 1:
        words = gettext_lazy("Một đề nghị chỉ gồm hồ sơ của một nguồn. Hãy chọn lại.")
        raise Refusal("dispute.mixed", words, place="dossiers")
    now = clock.now()
    if any(
        row.status in CLOSED_WITHOUT_RESULT or timeliness(row.due_at, row.finished_at, now) not in LATE
        for row in rows
    ):
        words = gettext_lazy("Chỉ đề nghị xem lại được hồ sơ trễ hoặc quá hạn.")
        raise Refusal("dispute.not_late", words, place="dossiers")
    return rows


def _bind(row: Dispute, rows: Sequence[Dossier]) -> None:
    try:
        with transaction.atomic():
            DisputedDossier.objects.bulk_create(
                (DisputedDossier(dispute=row, dossier_id=one.pk) for one in rows), batch_size=BATCH
            )
    except IntegrityError as error:
        raise Refusal(
            "dispute.twice",
            gettext_lazy("Có hồ sơ đã nằm trong một đề nghị khác. Hãy bỏ chọn hồ sơ đó."),
            place="dossiers",
        ) from error


def withdraw(*, by: Actor | str, scope: Scope, dispute: int, seen_version: int | None = None) -> None:
    """The commune takes it back while nobody has decided. Refusals dossiers.*, dispute.step."""
    with transaction.atomic():
        row = _locked(dispute)
        grant = permitted(scope, Act.DISPUTE, units.by_id(row.unit_id))
        policy.check_fresh(row.version, seen_version)
        _take(row, DisputeAct.WITHDRAW, by, grant.role, "")


def accept(
    *, by: Actor | str, scope: Scope, dispute: int, reason: str = "", seen_version: int | None = None
) -> DisputeState:
    """The office agrees. Many dossiers at once wait for the leader, a second person; else it holds at once.

    Refusals dossiers.*, dispute.step, signal.same_person."""
    with transaction.atomic():
        row = _locked(dispute)
        grant = permitted(scope, Act.DECIDE, units.by_id(row.unit_id))
        policy.check_fresh(row.version, seen_version)
        policy.check_second(ref_of(by), [row.by])
        said = policy.check_reason(reason) if reason.strip() else ""
        _sign_office(row, by, said)
        in_force = rules.in_force()
        if in_force is not None and row.n >= in_force.of("disputes")["leader_from"]:
            policy.after_dispute(DisputeState(row.state), DisputeAct.ACCEPT)
            _keep(row, DisputeState.CONFIRMING, by, grant.role, said)
            _tell(row, by, "dispute.confirming", above=Role.PROVINCE_LEADER)
            return DisputeState.CONFIRMING
        return _take(row, DisputeAct.ACCEPT, by, grant.role, said)


def refuse(
    *, by: Actor | str, scope: Scope, dispute: int, reason: str, seen_version: int | None = None
) -> None:
    """The office does not agree and says why. Refusals as `accept`, reason.missing."""
    with transaction.atomic():
        row = _locked(dispute)
        grant = permitted(scope, Act.DECIDE, units.by_id(row.unit_id))
        policy.check_fresh(row.version, seen_version)
        policy.check_second(ref_of(by), [row.by])
        said = policy.check_reason(reason)
        _sign_office(row, by, said)
        _take(row, DisputeAct.REFUSE, by, grant.role, said)


def confirm(
    *,
    by: Actor | str,
    scope: Scope,
    dispute: int,
    agree: bool,
    reason: str = "",
    seen_version: int | None = None,
) -> None:
    """The leader, a second person, about many dossiers at once; a no needs a reason. Refusals as `accept`."""
    with transaction.atomic():
        row = _locked(dispute)
        grant = permitted(scope, Act.CONFIRM, units.by_id(row.unit_id))
        policy.check_fresh(row.version, seen_version)
        policy.check_second(ref_of(by), [row.by, row.office_by])
        said = policy.check_reason(reason) if reason.strip() or not agree else ""
        row.leader_at, row.leader_by, row.leader_reason = clock.now(), ref_of(by), said
        _take(row, DisputeAct.CONFIRM if agree else DisputeAct.OVERRULE, by, grant.role, said)


def _sign_office(row: Dispute, by: Actor | str, said: str) -> None:
    row.office_at, row.office_by, row.office_reason = clock.now(), ref_of(by), said


def _locked(dispute: int) -> Dispute:
    row = Dispute.objects.select_for_update(of=("self",)).filter(pk=dispute).first()
    if row is None:
        raise Refusal("dossiers.unknown", gettext_lazy("Không có đề nghị này."))
    return row


def _take(row: Dispute, act: DisputeAct, by: Actor | str, role: Role, said: str) -> DisputeState:
    target = policy.after_dispute(DisputeState(row.state), act)
    event = _keep(row, target, by, role, said)
    if target is DisputeState.ACCEPTED:
        _excuse(row, event)
    else:
        DisputedDossier.objects.filter(dispute=row).update(live=False)
    if target is not DisputeState.WITHDRAWN:
        _tell(row, by, "dispute.decided", Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER)
    return target


def _keep(row: Dispute, target: DisputeState, by: Actor | str, role: Role, said: str) -> int:
    before, row.state, row.version = row.state, target.value, row.version + 1
    row.save()
    detail = {"from": before, "to": row.state, "n": row.n, "cause": row.cause, "role": role.value}
    slices = list(_slices(row)) if target is DisputeState.ACCEPTED else []
    name = f"dispute.{row.state}"
    return audit.record(by=by, action=name, object=_name(row), reason=said, detail=detail, slices=slices)


def _slices(row: Dispute) -> Iterator[Slice]:
    """The attributable figure of these months changes, where the dossiers stand now: an import may have moved
    one to another commune since."""
    places = Dossier.objects.filter(pk__in=_members(row)).values_list("period", "unit_id").distinct()
    for month, unit_id in sorted(places):
        yield Slice(ROOM, FORM, month, unit_id)


def _excuse(row: Dispute, event: int) -> None:
    """Whose lateness it is from now on; what stood before is kept like any other change of a dossier."""
    ids = list(_members(row).values_list("dossier_id", flat=True))
    for part in _parts(ids):
        keep_versions(((id_, *was) for id_, was in contents(part).items()), None, event)
        members = Dossier.objects.filter(pk__in=part)
        members.update(excused=row.cause, version=F("version") + 1, event_id=event)


def _members(row: Dispute) -> QuerySet[DisputedDossier, Any]:
    return DisputedDossier.objects.filter(dispute=row).order_by("dossier_id").values("dossier_id")


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), BATCH):
        yield ids[first : first + BATCH]


def _name(row: Dispute) -> str:
    return f"dispute:{row.pk}"


def _tell(row: Dispute, by: Actor | str, code: str, *roles: Role, above: Role | None = None) -> None:
    own = responsible(units.by_id(row.unit_id))
    to = [Seats(own.id, role) for role in roles]
    if above is not None and own.parent_id is not None:
        to = [Seats(own.parent_id, above)]
    notify.send(
        by=by,
        to=to,
        subject_code=code,
        key=f"{code}:{row.pk}:{row.version}",
        params={"n": row.n},
        link=reverse("dossiers:dispute", args=[row.pk]),
        unit_id=row.unit_id,
    )
