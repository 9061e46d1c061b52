"""Every question on a real Spark cluster gives what DuckDB gives, to the last decimal, on random facts."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from haicap.catalogue.derivations import EVENTS, Condition, Count, Derivation, Sign
from haicap.catalogue.derivations import Window as Over
from haicap.catalogue.facttables import DOSSIERS
from haicap.core.errors import Refusal
from haicap.core.periods import Rule
from haicap.reporting.facts import FactRow, ObligationRow
from haicap.routines import laking
from haicap.routines.laking import keep_lake
from haicap.warehouse import lake, queries
from haicap.warehouse.engines import cluster
from haicap.warehouse.queries.all_indicators import Asked, all_indicators
from haicap.warehouse.queries.cells import Terms
from haicap.warehouse.queries.crosstab import Item, Window, crosstab
from haicap.warehouse.queries.derived import derived, reach
from haicap.warehouse.queries.obligations import obligations, reporting_rates
from haicap.warehouse.queries.over_periods import over_periods
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.queries.rollup import rollup
from haicap.warehouse.queries.trend import trend
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import ask, files, pinned, snapshot, store
from tests.services import spark as services
from tests.services.postgres import free_port
from tests.twins import records
from tests.warehouse.source import Room, fact, owed

# One cluster for all of them, in one process of the run
pytestmark = [pytest.mark.django_db, pytest.mark.once]

SEED = 30
# more than `cells.SHORT`: long lists of units take another way
ALL = list(range(1, 301))
FEW = [1, 2, 3, 150, 299, 999]
ELEMENTS = (11, 12, 13, 14)
MONTHS = ["2025-11", "2025-12", "2026-01", "2026-02"]
NOW = datetime(2025, 12, 20, 10, 0, tzinfo=UTC)
ABOVE: Terms = ((11, Decimal(1)), (12, Decimal(-1)))
BELOW: Terms = ((13, Decimal(1)),)
FINE: Terms = ((11, Decimal("0.5")), (14, Decimal("-0.000001")))


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    try:
        with services.running() as url:
            yield url
            cluster.stop()
    except services.NotInstalledError as missing:
        pytest.skip(f"not installed: {missing}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spark")


@pytest.fixture
def both(db: None, engine: str, folder: Path, settings: Any) -> Iterator[Callable[..., Any]]:
    """A function that asks both engines, holds that they agree, and gives their answer."""
    settings.WAREHOUSE_DIR, settings.LAKE = folder / "warehouse", str(folder / "lake")
    if not (folder / "lake").exists():
        dice = random.Random(SEED)
        refresh(Room(values=values(dice), obligations=duties(dice), dossiers=dossiers(dice)))
        lake.write(folder / "lake")

    def asked(question: Callable[[], Any]) -> Any:
        settings.ENGINE = ""
        ours = question()
        settings.ENGINE = engine
        theirs = question()
        # with `repr` 1.50 is not 1.5, and False is not 0
        assert list(map(repr, theirs)) == list(map(repr, ours))
        assert ours
        return ours

    yield asked
    settings.ENGINE = ""
    store().close()


def number(dice: random.Random) -> Decimal | None:
    if dice.random() < 0.2:
        return None
    largest = dice.choice([9, 99_999_999, 999_999_999_999_999_999])
    return Decimal(dice.randint(-largest, largest)).scaleb(-4) if dice.random() < 0.8 else Decimal(0)


def values(dice: random.Random) -> list[FactRow]:
    rows: list[FactRow] = []
    for unit in ALL:
        for element in ELEMENTS:
            for period in [*MONTHS, "2026-Q1"]:
                for rule in Rule:
                    if dice.random() < (0.6 if unit in FEW else 0.05):
                        rows += told(dice, unit, element, period, rule)
    return rows


def told(dice: random.Random, unit: int, element: int, period: str, rule: Rule) -> Iterator[FactRow]:
    """A datum as up to four origins say it, whole and split, with a scenario beside."""
    for split, attribution in [("", ""), *dice.sample([("male", ""), ("", "fund'a"), ("nữ", "")], 1)]:
        for origin in dice.sample(["corrected", "derived", "reported", "declared"], dice.choice([1, 1, 2])):
            found = number(dice)
            row = fact(
                unit,
                element,
                found,
                period,
                rule=rule,
                status=dice.choice(["accepted", "accepted", "provisional"]),
                origin=origin,
                missing="" if found is not None else dice.choice(["none", "unknown"]),
                grade=dice.choice(["system", "proven", "declared", "inferred"]),
                scenario=dice.choice(["official", "official", "plan"]),
                split=split,
            )
            yield row._replace(attribution=attribution)


def duties(dice: random.Random) -> list[ObligationRow]:
    rows = []
    for unit in ALL:
        for period in MONTHS:
            deadline = NOW + timedelta(seconds=dice.choice([-86_400, -1, 0, 1, 86_400]), microseconds=1)
            came = dice.choice([None, timedelta(seconds=-1), timedelta(0), timedelta(days=1)])
            rows.append(owed(unit, deadline, None if came is None else deadline + came, period, form="A"))
    return rows


def dossiers(dice: random.Random) -> list[Any]:
    return [
        records.dossier(
            dice.choice(FEW[:5]),
            start := date(2025, 12, 1) + timedelta(days=dice.randrange(90)),
            dice.choice([None, start + timedelta(days=dice.randrange(20))]),
            dice.choice([None, start + timedelta(days=dice.randrange(40))]),
            procedure=dice.choice(["1.001", "1.002", "2.001"]),
            channel=dice.choice([1, 2, 3]),
            level=dice.choice(["full", "part", ""]),
            status=dice.choice([1, 4, 7, 9]),
            fee=dice.choice([None, Decimal(0), Decimal("2.5"), Decimal("15000.0001")]),
            paid_online=dice.choice([None, 0, 1]),
            satisfaction=dice.choice([None, 1, 5]),
        )
        for _ in range(600)
    ]


@pytest.mark.parametrize("units", [FEW, ALL], ids=["few", "all"])
def test_ratios_by_unit(both: Callable[..., Any], units: list[int]) -> None:
    for rule, only in ((Rule.DECREE09, False), (Rule.CALENDAR, True)):
        how = {"rule": rule, "accepted_only": only}
        rows = both(lambda how=how: ratio_by_unit(ABOVE, BELOW, units, "2025-12", **how))
        assert [row.unit_id for row in rows] == units
    both(lambda: ratio_by_unit(FINE, None, units, "2026-Q1"))


def test_over_periods_and_years(both: Callable[..., Any]) -> None:
    assert len(both(lambda: over_periods(ABOVE, BELOW, FEW, MONTHS))) == len(FEW) * len(MONTHS)
    both(lambda: trend(BELOW, None, 3, ["2024-01", *MONTHS], rule=Rule.CALENDAR))


def test_rollup(both: Callable[..., Any]) -> None:
    both(lambda: rollup(ABOVE, BELOW, {unit: unit % 3 for unit in ALL}, MONTHS))


def test_all_indicators(both: Callable[..., Any]) -> None:
    asked = {"CQ01": Asked(ABOVE, BELOW), "KT01": Asked(BELOW, None)}
    both(lambda: by_unit(all_indicators(asked, ALL, "2026-01")))
    both(lambda: by_unit(all_indicators(asked | {"XH01": Asked(FINE, BELOW)}, FEW, "2025-12")))


def by_unit(found: dict[str, dict[int, Any]]) -> list[Any]:
    return [(code, sorted(rows.items())) for code, rows in found.items()]


@pytest.mark.parametrize("by", [(False, False), (True, False), (True, True)])
def test_crosstab(both: Callable[..., Any], by: tuple[bool, bool]) -> None:
    items = {0: Item(ABOVE), 1: Item(FINE, BELOW)}
    windows = [
        Window(element, month, rule, 1, rank=rule is Rule.CALENDAR, last=element == 14)
        for element in ELEMENTS
        for month in MONTHS
        for rule in Rule
    ]
    places = {7: FEW, 8: ALL}
    both(lambda: crosstab(items, windows, places, by_split=by[0], by_attribution=by[1]))


def test_obligations(both: Callable[..., Any]) -> None:
    both(lambda: obligations(ALL, MONTHS, now=NOW))
    both(lambda: obligations(FEW, MONTHS[:2], now=NOW + timedelta(seconds=1), forms=["A", "B'"]))
    both(lambda: reporting_rates(ALL, MONTHS, now=NOW))


def test_what_is_counted_over_records(both: Callable[..., Any]) -> None:
    online = Condition("channel", Sign.AMONG, ("2",))
    dear = Condition("fee", Sign.MORE_THAN, ("2.5",))
    # a backslash and a quote: what a pack writes is no SQL anywhere
    odd = Condition("level", Sign.AMONG, ("full", "o'b\\d\"`{"))
    for window in Over:
        asked = [
            Derivation("dossiers", Count.ROWS, "", window, (online,)),
            Derivation("dossiers", Count.SUM, "fee", window, (dear, odd)),
        ]
        if window in EVENTS:
            asked.append(Derivation("dossiers", Count.DISTINCT, "procedure", window, (odd,)))
        both(lambda a=asked: sorted(derived(a, records.WINDOWS[:6], FEW), key=repr))
    both(lambda: sorted(derived(asked, records.WINDOWS[:2]), key=repr))
    both(lambda: sorted(reach(DOSSIERS, timedelta(days=5)).items()))


def test_the_snapshot_is_that_of_the_lake(both: Callable[..., Any], engine: str, settings: Any) -> None:
    both(lambda: (snapshot(), sorted(one.name for one in files())))
    known = snapshot().id
    settings.ENGINE = ""
    room = Room()
    room.put(1, "CQS-T", "2025-12", [fact(1, 11, 77, "2025-12")])
    refresh(room, everything=True)
    assert snapshot().id != known
    settings.ENGINE = engine
    assert snapshot().id == known, "the lake was not written since"


def test_a_page_keeps_its_lake_and_the_next_sees_the_new_one(
    both: Callable[..., Any], engine: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laking, "_rest_until", [0.0])
    monkeypatch.setattr(laking, "_written", [""])
    to = tmp_path / "lake"
    settings.ENGINE, settings.WAREHOUSE_DIR, settings.LAKE = engine, tmp_path / "w", str(to)
    assert refused(one) == "lake.none"
    room = Room()
    put(room, 5)
    assert keep_lake()
    assert one() == 5
    with pinned() as at:
        put(room, 6)
        assert not keep_lake(), "a page that began with a lake has a minute to end with it"
        lake.write(to)
        assert (one(), snapshot().id) == (5, at.id)
        shutil.rmtree(to / at.id)
        assert refused(one) == "warehouse.moved", "two snapshots make no page"
    assert one() == 6
    settings.LAKE = (to / "current").resolve().as_uri()
    assert one() == 6, "an address with a scheme"
    for path in to.glob("*/values/*/*.parquet"):
        path.write_bytes(b"PAR1")
    assert refused(one) == "warehouse.unavailable"
    settings.LAKE = str(to)
    lake.write(to, tables=["values"])
    assert refused(one) == "lake.none", "tables that were left out are not empty"


def one() -> Decimal | None:
    return ratio_by_unit(ABOVE[:1], None, [1], "2025-12")[0].numerator


def put(room: Room, value: int) -> None:
    room.put(1, "CQS-T", "2025-12", [fact(1, 11, value, "2025-12")])
    refresh(room)


def refused(question: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        question()
    return caught.value.code


def test_a_question_without_an_end_is_cancelled(
    both: Callable[..., Any], engine: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENGINE = engine
    monkeypatch.setattr(cluster, "_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(cluster, "LONGEST_QUESTION", 0.01)
    window = [Window(11, "2025-12", Rule.DECREE09, 1)]
    assert refused(lambda: crosstab({0: Item(ABOVE)}, window, {1: ALL}, by_split=True)) == "engine.busy"


def test_no_question_is_left_out() -> None:
    """A question file that is new is asked of both engines above, then named here."""
    compared = {ratio_by_unit, over_periods, trend, rollup, all_indicators, crosstab, obligations, derived}
    files = {path.stem for path in Path(queries.__file__).parent.glob("*.py")}
    assert files - {"__init__", "asking", "cells"} == {one.__name__ for one in compared}


def test_another_sql_is_not_sent(both: Callable[..., Any], engine: str, settings: Any) -> None:
    settings.ENGINE = engine
    with pytest.raises(AssertionError):
        ask("SELECT 1", {}, None)


def test_no_cluster_there_is_said_in_words(both: Callable[..., Any], settings: Any) -> None:
    """Last of all: this process's driver leaves the cluster."""
    settings.ENGINE = f"spark://127.0.0.1:{free_port()}"
    assert refused(one) == "engine.away"
