"""What an address under /ho-so/ asks for: ?xa=unit code &ky=month &thu-tuc=procedure &nguon=source &sx=sort.

What is unknown or out of scope is as if it did not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext

from haicap.accounts.scopes import Scope, scope_in
from haicap.core import clock, numbers, periods
from haicap.core.periods import Kind, Period, Rule
from haicap.units import lineage
from haicap.units import queries as units
from haicap.units.queries import Place
from haicap.units.states import Level

from ..presenters.tables import lang
from ..queries import naming
from ..queries.freshness import Freshness, freshness

MONTHS = 13
PAGE = 50
LONGEST = 80
#: more communes than any province has
MANY = 400


@dataclass(frozen=True)
class Asked:
    """`places`: the communes that the reader may see, ended ones too; `unit`: the one chosen."""

    scope: Scope
    now: datetime
    period: Period
    months: tuple[Period, ...]
    places: tuple[Place, ...]
    unit: Place | None
    procedure: str
    source: str
    sort: str
    data: QueryDict

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset({self.unit.id} if self.unit else (one.id for one in self.places))

    @property
    def chosen(self) -> tuple[Place, ...]:
        return (self.unit,) if self.unit else self.places

    @property
    def single(self) -> bool:
        """About one commune: chosen, or the reader sees no other."""
        return self.unit is not None

    @cached_property
    def by_id(self) -> dict[int, Place]:
        return {one.id: one for one in self.places}

    @cached_property
    def sources(self) -> dict[int, Freshness]:
        return dict(freshness(self.now))

    @cached_property
    def names(self) -> dict[str, str]:
        """Procedure code → name."""
        return dict(naming.procedure_names(lang()))

    @property
    def query(self) -> str:
        """The address without the page, for downloads and sorting."""
        kept = self.data.copy()
        kept.pop("trang", None)
        return kept.urlencode()

    def with_(self, **changed: str) -> str:
        kept = self.data.copy()
        kept.pop("trang", None)
        for name, value in changed.items():
            kept[name.replace("_", "-")] = value
        return f"?{kept.urlencode()}"


def asked(request: HttpRequest) -> Asked:
    scope, now, data = scope_in(request), clock.now(), request.GET
    running = periods.containing(clock.local(now).date(), Kind.MONTH, Rule.CALENDAR)
    months = tuple(periods.shift(running, -n) for n in range(MONTHS))
    period = next((one for one in months if one.key == data.get("ky")), months[1])
    if data.get("ky") and period.key != data["ky"]:
        raise Http404
    places = _places(scope, months[-1])
    unit = _unit(places, data.get("xa", ""))
    if unit is None and len(places) == 1:
        unit = places[0]
    procedure, source = (data.get(name, "")[:LONGEST] for name in ("thu-tuc", "nguon"))
    return Asked(scope, now, period, months, places, unit, procedure, source, data.get("sx", ""), data)


def _places(scope: Scope, oldest: Period) -> tuple[Place, ...]:
    """Units of today, those that an act has ended since the oldest month, and those whose work an act gave to
    the reader's unit."""
    found: set[int] = set()
    for grant in scope.grants:
        found |= units.ever_under(grant.unit_id, oldest.start)
        found |= {old.id for old in lineage.owing_for(grant.unit_id)}
    known = [one for one in units.by_ids(found).values() if one.level == Level.COMMUNE]
    if len(known) > MANY:
        # whoever sees the whole country looks at the provinces that have brought dossiers in
        paths = [units.by_id(one).path for one in naming.owners()]
        known = [one for one in known if any(one.path.startswith(path) for path in paths)]
    return tuple(sorted(known, key=lambda one: one.code))


def _unit(places: tuple[Place, ...], code: str) -> Place | None:
    if not code:
        return None
    # a code may have passed on: it means the unit of today, else the last one that bore it
    found = max((one for one in places if one.code == code), key=lambda one: one.valid_from, default=None)
    if found is None:
        raise Http404
    return found


def page_of(rows: QuerySet[Any], data: QueryDict) -> tuple[Page[Any], str]:
    """The page that the address names, and the words "Dòng 51 đến 100 trong 1.204"."""
    page = Paginator(rows, PAGE).get_page(data.get("trang"))
    told = {
        "first": numbers.format(page.start_index(), lang()),
        "last": numbers.format(page.end_index(), lang()),
        "all": numbers.format(page.paginator.count, lang()),
    }
    return page, gettext("Dòng %(first)s đến %(last)s trong %(all)s") % told
