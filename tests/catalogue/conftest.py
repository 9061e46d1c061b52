from pathlib import Path

import pytest

from haicap.catalogue import actions
from haicap.catalogue.queries import Catalogue, current
from tests.cast import World

PACKS = Path(__file__).resolve().parents[2] / "packs"
# A pack with `on` speaks of the units of that day, which the small country of the tests does not have.
ALL_PACKS = sorted(
    path.parent.name for path in PACKS.glob("*/pack.yaml") if "\n  on:" not in path.read_text("utf-8")
)


@pytest.fixture
def catalogue(world: World) -> Catalogue:
    """Every pack of the repository, loaded in the small country of the tests."""
    for name in ALL_PACKS:
        actions.load_pack(by="system:test", path=PACKS / name)
    return current()
