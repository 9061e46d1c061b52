"""Reading and writing numbers as people of the three languages write them.

vi 1.234,5 · en 1,234.5 · bn ১২,৩৪,৫৬৭.৫. Stored numbers are DECIMAL(18,4): 14 digits, 4 decimals.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from haicap.core.errors import Refusal
from haicap.core.languages import BN, EN, VI, digits, known

PLACES: Final = 4
WHOLE_DIGITS: Final = 14
MINUS: Final = "−"

_LONGEST_TEXT = 64
_WIDE = Context(prec=200)
_BENGALI_DIGITS = "০১২৩৪৫৬৭৮৯"
_WIDE_DIGITS = "".join(chr(0xFF10 + digit) for digit in range(10))
_SPACES = "\u00a0\u2007\u2008\u2009\u200a\u202f\u3000\t"
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"
_NORMAL = str.maketrans(
    {
        **dict(zip(_BENGALI_DIGITS, "0123456789", strict=True)),
        **dict(zip(_WIDE_DIGITS, "0123456789", strict=True)),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_INVISIBLE, ""),
        # minus sign, hyphens, small and full-width hyphen
        **dict.fromkeys("\u2212\u2010\u2011\ufe63\uff0d", "-"),
        "\uff0e": ".",
        "\uff0c": ",",
        "\uff0b": "+",
        "\uff05": "%",
    }
)
_TWO_WAY = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")


@dataclass(frozen=True)
class _Style:
    group: str
    point: str
    pattern: re.Pattern[str]


def _style(group: str, point: str, lakh: bool) -> _Style:
    g, p = re.escape(group), re.escape(point)
    grouped = [rf"[1-9][0-9]{{0,2}}(?:{g}[0-9]{{3}})+", r"[1-9][0-9]{0,2}(?: [0-9]{3})+"]
    if lakh:
        grouped.append(rf"[1-9][0-9]?(?:{g}[0-9]{{2}})*{g}[0-9]{{3}}")
    whole = "|".join([r"[0-9]+", *grouped])
    return _Style(group, point, re.compile(rf"(?P<whole>{whole})?(?:{p}(?P<part>[0-9]+))?"))


_STYLES = {VI: _style(".", ",", False), EN: _style(",", ".", False), BN: _style(",", ".", True)}


def parse(text: str, lang: str, *, strict: bool = False) -> Decimal:
    """The number that `text` says to a reader of `lang`.

    In the grid the reader's locale decides. Text from a file (`strict`) that means one thing with
    a point and another with a comma is refused: "number.ambiguous", params `readings`.
    Refusals: "number.text" (params `why`: empty, long, form; `understood`: the likely meaning or
    ""), "number.too_big", "number.too_precise". The sign is not judged here.
    """
    lang = known(lang)
    if len(text) > _LONGEST_TEXT:
        raise Refusal("number.text", text=text[:_LONGEST_TEXT] + "…", why="long", understood="")
    clean = text.translate(_NORMAL).strip()
    if not clean:
        raise Refusal("number.text", text=text, why="empty", understood="")
    body = clean[1:] if clean[0] in "+-" else clean
    found = _read(body, _STYLES[lang])
    if found is None:
        raise Refusal("number.text", text=text, why="form", understood=_understood(clean, body, lang))
    number = -found if clean[0] == "-" else found
    if strict and _TWO_WAY.fullmatch(body):
        raise Refusal("number.ambiguous", text=text, readings=_readings(body, clean[0] == "-", lang))
    return within_limits(number, text=text)


def within_limits(number: Decimal, *, text: str = "") -> Decimal:
    """`number` if DECIMAL(18,4) holds it exactly, else "number.too_big" or "number.too_precise"."""
    shown = text or str(number)
    if not number.is_finite():
        raise Refusal("number.text", text=shown, why="form", understood="")
    if number and number.adjusted() >= WHOLE_DIGITS:
        raise Refusal("number.too_big", text=shown, most=WHOLE_DIGITS)
    if _decimals(number) > PLACES:
        raise Refusal("number.too_precise", text=shown, most=PLACES)
    return number


def _decimals(number: Decimal) -> int:
    """How many decimals are needed; written zeros at the end do not count."""
    _, figures, exponent = number.as_tuple()
    if not isinstance(exponent, int) or not number:
        return 0
    zeros = len(figures) - len("".join(map(str, figures)).rstrip("0"))
    return max(0, -(exponent + zeros))


def _read(body: str, style: _Style) -> Decimal | None:
    found = style.pattern.fullmatch(body)
    if found is None or not body:
        return None
    whole = (found["whole"] or "0").replace(style.group, "").replace(" ", "")
    return Decimal(f"{whole}.{found['part']}" if found["part"] else whole)


def _understood(clean: str, body: str, lang: str) -> str:
    """What malformed text most likely means, in the reader's own writing; "" where nothing is likely."""
    bare = body.removesuffix("%").strip()
    styles = (_STYLES[lang], _STYLES[EN if lang == VI else VI])
    found = next((n for n in (_read(bare, style) for style in styles) if n is not None), None)
    if found is None:
        return ""
    return format(-found if clean[0] == "-" else found, lang)


def _readings(body: str, negative: bool, lang: str) -> tuple[str, str]:
    whole = Decimal(re.sub("[.,]", "", body))
    decimal = Decimal(body.replace(",", "."))
    low, high = (-whole, -decimal) if negative else (decimal, whole)
    return format(low, lang), format(high, lang)


def format(x: Decimal | int, lang: str, places: int | None = None, group: bool = True) -> str:
    """`x` as `lang` writes it. With `places` rounded half up, for showing only; without, exactly."""
    lang = known(lang)
    number = Decimal(x)
    if not number.is_finite():
        raise ValueError(f"not a number to show: {number}")
    if places is not None:
        exact = Context(prec=max(_WIDE.prec, number.adjusted() + places + 2))
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=exact)
    plain = f"{abs(number):f}" if number.is_signed() else f"{number:f}"
    whole, _, part = plain.partition(".")
    if places is None:
        part = part.rstrip("0")
    style = _STYLES[lang]
    shown = _grouped(whole, style.group, lang == BN) if group else whole
    if part:
        shown += style.point + part
    sign = MINUS if number < 0 else ""
    return sign + digits(shown, lang)


def _grouped(whole: str, mark: str, lakh: bool) -> str:
    head, tail = whole[:-3], whole[-3:]
    step = 2 if lakh else 3
    groups = [tail]
    while head:
        groups.append(head[-step:])
        head = head[:-step]
    return mark.join(reversed(groups))
