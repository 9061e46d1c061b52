"""The rows that every action of this room starts from."""

from haicap.accounts.scopes import Scope
from haicap.audit.slices import Slice
from haicap.core import periods
from haicap.core.periods import Period
from haicap.units import queries as units

from .. import permissions
from ..models import Report
from ..states import ROOM, Act


def held(report_id: int) -> Report:
    """The report, locked until the end of the transaction; Refusal report.unknown.

    SQLite has no row locks: there the transaction itself is begun as a writer (settings, IMMEDIATE).
    """
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise permissions.unknown()
    return report


def permitted(report_id: int, scope: Scope, act: Act) -> Report:
    """`held`, for somebody who may do `act` in its unit; Refusal report.unknown or report.not_yours."""
    report = held(report_id)
    permissions.check(scope, act, units.by_id(report.unit_id))
    return report


def signature(report: Report, scope: Scope, act: Act) -> dict[str, object]:
    """In which position it is done, for the log: {"role", "position", "delegated"}."""
    grant = permissions.acting(scope, act, units.by_id(report.unit_id))
    if grant is None:
        return {}
    return {"role": grant.role.value, "position": grant.position_id, "delegated": grant.delegated}


def slice_of(report: Report) -> Slice:
    return Slice(ROOM, report.form, report.period, report.unit_id)


def period_of(report: Report) -> Period:
    return periods.parse(report.period, periods.Rule(report.rule))


def name_of(report: Report) -> str:
    return f"report:{report.pk}"
