"""Sources of dossiers: founded, and how their files are read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from haicap.accounts.scopes import Scope, scope_in
from haicap.core.errors import Refusal
from haicap.tables import sheets as files
from haicap.ui import wording
from haicap.units import queries as units

from .. import actions, forms, permissions
from ..policies.questions import Questions
from ..presenters import imports as shown
from ..queries import origins
from .imports import looked_at


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest) -> HttpResponseBase:
    """The list, and a form for a new one."""
    scope = scope_in(request)
    known = looked_at(scope)
    if not known:
        permissions.home(scope)
    listed = [(one, units.by_id(one.owner_id)) for one in known]
    if file := files.asked(request, nguon=lambda: shown.sources_sheet(listed)):
        return file
    problem = ""
    if request.method == "POST":
        code = request.POST.get("ma", "").strip().lower()[:40]
        try:
            actions.found_source(by=scope.ref, scope=scope, code=code, name=request.POST.get("ten", ""))
        except Refusal as refused:
            problem = wording.refusal(refused)
        else:
            return HttpResponseRedirect(reverse("dossiers:source", args=[code]))
    context = {
        "problem": problem,
        "sources": listed,
        "here": request.path,
        "may_found": any(grant.role in permissions.BRINGS_IN for grant in scope.grants),
        "typed": request.POST,
    }
    return render(request, "dossiers/imports/sources.html", context, status=400 if problem else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, code: str) -> HttpResponseBase:
    """How files of this source are read; changed here, or by answering for a file."""
    scope = scope_in(request)
    origin = origins.by_code(code)
    if origin is None:
        raise permissions.unknown()
    owner = units.by_id(origin.owner_id)
    permissions.check_look(scope, owner)
    plan, problem = origin.plan, ""
    fields = shown.fields((), plan, Questions())
    if file := files.asked(request, cach_doc=lambda: shown.plan_sheet(origin, fields)):
        return file
    if request.POST.get("do") == "reach":
        return _said_reach(request, scope, code)
    if request.method == "POST":
        try:
            plan = forms.plan(request.POST, plan)
            days = request.POST.get("stale", "")
            actions.change_source(
                by=scope.ref, scope=scope, code=code, name=request.POST.get("ten", ""), plan=plan,
                stale_after_days=int(days) if days.isdecimal() else 0,
            )  # fmt: skip
        except Refusal as refused:
            problem = wording.refusal(refused)
        else:
            messages.success(request, _("Đã lưu cách đọc tệp."))
            return HttpResponseRedirect(reverse("dossiers:source", args=[code]))
    context = {
        "here": request.path,
        "origin": origin,
        "owner": owner,
        "plan": plan,
        "problem": problem,
        "may": permissions.can_bring(scope, owner),
        "may_say_reach": permissions.can_say_reach(scope, owner),
        "fields": shown.fields((), plan, Questions()),
        "units": shown.lines(plan.table("unit")),
        "procedures": shown.lines(plan.table("procedure")),
        "steps": shown.step_lines(plan),
        "tables": [(field, plan.table(field)) for field in shown.CHOICES if plan.table(field)],
    }
    return render(request, "dossiers/imports/source.html", context, status=400 if problem else 200)


def _said_reach(request: HttpRequest, scope: Scope, code: str) -> HttpResponseBase:
    """All dossiers or a part; an answer that is neither changes nothing."""
    said = {"all": False, "part": True}.get(request.POST.get("reach", ""))
    if said is not None and actions.say_reach(by=scope.ref, scope=scope, code=code, partial=said):
        messages.success(
            request, _("Đã ghi. Số hệ thống đếm được tính lại trong ít phút; báo cáo đã gửi giữ nguyên.")
        )
    return HttpResponseRedirect(reverse("dossiers:source", args=[code]))
