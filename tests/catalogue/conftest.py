from pathlib import Path

import pytest

from haicap.catalogue import actions
from haicap.catalogue.queries import Catalogue, current
from tests.cast import World

PACKS = Path(__file__).resolve().parents[2] / "packs"
ALL_PACKS = sorted(path.parent.name for path in PACKS.glob("*/pack.yaml"))


@pytest.fixture
def catalogue(world: World) -> Catalogue:
    """Every pack of the repository, loaded in the small country of the tests."""
    for name in ALL_PACKS:
        actions.load_pack(by="system:test", path=PACKS / name)
    return current()
