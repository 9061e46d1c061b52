"""Judging the data of a batch: each alone, by the rules of the grid, every look-up made once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from haicap.accounts.scopes import Scope
from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Element, Form
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.ui import wording
from haicap.units import queries as units
from haicap.units.queries import Place

from .. import permissions
from ..models import Report
from ..policies import taken, workflow
from ..policies.cells import Content
from ..policies.taken import Fate
from ..queries.casefile import form_of
from ..states import Act, State
from .intakerows import CellPreview, Datum, Rejection, Strategy
from .opening import blank

T = TypeVar("T")
ReportKey = tuple[str, str, int]
CellKey = tuple[int, str, str, str]


class Stored(NamedTuple):
    """A cell as it stands: `id` 0 while nothing was ever written."""

    id: int
    version: int
    content: Content
    door: str


NOTHING = Stored(0, 0, Content(), "")


class Write(NamedTuple):
    """One cell to be written."""

    key: CellKey
    stored: Stored
    content: Content
    why: str


@dataclass
class Group:
    """The data of one report in one chunk; `report` is not stored yet while its `pk` is None."""

    key: ReportKey
    form: Form
    period: Period
    place: Place
    report: Report
    writes: list[Write] = field(default_factory=list)


@dataclass
class Tally:
    """What became of every datum so far."""

    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    rejections: list[Rejection] = field(default_factory=list)
    cells: list[CellPreview] = field(default_factory=list)

    def reject(self, datum: Datum, code: str, message: str, other: int | None = None) -> None:
        found = Rejection(
            datum.index, datum.place, code, message, datum.element, datum.unit_id, datum.period, other
        )
        self.rejections.append(found)


class Rules:
    """Everything a batch looks up, each kept with its answer or its refusal."""

    def __init__(self, scope: Scope, at: datetime) -> None:
        self.scope, self.at = scope, at
        self.book = catalogue.current().elements
        self._windows: dict[tuple[str, str], tuple[Form, Period, datetime] | Refusal] = {}
        self._places: dict[int, Place | Refusal] = {}
        self._owed: dict[ReportKey, Refusal | None] = {}
        self._cells: dict[tuple[str, int], dict[str, tuple[Element, frozenset[str]]]] = {}

    def window(self, form: str, period: str) -> tuple[Form, Period, datetime]:
        return _once(self._windows, (form, period), lambda: self._window(form, period))

    def _window(self, code: str, key: str) -> tuple[Form, Period, datetime]:
        form = catalogue.form(code)
        period = workflow.check_period(form, key)
        workflow.check_open(form, period, self.at)
        return form, period, calendar.deadline(form, period)

    def place(self, unit_id: int) -> Place:
        return _once(self._places, unit_id, lambda: self._place(unit_id))

    def _place(self, unit_id: int) -> Place:
        place = units.by_id(unit_id)
        permissions.check_intake(self.scope, place)
        return place

    def check_owed(self, key: ReportKey, form: Form, period: Period, place: Place) -> None:
        _once(self._owed, key, lambda: workflow.check_obliged(form, place, period))

    def cells(self, form: Form) -> dict[str, tuple[Element, frozenset[str]]]:
        """Elements of this version of the form by code, each with the splits it may have."""
        key = (form.code, form.number)
        if key not in self._cells:
            # Without a breakdown only the total; with one its parts, the total is not stored beside them.
            self._cells[key] = {
                code: (self.book[code], frozenset(self.book[code].splits or ("",))) for code in form.elements
            }
        return self._cells[key]


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


def may_fill(report: Report, form: Form) -> State:
    """The state after the write. A regime without approval takes corrections after acceptance too, as a new
    submission; Refusal report.step otherwise."""
    state = State(report.state)
    if not form.approval and state in (State.SUBMITTED, State.ACCEPTED):
        return state
    return workflow.check_step(state, Act.FILL).target


def judge(
    group: Group,
    data: Iterable[Datum],
    stored: dict[CellKey, Stored],
    rules: Rules,
    tally: Tally,
    *,
    strategy: Strategy,
    lang: str,
    preview: bool,
) -> None:
    """Fill `group.writes` and the tally."""
    cells, attributions = rules.cells(group.form), group.form.attributions
    for datum in data:
        try:
            found = cells.get(datum.element)
            if found is None:
                raise taken.refusal("cell.unknown")
            element, splits = found
            if datum.split not in splits:
                raise taken.refusal("split.unknown")
            if datum.attribution and datum.attribution not in attributions:
                raise taken.refusal("attribution.unknown")
            if datum.scenario not in taken.SCENARIOS:
                raise taken.refusal("scenario.unknown")
            key = (element.id, datum.split, datum.attribution, datum.scenario)
            before = stored.get(key, NOTHING)
            content = _wanted(element, datum, strategy, lang)
            fate = taken.fate(before.content, content)
            _check_fate(datum, before, fate, strategy)
        except Refusal as refusal:
            tally.reject(datum, refusal.code, wording.refusal(refusal))
            if preview:
                tally.cells.append(_shown(datum, Content(), Content(raw=datum.text), "rejected"))
            continue
        tally.fates[fate] += 1
        if fate is not Fate.SAME:
            group.writes.append(Write(key, before, content, datum.why))
        if preview:
            tally.cells.append(_shown(datum, before.content, content, fate.value))


def _wanted(element: Element, datum: Datum, strategy: Strategy, lang: str) -> Content:
    if datum.remove or strategy is Strategy.DELETE:
        return Content()
    return taken.read(element, datum.number, datum.text, datum.no_figure_reason, lang)


def _check_fate(datum: Datum, before: Stored, fate: Fate, strategy: Strategy) -> None:
    if fate is Fate.SAME:
        return
    if before.door == "derived":
        raise taken.refusal("cell.system")
    if datum.base_version is not None and datum.base_version != before.version:
        raise taken.refusal("cell.conflict")
    if strategy is Strategy.CREATE and fate is not Fate.NEW:
        raise taken.refusal("intake.exists")
    if strategy is Strategy.UPDATE and fate is Fate.NEW:
        raise taken.refusal("intake.absent")


def _shown(datum: Datum, before: Content, after: Content, what: str) -> CellPreview:
    return CellPreview(
        datum.index,
        datum.place,
        datum.unit_id,
        datum.form,
        datum.period,
        datum.element,
        datum.split,
        before,
        after,
        what,
    )


def blank_of(key: ReportKey, rules: Rules, by: str) -> Group:
    """A group whose report nobody has opened yet. Refusals of the window, the unit and the obligation."""
    form, period, deadline = rules.window(key[0], key[1])
    place = rules.place(key[2])
    rules.check_owed(key, form, period, place)
    report = blank(form, period, place.id, by, rules.at, deadline)
    return Group(key, form, period, place, report)


def group_of(key: ReportKey, report: Report | None, rules: Rules, by: str) -> Group:
    """The report of a key, made if it is not there; Refusals of `blank_of` and report.step."""
    group = blank_of(key, rules, by)
    if report is not None:
        group.report, group.form = report, form_of(report)
    may_fill(group.report, group.form)
    return group
