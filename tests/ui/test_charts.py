import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.ui.charts import Cut, Point, meter, spark, trend
from haicap.ui.palette import colour
from tests.ui.svgtree import all_of, tree, words

VALUES = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=40)


def lines(svg: str) -> list[str]:
    return [p.get("d", "") for p in all_of(svg, "path") if p.get("stroke-linecap") == "round"]


def gaps(svg: str) -> int:
    return sum(p.get("fill") == colour("gap") for p in all_of(svg, "path"))


def test_missing_is_a_gap_and_never_zero() -> None:
    svg = spark([60, 61, None, 63, 64], low=0, high=100)
    assert len(lines(svg)) == 2
    assert gaps(svg) == 1
    assert len(lines(spark([60, 61, 0, 63, 64], low=0, high=100))) == 1


def test_last_missing_has_no_dot() -> None:
    dots = [p for p in all_of(spark([60, None]), "path") if p.get("stroke") == colour("state-border")]
    assert not dots


def test_a_lone_value_between_gaps_stays_visible() -> None:
    assert lines(spark([None, 60, None]))[0].endswith("h.01")


@given(VALUES)
def test_any_series_is_drawn_inside_its_box(values: list[float | None]) -> None:
    svg = spark(values, cuts=(65, 80))
    assert tree(svg).get("viewBox") == "0 0 96 26"
    for data in lines(svg):
        ys = [float(y) for y in re.findall(r"[ML][\d.-]+ ([\d.-]+)", data)]
        assert all(0 <= y <= 26 for y in ys)


@given(VALUES)
def test_trend_has_one_marker_per_value_and_one_column_per_gap(values: list[float | None]) -> None:
    svg = trend([Point(str(i), v, "green", str(v), "chưa") for i, v in enumerate(values)], cuts=[Cut(65)])
    markers = [p for p in all_of(svg, "path") if p.get("stroke") == colour("state-border")]
    assert len(markers) == sum(v is not None for v in values)
    assert gaps(svg) == sum(v is None for v in values)


def test_trend_markers_follow_the_band() -> None:
    svg = trend([Point("T9", 70, "yellow", "70"), Point("T10", 60, "red", "60,1")], label="Điểm")
    fills = [p.get("fill") for p in all_of(svg, "path") if p.get("stroke") == colour("state-border")]
    assert fills == [colour("yellow"), colour("red")]
    texts = [words(t) for t in all_of(svg, "text")]
    assert texts == ["60,1", "T9", "T10"]
    assert tree(svg).get("aria-label") == "Điểm"


def test_labels_at_the_edge_do_not_lie_over_each_other() -> None:
    svg = trend(
        [Point("1", 64.9, "red", "64,9")],
        cuts=[Cut(65, "đỏ dưới 65"), Cut(66, "xanh từ 66")],
        low=0,
        high=100,
    )
    ys = sorted(float(t.get("y", 0)) for t in all_of(svg, "text") if t.get("text-anchor") == "start")
    assert all(b - a >= 13.9 for a, b in pairwise(ys))


@pytest.mark.parametrize(("share", "width"), [(0.5, 48), (-1, 0), (2, 96), (0, 0)])
def test_meter_stays_in_its_range(share: float, width: float) -> None:
    assert float(all_of(meter(share), "rect")[1].get("width", -1)) == pytest.approx(width)


def test_words_are_escaped() -> None:
    svg = trend([Point("<b>", 1, "red", "<i>")], cuts=[Cut(1, "&")], label='"<')
    assert "<b>" not in svg
    assert tree(svg).get("aria-label") == '"<'
