"""Judging the data of one report: each datum alone, by the rules of the grid.

This runs for every figure of a bulk month, so contents are plain tuples here, and a whole number that no
rule of numbers can refuse is not put before them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from haicap.catalogue.queries import Element, Form
from haicap.core.errors import Refusal
from haicap.core.numbers import WHOLE_DIGITS
from haicap.core.periods import Period
from haicap.ui import wording
from haicap.units.queries import Place

from ..models import Report
from ..policies import taken
from ..policies.cells import Content
from ..policies.taken import BLANK, Fate, Figure
from .intakerows import CellPreview, Rejection, Strategy, Wish
from .intakerules import ReportKey, Rules, may_fill
from .intakespool import Row
from .opening import blank

DERIVED = "derived"
CellKey = tuple[int, str, str, str]
"""element id, split, attribution, scenario"""


class Stored(NamedTuple):
    """A cell as it stands: `id` 0 while nothing was ever written; `raw` was refused in the grid."""

    id: int = 0
    version: int = 0
    door: str = ""
    raw: str = ""
    number: Decimal | None = None
    reason: str = ""
    text: str = ""

    @property
    def figure(self) -> Figure:
        return self[4:]


NOTHING = Stored()


class Write(NamedTuple):
    """One cell to be written."""

    key: CellKey
    id: int
    version: int
    before: Figure
    after: Figure
    why: str


@dataclass
class Group:
    """The data of one report; `report` is not stored yet while its `pk` is None."""

    key: ReportKey
    form: Form
    period: Period
    place: Place
    report: Report
    rows: Sequence[Row]
    writes: list[Write] = field(default_factory=list)


class Tally:
    """What became of every datum so far; `cells` only where a preview is wished."""

    def __init__(self, wish: Wish, door: str) -> None:
        self.wish, self.door = wish, door
        self.fates: Counter[Fate] = Counter()
        self.rejections: list[Rejection] = []
        self.cells: list[CellPreview] = []

    def reject(self, row: Row, code: str, message: str, other: int | None = None) -> None:
        self.rejections.append(Rejection(row[0], row[1], code, message, row[5], row[2], row[4], other))
        if self.wish.preview:
            self.show(row, BLANK, BLANK, "rejected", row[6] or row[7])

    def show(self, row: Row, before: Figure, after: Figure, what: str, raw: str = "") -> None:
        index, place, unit_id, form, period, element, *_rest = row
        shown = [Content(number, reason, text=text) for number, reason, text in (before, after)]
        if raw:
            shown[1] = Content(raw=raw)
        self.cells.append(
            CellPreview(index, place, unit_id, form, period, element, row[9], shown[0], shown[1], what)
        )


def group_of(key: ReportKey, report: Report | None, rows: Sequence[Row], rules: Rules, by: str) -> Group:
    """The report of a key, made if it is not there. Refusals of the window, the unit, the obligation and the
    state."""
    form, period, deadline = rules.window(key[1], key[2])
    place = rules.place(key[0])
    rules.check_owed(key, form, period, place)
    if report is None:
        report = blank(form, period, place.id, by, rules.at, deadline)
    else:
        form = rules.form_of(report)
    may_fill(report, form)
    return Group(key, form, period, place, report, rows)


def judge(group: Group, stored: Mapping[CellKey, Stored], rules: Rules, tally: Tally) -> None:
    """Fill `group.writes` and the tally."""
    wish = tally.wish
    plain = wish.strategy is Strategy.CREATE_AND_UPDATE
    cells, attributions = rules.cells(group.form), group.form.attributions
    twins = _twins(group.rows)
    for row in group.rows:
        code, digits, text, reason, split, attribution, scenario, remove, why, base = row[5:]
        index = row[0]
        try:
            if twins and index in twins:
                raise taken.refusal("cell.twice")
            cell = cells.get(code)
            if cell is None:
                raise taken.refusal("cell.unknown")
            element, splits = cell
            if split not in splits:
                raise taken.refusal("split.unknown")
            if attribution and attribution not in attributions:
                raise taken.refusal("attribution.unknown")
            if scenario not in taken.SCENARIOS:
                raise taken.refusal("scenario.unknown")
            key = (element.id, split, attribution, scenario)
            before = stored.get(key, NOTHING)
            if remove or wish.strategy is Strategy.DELETE:
                after: Figure = BLANK
            elif digits and not reason and _surely_whole(digits, element):
                after = (Decimal(digits), "", "")
            else:
                number = None if digits is None else Decimal(digits)
                after = taken.read(element, number, text, reason, wish.lang)
            stood = before.figure
            fate = taken.fate(stood, after, before.raw)
            if fate is not Fate.SAME and (not plain or before.door == DERIVED or base is not None):
                _check_fate(before, fate, base, tally)
        except Refusal as refusal:
            tally.reject(row, refusal.code, wording.refusal(refusal), twins.get(index))
            continue
        tally.fates[fate] += 1
        if fate is not Fate.SAME:
            group.writes.append(Write(key, before.id, before.version, stood, after, why))
        if wish.preview:
            tally.show(row, stood, after, fate.value)


def _surely_whole(digits: str, element: Element) -> bool:
    """Nothing but figures, and few: every element that is a number can have it."""
    return digits.isdigit() and len(digits) <= WHOLE_DIGITS and element.kind == "number"


def _twins(rows: Sequence[Row]) -> dict[int, int]:
    """Index of a datum → index of another for the same cell."""
    cells = [(row[5], row[9], row[10], row[11]) for row in rows]
    if len(set(cells)) == len(cells):
        return {}
    by_cell: dict[tuple[str, str, str, str], list[int]] = {}
    for cell, row in zip(cells, rows, strict=True):
        by_cell.setdefault(cell, []).append(row[0])
    found: dict[int, int] = {}
    for indexes in by_cell.values():
        if len(indexes) > 1:
            found |= dict.fromkeys(indexes[1:], indexes[0]) | {indexes[0]: indexes[1]}
    return found


def _check_fate(before: Stored, fate: Fate, base: int | None, tally: Tally) -> None:
    strategy = tally.wish.strategy
    if before.door == DERIVED != tally.door:
        raise taken.refusal("cell.system")
    if base is not None and base != before.version:
        raise taken.refusal("cell.conflict")
    if strategy is Strategy.CREATE and fate is not Fate.NEW:
        raise taken.refusal("intake.exists")
    if strategy is Strategy.UPDATE and fate is Fate.NEW:
        raise taken.refusal("intake.absent")
