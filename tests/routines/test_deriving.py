"""From a file of dossiers to the map: imported, swapped, counted, swapped again; no report is asked."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from haicap.accounts.scopes import scope_of
from haicap.audit import queries as audit
from haicap.catalogue import actions as catalogue_actions
from haicap.catalogue import queries as catalogue
from haicap.core import clock, periods
from haicap.core.counts import Grade
from haicap.dossiers import actions
from haicap.dossiers.models import Source
from haicap.insight import counting
from haicap.insight.boards import board
from haicap.reporting.models import DerivedHistory, DerivedValue
from haicap.reporting.queries.derived import counted_windows
from haicap.routines.deriving import count_derived
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import pinned, store
from tests.cast import Cast, World
from tests.dossiers import making

NOW = datetime(2026, 10, 27, 3, 0, tzinfo=UTC)
SEPTEMBER = periods.parse("2026-09", periods.Rule.CALENDAR)
PACK = """
pack: {code: trial, owner: {code: "66", level: 1}}
measures:
  flow: {time: sum, units: sum, split: sum}
  stock: {time: last, units: sum, split: sum}
counting_units:
  hồ sơ: {vi: hồ sơ, en: dossiers, bn: নথি}
  "%": {vi: "%", en: "%", bn: "%"}
elements:
  T_NHAN: {unit: hồ sơ, adds: flow, vi: Nhận, en: Received, bn: গৃহীত,
           derived: {over: dossiers, count: rows, window: received}}
  T_TT: {unit: hồ sơ, adds: flow, vi: Trực tuyến, en: Online, bn: অনলাইন,
         derived: {over: dossiers, count: rows, window: received, where: {channel: 2}}}
  T_TTR: {unit: hồ sơ, adds: flow, vi: Toàn trình, en: Whole, bn: সম্পূর্ণ,
          derived: {over: dossiers, count: rows, window: received, where: {channel: 2, level: full}}}
  T_MO: {unit: hồ sơ, adds: stock, vi: Còn mở, en: Open, bn: খোলা,
         derived: {over: dossiers, count: rows, window: open_at_end}}
indicators:
  T01: {vi: a, en: a, bn: a, short: {vi: a, en: a, bn: a}, pillar: trial, period: month, rule: calendar,
        direction: higher, numerator: T_TT, denominator: T_NHAN, weight: 0, source: a}
  T02: {vi: b, en: b, bn: b, short: {vi: b, en: b, bn: b}, pillar: trial, period: month, rule: calendar,
        direction: higher, numerator: T_TTR, denominator: T_NHAN, weight: 0, source: a}
  T03: {vi: c, en: c, bn: c, short: {vi: c, en: c, bn: c}, pillar: trial, period: month, rule: calendar,
        direction: higher, numerator: T_MO, weight: 0, source: a, unit: hồ sơ}
"""


@pytest.fixture
def trial(world: World, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    def load(text: str) -> None:
        (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
        catalogue_actions.load_pack(by="system:test", path=tmp_path)

    with clock.frozen(NOW):
        load(PACK)
        yield load
    store().close()


def swapped() -> None:
    refresh()
    count_derived()
    refresh()


def figures(unit: int, period: str = "2026-09") -> dict[str, Decimal | None]:
    rows = DerivedValue.objects.filter(unit_id=unit, period=period)
    return {row.element.code: row.number for row in rows.select_related("element")}


LAST = making.record(9_999, unit="22015", received="30/09/2026 08:00", due="", finished="30/09/2026 09:00")


def test_the_published_shares_come_out_of_the_records(
    trial: Callable[[str], None], cast: Cast, world: World
) -> None:
    """With one dossier of another commune on the last working day of September, so that it is all there."""
    done = making.take_in(cast.office, [*making.published(), LAST])
    assert (done.state, done.created, done.rejected) == ("done", 8_156, 0)
    swapped()
    here = board(world.place("66"), SEPTEMBER)
    online, whole = (here.readings[world["24505"]][code] for code in ("T01", "T02"))
    assert (online.numerator, online.denominator) == (7_413, 8_155)
    assert (whole.numerator, whole.denominator) == (1_079, 8_155)
    assert [round(one.value or 0, 1) for one in (online, whole)] == [Decimal("90.9"), Decimal("13.2")]
    assert (online.grade, online.provisional) == (Grade.SYSTEM, False)
    assert figures(world["24505"]) == {"T_NHAN": 8_155, "T_TT": 7_413, "T_TTR": 1_079, "T_MO": 8_155}


@pytest.fixture
def imported(trial: Callable[[str], None], cast: Cast) -> None:
    """Of the published dossiers every hundredth, and one of another commune on the last working day."""
    making.take_in(cast.office, [*making.published()[::100], LAST])
    swapped()


def test_a_zero_is_true_only_where_the_records_reach(imported: None, world: World) -> None:
    # the other commune begins on the last day of September: neither its September nor a zero is known
    assert figures(world["22015"]) == {}
    # nothing is known of a commune without records, nor of the months before and after
    assert figures(world["24133"]) == {}
    assert set(DerivedValue.objects.values_list("period", flat=True)) == {"2026-09"}


def test_what_the_office_calls_a_part_is_counted_no_longer(imported: None, world: World, cast: Cast) -> None:
    office = scope_of(cast.office)
    before = figures(world["24505"])
    assert before["T_NHAN"] == 82
    assert actions.say_reach(by=office.ref, scope=office, code=making.SOURCE, partial=True)
    assert count_derived() is True
    assert set(figures(world["24505"]).values()) == {None}
    assert actions.say_reach(by=office.ref, scope=office, code=making.SOURCE, partial=False)
    assert count_derived() is True
    assert figures(world["24505"]) == before


def looked_at(known: set[tuple[int, str, str]]) -> dict[int, set[str]]:
    """Unit → the periods that a counting of now looks at."""
    found: dict[int, set[str]] = {}
    with pinned():
        for part in counting.figures(catalogue.current(), clock.today(), known):
            for one in part:
                found.setdefault(one.unit_id, set()).add(one.period.key)
    return found


def test_one_wrong_year_is_looked_at_around_its_day_alone(
    imported: None, trial: Callable[[str], None], world: World, cast: Cast
) -> None:
    here, other = world["24505"], world["22015"]
    before = figures(here)
    astray = {"received": "02/07/2025 08:00", "due": "", "finished": "02/07/2025 09:00"}
    making.take_in(cast.office, [making.record(100, **astray)])
    swapped()
    found = looked_at(counted_windows(one.id for one in catalogue.current().elements.values()))
    assert {"2025-07", "2025-08", "2026-09"} <= found[here]
    assert found[here] <= {"2025-07", "2025-08", "2025-09", "2025-10", "2026-09"}
    assert other not in found
    assert figures(here)["T_NHAN"] == (before["T_NHAN"] or 0) - 1
    assert figures(here, "2025-07")["T_NHAN"] == 1
    # the day is put right: what was counted of that year is taken back, whoever's records begin when
    making.take_in(
        cast.office, [making.record(100, received="02/09/2026 08:00", due="", finished="15/09/2026 10:00")]
    )
    swapped()
    assert figures(here)["T_NHAN"] == before["T_NHAN"]
    assert set(figures(here, "2025-07").values()) == {None}


def test_counting_again_changes_nothing_and_new_records_do(imported: None, world: World, cast: Cast) -> None:
    steps, pending = DerivedHistory.objects.count(), len(audit.pending())
    assert count_derived() is False
    assert (DerivedHistory.objects.count(), len(audit.pending())) == (steps, pending)
    # October comes in; a quiet month is a true zero, and what stays open stands at its end too
    with clock.frozen(datetime(2026, 11, 3, 3, 0, tzinfo=UTC)):
        news = [
            making.record(100, received="02/09/2026 08:01", due="", finished="15/09/2026 10:00", channel=2),
            making.record(20_000, unit="22015", received="02/11/2026 08:00", due="", finished=""),
        ]
        making.take_in(cast.office, news)
        swapped()
        assert figures(world["24505"])["T_MO"] == 81
        assert figures(world["24505"], "2026-10") == {"T_NHAN": 0, "T_TT": 0, "T_TTR": 0, "T_MO": 81}
        assert figures(world["22015"], "2026-10")["T_NHAN"] == 0


def test_a_definition_that_goes_takes_its_figures_along(
    imported: None, trial: Callable[[str], None], world: World
) -> None:
    trial(PACK.replace(",\n         derived: {over: dossiers, count: rows, window: open_at_end}", ""))
    assert catalogue.current().elements["T_MO"].derived is None
    swapped()
    assert figures(world["24505"])["T_MO"] is None
    trial(PACK.replace("where: {channel: 2}", "where: {channel: [1, 2]}"))
    swapped()
    assert figures(world["24505"])["T_TT"] == 82
    value = DerivedValue.objects.get(element__code="T_TT", unit_id=world["24505"])
    assert value.definition == 2


def test_nothing_is_counted_from_a_part(trial: Callable[[str], None], cast: Cast, world: World) -> None:
    scope = scope_of(cast.office)
    making.source(scope)
    Source.objects.update(partial=True)
    making.take_in(cast.office, [*making.published()[::100], LAST])
    swapped()
    assert figures(world["24505"]) == {}
    actions.found_source(by=scope.ref, scope=scope, code="du", name="Nguồn đủ", plan=making.plan())
    whole = [making.record(5, received="02/09/2026 08:00", due="", finished=""), LAST]
    days = ("02/09/2026 08:00", "30/09/2026 08:00")
    elsewhere = [
        making.record(n, unit="24133", received=day, due="", finished="") for n, day in enumerate(days, 6)
    ]
    making.take_in(cast.office, [*whole, *elsewhere], code="du")
    swapped()
    # 82 of a part and one more are no total either
    assert figures(world["24505"]) == {}
    assert figures(world["24133"])["T_NHAN"] == 2
