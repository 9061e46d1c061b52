"""Every report of one unit, also of one that no longer exists."""

from dataclasses import dataclass
from datetime import datetime

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import spoken
from haicap.core import periods
from haicap.core.periods import Period

from ..models import Report
from ..states import State

MOST = 500


@dataclass(frozen=True, slots=True)
class UnitReport:
    """`submitted` is the first submission of the version that counts."""

    form: str
    title: str
    period: Period
    state: State
    submitted: datetime | None


def reports_of(unit_id: int, lang: str) -> list[UnitReport]:
    """Those that hold something, the newest period first, at most 500. One query."""
    rows = Report.objects.filter(unit_id=unit_id).exclude(state=State.OPEN)
    forms = catalogue.current().forms
    return [
        UnitReport(
            form=row.form,
            title=spoken(forms[row.form].labels, lang) if row.form in forms else row.form,
            period=periods.parse(row.period, periods.Rule(row.rule)),
            state=State(row.state),
            submitted=row.first_submitted_at,
        )
        for row in rows.order_by("-end", "form")[:MOST]
    ]
