"""Reports that a unit still owes for the period shown: why there is no figure, and where to go."""

from dataclasses import dataclass
from datetime import datetime

from haicap.catalogue.queries import spoken
from haicap.core import clock
from haicap.desk.presenters import words
from haicap.insight.boards import Board
from haicap.reporting.queries import State
from haicap.units.places import Place
from haicap.units.states import Level


@dataclass(frozen=True)
class Outstanding:
    """`overdue` is computed with the clock when the page is made."""

    form: str
    period: str
    title: str
    deadline: datetime
    overdue: bool
    returned: bool


def outstanding(of: Board, place: Place) -> tuple[Outstanding, ...]:
    """Unsent or returned reports of a commune, in the order of their forms."""
    if place.level != Level.COMMUNE:
        return ()
    forms = of.catalogue.forms
    now = clock.now()
    return tuple(
        Outstanding(
            form=report.form,
            period=report.period,
            title=spoken(forms[report.form].labels, words.lang()) if report.form in forms else report.form,
            deadline=report.deadline,
            overdue=report.submitted is None and report.deadline < now,
            returned=report.state == State.RETURNED,
        )
        for report in of.reports.get(place.id, ())
        if report.submitted is None or report.state == State.RETURNED
    )
