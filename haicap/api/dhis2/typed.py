"""Is a text a value of the type that an element has in DHIS2?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from haicap.catalogue.queries import Element

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_TRUE, _FALSE = frozenset(("true", "t", "yes", "y", "1")), frozenset(("false", "f", "no", "n", "0"))
LONGEST = 200
BOOLEANS = ("BOOLEAN", "TRUE_ONLY")
TEXTS = {
    "number": "NUMBER",
    "boolean": "BOOLEAN",
    "text": "TEXT",
    "option": "TEXT",
    "date": "DATE",
}


def value_type(element: Element) -> str:
    """DHIS2's word for what values of this element look like."""
    told = element.exchange.get("valueType") or element.exchange.get("value_type")
    if told:
        return str(told)
    if element.kind == "number" and element.integer:
        return "INTEGER_ZERO_OR_POSITIVE" if element.non_negative else "INTEGER"
    return TEXTS.get(element.kind, "TEXT")


def normalised(text: str, kind: str) -> str:
    """true and false as DHIS2 reads them (yes, T, 1…); everything else as it is."""
    if kind in BOOLEANS:
        lower = text.lower()
        if lower in _TRUE:
            return "true"
        if lower in _FALSE:
            return "false"
    return text


def number_of(text: str) -> Decimal | None:
    """A number written as programs write it: no grouping, a point before decimals."""
    if len(text) > LONGEST or not text.isascii() or not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def fault(text: str, kind: str) -> str:
    """Why the normalised text is no value of that type; "" when it is one."""
    check = _CHECKS.get(kind)
    if check is None:
        return ""
    return "" if check(text) else _FAULTS.get(kind, "value_not_valid")


def _between(low: int, high: int | None) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        number = number_of(text)
        return number is not None and number >= low and (high is None or number <= high)

    return check


def _whole(low: int | None = None, high: int | None = None) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        if len(text) > LONGEST or not text.isascii() or not _WHOLE.fullmatch(text):
            return False
        number = int(text)
        return (low is None or number >= low) and (high is None or number <= high)

    return check


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, Callable[[str], bool]] = {
    "NUMBER": lambda text: number_of(text) is not None,
    "UNIT_INTERVAL": _between(0, 1),
    "PERCENTAGE": _between(0, 100),
    "INTEGER": _whole(),
    "INTEGER_POSITIVE": _whole(low=1),
    "INTEGER_NEGATIVE": _whole(high=-1),
    "INTEGER_ZERO_OR_POSITIVE": _whole(low=0),
    "BOOLEAN": lambda text: text in ("true", "false"),
    "TRUE_ONLY": lambda text: text == "true",
    "DATE": _is_date,
    "AGE": _is_date,
    "DATETIME": _is_moment,
    "TIME": lambda text: bool(re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?", text)),
    "LETTER": lambda text: len(text) == 1 and text.isalpha(),
}
_FAULTS = {
    "NUMBER": "value_not_numeric",
    "UNIT_INTERVAL": "value_not_unit_interval",
    "PERCENTAGE": "value_not_percentage",
    "INTEGER": "value_not_integer",
    "INTEGER_POSITIVE": "value_not_positive_integer",
    "INTEGER_NEGATIVE": "value_not_negative_integer",
    "INTEGER_ZERO_OR_POSITIVE": "value_not_zero_or_positive_integer",
    "BOOLEAN": "value_not_bool",
    "TRUE_ONLY": "value_not_true_only",
    "DATE": "value_not_valid_date",
    "AGE": "value_not_valid_date",
    "DATETIME": "value_not_valid_datetime",
}
