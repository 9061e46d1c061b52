"""`derived` of an element: what the system counts itself instead of asking.

derived: {over: dossiers, count: rows, window: received, where: {channel: 2, level: [full, part]}}
derived: {over: dossiers, count: distinct, of: procedure, window: received, where: {fee: {more_than: 0}}}
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.catalogue.derivations import Condition, Count, Derivation, Sign, Window, problems
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.packs.files import Map
from haicap.core.counts import Measure

KEYS = ("over", "count", "of", "window", "where")
SIGNS = (Sign.MORE_THAN, Sign.AT_LEAST, Sign.AT_MOST)


def derivation(element: Fields, measure: Measure, integer: bool) -> Derivation | None:
    """The definition, whole or with its problems told at their lines; None where the element has none."""
    if "derived" not in element.source:
        return None
    one = element.child("derived")
    one.known(KEYS)
    before = len(one.problems.found)
    found = Derivation(
        over=one.text("over", longest=40),
        count=one.choice("count", Count),
        of=one.text("of", required=False, longest=40),
        window=one.choice("window", Window),
        where=tuple(sorted(_conditions(one))),
    )
    if len(one.problems.found) == before:
        for key, what, mend in problems(found, measure, integer):
            one.problem(key, what, mend)
    return found


def _conditions(one: Fields) -> Iterator[Condition]:
    if "where" not in one.source:
        return
    for column, given in one.child("where").source.items():
        if isinstance(given, Map):
            yield from _compared(one, str(column), given)
            continue
        values = given if isinstance(given, list) else [given]
        texts = tuple(text for value in values for text in [_text(one, str(column), value)] if text)
        yield Condition(str(column), Sign.AMONG, texts)


def _compared(one: Fields, column: str, given: Map) -> Iterator[Condition]:
    for sign, value in given.items():
        if sign not in SIGNS:
            mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(SIGNS)}
            one.problem("where", _("không có phép so «%(sign)s»") % {"sign": sign}, mend)
        elif text := _text(one, column, value):
            yield Condition(column, Sign(sign), (text,))


def _text(one: Fields, column: str, value: object) -> str:
    """A value as text; what is neither a word nor a number is a problem."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        mend = _("Viết 1 hoặc 0 cho có và không.")
        one.problem("where", _("cột «%(column)s» cần chữ hoặc số") % {"column": column}, mend)
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value).strip()
