"""A signal is asked, answered by the unit, weighed by one person, closed by another; never a penalty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.accounts.states import Role
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.catalogue import calendar
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule
from haicap.notify import actions as notify
from haicap.notify.actions import Seats
from haicap.units import queries as units

from ..models import Signal, SignalStep
from ..permissions import Act, responsible
from ..policies import asking as policy
from ..policies.timing import day_of
from ..signals.finding import found
from ..signals.rules import Rules
from ..signals.rules import in_force as rules_in_force
from ..signals.scene import Seen
from ..stages import SignalAct, SignalKind, SignalState
from .signing import permitted

LONGEST_ANSWER = 1000


def ask(
    *, by: Actor | str, seen: Iterable[Seen], period: Period, rules: Rules, at: datetime | None = None
) -> int:
    """Put each pattern as a question to its unit, once per month and subject; returns how many are new."""
    now = at or clock.now()
    until = calendar.add_working_days(day_of(now), rules.of("asking")["answer_working_days"])
    asked = 0
    for one in seen:
        with transaction.atomic():
            row, new = Signal.objects.get_or_create(
                kind=one.kind.value,
                unit_id=one.unit_id,
                period=period.key,
                subject=one.subject,
                defaults={
                    "n": one.n,
                    "seen": dict(one.figures),
                    "rules_id": rules.id,
                    "state": SignalState.ASKED.value,
                    "at": now,
                    "answer_by": until,
                },
            )
            if new:
                asked += 1
                detail = {"kind": row.kind, "unit": row.unit_id, "period": row.period, "rules": rules.number}
                audit.record(by=by, action="signal.asked", object=_name(row), detail=detail)
                _tell(row, by, "signal.asked", Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER)
    return asked


def ask_due(*, by: Actor | str, now: datetime | None = None) -> int:
    """Look at the last closed and at the running month; returns how many questions are new. Without
    thresholds nobody is asked anything."""
    at, in_force = now or clock.now(), rules_in_force()
    if in_force is None:
        return 0
    running = periods.containing(day_of(at), Kind.MONTH, Rule.CALENDAR)
    months = (periods.shift(running, -1), running)
    return sum(ask(by=by, seen=found(one, in_force, at), period=one, rules=in_force, at=at) for one in months)


def answer(
    *, by: Actor | str, scope: Scope, signal: int, choice: str, text: str, seen_version: int | None = None
) -> None:
    """The unit speaks first. Refusals: dossiers.unknown, dossiers.not_yours, dossiers.stale, signal.step,
    signal.choice, reason.missing, reason.long."""
    with transaction.atomic():
        row = _locked(signal)
        grant = permitted(scope, Act.ANSWER, units.by_id(row.unit_id))
        target = policy.after_signal(SignalState(row.state), SignalAct.ANSWER)
        policy.check_fresh(row.version, seen_version)
        picked = policy.check_innocent(SignalKind(row.kind), choice)
        said = policy.check_reason(text, "text", LONGEST_ANSWER)
        row.answered_by = ref_of(by)
        _take(row, target, SignalAct.ANSWER, by, grant.role, picked.value, said)
        _tell(row, by, "signal.answered", above=True)


def weigh(
    *, by: Actor | str, scope: Scope, signal: int, choice: str, text: str, seen_version: int | None = None
) -> None:
    """The first opinion of the province. Refusals as `answer`, and signal.early, signal.outcome."""
    with transaction.atomic():
        row = _locked(signal)
        grant = permitted(scope, Act.WEIGH, units.by_id(row.unit_id))
        policy.check_fresh(row.version, seen_version)
        policy.check_weigh(SignalState(row.state), row.answer_by, clock.today())
        policy.check_second(ref_of(by), [row.answered_by])
        outcome = policy.check_outcome(choice)
        said = policy.check_reason(text, "text", LONGEST_ANSWER)
        row.weighed_by, row.outcome = ref_of(by), outcome.value
        _take(row, SignalState.WEIGHED, SignalAct.WEIGH, by, grant.role, outcome.value, said)
        _tell(row, by, "signal.weighed", above=True)


def decide(
    *, by: Actor | str, scope: Scope, signal: int, agree: bool, text: str, seen_version: int | None = None
) -> None:
    """A second person agrees, and the question is closed; or does not, and another opinion is needed.

    Refusals as `weigh`, and signal.same_person."""
    act = SignalAct.AGREE if agree else SignalAct.DISAGREE
    with transaction.atomic():
        row = _locked(signal)
        grant = permitted(scope, Act.CLOSE, units.by_id(row.unit_id))
        target = policy.after_signal(SignalState(row.state), act)
        policy.check_fresh(row.version, seen_version)
        policy.check_second(ref_of(by), [row.answered_by, row.weighed_by])
        said = policy.check_reason(text, "text", LONGEST_ANSWER)
        outcome = row.outcome
        if agree:
            row.closed_by, row.closed_at = ref_of(by), clock.now()
        else:
            row.weighed_by, row.outcome = "", ""
        _take(row, target, act, by, grant.role, outcome, said)
        if agree:
            _tell(row, by, "signal.closed", Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER)
        else:
            _tell(row, by, "signal.answered", above=True)


def _locked(signal: int) -> Signal:
    row = Signal.objects.select_for_update(of=("self",)).filter(pk=signal).first()
    if row is None:
        raise Refusal("dossiers.unknown", gettext_lazy("Không có câu hỏi này."))
    return row


def _take(
    row: Signal, target: SignalState, act: SignalAct, by: Actor | str, role: Role, choice: str, text: str
) -> None:
    before, row.state, row.version = row.state, target.value, row.version + 1
    row.save()
    SignalStep.objects.create(
        signal=row,
        act=act.value,
        at=clock.now(),
        by=ref_of(by),
        signed_as=role.value,
        choice=choice,
        text=text,
    )
    detail = {"from": before, "to": row.state, "choice": choice, "role": role.value}
    audit.record(by=by, action=f"signal.{act.value}", object=_name(row), reason=text, detail=detail)


def _name(row: Signal) -> str:
    return f"signal:{row.pk}"


def _tell(row: Signal, by: Actor | str, code: str, *roles: Role, above: bool = False) -> None:
    own = responsible(units.by_id(row.unit_id))
    to = [Seats(own.id, role) for role in roles]
    if above and own.parent_id is not None:
        to = [Seats(own.parent_id, role) for role in (Role.PROVINCE_OFFICE, Role.PROVINCE_LEADER)]
    notify.send(
        by=by,
        to=to,
        subject_code=code,
        key=f"{code}:{row.pk}:{row.version}",
        params={"n": row.n, "day": row.answer_by.isoformat()},
        link=reverse("dossiers:signal", args=[row.pk]),
        unit_id=row.unit_id,
    )
