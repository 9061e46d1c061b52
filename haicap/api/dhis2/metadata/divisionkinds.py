"""categoryCombos, categories, categoryOptions, categoryOptionCombos; the default one of each included.

DHIS2 divides everything, if only by "default"; ours is the empty code. The four default uids are the ones
that every DHIS2 has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.kinds import KINDS, Property, constant, kind, named, nothing, to_many, to_one
from haicap.api.dhis2.naming import DEFAULT, DEFAULT_UID, code_of
from haicap.catalogue.breakdowns import ATTRIBUTION, SPLIT, Combination, Dimension, Option, Split
from haicap.catalogue.queries import Form

DEFAULT_LABELS: Mapping[str, str] = {"vi": DEFAULT, "en": DEFAULT, "bn": DEFAULT}
DEFAULT_OPTION = Option("xYerKDKCefk", DEFAULT, DEFAULT_LABELS)
DEFAULT_DIMENSION = Dimension("GLevLNI9wkl", DEFAULT, DEFAULT_LABELS, (DEFAULT_OPTION,))
DEFAULT_COMBINATION = Combination("bjDvmb4bfuf", "", SPLIT, DEFAULT_LABELS, (DEFAULT_DIMENSION,), ("",))
DEFAULT_SPLIT = Split(DEFAULT_UID, "", DEFAULT_LABELS, "", (DEFAULT_OPTION.uid,), DEFAULT)


@dataclass(frozen=True)
class Used:
    """A dimension or an option, with where it is used: two combinations may share one."""

    thing: Any
    usage: str
    within: tuple[Any, ...] = field(default=())

    @property
    def uid(self) -> str:
        return str(self.thing.uid)


def combination(code: str, asker: Asker) -> Combination:
    return asker.catalogue.combinations.get(code, DEFAULT_COMBINATION)


def attribute_combination(form: Form, asker: Asker) -> Combination:
    return combination(form.combination, asker)


def combinations(asker: Asker) -> list[Combination]:
    return [DEFAULT_COMBINATION, *asker.combinations]


def splits(asker: Asker) -> list[Split]:
    return [split for one in combinations(asker) for split in splits_of(one, asker)]


def splits_of(one: Combination, asker: Asker) -> list[Split]:
    return [split(code, asker) for code in one.splits]


def split(code: str, asker: Asker) -> Split:
    return asker.catalogue.splits.get(code, DEFAULT_SPLIT)


def dimensions(asker: Asker) -> list[Used]:
    """Each once, however many combinations cross it."""
    found: dict[str, Used] = {}
    for one in combinations(asker):
        for dimension in one.dimensions:
            before = found.get(dimension.uid, Used(dimension, one.usage))
            found[dimension.uid] = Used(dimension, before.usage, (*before.within, one))
    return list(found.values())


def options(asker: Asker) -> list[Used]:
    found: dict[str, Used] = {}
    for one in asker.once(dimensions):
        for option in one.thing.options:
            before = found.get(option.uid, Used(option, one.usage))
            found[option.uid] = Used(option, before.usage, (*before.within, one))
    return list(found.values())


def dimensions_of(one: Combination, asker: Asker) -> list[Used]:
    known = {each.uid: each for each in asker.once(dimensions)}
    return [known[dimension.uid] for dimension in one.dimensions if dimension.uid in known]


def options_of_split(one: Split, asker: Asker) -> list[Used]:
    known = {each.uid: each for each in asker.once(options)}
    return [known[uid] for uid in one.options if uid in known]


def options_of_dimension(one: Used, asker: Asker) -> list[Used]:
    known = {each.uid: each for each in asker.once(options)}
    return [known[option.uid] for option in one.thing.options if option.uid in known]


def of(usage: str) -> str:
    return "ATTRIBUTE" if usage == ATTRIBUTION else "DISAGGREGATION"


def _named(labels: Any, code: Any) -> dict[str, Property]:
    return named(
        lambda one, asker: labels(one).get("vi") or code(one) or None,
        lambda one, asker: code(one) or None,
        None,
        lambda one, asker: asker.say(labels(one)) or code(one) or None,
    )


kind(
    "categoryCombo",
    "categoryCombos",
    "CategoryCombo",
    _named(lambda one: one.labels, lambda one: DEFAULT if not one.code else one.foreign_code)
    | {
        "dataDimensionType": Property(lambda one, asker: of(one.usage), type="CONSTANT"),
        "skipTotal": constant(False, "BOOLEAN"),
        "isDefault": Property(lambda one, asker: not one.code, type="BOOLEAN"),
        "categories": to_many("category", dimensions_of),
        "categoryOptionCombos": to_many("categoryOptionCombo", splits_of),
    },
    combinations,
)
kind(
    "categoryOptionCombo",
    "categoryOptionCombos",
    "CategoryOptionCombo",
    _named(lambda one: one.labels, code_of)
    | {
        "ignoreApproval": constant(False, "BOOLEAN"),
        "dimensionItem": Property(lambda one, asker: one.uid),
        "dimensionItemType": constant("CATEGORY_OPTION_COMBO"),
        "categoryCombo": to_one("categoryCombo", lambda one, asker: combination(one.combination, asker)),
        "categoryOptions": to_many("categoryOption", options_of_split),
    },
    splits,
)
kind(
    "category",
    "categories",
    "Category",
    _named(lambda one: one.thing.labels, lambda one: one.thing.code)
    | {
        "dataDimensionType": Property(lambda one, asker: of(one.usage), type="CONSTANT"),
        "dataDimension": Property(lambda one, asker: one.thing.code != DEFAULT, type="BOOLEAN"),
        "dimensionType": constant("CATEGORY"),
        "categoryOptions": to_many("categoryOption", options_of_dimension),
        "categoryCombos": to_many("categoryCombo", lambda one, asker: list(one.within)),
    },
    dimensions,
)
kind(
    "categoryOption",
    "categoryOptions",
    "CategoryOption",
    _named(lambda one: one.thing.labels, lambda one: one.thing.code)
    | {
        "startDate": Property(
            lambda one, asker: one.thing.starts and f"{one.thing.starts.isoformat()}T00:00:00.000",
            type="DATE",
        ),
        "endDate": Property(
            lambda one, asker: one.thing.ends and f"{one.thing.ends.isoformat()}T00:00:00.000", type="DATE"
        ),
        "isDefault": Property(lambda one, asker: one.uid == DEFAULT_OPTION.uid, type="BOOLEAN"),
        "dimensionItem": Property(lambda one, asker: one.uid),
        "dimensionItemType": constant("CATEGORY_OPTION"),
        "categories": to_many("category", lambda one, asker: list(one.within)),
        "categoryOptionCombos": to_many(
            "categoryOptionCombo",
            lambda one, asker: [each for each in asker.once(splits) if one.uid in each.options],
        ),
        "organisationUnits": nothing(),
    },
    options,
)
COMBINATIONS = KINDS["categoryCombo"]
