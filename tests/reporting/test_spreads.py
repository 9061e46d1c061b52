"""What is learnt from all units, and what it changes in a question to one."""

import math
from decimal import Decimal

import pytest

from haicap.catalogue import models as catalogue
from haicap.core import periods
from haicap.reporting import actions
from haicap.reporting.models import Report, Spread, Value
from haicap.reporting.policies.checks import Weight
from haicap.reporting.states import State

from .office import FORM, NOW, PERIOD, Office

pytestmark = pytest.mark.django_db


def story(office: Office, code: str, wobble: float, months: int = 8) -> None:
    """Accepted months before this one, up and down by `wobble` (in logarithms)."""
    element = catalogue.Element.objects.get(code="HS_NHAN")
    for back in range(1, months + 1):
        period = periods.shift(periods.parse(PERIOD), -back)
        report = Report.objects.create(
            unit_id=office.world[code], form=FORM, form_number=1, period=period.key, kind="month",
            rule="nd09",
            start=period.start, end=period.end, deadline=NOW, state=State.ACCEPTED.value, opened_at=NOW,
            opened_by="system:test", accepted_at=NOW, accepted_by="user:0",
        )  # fmt: skip
        number = round(2000 * math.exp(wobble * (-1) ** back))
        Value.objects.create(
            report=report, element=element, number=number, changed_at=NOW, changed_by="user:0"
        )


def test_three_units_teach_and_two_do_not(office: Office) -> None:
    for code in ("24505", "22015"):
        story(office, code, 0.05)
    assert actions.learn_spreads() == 0
    story(office, "24133", 0.05)
    assert actions.learn_spreads() == 1
    assert actions.learn_spreads() == 1, "learnt again, not twice"
    assert 0.02 < Spread.objects.get().spread < 0.3


def test_what_others_show_sharpens_the_question(office: Office) -> None:
    for code in ("22015", "24133", "00466"):
        story(office, code, 0.03)
    story(office, "24505", 0.03, months=4)
    report = office.open()
    office.save(report, {"HS_NHAN": "3020"})

    def hints() -> list[Decimal | None]:
        return [one.instead for one in office.detail().issues if one.weight in (Weight.HINT, Weight.SOFT)]

    assert hints() == []
    actions.learn_spreads()
    assert Decimal(2030) not in hints()
    assert hints(), "half as much again is out of the ordinary for this element"
