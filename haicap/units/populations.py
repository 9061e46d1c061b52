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
        place = f"{path.parent.name}/{path.name}"
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            people: dict[str, int] = content["units"]
            if sum(people.values()) != content["total"]:
                raise _refusal(place)
            for code, number in people.items():
                open_rows[code].population = number
            provinces[content["province"]].population = content["total"]
        except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
            raise _refusal(place) from error


def _refusal(place: str) -> Refusal:
    message = gettext_lazy("Tệp dân số không dùng được: sai cấu trúc, sai tổng hoặc có mã lạ.")
    return Refusal("units.population", message, place=place)
