"""The declared layer: published figures, typed once with their source, outside the reporting regime."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import Slice, ref_of
from haicap.catalogue import queries as catalogue
from haicap.core import clock, numbers, periods
from haicap.core.counts import Grade
from haicap.core.errors import Refusal
from haicap.units import queries as units

from ..models import DeclaredValue
from ..states import DECLARED, ROOM


@dataclass(frozen=True, slots=True)
class DeclaredFigure:
    """One published figure of a unit; windows are calendar ones unless `rule` says otherwise.

    `number` None needs `missing`, the reason. `low` … `high` is the range that fits an inferred figure.
    """

    unit_id: int
    element: str
    period: str
    number: Decimal | None
    source: str
    grade: Grade = Grade.DECLARED
    low: Decimal | None = None
    high: Decimal | None = None
    missing: str = ""
    note: str = ""
    rule: periods.Rule = periods.Rule.CALENDAR
    split: str = ""


@dataclass(frozen=True, slots=True)
class DeclareResult:
    """written + unchanged = figures read."""

    written: int
    unchanged: int


CONTENT = ("number", "missing", "low", "high", "grade", "source", "note")


def declare(*, by: Actor | str, figures: Iterable[DeclaredFigure]) -> DeclareResult:
    """Write or replace declared figures; the same content again is a no-op. All of them or none.

    Refusals: unit.unknown, element.unknown, period.key, declared.source, declared.range, declared.empty.
    """
    given = list(figures)
    slices: set[Slice] = set()
    with transaction.atomic():
        written = 0
        for figure in given:
            if _put(figure, ref_of(by)):
                written += 1
                slices.add(Slice(ROOM, DECLARED, figure.period, figure.unit_id))
        if slices:
            audit.record(
                by=by,
                action="figures.declared",
                object=DECLARED,
                detail={"written": written, "read": len(given)},
                slices=sorted(slices, key=lambda one: (one.period, one.unit_id)),
            )
    return DeclareResult(written, len(given) - written)


def _put(figure: DeclaredFigure, by: str) -> bool:
    _check(figure)
    window = periods.parse(figure.period, figure.rule)
    units.by_id(figure.unit_id)
    content = {
        "number": figure.number,
        "missing": figure.missing,
        "low": figure.low,
        "high": figure.high,
        "grade": figure.grade.value,
        "source": figure.source.strip(),
        "note": figure.note,
    }
    key = {
        "unit_id": figure.unit_id,
        "element_id": _element(figure.element),
        "split": figure.split,
        "attribution": "",
        "period": window.key,
        "rule": window.rule.value,
        "scenario": "official",
    }
    found = DeclaredValue.objects.filter(**key).first()
    if found is not None and all(getattr(found, name) == content[name] for name in CONTENT):
        return False
    row = found or DeclaredValue(**key, kind=window.kind.value, start=window.start, end=window.end)
    for name, value in content.items():
        setattr(row, name, value)
    row.at, row.by = clock.now(), by
    row.save()
    return True


def _element(code: str) -> int:
    element = catalogue.current().elements.get(code)
    if element is None:
        raise Refusal("element.unknown", gettext_lazy("Không có phần tử dữ liệu này."), place=code, code=code)
    return element.id


def _check(figure: DeclaredFigure) -> None:
    place = f"{figure.unit_id}/{figure.element}/{figure.period}"
    if not figure.source.strip():
        raise Refusal("declared.source", gettext_lazy("Số công bố phải có nguồn."), place=place)
    if (figure.number is None) != bool(figure.missing):
        raise Refusal("declared.empty", gettext_lazy("Cần một số, hoặc lý do không có số."), place=place)
    for number in (figure.number, figure.low, figure.high):
        if number is not None:
            numbers.within_limits(number)
    low = figure.low if figure.low is not None else figure.number
    high = figure.high if figure.high is not None else figure.number
    if figure.number is not None and not (low <= figure.number <= high):  # type: ignore[operator]
        raise Refusal("declared.range", gettext_lazy("Số nằm ngoài khoảng đã nêu."), place=place)
