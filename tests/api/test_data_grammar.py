"""What may be added up in analytics and what may not; relative periods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from haicap.api.dhis2 import packs
from haicap.api.dhis2.analytics import relative, times
from haicap.core.periods import Kind
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.api import exchange
from tests.api.doors import SETS, Door, key_for
from tests.cast import BY

COUNT, STOCK, REACH, NOTE = "aCountEleme", "aStockEleme", "aReachEleme", "aNoteElemen"
A, B = "DiszpKrYNg8", "BdfsJfj87js"
SET = "aDataSetOne"


@pytest.fixture
def door(client: Client, tmp_path: Path, db: None) -> Iterator[Door]:
    elements = [
        exchange.element(COUNT, "COUNT", "NUMBER"),
        exchange.element(STOCK, "STOCK", "NUMBER", aggregationType="LAST"),
        exchange.element(REACH, "REACH", "NUMBER", aggregationType="AVERAGE"),
        exchange.element(NOTE, "NOTE", "TEXT", aggregationType="NONE"),
    ]
    land = {
        "organisationUnits": exchange.units(exchange.ROOT, {A: "OU_A", B: "OU_B"}),
        **exchange.default_combo(),
        "dataElements": elements,
        "dataSets": [exchange.data_set(SET, "DS_1", [one["id"] for one in elements], [A, B])],
    }
    packs.load(by=BY, folder=exchange.write(tmp_path / "land", land))
    door = Door(client, key_for(exchange.ROOT))
    figures = [
        (COUNT, A, "202501", "1.5"), (COUNT, A, "202502", "0"), (COUNT, B, "202501", "-4"),
        (STOCK, A, "202501", "10"), (STOCK, A, "202503", "7"), (STOCK, B, "202502", "5"),
        (REACH, A, "202501", "30"), (REACH, B, "202501", "40"), (REACH, A, "202502", "50"),
        (NOTE, A, "202501", "nothing"),
    ]  # fmt: skip
    body = [{"dataElement": e, "orgUnit": u, "period": p, "value": v} for e, u, p, v in figures]
    assert door.post(SETS, {"dataValues": body}).json()["response"]["status"] == "SUCCESS"
    refresh()
    yield door
    store().close()


def rows(door: Door, dx: str, pe: str, ou: str, **more: Any) -> dict[tuple[str, ...], str]:
    answer = door.get("/api/analytics", dimension=[f"dx:{dx}", f"pe:{pe}", f"ou:{ou}"], **more)
    assert answer.status_code == 200, answer.content
    return {tuple(row[1:-1]): row[-1] for row in answer.json()["rows"]}


def test_counts_add_over_time_and_units(door: Door) -> None:
    """C5: zero is a figure; C4: a month without figures is no row."""
    found = rows(door, COUNT, "202501;202502;202503;2025Q1;2025", f"{A};{exchange.ROOT}")
    assert found == {
        ("202501", A): "1.5",
        ("202502", A): "0",
        ("2025Q1", A): "1.5",
        ("2025", A): "1.5",
        ("202501", exchange.ROOT): "-2.5",
        ("202502", exchange.ROOT): "0",
        ("2025Q1", exchange.ROOT): "-2.5",
        ("2025", exchange.ROOT): "-2.5",
    }


def test_a_stock_stands_with_its_last_figure(door: Door) -> None:
    """Each unit's own last one: 7 of March and 5 of February."""
    assert rows(door, STOCK, "2025Q1", f"{A};{B};{exchange.ROOT}") == {
        ("2025Q1", A): "7",
        ("2025Q1", B): "5",
        ("2025Q1", exchange.ROOT): "12",
    }


def test_people_reached_are_never_added(door: Door) -> None:
    """C28: neither over units nor over months; where there is one figure it stands."""
    assert rows(door, REACH, "202501;202502;2025Q1", f"{A};{B};{exchange.ROOT}") == {
        ("202501", A): "30",
        ("202501", B): "40",
        ("202502", A): "50",
        ("2025Q1", B): "40",
        # in February one unit alone has a figure
        ("202502", exchange.ROOT): "50",
    }


def test_words_are_no_figures(door: Door) -> None:
    answer = door.get("/api/analytics", dimension=[f"dx:{NOTE}", "pe:202501", f"ou:{A}"])
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "E7115")


def test_filters_take_together(door: Door) -> None:
    by_unit = door.get(
        "/api/analytics", dimension=[f"dx:{COUNT}", "ou:LEVEL-2"], filter="pe:202501;202502", order="DESC"
    )
    assert by_unit.json()["rows"] == [[COUNT, A, "1.5"], [COUNT, B, "-4"]]
    by_month = door.get("/api/analytics", dimension=[f"dx:{COUNT}", "pe:202501"], filter=f"ou:{A};{B}")
    assert by_month.json()["rows"] == [[COUNT, "202501", "-2.5"]]
    # a unit that is named twice, once inside the other, is counted once
    nested = door.get(
        "/api/analytics", dimension=[f"dx:{COUNT}", "pe:202501"], filter=f"ou:{A};{exchange.ROOT}"
    )
    assert nested.json()["rows"] == [[COUNT, "202501", "-2.5"]]


def test_nothing_is_left_out_without_a_word(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """C18: an answer that would be too long is refused, never cut."""
    monkeypatch.setattr("haicap.api.dhis2.analytics.figures.MOST_CELLS", 3)
    answer = door.get("/api/analytics", dimension=[f"dx:{COUNT}", "pe:202501;202502", "ou:LEVEL-2"])
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "E7128")


def test_names_and_codes_in_the_answer(door: Door) -> None:
    dimension = [f"dx:{COUNT}", "pe:202501", f"ou:{A}"]
    answer = door.get(
        "/api/analytics", dimension=dimension, outputIdScheme="CODE", hierarchyMeta="true"
    ).json()
    assert answer["rows"] == [["COUNT", "202501", "OU_A", "1.5"]]
    assert answer["metaData"]["ouHierarchy"] == {"OU_A": exchange.ROOT}
    empty = door.get("/api/analytics", dimension=dimension, skipData="true", skipMeta="true").json()
    assert (empty["rows"], "metaData" in empty, empty["headerWidth"]) == ([], False, 4)


def test_counted_from_a_day() -> None:
    day = date(2026, 11, 25)
    told = {name: [one.key for one in relative.expand(name, day) or []] for name in relative.NAMES}
    assert told["THIS_MONTH"] == ["2026-11"]
    assert told["LAST_3_MONTHS"] == ["2026-08", "2026-09", "2026-10"]
    assert told["LAST_4_QUARTERS"] == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert told["QUARTERS_LAST_YEAR"] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert told["THIS_SIX_MONTH"] == ["2026-H2"]
    assert told["LAST_5_YEARS"] == ["2021", "2022", "2023", "2024", "2025"]
    assert told["YESTERDAY"] == ["2026-11-24"]
    assert len(told["WEEKS_THIS_YEAR"]) == 53
    assert relative.expand("LAST_13_MONTHS", day) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(relative.NAMES)))
def test_relative_periods_follow_each_other(day: date, name: str) -> None:
    found = relative.expand(name, day)
    assert found
    assert all(one.end == two.start for one, two in pairwise(found))
    if name.startswith("LAST_"):
        assert found[-1].end <= day


@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.integers(0, 900),
    st.sampled_from([kind for kind in times.KINDS if kind is not Kind.NINE_MONTHS]),
)
def test_periods_between_two_days_lie_between_them(first: date, length: int, kind: Kind) -> None:
    """C2: the last day counts whole."""
    last = first + timedelta(days=length)
    found = times.named_within(first, last, kind)
    assert all(first <= one.start and one.last_day <= last for one in found)
    assert all(one.end == two.start for one, two in pairwise(found))
