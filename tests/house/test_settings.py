"""Every knob is documented, and every documented knob exists."""

import re

from tests.house.source import ROOT, modules

KNOB = re.compile(r"\b(?:HAICAP_[A-Z_]+|DATABASE_URL)\b")
# names of settings and functions, not of the environment
INSIDE = re.compile(r"settings\.HAICAP_[A-Z_]+")


def used() -> set[str]:
    found = set()
    for text in modules().values():
        found |= set(KNOB.findall(INSIDE.sub("", text)))
    return found


def documented() -> set[str]:
    page = (ROOT / "docs" / "howto" / "operator.md").read_text("utf-8")
    return set(re.findall(r"^\| `(HAICAP_[A-Z_]+|DATABASE_URL)` \|", page, re.M))


def test_every_variable_of_the_environment_is_documented() -> None:
    assert used() - documented() == set()


def test_nothing_is_documented_that_does_not_exist() -> None:
    assert documented() - used() == set()


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs" / "howto" / "operator.md").read_text("utf-8")
    codes = set(re.findall(r"^[A-Z]+ = (\d+)", modules()["haicap/config/exits.py"], re.M))
    assert codes == set(re.findall(r"^\| (\d+) \|", page, re.M))
