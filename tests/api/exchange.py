"""Small DHIS2 lands for the tests of the exchange: what the files of dhis2-core name, malaria by age, sex."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = "aRootOrgUni"
DATA_SET, FLAGS = "pBOMPrpg1QX", "bDataSetFlg"
UNITS = {"DiszpKrYNg8": "OU_A", "BdfsJfj87js": "OU_B", "j7Hg26FpoIa": "OU_C"}
ELEMENTS = {"f7n9E0hX8qk": "DE_A", "Ix2HsbDMLea": "DE_B", "eY5ehpbEsB7": "DE_C"}
BOOLEAN, TRUE_ONLY = "jH26dja2f30", "jH26dja2f31"
# A combination of another data set, and a cell of it
FOREIGN_COMBO, FOREIGN_CELL = "fGnCatCombo", "kjuiHgy67hg"
DEFAULT_COMBO, DEFAULT_CELL = "bjDvmb4bfuf", "HllvX50cXC0"


def core(folder: Path, usable: tuple[str, ...] = tuple(UNITS)) -> Path:
    """What `core-fixtures` name; `usable`: the units that report the data set."""
    return write(
        folder,
        {
            "organisationUnits": units(ROOT, UNITS),
            **default_combo(),
            **dimension("projDimensn", "PROJECT", {"projOption1": "P1"}),
        }
        | {
            "categoryCombos": [
                *default_combo()["categoryCombos"],
                combo(FOREIGN_COMBO, "Project", ["projDimensn"], "ATTRIBUTE"),
            ],
            "categoryOptionCombos": [
                *default_combo()["categoryOptionCombos"],
                cell(FOREIGN_CELL, "P_1", FOREIGN_COMBO, ["projOption1"]),
            ],
            "dataElements": [
                *(element(uid, code, "INTEGER") for uid, code in ELEMENTS.items()),
                element(BOOLEAN, "DE_YES_NO", "BOOLEAN"),
                element(TRUE_ONLY, "DE_YES", "TRUE_ONLY"),
            ],
            "dataSets": [
                data_set(DATA_SET, "DS_A", list(ELEMENTS), list(usable)),
                data_set(FLAGS, "DS_FLAGS", [BOOLEAN, TRUE_ONLY], list(usable)),
            ],
        },
    )


def write(folder: Path, content: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def units(root: str, below: dict[str, str]) -> list[dict[str, Any]]:
    opened = "1970-01-01T00:00:00.000"
    top = {"id": root, "code": "ROOT", "name": "Root", "openingDate": opened, "path": f"/{root}", "level": 1}
    parts = [
        {
            "id": uid,
            "code": code,
            "name": f"Unit {code}",
            "openingDate": opened,
            "parent": {"id": root},
            "path": f"/{root}/{uid}",
            "level": 2,
        }
        for uid, code in below.items()
    ]
    return [top, *parts]


def default_combo() -> dict[str, list[dict[str, Any]]]:
    return {
        "categoryCombos": [combo(DEFAULT_COMBO, "default", [], "DISAGGREGATION")],
        "categoryOptionCombos": [cell(DEFAULT_CELL, "default", DEFAULT_COMBO, [])],
    }


def dimension(
    uid: str, code: str, options: dict[str, str], name: str = ""
) -> dict[str, list[dict[str, Any]]]:
    return {
        "categories": [
            {
                "id": uid,
                "code": code,
                "name": name or code,
                "categoryOptions": [{"id": option} for option in options],
            }
        ],
        "categoryOptions": [{"id": option, "code": text, "name": text} for option, text in options.items()],
    }


def combo(uid: str, name: str, categories: list[str], usage: str) -> dict[str, Any]:
    return {
        "id": uid,
        "code": name,
        "name": name,
        "dataDimensionType": usage,
        "categories": [{"id": one} for one in categories],
    }


def cell(uid: str, code: str, of: str, options: list[str], name: str = "") -> dict[str, Any]:
    return {
        "id": uid,
        "code": code,
        "name": name or code,
        "categoryCombo": {"id": of},
        "categoryOptions": [{"id": one} for one in options],
    }


def element(uid: str, code: str, kind: str, divided: str = DEFAULT_COMBO, **more: Any) -> dict[str, Any]:
    return {
        "id": uid,
        "code": code,
        "name": more.pop("name", f"Element {code}"),
        "valueType": kind,
        "aggregationType": more.pop("aggregationType", "SUM"),
        "domainType": "AGGREGATE",
        "categoryCombo": {"id": divided},
        **more,
    }


def data_set(
    uid: str,
    code: str,
    elements: list[str],
    reported_by: list[str],
    period: str = "Monthly",
    divided: str = DEFAULT_COMBO,
    name: str = "",
) -> dict[str, Any]:
    return {
        "id": uid,
        "code": code,
        "name": name or f"Data set {code}",
        "periodType": period,
        "categoryCombo": {"id": divided},
        "dataSetElements": [{"dataSet": {"id": uid}, "dataElement": {"id": one}} for one in elements],
        "organisationUnits": [{"id": one} for one in reported_by],
    }


# Malaria by age and sex, for whom mechanisms pay: the ADX files of dhis2-core, which name things by uid,
# code or name
MALARIA_UNITS = {"P1233333333": ("123", "Provincial Hospital"), "D4566666666": ("456", "District Hospital")}
AGES = {"under555555": "under5", "over5555555": "over5"}
AGE_NAMES = {"under555555": "Under 5", "over5555555": "Over 5"}
SEXES = {"FFFFFFFFFFF": "F", "MMMMMMMMMMM": "M"}
SEX_NAMES = {"FFFFFFFFFFF": "Female", "MMMMMMMMMMM": "Male"}
MECHANISMS = {"PEPFARRRRRR": "PEPFAR", "McDonaldsss": "McDonalds"}
MECHANISM_NAMES = {"PEPFARRRRRR": "PEPFAR mechanism", "McDonaldsss": "McDonalds mechanism"}
NUMERIC, TEXT = "MalNummmmmm", "MalTexttttt"
MALARIA, MALARIA_BY_MECHANISM = "MalariaDSSS", "MalariaMech"
# uid → code, name, options
MALARIA_CELLS = {
    "FUnder55555": ("F_Under5", "Female Under 5", ("FFFFFFFFFFF", "under555555")),
    "MUnder55555": ("M_Under5", "Male Under 5", ("MMMMMMMMMMM", "under555555")),
    "FOver555555": ("F_Over5", "Female Over 5", ("FFFFFFFFFFF", "over5555555")),
    "MOver555555": ("M_Over5", "Male Over 5", ("MMMMMMMMMMM", "over5555555")),
}
MECHANISM_CELLS = {
    "cocPEPFARRR": ("coc_PEPFAR", "PEPFAR CategoryOptionCombo", ("PEPFARRRRRR",)),
    "cocMcDonald": ("coc_McDonalds", "McDonalds CategoryOptionCombo", ("McDonaldsss",)),
}


def malaria(folder: Path, mechanism_period: str = "Quarterly") -> Path:
    """The mechanisms' data set is one of quarters in the files to be imported, of months in the exported."""
    categories = [
        ("ageeeeeeeee", "age", "Age_category", AGES),
        ("sexxxxxxxxx", "sex", "Sex_category", SEXES),
        ("mechanismmm", "mechanism", "Mechanism_category", MECHANISMS),
    ]
    names = AGE_NAMES | SEX_NAMES | MECHANISM_NAMES
    cells = [
        cell(uid, code, "ageSexCombo", list(options), name)
        for uid, (code, name, options) in MALARIA_CELLS.items()
    ]
    cells += [
        cell(uid, code, "mechanCombo", list(options), name)
        for uid, (code, name, options) in MECHANISM_CELLS.items()
    ]
    return write(
        folder,
        {
            "organisationUnits": [
                {**one, "name": MALARIA_UNITS.get(one["id"], ("", "Root"))[1]}
                for one in units(ROOT, {uid: code for uid, (code, _name) in MALARIA_UNITS.items()})
            ],
            "categories": [
                {"id": uid, "code": code, "name": name, "categoryOptions": [{"id": one} for one in options]}
                for uid, code, name, options in categories
            ],
            "categoryOptions": [
                {"id": uid, "code": code, "name": names[uid]}
                for _uid, _code, _name, options in categories
                for uid, code in options.items()
            ],
            "categoryCombos": [
                *default_combo()["categoryCombos"],
                combo("ageSexCombo", "Age and sex", ["ageeeeeeeee", "sexxxxxxxxx"], "DISAGGREGATION"),
                combo("mechanCombo", "Mechanism", ["mechanismmm"], "ATTRIBUTE"),
            ],
            "categoryOptionCombos": [*default_combo()["categoryOptionCombos"], *cells],
            "dataElements": [
                element(NUMERIC, "Mal_num", "INTEGER", "ageSexCombo", name="Malaria numeric"),
                element(TEXT, "Mal_text", "TEXT", name="Malaria text", aggregationType="NONE"),
            ],
            "dataSets": [
                data_set(MALARIA, "MalariaDS", [NUMERIC, TEXT], list(MALARIA_UNITS), name="Malaria DS"),
                data_set(
                    MALARIA_BY_MECHANISM,
                    "MalariaMechanismDS",
                    [NUMERIC],
                    list(MALARIA_UNITS),
                    period=mechanism_period,
                    divided="mechanCombo",
                    name="Malaria Mechanism DS",
                ),
            ],
        },
    )
