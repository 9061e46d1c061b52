"""To complete a data set is to send the report in: ready, then signed, by whoever may do so here."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from haicap.api.dhis2.callers import Caller
from haicap.api.dhis2.conflicts import conflict
from haicap.api.dhis2.decoding import Completion
from haicap.api.dhis2.messages import WebMessageError
from haicap.core.errors import Refusal
from haicap.reporting import actions
from haicap.reporting.queries import State
from haicap.reporting.queries import stored as reports
from haicap.ui import wording


@dataclass(frozen=True)
class Done:
    """`refusal`: why not, in words; `before`: it was complete already."""

    refusal: str = ""
    before: bool = False


# Each is a transaction of several steps, and all of one body are one
MOST = 5_000
COMPLETE = frozenset({State.SUBMITTED, State.ACCEPTED, State.LOCKED})


def complete(caller: Caller, one: Completion) -> Done:
    """Send the report in, or change nothing. A report that was sent in before stays as it is."""
    if not caller.writes(one.form.code):
        return _shut(one)
    try:
        with transaction.atomic():
            report = actions.open_report(
                by=caller.ref, scope=caller.scope, form=one.form.code, period=one.period, unit_id=one.unit.id
            )
            state = reports.state_of(report)
            if state in COMPLETE:
                return Done(before=True)
            if state is not State.READY:
                actions.say_ready(by=caller.ref, scope=caller.scope, report=report)
            actions.submit(by=caller.ref, scope=caller.scope, report=report)
    except Refusal as refusal:
        return Done(refusal=wording.refusal(refusal))
    return Done()


def reopen(caller: Caller, one: Completion, reason: str) -> Done:
    """Take the completion back. An accepted report is opened by a higher position alone, a sent one is given
    back by the office."""
    if not caller.writes(one.form.code):
        return _shut(one)
    try:
        report = reports.report_id(one.unit.id, one.form.code, one.period)
        state = reports.state_of(report) if report is not None else None
        if report is None or state not in COMPLETE | {State.READY}:
            return Done(before=True)
        if state is State.READY:
            actions.hand_back(by=caller.ref, scope=caller.scope, report=report, reason=reason)
        elif state is State.SUBMITTED:
            actions.return_report(by=caller.ref, scope=caller.scope, report=report, reasons={"": reason})
        else:
            actions.reopen(by=caller.ref, scope=caller.scope, report=report, reason=reason)
    except Refusal as refusal:
        return Done(refusal=wording.refusal(refusal))
    return Done()


def is_complete(one: Completion) -> bool:
    report = reports.report_id(one.unit.id, one.form.code, one.period)
    return report is not None and reports.state_of(report) in COMPLETE


def check_number(number: int) -> None:
    """WebMessageError 413."""
    if number > MOST:
        raise WebMessageError(413, f"At most {MOST} data sets are completed at once; send them in parts")


def _shut(one: Completion) -> Done:
    return Done(refusal=conflict("E8010", one.form.uid).message)
