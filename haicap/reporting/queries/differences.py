"""Where two figures stand for one datum: what was typed against what the system counted, what was sent
against what was counted later."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..models import DerivedValue, Value
from ..states import DECLARED, FACTS
from .derived import SystemFigure, system_figures

MOST_PERIODS = 36


@dataclass(frozen=True, slots=True)
class Difference:
    """`typed` None: nothing was typed, the difference is between what was sent and what is counted now."""

    figure: SystemFigure
    typed: Decimal | None
    form: str

    @property
    def counted(self) -> Decimal | None:
        """What the system says; the newest count where a typed figure was sent first."""
        return self.figure.latest if self.figure.shown is None else self.figure.shown

    @property
    def records(self) -> int:
        return self.figure.records if self.figure.number is not None else self.figure.latest_records

    @property
    def gap(self) -> Decimal | None:
        """Typed less counted; counted later less sent where nothing was typed."""
        one = self.figure
        if self.typed is not None:
            return None if self.counted is None else self.typed - self.counted
        return None if one.latest is None or one.number is None else one.latest - one.number


def periods_counted(unit_ids: Collection[int]) -> list[tuple[str, str]]:
    """(period key, window rule) of the periods with counted figures, the latest first. One query."""
    rows = DerivedValue.objects.filter(unit_id__in=list(unit_ids), latest__isnull=False)
    found = rows.values_list("period", "rule", "end").distinct().order_by("-end", "period")
    return [(key, rule) for key, rule, _end in found[:MOST_PERIODS]]


def differences(unit_ids: Collection[int], period: str, rule: str) -> list[Difference]:
    """By unit and element. Two queries."""
    figures = system_figures(unit_ids, [period], rule=rule)
    typed = _typed(unit_ids, period, rule, {one.element_id for one in figures})
    return list(_found(figures, typed))


def _typed(
    unit_ids: Collection[int], period: str, rule: str, element_ids: Collection[int]
) -> dict[tuple[int, int], tuple[Decimal, str]]:
    rows = Value.objects.filter(
        report__unit_id__in=list(unit_ids),
        report__period=period,
        report__rule=rule,
        report__state__in=FACTS,
        element_id__in=list(element_ids),
        split="",
        attribution="",
        scenario="official",
        number__isnull=False,
    ).exclude(origin=DECLARED)
    found = rows.values_list("report__unit_id", "element_id", "number", "report__form")
    return {(unit, element): (number, form) for unit, element, number, form in found if number is not None}


def _found(
    figures: Collection[SystemFigure], typed: dict[tuple[int, int], tuple[Decimal, str]]
) -> Iterator[Difference]:
    for one in figures:
        number, form = typed.get((one.unit_id, one.element_id), (None, ""))
        typed_one = Difference(one, number, form)
        if number is not None and typed_one.counted is not None:
            if number != typed_one.counted:
                yield typed_one
        elif one.moved:
            yield Difference(one, None, form)
