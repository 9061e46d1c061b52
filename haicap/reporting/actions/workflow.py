"""The steps of a report after it has been filled."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext, gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.catalogue import queries as catalogue
from haicap.core import clock
from haicap.core.errors import Refusal

from ..models import CellReturn, Report, Submission, Value
from ..policies import checks, workflow
from ..queries.casefile import case_file, form_of
from ..queries.derived import by_report, standing, system_figures
from ..queries.history import hands
from ..states import Act, State
from .deriving import freeze, loosen, sent_of
from .rows import name_of, period_of, permitted, signature, slice_of
from .telling import tell

STEPS = {
    Act.SAY_READY: "report.ready",
    Act.HAND_BACK: "report.handed_back",
    Act.SUBMIT: "report.submitted",
    Act.RETURN: "report.returned",
    Act.ACCEPT: "report.accepted",
    Act.LOCK: "report.locked",
    Act.REOPEN: "report.reopened",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`repeated`: the answer of an earlier identical request, nothing was done again."""

    report_id: int
    state: State
    version: int
    at: datetime
    repeated: bool = False


def say_ready(*, by: Actor | str, scope: Scope, report: int, seen_version: int | None = None) -> Outcome:
    """Hand a filled report to the leader. Refusal report.not_ready (params issues) while anything blocks."""
    with transaction.atomic():
        row = permitted(report, scope, Act.SAY_READY)
        workflow.check_step(State(row.state), Act.SAY_READY)
        workflow.check_fresh(row.version, seen_version)
        case = case_file(row, row.unit_id, form_of(row), period_of(row), "vi").case
        _check_complete(checks.blocking(checks.issues(case)))
        row.ready_at, row.ready_by = clock.now(), ref_of(by)
        return _take(row, Act.SAY_READY, by, signature(row, scope, Act.SAY_READY))


def _check_complete(found: list[checks.Issue]) -> None:
    if not found:
        return
    count = Counter(issue.weight for issue in found)
    raise Refusal(
        "report.not_ready",
        gettext("Chưa chuyển được: còn %(hard)s lỗi, %(soft)s ô cần xác nhận và %(empty)s ô trống.")
        % {
            "hard": count[checks.Weight.HARD],
            "soft": count[checks.Weight.SOFT],
            "empty": count[checks.Weight.EMPTY],
        },
        issues=tuple(found),
    )


def hand_back(*, by: Actor | str, scope: Scope, report: int, reason: str = "") -> Outcome:
    """Back to filling: the leader with a reason, or the officer who wants to mend something."""
    with transaction.atomic():
        row = permitted(report, scope, Act.HAND_BACK)
        workflow.check_step(State(row.state), Act.HAND_BACK)
        said = workflow.check_reason(reason) if reason.strip() else ""
        signed = signature(row, scope, Act.HAND_BACK)
        if said:
            _keep_reasons(row, Act.HAND_BACK, {None: said}, ref_of(by), signed)
        row.ready_at, row.ready_by = None, ""
        return _take(row, Act.HAND_BACK, by, signed, {"": said} if said else None)


def submit(
    *, by: Actor | str, scope: Scope, report: int, key: str = "", seen_version: int | None = None
) -> Outcome:
    """Sign and send. A replay with the same key returns the first answer.

    From here on the values are facts, provisional until accepted; where the form asks for no approval,
    submission is acceptance.
    """
    with transaction.atomic():
        row = permitted(report, scope, Act.SUBMIT)
        first = Submission.objects.filter(report=row, key=key).first() if key else None
        if first is not None:
            return Outcome(row.pk, State(row.state), row.version, first.at, repeated=True)
        workflow.check_step(State(row.state), Act.SUBMIT)
        workflow.check_fresh(row.version, seen_version)
        row.cycle += 1
        row.submitted_at, row.submitted_by = clock.now(), ref_of(by)
        Submission.objects.create(
            report=row,
            cycle=row.cycle,
            content_version=row.content_version,
            at=row.submitted_at,
            by=row.submitted_by,
            key=key[:64],
        )
        if not row.ever_accepted:
            row.first_submitted_at = _first_of_this_version(row)
        signed, approval = signature(row, scope, Act.SUBMIT), form_of(row).approval
        outcome = _take(row, Act.SUBMIT, by, signed, quiet=not approval)
        if approval:
            return outcome
        row.accepted_at, row.accepted_by, row.ever_accepted = row.submitted_at, f"form:{row.form}", True
        return _take(row, Act.ACCEPT, row.accepted_by, quiet=True)


def _first_of_this_version(row: Report) -> datetime | None:
    """Sent again unchanged after a return, a report counts from the first time it was sent like this."""
    same = Submission.objects.filter(report=row, content_version=row.content_version)
    first: datetime | None = same.aggregate(first=Min("at"))["first"]
    return first


def return_report(
    *, by: Actor | str, scope: Scope, report: int, reasons: Mapping[str, str], seen_version: int | None = None
) -> Outcome:
    """Send back with a reason per cell; the key "" is a reason about the whole report.

    Refusals: return.reason (none given), cell.unknown, reason.missing, reason.long (place: element code).
    """
    with transaction.atomic():
        row = permitted(report, scope, Act.RETURN)
        workflow.check_step(State(row.state), Act.RETURN)
        workflow.check_fresh(row.version, seen_version)
        said = {
            code: workflow.check_reason(text, place=code) for code, text in reasons.items() if text.strip()
        }
        if not said:
            raise Refusal("return.reason", gettext_lazy("Hãy ghi lý do trả lại cho ít nhất một ô."))
        own, book = set(form_of(row).elements), catalogue.current().elements
        strangers = [code for code in said if code and code not in own]
        if strangers:
            raise Refusal("cell.unknown", gettext_lazy("Mẫu báo cáo này không có ô đó."), place=strangers[0])
        by_id = {book[code].id if code else None: text for code, text in said.items()}
        signed = signature(row, scope, Act.RETURN)
        _keep_reasons(row, Act.RETURN, by_id, ref_of(by), signed)
        return _take(row, Act.RETURN, by, signed, said)


def _keep_reasons(
    row: Report, act: Act, reasons: Mapping[int | None, str], by: str, signed: Mapping[str, object]
) -> None:
    numbers = dict(Value.objects.filter(report=row).values_list("element_id", "number"))
    if reasons.keys() - {None} and form_of(row).counted:
        found = standing(by_report(system_figures([row.unit_id], [row.period])), row)
        numbers |= {element: one.shown for element, one in found.items()}
    CellReturn.objects.bulk_create(
        CellReturn(
            report=row,
            cycle=row.cycle,
            element_id=element_id,
            reason=text,
            number=numbers.get(element_id) if element_id else None,
            act=act.value,
            signed_as=str(signed.get("role", "")),
            at=clock.now(),
            by=by,
        )
        for element_id, text in reasons.items()
    )


def accept(*, by: Actor | str, scope: Scope, report: int, seen_version: int | None = None) -> Outcome:
    """Approve. Refusal report.own_work for anybody who typed a value or submitted it."""
    with transaction.atomic():
        row = permitted(report, scope, Act.ACCEPT)
        workflow.check_step(State(row.state), Act.ACCEPT)
        workflow.check_fresh(row.version, seen_version)
        workflow.check_acceptor(ref_of(by), hands(row.pk))
        row.accepted_at, row.accepted_by, row.ever_accepted = clock.now(), ref_of(by), True
        return _take(row, Act.ACCEPT, by, signature(row, scope, Act.ACCEPT))


def lock(*, by: Actor | str, scope: Scope, report: int) -> Outcome:
    """Close before its day; what is due is closed by `lock_due`."""
    with transaction.atomic():
        row = permitted(report, scope, Act.LOCK)
        workflow.check_step(State(row.state), Act.LOCK)
        row.locked_at, row.locked_by = clock.now(), ref_of(by)
        return _take(row, Act.LOCK, by, signature(row, scope, Act.LOCK))


def reopen(*, by: Actor | str, scope: Scope, report: int, reason: str) -> Outcome:
    """A higher position opens an accepted or locked report again; who, in which position, when and why is
    kept and shown."""
    with transaction.atomic():
        row = permitted(report, scope, Act.REOPEN)
        workflow.check_step(State(row.state), Act.REOPEN)
        said = workflow.check_reason(reason)
        signed = signature(row, scope, Act.REOPEN)
        _keep_reasons(row, Act.REOPEN, {None: said}, ref_of(by), signed)
        row.accepted_at, row.accepted_by = None, ""
        row.locked_at, row.locked_by = None, ""
        return _take(row, Act.REOPEN, by, signed, {"": said})


def _take(
    row: Report,
    act: Act,
    by: Actor | str,
    signed: Mapping[str, object] | None = None,
    reasons: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> Outcome:
    """`signed`: the position it was done in; `reasons`: element code → text, "" for the whole report."""
    said = reasons or {}
    cells = sorted(filter(None, said))
    step = workflow.check_step(State(row.state), act)
    row.state, row.version = step.target.value, row.version + 1
    row.save()
    loose = loosen([row.pk]) if step.target is State.RETURNED else None
    event = audit.record(
        by=by,
        action=STEPS[act],
        object=name_of(row),
        reason=said.get("", ""),
        detail={
            "from": step.source.value,
            "to": step.target.value,
            "cycle": row.cycle,
            **(signed or {}),
            **({"cells": cells} if cells else {}),
        },
        slices=[slice_of(row), *(loose.slices if loose else ())],
    )
    if loose:
        loose.remember(event)
    if act is Act.SUBMIT and (form := form_of(row)).counted:
        freeze([sent_of(row, form, event)])
    if not quiet:
        tell(row, act, by, said.items(), signed)
    return Outcome(row.pk, step.target, row.version, clock.now())
