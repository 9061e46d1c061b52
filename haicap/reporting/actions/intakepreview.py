"""What the checks would say of the cells of a batch, for its preview."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from haicap.catalogue import queries as catalogue
from haicap.core import periods
from haicap.units import queries as units

from ..models import Report
from ..policies.checks import EMPTY, Issue, issues
from ..queries.casefile import Asked, case_files, form_of
from .intakerows import CellPreview
from .intakerules import ReportKey

# Each is read with its years of history; a larger batch is checked when its reports are handed on.
MOST_REPORTS = 200


def with_issues(cells: Sequence[CellPreview], lang: str) -> Iterator[CellPreview]:
    keys = {(cell.unit_id, cell.form, cell.period) for cell in cells}
    found = _issues(keys, lang) if len(keys) <= MOST_REPORTS else {}
    for cell in cells:
        said = found.get((cell.unit_id, cell.form, cell.period), ())
        words = tuple(one.message for one in said if one.element == cell.element and one.check != EMPTY)
        yield replace(cell, issues=words if cell.what != "rejected" else ())


def _issues(keys: Collection[ReportKey], lang: str) -> dict[ReportKey, list[Issue]]:
    """The reports as they stand inside the transaction of the batch; those it could not make have none."""
    by_window: dict[tuple[str, str], list[int]] = {}
    for unit_id, form, period in keys:
        by_window.setdefault((form, period), []).append(unit_id)
    book = catalogue.current()
    known = units.by_ids({unit_id for unit_id, _form, _period in keys})
    asked = [
        Asked(row, row.unit_id, form_of(row, book), periods.parse(row.period, periods.Rule(row.rule)))
        for (form, period), unit_ids in by_window.items()
        for row in Report.objects.filter(form=form, period=period, unit_id__in=unit_ids)
        if row.unit_id in known
    ]
    return {
        (one.unit_id, one.form.code, one.period.key): issues(file.case)
        for one, file in zip(asked, case_files(asked, lang), strict=True)
    }
