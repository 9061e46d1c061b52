"""Indicators of a pack with their thresholds and targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue import formulas
from haicap.catalogue.packs.content import NewIndicator, NewTarget, NewThreshold, PackContent
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.states import LANGUAGES
from haicap.core import bands
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule

KEYS = {
    *LANGUAGES, "short", "pillar", "period", "rule", "direction", "numerator", "denominator", "factor",
    "unit", "weight", "temporary", "thresholds", "targets", "basis", "source", "confidence", "data_source",
    "owner",
}  # fmt: skip
THRESHOLD_KEYS = {
    "green", "yellow", "green_to", "yellow_to", "unit_kind", "unit", "from", "to", "basis", "decision",
    "proposal",
}  # fmt: skip
TARGET_KEYS = {"by", "value", "unit_kind", "unit", "basis", "decision", "proposal"}
SHORT = 40


def indicators(
    section: Fields, elements: formulas.Elements, named: Mapping[str, str], content: PackContent
) -> None:
    for code, one in section.named():
        one.known(KEYS)
        if code in content.indicators:
            first = content.indicators[code].place
            mend = _("Lần đầu ở %(file)s, dòng %(line)s.") % {"file": first[0], "line": first[1]}
            one.problem(None, _("mã chỉ tiêu có hai lần"), mend)
            continue
        content.indicators[code] = _indicator(code, one, elements, named, content)


def formula(one: Fields, key: str, elements: formulas.Elements, named: Mapping[str, str]) -> str:
    """The formula's text with named parts put in; it must be a weighted sum, since units are summed up."""
    text = one.text(key)
    if not text:
        return ""
    try:
        found = formulas.parse(text, elements, named)
        found.terms()
    except Refusal as refusal:
        mend = _("Công thức: %(text)s") % {"text": text}
        one.problem(key, f"{key}: {refusal}", mend)
        return ""
    # Named parts are published expanded: the version must read the same when the name is gone.
    return formulas.write(found.node) if named else text


def _indicator(
    code: str, one: Fields, elements: formulas.Elements, named: Mapping[str, str], content: PackContent
) -> NewIndicator:
    for lang, text in one.words(longest=200).items():
        content.labels[f"indicator:{code}", "name", lang] = text
    short = one.child("short")
    short.known(LANGUAGES)
    for lang, text in short.words(longest=SHORT).items():
        content.labels[f"indicator:{code}", "short", lang] = text
    direction = one.choice("direction", bands.Direction)
    unit = one.source.get("unit", "%")
    if (f"unit:{unit}", "name", "vi") not in content.labels:
        one.problem("unit", _("không có đơn vị «%(unit)s»") % {"unit": unit}, _("Thêm vào counting_units."))
    ratio = one.source.get("denominator") is not None
    rules = tuple(_threshold(each, direction) for each in one.children("thresholds"))
    _check_overlaps(one, rules)
    if direction is bands.Direction.NEUTRAL and rules:
        one.problem("thresholds", _("chỉ tiêu chỉ theo dõi (neutral) thì không có ngưỡng màu"))
    spec: dict[str, Any] = {
        "pillar": one.text("pillar", longest=40),
        "numerator": formula(one, "numerator", elements, named),
        "denominator": formula(one, "denominator", elements, named) if ratio else "",
        "factor": one.number("factor", Decimal(100 if ratio else 1)),
        "unit": str(unit),
        "direction": direction.value,
        "period_kind": one.choice("period", Kind).value,
        "rule": one.choice("rule", Rule, Rule.DECREE09).value,
        "weight": one.number("weight", Decimal(1)),
        "source": one.text("source"),
        "basis": one.text("basis", required=False) or "; ".join(rule.basis for rule in rules[:1]),
        "confidence": one.text("confidence", required=False, longest=80),
        "data_source": one.text("data_source", required=False),
        "temporary": one.flag("temporary", False),
    }
    _check_numbers(one, spec, ratio)
    targets = tuple(_target(each) for each in one.children("targets"))
    return NewIndicator(code, one.unit("owner"), spec, rules, targets, one.at())


def _check_numbers(one: Fields, spec: Mapping[str, Any], ratio: bool) -> None:
    if spec["factor"] <= 0:
        one.problem("factor", _("hệ số phải lớn hơn 0"))
    if not ratio and spec["factor"] != 1:
        one.problem("factor", _("chỉ tiêu không có mẫu số thì hệ số là 1"))
    if spec["weight"] < 0:
        one.problem("weight", _("trọng số không được âm"))


def _threshold(one: Fields, direction: bands.Direction) -> NewThreshold:
    one.known(THRESHOLD_KEYS)
    threshold = bands.Threshold(
        direction, one.number("green"), one.number("yellow"), one.number("green_to"), one.number("yellow_to")
    )
    try:
        bands.check(threshold)
    except Refusal:
        order = {
            bands.Direction.HIGHER: _("Càng cao càng tốt: vàng phải nhỏ hơn hoặc bằng xanh."),
            bands.Direction.LOWER: _("Càng thấp càng tốt: vàng phải lớn hơn hoặc bằng xanh."),
            bands.Direction.RANGE: _("Trong khoảng: khoảng vàng phải bao khoảng xanh."),
        }
        one.problem("yellow", _("thứ tự ngưỡng sai so với chiều của chỉ tiêu"), order.get(direction, ""))
    if threshold.green is None and threshold.green_to is None:
        one.problem("green", _("thiếu ngưỡng xanh"))
    start, end = one.day("from"), one.day("to")
    if start and end and end <= start:
        one.problem("to", _("ngày hết hiệu lực phải sau ngày bắt đầu"))
    return NewThreshold(
        threshold=threshold,
        unit_kind=one.text("unit_kind", required=False, longest=12),
        unit=one.unit("unit"),
        valid_from=start,
        valid_to=end,
        basis=one.text("basis", required=False),
        decision=one.text("decision", required=False, longest=120),
        proposal=one.flag("proposal"),
        place=one.at(),
    )


def _check_overlaps(one: Fields, rules: tuple[NewThreshold, ...]) -> None:
    """Two rules for the same units on the same day would make the colour a matter of luck."""
    for index, rule in enumerate(rules):
        for other in rules[:index]:
            same = (rule.unit_kind, rule.unit) == (other.unit_kind, other.unit)
            early = rule.valid_to is None or other.valid_from is None or other.valid_from < rule.valid_to
            late = other.valid_to is None or rule.valid_from is None or rule.valid_from < other.valid_to
            if same and early and late:
                one.problems.add(
                    rule.place, _("%(name)s: hai ngưỡng cùng hiệu lực một lúc") % {"name": one.name}
                )


def _target(one: Fields) -> NewTarget:
    one.known(TARGET_KEYS)
    by, value = one.day("by"), one.number("value")
    if one.source.get("by") is None:
        one.problem("by", _("thiếu «%(key)s»") % {"key": "by"})
    if one.source.get("value") is None:
        one.problem("value", _("thiếu «%(key)s»") % {"key": "value"})
    return NewTarget(
        by_date=by or date.min,
        value=value if value is not None else Decimal(0),
        unit_kind=one.text("unit_kind", required=False, longest=12),
        unit=one.unit("unit"),
        basis=one.text("basis", required=False),
        decision=one.text("decision", required=False, longest=120),
        proposal=one.flag("proposal"),
        place=one.at(),
    )
