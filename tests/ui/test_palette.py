"""Colours can be read: the ratios of look.md and WCAG 2.2, measured on what is shipped."""

import pytest

from haicap.core.bands import Band
from haicap.ui import palette

TEXT = [
    ("on-green", "green", 5.5),
    ("on-yellow", "yellow", 14),
    ("on-red", "red", 9),
    ("on-grey", "grey", 10),
    ("ink", "ground", 16),
    ("ink2", "ground", 7),
    ("ink2", "paper", 8),
    ("ink3", "paper", 4.5),
    ("ink3", "disabled", 4.5),
    ("action", "paper", 8),
    ("action", "ground", 7),
    ("action", "action-wash", 4.5),
    ("on-action", "action", 8),
    ("red", "error-wash", 4.5),
    ("ink", "warning-wash", 7),
    ("ink", "error-wash", 7),
]
#: what a control or a state needs to be seen at all (WCAG 1.4.11)
EDGES = [
    ("control", "paper", 3),
    ("control", "ground", 3),
    ("state-border", "yellow", 3),
    ("red", "paper", 3),
]


@pytest.mark.parametrize(("text", "ground", "least"), TEXT + EDGES)
def test_contrast(text: str, ground: str, least: float) -> None:
    assert palette.contrast(text, ground) >= least


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert palette.contrast("print", "paper") == pytest.approx(21)


def test_every_band_has_a_fill_and_an_ink() -> None:
    bands = {band.value for band in Band}
    assert set(palette.BAND_FILL) == set(palette.BAND_INK) == bands
    for band in bands:
        assert palette.contrast(palette.BAND_INK[band], palette.BAND_FILL[band]) >= 4.5


def test_generated_files_are_up_to_date() -> None:
    assert palette.SASS.read_text("utf-8") == palette.sass()
    assert palette.ICON.read_text("utf-8") == palette.icon()
