"""The dossiers of the demo come in through the import, are marked, and are the same every time."""

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from haicap.accounts.scopes import scope_of
from haicap.config import cli, exits
from haicap.config.demo import dossiers
from haicap.config.loading import load_dossiers
from haicap.core import clock, periods
from haicap.core.counts import Grade
from haicap.core.errors import Refusal
from haicap.dossiers.models import Dossier, DossierVersion, Import, Source
from haicap.insight.boards import board
from haicap.reporting.models import DerivedValue, Report
from haicap.reporting.states import State
from haicap.routines.deriving import count_derived
from haicap.warehouse.refresh import refresh
from tests.cast import Cast, World
from tests.dossiers import making
from tests.world import Land

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


def test_where_every_dossier_is_there_the_demo_shows_what_the_system_counts(
    land: Land, settings: Any
) -> None:
    """The last closed month of one commune is counted, and equals its records; of the others, with a few
    dossiers each, nothing is."""
    settings.DATA_DIR = Path(settings.WAREHOUSE_DIR).parent
    places = [land.place(code) for code in ("24505", "22015", "24133")]
    # what was typed and sent before anything was counted would stand
    Report.objects.filter(unit=places[1].id).update(state=State.DRAFT)
    dossiers.settle("system:demo", land.place("66"), places, {"22015"})
    part, whole = (Source.objects.get(code=code) for code, _name in ((dossiers.SOURCE, ""), dossiers.WHOLE))
    assert (part.demo, part.partial, whole.demo, whole.partial) == (True, True, True, False)
    assert "minh họa" in whole.name
    refresh()
    assert count_derived()
    refresh()
    counted = DerivedValue.objects.filter(number__isnull=False)
    here = land.place("22015")
    assert set(counted.values_list("unit_id", flat=True)) == {here.id}
    month = periods.parse("2026-10")
    first, after = (datetime.combine(day, time(), clock.ZONE) for day in (month.start, month.end))
    records = Dossier.objects.filter(unit=here.id, received_at__gte=first, received_at__lt=after)
    received = counted.get(period="2026-10", element__code="HS_NHAN")
    assert received.number == received.records == records.count() > 100
    online = board(land.place("66"), month).readings[here.id]["CQ06"]
    assert (online.grade, online.provisional) == (Grade.SYSTEM, False)


def test_a_file_from_the_disk(
    cast: Cast, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    path, said = tmp_path / "a.csv", list[str]()
    path.write_bytes(making.as_csv([making.record(1), making.record(2, unit="x")]))
    with clock.frozen("2026-10-20T10:00"):
        making.source(scope_of(cast.office))
        assert load_dossiers(said.append, path, making.SOURCE, dry_run=False)
        assert "2" in said[0]
        assert "bi-loai.csv" in said[1]
        path.write_bytes(making.as_csv([making.record(1, channel="?")]))
        # it still asks: a script must not take that for done
        assert not load_dossiers(said.append, path, making.SOURCE, dry_run=True)
        assert "/hoi/" in said[2]
        command = ["load", "dossiers", str(path), "--source", making.SOURCE]
        assert cli.main(command) == exits.FOUND
        for gone in (tmp_path / "khong-co.csv", tmp_path):
            assert cli.main(["load", "dossiers", str(gone), "--source", making.SOURCE]) == exits.REFUSED
            assert str(gone) in capsys.readouterr().err
        path.write_bytes(b"\x89PNG\0")
        with pytest.raises(Refusal):
            load_dossiers(said.append, path, making.SOURCE, dry_run=False)
        with pytest.raises(Refusal):
            load_dossiers(said.append, path, "khong-co", dry_run=False)
