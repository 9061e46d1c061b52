"""Figures as words: names, values with their unit, reasons."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.catalogue.queries import Indicator, spoken
from haicap.core import bands, numbers, periods
from haicap.core.bands import Band, Direction
from haicap.core.languages import known
from haicap.core.periods import Period, Rule
from haicap.ui import wording
from haicap.units.places import Place
from haicap.units.states import Level

PERCENT = "%"
DASH = "–"


def lang() -> str:
    return known(get_language())


def number(value: Decimal | int | None, places: int | None = None) -> str:
    return DASH if value is None else numbers.format(value, lang(), places)


def places_of(indicator: Indicator | None) -> int:
    """Digits behind the comma: one for shares and scores, none for counts."""
    return 0 if indicator is not None and not indicator.has_denominator and indicator.factor == 1 else 1


def value(figure: Decimal | None, indicator: Indicator | None) -> str:
    """A figure with its unit: "98,5 %", "4 sản phẩm", a bare score."""
    if figure is None:
        return DASH
    text = number(figure, places_of(indicator))
    if indicator is None:
        return text
    # a no-break space keeps figure and unit on one line
    return f"{text} {indicator.unit if indicator.unit == PERCENT else wording.unit(indicator.unit)}"


def period_name(period: Period) -> str:
    """ "Tháng 10/2026"; calendar windows say so, because official months run from the 15th to the 14th."""
    name = periods.label(period, lang())
    return name if period.rule is Rule.DECREE09 else _("%(period)s (lịch)") % {"period": name}


def indicator_name(indicator: Indicator | None, short: bool = False) -> str:
    if indicator is None:
        return _("Điểm tổng hợp")
    return spoken(indicator.short_labels if short else indicator.labels, lang())


def place_name(place: Place, full: bool = True) -> str:
    """Official name in Vietnamese; in other languages the proper name alone, which needs no translation."""
    return place.full_name if full and lang() == "vi" else place.name


def units_word(places: tuple[Place, ...]) -> str:
    if places and places[0].level == Level.PROVINCE:
        return _("tỉnh, thành phố")
    kinds = {place.kind for place in places}
    if "dac_khu" in kinds:
        return _("xã, phường, đặc khu")
    return _("xã, phường")


def reason(code: str, band: Band) -> str:
    """Why there is no value, for a reader."""
    kind, _colon, why = code.partition(":")
    if kind == "no_figure":
        return _("Không có số liệu: %(why)s") % {"why": why} if why else _("Không có số liệu")
    told = {
        "returned": _("Báo cáo đã bị trả lại, chờ gửi lại"),
        "not_additive": _("Số này không cộng được giữa các đơn vị"),
    }
    return told.get(kind) or str(wording.band(band.value))


def band(band: Band, indicator: Indicator | None) -> str:
    """The word of a band; nobody owes a published figure, so where there is none it is not "not reported"."""
    if band is Band.NOT_REPORTED and is_published(indicator):
        return _("Không có số liệu")
    return str(wording.band(band.value))


def is_published(indicator: Indicator | None) -> bool:
    return indicator is not None and indicator.rule is Rule.CALENDAR


def threshold(rule: bands.Threshold, unit: str) -> str:
    """The rule in one line: "xanh từ 80 %, vàng từ 50 %, đỏ dưới 50 %"."""
    tail = f" {unit}" if unit == PERCENT else ""

    def shown(bound: Decimal | None) -> str:
        return DASH if bound is None else f"{number(bound)}{tail}"

    if rule.direction is Direction.HIGHER:
        text = _("xanh từ %(green)s, vàng từ %(yellow)s, đỏ dưới %(yellow)s")
    elif rule.direction is Direction.LOWER:
        text = _("xanh đến %(green)s, vàng đến %(yellow)s, đỏ trên %(yellow)s")
    elif rule.direction is Direction.RANGE:
        text = _("xanh trong khoảng %(green)s đến %(to)s")
    else:
        return _("chỉ theo dõi, không xếp mức")
    return text % {"green": shown(rule.green), "yellow": shown(rule.yellow), "to": shown(rule.green_to)}


def status(provisional: bool, has_value: bool) -> str:
    """Whether a figure is accepted yet, for a file; "" where there is none."""
    if not has_value:
        return ""
    return _("tạm tính") if provisional else _("đã duyệt")
