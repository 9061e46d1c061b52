"""The tables of the room are complete."""

from django.utils import translation

from haicap.dossiers import states
from haicap.dossiers.policies import words


def test_every_status_has_a_word_and_a_holder() -> None:
    assert set(states.STATUS_LABELS) == set(states.HOLDER_OF) == set(states.Status)
    assert not states.FINISHED & states.CLOSED_WITHOUT_RESULT


def test_every_import_state_has_a_word_and_says_what_follows() -> None:
    assert set(states.IMPORT_LABELS) == set(states.IMPORT_STEPS) == set(states.ImportState)
    ends = {state for state, later in states.IMPORT_STEPS.items() if not later}
    assert ends == {states.ImportState.DONE, states.ImportState.FAILED, states.ImportState.KILLED}


def test_the_words_of_a_status_are_understood_in_vietnamese() -> None:
    with translation.override("vi"):
        for status, label in states.STATUS_LABELS.items():
            assert words.meaning("status", str(label), {}) is status
            assert words.meaning("status", str(int(status)), {}) is status
