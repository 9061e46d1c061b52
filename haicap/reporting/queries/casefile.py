"""What a judgement about one report needs: four queries, shared by the screen and the actions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period

from ..models import Note, Report, Spread, Value
from ..policies.cells import Content
from ..policies.checks import Case
from ..states import FACTS

# Two years and a half: a season with drift needs the same months twice.
PERIODS_BACK = 30


@dataclass(frozen=True)
class CaseFile:
    """`values`: element code → stored row; `past`: element code → period key → number."""

    case: Case
    values: dict[str, Value] = field(default_factory=dict)
    past: dict[str, dict[str, Decimal]] = field(default_factory=dict)


def form_of(report: Report) -> Form:
    """The form version that the report was opened with; the one in force costs no query."""
    current = catalogue.current().forms.get(report.form)
    if current is not None and current.number == report.form_number:
        return current
    return catalogue.form(report.form, report.form_number)


def case_file(report: Report | None, unit_id: int, form: Form, period: Period, lang: str) -> CaseFile:
    book = catalogue.current()
    codes = {book.elements[code].id: code for code in form.elements}
    values = _values(report, codes)
    keys = keys_back(period)
    past = _past(unit_id, form.code, keys, codes)
    oldest = max((keys.index(key) for by_key in past.values() for key in by_key), default=-1)
    history = {
        code: [by_key.get(key) for key in reversed(keys[: oldest + 1])] for code, by_key in past.items()
    }
    before = {code: by_key[keys[0]] for code, by_key in past.items() if keys and keys[0] in by_key}
    contents = {
        code: Content(value.number, value.no_figure_reason, value.raw, value.refusal)
        for code, value in values.items()
    }
    typed = [value.changed_at for value in values.values() if value.door == "web"]
    case = Case(
        form, book.elements, contents, history, before, _notes(report, codes), _spreads(codes), typed, lang
    )
    return CaseFile(case, values, past)


def _values(report: Report | None, codes: dict[int, str]) -> dict[str, Value]:
    if report is None:
        return {}
    rows = Value.objects.filter(report=report, element_id__in=codes, split="", attribution="")
    rows = rows.filter(scenario="official").exclude(origin="declared")
    return {codes[row.element_id]: row for row in rows}


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


def _past(
    unit_id: int, form: str, keys: Sequence[str], codes: dict[int, str]
) -> dict[str, dict[str, Decimal]]:
    rows = Value.objects.filter(
        report__unit_id=unit_id,
        report__form=form,
        report__period__in=list(keys),
        # what was never sent is no figure of that period
        report__state__in=FACTS,
        number__isnull=False,
        split="",
        attribution="",
        scenario="official",
    ).values_list("element_id", "report__period", "number")
    past: dict[str, dict[str, Decimal]] = {}
    for element_id, key, number in rows:
        if element_id in codes and number is not None:
            past.setdefault(codes[element_id], {})[key] = number
    return past


def _spreads(codes: dict[int, str]) -> dict[str, float]:
    rows = Spread.objects.filter(element_id__in=codes).values_list("element_id", "spread")
    return {codes[element]: spread for element, spread in rows}


def _notes(report: Report | None, codes: dict[int, str]) -> dict[tuple[str, str], tuple[Decimal | None, str]]:
    if report is None:
        return {}
    rows = Note.objects.filter(report=report).order_by("id")
    return {(codes.get(row.element_id or 0, ""), row.check_code): (row.number, row.text) for row in rows}
