"""On-time figures, official and attributable side by side, and who handed dossiers in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext

from haicap.catalogue.queries import Catalogue
from haicap.core import bands
from haicap.core.bands import Figure
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..queries.freshness import Freshness
from ..queries.timely import Handed, Tally
from . import sources
from .tables import NOTHING, Cell, Column, count, of_n, percent, rate

Judge = Callable[[Place, Tally], str]


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of a table of rates is made of."""

    name: Cell
    tally: Tally
    sources: frozenset[int]
    place: Place | None = None


def judge(book: Catalogue, indicator: str, period: Period) -> Judge:
    """The band of an official rate by the thresholds of the indicator that the rules name."""

    def band(place: Place, tally: Tally) -> str:
        rule = book.threshold_for(indicator, place, period.last_day) if indicator else None
        figure = Figure(Decimal(tally.good), Decimal(tally.judged))
        return bands.classify(figure, rule.threshold if rule else None).value

    return band


def columns(first: str) -> list[Column]:
    return [
        Column(first, sort="ten"),
        Column(gettext("Tỷ lệ đúng hạn chính thức"), True, "chinh-thuc"),
        Column(gettext("Tỷ lệ thuộc trách nhiệm đơn vị"), True, "don-vi"),
        Column(gettext("Trước hạn"), True),
        Column(gettext("Đúng hạn"), True),
        Column(gettext("Trễ hạn"), True),
        Column(gettext("Chưa xong, quá hạn"), True),
        Column(gettext("Trễ do nơi khác"), True),
        Column(gettext("Trễ chưa rõ do ai"), True),
    ]


def cells(row: Row, known: Mapping[int, Freshness], band: Judge | None = None) -> list[Cell]:
    """A stale source is neither green nor red: its age stands where the colour would stand."""
    tally, stale = row.tally, [known[one] for one in row.sources if one in known and known[one].stale]
    official = rate(tally.official, tally.judged, strong=not stale)
    if stale:
        old = sources.worst((one.source_id for one in stale), known)
        official = Cell(official.text, official.value, note=sources.age(old) if old else "", sign="clock")
    elif band is not None and row.place is not None and tally.official is not None:
        official = replace(official, band=band(row.place, tally))
    return [
        row.name,
        official,
        attributable(tally),
        count(tally.early),
        count(tally.on_time),
        count(tally.late),
        count(tally.overdue),
        count(tally.not_ours),
        count(tally.unsaid),
    ]


def attributable(tally: Tally) -> Cell:
    if tally.attributable is None:
        why = gettext("nguồn không có mốc xử lý") if tally.judged else of_n(0)
        return Cell(NOTHING, None, note=why)
    return rate(tally.attributable, tally.own_judged)


def total(rows: Sequence[Row], known: Mapping[int, Freshness]) -> list[Cell]:
    """Computed from the counts, never from the rates."""
    whole = sum((row.tally for row in rows), Tally())
    named = Row(Cell(gettext("Cộng")), whole, frozenset())
    return cells(named, known)


def ordered(lines: list[list[Cell]], sort: str) -> list[list[Cell]]:
    """The worst first; rows without a figure last."""
    at = {"chinh-thuc": 1, "don-vi": 2}.get(sort)
    if at is None:
        return sorted(lines, key=lambda line: line[0].text)
    return sorted(lines, key=lambda line: (line[at].value is None, line[at].value or 0))


def by_key(found: Mapping[tuple[int | str, int], Tally]) -> dict[int | str, tuple[Tally, frozenset[int]]]:
    """Over the sources of each commune or procedure."""
    sums: dict[int | str, Tally] = defaultdict(Tally)
    used: dict[int | str, set[int]] = defaultdict(set)
    for (key, source), tally in found.items():
        sums[key] += tally
        used[key].add(source)
    return {key: (tally, frozenset(used[key])) for key, tally in sums.items()}


def handed_columns() -> list[Column]:
    return [
        Column(gettext("Xã, phường"), sort="ten"),
        Column(gettext("Tiếp nhận trong kỳ"), True, "n"),
        Column(gettext("Người dân tự nộp"), True, "tu"),
        Column(gettext("Được hướng dẫn nộp"), True, "giup"),
        Column(gettext("Nộp thay"), True, "thay"),
        Column(gettext("Nộp thay chưa ghi lý do"), True),
        Column(gettext("Nguồn không nói"), True),
    ]


def handed_cells(name: Cell, one: Handed) -> list[Cell]:
    return [
        name,
        count(one.n),
        _part(one.alone, one),
        _part(one.helped, one),
        _part(one.behalf, one),
        count(one.unreasoned),
        count(one.unknown),
    ]


def _part(n: int, whole: Handed) -> Cell:
    """The count, with its share of those of whom the class is known."""
    said = whole.n - whole.unknown
    return replace(count(n), note=percent(Decimal(100 * n) / said) if said else "")
