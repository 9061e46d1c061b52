"""What goes into the workbook of one unit, or of many: what stands in the cells, and what stood before.

A cell that the system counts holds what it counted, and the door "derived" keeps it shut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Element, Form
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..models import Report, Value
from ..policies.cells import Content
from ..states import DERIVED, FACTS, State
from .casefile import form_of
from .derived import Cells as SystemCells
from .derived import by_report, standing, system_figures

EMPTY = Content()
Elements = Mapping[int, Element]


@dataclass(frozen=True, slots=True)
class Stored:
    """A cell now. `version` 0: never touched."""

    content: Content = EMPTY
    version: int = 0
    door: str = ""


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """`form` is the version that the report is made with; `cells` and `previous` by "ELEMENT", or
    "ELEMENT.SPLIT" for one part of a breakdown."""

    place: Place
    form: Form
    state: State = State.OPEN
    version: int = 0
    cells: dict[str, Stored] = field(default_factory=dict)
    previous: dict[str, Decimal] = field(default_factory=dict)

    def at(self, code: str) -> Stored:
        return self.cells.get(code, Stored())


def unit_sheets(form: Form, period: Period, places: Sequence[Place]) -> list[UnitSheet]:
    """One sheet per place, in their order, whether its report was opened or not. `form` is the version in
    force. Three queries, one more where the system counts a cell of the form."""
    ids = [place.id for place in places]
    reports = Report.objects.filter(form=form.code, period=period.key, unit_id__in=ids)
    by_unit = {report.unit_id: report for report in reports}
    book = catalogue.current().elements_by_id
    cells, before = _cells(form, period, ids, book), _before(form, period, ids, book)
    counted = _counted(form, period, ids)
    found = []
    for place in places:
        report = by_unit.get(place.id)
        own = form if report is None or report.form_number == form.number else form_of(report)
        state, version = (State.OPEN, 0) if report is None else (State(report.state), report.version)
        stand = report or Report(unit_id=place.id, period=period.key, rule=period.rule.value)
        for element_id, one in standing(counted, stand).items():
            code, own_cells = book[element_id].code, cells.setdefault(place.id, {})
            typed = own_cells.get(code, Stored())
            own_cells[code] = Stored(Content(number=one.shown), typed.version, DERIVED)
        found.append(UnitSheet(place, own, state, version, cells.get(place.id, {}), before.get(place.id, {})))
    return found


def _counted(form: Form, period: Period, ids: Sequence[int]) -> SystemCells:
    if not form.counted:
        return {}
    book = catalogue.current().elements
    elements = {book[code].id for code in form.counted}
    return by_report(system_figures(ids, [period.key], elements, period.rule.value))


def _cells(form: Form, period: Period, ids: Sequence[int], book: Elements) -> dict[int, dict[str, Stored]]:
    found: dict[int, dict[str, Stored]] = {}
    rows = _official(form, period.key, ids).exclude(origin="declared")
    for unit_id, element_id, split, number, reason, raw, refusal, text, version, door in rows.values_list(
        "report__unit_id",
        "element_id",
        "split",
        "number",
        "no_figure_reason",
        "raw",
        "refusal",
        "text",
        "version",
        "door",
    ):
        held = Content(number=number, reason=reason, raw=raw, refusal=refusal, text=text)
        code = _code(book[element_id].code, split)
        found.setdefault(unit_id, {})[code] = Stored(held, version, door)
    return found


def _before(form: Form, period: Period, ids: Sequence[int], book: Elements) -> dict[int, dict[str, Decimal]]:
    """What was sent for the period before: an unsent figure is none."""
    try:
        key = periods.shift(period, -1).key
    except Refusal:
        return {}
    found: dict[int, dict[str, Decimal]] = {}
    rows = _official(form, key, ids).filter(report__state__in=FACTS, number__isnull=False)
    for unit_id, element_id, split, number in rows.values_list(
        "report__unit_id", "element_id", "split", "number"
    ):
        if number is not None:
            found.setdefault(unit_id, {})[_code(book[element_id].code, split)] = number
    return found


def _code(element: str, split: str) -> str:
    return f"{element}.{split}" if split else element


def _official(form: Form, key: str, ids: Sequence[int]) -> QuerySet[Value]:
    return Value.objects.filter(
        report__form=form.code,
        report__period=key,
        report__unit_id__in=ids,
        attribution="",
        scenario="official",
    )
