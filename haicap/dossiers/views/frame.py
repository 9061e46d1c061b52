"""What the head of every page of the room needs: tabs, pickers, age of the sources."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from haicap.core import clock, periods
from haicap.tables.excel import About
from haicap.tables.sheets import Sheet

from .. import permissions
from ..presenters import sources
from ..presenters.tables import Table, lang, moment_words, shown
from ..queries import naming
from .asked import Asked

TABS = (
    ("queue", gettext_lazy("Đang giải quyết")),
    ("overdue", gettext_lazy("Đang quá hạn")),
    ("rates", gettext_lazy("Đúng hạn")),
    ("procedures", gettext_lazy("Theo thủ tục")),
    ("submitters", gettext_lazy("Ai nộp")),
    ("silence", gettext_lazy("Im lặng")),
    ("disputes", gettext_lazy("Đề nghị xem lại")),
    ("signals", gettext_lazy("Câu hỏi")),
)
#: pages that stand under the tab of another
TAB_OF = {"late": "overdue"}
#: pages whose figures belong to a month
DATED = frozenset({"late", "rates", "procedures", "submitters", "signals"})
#: pages that a source narrows
SOURCED = frozenset({"queue", "overdue"})


def frame(what: Asked, here: str, **more: Any) -> dict[str, Any]:
    more = {name: _shown(one, what) for name, one in more.items()}
    kept = f"?xa={what.unit.code}" if what.unit and len(what.places) > 1 else ""
    return {
        "what": what,
        "here": here,
        "tabs": [
            (reverse(f"dossiers:{name}") + kept, label, name == TAB_OF.get(here, here))
            for name, label in TABS
        ],
        "months": [(one.key, periods.label(one, lang())) for one in what.months] if here in DATED else [],
        "period": what.period,
        "any_month": here == "signals",
        "picked": what.data.get("ky", "") if here == "signals" else what.period.key,
        "picks_unit": len(what.places) > 1,
        "source_choices": naming.source_codes() if here in SOURCED else [],
        "ages": sources.lines(what.sources),
        "at": moment_words(what.now),
        "query": what.query,
        "looks_in": any(grant.role in permissions.LOOKS for grant in what.scope.grants),
        **more,
    }


def _shown(one: Any, what: Asked) -> Any:
    return shown(one, what.sort, lambda word: what.with_(sx=word)) if isinstance(one, Table) else one


def sheet(table: Table, what: Asked, name: str = "") -> Sheet:
    """A table of a page as a file, with the age of every source."""
    ages = "; ".join(sources.age(one) for one in what.sources.values())
    about = About(
        title=table.title,
        period=table.period,
        coverage=table.coverage,
        more=((gettext("Nguồn dữ liệu"), ages),),
    )
    stem = f"ho-so-{name or table.code}-{clock.local(what.now):%Y-%m-%d}"
    return Sheet(stem, table.header(), table.values(), about)
