"""The answer from what is held: elements × communes for one period, to read and to take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import scope_in
from haicap.accounts.strangers import unit_or_404
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue, Element, spoken
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule
from haicap.desk.presenters import words
from haicap.insight.freshness import made_at
from haicap.insight.held import Column, Held, HeldFigure, held
from haicap.tables import excel
from haicap.tables.excel import About
from haicap.tables.responses import csv_response, xlsx_response
from haicap.tables.values import Value
from haicap.ui import wording
from haicap.units.places import Place
from haicap.units.states import Level

MOST_ELEMENTS = 80
BACK = 12


class Wanted(NamedTuple):
    """What the address asks for."""

    owner: Place
    elements: tuple[Element, ...]
    period: Period
    choices: tuple[Period, ...]

    def query(self, **more: str) -> str:
        asked = {
            "dv": self.owner.code,
            "pt": [one.code for one in self.elements],
            "loai": self.period.kind.value,
            "cs": self.period.rule.value,
            "ky": self.period.key,
            **more,
        }
        return f"?{urlencode(asked, doseq=True)}"


@require_safe
@login_required
@never_cache
def page(request: HttpRequest) -> HttpResponseBase:
    """?dv=unit&pt=element&pt=…&ky=period&cs=rule&loai=kind&tai=csv|xlsx. A stranger to the unit gets 404."""
    wanted = _wanted(request, catalogue_queries.current())
    found = held(wanted.owner, wanted.elements, wanted.period, catalogue_queries.current())
    kind = request.GET.get("tai", "")
    if kind in ("csv", "xlsx"):
        return _file(found, kind)
    context = {
        "owner": wanted.owner,
        "period": wanted.period,
        "window": periods.window_label(wanted.period, words.lang()),
        "choices": [(one.key, words.period_name(one)) for one in wanted.choices],
        "wanted": wanted,
        "columns": [_head(column, wanted.period) for column in found.columns],
        "rows": [_row(found, place) for place in found.places],
        "made_at": made_at(found.snapshot),
        "snapshot": found.snapshot.id,
        "coverage": _coverage(found),
        "csv": wanted.query(tai="csv"),
        "xlsx": wanted.query(tai="xlsx"),
    }
    return render(request, "desk/held.html", context)


def _wanted(request: HttpRequest, catalogue: Catalogue) -> Wanted:
    owner = unit_or_404(scope_in(request), request.GET.get("dv", ""), level=Level.PROVINCE)
    codes = list(dict.fromkeys(request.GET.getlist("pt")))
    unknown = [code for code in codes if code not in catalogue.elements]
    if unknown or not codes or len(codes) > MOST_ELEMENTS:
        raise Refusal("held.elements", gettext_lazy("Chọn phần tử có trong danh mục, nhiều nhất 80 phần tử."))
    try:
        kind, rule = Kind(request.GET.get("loai", "month")), Rule(request.GET.get("cs", Rule.DECREE09.value))
    except ValueError as error:
        raise Refusal("held.period", gettext_lazy("Không có loại kỳ như vậy.")) from error
    key = request.GET.get("ky", "")
    choices = _choices(kind, rule)
    period = periods.parse(key, rule) if key or not choices else choices[0]
    if period.kind is kind and period not in choices:
        choices = (period, *choices)
    elements = tuple(catalogue.elements[code] for code in codes)
    return Wanted(owner, elements, period, choices or (period,))


def _choices(kind: Kind, rule: Rule) -> tuple[Period, ...]:
    """The running period and the last closed ones, newest first."""
    if kind is Kind.CAMPAIGN:
        return ()
    closed = periods.last_closed(kind, clock.today(), rule)
    return tuple(periods.shift(closed, -step) for step in range(BACK))


def _head(column: Column, period: Period) -> dict[str, object]:
    return {
        "label": spoken(column.element.labels, words.lang()) or column.element.code,
        "unit": str(wording.unit(column.element.measure.unit)),
        "source": _source(column, period),
        "have": words.number(column.have),
        "total": words.number(column.total),
    }


def _source(column: Column, period: Period) -> str:
    if column.source is None:
        return _("chưa mẫu nào thu cho kỳ này")
    told = {"form": column.source.form.code, "n": words.number(len(column.source.tiles))}
    if len(column.source.tiles) > 1:
        return _("cộng %(n)s kỳ của mẫu %(form)s") % told
    if (column.source.tiles[0].start, column.source.tiles[0].end) != (period.start, period.end):
        return _("số cuối kỳ của mẫu %(form)s") % told
    return _("mẫu %(form)s") % told


def _row(found: Held, place: Place) -> dict[str, object]:
    return {
        "code": place.code,
        "name": words.place_name(place),
        "cells": [_cell(found.figures[place.id, column.element.code]) for column in found.columns],
    }


def _cell(figure: HeldFigure) -> dict[str, object]:
    return {
        "value": words.number(figure.value),
        "provisional": figure.provisional,
        "note": _lack(figure),
    }


def _lack(figure: HeldFigure) -> str:
    if figure.value is not None:
        return ""
    return figure.missing or (_("chưa báo cáo") if figure.lacking else _("không thu"))


def _coverage(found: Held) -> str:
    told = {"have": words.number(found.complete), "all": words.number(len(found.places))}
    return _("%(have)s/%(all)s đơn vị có đủ số") % told


def _file(found: Held, kind: str) -> HttpResponseBase:
    """One row per commune and element in CSV, a table with one column per element in Excel."""
    name = f"haicap-so-dang-co-{found.owner.code}-{found.period.key}.{kind}"
    if kind == "csv":
        header = [
            _("Mã"), _("Đơn vị"), _("Mã phần tử"), _("Phần tử"), _("Đơn vị tính"), _("Giá trị"),
            _("Trạng thái"), _("Lý do không có số"), _("Nguồn"), _("Kỳ báo cáo"), _("Bản dữ liệu"),
            _("Độ phủ"),
        ]  # fmt: skip
        return csv_response(_long(found), header, name, lang=words.lang())
    labels = [spoken(one.element.labels, words.lang()) or one.element.code for one in found.columns]
    columns = [excel.Column(_("Mã")), excel.Column(_("Đơn vị")), *(excel.Column(label) for label in labels)]
    about = About(
        title=_("Số đang có của %(place)s") % {"place": words.place_name(found.owner)},
        period=f"{words.period_name(found.period)}: {periods.window_label(found.period, words.lang())}",
        snapshot=found.snapshot.id,
        coverage=_coverage(found),
        more=tuple((_("Nguồn"), f"{label}: {_source(one, found.period)}")
                   for label, one in zip(labels, found.columns, strict=True)),
    )  # fmt: skip
    return xlsx_response(_wide(found), columns, name, about=about)


def _long(found: Held) -> Iterator[list[Value]]:
    for place in found.places:
        for column in found.columns:
            figure = found.figures[place.id, column.element.code]
            yield [
                place.code,
                place.full_name,
                column.element.code,
                spoken(column.element.labels, words.lang()),
                column.element.measure.unit,
                figure.value,
                _status(figure),
                _lack(figure),
                _source(column, found.period),
                found.period.key,
                found.snapshot.id,
                _coverage(found),
            ]


def _status(figure: HeldFigure) -> str:
    if figure.value is None:
        return ""
    return _("tạm tính") if figure.provisional else _("đã duyệt")


def _wide(found: Held) -> Iterator[list[Value]]:
    for place in found.places:
        figures = (found.figures[place.id, one.element.code].value for one in found.columns)
        yield [place.code, place.full_name, *figures]
