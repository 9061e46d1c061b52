"""From published rows to the frozen catalogue: a handful of queries, whatever the size of the packs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from haicap.catalogue import breakdowns, formulas, models, regimes
from haicap.catalogue.definitions import (
    Burden,
    Catalogue,
    Counting,
    Cuts,
    Element,
    Form,
    Indicator,
    Labels,
    Pillar,
    TargetRule,
    Terms,
    ThresholdRule,
)
from haicap.catalogue.derivations import Derivation, from_spec
from haicap.core import bands, clock
from haicap.core.counts import Adds, Measure
from haicap.core.periods import Kind, Rule

Words = Mapping[tuple[str, str], Labels]
NO_CUTS = Cuts(Decimal(80), Decimal(65))


def build(token: str, owner_id: int | None, on: date | None) -> Catalogue:
    packs = packs_in_force(owner_id, on)
    words = labels()
    # All of them, also those that no pack lists any more: older reports hold their figures.
    combinations, splits = breakdowns.build(_numbers(packs, "combinations"), words)
    counted = _derivations(_numbers(packs, "derivations"))
    elements = {
        row.code: _element(row, words, combinations, counted.get(row.code))
        for row in models.Element.objects.order_by("code")
    }
    indicators = _indicators(_numbers(packs, "indicators"), elements, words, owner_id)
    policy = _policy(packs)
    return Catalogue(
        version=token,
        elements=elements,
        elements_by_id={one.id: one for one in elements.values()},
        indicators=indicators,
        forms={
            code: _attributed(form, combinations, counted)
            for code, form in _forms(_numbers(packs, "forms"), words).items()
        },
        thresholds=_thresholds(_numbers(packs, "thresholds")),
        targets=_targets(_numbers(packs, "targets")),
        pillars=tuple(
            Pillar(one["code"], Decimal(one["weight"]), words.get((f"pillar:{one['code']}", "name"), {}))
            for one in policy.get("pillars", ())
        ),
        cuts=Cuts(
            **{name: Decimal(policy["cuts"][name]) for name in ("green", "yellow")},
            proposal=policy["cuts"]["proposal"],
        )
        if policy
        else NO_CUTS,
        missing=policy.get("missing", "zero"),
        policy_number=policy.get("number", 0),
        burden=_burden(packs),
        counting=_counting(packs),
        unit_labels={
            subject.removeprefix("unit:"): found
            for (subject, role), found in words.items()
            if subject.startswith("unit:") and role == "name"
        },
        combinations=combinations,
        splits=splits,
        exchanged=_exchanged(_numbers(packs, "exchanged"), words),
    )


def packs_in_force(owner_id: int | None, on: date | None) -> list[models.Pack]:
    chosen: dict[str, models.Pack] = {}
    for pack in models.Pack.objects.order_by("code", "number"):
        foreign = owner_id is not None and pack.owner_id is not None and pack.owner_id != owner_id
        late = on is not None and clock.local(pack.published_at).date() > on
        if not foreign and not (late and pack.code in chosen):
            chosen[pack.code] = pack
    return list(chosen.values())


def labels() -> Words:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    rows = models.Label.objects.values_list("subject", "role", "lang", "text")
    for subject, role, lang, text in rows.iterator():
        found[subject, role][lang] = text
    return found


def form_version(code: str, number: int) -> Form | None:
    rows = list(models.FormVersion.objects.select_related("form").filter(form__code=code))
    chosen = next((row for row in rows if row.number == number), None)
    if chosen is None:
        return None
    words, packs = labels(), packs_in_force(None, None)
    combinations, _splits = breakdowns.build(_numbers(packs, "combinations"), words)
    counted = _numbers(packs, "derivations")
    return _attributed(regimes.form(chosen, rows, words), combinations, counted)


def _attributed(
    form: Form, combinations: Mapping[str, breakdowns.Combination], counted: Container[str]
) -> Form:
    """With the attributions its combination allows, and the elements that are counted."""
    found = combinations.get(form.combination)
    own = tuple(code for code in form.elements if code in counted)
    return replace(form, attributions=found.splits if found else form.attributions, counted=own)


def terms_of(formula: formulas.Formula, elements: Mapping[str, Element]) -> Terms:
    return tuple(sorted((elements[code].id, coef) for code, coef in formula.terms().items()))


def _numbers(packs: Iterable[models.Pack], part: str) -> dict[str, int]:
    """code → number in force, in the order of the files: PostgreSQL sorts the keys of what it stores.

    A form may be published by a pack and revised in the browser: what was published last is in force.
    """
    found: dict[str, int] = {}
    for pack in packs:
        numbers = pack.contents.get(part, {})
        order = pack.contents.get("order", {}).get(part) or sorted(numbers)
        for code in order:
            found[code] = max(numbers[code], found.get(code, 0))
    return found


def _derivations(numbers: Mapping[str, int]) -> dict[str, Derivation]:
    """Element code → how it is counted now; one that its pack no longer counts is asked again."""
    if not numbers:
        return {}
    rows = models.Derivation.objects.select_related("element").filter(element__code__in=list(numbers))
    return {
        row.element.code: from_spec(row.spec, row.number)
        for row in rows
        if row.number == numbers[row.element.code]
    }


def _element(
    row: models.Element,
    words: Words,
    combinations: Mapping[str, breakdowns.Combination],
    derived: Derivation | None,
) -> Element:
    measure = Measure(
        counts=row.counts,
        unit=row.unit,
        over_time=Adds(row.over_time),
        over_units=Adds(row.over_units),
        over_split=Adds(row.over_split),
    )
    return Element(
        id=row.pk,
        uid=row.uid,
        code=row.code,
        measure=measure,
        labels=words.get((f"element:{row.code}", "name"), {}),
        integer=row.integer,
        kind=row.kind,
        non_negative=row.non_negative,
        owner_unit_id=row.owner_id,
        combination=row.combination,
        splits=combinations[row.combination].splits if row.combination in combinations else (),
        exchange=row.exchange,
        short_labels=words.get((f"element:{row.code}", "short"), {}),
        hints=words.get((f"element:{row.code}", "hint"), {}),
        derived=derived,
    )


def _indicators(
    numbers: Mapping[str, int], elements: Mapping[str, Element], words: Words, owner_id: int | None
) -> dict[str, Indicator]:
    rows = models.IndicatorVersion.objects.select_related("indicator").filter(
        indicator__code__in=list(numbers)
    )
    fitting = [
        row
        for row in rows
        if row.number == numbers[row.indicator.code]
        and (owner_id is None or row.indicator.owner_id in (None, owner_id))
    ]
    order = {code: place for place, code in enumerate(numbers)}
    fitting.sort(key=lambda row: order[row.indicator.code])
    return {row.indicator.code: _summed(row, elements, words) for row in fitting}


def _exchanged(numbers: Mapping[str, int], words: Words) -> dict[str, Indicator]:
    """Indicators of other systems: their formulas are theirs and need not be weighted sums."""
    rows = models.IndicatorVersion.objects.select_related("indicator").filter(
        indicator__code__in=list(numbers)
    )
    found = {row.indicator.code: row for row in rows if row.number == numbers[row.indicator.code]}
    return {code: _indicator(found[code], (), (), words) for code in numbers if code in found}


def _summed(row: models.IndicatorVersion, elements: Mapping[str, Element], words: Words) -> Indicator:
    numerator = formulas.parse(row.numerator, elements)
    denominator = formulas.parse(row.denominator, elements) if row.denominator else None
    return _indicator(
        row,
        terms_of(numerator, elements),
        terms_of(denominator, elements) if denominator else None,
        words,
    )


def _indicator(
    row: models.IndicatorVersion, numerator: Terms, denominator: Terms | None, words: Words
) -> Indicator:
    code = row.indicator.code
    return Indicator(
        id=row.indicator_id,
        uid=row.indicator.uid,
        code=code,
        number=row.number,
        pillar=row.pillar,
        numerator=row.numerator,
        denominator=row.denominator or None,
        factor=row.factor,
        unit=row.unit,
        direction=bands.Direction(row.direction),
        period_kind=Kind(row.period_kind),
        rule=Rule(row.rule),
        weight=row.weight,
        labels=words.get((f"indicator:{code}", "name"), {}),
        short_labels=words.get((f"indicator:{code}", "short"), {}),
        source=row.source,
        basis=row.basis,
        confidence=row.confidence,
        data_source=row.data_source,
        temporary=row.temporary,
        numerator_terms=numerator,
        denominator_terms=denominator,
        owner_unit_id=row.indicator.owner_id,
    )


def _forms(numbers: Mapping[str, int], words: Words) -> dict[str, Form]:
    versions: dict[str, list[models.FormVersion]] = defaultdict(list)
    for row in models.FormVersion.objects.select_related("form").filter(form__code__in=list(numbers)):
        versions[row.form.code].append(row)
    found = {}
    for code, number in numbers.items():
        chosen = next((row for row in versions[code] if row.number == number), None)
        if chosen is not None:
            found[code] = regimes.form(chosen, versions[code], words)
    return found


def _thresholds(numbers: Mapping[str, int]) -> dict[str, tuple[ThresholdRule, ...]]:
    found: dict[str, list[ThresholdRule]] = defaultdict(list)
    rows = models.Threshold.objects.select_related("indicator").order_by("pk")
    for row in rows.filter(indicator__code__in=list(numbers)):
        if row.number == numbers[row.indicator.code]:
            found[row.indicator.code].append(_threshold(row))
    return {code: tuple(rules) for code, rules in found.items()}


def _threshold(row: models.Threshold) -> ThresholdRule:
    return ThresholdRule(
        indicator=row.indicator.code,
        unit_kind=row.unit_kind or None,
        unit_id=row.unit_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        threshold=bands.Threshold(
            bands.Direction(row.direction), row.green, row.yellow, row.green_to, row.yellow_to
        ),
        basis=row.basis,
        decision=row.decision,
        proposal=row.proposal,
        version=row.number,
    )


def _targets(numbers: Mapping[str, int]) -> dict[str, tuple[TargetRule, ...]]:
    found: dict[str, list[TargetRule]] = defaultdict(list)
    rows = models.Target.objects.select_related("indicator").order_by("by_date", "pk")
    for row in rows.filter(indicator__code__in=list(numbers)):
        code = row.indicator.code
        if row.number == numbers[code]:
            found[code].append(
                TargetRule(
                    code, row.unit_kind or None, row.unit_id, row.by_date, row.value,
                    row.basis, row.decision, row.proposal, row.number,
                )
            )  # fmt: skip
    return {code: tuple(rules) for code, rules in found.items()}


def _policy(packs: Iterable[models.Pack]) -> dict[str, Any]:
    for pack in packs:
        number = pack.contents.get("policy")
        if number:
            row = models.ScorePolicy.objects.get(pack=pack.code, number=number)
            return {**row.spec, "number": row.number}
    return {}


def _counting(packs: Iterable[models.Pack]) -> Counting:
    given = (pack.contents["counting"] for pack in packs if pack.contents.get("counting"))
    return Counting(**next(given, {}))


def _burden(packs: Iterable[models.Pack]) -> Burden:
    for pack in packs:
        found = pack.contents.get("burden")
        if found:
            return Burden(**{**found, "minutes_per_cell": Decimal(found["minutes_per_cell"])})
    return Burden()
