"""/indicators: the definitions in force, with everything that is needed to compute a figure again."""

from __future__ import annotations

from typing import Any

from haicap.api.open.v1.figures import number
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue, Indicator, ThresholdRule, spoken
from haicap.core.languages import LANGUAGES
from haicap.insight.boards import SCORE
from haicap.units import queries as units


def listed() -> dict[str, Any]:
    catalogue = catalogue_queries.current()
    ordered = sorted(catalogue.indicators.values(), key=lambda one: one.code)
    used = {
        element
        for one in ordered
        for terms in (one.numerator_terms, one.denominator_terms or ())
        for element, _coefficient in terms
    }
    elements = sorted((catalogue.elements_by_id[id] for id in used), key=lambda one: one.code)
    return {
        "version": catalogue.version,
        "score": _score(catalogue),
        "indicators": [_indicator(one, catalogue) for one in ordered],
        "elements": [
            {"code": one.code, "names": _names(one.labels), "unit": one.measure.unit} for one in elements
        ],
    }


def _names(labels: Any) -> dict[str, str]:
    return {lang: spoken(labels, lang) for lang in LANGUAGES}


def _score(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "code": SCORE,
        "green": number(catalogue.cuts.green),
        "yellow": number(catalogue.cuts.yellow),
        "proposal": catalogue.cuts.proposal,
        "pillars": [
            {
                "code": pillar.code,
                "names": _names(pillar.labels),
                "weight": number(pillar.weight),
                "proposal": pillar.proposal,
            }
            for pillar in catalogue.pillars
        ],
    }


def _indicator(one: Indicator, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "code": one.code,
        "uid": one.uid,
        "version": one.number,
        "names": _names(one.labels),
        "short_names": _names(one.short_labels),
        "pillar": one.pillar,
        "scored": one.pillar in {pillar.code for pillar in catalogue.pillars},
        "unit": one.unit,
        "unit_names": {lang: catalogue.unit_name(one.unit, lang) for lang in LANGUAGES},
        "numerator": one.numerator,
        "denominator": one.denominator,
        "factor": number(one.factor),
        "direction": one.direction,
        "period_kind": one.period_kind,
        "period_rule": one.rule,
        "weight": number(one.weight),
        "temporary": one.temporary,
        "source": one.source,
        "basis": one.basis,
        "thresholds": [_threshold(rule) for rule in catalogue.thresholds.get(one.code, ())],
    }


def _threshold(rule: ThresholdRule) -> dict[str, Any]:
    limits = rule.threshold
    return {
        "unit_kind": rule.unit_kind,
        "unit": units.by_id(rule.unit_id).code if rule.unit_id else None,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "direction": limits.direction,
        "green": number(limits.green),
        "yellow": number(limits.yellow),
        "green_to": number(limits.green_to),
        "yellow_to": number(limits.yellow_to),
        "basis": rule.basis,
        "decision": rule.decision,
        "proposal": rule.proposal,
        "version": rule.version,
    }
