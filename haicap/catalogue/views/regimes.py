"""The list of regimes, one regime with its versions, two versions side by side."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.catalogue import permissions, queries
from haicap.catalogue.drafts import queries as drafts
from haicap.catalogue.presenters import regimes, sheets, words
from haicap.core import clock
from haicap.tables import sheets as files
from haicap.units import queries as units

from .asking import form_or_404, may_edit, owner_of, scope_in


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every regime that asks the reader or is asked by the reader's unit; the office sees its drafts too."""
    scope = scope_in(request)
    forms = [form for form in queries.current().forms.values() if permissions.can_read(scope, owner_of(form))]
    editable = permissions.editable_units(scope)
    begun = [regimes.draft_line(draft) for draft in (drafts.open_drafts(editable) if editable else [])]
    file = files.asked(request, che_do=lambda: sheets.regimes(forms), ban_thao=lambda: sheets.drafts(begun))
    if file:
        return file
    context = {
        "lines": [regimes.line(form) for form in forms],
        "owners": [units.by_id(unit) for unit in editable],
        "drafts": begun,
    }
    return render(request, "catalogue/list.html", context)


@login_required
@never_cache
@require_safe
def regime(request: HttpRequest, code: str) -> HttpResponseBase:
    """?ban=number shows an older version."""
    scope = scope_in(request)
    current = form_or_404(scope, code)
    shown = form_or_404(scope, code, _number(request, "ban")) if "ban" in request.GET else current
    book = queries.current()
    parts, rules = regimes.parts(shown, book.elements), regimes.rules(shown)
    file = files.asked(
        request, o=lambda: sheets.cells(shown, parts), kiem_tra=lambda: sheets.checks(shown, rules)
    )
    if file:
        return file
    context = {
        "form": shown,
        "current": current,
        "name": words.name(shown),
        "nature": words.NATURES.get(shown.nature, shown.nature),
        "fields": words.fields(shown),
        "minutes": shown.minutes_per_cell or book.burden.minutes_per_cell,
        "parts": parts,
        "rules": rules,
        "versions": range(max(current.number, shown.number), 0, -1),
        "owner": owner_of(shown),
        "may_edit": may_edit(scope, current),
        "today": clock.today(),
    }
    return render(request, "catalogue/regime.html", context)


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponseBase:
    """?tu=older&den=newer; without them the last two."""
    scope = scope_in(request)
    current = form_or_404(scope, code)
    newer = _number(request, "den") if "den" in request.GET else current.number
    older = _number(request, "tu") if "tu" in request.GET else max(newer - 1, 1)
    old, new = form_or_404(scope, code, older), form_or_404(scope, code, newer)
    rows = regimes.differences(old, new)
    if file := files.asked(request, thay_doi=lambda: sheets.differences(rows, old, new)):
        return file
    context = {
        "form": current,
        "name": words.name(current),
        "old": old,
        "new": new,
        "versions": range(current.number, 0, -1),
        "rows": rows,
    }
    return render(request, "catalogue/compare.html", context)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Http404
    return int(text)
