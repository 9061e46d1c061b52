"""The machines' door keeps what its document promises, whatever is sent to it."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from haicap.api import access
from haicap.api.intake.v1.document import document
from tests.api.inprocess import contract_of, tried

from .test_intake import Land, key_for, land, send  # noqa: F401 - land is a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.once]
load_all_checks()
CHECKED = [CHECKS.get_one(name) for name in ("not_a_server_error", "response_schema_conformance")]
EXAMPLES = 40


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_body_breaks_the_door(land: Land, monkeypatch: Any, mode: GenerationMode) -> None:  # noqa: F811
    monkeypatch.setattr(access, "spend", lambda caller, rate: None)
    headers = {"Accept-Encoding": "identity", "Authorization": f"Bearer {key_for(land)}"}
    with contract_of(document()) as schema:
        found = tried(
            schema,
            mode,
            EXAMPLES,
            lambda case: case.call_and_validate(headers=headers, checks=CHECKED),
        )
    assert found
    assert set().union(*found.values()) <= {200, 400, 405, 409, 413, 415, 422}, found


@pytest.fixture
def key(land: Land, monkeypatch: Any) -> str:  # noqa: F811
    monkeypatch.setattr(access, "spend", lambda caller, rate: None)
    return key_for(land)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.just([1]))
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "form": st.sampled_from(["CQS-T", "MAY-T", "X"]) | st.text(max_size=5),
        "period": st.sampled_from(["2026-10", "2026-09", "2026-Q3", "2199-12", "1900-01"])
        | st.text(max_size=8),
        "unit": st.sampled_from(["24505", "22015", "66", "00466"]) | st.text(max_size=6),
        "element": st.sampled_from(["HS_NHAN", "HS_PHI", "KP", "MAY"]) | st.text(max_size=6),
        "value": VALUES,
        "no_figure": st.text(max_size=400),
        "remove": st.booleans(),
        "split": st.text(max_size=50),
        "note": st.text(max_size=700),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(RECORDS, max_size=6), query=st.sampled_from(["", "?mode=all_or_nothing", "?dry_run=true"])
)
def test_records_of_any_kind_are_counted(land: Land, key: str, rows: list[Any], query: str) -> None:  # noqa: F811
    answer = send(Client(), key, {"values": rows}, query=query)
    assert answer.status_code in (200, 400, 422), answer.content
    if answer.status_code != 400:
        found = answer.json()  # type: ignore[attr-defined]
        parts = ("imported", "updated", "removed", "unchanged", "rejected")
        assert sum(found[name] for name in parts) == found["read"] == len(rows)
