"""The lists: my reports for a commune, one form over the province for everybody above."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import Scope, scope_in
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form, spoken
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.tables import sheets as files
from haicap.units import lineage
from haicap.units import queries as units
from haicap.units.queries import Place
from haicap.units.states import Level

from .. import permissions, queries
from ..presenters import lists, sheets, words
from ..states import Act, State


@login_required
@never_cache
@require_safe
def my_reports(request: HttpRequest) -> HttpResponseBase:
    """Commune people see what they owe; others go to the board of the province."""
    scope = scope_in(request)
    own = [place for place in _places(scope) if place.level == Level.COMMUNE]
    if not own and scope.grants:
        return HttpResponseRedirect(reverse("reporting:board"))
    now, lang = clock.now(), words.lang()
    # what a dissolved unit still owes is finished by the unit that its act names
    owing = [*own, *(old for place in own for old in lineage.owing_for(place.id))]
    rows = [(place, row) for place in owing for row in queries.board(place.id, now, lang)]
    if file := files.asked(request, bao_cao=lambda: sheets.mine(rows, now)):
        return file
    lines = [lists.my_line(row, place, now) for place, row in rows]
    done = {State.SUBMITTED.value, State.ACCEPTED.value, State.LOCKED.value}
    context = {
        "owed": [line for line in lines if line.state_code not in done],
        "given": [line for line in lines if line.state_code in done],
        "places": own,
        "home_unit": own[0].full_name if own else "",
        "reads_foreign": permissions.can_read_foreign(scope),
    }
    return render(request, "reporting/mine.html", context)


def _places(scope: Scope) -> list[Place]:
    found = units.by_ids(dict.fromkeys(grant.unit_id for grant in scope.grants))
    return list(found.values())


@login_required
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponseBase:
    """?mau=form&ky=period&tt=state&chon=1 (all that wait are ticked). Without them: the first form, its last
    closed period."""
    return board_page(request, request.GET)


def board_page(
    request: HttpRequest, asked: QueryDict, refused: Mapping[int, str] | None = None, status: int = 200
) -> HttpResponseBase:
    """`refused`: report id → why the decision about it was refused; such rows stay in sight in any filter."""
    scope, now = scope_in(request), clock.now()
    seen = seen_by(scope)
    choices = queries.open_forms(now, seen)
    if not choices:
        return render(request, "reporting/board.html", {"empty": True})
    form, period, keys = _chosen(asked, choices)
    state, said = asked.get("tt", ""), refused or {}
    rows = queries.form_board(form, period, seen)
    found = queries.progress(rows, now)
    shown = [row for row in rows if not state or row.state.value == state or row.report_id in said]
    covered = _("%(rate)s báo cáo đã gửi") % {"rate": lists.rate(found)}
    if file := files.asked(request, bao_cao=lambda: sheets.board(shown, form, period, now, covered)):
        return file
    lang = words.lang()
    lines = lists.unit_lines(shown, form.code, period, len(form.cells), now, said)
    context = {
        "forms": [(one.code, spoken(one.labels, lang)) for one, _ in choices],
        "periods": [(one.key, periods.label(one, lang)) for one in keys],
        "form": form,
        "title": spoken(form.labels, lang),
        "period": period,
        "state": state,
        "tiles": lists.tiles(found, state),
        "rate": lists.rate(found),
        "found": found,
        "deadline": words.due(rows[0].deadline) if rows else "",
        "lines": lines,
        "waiting": sum(line.waiting for line in lines),
        "all_ticked": asked.get("chon", "") == "1",
        "refused": len(said),
        "address": f"{reverse('reporting:board')}?mau={form.code}&ky={period.key}&tt={state}",
        "reads_foreign": permissions.can_read_foreign(scope),
        "may_accept": any(permissions.can(scope, Act.ACCEPT, row.place) for row in rows),
    }
    return render(request, "reporting/board.html", context, status=status)


def seen_by(scope: Scope, since: date | None = None) -> frozenset[int]:
    """Every unit under the reader's positions since that day, unsaid: since the first regime began. A board
    of a closed period has the units of that period, also those that an act has ended since."""
    if since is None:
        begun = [form.first_day for form in catalogue.current().forms.values() if form.first_day]
        since = min(begun, default=clock.today())
    found: set[int] = set()
    for grant in scope.grants:
        found |= units.ever_under(grant.unit_id, since)
    return frozenset(found)


def _chosen(asked: QueryDict, choices: list[tuple[Form, list[Period]]]) -> tuple[Form, Period, list[Period]]:
    """What the address asks for, else the first form and its last closed period.

    A period of another form (the form was just changed in the picker) falls back too; a form that does not
    exist is refused."""
    wanted, key = asked.get("mau", ""), asked.get("ky", "")
    found = next((pair for pair in choices if pair[0].code == wanted), None if wanted else choices[0])
    if found is None:
        raise Refusal("form.unknown", gettext_lazy("Không có mẫu báo cáo này."), place="mau")
    form, keys = found
    closed = next((one for one in keys if one.end <= clock.today()), keys[0])
    return form, next((one for one in keys if one.key == key), closed), keys
