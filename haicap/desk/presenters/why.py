"""Why this colour: formula, numerator, denominator, threshold, and whose hands the figure went through."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.accounts import queries as people
from haicap.catalogue.queries import Catalogue, Indicator, spoken
from haicap.core.periods import Period
from haicap.desk.presenters import words
from haicap.insight.boards import Board, form_of
from haicap.insight.readings import Reading, elements_of
from haicap.reporting import queries as reports
from haicap.reporting.queries.derived import system_figures
from haicap.ui import wording
from haicap.units.places import Place
from haicap.units.states import Level


@dataclass(frozen=True)
class Hand:
    what: str
    who: str
    at: datetime | None


@dataclass(frozen=True)
class Why:
    code: str
    name: str
    band: str
    value: str
    provisional: bool
    reason: str
    numerator: str
    denominator: str
    calculation: str
    threshold: str
    version: str
    source: str
    grade: str
    counted: tuple[str, ...]
    period: str
    range: str
    report_href: tuple[str, str] | None
    # code and words of each element, whose own page tells where its figure came from
    elements: tuple[tuple[str, str], ...]
    hands: tuple[Hand, ...]
    coverage: tuple[int, int] | None


def why(board: Board, unit_id: int, code: str) -> Why:
    """Everything behind one colour. The declared layer states its published source instead of hands."""
    reading = board.readings[unit_id][code]
    catalogue = board.catalogue
    indicator = catalogue.indicators[code]
    place = next(place for place in board.places if place.id == unit_id)
    rule = catalogue.threshold_for(code, place, reading.period.last_day)
    form = form_of(catalogue, indicator)
    return Why(
        code=code,
        name=words.indicator_name(indicator),
        band=reading.band.value,
        value=words.value(reading.value, indicator),
        provisional=reading.provisional,
        reason=words.reason(reading.reason, reading.band) if reading.value is None else "",
        numerator=_side(reading.numerator, indicator.numerator, catalogue),
        denominator=_side(reading.denominator, indicator.denominator, catalogue)
        if indicator.denominator
        else "",
        calculation=_calculation(reading, indicator),
        threshold=words.threshold(rule.threshold, indicator.unit)
        if rule
        else _("chưa đặt ngưỡng, không xếp mức"),
        version=_version(catalogue, reading, indicator, rule is not None and rule.proposal),
        source=indicator.source,
        grade=str(wording.GRADES[reading.grade]) if reading.grade else "",
        counted=tuple(_counted(reading, indicator, catalogue)),
        period=words.period_name(reading.period),
        range=_range(reading, indicator),
        report_href=(form, reading.period.key) if form and place.level == Level.COMMUNE else None,
        elements=tuple(
            (one.code, spoken(one.labels, words.lang()))
            for one in catalogue.elements.values()
            if form and one.id in elements_of(indicator) and one.code in catalogue.forms[form].elements
        ),
        hands=_hands(place, form, reading.period) if place.level == Level.COMMUNE else (),
        coverage=reading.coverage,
    )


def _side(value: Decimal | None, formula: str | None, catalogue: Catalogue) -> str:
    """ "47 · Hồ sơ thanh toán trực tuyến": the figure with what it counts; "" where there is no side."""
    if formula is None:
        return ""
    names = [
        spoken(element.labels, words.lang())
        for element in catalogue.elements.values()
        if element.code in formula.replace("+", " ").replace("-", " ").replace("*", " ").split()
    ]
    label = " + ".join(names)
    return f"{words.number(value)} · {label}" if label else words.number(value)


def _calculation(reading: Reading, indicator: Indicator) -> str:
    if reading.value is None:
        return ""
    shown = words.number(reading.value, 2)
    if reading.denominator is None:
        return _("%(value)s, xếp mức trước khi làm tròn") % {"value": words.number(reading.value)}
    told = {
        "num": words.number(reading.numerator),
        "den": words.number(reading.denominator),
        "factor": words.number(indicator.factor),
        "value": shown,
    }
    return _("%(num)s ÷ %(den)s × %(factor)s = %(value)s, xếp mức trước khi làm tròn") % told


def _version(catalogue: Catalogue, reading: Reading, indicator: Indicator, proposal: bool) -> str:
    told = {"formula": words.number(indicator.number), "rule": words.number(reading.threshold_version)}
    text = _("công thức bản %(formula)s, ngưỡng bản %(rule)s") % told
    return _("%(text)s (đề xuất)") % {"text": text} if proposal else text


def _range(reading: Reading, indicator: Indicator) -> str:
    """The source and, for an inferred figure, the range that fits as well."""
    if reading.grade not in ("declared", "inferred") or not indicator.denominator_terms:
        return ""
    ids = {element for element, _c in (*indicator.numerator_terms, *indicator.denominator_terms)}
    rows = [row for row in reports.declared([reading.unit_id], [reading.period.key]) if row.element_id in ids]
    parts = []
    for row in rows:
        if row.low is not None and row.high is not None:
            span = {
                "low": words.number(row.low),
                "high": words.number(row.high),
                "n": words.number(row.number),
            }
            parts.append(_("%(n)s là số suy ra; từ %(low)s đến %(high)s đều khớp") % span)
    sources = sorted({row.source for row in rows if row.source})
    return "; ".join([*parts, *sources])


def _counted(reading: Reading, indicator: Indicator, catalogue: Catalogue) -> Iterator[str]:
    """Each side that the system counted: of how many records, and what the province put in its place."""
    ids = [id for id in elements_of(indicator) if catalogue.elements_by_id[id].derived is not None]
    if not ids:
        return
    period = reading.period
    for one in system_figures([reading.unit_id], [period.key], ids, period.rule.value):
        if one.number is None:
            continue
        told = {
            "element": spoken(catalogue.elements_by_id[one.element_id].labels, words.lang()),
            "records": words.number(one.records),
            "number": words.number(one.number),
        }
        if one.corrected is None:
            yield _("%(element)s: từ %(records)s hồ sơ") % told
        else:
            yield (
                _("%(element)s: tỉnh chấp nhận số khác thay cho %(number)s, đếm từ %(records)s hồ sơ") % told
            )


def _hands(place: Place, form: str | None, period: Period) -> tuple[Hand, ...]:
    if form is None:
        return ()
    report = reports.detail(place, form, period, words.lang())
    steps = (
        (_("Người chuyển gửi"), report.ready_by, None),
        (_("Người gửi"), report.submitted_by, report.submitted_at),
        (_("Người duyệt"), report.accepted_by, report.accepted_at),
    )
    names = people.names([who for _what, who, _at in steps if who])
    return tuple(Hand(what, names.get(who, who), at) for what, who, at in steps if who)
