"""No question under /api/ ends in an error of the server: schemathesis asks, good and bad ones."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from haicap.api.dhis2 import callers
from haicap.api.dhis2.messages import WebMessageError
from haicap.api.dhis2.metadata import fields, filters
from haicap.api.dhis2.metadata.emptykinds import EMPTY
from haicap.api.dhis2.metadata.kinds import KINDS
from haicap.api.dhis2.metadata.reference import document
from tests.api.inprocess import contract_of, tried

pytestmark = pytest.mark.once
load_all_checks()
CHECKED = [CHECKS.get_one(name) for name in ("not_a_server_error", "response_schema_conformance")]
QUIET = list(EMPTY.values())[1:]
EXAMPLES = 5
SIGNS = st.text(alphabet="abi dn[](),:!*~|.;%0_-{}é\x00", max_size=40)


@pytest.fixture
def contract(foreign_key: str, monkeypatch: Any) -> Any:
    monkeypatch.setattr(callers, "_spend", lambda caller, rate: None)
    made = document()
    # one empty list is like another
    made["paths"] = {
        path: one for path, one in made["paths"].items() if not any(f"/{each}" in path for each in QUIET)
    }
    with contract_of(made) as schema:
        yield schema


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_question_breaks_the_server(contract: Any, foreign_key: str, mode: GenerationMode) -> None:
    headers = {"Accept-Encoding": "identity", "Authorization": f"ApiToken {foreign_key}"}
    found = tried(
        contract, mode, EXAMPLES, lambda case: case.call_and_validate(headers=headers, checks=CHECKED)
    )
    assert len(found) > 30
    assert set().union(*found.values()) <= {200, 400, 404, 405, 409}, found


def refusal(read: Callable[[], object]) -> tuple[int, str] | None:
    try:
        read()
    except WebMessageError as error:
        return error.status, error.code
    return None


@given(text=SIGNS)
def test_any_text_of_fields_is_read_or_refused(text: str) -> None:
    assert refusal(lambda: fields.read([text], "id")) in (None, (409, "E2038"))


@given(text=SIGNS)
def test_any_text_of_a_filter_is_read_or_refused(text: str) -> None:
    texts = [text, f"name:{text}", f"level:eq:{text}"]
    found = refusal(lambda: filters.read(texts, KINDS["organisationUnit"]))
    assert found in (None, (409, "E2014"), (409, "E2034"), (409, "E2035"))


@given(
    value=st.one_of(st.integers(), st.floats(), st.booleans(), st.text(), st.lists(st.integers())),
    given_=SIGNS,
)
def test_every_operator_answers_yes_or_no(value: Any, given_: str) -> None:
    for test in filters.TESTS.values():
        assert test(value, given_) in (True, False)
