"""Import summaries: as DHIS2 writes them today, and read as it wrote them then and now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.api.dhis2 import summaries, typed
from haicap.api.dhis2.conflicts import conflict, merged
from haicap.api.dhis2.options import Options
from haicap.api.dhis2.summaries import Summary


def answered(summary: Summary) -> tuple[int, dict[str, Any]]:
    answer = summaries.answer(summary, Options())
    return answer.status_code, json.loads(answer.content)


def test_all_stored_is_success() -> None:
    status, body = answered(Summary(read=3, new=1, changed=1, unchanged=1))
    assert (status, body["httpStatusCode"], body["status"]) == (200, 200, "OK")
    assert body["response"]["status"] == "SUCCESS"
    assert body["response"]["importCount"] == {"imported": 0, "updated": 3, "ignored": 0, "deleted": 0}
    assert body["response"]["cellCount"]["new"] == 1


def test_some_stored_is_a_warning_and_none_a_conflict() -> None:
    wrong = conflict("E8122", 1, "x", "INTEGER", "value_not_integer", indexes=[1])
    status, body = answered(Summary(read=2, new=1, conflicts=[wrong], rejected={1}))
    assert (status, body["status"], body["response"]["status"]) == (200, "WARNING", "WARNING")
    assert body["response"]["rejectedIndexes"] == [1]
    status, body = answered(Summary(read=1, conflicts=[wrong], rejected={1}))
    assert (status, body["status"], body["response"]["status"]) == (409, "ERROR", "ERROR")


def test_deleting_counts_as_deleted() -> None:
    _status, body = answered(Summary(read=2, removed=2, deleting=True))
    assert body["response"]["importCount"] == {"imported": 0, "updated": 0, "ignored": 0, "deleted": 2}


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_counts_add_up(new: int, changed: int, same: int, removed: int, refused: int) -> None:
    """C11: imported + updated + ignored + deleted is what was read."""
    read = new + changed + same + removed + refused
    for deleting in (False, True):
        made = Summary(read, new, changed, same, removed, deleting).as_json(Options())
        assert sum(made["importCount"].values()) == read
        cells = made["cellCount"]
        assert cells["read"] == read == sum(cells.values()) - cells["read"]


def test_the_same_reason_is_said_once() -> None:
    each = [conflict("E8120", 0, indexes=[i], objects=[("dataElement", "a")]) for i in (4, 2)]
    (one,) = merged(each)
    assert one.indexes == (2, 4)
    assert one.as_json()["object"] == "a"
    assert one.as_json()["value"] == one.message


OLD = {
    "responseType": "ImportSummary",
    "status": "WARNING",
    "importCount": {"imported": 2, "updated": 1, "ignored": 1, "deleted": 0},
    "conflicts": [{"object": "DE1", "value": "Data element not found"}],
    "dataSetComplete": "false",
}


@pytest.mark.parametrize(
    "body", [OLD, {"httpStatus": "Conflict", "response": OLD}, {"response": {"importSummaries": [OLD]}}]
)
def test_every_generation_is_read(body: dict[str, Any]) -> None:
    told = summaries.read(body)
    assert (told.status, told.imported, told.updated, told.ignored, told.stored) == ("WARNING", 2, 1, 1, 3)
    assert (told.conflicts[0].code, told.conflicts[0].message) == ("", "Data element not found")
    assert told.conflicts[0].object == "DE1"


def test_a_real_conflict_of_another_server_is_read(shared_data: Path) -> None:
    """A 409 whose status is WARNING and whose code is of the time before E8000."""
    path = shared_data / "trials" / "dhis2" / "data_value_set_409.json"
    told = summaries.read(json.loads(path.read_text()))
    assert (told.status, told.ignored, told.rejected) == ("WARNING", 1, (0,))
    (one,) = told.conflicts
    assert (one.code, one.part, one.object, one.indexes) == ("E7641", "period", "209503", (0,))
    assert "209503" in one.message


def test_our_own_answer_is_read_back() -> None:
    wrong = conflict("E8123", 1, "x", "abc", indexes=[1], objects=[("dataElement", "abc")])
    _status, body = answered(Summary(read=2, new=1, conflicts=[wrong], rejected={1}))
    told = summaries.read(body)
    assert (told.stored, told.ignored, told.rejected, told.conflicts) == (1, 1, (1,), (wrong,))


@pytest.mark.parametrize("body", [None, [], "x", {}, {"response": 5}, {"status": "OK"}])
def test_what_is_no_summary_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match="summary"):
        summaries.read(body)


GOOD = [
    ("NUMBER", ["0", "-1.5", "1e2", ".5", "12."]),
    ("INTEGER", ["-3", "0", "+7"]),
    ("INTEGER_POSITIVE", ["1"]),
    ("INTEGER_NEGATIVE", ["-1"]),
    ("INTEGER_ZERO_OR_POSITIVE", ["0"]),
    ("PERCENTAGE", ["0", "100", "12.5"]),
    ("UNIT_INTERVAL", ["0", "1", "0.5"]),
    ("BOOLEAN", ["true", "False", "T", "f", "1", "0", "yes", "NO"]),
    ("TRUE_ONLY", ["true", "True", "t", "1"]),
    ("DATE", ["2026-02-28"]),
    ("DATETIME", ["2026-02-28T10:00:00"]),
    ("TIME", ["23:59"]),
    ("TEXT", ["anything", "=1+1"]),
]
BAD = [
    ("NUMBER", ["x", "1.234,5", "1 000", "²", "NaN", "1e999", "--1"]),
    ("INTEGER", ["1.0", "1.5", ""]),
    ("INTEGER_POSITIVE", ["0"]),
    ("INTEGER_NEGATIVE", ["0"]),
    ("INTEGER_ZERO_OR_POSITIVE", ["-1"]),
    ("PERCENTAGE", ["-1", "100.1"]),
    ("UNIT_INTERVAL", ["1.1"]),
    ("BOOLEAN", ["test", "not true", "2"]),
    ("TRUE_ONLY", ["false", "0", "test"]),
    ("DATE", ["2026-02-30", "28/02/2026", "20260228"]),
    ("TIME", ["24:00"]),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in GOOD for text in texts])
def test_values_of_a_type(kind: str, text: str) -> None:
    assert typed.fault(typed.normalised(text, kind), kind) == ""


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in BAD for text in texts])
def test_values_that_are_none_of_a_type(kind: str, text: str) -> None:
    assert typed.fault(typed.normalised(text, kind), kind).startswith("value_not")


@given(st.text(max_size=30))
def test_every_text_gets_an_answer(text: str) -> None:
    for kind, _texts in GOOD:
        typed.fault(typed.normalised(text, kind), kind)
