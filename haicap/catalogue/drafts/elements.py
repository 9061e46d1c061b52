"""Elements that a draft declares new: with their full measure, and not under a new name for an old thing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue.definitions import Catalogue, Element
from haicap.catalogue.drafts.content import Content
from haicap.catalogue.drafts.fields import Notes, words
from haicap.catalogue.packs.elements import CODE
from haicap.core.counts import Adds, Measure
from haicap.core.folding import fold


def read(new: list[Content], catalogue: Catalogue, notes: Notes) -> tuple[Element, ...]:
    """Those that can be shown; `id` 0 until they are published."""
    found: dict[str, Element] = {}
    for index, one in enumerate(new):
        element = _element(one, f"n{index}", catalogue, notes)
        if element is None:
            continue
        if element.code in found:
            notes.add(f"n{index}.code", _("Mã phần tử có hai lần."))
        found.setdefault(element.code, element)
    return tuple(found.values())


def _element(one: Content, at: str, catalogue: Catalogue, notes: Notes) -> Element | None:
    code = one["code"].strip()
    names = words(one["name"], f"{at}.name", notes)
    unit = one["unit"].strip()
    if unit not in catalogue.unit_labels:
        notes.add(f"{at}.unit", _("Chọn đơn vị tính."))
    counts = " ".join(one["counts"].split())
    if not counts:
        notes.add(f"{at}.counts", _("Ghi rõ đếm cái gì: mỗi đơn vị đếm là một…"))
    elif len(counts) > 80:
        notes.add(f"{at}.counts", _("Ngắn lại, nhiều nhất 80 chữ."))
    adds = {
        name: _adds(one[f"over_{name}"], f"{at}.over_{name}", notes) for name in ("time", "units", "split")
    }
    if not CODE.fullmatch(code):
        notes.add(f"{at}.code", _("Mã gồm chữ không dấu, số, gạch dưới; bắt đầu bằng chữ; tối đa 40 ký tự."))
        return None
    if code in catalogue.elements:
        notes.add(f"{at}.code", _("Đã có phần tử mang mã này; hãy tìm và thêm nó, hoặc đặt mã khác."))
        return None
    twin = _twin(names.get("vi", ""), unit, catalogue)
    if twin:
        what = _("Danh mục đã có «%(name)s» (%(code)s) cùng đơn vị tính. Hãy dùng phần tử ấy.")
        notes.add(f"{at}.name.vi", what % {"name": twin.labels.get("vi", ""), "code": twin.code})
    measure = Measure(counts[:80] or code, unit, adds["time"], adds["units"], adds["split"])
    return Element(
        id=0,
        uid="",
        code=code,
        measure=measure,
        labels=names,
        integer=one["integer"],
        non_negative=one["non_negative"],
    )


def _adds(text: str, place: str, notes: Notes) -> Adds:
    try:
        return Adds(text)
    except ValueError:
        notes.add(place, _("Chọn cách cộng."))
        return Adds.NONE


def _twin(name: str, unit: str, catalogue: Catalogue) -> Element | None:
    """An element with the same words and unit: asked again under a new code it would be asked twice."""
    folded = fold(name)
    if not folded:
        return None
    same: Any = (one for one in catalogue.elements.values() if one.measure.unit == unit)
    return next((one for one in same if fold(one.labels.get("vi", "")) == folded), None)
