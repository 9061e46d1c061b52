"""How old what a source told us is, in words; stale ones are grey and say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext

from haicap.core import numbers

from ..queries.freshness import Freshness
from .tables import Cell, lang


def age(one: Freshness) -> str:
    """ "Hệ thống một cửa: hôm nay", "…: 12 ngày trước, đã cũ"."""
    told = {"source": one.name, "age": _ago(one)}
    return (gettext("%(source)s: %(age)s, đã cũ") if one.stale else gettext("%(source)s: %(age)s")) % told


def _ago(one: Freshness) -> str:
    if one.at is None:
        return gettext("chưa có lần nhập nào")
    if one.days:
        return gettext("%(n)s ngày trước") % {"n": numbers.format(one.days, lang())}
    return gettext("trong 24 giờ qua")


def worst(ids: Iterable[int], known: Mapping[int, Freshness]) -> Freshness | None:
    """The oldest of several sources decides."""
    found = [known[one] for one in ids if one in known]
    return max(found, key=lambda one: (one.at is None, one.days or 0), default=None)


def cell(ids: Collection[int], known: Mapping[int, Freshness]) -> Cell:
    one = worst(ids, known)
    if one is None:
        return Cell(gettext("chưa có hồ sơ"), None)
    if one.stale:
        return Cell(age(one), one.days, sign="warn")
    return Cell(_ago(one), one.days)


def lines(known: Mapping[int, Freshness]) -> list[tuple[str, bool]]:
    """(words, stale) of every source, for the head of a page."""
    return [(age(one), one.stale) for one in known.values()]
