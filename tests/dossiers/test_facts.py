"""Rows for the warehouse: equal to a slow reading, row by row, and without a key of anybody."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from haicap.audit.actions import Slice
from haicap.core import clock, periods
from haicap.dossiers import facts
from haicap.dossiers.facts import DossierRow
from haicap.dossiers.models import Dossier
from tests.cast import Cast
from tests.dossiers import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with clock.frozen("2026-10-27T10:00"):
        yield


def slowly() -> list[DossierRow]:
    """One dossier after the other, in plain words."""

    def day(instant: datetime | None) -> date | None:
        return None if instant is None else clock.local(instant).date()

    rows = []
    for one in Dossier.objects.select_related("procedure"):
        month = periods.parse(f"{clock.local(one.received_at):%Y-%m}", periods.Rule.CALENDAR)
        late = None
        if one.due_at is not None and one.finished_at is not None:
            late = 1 if one.finished_at > one.due_at else 0
        rows.append(
            DossierRow(
                one.unit_id, "dossiers", month.key, "month", "calendar", month.start, month.end,
                one.procedure.code, one.channel, one.level, one.submitter, day(one.received_at),
                day(one.due_at), day(one.finished_at), late, one.blame, one.status, one.fee, one.paid_online,
                one.digitised_components, one.digitised_result, one.satisfaction, 1,
            )
        )  # fmt: skip
    return rows


def test_the_fast_reading_equals_the_slow_one(cast: Cast) -> None:
    rows = [*making.records(200), making.record(900, received="01/09/2026 00:10", fee="12.000,5")]
    making.take_in(cast.office, rows)
    assert sorted(map(repr, facts.dossier_rows())) == sorted(map(repr, slowly()))
    assert len(slowly()) == 201
    assert {row.late for row in slowly()} == {0, 1, None}


def test_slices_choose_the_month_and_the_unit(cast: Cast) -> None:
    making.take_in(cast.office, making.records(200))
    some = Dossier.objects.filter(period="2026-09").values_list("unit_id", flat=True)[:1][0]
    slices = [Slice("dossiers", "dossiers", "2026-09", some), Slice("dossiers", "dossiers", "2025-01", some)]
    found = list(facts.dossier_rows(slices))
    assert found
    assert sorted(map(repr, found)) == sorted(
        repr(row) for row in slowly() if (row.period, row.unit_id) == ("2026-09", some)
    )


def test_no_key_leaves_the_room() -> None:
    assert not {"key", "account_key", "steps", "behalf_reason"} & set(DossierRow._fields)
