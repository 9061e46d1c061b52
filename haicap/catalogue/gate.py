"""The ask gate: nobody is asked for what is held already (domain §5, §11; docs/adr/0016).

A cell is HELD when a form in force collects the element for the same windows from all who would be asked;
DERIVED when it follows from shorter periods of the same rule by the element's own measure; TAKEN when the
element has its one collecting form for that kind of period, but that form asks other units, other dates or
another window. HELD and TAKEN cells must go; a DERIVED one may stay with a written reason. SYSTEM: no form
collects it, and the system counts it from its own records; such a cell costs nobody anything and may stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from haicap.catalogue.definitions import Catalogue, Element, Form
from haicap.core import periods
from haicap.core.counts import Adds
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule
from haicap.units import queries as units
from haicap.units.queries import Place

SHORTEST_REASON = 15
_DAY = timedelta(days=1)


class Standing(StrEnum):
    """Best first for the one who asks; a cell gets the worst that any other form gives it."""

    FREE = "free"
    SYSTEM = "system"
    DERIVED = "derived"
    TAKEN = "taken"
    HELD = "held"


class Because(StrEnum):
    """Why a TAKEN cell is not held: what the collecting form does not cover."""

    UNITS = "units"
    DATES = "dates"
    WINDOW = "window"


@dataclass(frozen=True)
class Verdict:
    """`form` collects the element, per `kind` of period; `lacking`: units asked that it does not ask."""

    element: str
    standing: Standing
    form: str = ""
    kind: Kind | None = None
    because: Because | None = None
    lacking: tuple[int, ...] = ()
    why: str = ""

    @property
    def held(self) -> bool:
        return self.standing in (Standing.HELD, Standing.DERIVED)

    @property
    def stands(self) -> bool:
        """May it be asked as it is?"""
        if self.standing is Standing.DERIVED:
            return len(self.why) >= SHORTEST_REASON
        return self.standing in (Standing.FREE, Standing.SYSTEM)


@dataclass(frozen=True)
class Judgement:
    verdicts: tuple[Verdict, ...]

    @property
    def all_held(self) -> bool:
        """Everything could be answered from what is held: such a form is refused, whatever its reasons."""
        return bool(self.verdicts) and all(one.held for one in self.verdicts)

    @property
    def passes(self) -> bool:
        return not self.all_held and all(one.stands for one in self.verdicts)

    @property
    def found(self) -> tuple[Verdict, ...]:
        """Cells that some other form has to do with."""
        alone = (Standing.FREE, Standing.SYSTEM)
        return tuple(one for one in self.verdicts if one.standing not in alone)


@dataclass
class _Hall:
    """Who owes which form on which day, worked out once per judgement."""

    owing: dict[tuple[str, date], frozenset[int]] = field(default_factory=dict)

    def of(self, form: Form, day: date) -> frozenset[int]:
        key = (form.code, day)
        if key not in self.owing:
            self.owing[key] = frozenset(place.id for place in owing(form, day))
        return self.owing[key]


def owing(form: Form, day: date) -> tuple[Place, ...]:
    """Units that owe the form for a window whose last day is `day`, by code."""
    root = units.country().id if form.owner_unit_id is None else form.owner_unit_id
    places = units.by_ids(units.subtree_ids(root, day)).values()
    return tuple(sorted((one for one in places if form.owed_by(one, day)), key=lambda one: one.code))


def judge(asked: Form, catalogue: Catalogue, elements: Mapping[str, Element], today: date) -> Judgement:
    """Every cell of `asked` against all other forms in force; `elements` also has the newly declared ones."""
    return judge_among(asked, catalogue.forms.values(), elements, today)


def judge_among(
    asked: Form, forms: Iterable[Form], elements: Mapping[str, Element], today: date
) -> Judgement:
    others = [one for one in forms if one.code != asked.code and _related(asked, one)]
    hall = _Hall()
    whys = {cell.element: cell.why.strip() for cell in asked.cells}
    found = []
    for code in asked.elements:
        verdicts = [
            verdict
            for other in others
            if code in other.elements
            for verdict in [_verdict(asked, other, elements[code], today, hall)]
            if verdict is not None
        ]
        worst = max(verdicts, key=lambda one: list(Standing).index(one.standing), default=None)
        alone = Standing.SYSTEM if elements[code].derived is not None else Standing.FREE
        chosen = worst or Verdict(code, alone)
        found.append(
            Verdict(
                code, chosen.standing, chosen.form, chosen.kind, chosen.because, chosen.lacking, whys[code]
            )
        )
    return Judgement(tuple(found))


def _related(one: Form, other: Form) -> bool:
    """Forms of two provinces do not ask the same people; a national form asks everybody."""
    owners = (one.owner_unit_id, other.owner_unit_id)
    if None in owners or owners[0] == owners[1]:
        return True
    first, second = (units.by_id(id).path for id in owners if id is not None)
    return first.startswith(second) or second.startswith(first)


def _verdict(asked: Form, other: Form, element: Element, today: date, hall: _Hall) -> Verdict | None:
    if asked.window is not None:
        return _once(asked, asked.window, other, element, hall)
    if other.window is not None:
        return None
    return _regular(asked, other, element, today, hall)


def _regular(asked: Form, other: Form, element: Element, today: date, hall: _Hall) -> Verdict | None:
    day = max(asked.obligation_begins or today, today)
    if asked.obliged_to is not None and asked.obliged_to <= day:
        day = asked.obliged_to - _DAY  # an old regime is judged by its own last day
    ended = other.obliged_to is not None and other.obliged_to <= day
    unborn = (
        asked.obliged_to is not None and other.first_day is not None and other.first_day >= asked.obliged_to
    )
    if ended or unborn:
        return None
    lacking = tuple(sorted(hall.of(asked, day) - hall.of(other, day)))
    if other.kind is asked.kind:
        because = _uncovered(asked, other, lacking)
        standing = Standing.TAKEN if because else Standing.HELD
        return Verdict(element.code, standing, other.code, other.kind, because, lacking)
    if lacking or _uncovered(asked, other, lacking) or not _rolls_up(asked, other.kind, element, day):
        return None
    return Verdict(element.code, Standing.DERIVED, other.code, other.kind)


def _uncovered(asked: Form, other: Form, lacking: Sequence[int]) -> Because | None:
    if other.rule is not asked.rule:
        return Because.WINDOW
    if lacking:
        return Because.UNITS
    begins, ends = other.first_day, other.obliged_to
    if begins and (asked.obligation_begins is None or asked.obligation_begins < begins):
        return Because.DATES
    if ends and (asked.obliged_to is None or asked.obliged_to > ends):
        return Because.DATES
    return None


def _rolls_up(asked: Form, kind: Kind, element: Element, day: date) -> bool:
    if element.measure.over_time is Adds.NONE:
        return False
    try:
        return len(periods.parts(periods.containing(day, asked.kind, asked.rule), kind)) > 1
    except Refusal:
        return False


def _once(asked: Form, window: Period, other: Form, element: Element, hall: _Hall) -> Verdict | None:
    if other.window is not None:
        if (other.window.start, other.window.end) != (window.start, window.end):
            return None
        tiles = [other.window]
    else:
        tiles = tiles_of(window.start, window.end, other.kind, other.rule, element.measure.over_time)
    if not tiles:
        return None
    wanted = hall.of(asked, window.last_day)
    if not wanted:
        return None
    lacking = {unit for tile in tiles for unit in wanted - hall.of(other, tile.last_day)}
    same = len(tiles) == 1 and (tiles[0].start, tiles[0].end) == (window.start, window.end)
    if lacking:
        if other.window is None:
            return None
        return Verdict(
            element.code, Standing.TAKEN, other.code, other.kind, Because.UNITS, tuple(sorted(lacking))
        )
    return Verdict(element.code, Standing.HELD if same else Standing.DERIVED, other.code, other.kind)


def tiles_of(start: date, end: date, kind: Kind, rule: Rule, adds: Adds) -> list[Period]:
    """The periods of `kind` from which a figure for start … end follows, or none.

    A flow needs periods that tile the window, a stock the one that ends with it, and distinct people only a
    period that is the window itself.
    """
    try:
        if adds is Adds.LAST:
            last = periods.containing(end - _DAY, kind, rule)
            return [last] if last.end == end and last.start >= start else []
        tiles = [periods.containing(start, kind, rule)]
        while tiles[-1].end < end:
            tiles.append(periods.shift(tiles[-1], 1))
    except Refusal:
        return []
    fits = tiles[0].start == start and tiles[-1].end == end
    return tiles if fits and (adds is Adds.SUM or len(tiles) == 1) else []
