"""A file of another system: uploaded, read, joined to a form and its units, previewed, written."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.accounts.scopes import scope_in
from haicap.core.errors import Refusal
from haicap.tables import sheets as files
from haicap.tables.refusing import too_big
from haicap.ui import wording

from .. import permissions
from ..actions import mapping as actions
from ..presenters import filesheets as sheets
from ..presenters import mapping as shown
from ..presenters import mappingjoin as joined
from ..queries import foreign
from ..queries.foreign import Opened
from . import mappingposts
from .mappingdesk import Desk, desk_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponseBase:
    """The door: one file, and the sources that are known already."""
    scope = scope_in(request)
    home = permissions.foreign_home(scope)
    file = files.asked(
        request,
        tep=lambda: sheets.waiting(foreign.recent_files(scope.ref, None)),
        nguon=lambda: sheets.kept(foreign.kept_for(home.id)),
    )
    if file:
        return file
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("tep")
        try:
            if upload is None:
                raise Refusal("mapping.no_file", _("Hãy chọn một tệp."))
            if (upload.size or 0) > actions.MAX_BYTES:
                raise too_big(actions.MAX_BYTES)
            name = upload.name or "tep"
            token = actions.receive(by=scope.ref, scope=scope, data=upload.read(), name=name)
        except Refusal as refused:
            problem = wording.refusal(refused)
        else:
            return HttpResponseRedirect(reverse("reporting:foreign", args=[token]))
    context = {
        "problem": problem,
        "here": request.path,
        "kept": foreign.kept_for(home.id),
        "files": foreign.recent_files(scope.ref),
        "home": home,
        "most": actions.MAX_BYTES // 1024 // 1024,
    }
    return render(request, "reporting/foreign/start.html", context, status=400 if problem else 200)


@login_required
@require_POST
def forget(request: HttpRequest, mapping_id: int) -> HttpResponse:
    scope = scope_in(request)
    actions.forget(by=scope.ref, scope=scope, mapping_id=mapping_id)
    messages.success(request, _("Đã bỏ cách đọc của nguồn này. Tệp sau sẽ được hỏi lại."))
    return HttpResponseRedirect(reverse("reporting:foreign_start"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, token: str) -> HttpResponseBase:
    """Which sheet, where its table lies, what it is about; with the reasons."""
    desk = desk_of(request, token)
    layout = desk.file.layout
    if layout and (
        file := files.asked(request, tong=lambda: sheets.doubts(desk.file.name, shown.doubts(layout, None)))
    ):
        return file
    problem = ""
    if request.method == "POST":
        plan = mappingposts.reading(request.POST, desk.file.plan, desk.file.sheet.name)
        other = plan.sheet != desk.file.sheet.name
        actions.decide(by=desk.scope.ref, scope=desk.scope, token=token, plan=desk.begun(plan))
        if other or request.POST.get("do") == "look":
            return HttpResponseRedirect(reverse("reporting:foreign", args=[token]))
        desk = desk_of(request, token)
        try:
            desk.check_reading()
        except Refusal as refused:
            problem = wording.refusal(refused)
        else:
            return HttpResponseRedirect(reverse("reporting:foreign_join", args=[token]))
    return render(
        request, "reporting/foreign/reading.html", _reading(desk, problem), status=400 if problem else 200
    )


def _reading(desk: Desk, problem: str) -> dict[str, object]:
    file, layout = desk.file, desk.file.layout
    context: dict[str, object] = {
        "file": file,
        "here": reverse("reporting:foreign", args=[file.token]),
        "problem": problem,
        "sheets": shown.sheets(file),
        "plan": file.plan,
    }
    if layout is None:
        return context
    known = desk.recognised(layout)
    plan = file.plan if file.decided else desk.proposed(layout, known)
    hint = layout.hint
    return context | {
        "layout": layout,
        "plan": plan,
        "columns": shown.columns(layout),
        "sample": shown.sample(layout),
        "data_count": len(layout.data),
        "first_row": layout.area.header[0] + 1 if layout.area.header else "",
        "second_row": layout.area.header[-1] + 1 if layout.area.header else "",
        "last_row": layout.area.last + 1,
        "left_out": shown.left_out(layout, plan.keep),
        "doubts": shown.doubts(layout),
        "doubts_more": max(0, len(layout.disagreements) - shown.SHOWN),
        "sections": shown.sections(layout),
        "twins": shown.twins(layout),
        "parameters": shown.parameters(layout),
        "told": shown.time_told(hint),
        "told_by": hint,
        "told_else": shown.other_times(layout),
        "forms": shown.forms(desk.choices(), hint, plan.form, plan.period),
        "known": known,
        "places": desk.places,
        "needs_period": plan.form and plan.period,
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Columns to cells, rows to units: by code at once, by name when a person says so."""
    desk = desk_of(request, token)
    try:
        layout = desk.check_reading()
    except Refusal:
        return HttpResponseRedirect(reverse("reporting:foreign", args=[token]))
    matches, choices = desk.row_matches(layout)
    wrong: list[tuple[int, str]] = []
    problem = ""
    plan = desk.file.plan
    if request.method == "POST":
        lines, wrong = mappingposts.lines(request.POST, layout, plan, matches, choices)
        plan = replace(plan, columns=mappingposts.columns(request.POST, layout), lines=lines)
        actions.decide(by=desk.scope.ref, scope=desk.scope, token=token, plan=plan)
        problem = desk.join_problem(layout, plan, wrong)
        if not problem and request.POST.get("do") == "next":
            return HttpResponseRedirect(reverse("reporting:foreign_preview", args=[token]))
    labels = desk.labels()
    context = {
        "file": desk.file,
        "plan": plan,
        "problem": problem,
        "form_title": desk.form_title,
        "period": desk.period,
        "columns": desk.columns(layout, plan),
        "options": desk.column_options(),
        "splits": desk.split_options(),
        "rows": joined.rows(layout, plan, choices, matches, labels, dict(wrong)),
        "choices": [(choice.code, labels.get(choice.code, choice.code)) for choice in choices],
        "foreign_province": desk.foreign_province(layout),
    }
    return render(request, "reporting/foreign/join.html", context, status=400 if problem else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """What would change, cell by cell, and what stays out; then the writing of it."""
    desk = desk_of(request, token)
    problem = ""
    if request.method == "POST":
        try:
            actions.apply(
                by=desk.scope.ref, scope=desk.scope, token=token,
                all_or_nothing=request.POST.get("cach") == "all", source=request.POST.get("nguon", ""),
            )  # fmt: skip
        except Refusal as refused:
            problem = wording.refusal(refused)
        else:
            return HttpResponseRedirect(reverse("reporting:foreign_done", args=[token]))
    context: dict[str, object] = {"file": desk.file, "plan": desk.file.plan, "problem": problem}
    try:
        desk.check_reading()
        passage = actions.preview(by=desk.scope.ref, scope=desk.scope, token=token)
    except Refusal as refused:
        context["stopped"] = wording.refusal(refused)
        return render(request, "reporting/foreign/preview.html", context, status=400)
    labels, units = desk.labels(), desk.units_by_id()
    name, covered = desk.file.name, desk.period.key if desk.period else ""
    file = files.asked(
        request,
        ghi=lambda: sheets.changed(name, covered, joined.changed(passage, labels, units, None)),
        loai=lambda: sheets.bad(name, covered, joined.bad(passage, labels, units, None)),
    )
    if file:
        return file
    lines = joined.changed(passage, labels, units)
    bad = joined.bad(passage, labels, units)
    context |= {
        "here": request.path,
        "form_title": desk.form_title,
        "period": desk.period,
        "passage": passage,
        "lines": lines,
        "lines_more": max(0, _changing(passage) - len(lines)),
        "bad": bad,
        "bad_more": max(0, passage.rejected - len(bad)),
        "source": desk.file.source or desk.known_source(),
    }
    return render(request, "reporting/foreign/preview.html", context, status=400 if problem else 200)


def _changing(passage: actions.Passage) -> int:
    return sum(1 for one in passage.result.cells if one.what in ("new", "changed", "removed"))


@login_required
@never_cache
@require_safe
def done(request: HttpRequest, token: str) -> HttpResponse:
    """The counts of what was written, and where it can be seen."""
    desk = desk_of(request, token)
    file: Opened = desk.file
    if file.applied_at is None:
        return HttpResponseRedirect(reverse("reporting:foreign", args=[token]))
    context = {"file": file, "outcome": file.outcome, "form_title": desk.form_title, "period": desk.period}
    return render(request, "reporting/foreign/done.html", context)
