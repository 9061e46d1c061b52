"""What becomes of a file: taken, changed, left as it was, rejected in words."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from haicap.audit.models import Event, PendingSlice
from haicap.core import clock
from haicap.dossiers import facts
from haicap.dossiers.models import Dossier, DossierVersion, Import, Rejected
from tests.cast import Cast
from tests.dossiers import making
from tests.dossiers.making import as_csv, record, send, take_in

NOW = "2026-10-27T10:00"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with clock.frozen(NOW):
        yield


def counts(batch: Import) -> tuple[int, int, int, int, int]:
    assert batch.read == batch.created + batch.updated + batch.unchanged + batch.rejected
    return batch.read, batch.created, batch.updated, batch.unchanged, batch.rejected


def test_c11_a_file_is_taken_in_and_every_row_is_accounted_for(cast: Cast) -> None:
    batch = take_in(cast.office, [record(1), record(2, channel="Trực tiếp"), record(3, unit="99999")])
    assert batch.state == "done", batch.failure
    assert counts(batch) == (3, 2, 0, 0, 1)
    rejected = Rejected.objects.get(batch=batch)
    assert (rejected.row, rejected.code, rejected.column, rejected.value) == (
        4, "unit.unknown", "Mã xã", "99999",
    )  # fmt: skip
    first = Dossier.objects.get(channel=2)
    assert first.received_at.isoformat() == "2026-09-01T01:00:00+00:00"
    assert (first.period, first.level, first.version) == ("2026-09", "full", 1)
    assert "H15" not in str(vars(first))
    event = Event.objects.get(action="dossiers.imported")
    assert first.created_event == first.event_id == event.pk
    assert list(PendingSlice.objects.values_list("room", "form", "period")) == [
        ("dossiers", "dossiers", "2026-09")
    ]


def test_the_same_file_again_changes_nothing_and_says_so(cast: Cast) -> None:
    data = as_csv(making.records(40))
    first = send(cast.office, data)
    assert counts(first) == (40, 40, 0, 0, 0)
    before = list(Dossier.objects.order_by("id").values())
    again = send(cast.office, data)
    assert counts(again) == (40, 0, 0, 40, 0)
    assert again.found["same_as"] == first.token
    assert list(Dossier.objects.order_by("id").values()) == before


def test_a_change_is_kept_with_what_it_replaced(cast: Cast) -> None:
    take_in(cast.office, [record(1, finished="", status=4), record(2)])
    batch = take_in(cast.office, [record(1, unit="22015"), record(2)])
    assert counts(batch) == (2, 0, 1, 1, 0)
    version = DossierVersion.objects.get()
    changed = Dossier.objects.get(version=2)
    assert version.dossier_id == changed.pk
    assert version.version == 1
    assert (version.old["status"], version.old["finished_at"], changed.status) == (4, None, 10)
    assert version.old["received_at"] == "2026-09-01T01:00:00Z"
    assert version.event_id == changed.event_id > changed.created_event
    # both communes have other figures now
    assert PendingSlice.objects.filter(event_id=changed.event_id).count() == 2


def test_c11_a_dry_run_counts_the_same_and_stores_nothing(cast: Cast) -> None:
    rows = [*making.records(20), record(90, procedure="9.999999"), record(91, due="31/08/2026")]
    dry = take_in(cast.office, rows, dry_run=True)
    assert not Dossier.objects.exists()
    assert not PendingSlice.objects.exists()
    assert counts(dry) == counts(take_in(cast.office, rows)) == (22, 20, 0, 0, 2)


def test_each_mistake_has_its_reason(cast: Cast) -> None:
    wrong = {
        "code.missing": {"code": " "},
        "unit.missing": {"unit": ""},
        "procedure.missing": {"procedure": ""},
        "procedure.unknown": {"procedure": "9.9"},
        "received.missing": {"received": ""},
        "date.unreadable": {"finished": "31/02/2026"},
        "received.future": {"received": "28/10/2026", "due": "", "finished": ""},
        "due.before": {"due": "31/08/2026"},
        "finished.before": {"finished": "01/09/2026 07:59"},
        "finished.future": {"finished": "27/10/2026 23:00"},
        "value.unknown": {"channel": "bồ câu"},
        "fee.unreadable": {"fee": "tám nghìn"},
        "steps.unreadable": {"steps": "[[1"},
        "unit.elsewhere": {"unit": "00466"},
    }
    plan = making.plan(values={"channel": {"bồ câu": "-"}})
    batch = take_in(cast.office, [record(n, **given) for n, given in enumerate(wrong.values())], reads=plan)
    assert batch.reasons == dict.fromkeys(wrong, 1)
    assert [one.row for one in Rejected.objects.order_by("row")] == list(range(2, 2 + len(wrong)))


def test_of_two_rows_with_one_code_the_later_is_taken(cast: Cast) -> None:
    rows = [record(1, status=4, finished=""), record(2), record(1), record(1, status=9)]
    batch = take_in(cast.office, rows)
    assert counts(batch) == (4, 2, 0, 0, 2)
    assert batch.reasons == {"row.later": 2}
    assert set(Rejected.objects.values_list("row", flat=True)) == {2, 4}
    assert sorted(Dossier.objects.values_list("status", flat=True)) == [9, 10]
    assert counts(take_in(cast.office, rows)) == (4, 0, 0, 2, 2)
    assert not DossierVersion.objects.exists()


def test_published_figures_come_out(cast: Cast) -> None:
    batch = take_in(cast.office, making.published())
    assert counts(batch) == (8_155, 8_155, 0, 0, 0)
    rows = list(facts.dossier_rows())
    online = sum(row.channel == 2 for row in rows)
    full = sum(row.channel == 2 and row.level == "full" for row in rows)
    assert (sum(row.n for row in rows), online, full) == (8_155, 7_413, 1_079)
    percent = [round(Decimal(part) * 100 / len(rows), 1) for part in (online, full)]
    assert percent == [Decimal("90.9"), Decimal("13.2")]
