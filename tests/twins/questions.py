"""The warehouse's questions once more: slow, obvious, over plain lists of rows.

Nothing here is shared with the fast questions except the shape of the answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from haicap.core import clock
from haicap.core.counts import Grade
from haicap.core.periods import Rule
from haicap.reporting.facts import FactRow, ObligationRow
from haicap.warehouse.queries.all_indicators import Asked
from haicap.warehouse.queries.cells import Ratio, Terms
from haicap.warehouse.queries.crosstab import Cross, Item, Window
from haicap.warehouse.queries.obligations import Owed, Rate
from haicap.warehouse.queries.rollup import Total


def countable(rows: Iterable[FactRow], rule: Rule, accepted_only: bool) -> list[FactRow]:
    kept = []
    for row in rows:
        if row.rule != rule.value or row.scenario != "official":
            continue
        if row.split != "" or row.attribution != "":
            continue
        if accepted_only and row.status != "accepted":
            continue
        kept.append(row)
    return kept


def of(rows: Iterable[FactRow], unit: int, period: str, elements: Iterable[int]) -> list[FactRow]:
    wanted = set(elements)
    return [r for r in rows if r.unit_id == unit and r.period == period and r.element_id in wanted]


def shown(rows: Iterable[FactRow], element: int) -> FactRow | None:
    """Of several figures for one datum the one that is shown; without any number, what stands instead."""
    mine = [row for row in rows if row.element_id == element]
    for some in ([row for row in mine if row.number is not None], mine):
        for origin in ("corrected", "derived", "reported", "declared"):
            for row in some:
                if row.origin == origin:
                    return row
    return None


def number_of(rows: Iterable[FactRow], element: int) -> Decimal | None:
    row = shown(rows, element)
    return None if row is None else row.number


def total_of(terms: Terms, rows: list[FactRow]) -> Decimal | None:
    total = Decimal(0)
    for element, coefficient in terms:
        number = number_of(rows, element)
        if number is None:
            return None
        total = total + coefficient * number
    return total


def ids(numerator: Terms, denominator: Terms | None) -> set[int]:
    return {element for element, _ in numerator} | {element for element, _ in denominator or ()}


def marks(rows: list[FactRow]) -> tuple[str | None, str | None, str]:
    if not rows:
        return None, None, ""
    keys = {(row.unit_id, row.element_id) for row in rows}
    missing = max(row.missing for row in rows)
    found = [shown([row for row in rows if row.unit_id == unit], element) for unit, element in keys]
    rows = [row for row in found if row is not None]
    status = "provisional" if any(row.status == "provisional" for row in rows) else "accepted"
    order = [grade.value for grade in Grade]
    weakest = max((row.grade for row in rows), key=order.index)
    return status, weakest, missing


def ratio(rows: list[FactRow], numerator: Terms, denominator: Terms | None, unit: int, period: str) -> Ratio:
    mine = of(rows, unit, period, ids(numerator, denominator))
    status, grade, missing = marks(mine)
    above = total_of(numerator, mine)
    below = total_of(denominator, mine) if denominator is not None else None
    return Ratio(unit, period, above, below, status, grade, missing)


def over_periods(
    rows: Sequence[FactRow],
    numerator: Terms,
    denominator: Terms | None,
    units: Sequence[int],
    periods: Sequence[str],
    rule: Rule,
    accepted_only: bool,
) -> list[Ratio]:
    kept = countable(rows, rule, accepted_only)
    return [ratio(kept, numerator, denominator, unit, period) for unit in units for period in periods]


def rollup(
    rows: Sequence[FactRow],
    numerator: Terms,
    denominator: Terms | None,
    parents: Mapping[int, int],
    periods: Sequence[str],
    rule: Rule,
    accepted_only: bool,
) -> list[Total]:
    kept = countable(rows, rule, accepted_only)
    answer = []
    for parent in dict.fromkeys(parents.values()):
        children = [unit for unit, its in parents.items() if its == parent]
        for period in periods:
            complete, used = [], []
            for unit in children:
                one = ratio(kept, numerator, denominator, unit, period)
                if one.numerator is None or (denominator is not None and one.denominator is None):
                    continue
                complete.append(one)
                used += of(kept, unit, period, ids(numerator, denominator))
            status, grade, _ = marks(used)
            above = sum((one.numerator or Decimal(0) for one in complete), Decimal(0)) if complete else None
            below = None
            if complete and denominator is not None:
                below = sum((one.denominator or Decimal(0) for one in complete), Decimal(0))
            answer.append(Total(parent, period, above, below, len(complete), len(children), status, grade))
    return answer


def all_indicators(
    rows: Sequence[FactRow],
    indicators: Mapping[str, Asked],
    units: Sequence[int],
    period: str,
    rule: Rule,
    accepted_only: bool,
) -> dict[str, dict[int, Ratio]]:
    kept = countable(rows, rule, accepted_only)
    answer: dict[str, dict[int, Ratio]] = {}
    for code, asked in indicators.items():
        answer[code] = {}
        for unit in units:
            one = ratio(kept, asked.numerator, asked.denominator, unit, period)
            if one.status is not None:
                answer[code][unit] = one
    return answer


def obligations(
    rows: Sequence[ObligationRow], units: Sequence[int], periods: Sequence[str], now: datetime
) -> list[Owed]:
    answer = []
    for row in rows:
        if row.unit_id not in units or row.period not in periods:
            continue
        submitted = row.submitted if row.submitted is not None and row.submitted <= now else None
        answer.append(
            Owed(
                row.unit_id,
                row.form,
                row.period,
                row.deadline.astimezone(UTC),
                submitted.astimezone(UTC) if submitted else None,
                row.state,
                expected=row.end <= clock.local(now).date(),
                reported=submitted is not None,
                on_time=submitted is not None and submitted <= row.deadline,
                overdue=submitted is None and now > row.deadline,
            )
        )
    return sorted(answer, key=lambda one: (one.period, one.form, one.unit_id))


def reporting_rates(owed: Sequence[Owed]) -> list[Rate]:
    answer = []
    for form, period in sorted({(o.form, o.period) for o in owed if o.expected}, key=lambda k: (k[1], k[0])):
        mine = [o for o in owed if o.expected and (o.form, o.period) == (form, period)]
        answer.append(
            Rate(
                form,
                period,
                len(mine),
                len([o for o in mine if o.reported]),
                len([o for o in mine if o.on_time]),
                len([o for o in mine if o.overdue]),
            )
        )
    return answer


def crosstab(
    rows: Sequence[FactRow],
    items: Mapping[int, Item],
    windows: Sequence[Window],
    places: Mapping[int, Sequence[int]],
    by_split: bool,
    by_attribution: bool,
    accepted_only: bool,
) -> list[Cross]:
    """Cell by cell: every unit alone, then the units of the place together."""
    kept = [row for row in rows if row.scenario == "official"]
    if accepted_only:
        kept = [row for row in kept if row.status == "accepted"]
    targets = sorted({window.target for window in windows})
    splits = sorted({row.split for row in kept}) if by_split else [None]
    attributions = sorted({row.attribution for row in kept}) if by_attribution else [None]
    answer = []
    for number in sorted(items):
        for target in targets:
            for place in sorted(places):
                for split in splits:
                    for attribution in attributions:
                        found = [
                            one_unit(kept, items[number], windows, target, unit, split, attribution)
                            for unit in places[place]
                        ]
                        whole = [one for one in found if one is not None]
                        if not whole:
                            continue
                        answer.append(
                            Cross(
                                number,
                                target,
                                place,
                                split or "",
                                attribution or "",
                                sum((one[0] for one in whole), Decimal(0)),
                                sum((one[1] for one in whole), Decimal(0))
                                if items[number].denominator is not None
                                else None,
                                len(whole),
                                max(one[2] for one in whole),
                                max(one[3] for one in whole),
                            )
                        )
    return answer


def one_unit(
    rows: Sequence[FactRow],
    item: Item,
    windows: Sequence[Window],
    target: int,
    unit: int,
    split: str | None,
    attribution: str | None,
) -> tuple[Decimal, Decimal, int, int] | None:
    sums, parts, times = [Decimal(0), Decimal(0)], [], []
    for side, terms in enumerate((item.numerator, item.denominator or ())):
        for element, coefficient in terms:
            mine = [row for row in rows if (row.unit_id, row.element_id) == (unit, element)]
            one = one_element(mine, windows, element, target, split, attribution)
            if one is None:
                return None
            sums[side] += coefficient * one[0]
            parts.append(one[1])
            times.append(one[2])
    return sums[0], sums[1], max(parts), max(times)


def one_element(
    rows: Sequence[FactRow],
    windows: Sequence[Window],
    element: int,
    target: int,
    split: str | None,
    attribution: str | None,
) -> tuple[Decimal, int, int] | None:
    fitting = [window for window in windows if (window.element, window.target) == (element, target)]
    for rank in sorted({window.rank for window in fitting}):
        at_rank = [window for window in fitting if window.rank == rank]
        cells = over_time(rows, at_rank)
        if not cells:
            continue
        if split is None:
            cells = put_together(cells, 0)
        if attribution is None:
            cells = put_together(cells, 1)
        return cells.get((split or "", attribution or ""))
    return None


def over_time(
    rows: Sequence[FactRow], windows: Sequence[Window]
) -> dict[tuple[str, str], tuple[Decimal, int, int]]:
    """(split, attribution) → number, parts, times."""
    answer = {}
    for key in sorted({(row.split, row.attribution) for row in rows}):
        figures = []
        for window in windows:
            there = [row for row in rows if (row.split, row.attribution) == key]
            there = [row for row in there if (row.period, row.rule) == (window.key, window.rule.value)]
            number = number_of(there, window.element)
            if number is not None:
                figures.append((there[0].start, number, window.last))
        if not figures:
            continue
        if any(last for _, _, last in figures):
            answer[key] = (max(figures)[1], 1, 1)
        else:
            answer[key] = (sum((number for _, number, _ in figures), Decimal(0)), 1, len(figures))
    return answer


def put_together(
    cells: Mapping[tuple[str, str], tuple[Decimal, int, int]], along: int
) -> dict[tuple[str, str], tuple[Decimal, int, int]]:
    answer = {}
    for other in sorted({key[1 - along] for key in cells}):
        line = {key[along]: cell for key, cell in cells.items() if key[1 - along] == other}
        parts = [cell for name, cell in line.items() if name]
        times = max(cell[2] for cell in line.values())
        if "" in line:
            whole = (line[""][0], line[""][1], times)
        else:
            whole = (sum((cell[0] for cell in parts), Decimal(0)), sum(cell[1] for cell in parts), times)
        answer["", other] = whole
    if along == 1:
        return {(key[1], key[0]): cell for key, cell in answer.items()}
    return answer
