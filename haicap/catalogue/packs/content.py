"""A pack as read and checked, not yet published: plain values, ready for the actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from haicap.catalogue.derivations import Derivation
from haicap.core import bands
from haicap.core.counts import Measure

Place = tuple[str, int]


@dataclass(frozen=True)
class UnitRef:
    """A unit by its code and level, or by its uid where that is known."""

    code: str
    level: int
    uid: str = ""


@dataclass(frozen=True)
class NewElement:
    code: str
    measure: Measure
    integer: bool
    non_negative: bool
    place: Place
    uid: str = ""
    kind: str = "number"
    combination: str = ""
    exchange: dict[str, Any] = field(default_factory=dict)
    derived: Derivation | None = None


@dataclass(frozen=True)
class NewThreshold:
    threshold: bands.Threshold
    unit_kind: str
    unit: UnitRef | None
    valid_from: date | None
    valid_to: date | None
    basis: str
    decision: str
    proposal: bool
    place: Place


@dataclass(frozen=True)
class NewTarget:
    by_date: date
    value: Decimal
    unit_kind: str
    unit: UnitRef | None
    basis: str
    decision: str
    proposal: bool
    place: Place


@dataclass(frozen=True)
class NewIndicator:
    """`spec` has the columns of IndicatorVersion."""

    code: str
    owner: UnitRef | None
    spec: dict[str, Any]
    thresholds: tuple[NewThreshold, ...]
    targets: tuple[NewTarget, ...]
    place: Place
    uid: str = ""


@dataclass(frozen=True)
class NewForm:
    """`units`: the listed units; their ids join `spec` when it is published."""

    code: str
    spec: dict[str, Any]
    units: tuple[UnitRef, ...]
    place: Place
    uid: str = ""


@dataclass(frozen=True)
class NewSplit:
    uid: str
    code: str
    options: tuple[str, ...]
    foreign_code: str = ""


@dataclass(frozen=True)
class NewCombination:
    """`spec`: usage, and dimensions with their options as breakdowns.build reads them."""

    uid: str
    code: str
    spec: dict[str, Any]
    splits: tuple[NewSplit, ...]


@dataclass(frozen=True)
class NewYear:
    year: int
    provisional: bool
    source: str
    days: tuple[tuple[date, bool, str], ...]


@dataclass
class PackContent:
    """`labels`: (subject, role, lang) → text. `on`: codes of units are those of that day (None: today's)."""

    code: str = ""
    owner: UnitRef | None = None
    on: date | None = None
    elements: dict[str, NewElement] = field(default_factory=dict)
    indicators: dict[str, NewIndicator] = field(default_factory=dict)
    forms: dict[str, NewForm] = field(default_factory=dict)
    combinations: dict[str, NewCombination] = field(default_factory=dict)
    exchanged: dict[str, NewIndicator] = field(default_factory=dict)
    policy: dict[str, Any] | None = None
    burden: dict[str, Any] | None = None
    counting: dict[str, Any] | None = None
    years: list[NewYear] = field(default_factory=list)
    labels: dict[tuple[str, str, str], str] = field(default_factory=dict)
