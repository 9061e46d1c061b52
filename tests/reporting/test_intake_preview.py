"""What a preview shows of each cell, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haicap.reporting.models import Value

from .office import Office
from .test_intake import datum, take

pytestmark = pytest.mark.django_db


def test_preview_shows_before_after_and_what_the_checks_say(office: Office) -> None:
    take(office, [datum(office, 0, number=412)])
    found = take(
        office,
        [datum(office, 0, number=400), datum(office, 1, "HS_NHAN_CTT", 500), datum(office, 2, "HD", -1)],
        dry_run=True,
        preview=True,
    )
    shown = {cell.element: cell for cell in found.cells}
    assert [cell.index for cell in found.cells] == [0, 1, 2]
    assert (shown["HS_NHAN"].before.number, shown["HS_NHAN"].after.number) == (412, 400)
    assert [cell.what for cell in found.cells] == ["changed", "new", "rejected"]
    assert any("không được lớn hơn" in words for words in shown["HS_NHAN_CTT"].issues)
    assert Value.objects.get().number == 412


def test_the_preview_of_many_units_costs_no_more_queries(office: Office) -> None:
    """A workbook of a whole province is looked at in as many queries as one of one commune."""
    take(office, [datum(office)], dry_run=True, preview=True)  # the catalogue is read once
    counts, said = [], []
    for codes in (("24505",), ("24505", "22015", "24133")):
        cells = (("HS_NHAN", 5), ("HS_NHAN_CTT", 9))
        data = [
            datum(office, 2 * n + m, code, number, unit_id=office.world[unit])
            for n, unit in enumerate(codes)
            for m, (code, number) in enumerate(cells)
        ]
        with CaptureQueriesContext(connection) as queries:
            found = take(office, data, office.cast.office, dry_run=True, preview=True)
        counts.append(len(queries))
        said.append([cell.unit_id for cell in found.cells if cell.issues])
    assert counts[0] == counts[1]
    assert said == [[office.world["24505"]], [office.world[c] for c in ("24505", "22015", "24133")]]
