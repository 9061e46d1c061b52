"""Populations from the packs: reviewed YAML with its source, one file per province, checked by its total."""

from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.units.library import Row
from haicap.units.states import Level


def apply(rows: list[Row], packs: Path) -> None:
    """Fill `population` of the rows that hold today from packs/*/population.yaml."""
    open_rows = {row.code: row for row in rows if row.level == Level.COMMUNE and row.valid_to is None}
    provinces = {row.code: row for row in rows if row.level == Level.PROVINCE and row.valid_to is None}
    for path in sorted(packs.glob("*/population.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        people: dict[str, int] = content["units"]
        if sum(people.values()) != content["total"] or not people.keys() <= open_rows.keys():
            raise Refusal(
                "units.population",
                gettext_lazy("Tệp dân số không khớp: tổng sai hoặc có mã lạ."),
                place=f"{path.parent.name}/{path.name}",
            )
        for code, number in people.items():
            open_rows[code].population = number
        provinces[content["province"]].population = content["total"]
