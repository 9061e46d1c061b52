"""indicators → exchanged indicators: expressions over #{element} and #{element.split} become formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from haicap.api.dhis2.packs.divisions import Divisions, plain
from haicap.api.dhis2.packs.files import Source, labels, link, text
from haicap.catalogue import formulas
from haicap.catalogue.packs.content import NewIndicator, PackContent
from haicap.core import bands
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule

OPERAND = re.compile(r"#\{([A-Za-z][A-Za-z0-9]{10})(?:\.([A-Za-z][A-Za-z0-9]{10}))?\}")
ONE = re.compile(r"\s*1(?:\.0+)?\s*")
PERCENT = Decimal(100)


def read(source: Source, divisions: Divisions, elements: Mapping[str, str], content: PackContent) -> None:
    """`elements`: uid → code. What DHIS2's language can say beyond sums and quotients is a named fault."""
    factors = {row["id"]: row.get("factor", 1) for _place, row in source.things("indicatorTypes")}
    operands = _operands(content)
    taken: set[str] = set()
    for place, row in source.things("indicators"):
        try:
            numerator = formula(text(row, "numerator", 20_000), divisions, elements, operands)
            denominator = text(row, "denominator", 20_000)
            below = "" if ONE.fullmatch(denominator) else formula(denominator, divisions, elements, operands)
            factor = Decimal(str(factors.get(link(row, "indicatorType"), 1)))
        except Refusal as refusal:
            source.fault(place, text(row, "name"), str(refusal))
            continue
        code = plain(row, taken)
        spec = _spec(numerator, below, factor)
        place_of = (source.file, 1)
        content.exchanged[code] = NewIndicator(code, None, spec, (), (), place_of, row["id"])
        for (role, lang), words in labels(row).items():
            content.labels[f"indicator:{code}", role, lang] = words


def formula(
    expression: str, divisions: Divisions, elements: Mapping[str, str], operands: formulas.Elements
) -> str:
    """#{fbfJHSPpUQD.pq2XI5kz2BY} → DE_359596.COC_291. Refusal when it cannot be said in our language."""

    def named(found: re.Match[str]) -> str:
        element, split = found.group(1), found.group(2)
        if element not in elements:
            why = _("không có phần tử dữ liệu %(uid)s") % {"uid": element}
            raise Refusal("dhis2.expression", why)
        if split is not None and split not in divisions.splits:
            raise Refusal("dhis2.expression", _("không có phân tổ %(uid)s") % {"uid": split})
        part = divisions.splits[split] if split else ""
        return f"{elements[element]}.{part}" if part else elements[element]

    written = OPERAND.sub(named, expression)
    formulas.parse(written, operands)
    return written


def _operands(content: PackContent) -> formulas.Elements:
    splits = {one.code: [cell.code for cell in one.splits] for one in content.combinations.values()}
    parted = {
        f"{code}.{split}": one
        for code, one in content.elements.items()
        for split in splits.get(one.combination, ())
    }
    return {**content.elements, **parted}


def _spec(numerator: str, denominator: str, factor: Decimal) -> dict[str, Any]:
    return {
        "pillar": "",
        "numerator": numerator,
        "denominator": denominator,
        "factor": factor,
        "unit": "%" if factor == PERCENT and denominator else "",
        "direction": bands.Direction.NEUTRAL.value,
        "period_kind": Kind.MONTH.value,
        "rule": Rule.CALENDAR.value,
        "weight": Decimal(0),
        "source": "DHIS2",
        "basis": "",
        "confidence": "",
        "data_source": "",
        "temporary": False,
    }
