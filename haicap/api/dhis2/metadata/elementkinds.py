"""dataElements with their option sets, dataSets with their sections, indicators with their types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.divisionkinds import attribute_combination, combination
from haicap.api.dhis2.metadata.kinds import KINDS, Property, constant, kind, named, nothing, to_many, to_one
from haicap.api.dhis2.naming import DEFAULT_UID, code_of
from haicap.catalogue.grammar import NAME
from haicap.catalogue.queries import Catalogue, Element, Form, Indicator, Section
from haicap.catalogue.uids import uid_of
from haicap.core.counts import Adds
from haicap.core.periods import Kind as PeriodKind

PERIOD_TYPES = {
    PeriodKind.DAY: "Daily",
    PeriodKind.WEEK: "Weekly",
    PeriodKind.MONTH: "Monthly",
    PeriodKind.QUARTER: "Quarterly",
    PeriodKind.HALF: "SixMonthly",
    PeriodKind.YEAR: "Yearly",
}
VALUE_TYPES = {"boolean": "BOOLEAN", "text": "TEXT", "date": "DATE", "option": "TEXT"}
ADDING = {
    (Adds.SUM, Adds.SUM): "SUM",
    (Adds.LAST, Adds.SUM): "LAST",
    (Adds.NONE, Adds.SUM): "AVERAGE_SUM_ORG_UNIT",
    (Adds.LAST, Adds.NONE): "LAST_AVERAGE_ORG_UNIT",
}


@dataclass(frozen=True)
class Asked:
    """One element of one form."""

    form: Form
    element: Element


@dataclass(frozen=True)
class Part:
    uid: str
    form: Form
    section: Section
    order: int


@dataclass(frozen=True)
class Options:
    uid: str
    element: Element


@dataclass(frozen=True)
class Option:
    uid: str
    code: str
    name: str
    options: Options
    order: int


@dataclass(frozen=True)
class IndicatorType:
    uid: str
    factor: Decimal

    @property
    def name(self) -> str:
        words = {Decimal(100): "Percentage", Decimal(1): "Number", Decimal(1000): "Per thousand"}
        return f"{words.get(self.factor, 'Factor')} (factor {format(self.factor.normalize(), 'f')})"


def value_type(one: Element, asker: Asker) -> str:
    given = one.exchange.get("valueType")
    if given:
        return str(given)
    if one.kind in VALUE_TYPES:
        return VALUE_TYPES[one.kind]
    if not one.integer:
        return "NUMBER"
    return "INTEGER_ZERO_OR_POSITIVE" if one.non_negative else "INTEGER"


def aggregation_type(one: Element, asker: Asker) -> str:
    given = one.exchange.get("aggregationType")
    return str(given or ADDING.get((one.measure.over_time, one.measure.over_units), "NONE"))


def options_of(one: Element, asker: Asker) -> Options | None:
    if one.kind != "option":
        return None
    return Options(str(one.exchange.get("optionSet") or uid_of("options", one.code)), one)


def option_sets(asker: Asker) -> list[Options]:
    found = {each.uid: each for one in asker.elements if (each := options_of(one, asker)) is not None}
    return list(found.values())


def choices(one: Options, asker: Asker) -> list[Option]:
    return [
        Option(
            each.get("uid") or uid_of("option", f"{one.uid}/{each['code']}"),
            each["code"],
            each["name"],
            one,
            at,
        )
        for at, each in enumerate(one.element.exchange.get("options", ()), start=1)
    ]


def labelled() -> dict[str, Property]:
    """Names of what the catalogue holds: the base language is Vietnamese, or the other system's own."""

    def name(one: Any, asker: Asker) -> str:
        return one.labels.get("vi") or str(one.code)

    def short(one: Any, asker: Asker) -> str:
        return (asker.say(one.short_labels) or asker.say(one.labels) or str(one.code))[:50]

    def shown(one: Any, asker: Asker) -> str:
        return asker.say(one.labels) or str(one.code)

    def described(one: Any, asker: Asker) -> str | None:
        return asker.say(getattr(one, "hints", {})) or None

    return named(name, lambda one, asker: code_of(one), short, shown) | {
        "description": Property(described),
        "displayDescription": Property(described),
    }


def forms(asker: Asker) -> list[Form]:
    """Forms whose kind of period DHIS2 knows: nine months and campaigns cannot be exchanged."""
    return [form for form in asker.forms if form.kind in PERIOD_TYPES]


def asked(form: Form, asker: Asker) -> list[Asked]:
    return [Asked(form, asker.catalogue.elements[code]) for code in form.elements]


def parts(form: Form, asker: Asker) -> list[Part]:
    return [
        Part(uid_of("section", f"{form.code}/{one.code}"), form, one, order)
        for order, one in enumerate(form.sections, start=1)
    ]


def expression(text: str | None, catalogue: Catalogue) -> str:
    """DE_1 + DE_2.COC_3 → #{uid} + #{uid.uid}; a count has no denominator, which DHIS2 writes as 1."""

    def operand(found: re.Match[str]) -> str:
        element, _dot, split = found.group().partition(".")
        part = catalogue.splits.get(split)
        base = catalogue.elements[element].uid if element in catalogue.elements else element
        return f"#{{{base}.{part.uid if part else DEFAULT_UID}}}" if split else f"#{{{base}}}"

    return NAME.sub(operand, text) if text else "1"


def indicators(asker: Asker) -> list[Indicator]:
    every: Sequence[Indicator] = (*asker.catalogue.indicators.values(), *asker.catalogue.exchanged.values())
    return [one for one in every if asker.related(one.owner_unit_id)]


def type_of(one: Indicator, asker: Asker) -> IndicatorType:
    factor = one.factor.normalize()
    return IndicatorType(uid_of("indicatorType", format(factor, "f")), factor)


def types(asker: Asker) -> list[IndicatorType]:
    return list(
        {found.uid: found for one in asker.once(indicators) for found in [type_of(one, asker)]}.values()
    )


kind(
    "dataElement",
    "dataElements",
    "DataElement",
    labelled()
    | {
        "formName": Property(lambda one, asker: asker.say(one.labels) or None),
        "displayFormName": Property(lambda one, asker: asker.say(one.labels) or one.code),
        "valueType": Property(value_type, type="CONSTANT"),
        "aggregationType": Property(aggregation_type, type="CONSTANT"),
        "domainType": constant("AGGREGATE"),
        "zeroIsSignificant": Property(
            # here a zero that was typed is always a figure
            lambda one, asker: one.exchange.get("zeroIsSignificant", True),
            type="BOOLEAN",
        ),
        "categoryCombo": to_one("categoryCombo", lambda one, asker: combination(one.combination, asker)),
        "optionSet": to_one("optionSet", options_of),
        "optionSetValue": Property(lambda one, asker: one.kind == "option", type="BOOLEAN"),
        "dataSetElements": to_many(
            "dataSetElement",
            lambda one, asker: [
                Asked(form, one) for form in asker.asking.get(one.code, ()) if form.kind in PERIOD_TYPES
            ],
        ),
        "dataElementGroups": nothing(),
        "aggregationLevels": nothing(),
        "legendSets": nothing(),
        "dimensionItem": Property(lambda one, asker: one.uid),
        "dimensionItemType": constant("DATA_ELEMENT"),
    },
    lambda asker: asker.elements,
)
kind(
    "dataSetElement",
    "dataSetElements",
    "DataSetElement",
    {
        "dataSet": to_one("dataSet", lambda one, asker: one.form),
        "dataElement": to_one("dataElement", lambda one, asker: one.element),
    },
    embedded=True,
)
kind(
    "dataSet",
    "dataSets",
    "DataSet",
    labelled()
    | {
        "periodType": Property(lambda form, asker: PERIOD_TYPES.get(form.kind), type="CONSTANT"),
        "formType": constant("SECTION"),
        "version": Property(lambda form, asker: form.number, type="INTEGER"),
        "openFuturePeriods": Property(
            lambda form, asker: form.exchange.get("openFuturePeriods", 0), type="INTEGER"
        ),
        "expiryDays": Property(lambda form, asker: form.exchange.get("expiryDays", 0), type="NUMBER"),
        "timelyDays": Property(
            lambda form, asker: form.exchange.get("timelyDays", form.deadline_working_days), type="NUMBER"
        ),
        "categoryCombo": to_one("categoryCombo", lambda form, asker: attribute_combination(form, asker)),
        "dataSetElements": to_many("dataSetElement", asked),
        "sections": to_many("section", parts),
        "organisationUnits": to_many("organisationUnit", lambda form, asker: asker.owed[form.code]),
        "indicators": to_many(
            "indicator",
            lambda form, asker: [
                one for one in asker.once(indicators) if one.uid in form.exchange.get("indicators", ())
            ],
        ),
        "compulsoryDataElementOperands": nothing(),
        "dataInputPeriods": nothing(),
        "legendSets": nothing(),
        "dimensionItem": Property(lambda form, asker: form.uid),
        "dimensionItemType": constant("REPORTING_RATE"),
    },
    forms,
)
kind(
    "section",
    "sections",
    "Section",
    named(
        lambda one, asker: one.section.labels.get("vi") or one.section.code,
        lambda one, asker: None,
        None,
        lambda one, asker: asker.say(one.section.labels) or one.section.code,
    )
    | {
        "sortOrder": Property(lambda one, asker: one.order, type="INTEGER"),
        "dataSet": to_one("dataSet", lambda one, asker: one.form),
        "dataElements": to_many(
            "dataElement",
            lambda one, asker: [asker.catalogue.elements[cell.element] for cell in one.section.cells],
        ),
        "indicators": nothing(),
        "greyedFields": nothing(),
    },
    lambda asker: [one for form in forms(asker) for one in parts(form, asker)],
)
kind(
    "optionSet",
    "optionSets",
    "OptionSet",
    named(lambda one, asker: asker.say(one.element.labels), lambda one, asker: one.element.code)
    | {
        "valueType": constant("TEXT"),
        "version": constant(1, "INTEGER"),
        "options": to_many("option", choices),
    },
    option_sets,
)
kind(
    "option",
    "options",
    "Option",
    named(lambda one, asker: one.name, lambda one, asker: one.code)
    | {
        "sortOrder": Property(lambda one, asker: one.order, type="INTEGER"),
        "optionSet": to_one("optionSet", lambda one, asker: one.options),
    },
    lambda asker: [each for one in option_sets(asker) for each in choices(one, asker)],
)
kind(
    "indicator",
    "indicators",
    "Indicator",
    labelled()
    | {
        "numerator": Property(lambda one, asker: expression(one.numerator, asker.catalogue)),
        "denominator": Property(lambda one, asker: expression(one.denominator, asker.catalogue)),
        "numeratorDescription": Property(lambda one, asker: one.numerator),
        "denominatorDescription": Property(lambda one, asker: one.denominator or "1"),
        "indicatorType": to_one("indicatorType", type_of),
        "annualized": constant(False, "BOOLEAN"),
        "indicatorGroups": nothing(),
        "dataSets": to_many(
            "dataSet",
            lambda one, asker: [
                form for form in forms(asker) if one.uid in form.exchange.get("indicators", ())
            ],
        ),
        "legendSets": nothing(),
        "dimensionItem": Property(lambda one, asker: one.uid),
        "dimensionItemType": constant("INDICATOR"),
    },
    indicators,
)
kind(
    "indicatorType",
    "indicatorTypes",
    "IndicatorType",
    named(lambda one, asker: one.name, lambda one, asker: None)
    | {
        "factor": Property(lambda one, asker: _number(one.factor), type="INTEGER"),
        "number": Property(lambda one, asker: one.factor == 1, type="BOOLEAN"),
    },
    types,
)
FORMS, ELEMENTS = KINDS["dataSet"], KINDS["dataElement"]


def _number(factor: Decimal) -> int | float:
    return int(factor) if factor == factor.to_integral_value() else float(factor)
