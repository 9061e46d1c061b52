"""Everything a batch looks up, once: forms, windows, units, obligations, the cells of a form."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from haicap.accounts.scopes import Scope
from haicap.catalogue import calendar, formulas
from haicap.catalogue import queries as catalogue
from haicap.catalogue.formulas import Comparison
from haicap.catalogue.queries import Check, Element, Form
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.queries import Place

from .. import permissions
from ..models import Report
from ..policies import taken, workflow
from ..policies.checks import Weight
from ..states import Act, State
from .locking import is_due

T = TypeVar("T")
ReportKey = tuple[int, str, str]
"""unit id, form code, period key"""
Cell = tuple[str, str, str, str]
"""element code, split, attribution, scenario"""
CellKey = tuple[int, str, str, str]
"""the same with the element's id"""
HardCheck = tuple[Check, Comparison, list[Element]]


class Rules:
    """Each answer is kept, and so is each refusal: a wrong form costs one look-up, not one per datum."""

    def __init__(self, scope: Scope, at: datetime) -> None:
        self.scope, self.at = scope, at
        self._catalogue = catalogue.current()
        self._windows: dict[tuple[str, str], tuple[Form, Period, datetime] | Refusal] = {}
        self._places: dict[int, Place | Refusal] = {}
        self._owed: dict[ReportKey, Refusal | None] = {}
        self._forms: dict[tuple[str, int], Form | Refusal] = {}
        self._cells: dict[tuple[str, int], dict[Cell, tuple[Element, CellKey] | Refusal]] = {}
        self._hard: dict[tuple[str, int], list[HardCheck]] = {}
        self._required: dict[tuple[str, int], list[Element]] = {}

    def note_places(self, unit_ids: Iterable[int]) -> None:
        """Look these units up together; one that is unknown here is refused by `place`."""
        fresh = set(unit_ids) - self._places.keys()
        for unit_id, place in units.by_ids(fresh).items():
            try:
                permissions.check_intake(self.scope, place)
                self._places[unit_id] = place
            except Refusal as refusal:
                self._places[unit_id] = refusal

    def place(self, unit_id: int) -> Place:
        return _once(self._places, unit_id, lambda: units.by_id(unit_id))

    def window(self, form: str, period: str) -> tuple[Form, Period, datetime]:
        return _once(self._windows, (form, period), lambda: self._window(form, period))

    def _window(self, code: str, key: str) -> tuple[Form, Period, datetime]:
        form = catalogue.form(code)
        period = workflow.check_period(form, key)
        workflow.check_open(form, period, self.at)
        return form, period, calendar.deadline(form, period)

    def check_owed(self, key: ReportKey, form: Form, period: Period, place: Place) -> None:
        _once(self._owed, key, lambda: workflow.check_obliged(form, place, period))

    def form_of(self, report: Report) -> Form:
        """The version of the form that the report was opened with."""
        current = self._catalogue.forms.get(report.form)
        if current is not None and current.number == report.form_number:
            return current
        code, number = report.form, report.form_number
        return _once(self._forms, (code, number), lambda: catalogue.form(code, number))

    def cell(self, form: Form, cell: Cell) -> tuple[Element, CellKey]:
        """The element and the ids of a cell. Refusals cell., split., attribution. and scenario.unknown."""
        return _once(self.cells(form), cell, lambda: self._cell(form, *cell))

    def cells(self, form: Form) -> dict[Cell, tuple[Element, CellKey] | Refusal]:
        """What `cell` has found so far for this version of the form: to look there first costs no call."""
        return self._cells.setdefault((form.code, form.number), {})

    def _cell(
        self, form: Form, code: str, split: str, attribution: str, scenario: str
    ) -> tuple[Element, CellKey]:
        element = self._catalogue.elements.get(code)
        if element is None or code not in form.elements:
            raise taken.refusal("cell.unknown")
        # Without a breakdown only the total; with one its parts, the total is not stored beside them.
        if split not in (element.splits or ("",)):
            raise taken.refusal("split.unknown")
        if attribution and attribution not in form.attributions:
            raise taken.refusal("attribution.unknown")
        if scenario not in taken.SCENARIOS:
            raise taken.refusal("scenario.unknown")
        return element, (element.id, split, attribution, scenario)

    def hard(self, form: Form) -> list[HardCheck]:
        """The hard checks of a form, parsed once, each with its elements."""
        key = (form.code, form.number)
        if key not in self._hard:
            book = self._catalogue.elements
            parsed = [
                (check, formulas.parse_check(check.expression, book))
                for check in form.checks
                if check.kind == Weight.HARD
            ]
            self._hard[key] = [
                (check, comparison, [book[code] for code in comparison.elements])
                for check, comparison in parsed
            ]
        return self._hard[key]

    def required(self, form: Form) -> list[Element]:
        """The elements of the cells that must hold a figure or say why there is none."""
        key = (form.code, form.number)
        if key not in self._required:
            book = self._catalogue.elements
            self._required[key] = [book[cell.element] for cell in form.cells if cell.required]
        return self._required[key]


def _once(kept: dict[Any, Any], key: Any, find: Callable[[], T]) -> T:
    if key not in kept:
        try:
            kept[key] = find()
        except Refusal as refusal:
            kept[key] = refusal
    found: T | Refusal = kept[key]
    if isinstance(found, Refusal):
        raise found
    return found


def may_fill(report: Report, form: Form, at: datetime) -> State:
    """The state after the write. A regime without approval takes corrections after acceptance too, as a new
    submission, until its day of locking, whether or not the routine has come round; Refusal report.step
    otherwise."""
    state = State(report.state)
    if state is State.ACCEPTED and is_due(report, form, at):
        state = State.LOCKED
    if not form.approval and state in (State.SUBMITTED, State.ACCEPTED):
        return state
    return workflow.check_step(state, Act.FILL).target
