"""Whatever the chunks, whatever the order, once or twice: the same table. And whose dossier a row is."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.core import clock
from haicap.core.folding import fold
from haicap.dossiers.actions import sorting, spool
from haicap.dossiers.models import Dossier, DossierVersion, Import, Rejected
from haicap.units.actions.stamp import touch
from haicap.units.models import Succession, Unit
from haicap.units.names import uid
from tests.cast import Cast, World
from tests.dossiers import making
from tests.dossiers.making import record, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with clock.frozen("2026-10-27T10:00"):
        yield


def table() -> list[tuple[Any, ...]]:
    names = ("key", "row_digest", "unit_id", "period", "received_at", "finished_at", "status", "fee", "blame")
    return sorted(Dossier.objects.values_list(*names), key=str)


def empty() -> None:
    for model in (DossierVersion, Dossier, Rejected, Import):
        model.objects.all().delete()


@pytest.mark.once
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    seed=st.integers(0, 9),
    chunk=st.sampled_from([1, 7, 1000]),
    piece=st.integers(1, 9),
    parts=st.integers(1, 3),
)
def test_any_chunks_and_any_order_give_the_same_table(
    cast: Cast, seed: int, chunk: int, piece: int, parts: int
) -> None:
    rows = [*making.records(24, seed=seed), record(90, unit="x"), record(91, received="")]
    empty()
    plain = take_in(cast.office, rows)
    assert (plain.rejected, plain.created) == (2, 24)
    wanted = table()
    empty()
    Random(seed).shuffle(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "CHUNK", chunk)
        patch.setattr(spool, "PIECE", piece)
        patch.setattr(spool, "HELD", piece * 3)
        done = [take_in(cast.office, rows[part::parts]) for part in range(parts)]
    assert sum(one.created for one in done) == 24
    assert Rejected.objects.count() == 2
    assert table() == wanted
    again = take_in(cast.office, rows)
    assert (again.unchanged, again.rejected) == (24, 2)
    assert table() == wanted
    assert not DossierVersion.objects.exists()


def old_unit(world: World, code: str, into: dict[str, str | None]) -> int:
    """A commune that ended on 1 July 2026 and went into others: code → share."""
    ends, starts = date(2026, 7, 1), date(2025, 7, 1)
    unit = Unit.objects.create(
        uid=uid(2, code, starts), code=code, level=2, kind="xa", parent_id=world["66"], path="",
        name=f"Cũ {code}", full_name=f"Xã Cũ {code}", name_en=code, folded=fold(code),
        valid_from=starts, valid_to=ends,
    )  # fmt: skip
    Unit.objects.filter(pk=unit.pk).update(path=f"{Unit.objects.get(pk=world['66']).path}{unit.pk}/")
    for other, share in into.items():
        Succession.objects.create(
            old_id=unit.pk, new_id=world[other], on=ends, share=share, whole=share is not None
        )
    touch()
    return unit.pk


def test_an_old_code_goes_to_the_heir_or_is_left_out_in_words(cast: Cast, world: World) -> None:
    whole = old_unit(world, "24001", {"24505": "1"})
    split = old_unit(world, "24002", {"24505": None, "22015": None})
    lost = old_unit(world, "24003", {})
    told = {"received": "03/08/2026", "due": "", "finished": "", "status": "4"}
    before = told | {"received": "02/06/2026"}
    rows = [
        record(1, unit="24001", **before), record(2, unit="24001", **told), record(3, unit="24002", **before),
        record(4, unit="24002", **told), record(5, unit="24003", **told),
        record(6, unit="xã cũ 24001", **told),
        record(7, unit="Ea Knuec", **told), record(8, unit="Ha Noi", **told),
    ]  # fmt: skip
    batch = take_in(cast.office, rows)
    assert batch.reasons == {"unit.split": 1, "unit.ended": 1, "unit.unknown": 1}
    homes = list(Dossier.objects.order_by("received_at", "unit_id").values_list("period", "unit_id"))
    heir = world["24505"]
    assert homes == sorted([("2026-06", whole), ("2026-06", split), *[("2026-08", heir)] * 3])
    assert not Dossier.objects.filter(unit_id=lost).exists()


def test_a_unit_that_begins_later_keeps_what_its_source_counts_under_it(cast: Cast, world: World) -> None:
    take_in(cast.office, [record(1, received="02/06/2025", due="", finished="")])
    assert Dossier.objects.get().unit_id == world["24505"]
