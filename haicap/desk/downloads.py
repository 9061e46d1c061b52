"""What is on the screen as a file: the same rows, with period, snapshot and coverage."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.desk.choices import Choice
from haicap.desk.presenters import mapping, words
from haicap.insight.boards import Board
from haicap.insight.heatmap import HeatMap
from haicap.tables.excel import About, Column
from haicap.tables.responses import csv_response, xlsx_response
from haicap.tables.values import Value
from haicap.ui import wording
from haicap.units.places import Place

CSV, XLSX, SVG = "csv", "xlsx", "svg"
KINDS = (CSV, XLSX, SVG)


def heatmap_file(of: HeatMap, choice: Choice, kind: str) -> HttpResponseBase:
    """CSV and Excel list every row of the table as filtered; SVG is the map alone, without links."""
    name = f"haicap-{of.board.owner.code}-{choice.code}-{of.period.key}.{kind}"
    if kind == SVG:
        return _svg(of, choice, name)
    if kind == CSV:
        return csv_response(
            _rows(of, choice, stated=True), [*_header(), *_stated_header()], name, lang=words.lang()
        )
    places = words.places_of(of.indicator)
    columns = [Column(label, places if label == _header()[4] else None) for label in _header()]
    about = About(
        title=f"{words.indicator_name(of.indicator)} · {words.place_name(of.board.owner)}",
        period=words.period_name(of.period),
        snapshot=of.board.snapshot.id,
        coverage=coverage(of),
    )
    return xlsx_response(_rows(of, choice, stated=False), columns, name, about=about)


def coverage(of: HeatMap) -> str:
    return _("%(have)s/%(all)s đơn vị có báo cáo") % {
        "have": words.number(of.reported),
        "all": words.number(of.expected),
    }


def _header() -> list[str]:
    return [
        _("Mã"),
        _("Đơn vị"),
        _("Hạng"),
        _("Mức"),
        _("Giá trị"),
        _("Tử số"),
        _("Mẫu số"),
        _("Thay đổi so với kỳ trước"),
        _("Trạng thái"),
        _("Lý do không có số"),
    ]


def _stated_header() -> list[str]:
    return [_("Kỳ báo cáo"), _("Bản dữ liệu"), _("Độ phủ")]


def _rows(of: HeatMap, choice: Choice, stated: bool) -> Iterator[list[Value]]:
    tail: list[Value] = [of.period.key, of.board.snapshot.id, coverage(of)] if stated else []
    for row in of.rows:
        if mapping.dimmed(row, choice):
            continue
        yield [
            row.place.code,
            row.place.full_name,
            row.rank,
            str(wording.band(row.band.value)),
            row.value,
            row.numerator,
            row.denominator,
            row.change,
            words.status(row.provisional, row.value is not None),
            words.reason(row.reason, row.band) if row.value is None else "",
            *tail,
        ]


def _svg(of: HeatMap, choice: Choice, name: str) -> HttpResponse:
    def link(_row: Any) -> str:
        return ""

    picture = mapping.picture(of, choice, link, "desk", links=False)
    if picture is None:
        raise Refusal("map.none", gettext_lazy("Chưa có bản đồ của đơn vị này"))
    answer = HttpResponse(picture, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def commune_file(here: Board, place: Place, kind: str) -> HttpResponseBase:
    """Every indicator of one commune, each with its own period."""
    name = f"haicap-{place.code}-{here.period.key}.{kind}"
    header = [
        _("Mã"),
        _("Chỉ tiêu"),
        _("Kỳ báo cáo"),
        _("Mức"),
        _("Giá trị"),
        _("Đơn vị tính"),
        _("Tử số"),
        _("Mẫu số"),
        _("Trạng thái"),
        _("Lý do không có số"),
    ]
    rows = _indicator_rows(here, place)
    if kind == CSV:
        stated: list[Value] = [here.period.key, here.snapshot.id]
        return csv_response(
            ([*row, *stated] for row in rows),
            [*header, _("Kỳ của trang"), _("Bản dữ liệu")],
            name,
            lang=words.lang(),
        )
    about = About(
        title=words.place_name(place), period=words.period_name(here.period), snapshot=here.snapshot.id
    )
    return xlsx_response(rows, header, name, about=about)


def _indicator_rows(here: Board, place: Place) -> Iterator[list[Value]]:
    for code, reading in sorted(here.readings[place.id].items()):
        indicator = here.catalogue.indicators[code]
        yield [
            code,
            words.indicator_name(indicator),
            reading.period.key,
            str(wording.band(reading.band.value)),
            reading.value,
            indicator.unit,
            reading.numerator,
            reading.denominator,
            words.status(reading.provisional, reading.value is not None),
            words.reason(reading.reason, reading.band) if reading.value is None else "",
        ]
