"""Figures that the system counted: of one cell, of a form, of many units."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Subquery

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form

from ..models import DerivedValue, Dispute, Report, Value
from ..policies.derived import stands
from ..states import DisputeState, State

FILLED = Q(raw="") & (Q(number__isnull=False) | ~Q(no_figure_reason=""))
LIVE = (DisputeState.OPEN.value, DisputeState.UPHELD.value)
UNITS_PER_QUERY = 2_000


@dataclass(frozen=True, slots=True)
class SystemFigure:
    """`number` stands, `latest` is the newest counting; `corrected`: what an upheld dispute puts before both.
    `dispute`: the one that is open or upheld."""

    id: int
    unit_id: int
    element_id: int
    period: str
    kind: str
    rule: str
    start: date
    end: date
    number: Decimal | None
    records: int
    definition: int
    snapshot: str
    at: datetime
    latest: Decimal | None
    latest_records: int
    latest_snapshot: str
    latest_at: datetime
    frozen_by: int | None
    frozen_at: datetime | None
    dispute: int | None
    dispute_state: str
    corrected: Decimal | None

    @property
    def shown(self) -> Decimal | None:
        return self.number if self.corrected is None else self.corrected

    @property
    def moved(self) -> bool:
        """Counted anew with another result since it was sent."""
        return self.frozen_by is not None and self.latest != self.number


_FIELDS = (
    "id", "unit_id", "element_id", "period", "kind", "rule", "start", "end", "number", "records",
    "definition", "snapshot", "at", "latest", "latest_records", "latest_snapshot", "latest_at",
    "frozen_by_id", "frozen_at",
    "live_id", "live_state", "live_corrected",
)  # fmt: skip


def system_figures(
    unit_ids: Collection[int],
    periods: Collection[str],
    element_ids: Collection[int] | None = None,
    rule: str = "",
) -> list[SystemFigure]:
    """By unit, period, element. One query per 2,000 units."""
    return list(_figures(sorted(unit_ids), list(periods), element_ids, rule))


def _figures(
    units: list[int], periods: list[str], element_ids: Collection[int] | None, rule: str
) -> Iterator[SystemFigure]:
    for first in range(0, len(units), UNITS_PER_QUERY):
        rows = DerivedValue.objects.filter(
            unit_id__in=units[first : first + UNITS_PER_QUERY], period__in=periods, split="", attribution=""
        )
        if element_ids is not None:
            rows = rows.filter(element_id__in=list(element_ids))
        if rule:
            rows = rows.filter(rule=rule)
        yield from figures_of(rows.order_by("unit_id", "period", "element_id"))


def figures_of(rows: object) -> Iterator[SystemFigure]:
    """Rows of derived values with their live dispute."""
    live = Dispute.objects.filter(value=OuterRef("pk"), state__in=LIVE)
    found = rows.annotate(  # type: ignore[attr-defined]
        live_id=Subquery(live.values("id")[:1]),
        live_state=Subquery(live.values("state")[:1]),
        live_corrected=Subquery(live.values("corrected")[:1]),
    )
    for row in found.values_list(*_FIELDS):
        cells = (*row[:20], row[20] or "", row[21])
        yield SystemFigure(*cells)


Cells = dict[tuple[int, str, str], dict[int, SystemFigure]]
"""(unit, period key, window rule) → element id → what the system counted"""


def by_report(found: Iterable[SystemFigure]) -> Cells:
    cells: Cells = {}
    for one in found:
        cells.setdefault((one.unit_id, one.period, one.rule), {})[one.element_id] = one
    return cells


def standing(cells: Cells, report: Report) -> dict[int, SystemFigure]:
    """Element id → what stands in the cells of this report (one that is not stored yet: `pk` None)."""
    state = State(report.state)
    return {
        element: one
        for element, one in cells.get((report.unit_id, report.period, report.rule), {}).items()
        if stands(one.shown, one.frozen_by, report.pk, state)
    }


def filled_cells(
    unit_ids: Collection[int], forms: Iterable[Form], periods: Collection[str]
) -> Callable[[int, Form, str, int | None, State], int]:
    """A function from (unit, form, period key, report or None, state) to how many cells the system fills
    where nobody has typed. One query, none where it counts no cell of these forms."""
    counted = {form.code: {catalogue.current().elements[code].id for code in form.counted} for form in forms}
    elements = {id for ids in counted.values() for id in ids}
    found: dict[tuple[int, str, str], list[tuple[int, int | None]]] = {}
    if elements:
        typed = Value.objects.filter(
            FILLED,
            report__unit=OuterRef("unit"),
            report__period=OuterRef("period"),
            report__rule=OuterRef("rule"),
            element=OuterRef("element"),
        )
        rows = DerivedValue.objects.filter(
            ~Exists(typed),
            unit_id__in=unit_ids,
            period__in=periods,
            element_id__in=elements,
            number__isnull=False,
        )
        for unit, key, rule, element, report in rows.values_list(
            "unit_id", "period", "rule", "element_id", "frozen_by_id"
        ):
            found.setdefault((unit, key, rule), []).append((element, report))

    def count(unit: int, form: Form, period: str, report: int | None, state: State) -> int:
        return sum(
            element in counted[form.code] and stands(1, frozen_by, report, state)
            for element, frozen_by in found.get((unit, period, form.rule.value), ())
        )

    return count


def records_behind(
    unit_ids: Collection[int], period: str, rule: str, element_ids: Collection[int]
) -> dict[int, int]:
    """Unit → of how many records the largest of these figures was counted; without those that nothing was
    counted for. A numerator is counted of a part of the records of its denominator. One query."""
    found: dict[int, int] = {}
    for one in system_figures(unit_ids, [period], element_ids, rule):
        if one.number is not None:
            found[one.unit_id] = max(one.records, found.get(one.unit_id, 0))
    return found


def counted_windows(element_ids: Iterable[int]) -> set[tuple[int, str, str]]:
    """(unit, period key, window rule) of what has a figure of these elements; where its records went it must
    lose it."""
    rows = DerivedValue.objects.filter(element_id__in=list(element_ids), latest__isnull=False)
    return set(rows.values_list("unit_id", "period", "rule").distinct())


def no_longer_counted(element_ids: Collection[int]) -> list[tuple[int, int, str, str, int]]:
    """(unit, element, period key, window rule, definition) of figures whose element is no longer counted."""
    rows = DerivedValue.objects.filter(latest__isnull=False).exclude(element_id__in=list(element_ids))
    return list(rows.values_list("unit_id", "element_id", "period", "rule", "latest_definition"))


def form_with(element: str, kind: str, rule: str) -> str:
    """Code of the form that holds this element for such periods; "" where none does."""
    for form in catalogue.current().forms.values():
        if (form.kind.value, form.rule.value) == (kind, rule) and element in form.elements:
            return form.code
    return ""
