"""Whatever a shipped pack counts in has a word in each language."""

from pathlib import Path

import pytest
import yaml
from django.utils import translation

from haicap.ui import wording

FILES = sorted((Path(__file__).resolve().parents[2] / "packs").glob("*/units.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("lang", ["en", "bn"])
def test_every_unit_of_a_pack_is_translated(path: Path, lang: str) -> None:
    names = yaml.safe_load(path.read_text("utf-8"))["counting_units"]
    with translation.override(lang):
        kept = [name for name in names if name not in wording.UNITS or str(wording.unit(name)) == name]
    assert kept in ([], ["%"])
