"""A figure as it was when somebody acted on it, frozen with all that is needed to check it later."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from haicap.core.bands import Figure
from haicap.core.errors import Refusal
from haicap.core.periods import Period, Rule, parse


@dataclass(frozen=True)
class Evidence:
    """`snapshot` is the id of the warehouse manifest, `formula` names indicator and version ("CQ01/3")."""

    figure: Figure
    period: Period
    snapshot: str
    formula: str


def to_json(evidence: Evidence) -> dict[str, Any]:
    """A JSON object; decimals travel as text, because JSON numbers are not decimals."""
    figure = evidence.figure
    return {
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "factor": str(figure.factor),
        "has_denominator": figure.has_denominator,
        "applicable": figure.applicable,
        "period": evidence.period.key,
        "rule": evidence.period.rule.value,
        "snapshot": evidence.snapshot,
        "formula": evidence.formula,
    }


def from_json(data: Mapping[str, Any]) -> Evidence:
    """The evidence that `to_json` wrote; Refusal "evidence.form" for anything else."""
    try:
        figure = Figure(
            _number(data["numerator"]),
            _number(data["denominator"]),
            Decimal(data["factor"]),
            bool(data["has_denominator"]),
            bool(data["applicable"]),
        )
        period = parse(data["period"], Rule(data["rule"]))
        return Evidence(figure, period, str(data["snapshot"]), str(data["formula"]))
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise Refusal("evidence.form") from None


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
