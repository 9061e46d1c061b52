"""Weighted sums of elements over any groups of units and any stretches of time, whole or by split.

The question behind `/api/analytics`. Per unit the figures are put together over time first (a stock stands
with its latest figure), then over splits and attributions (a stored total goes before its parts), then as
the terms of an item (a unit that lacks one of them stays out), and only then over units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import ibis
import ibis.expr.types as ir

from haicap.core.periods import Rule
from haicap.warehouse.store import ask

from . import cells
from .asking import asked, asked_rows, compiled_once, facts
from .cells import Terms

ABOVE, BELOW = 0, 1


@ibis.udf.agg.builtin(name="arg_max", signature=(("decimal(18,4)", "date"), "decimal(18,4)"))
def _latest(number, start):  # type: ignore[no-untyped-def]
    """The number whose window begins last."""


class Item(NamedTuple):
    """What is asked for under a number of the caller's choice; no denominator: a plain weighted sum."""

    numerator: Terms
    denominator: Terms | None = None


class Window(NamedTuple):
    """Facts of `element` in the period `key` count for `target`.

    `rank`: of several kinds of periods that could fill one target, a unit's lowest rank that has figures
    counts alone. `last`: over the time of the target the latest figure stands, else the figures add up.
    """

    element: int
    key: str
    rule: Rule
    target: int
    rank: int = 0
    last: bool = False


class Cross(NamedTuple):
    """One cell. `units` is how many units are in it; `parts` how many splits or attributions, `times` how
    many periods were added at most in one unit: the caller decides whether that may be added at all."""

    item: int
    target: int
    place: int
    split: str
    attribution: str
    numerator: Decimal
    denominator: Decimal | None
    units: int
    parts: int
    times: int


@compiled_once
def question(by_split: bool, by_attribution: bool) -> ir.Table:
    t = _over_time(_windowed())
    if not by_split:
        t = _whole(t, "split", "unit_id", "element_id", "attribution", "target")
    if not by_attribution:
        t = _whole(t, "attribution", "unit_id", "element_id", "split", "target")
    terms = asked_rows(item="int32", side="int8", of="int32", coefficient="decimal(38,6)", size="int32")
    j = t.join(terms, t.element_id == terms.of)
    part = j.number * j.coefficient
    one = j.group_by("unit_id", "item", "size", "target", "split", "attribution").agg(
        above=part.sum(where=j.side == ABOVE),
        below=part.sum(where=j.side == BELOW),
        found=j.count(),
        parts=j.parts.max(),
        times=j.times.max(),
    )
    one = one.filter(one.found == one["size"])
    places = asked_rows(unit="int32", place="int32")
    m = one.join(places, one.unit_id == places.unit)
    return (
        m.group_by("item", "target", "place", "split", "attribution")
        .agg(
            above=m.above.sum(),
            below=m.below.sum(),
            units=m.count(),
            parts=m.parts.max(),
            times=m.times.max(),
        )
        .order_by("item", "target", "place", "split", "attribution")
    )


def _windowed() -> ir.Table:
    """Facts that count, each with the target it counts for; of several the one that is shown."""
    f = facts("values")
    f = f.filter(
        f.scenario == "official",
        (f.status == "accepted") | ~asked("accepted_only", "boolean"),
        f.period >= asked("first", "string"),
        f.period <= asked("last", "string"),
        f.unit_id.isin(asked_rows(unit="int32", place="int32").unit),
    )
    w = asked_rows(
        element="int32", key="string", window_rule="string", target="int32", rank="int8", latest="int8"
    )
    f = f.join(w, (f.element_id == w.element) & (f.period == w.key) & (f.rule == w.window_rule))
    t = f.group_by(
        "unit_id", "element_id", "split", "attribution", "period", "start", "target", "rank", "latest"
    ).agg(number=cells.preferred(f))
    return t.filter(t.number.notnull())


def _over_time(t: ir.Table) -> ir.Table:
    best = t.rank.min().over(group_by=[t.unit_id, t.element_id, t.target])
    t = t.mutate(best=best)
    t = t.filter(t["rank"] == t.best)
    g = t.group_by("unit_id", "element_id", "split", "attribution", "target").agg(
        added=t.number.sum(), newest=_latest(t.number, t.start), times=t.count(), latest=t.latest.max()
    )
    stands = g.latest == 1
    return g.select(
        "unit_id",
        "element_id",
        "split",
        "attribution",
        "target",
        number=stands.ifelse(g.newest.cast("decimal(38,4)"), g.added),
        times=stands.ifelse(1, g.times),
        parts=ibis.literal(1, "int64"),
    )


def _whole(t: ir.Table, along: str, *keys: str) -> ir.Table:
    """Put together along splits or attributions: what was stored as the total, else the sum of the parts."""
    total, part = t[along] == "", t[along] != ""
    g = t.group_by(*keys).agg(
        total=t.number.sum(where=total),
        sum_of_parts=t.number.sum(where=part),
        listed=t.parts.sum(where=part),
        inside=t.parts.max(where=total),
        times=t.times.max(),
    )
    kept = g.total.notnull()
    return g.select(
        *keys,
        number=ibis.coalesce(g.total, g.sum_of_parts),
        times=g.times,
        parts=kept.ifelse(g.inside, g.listed),
        **{along: ibis.literal("")},
    )


def crosstab(
    items: Mapping[int, Item],
    windows: Iterable[Window],
    places: Mapping[int, Sequence[int]],
    *,
    by_split: bool = False,
    by_attribution: bool = False,
    accepted_only: bool = False,
) -> list[Cross]:
    """Every cell that has a figure, by item, target, place, split, attribution.

    `places`: place → the units that are counted in it; a unit may be in several. ValueError for coefficients
    finer than six decimals.
    """
    windows = list(windows)
    if not items or not windows or not places:
        return []
    sql = question(by_split, by_attribution)
    years = {year for rule in Rule for year in _years(windows, rule)}
    named = _named(items, windows, places) | {"accepted_only": accepted_only}
    below = {number for number, item in items.items() if item.denominator is not None}
    answer = []
    for row in ask(sql, named, tuple(sorted(years))):
        item, target, place, split, attribution, top, bottom, units, parts, times = row
        denominator = bottom if item in below else None
        answer.append(
            Cross(item, target, place, split, attribution, top, denominator, units, int(parts), int(times))
        )
    return answer


def _years(windows: Sequence[Window], rule: Rule) -> tuple[int, ...]:
    return cells.years([one.key for one in windows if one.rule is rule], rule)


def _named(
    items: Mapping[int, Item], windows: Sequence[Window], places: Mapping[int, Sequence[int]]
) -> dict[str, Any]:
    terms = [
        (number, side, element, coefficient, len(item.numerator) + len(item.denominator or ()))
        for number, item in items.items()
        for side, listed in ((ABOVE, item.numerator), (BELOW, item.denominator or ()))
        for element, coefficient in listed
    ]
    if any(coefficient != round(coefficient, 6) for *_, coefficient, _size in terms):
        raise ValueError("a coefficient has more than six decimals")
    mapped = [(unit, place) for place, units in places.items() for unit in units]
    keys = [one.key for one in windows]
    return {
        "item": [one[0] for one in terms],
        "side": [one[1] for one in terms],
        "of": [one[2] for one in terms],
        "coefficient": [Decimal(one[3]) for one in terms],
        "size": [one[4] for one in terms],
        "element": [one.element for one in windows],
        "key": keys,
        "window_rule": [one.rule.value for one in windows],
        "target": [one.target for one in windows],
        "rank": [one.rank for one in windows],
        "latest": [int(one.last) for one in windows],
        "first": min(keys),
        "last": max(keys),
        "unit": [one[0] for one in mapped],
        "place": [one[1] for one in mapped],
    }
