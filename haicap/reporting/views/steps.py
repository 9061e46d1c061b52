"""The steps of a report as POST forms; a refused step shows the page again with what was written."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from haicap.accounts.scopes import Scope, scope_in
from haicap.core.errors import Refusal
from haicap.ui import wording

from .. import actions, forms, permissions, queries
from ..actions import Outcome
from ..states import Act
from .grid import page
from .lists import board_page
from .sheets import Sheet, sheet_of

Step = Callable[[Sheet, int, QueryDict], Outcome]


def _hand_back(sheet: Sheet, report: int, data: QueryDict) -> Outcome:
    reason = data.get("reason", "")
    return actions.hand_back(by=sheet.scope.ref, scope=sheet.scope, report=report, reason=reason)


def _submit(sheet: Sheet, report: int, data: QueryDict) -> Outcome:
    return actions.submit(
        by=sheet.scope.ref,
        scope=sheet.scope,
        report=report,
        key=forms.submission_key(data),
        seen_version=forms.version_of(data.get("version")),
    )


def _return(sheet: Sheet, report: int, data: QueryDict) -> Outcome:
    return actions.return_report(
        by=sheet.scope.ref,
        scope=sheet.scope,
        report=report,
        reasons=forms.return_reasons(data, sheet.form),
        seen_version=forms.version_of(data.get("version")),
    )


def _accept(sheet: Sheet, report: int, data: QueryDict) -> Outcome:
    version = forms.version_of(data.get("version"))
    return actions.accept(by=sheet.scope.ref, scope=sheet.scope, report=report, seen_version=version)


def _lock(sheet: Sheet, report: int, data: QueryDict) -> Outcome:
    return actions.lock(by=sheet.scope.ref, scope=sheet.scope, report=report)


def _reopen(sheet: Sheet, report: int, data: QueryDict) -> Outcome:
    reason = data.get("reason", "")
    return actions.reopen(by=sheet.scope.ref, scope=sheet.scope, report=report, reason=reason)


STEPS: dict[str, tuple[Step, object]] = {
    Act.HAND_BACK: (_hand_back, gettext_lazy("Đã đưa báo cáo về bước nhập.")),
    Act.SUBMIT: (_submit, gettext_lazy("Đã gửi báo cáo lên tỉnh.")),
    Act.RETURN: (_return, gettext_lazy("Đã trả lại báo cáo.")),
    Act.ACCEPT: (_accept, gettext_lazy("Đã duyệt báo cáo.")),
    Act.LOCK: (_lock, gettext_lazy("Đã khóa báo cáo.")),
    Act.REOPEN: (_reopen, gettext_lazy("Đã mở lại báo cáo.")),
}


@login_required
@require_POST
def step(request: HttpRequest, form: str, period: str, code: str, act: str) -> HttpResponse:
    if act not in STEPS:
        raise Http404
    sheet = sheet_of(request, form, period, code)
    take, words = STEPS[act]
    try:
        report = queries.report_id(sheet.place.id, sheet.form.code, sheet.period.key)
        if report is None:
            raise permissions.unknown()
        take(sheet, report, request.POST)
    except Refusal as refusal:
        status = 403 if refusal.code == "report.not_yours" else 409
        return page(request, sheet, status=status, problem=wording.refusal(refusal))
    messages.success(request, str(words))
    return HttpResponseRedirect(sheet.url())


@login_required
@require_POST
def accept_many(request: HttpRequest) -> HttpResponseBase:
    """Accept the ticked reports, each on the version that was seen. When some are refused the list comes back
    with each refusal in the row that it is about; those that were accepted stay accepted."""
    scope, accepted = scope_in(request), 0
    refused: dict[int, str] = {}
    ticked = request.POST.getlist("report")
    for one in ticked:
        refusal = _accept_one(scope, one)
        if refusal is None:
            accepted += 1
            continue
        refused[forms.version_of(one.partition(":")[0]) or 0] = wording.refusal(refusal)
    if accepted:
        messages.success(request, _("Đã duyệt %(n)s báo cáo.") % {"n": accepted})
    elif not ticked:
        messages.warning(request, _("Chưa chọn báo cáo nào để duyệt."))
    if refused:
        return board_page(request, request.POST, refused, status=409)
    return HttpResponseRedirect(_back(request.POST))


def _accept_one(scope: Scope, ticked: str) -> Refusal | None:
    number, _colon, seen = ticked.partition(":")
    report, version = forms.version_of(number), forms.version_of(seen)
    try:
        if report is None:
            raise permissions.unknown()
        actions.accept(by=scope.ref, scope=scope, report=report, seen_version=version)
    except Refusal as refusal:
        return refusal
    return None


def _back(data: QueryDict) -> str:
    """To the same list, with the same filter; only known parts of the address are taken over."""
    query = QueryDict(mutable=True)
    for name in ("mau", "ky", "tt"):
        if data.get(name):
            query[name] = data.get(name, "")
    return f"{reverse('reporting:board')}?{query.urlencode()}"
