"""Who is late now, who may become late, and how it was over the last periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import scope_in
from haicap.catalogue.queries import Form, spoken
from haicap.core import clock
from haicap.tables import sheets as files
from haicap.tables.excel import About
from haicap.tables.values import Value
from haicap.units import queries as units
from haicap.units.queries import Place

from ..presenters import timeliness as board
from ..presenters import words
from ..queries.boards import open_forms
from ..queries.outstanding import outstanding
from ..queries.timeliness import history
from .lists import seen_by

BACKS = (3, 6, 12)
USUAL_BACK = 6
SOON_WORKING_DAYS = 3
SHOWN = 50
TABLES = ("chua-gui", "lich-su")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `unit` None: every unit in scope; `form` None: every form."""

    forms: tuple[Form, ...]
    form: Form | None
    places: tuple[Place, ...]
    unit: Place | None
    back: int
    now: datetime

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(one.id for one in self.places) if self.unit is None else frozenset({self.unit.id})

    @property
    def offered(self) -> list[Place]:
        """Units of today for the picker; those that an act has ended are counted, not offered."""
        return [one for one in self.places if one.holds_on(clock.local(self.now).date())]

    @property
    def chosen(self) -> tuple[Form, ...]:
        return self.forms if self.form is None else (self.form,)


def asked(request: HttpRequest) -> Asked:
    """?mau=form&dv=unit code&so=3|6|12; what is unknown or out of scope is as if it did not exist."""
    now, seen = clock.now(), seen_by(scope_in(request))
    forms = tuple(form for form, _keys in open_forms(now, seen))
    places = tuple(sorted(units.by_ids(seen).values(), key=lambda one: one.code))
    kinds = {kind for form in forms for one in form.obligations for kind in one.kinds}
    listed = {id_ for form in forms for one in form.obligations for id_ in one.units}
    owing = tuple(one for one in places if one.kind in kinds or one.id in listed)
    data = request.GET
    form = _chosen(forms, data)
    named = [one for one in owing if one.code == data.get("dv")]
    # a code may have passed on: it means the unit of today, else the last one that bore it
    unit = max(named, key=lambda one: one.valid_from, default=None)
    if data.get("dv") and unit is None:
        raise Http404
    back = next((n for n in BACKS if str(n) == data.get("so")), USUAL_BACK)
    return Asked(forms, form, owing, unit, back, now)


def _chosen(forms: tuple[Form, ...], data: QueryDict) -> Form | None:
    if not data.get("mau"):
        return None
    found = next((form for form in forms if form.code == data["mau"]), None)
    if found is None:
        raise Http404
    return found


@login_required
@never_cache
@require_safe
def timeliness(request: HttpRequest) -> HttpResponse:
    what, lang = asked(request), words.lang()
    owed = outstanding(what.now, what.unit_ids, what.form.code if what.form else "")
    late, risk = board.late(owed, what.now), board.at_risk(owed, what.now, SOON_WORKING_DAYS)
    past = history(what.chosen, what.back, what.unit_ids, what.now)
    total = past.total
    context = {
        "what": what,
        "forms": [(one.code, spoken(one.labels, lang)) for one in what.forms],
        "backs": BACKS,
        "late": board.owed_lines(late[:SHOWN], what.now),
        "late_count": len(late),
        "risk": board.owed_lines(risk[:SHOWN], what.now),
        "risk_count": len(risk),
        "shown": SHOWN,
        "soon": SOON_WORKING_DAYS,
        "heads": board.heads(past),
        "lines": board.history_lines(past),
        "total": total,
        "rate": board.percent(total.rate),
        "window": board.window(past),
        "reporting": len(past.rows),
        "at": words.moment(what.now),
        "query": request.GET.urlencode(),
    }
    return render(request, "reporting/timeliness.html", context)


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, table: str, ext: str) -> HttpResponseBase:
    """table: "chua-gui" (late and at risk) or "lich-su" (history); ext: "csv" or "xlsx"."""
    if table not in TABLES or ext not in ("csv", "xlsx"):
        raise Http404
    what = asked(request)
    header, rows, covered = _table(what, table)
    name = f"dung-han-{table}-{clock.local(what.now):%Y-%m-%d}"
    about = About(title=_("Nộp báo cáo đúng hạn"), period=covered)
    return files.answer(files.Sheet(name, header, rows, about), ext)


def _table(what: Asked, table: str) -> tuple[list[str], list[Sequence[Value]], str]:
    if table == "lich-su":
        past = history(what.chosen, what.back, what.unit_ids, what.now)
        return board.history_header(), list(board.history_rows(past)), board.window(past)
    owed = outstanding(what.now, what.unit_ids, what.form.code if what.form else "")
    kept = [*board.late(owed, what.now), *board.at_risk(owed, what.now, SOON_WORKING_DAYS)]
    return board.owed_header(), list(board.owed_rows(kept, what.now)), ""
