"""Any table of the room as CSV or Excel: every row, the same words, period and age stated."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.tables import sheets as files

from ..presenters.tables import Table
from ..signals import rules
from . import disputes, queue, rates, signals, silence
from .asked import Asked, asked
from .frame import sheet


def _silence(what: Asked) -> Table:
    in_force = rules.in_force()
    if in_force is None:
        raise Http404
    return silence.lines(what, in_force) if what.single else silence.communes(what, in_force)


def _one_commune(what: Asked) -> Table:
    if not what.single:
        raise Http404
    return queue.heaps(what)


TABLES: dict[str, Callable[[Asked], Table]] = {
    "xa": queue.communes,
    "thu-tuc-dang": _one_commune,
    "dang": lambda what: queue.lines(what, full=True)[0],
    "qua-han": lambda what: queue.lines(what, overdue_only=True, full=True)[0],
    "tre": lambda what: queue.late_lines(what, full=True)[0],
    "dung-han": rates.by_commune,
    "thu-tuc": rates.by_procedure,
    "ai-nop": rates.by_submitter,
    "im-lang": _silence,
    "de-nghi": lambda what: disputes.table(what, full=True)[0],
    "cau-hoi": lambda what: signals.table(what, full=True)[0],
}


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, table: str, ext: str) -> HttpResponseBase:
    if table not in TABLES or ext not in ("csv", "xlsx"):
        raise Http404
    what = asked(request)
    return files.answer(sheet(TABLES[table](what), what, table), ext)
