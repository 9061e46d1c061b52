"""One report as the grid shows it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Cell, Form, spoken
from haicap.core import periods
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..models import CellReturn, Report
from ..policies.checks import Issue, Weight, issues
from ..policies.timing import Timeliness, timeliness
from ..states import DERIVED, Act, State
from .casefile import CaseFile, case_file, form_of, keys_back
from .derived import SystemFigure


@dataclass(frozen=True, slots=True)
class CellDetail:
    """`version` 0 means that nothing was ever stored; `returned` is the open reason of the province.

    `system` is what the system counted; it stands in the cell where `door` is "derived", and then `typed` is
    what somebody had typed before."""

    element: str
    number: str
    label: str
    hint: str
    unit: str
    required: bool
    value: Decimal | None
    reason: str
    raw: str
    version: int
    previous: Decimal | None
    trend: tuple[Decimal | None, ...]
    door: str
    changed_by: str
    changed_at: datetime | None
    issues: tuple[Issue, ...]
    returned: str
    system: SystemFigure | None = None
    typed: Decimal | None = None

    @property
    def counted(self) -> bool:
        return self.door == DERIVED and self.system is not None

    @property
    def change(self) -> Decimal | None:
        if self.value is None or self.previous is None or self.raw:
            return None
        return self.value - self.previous

    @property
    def filled(self) -> bool:
        return (self.value is not None or bool(self.reason)) and not self.raw


@dataclass(frozen=True, slots=True)
class SectionDetail:
    code: str
    label: str
    cells: tuple[CellDetail, ...]

    @property
    def filled(self) -> int:
        return sum(cell.filled for cell in self.cells)

    @property
    def worst(self) -> Weight | None:
        found = {issue.weight for cell in self.cells for issue in cell.issues if issue.blocks}
        return next((weight for weight in (Weight.HARD, Weight.SOFT) if weight in found), None)


@dataclass(frozen=True, slots=True)
class SentBack:
    """Who sent the whole report back, when, by which step and in which role ("" where it was not kept)."""

    act: Act
    by: str
    at: datetime
    role: str


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """`id` None: nobody has opened it yet; it is shown all the same and opened by the first save."""

    id: int | None
    place: Place
    form: Form
    title: str
    period: Period
    state: State
    version: int
    cycle: int
    deadline: datetime
    submitted: datetime | None
    ready_by: str
    submitted_at: datetime | None
    submitted_by: str
    accepted_at: datetime | None
    accepted_by: str
    sections: tuple[SectionDetail, ...]
    issues: tuple[Issue, ...]
    returned: str
    sent_back: SentBack | None
    previous_key: str

    @property
    def filled(self) -> int:
        return sum(section.filled for section in self.sections)

    @property
    def total(self) -> int:
        return sum(len(section.cells) for section in self.sections)

    @property
    def blocking(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.blocks)

    def timeliness(self, now: datetime) -> Timeliness:
        return timeliness(self.deadline, self.submitted, now)


def report_id(unit_id: int, form: str, period: str) -> int | None:
    found = Report.objects.filter(unit_id=unit_id, form=form, period=period)
    return found.values_list("id", flat=True).first()


def detail(place: Place, form_code: str, period: Period, lang: str) -> ReportDetail:
    """At most six queries, whatever the size of the form (the catalogue and the register are in memory)."""
    report = Report.objects.filter(unit_id=place.id, form=form_code, period=period.key).first()
    form = catalogue.form(form_code) if report is None else form_of(report)
    return shown(report, form, place, period, case_file(report, place.id, form, period, lang))


def shown(report: Report | None, form: Form, place: Place, period: Period, file: CaseFile) -> ReportDetail:
    """The report, or the blank one that nobody has opened yet, with the contents of its case file."""
    lang = file.case.lang
    found = tuple(issues(file.case))
    returns = _returns(report)
    sections = tuple(
        SectionDetail(
            section.code,
            spoken(section.labels, lang) or section.code,
            tuple(_cell(cell, file, found, returns, period, lang) for cell in section.cells),
        )
        for section in form.sections
    )
    blank = Report(state=State.OPEN, deadline=calendar.deadline(form, period))
    kept = report or blank
    return ReportDetail(
        id=kept.pk,
        place=place,
        form=form,
        title=spoken(form.labels, lang) or form.code,
        period=period,
        state=State(kept.state),
        version=kept.version,
        cycle=kept.cycle,
        deadline=kept.deadline,
        submitted=kept.first_submitted_at,
        ready_by=kept.ready_by,
        submitted_at=kept.submitted_at,
        submitted_by=kept.submitted_by,
        accepted_at=kept.accepted_at,
        accepted_by=kept.accepted_by,
        sections=sections,
        issues=found,
        returned=_open_return(returns, None, None),
        sent_back=_sent_back(returns.get(None)),
        previous_key=periods.shift(period, -1).key,
    )


def _returns(report: Report | None) -> dict[int | None, CellReturn]:
    """The reasons of the latest return, while the report has not been submitted again."""
    if report is None or report.state not in (State.RETURNED, State.DRAFT, State.READY):
        return {}
    rows = CellReturn.objects.filter(report=report, cycle=report.cycle).order_by("id")
    return {row.element_id: row for row in rows}


def _sent_back(row: CellReturn | None) -> SentBack | None:
    return SentBack(Act(row.act), row.by, row.at, row.signed_as) if row is not None else None


def _open_return(returns: dict[int | None, CellReturn], element_id: int | None, now: Decimal | None) -> str:
    row = returns.get(element_id)
    return row.reason if row is not None and row.number == now else ""


def _cell(
    cell: Cell,
    file: CaseFile,
    found: tuple[Issue, ...],
    returns: dict[int | None, CellReturn],
    period: Period,
    lang: str,
) -> CellDetail:
    element = file.case.elements[cell.element]
    value = file.values.get(cell.element)
    past = file.past.get(cell.element, {})
    keys = keys_back(period)[:12][::-1]
    counted = cell.element in file.case.system
    typed = value.number if value else None
    number = file.case.contents[cell.element].number if counted else typed
    if counted:
        value = None
    return CellDetail(
        element=cell.element,
        number=cell.number,
        label=spoken(cell.labels, lang),
        hint=spoken(cell.hints, lang),
        unit=element.measure.unit,
        required=cell.required,
        value=number,
        reason=value.no_figure_reason if value else "",
        raw=value.raw if value else "",
        version=value.version if value else 0,
        previous=past.get(keys[-1]) if keys else None,
        trend=tuple(past.get(key) for key in keys),
        door=DERIVED if counted else value.door if value else "",
        changed_by=value.changed_by if value else "",
        changed_at=value.changed_at if value else None,
        issues=tuple(issue for issue in found if issue.element == cell.element),
        returned=_open_return(returns, element.id, number),
        system=file.system.get(cell.element),
        typed=typed if counted else None,
    )
