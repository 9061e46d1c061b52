"""Numbers to small charts as SVG. Pure, no Django; gaps stay gaps and are never drawn as zero.

    spark([61.2, None, 64], cuts=(65, 80), band="yellow") -> 96 × 26; low, high: one scale for a column
    trend([Point("T9", 64.1, "red"), …], cuts=[Cut(65, "đỏ dưới 65")]) -> 508 × 120: markers, gaps, cuts
    meter(0.931, label="95/102 đã báo cáo") -> a bar of completeness

Words arrive translated and formatted. A chart with a label is an image of that name; without one it is
decoration beside figures that say the same. ui/trend.html adds the table that says what the picture shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from haicap.ui import gapwords
from haicap.ui.palette import BAND_FILL, colour
from haicap.ui.svg import Svg, quoted
from haicap.ui.symbols import SIGNS

Number = float | int


@dataclass(frozen=True)
class Point:
    """One period. value None is a gap; gap says why ("chưa báo cáo"); text is the formatted value."""

    label: str
    value: Number | None
    band: str = "no_threshold"
    text: str = ""
    gap: str = ""


@dataclass(frozen=True)
class Cut:
    """A threshold line with its words at the right edge."""

    value: Number
    words: str = ""


@dataclass(frozen=True)
class Turn:
    """Where the way of counting changes: before point number `at`, with a word for either side."""

    at: int
    before: str
    after: str


def _head(kind: str, width: int, height: int, label: str) -> str:
    name = f'role="img" aria-label="{quoted(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" focusable="false" {name}>'
    )


def _runs(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """The stretches between gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def _line(run: Sequence[tuple[float, float]], width: float) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
    if len(run) == 1:
        # a lone value between two gaps: a dot of the same weight, or it would vanish
        path += "h.01"
    return (
        f'<path d="{path}" fill="none" stroke="{colour("ink")}" stroke-width="{width:g}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _dashed(x1: float, x2: float, y: float) -> str:
    return (
        f'<path d="M{x1:g} {y:.1f}H{x2:g}" stroke="{colour("control")}" stroke-width="1" '
        'stroke-dasharray="3 3" fill="none"/>'
    )


def _span(values: Sequence[Number], low: Number | None, high: Number | None) -> tuple[float, float]:
    least = float(min(values, default=0) if low is None else low)
    most = float(max(values, default=1) if high is None else high)
    if most - least < 1e-9:
        return least - 1, most + 1
    return least, most


def _dot(x: float, y: float, band: str, size: float) -> str:
    return (
        f'<path d="{SIGNS["green"]}" transform="translate({x:.1f} {y:.1f}) scale({size:g})" '
        f'fill="{colour(BAND_FILL[band])}" stroke="{colour("state-border")}" stroke-width="{1 / size:.2f}"/>'
    )


def spark(
    values: Sequence[Number | None],
    *,
    cuts: Sequence[Number] = (),
    band: str = "no_threshold",
    low: Number | None = None,
    high: Number | None = None,
    label: str = "",
) -> Svg:
    """A line of 96 × 26 px; grey columns where nothing was reported; the last value carries its band."""
    width, height, right = 96, 26, 88.0
    known = [value for value in values if value is not None]
    least, most = _span([*known, *cuts], low, high)
    step = right - 4 if len(values) < 2 else (right - 4) / (len(values) - 1)

    def y(value: Number) -> float:
        return 22 - 18 * min(1.0, max(0.0, (float(value) - least) / (most - least)))

    parts = [_head("spark", width, height, label)]
    places = [(4 + i * step, None if value is None else y(value)) for i, value in enumerate(values)]
    column = max(3.0, min(step, 9.0))
    for x, at in places:
        if at is None:
            left = max(0.0, x - column / 2)
            box = f"M{left:.1f} 1h{column:.1f}v24h-{column:.1f}Z"
            parts.append(f'<path d="{box}" fill="{colour("gap")}"/>')
    parts += [_dashed(0, width, y(cut)) for cut in cuts]
    parts += [_line(run, 1.5) for run in _runs(places)]
    if places and places[-1][1] is not None:
        parts.append(_dot(places[-1][0], places[-1][1], band, 0.72))
    return Svg("".join(parts) + "</svg>")


def _marker(x: float, y: float, band: str) -> str:
    fill = colour(BAND_FILL.get(band, "paper"))
    shape = SIGNS[band] if band in ("green", "yellow", "red") else SIGNS["green"]
    return (
        f'<path d="{shape}" transform="translate({x:.1f} {y:.1f})" fill="{fill}" '
        f'stroke="{colour("state-border")}" stroke-width="1"/>'
    )


def _words(x: float, y: float, text: str, anchor: str = "start", strong: bool = False) -> str:
    weight, ink = ("600", "ink") if strong else ("400", "ink2")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" font-weight="{weight}" '
        f'fill="{colour(ink)}">{escape(text)}</text>'
    )


def _apart(wanted: list[float], least: float, low: float, high: float) -> list[float]:
    """Heights of labels at the right edge, moved so that no two lie over each other."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    floor = low
    for i in order:
        placed[i] = floor = max(floor, wanted[i])
        floor += least
    over = max(0.0, max(placed, default=0.0) - high)
    return [y - over for y in placed]


@dataclass(frozen=True)
class _Plot:
    left: float
    right: float
    top: float
    bottom: float
    least: float
    most: float

    def y(self, value: Number) -> float:
        share = min(1.0, max(0.0, (float(value) - self.least) / (self.most - self.least)))
        return self.bottom - (self.bottom - self.top) * share


def _gaps(points: Sequence[Point], xs: Sequence[float], step: float, plot: _Plot) -> list[str]:
    parts = []
    for point, x in zip(points, xs, strict=True):
        if point.value is not None:
            continue
        wide = min(step, 40.0)
        left = max(plot.left, x - wide / 2)
        parts.append(
            f'<path d="M{left:.1f} {plot.top - 8:.1f}H{min(plot.right, x + wide / 2):.1f}'
            f'V{plot.bottom:.1f}H{left:.1f}Z" fill="{colour("gap")}"/>'
        )
    return parts


def _turned(turn: Turn, xs: Sequence[float], step: float, plot: "_Plot") -> list[str]:
    """An upright line between two points, and the words above the plot; a side without points has none."""
    if not 0 < turn.at < len(xs):
        return []
    x = xs[turn.at] - step / 2
    line = (
        f'<path d="M{x:.1f} {plot.top - 14:.1f}V{plot.bottom:.1f}" stroke="{colour("ink2")}" '
        'stroke-width="1.5" stroke-dasharray="2 3" fill="none"/>'
    )
    y = plot.top - 5
    return [line, _words(x - 6, y, turn.before, "end"), _words(x + 6, y, turn.after, "start")]


def trend(
    points: Sequence[Point],
    *,
    cuts: Sequence[Cut] = (),
    turn: Turn | None = None,
    label: str = "",
    low: Number | None = None,
    high: Number | None = None,
    width: int = 508,
    height: int = 120,
) -> Svg:
    """One unit over time: markers by band, a grey column and a broken line where nothing was reported.

    Every second label is left out when there are more than 14 points; the newest always stays.
    """
    known = [point.value for point in points if point.value is not None]
    least, most = _span([*known, *(cut.value for cut in cuts)], low, high)
    margin = (most - least) * 0.08
    plot = _Plot(30, width - 96, 16, height - 24, least - margin, most + margin)
    step = (plot.right - plot.left) / max(1, len(points) - 1)
    xs = [plot.left + i * step for i in range(len(points))]
    parts = [_head("trend", width, height, label), *_gaps(points, xs, step, plot)]
    edge = f'<path d="M{plot.left:g} {plot.bottom:g}H{plot.right:g}" stroke="{colour("line")}" fill="none"/>'
    parts.append(edge)
    if turn is not None:
        parts += _turned(turn, xs, step, plot)
    tags = []
    for cut in cuts:
        parts.append(_dashed(plot.left, plot.right, plot.y(cut.value)))
        tags.append((plot.y(cut.value) + 4, cut.words, False))
    places = [(x, None if p.value is None else plot.y(p.value)) for p, x in zip(points, xs, strict=True)]
    parts += [_line(run, 2) for run in _runs(places)]
    room = gapwords.Room(plot.left, plot.right, plot.top, plot.bottom, _runs(places))
    for said in gapwords.place(
        [(x, p.gap) for p, x in zip(points, xs, strict=True) if p.value is None], room
    ):
        parts += [
            _words(said.x, said.y + gapwords.LINE * i, line, "middle") for i, line in enumerate(said.lines)
        ]
    parts += [_marker(x, at, p.band) for p, (x, at) in zip(points, places, strict=True) if at is not None]
    if places and places[-1][1] is not None:
        tags.append((places[-1][1] + 4, points[-1].text, True))
    for y, (_, text, strong) in zip(_apart([t[0] for t in tags], 14, 12, height - 26), tags, strict=True):
        parts.append(_words(plot.right + 10, y, text, strong=strong))
    every = 1 if len(points) <= 14 else 2 if len(points) <= 28 else len(points) // 12
    for i, (point, x) in enumerate(zip(points, xs, strict=True)):
        if (len(points) - 1 - i) % every == 0:
            parts.append(_words(x, height - 6, point.label, "middle"))
    return Svg("".join(parts) + "</svg>")


def meter(share: float, *, label: str = "", width: int = 96, height: int = 8) -> Svg:
    """A bar of completeness; share 0…1, cut to that range."""
    done = width * min(1.0, max(0.0, share))
    return Svg(
        _head("meter", width, height, label).replace("focusable", 'preserveAspectRatio="none" focusable', 1)
        + f'<rect width="{width}" height="{height}" fill="{colour("gap")}"/>'
        + f'<rect width="{done:.2f}" height="{height}" fill="{colour("ink2")}"/></svg>'
    )
