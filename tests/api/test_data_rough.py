"""Whatever is sent to the doors of figures, the answer is an answer: no 5xx for any body and any question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.api.dhis2 import packs
from tests.api import exchange
from tests.api.doors import DONE, SETS, Door, key_for
from tests.cast import BY

DE, OU = "f7n9E0hX8qk", "DiszpKrYNg8"
PARTS = (
    "dataElement",
    "orgUnit",
    "period",
    "value",
    "categoryOptionCombo",
    "attributeOptionCombo",
    "comment",
    "deleted",
)
QUESTION = (
    "dataSet",
    "dataElement",
    "orgUnit",
    "period",
    "startDate",
    "endDate",
    "children",
    "limit",
    "lastUpdated",
    "includeDeleted",
    "idScheme",
    "dimension",
    "filter",
    "ds",
    "de",
    "pe",
    "ou",
    "co",
    "ao",
    "value",
    "lastUpdatedDuration",
    "attributeOptionCombo",
)


@pytest.fixture
def door(client: Client, tmp_path: Path, db: None) -> Door:
    packs.load(by=BY, folder=exchange.core(tmp_path / "core"))
    return Door(client, key_for(exchange.ROOT))


TEXTS = st.text(max_size=12) | st.sampled_from([DE, OU, "202601", exchange.DATA_SET, "", "5", "-1", "true"])
SENT = st.fixed_dictionaries(
    {},
    optional={
        "dataSet": TEXTS,
        "completeDate": TEXTS,
        "period": TEXTS,
        "orgUnit": TEXTS,
        "idScheme": st.sampled_from(["uid", "code", "name", "x"]),
        "dataValues": st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, TEXTS)),
            max_size=4,
        ),
    },
)
rough = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@rough
@given(SENT, st.sampled_from(["", "DELETE", "CREATE", "x"]))
def test_no_body_is_a_server_error(door: Door, body: dict[str, Any], strategy: str) -> None:
    query = {"importStrategy": strategy} if strategy else {}
    answer = door.post(SETS, body, **query)
    assert answer.status_code < 500
    if "response" in answer.json():
        made = answer.json()["response"]["cellCount"]
        assert made["read"] == sum(made.values()) - made["read"]


@rough
@given(
    st.binary(max_size=200), st.sampled_from(["application/json", "text/csv", "application/xml", "x/y", ""])
)
def test_no_bytes_are_a_server_error(door: Door, data: bytes, kind: str) -> None:
    for path in (SETS, DONE, "/api/dataValues"):
        assert door.post(path, data, kind).status_code < 500


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=15)
ASKED = st.dictionaries(
    st.sampled_from(QUESTION),
    WORDS
    | st.sampled_from([exchange.DATA_SET, DE, OU, "202601", "2026-01-01", "true", f"dx:{DE}", "pe:202601"]),
    max_size=6,
)


@rough
@given(ASKED)
def test_no_question_is_a_server_error(door: Door, query: dict[str, str]) -> None:
    for path in (SETS, DONE, "/api/dataValues", "/api/analytics", f"{SETS}.adx+xml"):
        answer = door.get(path, **query)
        assert answer.status_code < 500
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]
