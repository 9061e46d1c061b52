"""The address of a report, /bao-cao/<form>/<period>/<unit code>/, turned into what the pages work with."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from haicap.accounts.scopes import Scope, scope_in
from haicap.accounts.strangers import stranger_404
from haicap.catalogue.queries import Form
from haicap.core import clock
from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.queries import Place
from haicap.units.states import Level

from .. import queries
from ..policies import workflow


@dataclass(frozen=True, slots=True)
class Sheet:
    scope: Scope
    place: Place
    form: Form
    period: Period

    def url(self, name: str = "report") -> str:
        return reverse(f"reporting:{name}", args=[self.form.code, self.period.key, self.place.code])


def sheet_of(request: HttpRequest, form: str, period: str, code: str) -> Sheet:
    """Http404 for a stranger. Refusals form.unknown, period.*, unit.unknown, unit.closed, unit.not_obliged
    become pages with their sentence (config.refusals)."""
    scope = scope_in(request)
    sheet, window = queries.form_and_period(form, period)
    place = stranger_404(scope, units.by_code(code, on=window.last_day, level=Level.COMMUNE))
    workflow.check_obliged(sheet, place, window)
    workflow.check_open(sheet, window, clock.now())
    return Sheet(scope, place, sheet, window)
