import json
from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core import evidence
from haicap.core.bands import Figure
from haicap.core.errors import Refusal
from haicap.core.evidence import Evidence
from haicap.core.periods import Rule, parse

D = Decimal

NUMBERS = st.none() | st.decimals(-(10**14), 10**14, places=4)
SAMPLE = Evidence(Figure(D("7413"), D("8155")), parse("2025-Q3", Rule.CALENDAR), "s-1", "CQ03/2")


@given(
    NUMBERS,
    NUMBERS,
    st.booleans(),
    st.booleans(),
    st.sampled_from(["2026-10", "2026", "2026-W07"]),
    st.text(),
)
def test_evidence_survives_json(
    numerator: D | None, denominator: D | None, has: bool, applies: bool, key: str, snapshot: str
) -> None:
    before = Evidence(Figure(numerator, denominator, D(1000), has, applies), parse(key), snapshot, "XH06/1")
    assert evidence.from_json(json.loads(json.dumps(evidence.to_json(before)))) == before


def test_decimals_keep_their_digits() -> None:
    kept = Evidence(Figure(D("0.1000"), D(3)), parse("2026"), "s", "f")
    data = evidence.to_json(kept)
    assert (data["numerator"], data["rule"]) == ("0.1000", "nd09")


def test_evidence_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SAMPLE.snapshot = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "change", [{"numerator": "x"}, {"factor": None}, {"rule": "julian"}, {"period": 7}, {"numerator": []}]
)
def test_what_is_no_evidence_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Refusal, match=r"evidence\.form"):
        evidence.from_json({**evidence.to_json(SAMPLE), **change})
    with pytest.raises(Refusal, match=r"evidence\.form"):
        evidence.from_json({})
    with pytest.raises(Refusal, match=r"period\.key"):
        evidence.from_json({**evidence.to_json(SAMPLE), "period": "2026-13"})
