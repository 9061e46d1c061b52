"""A small export of a DHIS2 server that nobody runs: a country with two districts, three clinics, one of them
closed; two data sets, one divided by age and by the project that paid; a ratio and a count of one age."""

import gzip
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

COUNTRY, NORTH, SOUTH = "Country0001", "North000001", "South000001"
CLINIC, SMALL, CLOSED = "Clinic00001", "Clinic00002", "Clinic00003"
DOSES, BORN, STOCK, NOTE, OPEN = "DeDoses0001", "DeBorn00001", "DeStock0001", "DeNote00001", "DeOpen00001"
YOUNG, OLD = "CocYoung001", "CocOld00001"
WATER, ROADS = "CocWater001", "CocRoads001"
MONTHLY, YEARLY = "DsMonthly01", "DsYearly001"
DEFAULT_COMBO, DEFAULT_COC = "bjDvmb4bfuf", "HllvX50cXC0"
AGES, PROJECTS = "ComboAge001", "ComboProj01"


def unit(
    uid: str, code: str | None, name: str, parent: str | None, opened: str = "2010-01-01", **more: Any
) -> Any:
    made = {"id": uid, "name": name, "shortName": name[:20], "openingDate": f"{opened}T00:00:00.000", **more}
    if code:
        made["code"] = code
    return made | ({"parent": {"id": parent}} if parent else {})


UNITS: dict[str, Any] = {
    "organisationUnits": [
        # a clinic stands before its district: the order of a file means nothing
        unit(CLINIC, "K_1", "Phòng khám Bờ Sông", NORTH, opened="1999-05-01"),
        unit(COUNTRY, "L_0", "Land of Tests", None),
        unit(NORTH, "D_1", "North", COUNTRY),
        unit(SOUTH, "D_2", "South", COUNTRY),
        unit(SMALL, None, "Small clinic", SOUTH),
        unit(CLOSED, "K_3", "Old clinic", SOUTH, closedDate="2020-06-30T00:00:00.000"),
    ]
}


def element(uid: str, code: str, name: str, value_type: str = "INTEGER", **more: Any) -> Any:
    return {
        "id": uid,
        "code": code,
        "name": name,
        "shortName": name[:12],
        "valueType": value_type,
        "domainType": "AGGREGATE",
        "aggregationType": "SUM",
        "categoryCombo": {"id": DEFAULT_COMBO},
        **more,
    }


def cells(*uids: str) -> list[Any]:
    return [{"dataElement": {"id": uid}} for uid in uids]


METADATA: dict[str, Any] = {
    "categoryOptions": [
        {"id": "xYerKDKCefk", "code": "default", "name": "default"},
        {"id": "OptYoung001", "code": "<5", "name": "Under 5"},
        {"id": "OptOld00001", "code": ">=5", "name": "5 and older"},
        {"id": "OptWater001", "code": "W", "name": "Water", "startDate": "2024-01-01T00:00:00.000"},
        {"id": "OptRoads001", "code": "R", "name": "Roads", "endDate": "2026-06-30T00:00:00.000"},
    ],
    "categories": [
        {
            "id": "GLevLNI9wkl",
            "code": "default",
            "name": "default",
            "categoryOptions": [{"id": "xYerKDKCefk"}],
        },
        {
            "id": "CatAge00001",
            "code": "AGE",
            "name": "Age",
            "categoryOptions": [{"id": "OptYoung001"}, {"id": "OptOld00001"}],
        },
        {
            "id": "CatProj0001",
            "code": "PROJECT",
            "name": "Project",
            "categoryOptions": [{"id": "OptWater001"}, {"id": "OptRoads001"}],
        },
    ],
    "categoryCombos": [
        {"id": DEFAULT_COMBO, "code": "default", "name": "default", "categories": [{"id": "GLevLNI9wkl"}]},
        {
            "id": AGES,
            "name": "Age",
            "categories": [{"id": "CatAge00001"}],
            "dataDimensionType": "DISAGGREGATION",
        },
        {
            "id": PROJECTS,
            "name": "Project",
            "categories": [{"id": "CatProj0001"}],
            "dataDimensionType": "ATTRIBUTE",
        },
    ],
    "categoryOptionCombos": [
        {
            "id": DEFAULT_COC,
            "code": "default",
            "name": "default",
            "categoryCombo": {"id": DEFAULT_COMBO},
            "categoryOptions": [{"id": "xYerKDKCefk"}],
        },
        {
            "id": YOUNG,
            "code": "AGE_Y",
            "name": "Under 5",
            "categoryCombo": {"id": AGES},
            "categoryOptions": [{"id": "OptYoung001"}],
        },
        {
            # a code that no formula can hold
            "id": OLD,
            "code": ">=5",
            "name": "5 and older",
            "categoryCombo": {"id": AGES},
            "categoryOptions": [{"id": "OptOld00001"}],
        },
        {
            "id": WATER,
            "code": "PRJ_W",
            "name": "Water",
            "categoryCombo": {"id": PROJECTS},
            "categoryOptions": [{"id": "OptWater001"}],
        },
        {
            "id": ROADS,
            "code": "PRJ_R",
            "name": "Roads",
            "categoryCombo": {"id": PROJECTS},
            "categoryOptions": [{"id": "OptRoads001"}],
        },
    ],
    "optionSets": [
        {"id": "OptSetYes01", "name": "Open?", "options": [{"id": "OptionYes01"}, {"id": "OptionNo001"}]}
    ],
    "options": [
        {"id": "OptionYes01", "code": "Y", "name": "Yes"},
        {"id": "OptionNo001", "code": "N", "name": "No"},
    ],
    "dataElements": [
        element(DOSES, "DE_DOSES", "Doses given", categoryCombo={"id": AGES}, description="All antigens"),
        element(BORN, "DE_BORN", "Live births", "INTEGER_ZERO_OR_POSITIVE"),
        element(STOCK, "DE-STOCK 1", "Stock at the end", "NUMBER", aggregationType="LAST"),
        element(NOTE, "DE_NOTE", "Remarks", "LONG_TEXT", aggregationType="NONE"),
        element(
            OPEN, "DE_OPEN", "Clinic open?", "TEXT", aggregationType="NONE", optionSet={"id": "OptSetYes01"}
        ),
        element("DePerson001", "DE_P", "Weight of a child", "NUMBER", domainType="TRACKER"),
    ],
    "dataSets": [
        {
            "id": MONTHLY,
            "code": "DS_M",
            "name": "Monthly report",
            "shortName": "Monthly",
            "periodType": "Monthly",
            "categoryCombo": {"id": DEFAULT_COMBO},
            "timelyDays": 5.0,
            "openFuturePeriods": 1,
            "dataSetElements": cells(DOSES, BORN, STOCK, NOTE, OPEN),
            "indicators": [{"id": "IndDoses001"}],
            "organisationUnits": [{"id": CLINIC}, {"id": SMALL}, {"id": CLOSED}],
        },
        {
            "id": YEARLY,
            "code": "DS_Y",
            "name": "Yearly report",
            "periodType": "Yearly",
            "categoryCombo": {"id": PROJECTS},
            "dataSetElements": cells(BORN),
            "organisationUnits": [{"id": CLINIC}],
        },
    ],
    "sections": [
        {
            "id": "Section0001",
            "name": "Children",
            "dataSet": {"id": MONTHLY},
            "sortOrder": 1,
            "dataElements": [{"id": DOSES}, {"id": BORN}],
        },
    ],
    "indicatorTypes": [
        {"id": "IndTypePct1", "name": "Percentage", "factor": 100},
        {"id": "IndTypeNum1", "name": "Number", "factor": 1, "number": True},
    ],
    "indicators": [
        {
            "id": "IndDoses001",
            "code": "IN_DOSES",
            "name": "Doses per birth",
            "indicatorType": {"id": "IndTypePct1"},
            "numerator": f"#{{{DOSES}}}",
            "denominator": f"#{{{BORN}}}",
        },
        {
            "id": "IndYoung001",
            "code": "IN_YOUNG",
            "name": "Doses to the young",
            "indicatorType": {"id": "IndTypeNum1"},
            "numerator": f"2 * #{{{DOSES}.{YOUNG}}} - #{{{BORN}.{DEFAULT_COC}}}",
            "denominator": "1",
        },
    ],
}
# the ring of the first runs clockwise, which GeoJSON does not want
SHAPES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": NORTH,
            "properties": {},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[10, 10], [10, 11], [11, 11], [11, 10], [10, 10]]],
            },
        },
        {
            "type": "Feature",
            "id": CLINIC,
            "properties": {},
            "geometry": {"type": "Point", "coordinates": [10.5, 10.5]},
        },
    ],
}


def write(
    folder: Path, units: Any = None, metadata: Any = None, shapes: Any = None, zipped: bool = False
) -> Path:
    """The files of the export, with what a test wants different."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("orgunits_wrapped.json", UNITS if units is None else units),
        ("metadata.json", METADATA if metadata is None else metadata),
        ("geometry.geojson", SHAPES if shapes is None else shapes),
    ):
        data = json.dumps(content, ensure_ascii=False).encode()
        path = folder / (f"{name}.gz" if zipped else name)
        path.write_bytes(gzip.compress(data) if zipped else data)
    return folder


def changed(content: Any, **more: Any) -> Any:
    return deepcopy(content) | more
