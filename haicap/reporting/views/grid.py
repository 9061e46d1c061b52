"""The grid page: a real form that works without JavaScript. GET writes nothing."""

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.core.languages import known
from haicap.ui import wording

from .. import actions, forms, queries
from ..actions import CellResult, CellStatus, SaveResult
from ..presenters import words
from ..presenters.grid import grid
from .sheets import Sheet, sheet_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, form: str, period: str, code: str) -> HttpResponse:
    sheet = sheet_of(request, form, period, code)
    return _posted(request, sheet) if request.method == "POST" else page(request, sheet)


def page(
    request: HttpRequest,
    sheet: Sheet,
    *,
    status: int = 200,
    results: Mapping[str, CellResult] | None = None,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
) -> HttpResponse:
    """The grid; after a failed step with its sentence on top and everything that was typed still in place."""
    detail = queries.detail(sheet.place, sheet.form.code, sheet.period, words.lang())
    reasons = forms.return_reasons(request.POST, sheet.form)
    context = {
        "sheet": sheet,
        "grid": grid(detail, sheet.scope, clock.now(), results, typed, reasons),
        "home_unit": sheet.place.full_name,
        "problem": problem,
        "reason": reasons[""],
    }
    return render(request, "reporting/grid.html", context, status=status)


def _posted(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    what, element, extra = forms.wish(request.POST)
    typed = forms.typed_from_post(request.POST, sheet.form)
    if what == "instead" and element in typed:
        typed[element] = extra
    try:
        saved = save(request, sheet, typed)
        conflicts = {cell.element: cell for cell in saved.cells if cell.status is CellStatus.CONFLICT}
        if conflicts:
            problem = _("Có ô vừa được người khác đổi. Các ô khác đã lưu; hãy chọn số cho những ô này.")
            return page(request, sheet, status=409, results=conflicts, typed=typed, problem=problem)
        done = _then(request, sheet, saved, what, element, extra)
    except Refusal as refusal:
        lost = typed if refusal.code in ("report.step", "report.not_yours") else {}
        status = 409 if refusal.code in ("report.step", "report.stale") else 400
        return page(request, sheet, status=status, typed=lost, problem=wording.refusal(refusal))
    messages.success(request, done)
    anchor = f"#v-{element}" if element else ""
    return HttpResponseRedirect(sheet.url() + anchor)


def save(request: HttpRequest, sheet: Sheet, typed: Mapping[str, str]) -> SaveResult:
    """Everything that the page carried, on the versions that the page was made with."""
    who = sheet.scope
    report_id = actions.open_report(
        by=who.ref, scope=who, form=sheet.form.code, period=sheet.period.key, unit_id=sheet.place.id
    )
    changes = [
        replace(change, text=typed[change.element])
        for change in forms.changes_from_post(request.POST, sheet.form)
    ]
    lang = known(request.POST.get("lang"))
    return actions.save_cells(by=who.ref, scope=who, report=report_id, changes=changes, lang=lang)


def _then(request: HttpRequest, sheet: Sheet, saved: SaveResult, what: str, element: str, check: str) -> str:
    """What the button asked for after the save; the sentence that says that it is done."""
    who, time = sheet.scope, words.clock_time(saved.at)
    if what == "ready":
        actions.say_ready(by=who.ref, scope=who, report=saved.report_id)
        return _("Đã chuyển lãnh đạo xã lúc %(time)s.") % {"time": time}
    if what == "explain":
        text = request.POST.get(f"note-{element}-{check}", "")
        actions.explain(
            by=who.ref, scope=who, report=saved.report_id, element=element, check=check, text=text
        )
        return _("Đã ghi lý do lúc %(time)s.") % {"time": time}
    refused = sum(cell.status is CellStatus.REFUSED for cell in saved.cells)
    if refused:
        return _("Đã lưu lúc %(time)s. Có %(n)s ô cần xem lại.") % {"time": time, "n": refused}
    return _("Đã lưu lúc %(time)s.") % {"time": time}
