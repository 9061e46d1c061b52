"""Regimes without approval: what is held as a draft and why, and until when corrections are taken."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from haicap.accounts.scopes import scope_of
from haicap.catalogue import models as catalogue
from haicap.catalogue import queries
from haicap.core import clock, periods
from haicap.reporting import actions, facts
from haicap.reporting.actions import Datum, IntakeResult, take_in
from haicap.reporting.models import Report
from haicap.reporting.policies import checks, timing
from haicap.reporting.policies.divided import whole
from haicap.reporting.queries.casefile import case_file, form_of
from haicap.reporting.states import State
from tests.reporting.conftest import SPEC

from .office import FORM, FULL, MACHINE, NOW, PERIOD, Office

pytestmark = pytest.mark.django_db


def republish(code: str = FORM, combinations: Any = None, **spec: Any) -> None:
    """The next version of a form, without approval."""
    head = catalogue.Form.objects.get(code=code)
    latest = head.versions.order_by("-number")[0]
    number, pack = latest.number + 1, catalogue.Pack.objects.order_by("-number")[0]
    catalogue.FormVersion.objects.create(
        form=head, number=number, spec={**latest.spec, "approval": False, **spec}, digest=f"{code}{number}",
        published_at=NOW,
    )  # fmt: skip
    catalogue.Pack.objects.create(
        code="test", number=pack.number + 1, owner_id=pack.owner_id, digest=f"{pack.number + 1}",
        contents={
            **pack.contents, "forms": {**pack.contents["forms"], code: number},
            "elements": list(catalogue.Element.objects.values_list("code", flat=True)),
            "combinations": combinations or {},
        },
        published_at=NOW, published_by="system:test",
    )  # fmt: skip
    catalogue.Revision.objects.update(token=uuid4().hex)
    queries.forget()


def divide(over_split: str) -> None:
    """The form asks for what came online by two parts, NAM and NU, of a new element ONLINE."""
    for number, split in enumerate(("NAM", "NU")):
        catalogue.Split.objects.create(
            uid=f"s{number:010}", code=split, combination="GIOI", options=[], published_at=NOW
        )
    spec = {"usage": "split", "dimensions": []}
    catalogue.Combination.objects.create(
        uid="c0000000001", code="GIOI", number=1, spec=spec, digest="c", published_at=NOW
    )
    catalogue.Element.objects.create(
        uid="e0000000099", code="TT", counts="TT", unit="hồ sơ", over_time="sum", over_units="sum",
        over_split=over_split, integer=True, non_negative=True, combination="GIOI", published_at=NOW,
    )  # fmt: skip
    asked = json.loads(json.dumps(SPEC).replace("HS_NHAN_CTT", "TT"))
    republish(sections=asked["sections"], checks=asked["checks"], combinations={"GIOI": 1})


def send(office: Office, cells: dict[str, Any], form: str = FORM, **more: Any) -> IntakeResult:
    """`cells`: "CODE" or "CODE/SPLIT" → number; None empties the cell."""
    data = []
    for index, (name, number) in enumerate(cells.items()):
        code, _, split = name.partition("/")
        value = None if number is None else Decimal(number)
        data.append(
            Datum(
                index,
                name,
                office.world["24505"],
                form,
                PERIOD,
                code,
                value,
                split=split,
                remove=number is None,
            )
        )
    who = office.cast.office
    found = take_in(by=who, scope=scope_of(who), data=data, door="api", **more)
    assert found.rejections == ()
    return found


def state() -> State:
    return State(Report.objects.get().state)


def test_blank_required_cells_are_counted_and_keep_the_report_a_draft(office: Office) -> None:
    republish()
    found = send(office, {"HS_NHAN": 412})
    assert [one.message for one in found.held] == ["Còn 3 ô bắt buộc để trống."]
    assert (state(), list(facts.value_rows())) == (State.DRAFT, [])
    rest = {code: text for code, text in FULL.items() if code != "HS_NHAN"}
    assert (send(office, rest).held, state()) == ((), State.ACCEPTED)


def test_an_accepted_report_that_is_emptied_is_a_draft_again(office: Office) -> None:
    republish()
    send(office, FULL)
    assert len(send(office, {"HS_PHI": None}).held) == 1
    assert (state(), list(facts.value_rows())) == (State.DRAFT, [])
    assert send(office, {"HS_PHI": None, "HS_NHAN": None}, all_or_nothing=True).rejected == 2
    assert (send(office, {"HS_PHI": 128}).held, state()) == ((), State.ACCEPTED)


def test_a_reason_fills_a_required_cell_and_refused_text_does_not(office: Office) -> None:
    republish()
    report = office.open()
    office.save(report, {**FULL, "HS_PHI": "một trăm"})
    assert len(send(office, {"HD": 1}).held) == 1, "what the grid refused is no figure"
    datum = Datum(0, "", office.world["24505"], FORM, PERIOD, "HS_PHI", no_figure_reason="chưa tổng hợp")
    who = office.cast.office
    assert take_in(by=who, scope=scope_of(who), data=[datum], door="api").held == ()
    assert state() is State.ACCEPTED


def test_where_no_cell_is_required_anything_is_accepted(office: Office) -> None:
    """As in every form that was loaded from DHIS2."""
    free = [
        {"code": one["code"], "cells": [{**cell, "required": False} for cell in one["cells"]]}
        for one in SPEC["sections"]  # type: ignore[attr-defined]
    ]
    republish(sections=free)
    assert (send(office, {"HS_NHAN": 412}).held, state()) == ((), State.ACCEPTED)
    assert (send(office, {"HS_NHAN": None}).held, state()) == ((), State.ACCEPTED)


def test_it_is_told_in_the_language_of_the_batch(office: Office) -> None:
    subject = f"check:{FORM}/ONLINE"
    catalogue.Label.objects.create(subject=subject, role="message", lang="en", text="More online than all")
    republish()
    (held,) = send(office, {"HS_NHAN": 1, "HS_NHAN_CTT": 2}, lang="en").held
    assert held.message == "More online than all; Required cells still blank: 2."


def test_hard_checks_see_the_sum_of_the_parts(office: Office) -> None:
    divide("sum")
    rest = {code: text for code, text in FULL.items() if code != "HS_NHAN_CTT"}
    (held,) = send(office, {**rest, "TT/NAM": 212}).held
    assert held.message == "Còn 1 ô bắt buộc để trống.", "a part is not the whole"
    (held,) = send(office, {"TT/NU": 201}).held
    assert "không được lớn hơn" in held.message
    report = Report.objects.get()
    case = case_file(report, report.unit_id, form_of(report), periods.parse(PERIOD), "vi").case
    assert [one.check for one in checks.issues(case) if one.weight is checks.Weight.HARD] == ["ONLINE"]
    assert (send(office, {"TT/NU": 200}).held, state()) == ((), State.ACCEPTED)


def test_parts_that_may_not_be_added_are_no_whole(office: Office) -> None:
    divide("none")
    element = queries.current().elements["TT"]
    assert whole(element, {"NAM": Decimal(1), "NU": Decimal(2)}) is None
    rest = {code: text for code, text in FULL.items() if code != "HS_NHAN_CTT"}
    assert send(office, {**rest, "TT/NAM": 400, "TT/NU": 400}).held == ()


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, True), (1, False)])
def test_c3_after_its_day_of_locking_nothing_is_taken(office: Office, seconds: int, taken: bool) -> None:
    """C3: the same instant as the routine's, whether or not it has come round."""
    republish(MACHINE, lock_after=2)
    send(office, {"MAY": 7}, MACHINE)
    at = lock_instant()
    who = office.cast.office
    datum = Datum(0, "", office.world["24505"], MACHINE, PERIOD, "MAY", Decimal(8))
    with clock.frozen(at + timedelta(seconds=seconds)):
        found = take_in(by=who, scope=scope_of(who), data=[datum], door="api")
        assert [one.code for one in found.rejections] == ([] if taken else ["report.step"])
        assert actions.lock_due(by="system:test") == (not taken)


def lock_instant() -> datetime:
    report = Report.objects.get()
    assert report.accepted_at is not None
    at = timing.locks_at(form_of(report), report.deadline, report.accepted_at)
    assert at is not None
    return at
