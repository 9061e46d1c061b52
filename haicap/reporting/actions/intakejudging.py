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
from ..queries.derived import SystemFigure
from ..states import DERIVED
from .intakerows import CellPreview, Rejection, Strategy, Wish
from .intakerules import Cell, CellKey, ReportKey, Rules, may_fill
from .intakespool import Row
from .opening import blank


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


# The same without its names.
StoredCell = tuple[int, int, str, str, Decimal | None, str, str]
NOTHING: StoredCell = Stored()


Write = tuple[CellKey, int, int, Figure, Figure, str]
"""One cell to be written: its key, row (0: none yet), version, figure before and after, why."""


@dataclass
class Group:
    """The data of one report; `report` is not stored yet while its `pk` is None; `cycle`: its submissions
    before this batch."""

    key: ReportKey
    form: Form
    period: Period
    place: Place
    report: Report
    rows: Sequence[Row]
    cycle: int
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


# Where a person fills in the form: there a figure of the system cannot be typed over. Other systems and old
# history keep what they bring, and the difference is listed.
BY_HAND = frozenset({"web", "excel"})


def under_system(
    stored: Mapping[CellKey, StoredCell], counted: Mapping[int, SystemFigure]
) -> dict[CellKey, StoredCell]:
    """The cells as a person finds them: what the system counted stands in the place of what was typed."""
    found = dict(stored)
    for element, one in counted.items():
        key = (element, "", "", "official")
        id, version = Stored(*stored.get(key, NOTHING))[:2]
        found[key] = Stored(id, version, DERIVED, number=one.shown)
    return found


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
    may_fill(report, form, rules.at)
    return Group(key, form, period, place, report, rows, report.cycle)


def judge(group: Group, stored: Mapping[CellKey, StoredCell], rules: Rules, tally: Tally) -> None:
    """Fill `group.writes` and the tally."""
    cells = [(row[5], row[9], row[10], row[11]) for row in group.rows]
    twins = _twins(group.rows, cells) if len(set(cells)) < len(cells) else {}
    known, fates, wish = rules.cells(group.form), tally.fates, tally.wish
    usual = wish.strategy is Strategy.CREATE_AND_UPDATE and not twins and not wish.preview
    for row, cell in zip(group.rows, cells, strict=True):
        found = known.get(cell)
        digits = row[6]
        if usual and digits is not None and found.__class__ is tuple and _plain(row, digits, found[0]):
            # What nearly every datum of a bulk month is: a whole number for a cell that takes it.
            key, after = found[1], (Decimal(digits), "", "")
            before = stored.get(key)
            if before is None:
                fates[Fate.NEW] += 1
                group.writes.append((key, 0, 0, BLANK, after, row[13]))
                continue
            number, version, door, raw, figure, reason, text = before
            if figure is not None and not (raw or reason or text):
                if figure == after[0]:
                    fates[Fate.SAME] += 1
                    continue
                if door != DERIVED:
                    fates[Fate.CHANGED] += 1
                    group.writes.append((key, number, version, (figure, "", ""), after, row[13]))
                    continue
        try:
            if row[0] in twins:
                raise taken.refusal("cell.twice")
            fate, write = _judged(row, *rules.cell(group.form, cell), stored, tally)
        except Refusal as refusal:
            own = refusal.code in taken.MESSAGES
            words = taken.message(refusal.code) if own else wording.refusal(refusal)
            tally.reject(row, refusal.code, words, twins.get(row[0]))
            continue
        fates[fate] += 1
        if fate is not Fate.SAME:
            group.writes.append(write)
        if wish.preview:
            tally.show(row, write[3], write[4], fate.value)


def _plain(row: Row, digits: str, element: Element) -> bool:
    """A few figures, and nothing beside them: every element that is a number can have that."""
    return (
        digits.isdigit()
        and len(digits) <= WHOLE_DIGITS
        and not (row[8] or row[12])
        and row[14] is None
        and element.kind == "number"
    )


def _judged(
    row: Row, element: Element, key: CellKey, stored: Mapping[CellKey, StoredCell], tally: Tally
) -> tuple[Fate, Write]:
    digits, text, reason, wish = row[6], row[7], row[8], tally.wish
    before = Stored(*stored.get(key, NOTHING))
    if row[12] or wish.strategy is Strategy.DELETE:
        after = BLANK
    else:
        number = None if digits is None else Decimal(digits)
        after = taken.read(element, number, text, reason, wish.lang)
    fate = taken.fate(before.figure, after, before.raw)
    if fate is not Fate.SAME:
        _check_fate(before, fate, row[14], tally)
    return fate, (key, before.id, before.version, before.figure, after, row[13])


def _twins(rows: Sequence[Row], cells: Sequence[Cell]) -> dict[int, int]:
    """Index of a datum → index of another for the same cell."""
    by_cell: dict[Cell, list[int]] = {}
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
