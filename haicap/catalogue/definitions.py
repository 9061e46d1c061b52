"""Published definitions as frozen values: what other rooms hold in their hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from haicap.catalogue.grammar import NAME
from haicap.catalogue.states import LOCK_AFTER, REMINDERS
from haicap.core import bands, periods
from haicap.core.counts import Measure
from haicap.core.periods import Kind, Period, Rule

if TYPE_CHECKING:
    from haicap.catalogue.breakdowns import Combination, Split
    from haicap.catalogue.derivations import Derivation
    from haicap.units.queries import Place

Labels = Mapping[str, str]
Terms = tuple[tuple[int, Decimal], ...]


def spoken(labels: Labels, lang: str) -> str:
    """The label in `lang`, else in Vietnamese: a missing translation must not hide the thing itself."""
    return labels.get(lang) or labels.get("vi") or ""


@dataclass(frozen=True)
class Element:
    id: int
    uid: str
    code: str
    measure: Measure
    labels: Labels
    kind: str = "number"
    integer: bool = True
    non_negative: bool = True
    owner_unit_id: int | None = None
    combination: str = ""
    splits: tuple[str, ...] = ()
    exchange: Mapping[str, Any] = field(default_factory=dict)
    short_labels: Labels = field(default_factory=dict)
    hints: Labels = field(default_factory=dict)
    # how the system counts it itself, where it has the records; None: it is asked
    derived: Derivation | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """Codes that a value of kind "option" may have."""
        return tuple(one["code"] for one in self.exchange.get("options", ()))


@dataclass(frozen=True)
class Indicator:
    """`numerator_terms` / `denominator_terms` are (element id, coefficient) pairs, the linear form of the
    formulas; the value is `factor` · numerator ÷ denominator, in `unit`. An exchanged indicator has its
    formulas alone, and they may name one split: DE_360077.COC_360271."""

    id: int
    uid: str
    code: str
    number: int
    pillar: str
    numerator: str
    denominator: str | None
    factor: Decimal
    unit: str
    direction: bands.Direction
    period_kind: Kind
    rule: Rule
    weight: Decimal
    labels: Labels
    short_labels: Labels
    source: str
    basis: str
    confidence: str
    data_source: str
    temporary: bool
    numerator_terms: Terms
    denominator_terms: Terms | None
    owner_unit_id: int | None = None

    @property
    def has_denominator(self) -> bool:
        return self.denominator is not None


@dataclass(frozen=True)
class ThresholdRule:
    """`valid_from` ≤ day < `valid_to`; None means open on that side."""

    indicator: str
    unit_kind: str | None
    unit_id: int | None
    valid_from: date | None
    valid_to: date | None
    threshold: bands.Threshold
    basis: str
    decision: str
    proposal: bool
    version: int

    def applies(self, place: Place, on: date) -> bool:
        return (
            (self.unit_id is None or self.unit_id == place.id)
            and (self.unit_kind is None or self.unit_kind == place.kind)
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on < self.valid_to)
        )

    @property
    def rank(self) -> tuple[int, int, date]:
        """The rule for one unit beats the rule for a kind of unit, which beats the general rule."""
        return (
            int(self.unit_id is not None),
            int(self.unit_kind is not None),
            self.valid_from or date.min,
        )


@dataclass(frozen=True)
class TargetRule:
    indicator: str
    unit_kind: str | None
    unit_id: int | None
    by_date: date
    value: Decimal
    basis: str
    decision: str
    proposal: bool
    version: int


@dataclass(frozen=True)
class Cell:
    element: str
    number: str
    labels: Labels
    hints: Labels
    required: bool
    # Why it is asked again although it could be computed from shorter periods; "" for every other cell.
    why: str = ""


@dataclass(frozen=True)
class Section:
    code: str
    labels: Labels
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Check:
    """`expression` is a comparison over element codes; a side that cannot be computed lets the check pass."""

    code: str
    kind: str
    expression: str
    labels: Labels
    elements: tuple[str, ...]


@dataclass(frozen=True)
class Obligation:
    """Who owes a version of a form: the kinds, or exactly the listed units, for windows whose last day lies
    in `since` … `until` (half-open; None: open on that side)."""

    number: int
    since: date | None
    until: date | None
    kinds: tuple[str, ...]
    units: tuple[int, ...] = ()

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def names(self, place: Place) -> bool:
        return place.id in self.units if self.units else place.kind in self.kinds


@dataclass(frozen=True)
class Form:
    """A report regime with what it asks. `first_day`: the first version began then; `obligations`: one per
    version, since a later version changes nothing for the windows that closed before it. `lock_after`:
    working days after which an accepted report is locked (None: never); `reminders`: working days from the
    deadline."""

    id: int
    uid: str
    code: str
    number: int
    kind: Kind
    rule: Rule
    owner_unit_id: int | None
    obliged_kinds: tuple[str, ...]
    deadline_working_days: int
    deadline_time: time
    approval: bool
    first_day: date | None
    labels: Labels
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]
    nature: str = "regular"
    only_period: str = ""
    deadline_on: date | None = None
    content: Labels = field(default_factory=dict)
    recipient: Labels = field(default_factory=dict)
    method: Labels = field(default_factory=dict)
    outline: Labels = field(default_factory=dict)
    instructions: Labels = field(default_factory=dict)
    asker: str = ""
    minutes_per_cell: Decimal | None = None
    obliged_units: tuple[int, ...] = ()
    obliged_from: date | None = None
    obliged_to: date | None = None
    obligations: tuple[Obligation, ...] = ()
    published_on: date | None = None
    lock_after: int | None = LOCK_AFTER
    reminders: tuple[int, ...] = REMINDERS
    combination: str = ""
    attributions: tuple[str, ...] = ()
    exchange: Mapping[str, Any] = field(default_factory=dict)
    short_labels: Labels = field(default_factory=dict)
    # elements that the system counts itself today: nobody types them where it has the records
    counted: tuple[str, ...] = ()

    @property
    def frequency(self) -> str:
        """ "once" for a window between two dates, else the kind of period."""
        return "once" if self.only_period else self.kind.value

    @property
    def window(self) -> Period | None:
        """The one window of an ad hoc or thematic report."""
        return periods.parse(self.only_period, self.rule) if self.only_period else None

    def obligation_on(self, day: date) -> Obligation | None:
        """The obligation of windows whose last day is `day`: of the latest version that had begun by then."""
        begun = [one for one in self.obligations if one.since is None or one.since <= day]
        latest = max(begun, key=lambda one: (one.since or date.min, one.number), default=None)
        return latest if latest is not None and latest.holds_on(day) else None

    @property
    def obligation_begins(self) -> date | None:
        """When this version begins to oblige; None: it always has."""
        own = next((one for one in self.obligations if one.number == self.number), None)
        return own.since if own else self.first_day

    def owed_by(self, place: Place, day: date) -> bool:
        """Named by the obligation of that day, under the form's owner, and there on that day."""
        obligation = self.obligation_on(day)
        return (
            obligation is not None
            and obligation.names(place)
            and place.holds_on(day)
            and (self.owner_unit_id is None or f"/{self.owner_unit_id}/" in place.path)
        )

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for section in self.sections for cell in section.cells)

    @property
    def elements(self) -> tuple[str, ...]:
        return tuple(cell.element for cell in self.cells)

    @property
    def typed_cells(self) -> int:
        """How many cells somebody has to fill."""
        return sum(cell.element not in self.counted for cell in self.cells)


@dataclass(frozen=True)
class Pillar:
    code: str
    weight: Decimal
    labels: Labels
    proposal: bool = True


@dataclass(frozen=True)
class Cuts:
    """Total score (0…100): green from `green`, yellow from `yellow`."""

    green: Decimal
    yellow: Decimal
    proposal: bool = True

    @property
    def threshold(self) -> bands.Threshold:
        return bands.Threshold(bands.Direction.HIGHER, self.green, self.yellow)


@dataclass(frozen=True)
class Burden:
    """What a report costs: minutes for a cell, the budget of a commune per week, the shortest deadline."""

    minutes_per_cell: Decimal = Decimal(2)
    minutes_per_week: int = 240
    least_working_days: int = 3
    proposal: bool = True


@dataclass(frozen=True)
class Counting:
    """When records reach over a window: they begin at the latest so many days into the first window of a unit
    (a quiet start is no gap); a unit unheard of for longer than `silent_days` before the end is no zero."""

    first_days: int = 7
    silent_days: int = 92
    proposal: bool = True


@dataclass(frozen=True)
class Catalogue:
    version: str
    elements: Mapping[str, Element]
    elements_by_id: Mapping[int, Element]
    indicators: Mapping[str, Indicator]
    forms: Mapping[str, Form]
    thresholds: Mapping[str, tuple[ThresholdRule, ...]]
    targets: Mapping[str, tuple[TargetRule, ...]]
    pillars: tuple[Pillar, ...]
    cuts: Cuts
    missing: str
    policy_number: int
    unit_labels: Mapping[str, Labels]
    combinations: Mapping[str, Combination] = field(default_factory=dict)
    splits: Mapping[str, Split] = field(default_factory=dict)
    # indicators of other systems: they are handed on, and stand on none of our boards
    exchanged: Mapping[str, Indicator] = field(default_factory=dict)
    burden: Burden = field(default_factory=Burden)
    counting: Counting = field(default_factory=Counting)

    @cached_property
    def by_uid(self) -> Mapping[str, Element | Split | Form | Indicator]:
        """Elements, splits, forms and indicators by the 11 characters that other systems use."""
        things = (self.elements, self.splits, self.forms, self.indicators, self.exchanged)
        return {one.uid: one for each in things for one in each.values()}

    @cached_property
    def operands(self) -> Mapping[str, Element]:
        """What an exchanged formula may name: elements, and ELEMENT.SPLIT for one split of one."""
        parted = {
            f"{one.code}.{split}": one
            for one in self.elements.values()
            for split in one.splits
            if NAME.fullmatch(f"{one.code}.{split}")
        }
        return {**self.elements, **parted}

    def threshold_for(self, indicator_code: str, place: Place, on: date) -> ThresholdRule | None:
        """The rule in force for `place` on the day `on` (take the period's last day), or None: no colour."""
        fitting = [rule for rule in self.thresholds.get(indicator_code, ()) if rule.applies(place, on)]
        return max(fitting, key=lambda rule: rule.rank, default=None)

    def running(self, day: date) -> tuple[Form, ...]:
        """Forms whose regime has not ended by that day; those of earlier regimes stay readable."""
        return tuple(one for one in self.forms.values() if one.obliged_to is None or day < one.obliged_to)

    @property
    def scored(self) -> tuple[Indicator, ...]:
        """Indicators that belong to a pillar of the score, pillar by pillar; published extras stay out."""
        return tuple(one for pillar in self.pillars for one in self.indicators_of(pillar.code))

    def unit_name(self, unit: str, lang: str) -> str:
        return spoken(self.unit_labels.get(unit, {}), lang) or unit

    def indicators_of(self, pillar: str) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators.values() if one.pillar == pillar)
