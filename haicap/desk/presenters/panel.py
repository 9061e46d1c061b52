"""The side panel of one commune: score, what costs most, who answers for it, and why this colour."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.accounts import queries as people
from haicap.accounts.states import Role
from haicap.core.periods import Period
from haicap.desk.choices import Choice
from haicap.desk.presenters import words
from haicap.desk.presenters.outstanding import Outstanding, outstanding
from haicap.desk.presenters.table import MONTHS, cut_values
from haicap.desk.presenters.why import Why, why
from haicap.insight.heatmap import HeatMap, Row
from haicap.insight.scores import Loss
from haicap.insight.series import Point, series, window
from haicap.ui import charts
from haicap.ui.svg import Svg
from haicap.units.places import Place
from haicap.units.states import Level

COSTLIEST = 3


@dataclass(frozen=True)
class LossLine:
    code: str
    name: str
    band: str
    value: str
    lost: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Panel:
    place: Place
    name: str
    band: str
    value: str
    provisional: bool
    change: Decimal | None
    before: str
    rank: str
    population: str
    coverage: str
    responsible: str
    losses: tuple[LossLine, ...]
    trend: Svg
    points: list[charts.Point]
    trend_caption: str
    why: Why | None
    reason: str
    outstanding: tuple[Outstanding, ...]


def panel(of: HeatMap, row: Row, choice: Choice) -> Panel:
    score = of.board.scores.get(row.place.id) if of.indicator is None else None
    losses = score.losses[:COSTLIEST] if score else ()
    lines = tuple(_loss_line(loss, of, choice, position) for position, loss in enumerate(losses))
    chosen = _chosen(of, row, choice, [line.code for line in lines])
    asked = trend_window(of)
    points = series(of.board.owner, [row.place.id], of.indicator, asked)[row.place.id]
    drawn = [chart_point(point, of) for point in points]
    judged = sum(1 for one in of.rows if one.rank is not None)
    return Panel(
        place=row.place,
        name=words.place_name(row.place),
        band=row.band.value,
        value=words.value(row.value, of.indicator),
        provisional=row.provisional,
        change=row.change,
        before=short_period(of.before.period),
        rank=f"{words.number(row.rank)}/{words.number(judged)}" if row.rank else "",
        population=words.number(row.place.population) if row.place.population else "",
        coverage=_coverage(row, score.coverage if score else None),
        responsible=responsible(row.place),
        losses=lines,
        trend=charts.trend(drawn, cuts=cuts(of), label=trend_words(of)),
        points=drawn,
        trend_caption=trend_words(of),
        why=why(of.board, row.place.id, chosen) if chosen else None,
        reason=words.reason(row.reason, row.band) if row.value is None else "",
        outstanding=outstanding(of.board, row.place),
    )


def _loss_line(loss: Loss, of: HeatMap, choice: Choice, position: int) -> LossLine:
    reading, lost = loss.reading, loss.lost
    indicator = of.board.catalogue.indicators[reading.indicator]
    return LossLine(
        code=indicator.code,
        name=words.indicator_name(indicator, short=True),
        band=reading.band.value,
        value=words.value(reading.value, indicator),
        lost=words.number(lost, 1),
        href=choice.address(why=indicator.code),
        chosen=choice.why == indicator.code or (not choice.why and position == 0),
    )


def _chosen(of: HeatMap, row: Row, choice: Choice, costliest: list[str]) -> str:
    """The indicator explained: the one asked for, the one on the map, else the one that costs most."""
    if of.indicator is not None:
        return of.indicator.code
    if choice.why in of.board.readings[row.place.id]:
        return choice.why
    return costliest[0] if costliest else ""


def _coverage(row: Row, share: Decimal | None) -> str:
    if row.coverage is not None:
        have, asked = row.coverage
        return _("có số liệu %(have)s/%(asked)s đơn vị") % {
            "have": words.number(have),
            "asked": words.number(asked),
        }
    if share is None:
        return ""
    return _("đủ %(share)s %% trọng số") % {"share": words.number(share * 100, 0)}


def responsible(place: Place) -> str:
    """The position answers, not a person's private name alone: title first."""
    if place.level != Level.COMMUNE:
        return ""
    seats = people.seats_in([place.id], Role.COMMUNE_LEADER)
    return ", ".join(f"{seat.name}, {seat.title}" if seat.name else seat.title for seat in seats)


def chart_point(point: Point, of: HeatMap) -> charts.Point:
    return charts.Point(
        label=short_period(point.period),
        value=None if point.value is None else float(point.value),
        band=point.band.value,
        text=words.value(point.value, of.indicator),
        gap="" if point.value is not None else words.reason("", point.band),
    )


def short_period(period: Period) -> str:
    """A name that fits under a point of a curve: "T10", "Q3/26"."""
    year, _dash, part = period.key.partition("-")
    if part.isdigit():
        return _("T%(month)s") % {"month": words.number(int(part))}
    return f"{part}/{year[2:]}" if part else year


def cuts(of: HeatMap) -> list[charts.Cut]:
    return [charts.Cut(value, words.number(Decimal(str(value)), None)) for value in cut_values(of)]


def trend_window(of: HeatMap) -> list[Period]:
    return window(of.period, MONTHS, of.board.catalogue)


def trend_words(of: HeatMap) -> str:
    asked = trend_window(of)
    return _("%(figure)s, %(first)s đến %(last)s") % {
        "figure": words.indicator_name(of.indicator),
        "first": words.period_name(asked[0]),
        "last": words.period_name(asked[-1]),
    }
