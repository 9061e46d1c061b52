"""The dossiers of the demo come in through the import, are marked, and are the same every time."""

from pathlib import Path
from typing import Any

import pytest

from haicap.config.demo import dossiers
from haicap.core import clock
from haicap.dossiers.models import Dossier, DossierVersion, Import, Source
from tests.cast import World

pytestmark = pytest.mark.django_db


def test_the_demo_is_marked_and_goes_on_with_time(world: World, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    places = [world.place(code) for code in ("24505", "22015", "24133")]
    province = world.place("66")
    with clock.frozen("2026-10-20T10:00"):
        dossiers.settle("system:demo", province, places)
    first = Import.objects.get()
    assert (first.state, first.rejected) == ("done", 0), first.reasons
    assert first.created > 100
    source = Source.objects.get()
    assert source.demo
    assert "minh họa" in source.name
    blamed = set(Dossier.objects.values_list("blame", flat=True))
    assert len(blamed - {""}) >= 2
    assert set(Dossier.objects.values_list("submitter", flat=True)) == {"self", "helped", "behalf"}
    with clock.frozen("2026-10-20T10:00"):
        dossiers.settle("system:demo", province, places)
    assert Import.objects.latest("id").unchanged == first.read
    with clock.frozen("2026-10-26T10:00"):
        dossiers.settle("system:demo", province, places)
    later = Import.objects.latest("id")
    assert later.updated > 0
    assert later.created > 0
    assert DossierVersion.objects.count() == later.updated
