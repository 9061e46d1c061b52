"""A figure of the system is not believed: the commune says why, somebody else in the province decides.

The figure itself is never touched. Upheld, the corrected number goes before it and says so; refused, the
reason stays beside it. The records are mended where they are kept, and then the correction is lifted.
"""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.catalogue import queries as catalogue
from haicap.core import clock, numbers
from haicap.core.errors import Refusal
from haicap.units import queries as units

from .. import permissions
from ..models import DerivedValue, Dispute
from ..policies import cells, disputing, workflow
from ..states import DisputeAct, DisputeState
from .deriving import sorted_slices
from .telling import tell_dispute

LIVE = (DisputeState.OPEN.value, DisputeState.UPHELD.value)


def dispute(
    *,
    by: Actor | str,
    scope: Scope,
    value: int,
    reason: str,
    believed: str = "",
    evidence: str = "",
    lang: str = "vi",
) -> int:
    """Open a dispute of one derived figure; its id. `believed` is text as typed in `lang`.

    Refusals: report.unknown, report.not_yours, derived.none, dispute.there, reason.missing, reason.long,
    evidence.long, and those of a number that the element cannot have (place: believed).
    """
    try:
        with transaction.atomic():
            figure = DerivedValue.objects.select_for_update().filter(pk=value).first()
            if figure is None:
                raise permissions.unknown()
            grant = permissions.check_dispute(scope, units.by_id(figure.unit_id))
            live = Dispute.objects.filter(value=figure, state__in=LIVE).first()
            number = disputing.checked(figure.number, DisputeState(live.state) if live else None)
            said = workflow.check_reason(reason)
            row = Dispute(
                value=figure,
                state=DisputeState.OPEN.value,
                number=number,
                records=figure.records,
                snapshot=figure.snapshot,
                believed=_number(figure, believed, lang),
                reason=said,
                evidence=_evidence(evidence),
                at=clock.now(),
                by=ref_of(by),
                signed_as=grant.role.value,
            )
            row.save()
            _record(row, by, "derived.disputed", said, {"role": grant.role.value})
    except IntegrityError as clash:
        # Somebody else disputed the same figure at the same instant.
        raise disputing.there(DisputeState.OPEN) from clash
    return row.pk


def uphold(
    *, by: Actor | str, scope: Scope, dispute: int, reason: str, number: str = "", lang: str = "vi"
) -> None:
    """The commune is right: `number`, or what it believed when that is empty, goes before the figure.

    Refusals: report.unknown, report.not_yours, dispute.own, dispute.step, dispute.number (nobody said which
    figure is right), reason.missing, reason.long.
    """
    with transaction.atomic():
        row = _decidable(dispute, scope, by, DisputeAct.UPHOLD)
        corrected = _number(row.value, number, lang)
        corrected = row.believed if corrected is None else corrected
        if corrected is None:
            raise Refusal("dispute.number", gettext_lazy("Hãy ghi số đúng."), place="number")
        row.corrected = corrected
        _decide(row, by, DisputeAct.UPHOLD, reason)


def refuse(*, by: Actor | str, scope: Scope, dispute: int, reason: str) -> None:
    """The figure stands. Refusals as for `uphold`."""
    with transaction.atomic():
        row = _decidable(dispute, scope, by, DisputeAct.REFUSE)
        _decide(row, by, DisputeAct.REFUSE, reason)


def lift(*, by: Actor | str, scope: Scope, dispute: int, reason: str) -> None:
    """The correction has done its work: the figure of the system counts again."""
    with transaction.atomic():
        row = _decidable(dispute, scope, by, DisputeAct.LIFT)
        row.lifted_at, row.lifted_by = clock.now(), ref_of(by)
        row.lifted_why = workflow.check_reason(reason)
        _step(row, by, DisputeAct.LIFT, row.lifted_why)


def _decidable(dispute: int, scope: Scope, by: Actor | str, act: DisputeAct) -> Dispute:
    row = Dispute.objects.select_for_update().filter(pk=dispute).first()
    if row is None:
        raise permissions.unknown()
    permissions.check_decide_dispute(scope, units.by_id(row.value.unit_id))
    disputing.check_decider(ref_of(by), row.by)
    disputing.check_step(DisputeState(row.state), act)
    return row


def _decide(row: Dispute, by: Actor | str, act: DisputeAct, reason: str) -> None:
    row.decided_at, row.decided_by = clock.now(), ref_of(by)
    row.decision = workflow.check_reason(reason)
    _step(row, by, act, row.decision)


ACTIONS = {
    DisputeAct.UPHOLD: "derived.upheld",
    DisputeAct.REFUSE: "derived.refused",
    DisputeAct.LIFT: "derived.lifted",
}


def _step(row: Dispute, by: Actor | str, act: DisputeAct, reason: str) -> None:
    row.state = disputing.check_step(DisputeState(row.state), act).value
    row.version += 1
    row.save()
    _record(row, by, ACTIONS[act], reason, {}, moved=act is not DisputeAct.REFUSE)


def _record(
    row: Dispute, by: Actor | str, action: str, reason: str, detail: dict[str, Any], moved: bool = False
) -> None:
    value = row.value
    told = {
        "element": catalogue.current().elements_by_id[value.element_id].code,
        "figure": str(row.number),
        **({"corrected": str(row.corrected)} if row.corrected is not None else {}),
        **detail,
    }
    event = audit.record(
        by=by,
        action=action,
        object=f"dispute:{row.pk}",
        reason=reason,
        detail=told,
        slices=sorted_slices([(value.period, value.unit_id)]) if moved else (),
    )
    Dispute.objects.filter(pk=row.pk).update(event_id=event)
    tell_dispute(row, action, by, reason)


def _number(figure: DerivedValue, text: str, lang: str) -> Decimal | None:
    """What was typed as a number of this element, None for nothing."""
    if not text.strip():
        return None
    element = catalogue.current().elements_by_id[figure.element_id]
    return cells.checked(element, numbers.parse(text, lang))


def _evidence(text: str) -> str:
    kept = " ".join(text.split())
    if len(kept) > disputing.LONGEST_EVIDENCE:
        raise Refusal("evidence.long", gettext_lazy("Minh chứng dài quá 500 ký tự."), place="evidence")
    return kept
