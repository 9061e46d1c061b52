"""The pattern page: every component in every state, for tests, screenshots and people who build pages."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from haicap.core import clock, numbers, periods
from haicap.core.bands import Band
from haicap.core.languages import known
from haicap.ui import charts, wording
from haicap.ui.map import Cell, Shape, hexmap, shapemap

#: an invented island of two lobes, with names as long as real ones get
SITES = (
    ("Ia Lốp", 1, 0), ("Ea H’Leo", 2, 0), ("Xuân Cảnh", 8, 0), ("Sông Cầu", 9, 0),
    ("Ea Rốk", 1, 1), ("Ea Drăng", 2, 1), ("Phú Mỡ", 7, 1), ("Tuy An Đông", 8, 1),
    ("Buôn Đôn", 1, 2), ("Quảng Phú", 2, 2), ("Krông Búk", 3, 2), ("Cư M’ta", 7, 2), ("Đồng Xuân", 8, 2),
    ("Ea M’Droh", 0, 3), ("Cuôr Đăng", 1, 3), ("Pơng Drang", 2, 3), ("Ea Ly", 5, 3), ("Phú Hòa 2", 6, 3),
    ("Buôn Ma Thuột", 1, 4), ("Ea Knuếc", 2, 4), ("Krông Pắc", 3, 4), ("M’Drắk", 4, 4), ("Hòa Mỹ", 5, 4),
    ("Liên Sơn Lắk", 2, 5), ("Yang Mao", 3, 5), ("Nam Thanh Miện", 4, 5),
)  # fmt: skip
ORDER = (Band.RED, Band.YELLOW, Band.GREEN, Band.NOT_REPORTED, Band.GREEN, Band.RED, Band.RED)
RARE = {7: Band.NO_THRESHOLD, 12: Band.NO_DENOMINATOR, 17: Band.NOT_APPLICABLE}
SERIES: tuple[float | None, ...] = (58.2, 60.1, 61, 63.2, None, 64, 67, 66.5, 69.8, 68.7, 67.4, 60.1)


class Sample(forms.Form):
    name = forms.CharField(label=lazy("Họ và tên"), help_text=lazy("Viết như trong quyết định."))
    unit = forms.ChoiceField(label=lazy("Đơn vị"), choices=[("1", "Xã Ea Knuếc"), ("2", "Phường Buôn Hồ")])


def _cells() -> list[Cell]:
    lang = known(get_language())
    cells = []
    for at, (name, col, row) in enumerate(SITES):
        band = RARE.get(at, ORDER[at % len(ORDER)])
        value = (
            ""
            if band in (Band.NOT_REPORTED, *RARE.values())
            else numbers.format(Decimal(43 + at * 2), lang, 1)
        )
        label = ", ".join(part for part in (name, str(wording.band(band)), value) if part)
        cells.append(
            Cell(
                code=str(24000 + at),
                col=col,
                row=row,
                name=name,
                band=band.value,
                href=f"?xa={24000 + at}",
                label=label,
                value=value,
                provisional=at % 5 == 0,
                change=("", "up", "down")[at % 3],
                number=str(at) if band is Band.RED else "",
            )
        )
    return cells


def _shapes(cells: list[Cell]) -> list[Shape]:
    shapes = []
    for at, cell in enumerate(cells[:12]):
        x, y, wide = (at % 4) * 100, (at // 4) * 70, 20 if at == 5 else 100
        path = f"M{x} {y}L{x + wide} {y + 8}L{x + wide} {y + 70}L{x} {y + 70}Z"
        shapes.append(Shape(cell.code, path, cell.name, cell.band, cell.href, cell.label, cell.provisional))
    return shapes


def _points() -> list[charts.Point]:
    lang = known(get_language())
    points = []
    for at, value in enumerate(SERIES):
        band = "no_threshold" if value is None else "yellow" if value >= 65 else "red"
        text = "" if value is None else numbers.format(Decimal(str(value)), lang, 1)
        points.append(
            charts.Point(f"T{(at + 10) % 12 + 1}", value, band, text, "" if value else _("chưa\nbáo cáo"))
        )
    return points


def show(request: HttpRequest) -> HttpResponse:
    if not getattr(settings, "HAICAP_SHOW_PATTERNS", False):
        raise Http404
    cells, points = _cells(), _points()
    selected = request.GET.get("xa")
    cuts = [charts.Cut(80, _("xanh từ 80")), charts.Cut(65, _("đỏ dưới 65"))]
    label = _("Bản đồ mẫu, %(n)s đơn vị") % {"n": len(cells)}
    context: dict[str, Any] = {
        "map": hexmap(cells, selected=selected or "24010", uid="desk", label=label),
        "wall": hexmap(cells, variant="wall", uid="wall", label=label, links=False),
        "phone": hexmap(cells, variant="phone", uid="phone", label=label, links=False),
        "brief": hexmap(cells, variant="brief", uid="brief", label=label, links=False),
        "shapes": shapemap(_shapes(cells), selected="24002", uid="shapes", label=_("Bản đồ ranh giới mẫu")),
        "bands": [band.value for band in Band],
        "rows": cells[:8],
        "spark": charts.spark(SERIES, cuts=(65, 80), low=36, high=96, band="red"),
        "trend": charts.trend(points, cuts=cuts, label=_("Điểm tổng hợp 12 tháng, từ 58,2 đến 60,1")),
        "points": points,
        "month": periods.parse("2026-10"),
        "now": clock.now(),
        "form": Sample({} if "loi" in request.GET else None),
        "page": Paginator(range(30), 10).page(2),
        "rise": Decimal("1.2"),
        "fall": Decimal("-8.1"),
        "zero": Decimal(0),
        "figure": Decimal("1234567.25"),
    }
    context["chosen"] = next((cell for cell in cells if cell.code == selected), None)
    part = "ui/pattern_panel.html" if request.headers.get("HX-Request") else "ui/patterns.html"
    return render(request, part, context)
