"""Fewer dossiers in the rate than before, and a better rate: what is no longer counted?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from haicap.core import periods

from ..queries.timely import Tally, Window, tallies
from ..stages import SignalKind
from .scene import Scene, Seen


def find(scene: Scene) -> Iterator[Seen]:
    """This month against the middle of the months before it. Three queries for each month."""
    if scene.window.until < scene.window.end:
        return
    rule = scene.rules.of(SignalKind.SHRINKING)
    here = _by_unit(scene, 0)
    before = [_by_unit(scene, n) for n in range(1, rule["months"] + 1)]
    for unit, now in sorted(here.items()):
        past = [month[unit] for month in before if unit in month]
        then = sum(past, Tally())
        if len(past) < rule["months"] or now.official is None or then.official is None:
            continue
        usual = then.judged / len(past)
        fell = 100 * (usual - now.judged) >= rule["fall"] * usual
        if usual >= rule["dossiers"] and fell and now.official - then.official >= rule["rise"]:
            figures = {
                "usual": round(usual),
                "good": now.good,
                "good_before": then.good,
                "before": then.judged,
                "months": len(past),
            }
            yield Seen(SignalKind.SHRINKING, unit, now.judged, figures)


def _by_unit(scene: Scene, back: int) -> dict[int, Tally]:
    month = periods.shift(scene.period, -back)
    window = Window.of(month, scene.window.end)
    found: dict[int, Tally] = defaultdict(Tally)
    for (unit, _source), tally in tallies(scene.unit_ids, window, "unit_id").items():
        found[int(unit)] += tally
    return found
