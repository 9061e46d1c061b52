"""What the warehouse counts over records equals plain counting, on random records."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.catalogue.derivations import Derivation
from haicap.catalogue.facttables import DOSSIERS
from haicap.dossiers.facts import DossierRow
from haicap.warehouse.queries.derived import derived, reach
from tests.twins import records, worlds

GAP = timedelta(days=45)


@settings(max_examples=25, deadline=None)
@given(
    records.dossiers(),
    st.lists(records.definitions(), min_size=1, max_size=5),
    st.none() | st.lists(st.sampled_from(records.UNITS), unique=True),
)
def test_counting(rows: list[DossierRow], asked: list[Derivation], units: list[int] | None) -> None:
    with worlds.stored((), dossiers=rows):
        fast = {
            (one.unit_id, one.window.key, one.window.rule.value, one.asked): (one.number, one.records)
            for one in derived(asked, records.WINDOWS, units)
        }
        known = reach(DOSSIERS, GAP)
    wanted = records.UNITS if units is None else units
    assert fast == records.all_counted(rows, asked, records.WINDOWS, wanted)
    for unit in records.UNITS:
        assert known.get(unit) == spells([row for row in rows if row.unit_id == unit])


def spells(rows: list[DossierRow]) -> tuple[tuple[date, date], ...] | None:
    """Walk from day to day of receipt; a longer pause begins a new stretch."""
    if not rows:
        return None
    days = sorted(row.received for row in rows)
    found = [[days[0], days[0]]]
    for day in days[1:]:
        if day - found[-1][1] <= GAP:
            found[-1][1] = day
        else:
            found.append([day, day])
    found[-1][1] = max([found[-1][1], *(row.finished for row in rows if row.finished)])
    return tuple((first, last) for first, last in found)
