"""What is open: by commune, by procedure and due day, dossier by dossier; what is overdue now."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.catalogue import calendar
from haicap.core import clock, numbers, periods

from .. import permissions
from ..models import Dossier
from ..permissions import Act
from ..policies.asking import CAUSES
from ..presenters import queue as words
from ..presenters.tables import Table, lang
from ..queries import queue
from ..queries.late import finished_late, groups, overdue_now
from ..queries.receipts import having
from ..queries.timely import Window
from ..states import HOLDER_LABELS
from .asked import Asked, asked, page_of
from .frame import frame

MONTHS_HAVING = 3


@login_required
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """One commune: its procedures and dossiers. Several: the communes, sortable."""
    what = asked(request)
    if not what.single:
        return render(request, "dossiers/board.html", frame(what, "queue", table=communes(what)))
    table, page, found = lines(what)
    context = frame(what, "queue", table=table, page=page, found=found, heaps=heaps(what))
    return render(request, "dossiers/queue.html", context)


@login_required
@never_cache
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Overdue now, the oldest first; a commune may say that the time was not its own."""
    return overdue_page(request, asked(request))


@login_required
@never_cache
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Finished late in a month: what a commune may dispute although it is over."""
    return overdue_page(request, asked(request), late_ones=True)


def overdue_page(
    request: HttpRequest, what: Asked, late_ones: bool = False, problem: str = "", status: int = 200
) -> HttpResponse:
    """`problem`: why a dispute was refused; what was typed stays in its place."""
    table, page, found = late_lines(what) if late_ones else lines(what, overdue_only=True)
    may = what.unit is not None and permissions.can(what.scope, Act.DISPUTE, what.unit)
    context = frame(
        what,
        "late" if late_ones else "overdue",
        table=table,
        page=page,
        found=found,
        late_ones=late_ones,
        may_dispute=may,
        causes=[(one.value, str(HOLDER_LABELS[one])) for one in CAUSES],
        groups=words.groups(groups(late_rows(what, late_ones)), what.sources) if may else [],
        typed=request.POST,
        problem=problem,
    )
    return render(request, "dossiers/overdue.html", context, status=status)


def late_rows(what: Asked, late_ones: bool) -> QuerySet[Dossier]:
    if late_ones:
        return finished_late(what.unit_ids, Window.of(what.period, what.now), what.procedure)
    return overdue_now(what.unit_ids, what.now)


def near_day(what: Asked) -> date:
    today = clock.local(what.now).date()
    return calendar.add_working_days(today, words.SOON_WORKING_DAYS)


def communes(what: Asked) -> Table:
    near = datetime.combine(near_day(what) + timedelta(days=1), time.min, clock.ZONE).astimezone(UTC)
    rows = queue.by_unit(_chosen(what), what.now, near)
    today, busy = clock.local(what.now).date(), queue.units_with(rows)
    held = [one for one in what.chosen if one.holds_on(today) or one.id in busy]
    months = [periods.shift(what.months[0], -n).key for n in range(MONTHS_HAVING)]
    told = having([one.id for one in held], months) | busy
    link = reverse("dossiers:queue")
    columns, lines_, foot = words.communes(rows, held, what.sources, told, what.sort or "qua", link)
    covered = gettext("%(have)s/%(all)s xã, phường có hồ sơ trong 3 tháng qua") % {
        "have": numbers.format(len(told), lang()),
        "all": numbers.format(len(held), lang()),
    }
    return Table("xa", gettext("Đang giải quyết, theo xã"), columns, lines_, foot, coverage=covered)


def heaps(what: Asked) -> Table:
    today, link = clock.local(what.now).date(), f"{reverse('dossiers:queue')}?xa={what.chosen[0].code}"
    found = queue.heaps(_chosen(what))
    columns, rows, foot = words.procedures(found, what.names, today, near_day(what), link)
    return Table("thu-tuc-dang", gettext("Đang giải quyết, theo thủ tục và ngày hạn"), columns, rows, foot)


def lines(what: Asked, overdue_only: bool = False, full: bool = False) -> tuple[Table, object, str]:
    """(table, page, words of the page); `full` gives every row, for a file."""
    rows = queue.listed(_chosen(what), what.now if overdue_only else None)
    page, found = page_of(rows, what.data)
    here = queue.opened(rows if full else page.object_list)  # type: ignore[arg-type]
    days, with_unit = calendar.workdays(), not what.single
    names, known = what.names, what.sources
    cells = (words.open_row(one, names, what.by_id, known, what.now, days, with_unit) for one in here)
    title = gettext("Đang quá hạn") if overdue_only else gettext("Hồ sơ đang giải quyết")
    code = "qua-han" if overdue_only else "dang"
    return Table(code, title, words.open_columns(with_unit), cells), page, found


def late_lines(what: Asked, full: bool = False) -> tuple[Table, object, str]:
    rows = late_rows(what, late_ones=True)
    page, found = page_of(rows, what.data)
    here = queue.opened(rows if full else page.object_list)  # type: ignore[arg-type]
    days, with_unit = calendar.workdays(), not what.single
    names, known = what.names, what.sources
    cells = (words.late_row(one, names, what.by_id, known, days, with_unit) for one in here)
    lead = f"{periods.label(what.period, lang())}: {periods.window_label(what.period, lang())}"
    title = gettext("Xong nhưng trễ hạn")
    return Table("tre", title, words.late_columns(with_unit), cells, lead=lead, period=lead), page, found


def _chosen(what: Asked) -> queue.Asked:
    return queue.Asked(what.unit_ids, what.procedure, what.source)
