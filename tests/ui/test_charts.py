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


GAP = "Chưa\nbáo cáo"


def said(points: list[Point]) -> list[tuple[float, float, str]]:
    """The words of gaps in a chart: x of the middle, y of the baseline, text."""
    texts = [t for t in all_of(trend(points), "text") if words(t) in GAP.split("\n")]
    return [(float(t.get("x", 0)), float(t.get("y", 0)), words(t)) for t in texts]


def test_the_words_of_a_gap_stand_over_it() -> None:
    found = said([Point("1", 60), Point("2", None, gap=GAP), Point("3", 61)])
    assert [text for _x, _y, text in found] == ["Chưa", "báo cáo"]
    assert {x for x, _y, _text in found} == {(30 + 412) / 2}


def test_the_words_of_the_last_gap_stay_inside_the_plot() -> None:
    found = said([Point(str(i), 60) for i in range(11)] + [Point("12", None, gap=GAP)])
    assert [text for _x, _y, text in found] == ["Chưa", "báo cáo"]
    assert all(x + 6.4 * len("báo cáo") / 2 <= 412 for x, _y, _text in found)


def test_words_move_down_where_the_line_runs_high() -> None:
    values = [0.0, *[100.0] * 10]
    found = said([Point(str(i), v) for i, v in enumerate(values)] + [Point("12", None, gap=GAP)])
    assert found
    assert min(y for _x, y, _text in found) > 60


def test_narrow_gaps_do_not_write_over_each_other() -> None:
    points = [Point(str(i), None if i % 2 else 50, gap=GAP if i % 2 else "") for i in range(36)]
    lines_of: dict[float, list[float]] = {}
    for x, y, _text in said(points):
        lines_of.setdefault(y, []).append(x)
    for xs in lines_of.values():
        assert all(b - a >= 6.4 * len("báo cáo") for a, b in pairwise(sorted(xs)))


def test_words_without_room_are_left_out() -> None:
    """Up and down through the whole plot on both sides of narrow gaps."""
    points = [
        Point(str(i), None if i % 3 == 2 else 100 * (i % 3), gap=GAP if i % 3 == 2 else "") for i in range(48)
    ]
    assert said(points) == []


@given(VALUES)
def test_words_of_gaps_are_inside_and_apart(values: list[float | None]) -> None:
    points = [Point(str(i), v, "green", "", GAP) for i, v in enumerate(values)]
    found = said(points)
    half = 6.4 * len("báo cáo") / 2
    assert all(x - half + 0.1 >= 30 and x + half - 0.1 <= 412 for x, _y, _text in found)
    firsts = sorted((x, y) for x, y, text in found if text == "Chưa")
    assert all(b[0] - a[0] >= 2 * half or abs(b[1] - a[1]) >= 28 for a, b in pairwise(firsts))


@pytest.mark.parametrize(("share", "width"), [(0.5, 48), (-1, 0), (2, 96), (0, 0)])
def test_meter_stays_in_its_range(share: float, width: float) -> None:
    assert float(all_of(meter(share), "rect")[1].get("width", -1)) == pytest.approx(width)


def test_words_are_escaped() -> None:
    svg = trend([Point("<b>", 1, "red", "<i>")], cuts=[Cut(1, "&")], label='"<')
    assert "<b>" not in svg
    assert tree(svg).get("aria-label") == '"<'
