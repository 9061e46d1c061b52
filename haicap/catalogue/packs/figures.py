"""Published figures of the press and of portals, re-authored with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.catalogue.packs import files
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.packs.problems import Problems
from haicap.core import periods
from haicap.core.counts import Grade
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule

FILE = "figures.yaml"
KINDS = (Kind.DAY, Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.NINE_MONTHS, Kind.YEAR)


@dataclass(frozen=True)
class DeclaredFigure:
    """`start` ≤ day < `end`; `period_key` under the calendar rule (a campaign key where no period fits).

    `low` … `high` is the range that fits; None on one side means open ("more than 500").
    """

    unit_code: str
    level: int
    element_code: str
    start: date
    end: date
    period_key: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    grade: Grade
    source: str
    note: str


def published(path: Path) -> list[DeclaredFigure]:
    """All figures of the file, or of figures.yaml in the folder. Refusal "pack.invalid"."""
    file = path / FILE if path.is_dir() else path
    problems = Problems()
    top = Fields(files.read(file, problems), file.name, problems, (file.name, 1))
    top.known({"figures"})
    found = [figure for one in top.children("figures") for figure in _window(one)]
    problems.raise_if_any()
    return found


def key_of(start: date, end: date) -> str:
    """The calendar period that is exactly this window, else a campaign key."""
    for kind in KINDS:
        period = periods.containing(start, kind, Rule.CALENDAR)
        if (period.start, period.end) == (start, end):
            return period.key
    return f"{start.isoformat()}..{(end - timedelta(days=1)).isoformat()}"


def _window(one: Fields) -> list[DeclaredFigure]:
    one.known({"unit", "from", "to", "source", "values"})
    unit, start, last = one.unit("unit"), one.day("from"), one.day("to")
    if unit is None or start is None or last is None or last < start:
        one.problem(None, _("cần đơn vị, ngày đầu và ngày cuối theo thứ tự"))
        return []
    end = last + timedelta(days=1)
    source = one.text("source")
    key = key_of(start, end)
    try:
        periods.parse(key, Rule.CALENDAR)
    except Refusal:
        one.problem("from", _("không có kỳ nào như vậy"))
        return []
    found = []
    for value in one.children("values"):
        value.known({"element", "value", "low", "high", "grade", "note"})
        number = value.number("value")
        if number is None:
            value.problem("value", _("thiếu «%(key)s»") % {"key": "value"})
            continue
        found.append(
            DeclaredFigure(
                unit_code=unit.code,
                level=unit.level,
                element_code=value.text("element", longest=40),
                start=start,
                end=end,
                period_key=key,
                value=number,
                low=value.number("low"),
                high=value.number("high"),
                grade=value.choice("grade", Grade, Grade.DECLARED),
                source=source,
                note=value.text("note", required=False),
            )
        )
    return found
