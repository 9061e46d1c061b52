"""A form as a workbook: taken home, filled in, brought back, looked at, written; for one unit or many."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from haicap.accounts.scopes import Scope, scope_in
from haicap.catalogue.queries import spoken
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.tables import annotating
from haicap.tables import sheets as files
from haicap.tables.excel import XLSX
from haicap.tables.responses import csv_response
from haicap.ui import wording
from haicap.units.queries import Place

from .. import actions, forms, permissions, queries
from ..actions.intakerows import IntakeResult
from ..actions.uploads import Kept, drop_upload, keep_upload, kept_upload, mark_applied
from ..policies import workflow
from ..presenters import words
from ..presenters.filesheets import previewed
from ..presenters.sheets import period_words
from ..presenters.workbooks import checking, matrix, texts, writing
from ..presenters.workbooks.preview import preview as preview_of
from ..presenters.workbooks.preview import remarks
from ..presenters.workbooks.work import Target, Work, data_of, understood
from ..presenters.workbooks.writing import Copy, copies_of
from ..queries.expected import expected
from ..queries.sheets import UnitSheet, unit_sheets
from ..states import Act, State
from .lists import seen_by
from .sheets import sheet_of

FORMATS = ("xlsx", "csv")
MARKED = "can-xem-lai_"


@dataclass(frozen=True)
class Desk:
    """One request: who, about which reports, at which addresses. `place` None: many units."""

    scope: Scope
    place: Place | None
    target: Target
    left_out: tuple[UnitSheet, ...] = ()

    def url(self, name: str = "", *more: str) -> str:
        form, period = self.target.form.code, self.target.period.key
        if self.place is None:
            return reverse(f"reporting:workbooks{name}", args=[form, period, *more])
        return reverse(f"reporting:workbook{name}", args=[form, period, self.place.code, *more])

    @property
    def home(self) -> str:
        form, period = self.target.form.code, self.target.period.key
        if self.place is None:
            return f"{reverse('reporting:board')}?mau={form}&ky={period}"
        return reverse("reporting:report", args=[form, period, self.place.code])

    def may(self, sheet: UnitSheet) -> bool:
        """May this person write into this report now?"""
        state, form = sheet.state, sheet.form
        again = not form.approval and state in (State.SUBMITTED, State.ACCEPTED)
        try:
            permissions.check_intake(self.scope, sheet.place)
        except Refusal:
            return False
        return again or workflow.can_step(state, Act.FILL)

    @property
    def open_(self) -> bool:
        return any(self.may(sheet) for sheet in self.target.sheets)

    def copies(self, lang: str) -> list[Copy]:
        return copies_of(self.target.sheets, self.target.period, lang, self.may)


def one_unit(request: HttpRequest, form: str, period: str, code: str) -> Desk:
    sheet = sheet_of(request, form, period, code)
    (own,) = unit_sheets(sheet.form, sheet.period, [sheet.place])
    return Desk(sheet.scope, sheet.place, Target(own.form, sheet.period, sheet.place.code, [own]))


def many_units(request: HttpRequest, form: str, period: str) -> Desk:
    """Every unit in reach that owes the form; those whose report has an older version are left out."""
    scope = scope_in(request)
    sheet, window = queries.form_and_period(form, period)
    workflow.check_open(sheet, window, clock.now())
    seen = seen_by(scope, window.start)
    places = [place for place in expected(sheet, window) if place.id in seen]
    if not places:
        raise Http404
    found = unit_sheets(sheet, window, places)
    same = [one for one in found if one.form.number == sheet.number]
    other = tuple(one for one in found if one.form.number != sheet.number)
    return Desk(scope, None, Target(sheet, window, "", same), other)


def _page(request: HttpRequest, desk: Desk, problem: str = "", status: int = 200) -> HttpResponse:
    target = desk.target
    context = {
        "desk": desk,
        "title": spoken(target.form.labels, words.lang()),
        "period": target.period,
        "files": [(ext, desk.url("_file", ext)) for ext in FORMATS],
        "problem": problem,
        "left_out": [sheet.place.full_name for sheet in desk.left_out],
        "most": checking.MOST_BYTES // 1024 // 1024,
        "home_unit": desk.place.full_name if desk.place else "",
    }
    return render(request, "reporting/workbook.html", context, status=status)


def _received(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The file is read before it is kept: what cannot be read is told at once, and nothing stays of it."""
    target, given = desk.target, request.FILES.get("file")
    try:
        if given is None:
            raise Refusal("upload.missing", gettext_lazy("Chưa chọn tệp nào."), place="file")
        if not desk.open_:
            raise Refusal(
                "upload.closed",
                gettext_lazy("Báo cáo không ở bước nhập, hoặc bạn không nhập số cho đơn vị này."),
            )
        if (given.size or 0) > checking.MOST_BYTES:
            raise checking.too_big()
        content, name = given.read(), given.name or ""
        understood(target, content, name, words.lang())
        token = keep_upload(
            by=desk.scope.ref, form=target.form.code, period=target.period.key, unit=target.unit,
            name=name, lang=words.lang(), content=content,
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, desk, wording.refusal(refusal), 400)
    return HttpResponseRedirect(desk.url("_preview", token))


def _file(desk: Desk, ext: str) -> HttpResponseBase:
    if ext not in FORMATS or not desk.target.sheets:
        raise Http404
    lang, target = words.lang(), desk.target
    copies = desk.copies(lang)
    name = "_".join(filter(None, (target.form.code, target.period.key, target.unit)))
    if ext == "csv":
        return csv_response(texts.rows(copies), texts.header(), f"{name}.csv", lang=lang)
    file = BytesIO()
    if desk.place is None:
        matrix.write(file, copies, [sheet.place.full_name for sheet in desk.left_out])
    else:
        writing.write(file, copies[0])
    return _workbook(file.getvalue(), f"{name}.xlsx")


def _workbook(content: bytes, name: str) -> FileResponse:
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)


@dataclass(frozen=True)
class _Judged:
    kept: Kept
    work: Work
    result: IntakeResult


def _judged(desk: Desk, token: str, mine: dict[int, int] | None = None, *, dry_run: bool = True) -> _Judged:
    """The kept file, read again, and what the import path says of it. Refusal upload.expired."""
    kept = kept_upload(by=desk.scope.ref, token=token)
    target = desk.target
    if (kept.form, kept.period, kept.unit) != (target.form.code, target.period.key, target.unit):
        raise Http404
    work = understood(target, kept.content, kept.name, kept.lang)
    result = actions.take_in(
        by=desk.scope.ref,
        scope=desk.scope,
        data=data_of(work, mine or {}),
        door="csv" if work.kind == "csv" else "excel",
        source=kept.name,
        file=kept.sha256,
        file_name=kept.name,
        dry_run=dry_run,
        preview=dry_run,
        lang=kept.lang,
        key=kept.token,
    )
    return _Judged(kept, work, result)


def _preview(request: HttpRequest, desk: Desk, token: str) -> HttpResponseBase:
    try:
        if request.method == "POST":
            return _decided(request, desk, token)
        found = _judged(desk, token)
    except Refusal as refusal:
        status = 410 if refusal.code == "upload.expired" else 400
        return _page(request, desk, wording.refusal(refusal), status)
    if file := files.asked(request, o=lambda: _previewed(desk, found)):
        return file
    context = {
        "desk": desk,
        "title": spoken(desk.target.form.labels, words.lang()),
        "period": desk.target.period,
        "kept": found.kept,
        "found": preview_of(found.work, found.result, words.lang()),
        "until": words.moment(found.kept.until),
        "applied": words.moment(found.kept.applied_at),
        "here": desk.url("_preview", token),
        "marked_url": desk.url("_marked", token),
        "home_unit": desk.place.full_name if desk.place else "",
    }
    return render(request, "reporting/workbook_preview.html", context)


def _previewed(desk: Desk, found: _Judged) -> files.Sheet:
    every = preview_of(found.work, found.result, words.lang(), None)
    return previewed(found.kept.name, period_words(desk.target.period), every.lines)


def _decided(request: HttpRequest, desk: Desk, token: str) -> HttpResponse:
    """Write it, or throw it away. The same content goes the same way as the preview did."""
    if request.POST.get("do") == "drop":
        drop_upload(by=desk.scope.ref, token=token)
        messages.info(request, _("Đã bỏ tệp. Không có số nào được ghi."))
        return HttpResponseRedirect(desk.url())
    mine = {
        index: version
        for name in request.POST.getlist("mine")
        for index, version in [[forms.version_of(part) for part in name.partition(":")[::2]]]
        if index is not None and version is not None
    }
    found = _judged(desk, token, mine, dry_run=False)
    mark_applied(by=desk.scope.ref, token=token)
    result = found.result
    errors = result.rejected + len(found.work.findings.faults)
    said = {"n": result.imported + result.updated + result.removed, "name": found.kept.name}
    messages.success(request, _("Đã ghi %(n)s ô từ tệp %(name)s.") % said)
    if errors:
        messages.warning(request, _("Còn %(n)s ô chưa ghi được; lý do ở dưới.") % {"n": errors})
        return HttpResponseRedirect(desk.url("_preview", token))
    return HttpResponseRedirect(desk.home)


def _marked(request: HttpRequest, desk: Desk, token: str) -> HttpResponseBase:
    """The copy with the errors at their cells; for a CSV, whose cells hold no comments, the lines with a
    column of errors. The errors alone where no copy can be made; the next page says why."""
    found = _judged(desk, token)
    name, told = f"{MARKED}{found.kept.name}", remarks(found.work, found.result)
    if found.work.kind == "csv":
        header, rows = texts.marked(found.kept.content, told)
        return csv_response(rows, header, name, lang=words.lang())
    try:
        return _workbook(annotating.annotate(found.kept.content, told), name)
    except Refusal as refusal:
        messages.warning(request, wording.refusal(refusal))
        return csv_response(annotating.lines(told), annotating.heads(), f"{name}.csv", lang=words.lang())


Maker = Callable[..., Desk]


def _pages(make: Maker) -> tuple[Callable[..., HttpResponseBase], ...]:
    """The four addresses over one kind of desk."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, **where: str) -> HttpResponseBase:
        desk = make(request, **where)
        return _received(request, desk) if request.method == "POST" else _page(request, desk)

    @login_required
    @never_cache
    @require_safe
    def file(request: HttpRequest, ext: str, **where: str) -> HttpResponseBase:
        return _file(make(request, **where), ext)

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def preview(request: HttpRequest, token: str, **where: str) -> HttpResponseBase:
        return _preview(request, make(request, **where), token)

    @login_required
    @never_cache
    @require_safe
    def marked(request: HttpRequest, token: str, **where: str) -> HttpResponseBase:
        return _marked(request, make(request, **where), token)

    return page, file, preview, marked


workbook, workbook_file, workbook_preview, workbook_marked = _pages(one_unit)
workbooks, workbooks_file, workbooks_preview, workbooks_marked = _pages(many_units)
