"""A file of dossiers on its way in: uploaded, asked about, watched, judged."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.accounts.scopes import Scope, scope_in
from haicap.core.errors import Refusal
from haicap.tables import sheets as files
from haicap.tables.responses import csv_response
from haicap.ui import wording
from haicap.units import queries as units

from .. import actions, forms, permissions
from ..policies import questions
from ..presenters import imports as shown
from ..queries import imports, origins
from ..queries.imports import Batch
from ..queries.origins import Origin
from ..states import STOPPABLE, ImportState


def looked_at(scope: Scope) -> list[Origin]:
    """The sources whose imports this person may see."""
    return [one for one in origins.every() if permissions.can_look(scope, units.by_id(one.owner_id))]


def _opened(request: HttpRequest, token: str) -> tuple[Scope, Batch]:
    scope = scope_in(request)
    batch = imports.by_token(token)
    if batch is None:
        raise permissions.unknown()
    permissions.check_look(scope, units.by_id(batch.owner_id))
    return scope, batch


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponseBase:
    """The imports so far, and the door for the next file."""
    scope = scope_in(request)
    sources = looked_at(scope)
    if not sources:
        permissions.home(scope)
    codes = [one.code for one in sources]
    if file := files.asked(request, nhap=lambda: shown.batches_sheet(imports.recent(codes, None))):
        return file
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("tep")
        try:
            if upload is None:
                raise Refusal("import.no_file", _("Hãy chọn một tệp."))
            token = actions.receive(
                by=scope.ref, scope=scope, source=request.POST.get("nguon", ""), pieces=upload.chunks(),
                name=upload.name or "tep", dry_run=request.POST.get("thu") == "1",
            )  # fmt: skip
        except Refusal as refused:
            problem = wording.refusal(refused)
        else:
            return HttpResponseRedirect(reverse("dossiers:import", args=[token]))
    batches = imports.recent(codes)
    context = {
        "problem": problem,
        "most": imports.MOST,
        "here": request.path,
        "sources": [one for one in sources if permissions.can_bring(scope, units.by_id(one.owner_id))],
        "rows": [(one, shown.state_words(one)) for one in batches],
        "may_found": any(grant.role in permissions.BRINGS_IN for grant in scope.grants),
        "chosen": request.POST.get("nguon", request.GET.get("nguon", "")),
    }
    return render(request, "dossiers/imports/start.html", context, status=400 if problem else 200)


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, token: str) -> HttpResponseBase:
    """What an import is doing or has done."""
    scope, batch = _opened(request, token)
    may = permissions.can_bring(scope, units.by_id(batch.owner_id))
    if batch.state is ImportState.ASKING and may:
        return HttpResponseRedirect(reverse("dossiers:import_ask", args=[token]))
    if file := files.asked(request, ly_do=lambda: shown.reasons_sheet(batch)):
        return file
    personal, unused = shown.dropped(batch)
    context = {
        "batch": batch,
        "state": shown.state_words(batch),
        "percent": shown.percent(batch),
        "under_way": shown.is_under_way(batch),
        "reasons": shown.reasons(batch),
        "personal": personal,
        "unused": unused,
        "same": imports.by_token(batch.same_as) if batch.same_as else None,
        "may_stop": may and batch.state in STOPPABLE,
    }
    return render(request, "dossiers/imports/one.html", context)


@login_required
@never_cache
@require_safe
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """The bar alone; tells the page to load itself anew when there is something else to see."""
    _scope, batch = _opened(request, token)
    context = {"batch": batch, "state": shown.state_words(batch), "percent": shown.percent(batch)}
    answer = render(request, "dossiers/imports/bar.html", context)
    if not shown.is_under_way(batch):
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """What cannot be known from the file: asked once, kept for the source."""
    scope, batch = _opened(request, token)
    permissions.check_bring(scope, units.by_id(batch.owner_id))
    if batch.state is not ImportState.ASKING:
        return HttpResponseRedirect(reverse("dossiers:import", args=[token]))
    origin = origins.by_code(batch.source)
    if origin is None:
        raise permissions.unknown()
    plan, problem = origin.plan, ""
    if request.method == "POST":
        try:
            plan = forms.plan(request.POST, plan)
            style = request.POST.get("style", "")
            actions.answer(by=scope.ref, scope=scope, token=token, plan=plan, style=style)
        except Refusal as refused:
            problem = wording.refusal(refused)
        else:
            return HttpResponseRedirect(reverse("dossiers:import", args=[token]))
    asks = questions.ask(batch.columns, plan, batch.answers)
    personal, unused = shown.dropped(batch)
    context = {
        "batch": batch,
        "problem": problem,
        "asks": asks,
        "fields": shown.fields(batch.columns, plan, asks),
        "headings": shown.headings(batch.columns),
        "words": shown.unknown_words(asks),
        "dates": shown.date_question(batch.columns, plan),
        "style": request.POST.get("style", batch.answers.get("style", "")),
        "personal": personal,
        "unused": unused,
        "plan": plan,
        "units": shown.lines(plan.table("unit")),
        "procedures": shown.lines(plan.table("procedure")),
        "steps": shown.step_lines(plan),
    }
    return render(request, "dossiers/imports/ask.html", context, status=400 if problem else 200)


@login_required
@require_POST
def stop(request: HttpRequest, token: str) -> HttpResponse:
    scope = scope_in(request)
    actions.stop(by=scope.ref, scope=scope, token=token)
    messages.success(request, _("Đã dừng. Những hồ sơ đã ghi vẫn giữ nguyên."))
    return HttpResponseRedirect(reverse("dossiers:import", args=[token]))


@login_required
@require_POST
def carry_on(request: HttpRequest, token: str) -> HttpResponse:
    scope = scope_in(request)
    actions.carry_on(by=scope.ref, scope=scope, token=token)
    return HttpResponseRedirect(reverse("dossiers:import", args=[token]))


@login_required
@require_safe
def rejected(request: HttpRequest, token: str) -> HttpResponseBase:
    """Every row that was left out, with its number and the reason."""
    _scope, batch = _opened(request, token)
    rows = shown.rejected_rows(imports.rejected(batch.token))
    return csv_response(rows, shown.rejected_header(), f"bi-loai-{batch.token[:8]}.csv")
