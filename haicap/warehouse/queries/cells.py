"""What every question about ratios shares: which facts count, and elements side by side per unit and period.

Only official totals are asked: scenario "official", no split, no attribution. Where several figures stand for
one datum, all are kept and one is shown: what was corrected goes before what the system counted, that before
what was reported, that before what was declared (docs/adr/0027). A missing element is NULL, never zero.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

import ibis
import ibis.expr.types as ir

from haicap.core.counts import Grade
from haicap.core.periods import Rule, parse
from haicap.warehouse.tables import ORIGINS

from .asking import asked, asked_rows, facts

# Linear combination of elements: ((element id, coefficient), …).
Terms = tuple[tuple[int, Decimal], ...]

GRADES = (Grade.SYSTEM, Grade.PROVEN, Grade.DECLARED, Grade.INFERRED)
GRADE_TEXTS = tuple(grade.value for grade in GRADES)
# A short list is searched row by row faster than it is joined; measured on 102 and 3,321 communes.
SHORT = 256


@ibis.udf.agg.builtin(name="arg_min", signature=(("decimal(18,4)", "int8"), "decimal(18,4)"))
def _first_by(number, rank):  # type: ignore[no-untyped-def]
    """The number of the row with the lowest rank."""


class Ratio(NamedTuple):
    """Numerator and denominator of one unit in one period; None where an element of the sum is missing.

    `status` is "provisional" if any fact used is, None where the unit has no fact at all. `missing` is the
    reason given for "no figure", "" where none was given. `grade` is the weakest of the facts used: of each
    element only the figure that is shown counts.
    """

    unit_id: int
    period: str
    numerator: Decimal | None
    denominator: Decimal | None
    status: str | None
    grade: str | None
    missing: str


def counted(short: bool) -> ir.Table:
    """Facts of the units asked that may be shown at all."""
    f = facts("values")
    f = f.filter(
        f.rule == asked("rule", "string"),
        f.scenario == "official",
        f.split == "",
        f.attribution == "",
        (f.status == "accepted") | ~asked("accepted_only", "boolean"),
    )
    if short:
        return f.filter(asked("unit_id", "array<int32>").contains(f.unit_id))
    return f.filter(f.unit_id.isin(asked_rows(unit_id="int32").unit_id))


def in_period(f: ir.Table) -> ir.Table:
    return f.filter(f.period == asked("period", "string"))


def in_periods(f: ir.Table) -> ir.Table:
    """Bounds beside the list: they reach the file's zone maps, so other months are not read."""
    near = f.filter(f.period >= asked("first", "string"), f.period <= asked("last", "string"))
    return near.filter(near.period.isin(asked_rows(period="string").period))


def side_by_side(f: ir.Table, elements: int, *keys: str) -> ir.Table:
    """One row per key with the number of element i as x{i}, and the marks of the facts shown."""
    ids = [asked(f"e{i}", "int32") for i in range(elements)]
    f = f.filter(f.element_id.isin(ids))
    f = f.mutate(mark=mark(f))
    t = f.group_by(*keys).agg(
        **{f"x{i}": _first_by(f.number, f.mark, where=f.element_id == ids[i]) for i in range(elements)},
        **{f"m{i}": f.mark.min(where=f.element_id == ids[i]) for i in range(elements)},
        missing=f.missing.max(),
    )
    marks = [t[f"m{i}"] for i in range(elements)]
    return t.select(
        *keys,
        *(f"x{i}" for i in range(elements)),
        provisional=_most([provisional(one) for one in marks]),
        grade=_most([grade_rank(one) for one in marks]),
        missing=t.missing,
    )


def preferred(f: ir.Table, where: Any = None) -> Any:
    """The number to show of facts with one key: the first of ORIGINS that has one."""
    return _first_by(f.number, mark(f), where=where)


def mark(f: ir.Table) -> Any:
    """A small number per fact: the least of a key is that of the figure shown, with its status and grade.

    Facts without a number come last, then the origin decides.
    """
    ranks = ((f.origin == origin, rank) for rank, origin in enumerate(ORIGINS))
    origin = ibis.cases(*ranks, else_=len(ORIGINS) - 1)
    grades = ((f.grade == grade.value, rank) for rank, grade in enumerate(GRADES))
    grade = ibis.cases(*grades, else_=len(GRADES) - 1)
    waits = (f.status == "provisional").cast("int8")
    return (f.number.isnull().cast("int8") * 32 + origin * 8 + waits * 4 + grade).cast("int8")


def provisional(mark: Any) -> Any:
    return mark % 8 >= 4


def grade_rank(mark: Any) -> Any:
    return mark % 4


def _most(marks: Sequence[Any]) -> Any:
    """Elements without any fact have no mark and weigh nothing."""
    return ibis.greatest(*marks) if len(marks) > 1 else marks[0]


def picker(terms: Terms, elements: Sequence[int], first: int) -> Callable[[Sequence[Any]], Decimal | None]:
    """A function from a row, whose numbers of `elements` begin at column `first`, to Σ coefficient × number:
    None as soon as one number is missing.
    """
    columns = [(first + elements.index(element), coefficient) for element, coefficient in terms]
    if len(columns) == 1 and columns[0][1] == 1:
        # Most indicators; thousands of rows pass here at national scale.
        return itemgetter(columns[0][0])

    def combined(row: Sequence[Any]) -> Decimal | None:
        total = Decimal(0)
        for column, coefficient in columns:
            number = row[column]
            if number is None:
                return None
            total += coefficient * number
        return total

    return combined


def _nothing(row: Sequence[Any]) -> None:
    return None


def element_ids(*sides: Terms | None) -> tuple[int, ...]:
    return tuple(dict.fromkeys(element for side in sides if side for element, _ in side))


def parameters(
    elements: Sequence[int], units: Sequence[int], rule: Rule, accepted_only: bool
) -> dict[str, Any]:
    named: dict[str, Any] = {f"e{i}": element for i, element in enumerate(elements)}
    return named | {"unit_id": list(units), "rule": rule.value, "accepted_only": accepted_only}


def several(periods: Sequence[str]) -> dict[str, Any]:
    return {"period": list(periods), "first": min(periods), "last": max(periods)}


def years(periods: Sequence[str], rule: Rule) -> tuple[int, ...]:
    """The year files in which these periods lie. Refusal "period.key" for what is not a key."""
    return tuple(sorted({parse(key, rule).last_day.year for key in periods}))


def ratios(
    numerator: Terms,
    denominator: Terms | None,
    asked: Iterable[tuple[int, str]],
    found: Mapping[Any, Sequence[Any]],
    key: Callable[[int, str], Any],
    first: int,
) -> list[Ratio]:
    """Rows of `side_by_side` as ratios, one per (unit, period) asked; numbers begin at column `first`."""
    elements = element_ids(numerator, denominator)
    above = picker(numerator, elements, first)
    below = picker(denominator, elements, first) if denominator is not None else _nothing
    marks = first + len(elements)
    answer = []
    for unit, period in asked:
        row = found.get(key(unit, period))
        if row is None:
            answer.append(Ratio(unit, period, None, None, None, None, ""))
            continue
        status = "provisional" if row[marks] else "accepted"
        answer.append(
            Ratio(unit, period, above(row), below(row), status, GRADE_TEXTS[row[marks + 1]], row[marks + 2])
        )
    return answer
