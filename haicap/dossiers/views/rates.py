"""On-time rates of a month by commune and by procedure, and who handed dossiers in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.core import numbers, periods

from ..presenters import rates as words
from ..presenters.tables import Cell, Column, Table, count, lang
from ..queries.timely import Handed, Tally, Window, handed_in, medians, tallies
from ..signals import rules
from .asked import Asked, asked
from .frame import frame


@login_required
@never_cache
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    what = asked(request)
    context = frame(what, "rates", heading=gettext("Hồ sơ đúng hạn, theo xã"), table=by_commune(what))
    return render(request, "dossiers/rates.html", context)


@login_required
@never_cache
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    what = asked(request)
    context = frame(what, "procedures", heading=gettext("Hồ sơ theo thủ tục"), table=by_procedure(what))
    return render(request, "dossiers/rates.html", context)


@login_required
@never_cache
@require_safe
def submitters(request: HttpRequest) -> HttpResponse:
    what = asked(request)
    context = frame(what, "submitters", heading=gettext("Ai nộp hồ sơ"), table=by_submitter(what))
    return render(request, "dossiers/rates.html", context)


def by_commune(what: Asked) -> Table:
    window = Window.of(what.period, what.now)
    found = words.by_key(tallies(what.unit_ids, window, "unit_id", what.procedure))
    in_force = rules.in_force()
    judge = words.judge(catalogue.current(), in_force.indicator if in_force else "", what.period)
    link = reverse("dossiers:rates")
    rows = [
        words.Row(
            Cell(
                place.full_name, place.full_name, f"{link}?xa={place.code}&ky={what.period.key}", foreign=True
            ),
            *found.get(place.id, (Tally(), frozenset())),
            place,
        )
        for place in what.chosen
        if place.id in found or place.holds_on(what.period.last_day)
    ]
    lines = [words.cells(row, what.sources, judge) for row in rows]
    return Table(
        "dung-han",
        gettext("Đúng hạn theo xã"),
        words.columns(gettext("Xã, phường")),
        words.ordered(lines, what.sort or "chinh-thuc"),
        words.total(rows, what.sources),
        lead=_window(what),
        notes=_notes(),
        period=_window(what),
        coverage=_covered(sum(place.id in found for place in what.chosen), len(rows)),
    )


def by_procedure(what: Asked) -> Table:
    window = Window.of(what.period, what.now)
    found = words.by_key(tallies(what.unit_ids, window, "procedure__code"))
    middle = medians(what.unit_ids, window, calendar.workdays())
    rows = [
        words.Row(Cell(name := what.names.get(str(code), str(code)), name, note=str(code)), *parts)
        for code, parts in found.items()
    ]
    columns = words.columns(gettext("Thủ tục"))
    columns.insert(3, Column(gettext("Số ngày làm việc giữa"), True))
    lines = []
    for (code, _parts), row in zip(found.items(), rows, strict=True):
        cells = words.cells(row, what.sources)
        days, n = middle.get(str(code), (None, 0))
        cells.insert(3, count(days, note=gettext("n = %(n)s xong") % {"n": numbers.format(n, lang())}))
        lines.append(cells)
    foot = words.total(rows, what.sources)
    foot.insert(3, Cell(""))
    return Table(
        "thu-tuc",
        gettext("Theo thủ tục"),
        columns,
        words.ordered(lines, what.sort or "chinh-thuc"),
        foot,
        lead=_window(what),
        notes=_notes(),
        period=_window(what),
    )


def by_submitter(what: Asked) -> Table:
    found = handed_in(what.unit_ids, [what.period.key])
    link, rows = reverse("dossiers:submitters"), []
    sums: dict[int, Handed] = {}
    for (unit, _source), one in found.items():
        sums[unit] = sums.get(unit, Handed()) + one
    for place in what.chosen:
        if place.id in sums or place.holds_on(what.period.last_day):
            href = f"{link}?xa={place.code}&ky={what.period.key}"
            name = Cell(place.full_name, place.full_name, href, foreign=True)
            rows.append(words.handed_cells(name, sums.get(place.id, Handed())))
    at = {"n": 1, "tu": 2, "giup": 3, "thay": 4}.get(what.sort)
    if at is not None:
        rows.sort(key=lambda line: -(line[at].value or 0))  # type: ignore[operator]
    return Table(
        "ai-nop",
        gettext("Ai nộp hồ sơ, theo xã"),
        words.handed_columns(),
        rows,
        words.handed_cells(Cell(gettext("Cộng")), sum(sums.values(), Handed())),
        lead=_window(what),
        notes=(
            gettext("Ba cách nộp đều đáng trọng: hỗ trợ người dân là phục vụ, không phải khuyết điểm."),
            gettext("Tỷ lệ tính trên số hồ sơ mà nguồn nói rõ ai nộp."),
        ),
        period=_window(what),
        coverage=_covered(len(sums), len(rows)),
    )


def _window(what: Asked) -> str:
    label, days = periods.label(what.period, lang()), periods.window_label(what.period, lang())
    return f"{label}: {days}"


def _notes() -> tuple[str, ...]:
    return (
        gettext(
            "Mẫu số chính thức gồm hồ sơ xong trong tháng và hồ sơ đã quá hạn mà đến cuối tháng chưa xong."
        ),
        gettext(
            "Tỷ lệ thuộc trách nhiệm đơn vị bỏ ra ngoài hồ sơ trễ do cơ quan khác, người nộp hoặc đồng bộ, "
            "theo mốc xử lý của nguồn hoặc đề nghị được chấp nhận; trễ chưa rõ do ai thì tính cho đơn vị."
        ),
        gettext("Mọi tỷ lệ được tính lại từ các số đếm. Nguồn đã cũ không được tô xanh hay đỏ."),
    )


def _covered(have: int, of: int) -> str:
    told = {"have": numbers.format(have, lang()), "all": numbers.format(of, lang())}
    return gettext("%(have)s/%(all)s xã, phường có hồ sơ trong tháng") % told
