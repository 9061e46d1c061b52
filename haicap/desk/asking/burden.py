"""The burden board: how much reporting weighs on each commune, and which departments ask most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import Scope, scope_in
from haicap.accounts.strangers import unit_or_404
from haicap.catalogue import burden
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.burden import Asking, Board, Load
from haicap.core import clock, periods
from haicap.core.bands import Band
from haicap.core.errors import Refusal
from haicap.core.periods import Kind
from haicap.desk.presenters import words
from haicap.insight.boards import board as figures
from haicap.tables import sheets as files
from haicap.tables.sheets import Sheet, listing
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Level

WEEKS, MOST_WEEKS = 13, 53
HOUR = Decimal(60)


@require_safe
@login_required
@never_cache
def page(request: HttpRequest) -> HttpResponseBase:
    """?dv=province&tu=2026-W30&den=2026-W42&tai=csv|xlsx&bang=xa|noi|han_ngan. For those who see the
    province."""
    owner = _owner(request, scope_in(request))
    first, last = _weeks(request)
    book = catalogue_queries.current()
    forms = [
        form
        for form in book.forms.values()
        if form.owner_unit_id is None or f"/{form.owner_unit_id}/" in owner.path
    ]
    places = {place.id: place for place in units.communes(owner.id, clock.today())}
    found = burden.board(forms, book.burden, first, last)
    bands = _bands(owner)
    rows = sorted(
        (
            _row(found, places[load.unit_id], load, bands)
            for load in found.loads.values()
            if load.unit_id in places
        ),
        key=lambda row: (-row.load.minutes, row.place.code),
    )
    file = files.asked(
        request,
        xa=lambda: _communes(found, owner, rows),
        noi=lambda: _askers(found, owner),
        han_ngan=lambda: _too_short(found, owner),
    )
    if file:
        return file
    context = {
        "owner": owner,
        "first": _key(first),
        "last": _key(last),
        "from_day": periods.window_label(periods.parse(_key(first)), words.lang()),
        "range": _range(first, last),
        "policy": book.burden,
        "budget": _hours(Decimal(book.burden.minutes_per_week)),
        "rows": rows,
        "askers": [_asker(one, found, len(rows)) for one in found.askers],
        "short": [_short(due) for due in found.dues if due.short],
        "support": [row for row in rows if row.support],
        "month": words.period_name(_month()),
    }
    return render(request, "desk/burden.html", context)


def _owner(request: HttpRequest, scope: Scope) -> Place:
    code = request.GET.get("dv", "")
    if code:
        return unit_or_404(scope, code, level=Level.PROVINCE)
    homes = units.by_ids(grant.unit_id for grant in scope.grants)
    found = next((one for one in homes.values() if one.level == Level.PROVINCE), None)
    if found is None:
        raise Http404
    return found


def _weeks(request: HttpRequest) -> tuple[date, date]:
    """Mondays of the first and the last week; without an address the thirteen weeks up to this one."""
    this = burden.monday(clock.today())
    last = _monday(request.GET.get("den", "")) or this
    first = _monday(request.GET.get("tu", "")) or last - timedelta(weeks=WEEKS - 1)
    if not first <= last <= first + timedelta(weeks=MOST_WEEKS - 1):
        raise Refusal("burden.weeks", gettext_lazy("Chọn từ 1 đến 53 tuần, tuần đầu trước tuần cuối."))
    return first, last


def _monday(key: str) -> date | None:
    if not key:
        return None
    week = periods.parse(key)
    if week.kind is not Kind.WEEK:
        raise Refusal("burden.weeks", gettext_lazy("Tuần viết như 2026-W43."))
    return week.start


def _key(day: date) -> str:
    return periods.containing(day, Kind.WEEK).key


def _range(first: date, last: date) -> str:
    days = periods.parse(f"{first}..{last + timedelta(days=6)}")
    return periods.window_label(days, words.lang())


def _month() -> periods.Period:
    return periods.last_closed(Kind.MONTH, clock.today())


def _bands(owner: Place) -> dict[int, Band]:
    """The band of the score of the last closed month, beside the load."""
    return {unit: score.band for unit, score in figures(owner, _month()).scores.items()}


@dataclass(frozen=True)
class Row:
    """One commune. `over`: weeks above the budget; `support`: red and overloaded, so the answer is help."""

    place: Place
    load: Load
    band: str
    average: Decimal
    peak_minutes: Decimal
    peak_week: str
    over: int
    weeks: int

    @property
    def support(self) -> bool:
        return self.band == Band.RED.value and self.over > 0

    @property
    def name(self) -> str:
        return words.place_name(self.place)

    @property
    def cells_week(self) -> str:
        return words.number(Decimal(self.load.cells) / self.weeks, 1)

    @property
    def hours_week(self) -> str:
        return _hours(self.average)

    @property
    def peak(self) -> str:
        return _hours(self.peak_minutes)


def _row(found: Board, place: Place, load: Load, bands: dict[int, Band]) -> Row:
    week, peak = load.peak()
    return Row(
        place=place,
        load=load,
        band=bands.get(place.id, Band.NOT_REPORTED).value,
        average=found.average(load),
        peak_minutes=peak,
        peak_week=_week_name(week) if week else "",
        over=load.over(found.policy.minutes_per_week),
        weeks=found.weeks,
    )


def _week_name(day: date) -> str:
    return periods.label(periods.containing(day, Kind.WEEK), words.lang())


def _hours(minutes: Decimal) -> str:
    return words.number(minutes / HOUR, 1)


def _asker(one: Asking, found: Board, communes: int) -> dict[str, object]:
    return {
        "name": one.asker or _("Chưa nêu"),
        "forms": ", ".join(sorted(one.forms)),
        "requests": words.number(one.requests),
        "reports": words.number(one.reports),
        "cells": words.number(one.cells),
        "each": words.number(Decimal(one.cells) / max(1, communes) / found.weeks, 1),
        "hours": _hours(one.minutes),
        "short": one.short,
    }


def _short(due: burden.Due) -> dict[str, str]:
    return {
        "form": due.form.code,
        "asker": due.form.asker or _("Chưa nêu"),
        "period": words.period_name(due.period),
        "deadline": periods.window_label(periods.parse(due.deadline.isoformat()), words.lang()),
    }


def _communes(found: Board, owner: Place, rows: list[Row]) -> Sheet:
    return listing(
        f"haicap-ganh-nang-{owner.code}",
        f"{_('Gánh nặng báo cáo')} · {words.place_name(owner)}",
        rows,
        {
            _("Mã"): lambda row: row.place.code,
            _("Đơn vị"): lambda row: row.place.full_name,
            _("Báo cáo"): lambda row: row.load.reports,
            _("Số ô"): lambda row: row.load.cells,
            _("Phút"): lambda row: row.load.minutes,
            _("Phút mỗi tuần"): lambda row: round(row.average, 1),
            _("Tuần nặng nhất (phút)"): lambda row: row.peak_minutes,
            _("Số tuần vượt mức"): lambda row: row.over,
            _("Cần hỗ trợ"): lambda row: _("có") if row.support else "",
            _("Mức mỗi tuần (phút)"): lambda _row: found.policy.minutes_per_week,
            _("Các tuần"): lambda _row: _range(found.first, found.last),
        },
    )


def _askers(found: Board, owner: Place) -> Sheet:
    return listing(
        f"haicap-noi-yeu-cau-{owner.code}",
        f"{_('Nơi yêu cầu nhiều nhất')} · {words.place_name(owner)}",
        found.askers,
        {
            _("Nơi yêu cầu số liệu"): lambda one: one.asker,
            _("Mẫu"): lambda one: ", ".join(sorted(one.forms)),
            _("Lần yêu cầu"): lambda one: one.requests,
            _("Báo cáo"): lambda one: one.reports,
            _("Số ô"): lambda one: one.cells,
            _("Phút"): lambda one: one.minutes,
            _("Hạn quá ngắn"): lambda one: one.short,
            _("Các tuần"): lambda _one: _range(found.first, found.last),
        },
    )


def _too_short(found: Board, owner: Place) -> Sheet:
    return listing(
        f"haicap-han-ngan-{owner.code}",
        f"{_('Hạn quá ngắn')} · {words.place_name(owner)}",
        [due for due in found.dues if due.short],
        {
            _("Mẫu"): lambda due: due.form.code,
            _("Kỳ"): lambda due: due.period.key,
            _("Hạn nộp"): lambda due: due.deadline,
            _("Nơi yêu cầu số liệu"): lambda due: due.form.asker,
        },
        period=_range(found.first, found.last),
    )
