"""Is what was typed into a cell a number that this element can have?"""

from dataclasses import dataclass
from decimal import Context, Decimal

from django.utils.translation import gettext_lazy

from haicap.catalogue.queries import Element
from haicap.core import numbers
from haicap.core.errors import Refusal

# SQLite keeps decimals as floating point beyond 15 significant digits; more would not come back as typed.
MOST_DIGITS = 15
WIDE = Context(prec=60)
LONGEST_RAW = 200
LONGEST_REASON = 300

MESSAGES = {
    "number.text": gettext_lazy("Ô này cần một số. Chữ bạn nhập vẫn được giữ."),
    "number.ambiguous": gettext_lazy("Số này có thể hiểu hai cách. Hãy viết như 1.234 hoặc 1234,5."),
    "number.negative": gettext_lazy("Số này không thể âm. Số bạn nhập vẫn được giữ."),
    "number.integer": gettext_lazy("Ô này cần số nguyên. Số bạn nhập vẫn được giữ."),
    "number.too_precise": gettext_lazy("Chỉ nhận tối đa 4 chữ số sau dấu phẩy. Số bạn nhập vẫn được giữ."),
    "number.too_big": gettext_lazy("Số này dài quá 15 chữ số. Số bạn nhập vẫn được giữ."),
    "reason.long": gettext_lazy("Lý do dài quá 300 ký tự."),
    "cell.long": gettext_lazy("Nội dung dài quá 200 ký tự nên không giữ được."),
    "cell.unknown": gettext_lazy("Mẫu báo cáo này không có ô đó."),
    "cell.system": gettext_lazy("Số này lấy từ hệ thống, không nhập tay."),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell holds: a number, or text (of an element that is none), or "no figure" with a reason, or
    refused text, or nothing."""

    number: Decimal | None = None
    reason: str = ""
    raw: str = ""
    refusal: str = ""
    text: str = ""

    @property
    def empty(self) -> bool:
        return self.number is None and not (self.reason or self.raw or self.text)


def message(code: str) -> str:
    return str(MESSAGES.get(code, MESSAGES["number.text"]))


def read(element: Element, text: str, lang: str) -> Content:
    """Typed text as content; what is refused comes back as raw text with the code of the refusal."""
    typed = " ".join(text.split())
    if not typed:
        return Content()
    if len(typed) > LONGEST_RAW:
        raise Refusal("cell.long", MESSAGES["cell.long"], place=element.code)
    try:
        return Content(number=checked(element, numbers.parse(typed, lang)))
    except Refusal as refusal:
        code = refusal.code if refusal.code in MESSAGES else "number.text"
        return Content(raw=typed, refusal=code)


def checked(element: Element, number: Decimal) -> Decimal:
    """The number in its shortest form; Refusal number.negative, .integer, .too_precise or .too_big."""
    numbers.within_limits(number)
    shortest = number.normalize(WIDE)
    digits, exponent = shortest.as_tuple().digits, int(shortest.as_tuple().exponent)
    if len(digits) + max(0, exponent) > MOST_DIGITS:
        raise Refusal("number.too_big", MESSAGES["number.too_big"], place=element.code)
    if element.non_negative and shortest < 0:
        raise Refusal("number.negative", MESSAGES["number.negative"], place=element.code)
    if element.integer and exponent < 0:
        raise Refusal("number.integer", MESSAGES["number.integer"], place=element.code)
    return shortest if exponent <= 0 else shortest.quantize(Decimal(1), context=WIDE)


def no_figure(element: Element, reason: str) -> Content:
    """ "No figure" with its reason; Refusal reason.long."""
    text = " ".join(reason.split())
    if len(text) > LONGEST_REASON:
        raise Refusal("reason.long", MESSAGES["reason.long"], place=element.code)
    return Content(reason=text)
