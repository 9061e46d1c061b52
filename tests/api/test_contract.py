"""What the OpenAPI document promises, tried out by schemathesis with good and bad questions in process."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from haicap.api import access
from haicap.api.open.v1.reference import document
from tests.api.inprocess import contract_of, tried
from tests.world import Land

pytestmark = [pytest.mark.django_db, pytest.mark.once]
load_all_checks()
# That a key may be left out in the demo, and that a day or a code must exist, no document can say
LEFT_OUT = [CHECKS.get_one("ignored_auth"), CHECKS.get_one("positive_data_acceptance")]
# the client in process does not unpack what GZipMiddleware packs
PLAIN = {"Accept-Encoding": "identity"}
EXAMPLES = 25


@pytest.fixture
def contract(land: Land, demo: None, monkeypatch: Any) -> Any:
    monkeypatch.setattr(access, "ADDRESS_RATE", 1_000_000)
    with contract_of(document()) as schema:
        yield schema


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_keeps_the_promise(contract: Any, mode: GenerationMode) -> None:
    found = tried(
        contract,
        mode,
        EXAMPLES,
        lambda case: case.call_and_validate(headers=PLAIN, excluded_checks=LEFT_OUT),
    )
    assert len(found) == (3 if mode is GenerationMode.NEGATIVE else 4)
    assert set().union(*found.values()) <= {200, 400, 404}, found


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_questions_that_mean_something_are_answered(contract: Any, data: st.DataObject) -> None:
    query = data.draw(
        st.fixed_dictionaries(
            {"province": st.sampled_from(["66", "01", "00"])},
            optional={
                "indicator": st.sampled_from(["CQ01", "CQ15", "CB01", "KT03", "SCORE"]),
                "period": st.sampled_from(["2026-10", "2026-Q3", "2026-H1", "2026-9M", "2026", "2026-W07",
                                           "2026-10-15", "2026-07-01..2026-10-08", "2199-12", "1901"]),
            },
        )
    )  # fmt: skip
    case = contract["/api/open/v1/heatmap"]["GET"].Case(query=query)
    answer = case.call_and_validate(headers=PLAIN, excluded_checks=LEFT_OUT)
    in_scope = query["province"] == "66" or query.get("indicator") == "CB01"
    assert answer.status_code == (200 if in_scope else 404), (query, answer.text)
