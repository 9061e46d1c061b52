"""The table of states, said a second time in full."""

import pytest

from haicap.reporting.states import EDITABLE, FACTS, STATE_LABELS, Act, State, after

TRUTH = {
    State.OPEN: {Act.FILL: State.DRAFT},
    State.DRAFT: {Act.FILL: State.DRAFT, Act.SAY_READY: State.READY},
    State.READY: {Act.HAND_BACK: State.DRAFT, Act.SUBMIT: State.SUBMITTED},
    State.SUBMITTED: {Act.RETURN: State.RETURNED, Act.ACCEPT: State.ACCEPTED},
    State.RETURNED: {Act.FILL: State.RETURNED, Act.SAY_READY: State.READY},
    State.ACCEPTED: {Act.LOCK: State.LOCKED, Act.REOPEN: State.RETURNED},
    State.LOCKED: {Act.REOPEN: State.RETURNED},
}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", list(State))
def test_every_step(state: State, act: Act) -> None:
    assert after(state, act) == TRUTH[state].get(act)


def test_values_are_facts_from_submission_on() -> None:
    assert {State.SUBMITTED, State.ACCEPTED, State.LOCKED} == FACTS
    assert not EDITABLE & FACTS


def test_every_state_has_words() -> None:
    assert set(STATE_LABELS) == set(State)
