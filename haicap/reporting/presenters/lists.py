"""The two lists: what a commune owes, how a form stands over a province."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from haicap.core import numbers, periods
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..policies.timing import Timeliness
from ..queries import BoardRow, Progress, UnitRow
from ..states import FACTS, STATE_LABELS, State
from . import words


@dataclass(frozen=True, slots=True)
class Line:
    """One report of one unit in a list."""

    href: str
    title: str
    place: str
    period: str
    window: str
    state: str
    state_code: str
    left: str
    due: str
    filled: str
    urgent: bool
    report_id: int | None = None
    version: int = 0
    waiting: bool = False
    submitted: str = ""
    submitted_by: str = ""
    refusal: str = ""
    sent_back: str = ""


def address(form: str, period: Period, place: Place, name: str = "report", **more: str) -> str:
    return reverse(f"reporting:{name}", args=[form, period.key, place.code, *more.values()])


def my_line(row: BoardRow, place: Place, now: datetime) -> Line:
    lang = words.lang()
    return Line(
        href=address(row.form, row.period, place),
        title=row.title,
        place=place.full_name,
        period=periods.label(row.period, lang),
        window=periods.window_label(row.period, lang),
        state=words.state(row.state, row.reopened),
        state_code=row.state.value,
        left=words.left(row.deadline, row.submitted, now),
        due=words.due(row.deadline),
        filled=_filled(row.filled, row.total, lang),
        urgent=row.timeliness(now) is Timeliness.OVERDUE or row.state is State.RETURNED,
        submitted=words.moment(row.submitted),
        sent_back=row.sent_back,
    )


def unit_lines(
    rows: Collection[UnitRow],
    form: str,
    period: Period,
    total: int,
    now: datetime,
    refused: Mapping[int, str],
) -> list[Line]:
    """Refused decisions first, then those that wait for one, late ones, the rest; by code within each.

    `refused`: report id → why the decision just made about it was refused.
    """
    lang = words.lang()
    names = words.names(row.submitted_by for row in rows)
    lines = [
        Line(
            href=address(form, period, row.place),
            title="",
            place=row.place.full_name,
            period=periods.label(period, lang),
            window="",
            state=words.state(row.state, row.reopened),
            state_code=row.state.value,
            left=words.left(row.deadline, row.submitted, now),
            due="",
            filled=_filled(row.filled, total, lang),
            urgent=row.timeliness(now) in (Timeliness.OVERDUE, Timeliness.LATE),
            report_id=row.report_id,
            version=row.version,
            waiting=row.state is State.SUBMITTED,
            submitted=words.moment(row.submitted),
            submitted_by=names.get(row.submitted_by, ""),
            refusal=refused.get(row.report_id or 0, ""),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.refusal, not line.waiting, not line.urgent))


def _filled(filled: int, total: int, lang: str) -> str:
    return f"{numbers.format(filled, lang)}/{numbers.format(total, lang)}"


@dataclass(frozen=True, slots=True)
class Tile:
    """A count that filters the list."""

    code: str
    label: str
    count: str
    active: bool


def tiles(found: Progress, chosen: str) -> list[Tile]:
    """Every expected unit is counted once under its state, in the order of the road."""
    lang = words.lang()
    return [
        Tile(state.value, str(STATE_LABELS[state]), numbers.format(count, lang), state.value == chosen)
        for state, count in found.states.items()
        if count or state.value == chosen
    ]


def rate(found: Progress) -> str:
    """ "68/102": reports that are in, of those expected."""
    lang = words.lang()
    sent = sum(count for state, count in found.states.items() if state in FACTS)
    return _filled(sent, found.expected, lang)
