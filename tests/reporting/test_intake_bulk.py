"""The bulk road: texts that COPY has marks for, batches laid aside on disk, batches that meet each other."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from haicap.accounts.scopes import scope_of
from haicap.reporting.actions import Datum, IntakeResult, intake, intakespool, take_in
from haicap.reporting.models import Report, Value, ValueChange

from .office import FORM, FULL, PERIOD, Office

ODD = "a\tb \\N \\ c\r\nd"


def batch(office: Office, data: list[Datum], **more: Any) -> IntakeResult:
    who = office.cast.office
    return take_in(by=who, scope=scope_of(who), data=data, door="csv", **more)


def by_column(office: Office, add: int = 0) -> list[Datum]:
    """Cell by cell over all reports, as sheets with a column per unit bring them."""
    places = [(unit, period) for unit in ("24505", "22015", "24133") for period in ("2026-09", PERIOD)]
    cells = [(code, unit, period) for code in FULL for unit, period in places]
    return [
        Datum(n, f"{n}", office.world[unit], FORM, period, code, Decimal(int(FULL[code]) + add))
        for n, (code, unit, period) in enumerate(cells)
    ]


def test_every_mark_in_a_text_comes_back_as_it_was(office: Office) -> None:
    unit = office.world["24505"]
    data = [
        Datum(0, "0", unit, FORM, PERIOD, "HS_NHAN", no_figure_reason="\\N"),
        Datum(1, "1", unit, FORM, PERIOD, "HS_PHI", number=Decimal(1), why=ODD),
        Datum(2, "2", unit, FORM, PERIOD, "KP", no_figure_reason="tab\\t \\"),
    ]
    assert batch(office, data, file_name=ODD).imported == 3
    reasons = dict(Value.objects.values_list("element__code", "no_figure_reason"))
    assert reasons == {"HS_NHAN": "\\N", "HS_PHI": "", "KP": "tab\\t \\"}
    assert ValueChange.objects.get(value__element__code="HS_PHI").why == " ".join(ODD.split())


def test_a_batch_laid_aside_on_disk_is_the_same_batch(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports come together again whatever the order, and each is carried on once."""
    monkeypatch.setattr(intakespool, "HELD", 3)
    monkeypatch.setattr(intakespool, "PIECE", 2)
    first = batch(office, by_column(office))
    assert (first.read, first.imported, first.reports, first.rejections) == (24, 24, 6, ())
    assert set(Report.objects.values_list("version", "content_version")) == {(1, 1)}
    second = batch(office, [*by_column(office)[:5], *by_column(office, add=1)[5:]])
    assert (second.unchanged, second.updated) == (5, 19)
    assert ValueChange.objects.count() == 24 + 19
    assert {(v.number or 0) - int(FULL[v.element.code]) for v in Value.objects.all()} == {0, 1}


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_meets_another_tries_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """C15: what lost the race was rolled back whole, and is done once."""
    real, tried = intake._taken, []

    def disturbed(*args: Any) -> IntakeResult:
        found = real(*args)
        tried.append(found.imported)
        if len(tried) == 1:
            raise IntegrityError("reporting_one_report")
        return found

    monkeypatch.setattr(intake, "_taken", disturbed)
    assert batch(office, by_column(office)).imported == 24
    assert tried == [24, 24]
    assert ValueChange.objects.count() == Value.objects.count() == 24
