"""A tree of units of another system, as read from its file: checked whole before anything is written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")
LONGEST_CODE, LONGEST_NAME, DEEPEST = 50, 230, 12


@dataclass(frozen=True)
class Branch:
    """One unit of the tree. `closes` is the first day on which it no longer holds; `place` its place in the
    file; `lon`, `lat` in degrees (WGS84)."""

    uid: str
    code: str
    name: str
    parent: str | None
    opens: date
    closes: date | None
    place: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Fault:
    """Why one unit was left out."""

    place: str
    uid: str
    reason: str
    message: Promise | str


def sound(branches: Sequence[Branch]) -> tuple[list[tuple[Branch, int]], list[Fault]]:
    """(unit, depth) with parents before children, and what was left out: each with everything below it."""
    faults: list[Fault] = []
    known: dict[str, Branch] = {}
    codes: set[tuple[str, date]] = set()
    for one in branches:
        fault = _fault(one, known, codes)
        if fault is None:
            known[one.uid] = one
            codes.add((one.code, one.opens))
        else:
            faults.append(fault)
    good = _reached(known.values())
    held = {one.uid for one, _depth in good}
    message = gettext_lazy("Đơn vị cấp trên không có trong tệp, hoặc các đơn vị thuộc nhau vòng tròn.")
    faults += [
        Fault(one.place, one.uid, "tree.parent", message) for one in known.values() if one.uid not in held
    ]
    return good, faults


def _reached(branches: Iterable[Branch]) -> list[tuple[Branch, int]]:
    """From the roots down; what hangs on nothing or in a circle is never reached."""
    parts: dict[str | None, list[Branch]] = defaultdict(list)
    for one in branches:
        parts[one.parent].append(one)
    level, found = parts[None], []
    for depth in range(DEEPEST + 1):
        found += [(one, depth) for one in level]
        level = [part for one in level for part in parts.get(one.uid, ())]
    return found


def _fault(one: Branch, known: dict[str, Branch], codes: set[tuple[str, date]]) -> Fault | None:
    def because(reason: str, message: Promise) -> Fault:
        return Fault(one.place, one.uid, f"tree.{reason}", message)

    if not UID.fullmatch(one.uid):
        return because("uid", gettext_lazy("Định danh phải gồm 11 chữ và số, chữ đứng đầu."))
    if one.uid in known:
        return because("uid_twice", gettext_lazy("Định danh này đã có ở một đơn vị trước trong tệp."))
    if not one.name or len(one.name) > LONGEST_NAME:
        return because("name", gettext_lazy("Tên để trống hoặc quá dài."))
    if not one.code or len(one.code) > LONGEST_CODE:
        return because("code", gettext_lazy("Mã để trống hoặc quá dài."))
    if (one.code, one.opens) in codes:
        return because("code_twice", gettext_lazy("Mã này đã có ở một đơn vị trước trong tệp."))
    if one.closes is not None and one.closes <= one.opens:
        return because("dates", gettext_lazy("Ngày đóng phải sau ngày mở."))
    return None
