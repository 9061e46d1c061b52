"""Two figures for one datum: what was typed against what the system counted, unit by unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import scope_in
from haicap.core import periods
from haicap.tables import sheets as files
from haicap.tables.excel import About
from haicap.units import queries as units
from haicap.units.queries import Place

from ..presenters import counted, words
from ..queries.differences import Difference, periods_counted
from ..queries.differences import differences as found_between
from ..queries.disputes import open_count
from .lists import seen_by

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """`chosen`: (period key, window rule), None while nothing was counted."""

    places: Mapping[int, Place]
    offered: list[tuple[str, str]]
    chosen: tuple[str, str] | None

    def found(self) -> list[Difference]:
        return found_between(list(self.places), *self.chosen) if self.chosen else []


def _asked(request: HttpRequest) -> Asked:
    """?ky=key@rule&dv=unit code; what is unknown or out of scope is as if it did not exist."""
    places = units.by_ids(seen_by(scope_in(request)))
    if code := request.GET.get("dv"):
        places = {id: place for id, place in places.items() if place.code == code}
        if not places:
            raise Http404
    offered = periods_counted(places)
    key, _at, rule = request.GET.get("ky", "").partition("@")
    wanted = (key, rule) if (key, rule) in offered else None
    if key and wanted is None:
        raise Http404
    return Asked(places, offered, wanted or next(iter(offered), None))


@login_required
@never_cache
@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    what = _asked(request)
    found = what.found()
    context = {
        "periods": counted.period_choices(what.offered),
        "chosen": "@".join(what.chosen) if what.chosen else "",
        "unit": request.GET.get("dv", ""),
        "lines": counted.lines(found[:SHOWN], what.places),
        "count": len(found),
        "shown": SHOWN,
        "disputes": open_count(what.places),
        "query": request.GET.urlencode(),
    }
    return render(request, "reporting/differences.html", context)


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, ext: str) -> HttpResponseBase:
    if ext not in ("csv", "xlsx"):
        raise Http404
    what = _asked(request)
    key, rule = what.chosen or ("", "")
    covered = periods.label(periods.parse(key, periods.Rule(rule)), words.lang()) if key else ""
    about = About(title=_("Số nhập tay lệch số hệ thống"), period=covered)
    rows = counted.table(what.found(), what.places)
    return files.answer(files.Sheet(f"so-lech-{key or 'chua-co'}", counted.header(), rows, about), ext)
