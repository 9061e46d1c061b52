"""What becomes overdue without anybody writing is attributed by the clock, kept with its history, once."""

from pathlib import Path
from typing import Any

import pytest

from haicap.audit.models import PendingSlice
from haicap.core import clock
from haicap.dossiers import actions, facts
from haicap.dossiers.models import Dossier, DossierVersion
from haicap.routines.daily import attributing
from tests.cast import Cast
from tests.dossiers.making import record, take_in

pytestmark = pytest.mark.django_db
STEPS = '[["2026-10-26T09:00:00+07:00", 5]]'
OPEN = {"received": "23/10/2026 08:00", "due": "28/10/2026 17:00", "finished": "", "status": "5"}


def test_the_clock_attributes_what_became_overdue(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    rows = [
        record(1, steps=STEPS, **OPEN),
        record(2, **OPEN),
        record(3, steps=STEPS, **OPEN | {"due": "24/10/2026"}),
    ]
    with clock.frozen("2026-10-27T10:00"):
        take_in(cast.office, rows)
        # the third was overdue before anybody but the unit had it
        assert sorted(Dossier.objects.values_list("blame", flat=True)) == ["", "", "unit"]
        assert actions.settle_overdue(by="system:test") == 0
    PendingSlice.objects.all().delete()
    with clock.frozen("2026-10-29T00:00"):
        attributing.run(clock.now())
        attributing.run(clock.now())
        assert sorted(row.blame for row in facts.dossier_rows()) == ["", "citizen", "unit"]
        assert PendingSlice.objects.count() == 1
        version = DossierVersion.objects.get()
        now = Dossier.objects.get(pk=version.dossier_id)
        assert (version.version, version.old["blame"], now.version) == (1, "", 2)
        assert version.event_id == now.event_id
        # the same file again says nothing new, and takes nothing of this back
        assert take_in(cast.office, rows).unchanged == 3
        assert Dossier.objects.filter(blame="citizen").count() == 1
