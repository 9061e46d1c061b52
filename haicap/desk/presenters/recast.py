"""A series across mergers: as reported, and as the units are today (recast), each figure labelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import bands
from haicap.core.bands import Band, Figure
from haicap.core.periods import Period
from haicap.desk.presenters import words
from haicap.desk.presenters.panel import short_period
from haicap.insight.recast import Blame, Reading, RecastPoint, Story, Why
from haicap.tables.values import Value
from haicap.ui import charts
from haicap.ui.svg import Svg
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.warehouse.queries.cells import Ratio

TODAY, REPORTED = "hom-nay", "da-bao-cao"


@dataclass(frozen=True)
class Row:
    """One period: the figure of today's unit, how it came about, and what each older unit reported."""

    period: str
    window: Period
    value: str
    band: str
    label: str
    recast: bool
    fraction: str
    reason: str
    provisional: bool
    olds: tuple[str, ...]


@dataclass(frozen=True)
class Series:
    caption: str
    chart: Svg
    points: tuple[charts.Point, ...]
    unit: str
    rows: tuple[Row, ...]
    olds: tuple[str, ...]
    recast: bool
    broken: tuple[str, ...]


def present(story: Story, catalogue: Catalogue, mode: str = TODAY) -> Series:
    drawn = tuple(_drawn(point, story, mode) for point in story.points)
    name = words.indicator_name(story.indicator)
    first, last = (words.period_name(story.periods[at]) for at in (0, -1)) if story.periods else ("", "")
    told = {"figure": name, "first": first, "last": last}
    text = _("%(figure)s, tính lại theo đơn vị hôm nay, %(first)s đến %(last)s")
    if mode == REPORTED or not story.is_recast:
        text = _("%(figure)s, như đã báo cáo, %(first)s đến %(last)s")
    rule = catalogue.threshold_for(story.indicator.code, story.place, _last_day(story))
    marks = [rule.threshold.yellow, rule.threshold.green] if rule else []
    cuts = [charts.Cut(float(mark), words.number(mark)) for mark in marks if mark is not None]
    return Series(
        caption=text % told,
        chart=charts.trend(drawn, cuts=cuts, turn=_turn(story, mode), label=text % told),
        points=drawn,
        unit=catalogue.unit_name(story.indicator.unit, words.lang()),
        rows=tuple(_row(story, at) for at in range(len(story.points) - 1, -1, -1)),
        olds=tuple(f"{words.place_name(old)} ({old.code})" for old, _rows in story.olds),
        recast=story.is_recast,
        broken=_broken(story),
    )


def _broken(story: Story) -> tuple[str, ...]:
    """What no report can mend: said once above the figures, not only beside each of them."""
    lasting = (Why.SHARE, Why.NO_PAST, Why.NOT_ADDITIVE)
    found = [point for point in story.points if any(one.why in lasting for one in point.sums.blame)]
    return tuple(dict.fromkeys(reason(point) for point in found))


def _last_day(story: Story) -> date:
    return story.periods[-1].last_day if story.periods else story.place.valid_from


def _turn(story: Story, mode: str) -> charts.Turn | None:
    at = next(
        (i for i, p in enumerate(story.points) if p.sums.reading is Reading.REPORTED), len(story.points)
    )
    before = _("tính lại") if mode == TODAY and story.is_recast else _("đơn vị cũ")
    return charts.Turn(at, before, _("đã báo cáo")) if 0 < at < len(story.points) else None


def _drawn(point: RecastPoint, story: Story, mode: str) -> charts.Point:
    shown = point.value if mode == TODAY or point.sums.reading is Reading.REPORTED else None
    return charts.Point(
        label=short_period(point.period),
        value=None if shown is None else float(shown),
        band=point.band.value,
        text=words.value(shown, story.indicator),
        gap="" if shown is not None else _gap(point),
    )


def _gap(point: RecastPoint) -> str:
    """A few words in the curve; the whole reason stands beside it."""
    if point.sums.reading is Reading.UNAVAILABLE:
        return _("không tính lại được")
    return words.reason("", point.band)


def _row(story: Story, at: int) -> Row:
    point = story.points[at]
    sums = point.sums
    return Row(
        period=words.period_name(point.period),
        window=point.period,
        value=bounds(point) or words.value(point.value, story.indicator),
        band=point.band.value,
        label=_label(point),
        recast=sums.reading is Reading.RECAST,
        fraction=_fraction(point),
        reason=reason(point) if sums.reading is Reading.UNAVAILABLE else "",
        provisional=sums.provisional,
        olds=tuple(_told(old, rows[at], point.period, story.indicator) for old, rows in story.olds),
    )


def _told(old: Place, row: Ratio, period: Period, indicator: Indicator) -> str:
    """Blank where the unit did not exist: that is not a missing report."""
    return words.value(_value(row, indicator), indicator) if old.holds_on(period.last_day) else ""


def _label(point: RecastPoint) -> str:
    if point.sums.reading is Reading.REPORTED and point.value is None:
        return words.reason("", point.band)
    return label(point.sums.reading)


def label(reading: Reading) -> str:
    return {
        Reading.REPORTED: _("đã báo cáo"),
        Reading.RECAST: _("tính lại"),
        Reading.UNAVAILABLE: _("không có"),
    }[reading]


def _fraction(point: RecastPoint) -> str:
    sums = point.sums
    if sums.numerator is None or sums.denominator is None:
        return ""
    return f"{words.number(sums.numerator, 0)}/{words.number(sums.denominator, 0)}"


def bounds(point: RecastPoint) -> str:
    """ "149 … 594" where the sum is not allowed but its bounds are known."""
    low, high = point.sums.low, point.sums.high
    if low is None and high is None:
        return ""
    return f"{words.number(low, 0)} … {words.number(high, 0)}"


def _value(row: Ratio, indicator: Indicator) -> Decimal | None:
    figure = Figure(row.numerator, row.denominator, indicator.factor, indicator.has_denominator)
    return bands.value(figure)


def reason(point: RecastPoint) -> str:
    """Why there is no figure, and which units are to blame."""
    return "; ".join(
        _blamed(why, point.sums.blame) for why in dict.fromkeys(one.why for one in point.sums.blame)
    )


def _blamed(why: Why, blame: tuple[Blame, ...]) -> str:
    found = units.by_ids(one.unit_id for one in blame if one.why is why).values()
    names = ", ".join(words.place_name(one) for one in sorted(found, key=lambda one: one.code))
    text = {
        Why.SHARE: _("không tính lại được: chưa rõ phần chia của %(units)s"),
        Why.NO_PAST: _("không tính lại được: chưa biết %(units)s được lập từ đâu"),
        Why.SILENT: _("chưa có số của %(units)s"),
        Why.NOT_ADDITIVE: _("số này không cộng được giữa %(units)s"),
    }[why]
    return text % {"units": names}


def header() -> list[str]:
    return [
        _("Mã"), _("Đơn vị"), _("Kỳ báo cáo"), _("Cách đọc"), _("Giá trị"), _("Tử số"), _("Mẫu số"),
        _("Cận dưới"), _("Cận trên"), _("Mức"), _("Trạng thái"), _("Lý do không có số"), _("Chỉ tiêu"),
        _("Bản dữ liệu"),
    ]  # fmt: skip


def rows(story: Story) -> Iterator[list[Value]]:
    """Long: today's unit period by period, then each older unit as it reported."""
    tail: list[Value] = [story.indicator.code, story.snapshot.id]
    for point in story.points:
        sums = point.sums
        yield [
            story.place.code, story.place.full_name, point.period.key, _label(point), point.value,
            sums.numerator, sums.denominator, sums.low, sums.high, words.band(point.band, story.indicator),
            _status(sums.provisional, point.value is not None),
            "" if point.value is not None else reason(point), *tail,
        ]  # fmt: skip
    for old, told in story.olds:
        for row in told:
            value = _value(row, story.indicator)
            yield [
                old.code, old.full_name, row.period, label(Reading.REPORTED), value, row.numerator,
                row.denominator, None, None, "", _status(row.status == "provisional", value is not None),
                "" if value is not None else words.band(Band.NOT_REPORTED, None), *tail,
            ]  # fmt: skip


def _status(provisional: bool, known: bool) -> str:
    if not known:
        return ""
    return _("tạm tính") if provisional else _("đã duyệt")


def pickable(catalogue: Catalogue) -> list[Indicator]:
    """Indicators that come from reports: pillar by pillar, in the order of the catalogue."""
    return list(catalogue.scored)
