"""What a sender may ask for beside the values themselves, and what we say we did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import bad_parameter
from haicap.api.dhis2.records import Body, Schemes, scheme_of

CREATE_AND_UPDATE, CREATE, UPDATE, DELETE = "CREATE_AND_UPDATE", "CREATE", "UPDATE", "DELETE"
STRATEGIES = {
    CREATE_AND_UPDATE: CREATE_AND_UPDATE,
    "NEW_AND_UPDATES": CREATE_AND_UPDATE,
    CREATE: CREATE,
    "NEW": CREATE,
    UPDATE: UPDATE,
    "UPDATES": UPDATE,
    DELETE: DELETE,
    "DELETES": DELETE,
}
PARAMETERS = {
    "data_elements": "dataElementIdScheme",
    "org_units": "orgUnitIdScheme",
    "option_combos": "categoryOptionComboIdScheme",
    "data_sets": "dataSetIdScheme",
    "categories": "categoryIdScheme",
    "category_options": "categoryOptionIdScheme",
}
UNSAID = Schemes("")
STRICT = (
    "strictPeriods",
    "strictDataElements",
    "strictCategoryOptionCombos",
    "strictAttributeOptionCombos",
    "strictOrganisationUnits",
)


@dataclass(frozen=True, slots=True)
class Options:
    """`schemes.general` is "" where the query says nothing; `data_set` and the like stand for what the body
    leaves out."""

    dry_run: bool = False
    atomic: bool = False
    strategy: str = CREATE_AND_UPDATE
    schemes: Schemes = UNSAID
    first_row_is_header: bool = True
    data_set: str = ""
    period: str = ""
    org_unit: str = ""
    attribute_option_combo: str = ""

    def as_json(self) -> dict[str, Any]:
        """What counted: keys of cells are always checked strictly, nothing is forced or put off."""
        named = {PARAMETERS[name]: getattr(self.schemes, name) for name in PARAMETERS}
        return {
            "idSchemes": {"idScheme": self.schemes.general or "UID"}
            | {name: scheme for name, scheme in named.items() if scheme},
            "dryRun": self.dry_run,
            "async": False,
            "atomic": self.atomic,
            "importStrategy": self.strategy,
            "mergeMode": "REPLACE",
            "reportMode": "FULL",
            "skipExistingCheck": False,
            "force": False,
            "firstRowIsHeader": self.first_row_is_header,
        } | dict.fromkeys(STRICT, True)


def options_of(ask: Ask) -> Options:
    """From the query. WebMessageError 400 for what cannot be meant."""
    for name in (*STRICT, "force", "async", "skipAudit", "preheatCache"):
        ask.flag(name, False)
    return Options(
        dry_run=ask.flag("dryRun", False),
        atomic=ask.flag("atomic", False),
        strategy=strategy_of(ask.text("importStrategy") or ask.text("strategy")),
        schemes=schemes_of(ask),
        first_row_is_header=ask.flag("firstRowIsHeader", True),
        data_set=ask.text("dataSet"),
        period=ask.text("period"),
        org_unit=ask.text("orgUnit"),
        attribute_option_combo=ask.text("attributeOptionCombo"),
    )


def with_body(options: Options, body: Body) -> Options:
    """What the payload itself says counts where the address is silent."""
    strategy = options.strategy
    if strategy == CREATE_AND_UPDATE and body.strategy:
        strategy = strategy_of(body.strategy)
    return with_head(replace(options, strategy=strategy), body.schemes, body.dry_run)


def with_head(options: Options, schemes: Schemes, dry_run: bool) -> Options:
    """A dry run asked for anywhere is one."""
    return replace(options, dry_run=options.dry_run or dry_run, schemes=options.schemes.over(schemes))


def schemes_of(ask: Ask) -> Schemes:
    """idScheme, dataElementIdScheme…"""
    special = {name: scheme_of(ask.text(parameter)) for name, parameter in PARAMETERS.items()}
    return Schemes(scheme_of(ask.text("idScheme")), **special)


def strategy_of(text: str) -> str:
    if not text:
        return CREATE_AND_UPDATE
    found = STRATEGIES.get(text.upper())
    if found is None:
        raise bad_parameter("importStrategy", text, "CREATE, UPDATE, CREATE_AND_UPDATE or DELETE")
    return found
