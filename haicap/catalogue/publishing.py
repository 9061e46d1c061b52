"""Writing one kind of definition each: unchanged content keeps its number, changed content gets the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from haicap.catalogue import models
from haicap.catalogue.derivations import to_spec
from haicap.catalogue.packs.content import (
    NewElement,
    NewForm,
    NewIndicator,
    NewTarget,
    NewThreshold,
    NewYear,
    UnitRef,
)
from haicap.catalogue.uids import uid_of
from haicap.core import bands

UnitIds = Callable[[UnitRef | None], int | None]


def digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        # 100 and 100.0 are the same threshold.
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def elements(new: Iterable[NewElement], owner_id: int | None, at: datetime) -> list[str]:
    """Codes that were new. Elements never change; `differing` finds those that try to."""
    known = set(models.Element.objects.values_list("code", flat=True))
    rows = [
        models.Element(
            uid=one.uid or uid_of("element", one.code),
            code=one.code,
            owner_id=owner_id,
            exchange=one.exchange,
            published_at=at,
            **_measure(one),
        )
        for one in new
        if one.code not in known
    ]
    models.Element.objects.bulk_create(rows)
    return [row.code for row in rows]


def differing(new: Mapping[str, NewElement]) -> list[NewElement]:
    """Elements whose published measure is another one."""
    found = []
    for row in models.Element.objects.filter(code__in=list(new)):
        one = new[row.code]
        if any(getattr(row, name) != value for name, value in _measure(one).items()):
            found.append(one)
    return found


def derivations(new: Mapping[str, NewElement], at: datetime) -> dict[str, int]:
    """code → number in force, of the elements that the system counts itself."""
    counted = {code: one.derived for code, one in new.items() if one.derived is not None}
    ids = dict(models.Element.objects.filter(code__in=list(counted)).values_list("code", "pk"))
    latest = _latest(models.Derivation.objects.filter(element__code__in=list(counted)), "element_id")
    numbers = {}
    for code, one in counted.items():
        spec = to_spec(one)
        mark, before = digest(spec), latest.get(ids[code])
        if before is None or before.digest != mark:
            before = models.Derivation.objects.create(
                element_id=ids[code], number=_next(before), spec=spec, digest=mark, published_at=at
            )
        numbers[code] = before.number
    return numbers


def _measure(one: NewElement) -> dict[str, Any]:
    measure = one.measure
    return {
        "kind": one.kind,
        "integer": one.integer,
        "non_negative": one.non_negative,
        "combination": one.combination,
        "counts": measure.counts,
        "unit": measure.unit,
        "over_time": measure.over_time.value,
        "over_units": measure.over_units.value,
        "over_split": measure.over_split.value,
    }


def indicators(
    new: Mapping[str, NewIndicator], owner_id: int | None, units: UnitIds, at: datetime
) -> dict[str, int]:
    """code → number in force."""
    heads = {row.code: row for row in models.Indicator.objects.filter(code__in=list(new))}
    latest = _latest(models.IndicatorVersion.objects.filter(indicator__code__in=list(new)), "indicator_id")
    numbers = {}
    for code, one in new.items():
        head = heads.get(code) or models.Indicator.objects.create(
            uid=one.uid or uid_of("indicator", code), code=code, owner_id=units(one.owner) or owner_id
        )
        mark, before = digest(one.spec), latest.get(head.pk)
        if before is None or before.digest != mark:
            before = models.IndicatorVersion.objects.create(
                indicator=head, number=_next(before), digest=mark, published_at=at, **one.spec
            )
        numbers[code] = before.number
    return numbers


def thresholds(new: Iterable[NewIndicator], units: UnitIds, at: datetime) -> dict[str, int]:
    """code → number of the set of rules in force; a set that became empty is one rule without bounds."""
    numbers = {}
    for one in new:
        rows = [_threshold(rule, units) for rule in one.thresholds]
        if not rows and models.Threshold.objects.filter(indicator__code=one.code).exists():
            neutral = bands.Threshold(bands.Direction.NEUTRAL, None, None)
            rows = [_threshold(NewThreshold(neutral, "", None, None, None, "", "", True, one.place), units)]
        if rows:
            numbers[one.code] = _publish_set(models.Threshold, one.code, rows, at)
    return numbers


def targets(new: Iterable[NewIndicator], units: UnitIds, at: datetime) -> dict[str, int]:
    found = {one.code: [_target(rule, units) for rule in one.targets] for one in new}
    return {code: _publish_set(models.Target, code, rows, at) for code, rows in found.items() if rows}


def forms(
    new: Mapping[str, NewForm],
    owner_id: int | None,
    units: UnitIds,
    standing: Mapping[str, int],
    at: datetime,
) -> dict[str, int]:
    """code → number in force. `standing`: the numbers of this pack so far; a form that did not change keeps
    its number even when a later version was published elsewhere, so loading a pack again takes nothing back.
    """
    heads = {row.code: row for row in models.Form.objects.filter(code__in=list(new))}
    rows = list(models.FormVersion.objects.select_related("form").filter(form__code__in=list(new)))
    latest, marks = _latest(rows, "form_id"), {(row.form.code, row.number): row.digest for row in rows}
    numbers = {}
    for code, one in new.items():
        head = heads.get(code) or models.Form.objects.create(
            uid=one.uid or uid_of("form", code), code=code, owner_id=owner_id
        )
        spec = one.spec | ({"obliged_units": [units(ref) for ref in one.units]} if one.units else {})
        mark, before = digest(spec), latest.get(head.pk)
        if code in standing and marks.get((code, standing[code])) == mark:
            numbers[code] = standing[code]
            continue
        if before is None or before.digest != mark:
            before = models.FormVersion.objects.create(
                form=head, number=_next(before), spec=spec, digest=mark, published_at=at
            )
        numbers[code] = before.number
    return numbers


def policy(pack: str, spec: dict[str, Any], at: datetime) -> int:
    before = models.ScorePolicy.objects.filter(pack=pack).order_by("-number").first()
    mark = digest(spec)
    if before is None or before.digest != mark:
        before = models.ScorePolicy.objects.create(
            pack=pack, number=_next(before), spec=spec, digest=mark, published_at=at
        )
    return before.number


def years(new: Iterable[NewYear], at: datetime) -> dict[str, int]:
    numbers = {}
    for one in new:
        before = models.CalendarVersion.objects.filter(year=one.year).order_by("-number").first()
        mark = digest([one.provisional, one.source, one.days])
        if before is None or before.digest != mark:
            before = models.CalendarVersion.objects.create(
                year=one.year,
                number=_next(before),
                source=one.source,
                provisional=one.provisional,
                digest=mark,
                published_at=at,
            )
            models.CalendarDay.objects.bulk_create(
                models.CalendarDay(version=before, day=day, working=working, reason=reason)
                for day, working, reason in one.days
            )
        numbers[str(one.year)] = before.number
    return numbers


def labels(new: Mapping[tuple[str, str, str], str]) -> int:
    """How many words changed. Words of older versions stay."""
    known = {(row.subject, row.role, row.lang): row for row in models.Label.objects.all()}
    fresh, mended = [], []
    for (subject, role, lang), text in new.items():
        row = known.get((subject, role, lang))
        if row is None:
            fresh.append(models.Label(subject=subject, role=role, lang=lang, text=text))
        elif row.text != text:
            row.text = text
            mended.append(row)
    models.Label.objects.bulk_create(fresh, batch_size=200)
    models.Label.objects.bulk_update(mended, ["text"], batch_size=200)
    return len(fresh) + len(mended)


def _latest(rows: Iterable[Any], head: str) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for row in rows:
        key = getattr(row, head)
        if key not in found or row.number > found[key].number:
            found[key] = row
    return found


def _next(before: Any) -> int:
    return 1 if before is None else before.number + 1


def _threshold(rule: NewThreshold, units: UnitIds) -> dict[str, Any]:
    shape = rule.threshold
    return {
        "unit_kind": rule.unit_kind,
        "unit_id": units(rule.unit),
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "direction": shape.direction.value,
        "green": shape.green,
        "yellow": shape.yellow,
        "green_to": shape.green_to,
        "yellow_to": shape.yellow_to,
        "basis": rule.basis,
        "decision": rule.decision,
        "proposal": rule.proposal,
    }


def _target(rule: NewTarget, units: UnitIds) -> dict[str, Any]:
    return {
        "unit_kind": rule.unit_kind,
        "unit_id": units(rule.unit),
        "by_date": rule.by_date,
        "value": rule.value,
        "basis": rule.basis,
        "decision": rule.decision,
        "proposal": rule.proposal,
    }


def _publish_set(model: type[Any], code: str, rows: list[dict[str, Any]], at: datetime) -> int:
    """The set is one thing: if any rule differs, all of it is written again under the next number."""
    head = models.Indicator.objects.get(code=code)
    before = list(model.objects.filter(indicator=head).order_by("number", "pk"))
    number = before[-1].number if before else 0
    standing = [{name: getattr(row, name) for name in rows[0]} for row in before if row.number == number]
    if standing and digest(standing) == digest(rows):
        return int(number)
    model.objects.bulk_create(
        model(indicator=head, number=number + 1, published_at=at, **row) for row in rows
    )
    return int(number) + 1
