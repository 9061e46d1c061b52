"""Every case from public trackers that concerns what is built has a test that names it."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# C23 and later belong to rooms that do not exist yet.
CASES = range(1, 23)


@pytest.fixture(scope="module")
def named() -> set[int]:
    """Numbers named as "C12" in a sentence or as c12_ in the name of a test."""
    texts = (path.read_text("utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    found = (re.findall(r"\bC([0-9]{1,2})\b|test_c([0-9]{1,2})_|_c([0-9]{1,2})\b", text) for text in texts)
    return {int(next(filter(None, match))) for matches in found for match in matches}


@pytest.mark.parametrize("case", CASES)
def test_a_test_names_it(case: int, named: set[int]) -> None:
    assert case in named
