"""Reading a workbook of a whole province: 100,000 figures, their codes, versions and kinds."""

import time
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from haicap.catalogue.definitions import Cell, Element
from haicap.core import periods
from haicap.core.counts import Adds, Measure
from haicap.reporting.presenters.workbooks import checking, matrix
from haicap.reporting.presenters.workbooks.passport import Passport, Seen, passport_of, rows
from haicap.reporting.presenters.workbooks.slots import Slot
from haicap.tables.fillable import FillableSheet
from tests.bench.figures import Figure, programme

UNITS, CELLS = 500, 200
PERIOD = periods.parse("2026-10")


def slots() -> dict[str, Slot]:
    measure = Measure("x", "hồ sơ", Adds.SUM, Adds.SUM, Adds.SUM)
    found = {}
    for number in range(CELLS):
        code = f"E{number:03}"
        element = Element(number, f"e{number:010}", code, measure, {"vi": code})
        cell = Cell(code, f"A{number}", {"vi": code}, {}, False)
        found[code] = Slot(code, cell, element, "", code, "A")
    return found


def workbook(cells: dict[str, Slot], units: list[str]) -> bytes:
    """As the product writes it; every second figure was changed by somebody."""
    target = BytesIO()
    out = FillableSheet(target, "bench", "bench", "vi")
    for column, text in enumerate(("@unit", "@place", *cells)):
        out.text(0, column, text, "key")
    seen = {}
    for line, unit in enumerate(units, start=1):
        out.text(line, 0, unit)
        for column, code in enumerate(cells, start=2):
            number = Decimal(line * 1000 + column)
            out.entry(line, column, number + column % 2, open_=True)
            seen[unit, code] = Seen(1, number)
    passport = Passport("BENCH", 1, PERIOD.key, "", 0, "vi", "2026-10-20T03:00:00+00:00", seen)
    out.technical(list(rows(passport)))
    out.close()
    return target.getvalue()


@programme("workbook")
def workbook_programme() -> Iterator[Figure]:
    cells, units = slots(), [f"{20000 + number}" for number in range(UNITS)]
    start = time.perf_counter()
    data = workbook(cells, units)
    yield Figure("workbook of 100,000 cells written", time.perf_counter() - start, "s")
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        book = checking.opened(data, "bench.xlsx")
        passport = passport_of(book)
        assert passport is not None
        found = matrix.read(book, data, passport, cells, units)
        taken.append(time.perf_counter() - start)
        assert found.read == UNITS * CELLS
        assert len(found.answers) == UNITS * CELLS // 2
    note = "opened apart, judged, every cell compared with what was sent out"
    yield Figure("workbook of 100,000 cells read", min(taken), "s", goal=3.0, note=note)
