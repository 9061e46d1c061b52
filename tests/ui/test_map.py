"""The map as text: what it says, what an arrow key reaches, and that no page needs an inline style for it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core.bands import Band
from haicap.ui.hexgrid import HEXAGON, centre, frame
from haicap.ui.map import Cell, Shape, hexmap, shapemap
from haicap.ui.palette import BAND_FILL, colour
from haicap.ui.svg import Svg
from tests.ui.svgtree import all_of, tree, words


def cell(code: str, col: int, row: int, **more: object) -> Cell:
    given_ = {"name": f"Xã {code}", "band": "green", "href": f"?xa={code}", "label": f"Xã {code}, Xanh"}
    return Cell(code=code, col=col, row=row, **{**given_, **more})  # type: ignore[arg-type]


FLOWER = [("m", 0, 0), ("e", 1, 0), ("w", -1, 0), ("nw", -1, -1), ("ne", 0, -1), ("sw", -1, 1), ("se", 0, 1)]


def test_each_commune_is_a_link_with_its_own_sentence() -> None:
    svg = hexmap([cell("1", 0, 0), cell("2", 1, 0, label='"Cư M’ta" <đỏ> & 5')], label="Bản đồ")
    links = all_of(svg, "a", "hex")
    assert [link.get("aria-label") for link in links] == ["Xã 1, Xanh", '"Cư M’ta" <đỏ> & 5']
    assert [link.get("href") for link in links] == ["?xa=1", "?xa=2"]
    assert tree(svg).get("aria-label") == "Bản đồ"
    assert isinstance(svg, Svg)


def test_names_and_addresses_cannot_break_out() -> None:
    evil = '"><script>alert(1)</script>'
    svg = hexmap(
        [cell(evil, 0, 0, name=evil, label=evil, href=f"?q={evil}", value=evil)], variant="wall", label=evil
    )
    assert "<script" not in svg
    assert tree(svg) is not None


@pytest.mark.parametrize("variant", ["desk", "wall", "phone", "brief"])
def test_nothing_inline(variant: str) -> None:
    svg = hexmap([cell(b, i, 0, band=b.value) for i, b in enumerate(Band)], variant=variant, label="x")
    shapes = shapemap([Shape("1", "M0 0L9 0L9 9Z", "A", "red", "?", "A")])
    assert not re.search(r"<style|style=|<script|\son\w+=", svg + shapes)


@pytest.mark.parametrize("band", list(Band))
def test_no_state_by_colour_alone(band: Band) -> None:
    svg = hexmap([cell("1", 0, 0, band=band.value)])
    fill = all_of(svg, "path", "hex-fill")[0].get("fill")
    assert fill == colour(BAND_FILL[band])
    signs = {
        other: all_of(hexmap([cell("1", 0, 0, band=other.value)]), "path", "sign")[0].get("d")
        for other in Band
    }
    assert list(signs.values()).count(signs[band]) == 1


def test_patterns_survive_without_colour() -> None:
    def texture(band: str) -> list[str | None]:
        return [
            path.get("fill")
            for path in all_of(hexmap([cell("1", 0, 0, band=band)], uid="k"), "path", "hex-texture")
        ]

    assert texture("green") == []
    assert texture("yellow") == ["url(#k-yellow)"]
    assert texture("red") == ["url(#k-red)"]
    assert texture("not_reported") == ["url(#k-not-reported)"]
    defined = {pattern.get("id") for pattern in all_of(hexmap([cell("1", 0, 0)], uid="k"), "pattern")}
    assert defined == {"k-yellow", "k-red", "k-not-reported"}


def test_provisional_and_no_denominator_are_dashed() -> None:
    assert not all_of(hexmap([cell("1", 0, 0)]), "path", "hex-provisional")
    ring = all_of(hexmap([cell("1", 0, 0, provisional=True)]), "path", "hex-provisional")[0]
    assert ring.get("stroke-dasharray")
    box = all_of(hexmap([cell("1", 0, 0, band="no_denominator")]), "path", "hex-fill")[0]
    assert box.get("stroke-dasharray")


def test_values_only_where_asked() -> None:
    shown = [cell("1", 0, 0, value="43,6")]
    assert not all_of(hexmap(shown), "text", "hex-value")
    assert words(all_of(hexmap(shown, variant="wall"), "text", "hex-value")[0]) == "43,6"
    assert not all_of(hexmap([cell("1", 0, 0)], variant="wall"), "text", "hex-value")


def test_falls_are_drawn_bolder_than_rises() -> None:
    def weight(change: str) -> float:
        arrow = all_of(hexmap([cell("1", 0, 0, change=change)]), "path", "hex-change")[0]
        return float(arrow.get("stroke-width") or 0)

    assert weight("down") > weight("up")
    assert not all_of(hexmap([cell("1", 0, 0)]), "path", "hex-change")


def test_the_brief_numbers_its_red_ones_and_has_no_links() -> None:
    svg = hexmap([cell("1", 0, 0, band="red", number="7")], variant="brief", links=False)
    assert words(all_of(svg, "text", "hex-number")[0]) == "7"
    assert not all_of(svg, "a")
    assert tree(svg).get("role") == "img"


def test_selected_is_ringed_on_top() -> None:
    ring = list(tree(hexmap([cell("1", 0, 0), cell("2", 1, 0)], selected="2")))[-1]
    assert ring.get("class") == "map-ring"
    assert ring.get("transform") == "translate(52 0)"
    assert ring.get("visibility") is None
    unknown = list(tree(hexmap([cell("1", 0, 0)], selected="99999")))[-1]
    assert unknown.get("visibility") == "hidden"


def test_sizes_follow_the_reference_pictures() -> None:
    cells = [cell("1", 0, 0), cell("2", 1, 0)]
    widths = {
        v: float(tree(hexmap(cells, variant=v)).get("width") or 0) for v in ("desk", "wall", "phone", "brief")
    }
    assert widths["wall"] / widths["desk"] == pytest.approx(80.6 / 52, rel=0.02)
    assert widths["phone"] / widths["desk"] == pytest.approx(23.2 / 52, rel=0.02)


def test_arrow_keys_reach_the_neighbours() -> None:
    arrows = frame(tuple(FLOWER)).arrows
    assert arrows["m"]["left"] == "w"
    assert arrows["m"]["right"] == "e"
    assert arrows["m"]["up"] in ("nw", "ne")
    assert arrows["m"]["down"] in ("sw", "se")
    # up and down again ends where it began
    assert arrows[arrows["m"]["up"]]["down"] == "m"
    assert "left" not in arrows["w"]


def test_odd_rows_stand_half_a_cell_to_the_right_also_above_zero() -> None:
    assert centre(0, 1)[0] == centre(0, -1)[0] == 26
    assert centre(0, 2)[0] == 0


def test_an_empty_map_is_still_a_picture() -> None:
    assert tree(hexmap([], label="Chưa có đơn vị")).get("aria-label") == "Chưa có đơn vị"
    assert tree(shapemap([], label="x")) is not None


@given(st.sets(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), min_size=1, max_size=40))
def test_no_two_hexagons_overlap_and_all_lie_in_the_box(places: set[tuple[int, int]]) -> None:
    layout = frame(tuple((f"{c},{r}", c, r) for c, r in sorted(places)))
    left, top, width, height = layout.box
    points = list(layout.centres.values())
    for i, (x, y) in enumerate(points):
        assert left + 26 <= x <= left + width - 26
        assert top + 30 <= y <= top + height - 30
        assert all((x - u) ** 2 + (y - v) ** 2 >= 51.9**2 for u, v in points[i + 1 :])


@given(st.sets(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=2, max_size=25))
def test_every_commune_can_be_reached_by_arrow_keys(places: set[tuple[int, int]]) -> None:
    arrows = frame(tuple((f"{c},{r}", c, r) for c, r in sorted(places))).arrows
    for start in arrows:
        seen, todo = {start}, [start]
        while todo:
            for other in arrows[todo.pop()].values():
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        # an arrow leads to somebody from everywhere, so nobody is a dead end
        assert len(seen) > 1


def test_boundaries_keep_names_out_of_small_wards() -> None:
    wide, narrow = "M0 0L400 0L400 300L0 300Z", "M400 0L404 0L404 300L400 300Z"
    svg = shapemap(
        [
            Shape("1", wide, "Buôn Đôn", "green", "?1", "Buôn Đôn"),
            Shape("2", narrow, "Hẹp", "red", "?2", "Hẹp, đỏ"),
        ]
    )
    links = all_of(svg, "a", "hex")
    assert words(links[0]) == "Buôn Đôn"
    assert words(links[1]) == ""
    assert links[1].get("aria-label") == "Hẹp, đỏ"
    assert links[0].get("data-right") == "2"


def test_the_label_of_a_crescent_stands_inside_it() -> None:
    crescent = "M0 0L300 0L300 40L40 40L40 260L300 260L300 300L0 300Z"
    svg = shapemap([Shape("1", crescent, "A", "green", "?", "A")])
    place = all_of(svg, "g")[0].get("transform") or ""
    x, y = (float(n) for n in re.findall(r"-?[\d.]+", place)[:2])
    assert 0 < x < 300
    assert x < 40 or y < 40 or y > 260


def test_path_of_the_hexagon_is_regular() -> None:
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", HEXAGON)]
    assert max(numbers) == pytest.approx(29.2)


def test_an_abbreviated_name_is_in_the_label_too() -> None:
    long = "Văn Miếu - Quốc Tử Giám"
    found = hexmap([Cell("00226", 0, 0, long, "green", "?", f"Phường {long}, Xanh")])
    assert f'aria-label="Văn Miếu Q Tử Giám: Phường {long}, Xanh"' in found
