"""What a judgement about reports needs: four queries, one more where the system counts a cell of the form,
shared by the screen and the actions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Catalogue, Element, Form
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period

from ..models import Note, Report, Spread, Value
from ..policies.cells import Content
from ..policies.checks import Case
from ..policies.derived import stands
from ..policies.divided import whole
from ..states import FACTS, State
from .derived import SystemFigure, system_figures

# Two years and a half: a season with drift needs the same months twice.
PERIODS_BACK = 30


@dataclass(frozen=True)
class CaseFile:
    """`values`: element code → stored row; `past`: element code → period key → number; `system`: element code
    → what the system counted for it, whether or not it stands in the cell (`case.system` says that)."""

    case: Case
    values: dict[str, Value] = field(default_factory=dict)
    past: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    system: dict[str, SystemFigure] = field(default_factory=dict)


def form_of(report: Report, book: Catalogue | None = None) -> Form:
    """The form version that the report was opened with; the one in force is in `book`, whose look-up is one
    query: whoever asks for many reports looks it up once."""
    current = (book or catalogue.current()).forms.get(report.form)
    if current is not None and current.number == report.form_number:
        return current
    return catalogue.form(report.form, report.form_number)


@dataclass(frozen=True)
class Asked:
    """A report to be judged; None: nobody has opened it yet."""

    report: Report | None
    unit_id: int
    form: Form
    period: Period


def case_file(report: Report | None, unit_id: int, form: Form, period: Period, lang: str) -> CaseFile:
    return case_files([Asked(report, unit_id, form, period)], lang)[0]


def case_files(asked: Sequence[Asked], lang: str) -> list[CaseFile]:
    """In the order asked; the queries grow with the forms and periods among them, not with the reports."""
    book = catalogue.current()
    reports = [one.report.pk for one in asked if one.report is not None]
    element_ids = {id for one in asked for id in _codes(one.form, book)}
    values, notes, spreads = _values(reports, element_ids), _notes(reports), _spreads(element_ids)
    past, counted = _past(asked), _counted(asked, book)
    return [
        _file(
            one,
            book,
            values,
            notes,
            spreads,
            past[one.form.code, one.period, one.unit_id],
            counted.get((one.unit_id, one.period.rule.value), {}),
            lang,
        )
        for one in asked
    ]


Counted = dict[tuple[int, str], dict[str, list[SystemFigure]]]
"""(unit, window rule) → period key → what the system counted"""


def _counted(asked: Sequence[Asked], book: Catalogue) -> Counted:
    own = [one for one in asked if one.form.counted]
    if not own:
        return {}
    found: Counted = {}
    for figure in system_figures(
        {one.unit_id for one in own},
        {key for one in own for key in (one.period.key, *keys_back(one.period))},
        {book.elements[code].id for one in own for code in one.form.counted},
    ):
        found.setdefault((figure.unit_id, figure.rule), {}).setdefault(figure.period, []).append(figure)
    return found


def _codes(form: Form, book: Catalogue) -> dict[int, str]:
    return {book.elements[code].id: code for code in form.elements}


def _file(
    asked: Asked,
    book: Catalogue,
    values: Mapping[int, Sequence[Value]],
    notes: Mapping[int, Sequence[Note]],
    spreads: Mapping[int, float],
    figures: Mapping[int, Mapping[str, Decimal]],
    counted: Mapping[str, Sequence[SystemFigure]],
    lang: str,
) -> CaseFile:
    codes, report = _codes(asked.form, book), asked.report
    cells = [row for row in values.get(report.pk, ()) if row.element_id in codes] if report else []
    own = {codes[row.element_id]: row for row in cells if not row.split}
    past = {codes[id]: dict(by_key) for id, by_key in figures.items() if id in codes}
    _fill_past(past, counted, codes, asked.period.key)
    here = {
        codes[one.element_id]: one for one in counted.get(asked.period.key, ()) if one.element_id in codes
    }
    state = State(report.state) if report else State.OPEN
    system = {
        code: one
        for code, one in here.items()
        if stands(one.shown, one.frozen_by, report.pk if report else None, state)
    }
    contents = _contents(cells, own, codes, book.elements)
    contents |= {code: Content(number=one.shown) for code, one in system.items()}
    keys = keys_back(asked.period)
    oldest = max((keys.index(key) for by_key in past.values() for key in by_key), default=-1)
    case = Case(
        asked.form,
        book.elements,
        contents,
        {code: [by_key.get(key) for key in reversed(keys[: oldest + 1])] for code, by_key in past.items()},
        {code: by_key[keys[0]] for code, by_key in past.items() if keys and keys[0] in by_key},
        {
            (codes.get(row.element_id or 0, ""), row.check_code): (row.number, row.text)
            for row in (notes.get(report.pk, ()) if report else ())
        },
        {code: spreads[id] for id, code in codes.items() if id in spreads},
        [row.changed_at for row in own.values() if row.door == "web"],
        lang,
        frozenset(system),
    )
    return CaseFile(case, own, past, here)


def _fill_past(
    past: dict[str, dict[str, Decimal]],
    counted: Mapping[str, Sequence[SystemFigure]],
    codes: Mapping[int, str],
    now: str,
) -> None:
    """Of an earlier period the figure that the facts show."""
    for key, figures in counted.items():
        for one in figures:
            if key != now and one.shown is not None and one.element_id in codes:
                past.setdefault(codes[one.element_id], {})[key] = one.shown


def _contents(
    cells: Sequence[Value], own: Mapping[str, Value], codes: dict[int, str], elements: Mapping[str, Element]
) -> dict[str, Content]:
    """What is judged of each element: its own cell, or the sum of its parts."""
    found = {
        code: Content(row.number, row.no_figure_reason, row.raw, row.refusal) for code, row in own.items()
    }
    parts: dict[int, dict[str, Decimal | None]] = {}
    for row in cells:
        if row.split:
            parts.setdefault(row.element_id, {})[row.split] = None if row.raw else row.number
    for id, numbers in parts.items():
        total = whole(elements[codes[id]], numbers)
        if total is not None:
            found[codes[id]] = Content(number=total)
    return found


def _values(reports: Sequence[int], element_ids: Collection[int]) -> dict[int, list[Value]]:
    rows = Value.objects.filter(report_id__in=reports, element_id__in=element_ids, attribution="")
    found: dict[int, list[Value]] = {}
    for row in rows.filter(scenario="official").exclude(origin="declared") if reports else ():
        found.setdefault(row.report_id, []).append(row)
    return found


@lru_cache(maxsize=256)
def keys_back(period: Period) -> tuple[str, ...]:
    """Keys of the PERIODS_BACK periods before this one, newest first; fewer where the calendar begins."""
    found: list[str] = []
    for step in range(1, PERIODS_BACK + 1):
        try:
            found.append(periods.shift(period, -step).key)
        except Refusal:
            break
    return tuple(found)


Past = dict[tuple[str, Period, int], dict[int, dict[str, Decimal]]]
"""(form, period, unit) → element id → key of an earlier period → number"""


def _past(asked: Sequence[Asked]) -> Past:
    found: Past = {(one.form.code, one.period, one.unit_id): {} for one in asked}
    for form, period in {(one.form.code, one.period) for one in asked}:
        rows = Value.objects.filter(
            report__unit_id__in={unit for code, window, unit in found if (code, window) == (form, period)},
            report__form=form,
            report__period__in=keys_back(period),
            # what was never sent is no figure of that period
            report__state__in=FACTS,
            number__isnull=False,
            split="",
            attribution="",
            scenario="official",
        ).values_list("report__unit_id", "element_id", "report__period", "number")
        for unit_id, element_id, key, number in rows:
            if number is not None:
                found[form, period, unit_id].setdefault(element_id, {})[key] = number
    return found


def _spreads(element_ids: Collection[int]) -> dict[int, float]:
    return dict(Spread.objects.filter(element_id__in=element_ids).values_list("element_id", "spread"))


def _notes(reports: Sequence[int]) -> dict[int, list[Note]]:
    found: dict[int, list[Note]] = {}
    for row in Note.objects.filter(report_id__in=reports).order_by("id") if reports else ():
        found.setdefault(row.report_id, []).append(row)
    return found
