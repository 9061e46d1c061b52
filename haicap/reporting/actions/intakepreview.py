"""What the checks would say of the cells of a batch, for its preview."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from haicap.core import periods
from haicap.units import queries as units

from ..models import Report
from ..policies.checks import EMPTY, Issue, issues
from ..queries.casefile import case_file, form_of
from .intakerows import CellPreview

# Each costs three queries; a larger batch is checked when its reports are handed on.
MOST_REPORTS = 200


def with_issues(cells: Sequence[CellPreview], lang: str) -> Iterator[CellPreview]:
    keys = {(cell.form, cell.period, cell.unit_id) for cell in cells}
    found = {key: _issues(*key, lang) for key in keys} if len(keys) <= MOST_REPORTS else {}
    for cell in cells:
        said = found.get((cell.form, cell.period, cell.unit_id), ())
        words = tuple(one.message for one in said if one.element == cell.element and one.check != EMPTY)
        yield replace(cell, issues=words if cell.what != "rejected" else ())


def _issues(form: str, period: str, unit_id: int, lang: str) -> list[Issue]:
    """The report as it stands inside the transaction of the batch."""
    report = Report.objects.filter(form=form, period=period, unit_id=unit_id).first()
    if report is None or not units.by_ids([unit_id]):
        return []
    window = periods.parse(report.period, periods.Rule(report.rule))
    return issues(case_file(report, unit_id, form_of(report), window, lang).case)
