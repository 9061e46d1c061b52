"""Everything that the first page shows, as template context."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue
from haicap.core.bands import Band
from haicap.desk import choices
from haicap.desk.choices import Choice
from haicap.desk.presenters import mapping, panel, table, words
from haicap.desk.presenters.sentence import sentence
from haicap.insight.boards import SCORE
from haicap.insight.freshness import made_at, stamp
from haicap.insight.heatmap import HeatMap, Row
from haicap.ui import charts
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Level

COUNTED = (Band.GREEN, Band.YELLOW, Band.RED, Band.NOT_REPORTED)


def waiting(owner: Place, share: float | None) -> dict[str, Any]:
    """Instead of a map: the bar of the one being computed, or (`share` None) the button that asks for it."""
    return {
        "draw_url": reverse("desk:draw", args=[owner.code]),
        "drawing": share is not None,
        "percent": round(100 * (share or 0.0)),
        "bar": charts.meter(share or 0.0, width=240),
    }


def page(of: HeatMap, choice: Choice, catalogue: Catalogue) -> dict[str, Any]:
    link = _linker(of, choice)
    selected = next((row for row in of.rows if row.place.code == choice.unit), None)
    variant = "wall" if choice.wall else "desk"
    snapshot = of.board.snapshot
    # a screen on a wall has nothing to press
    drawn = mapping.picture(of, choice, link, variant, links=not choice.wall)
    return {
        "owner": of.board.owner,
        "owner_name": words.place_name(of.board.owner),
        "home_unit": words.place_name(of.board.owner),
        "choice": choice,
        "of": of,
        "sentence": sentence(of),
        "counters": counters(of, choice),
        "others": others(of),
        "map": drawn,
        **({} if drawn else waiting(of.board.owner, units.drawing(of.board.owner.id))),
        "unplaced": mapping.unplaced(of),
        "has_outlines": bool(units.outlines(of.board.owner.id)),
        "hex_href": choice.address(view=""),
        "outline_href": choice.address(view=choices.OUTLINE),
        "lines": table.lines(of, choice, link),
        "panel": panel.panel(of, selected, choice) if selected else None,
        "choice_reset": choice.address(band="", kind=""),
        "map_corner": not choice.view and choice.kind == "",
        "close_href": choice.address(unit="", why=""),
        "all_href": choice.address(all_rows=True),
        "csv_href": choice.address() + "&tai=csv",
        "xlsx_href": choice.address() + "&tai=xlsx",
        "svg_href": choice.address() + "&tai=svg",
        "figure": words.indicator_name(of.indicator),
        "published": words.is_published(of.indicator),
        "figure_unit": of.indicator.unit if of.indicator else _("điểm"),
        "moved": choice.moved,
        "periods": table.periods_offered(of, choice),
        "indicators": indicator_groups(catalogue, choice),
        "kinds": kind_options(of, choice),
        "snapshot": snapshot,
        "made_at": made_at(snapshot),
        "stamp": stamp(),
        "units_word": words.units_word(of.board.places),
        "before_short": panel.short_period(of.before.period),
        "provisional": any(row.provisional for row in of.rows),
        "communes": of.board.places and of.board.places[0].level == Level.COMMUNE,
    }


def _linker(of: HeatMap, choice: Choice) -> Callable[[Row], str]:
    """A commune opens its panel on the same page; a province opens its own map."""

    def link(row: Row) -> str:
        if row.place.level == Level.PROVINCE:
            return reverse("desk:province", args=[row.place.code]) + choice.address(unit="")
        return choice.address(unit=row.place.code, why="")

    return link


def counters(of: HeatMap, choice: Choice) -> list[dict[str, Any]]:
    """Four counts that filter; a second click takes the filter off. They respect the chosen kind of unit."""
    rules = {}
    if of.indicator is None:
        cuts = of.board.catalogue.cuts
        green, yellow = words.number(cuts.green), words.number(cuts.yellow)
        rules = {
            Band.GREEN: _("từ %(green)s điểm") % {"green": green},
            Band.YELLOW: _("%(yellow)s đến dưới %(green)s") % {"yellow": yellow, "green": green},
            Band.RED: _("dưới %(yellow)s điểm") % {"yellow": yellow},
        }
    bands = COUNTED if of.coloured else (Band.NO_THRESHOLD, Band.NOT_REPORTED)
    words_of = {Band.NO_THRESHOLD: _("Có số liệu")} if not of.coloured else {}
    now = [row for row in of.rows if not choice.kind or row.place.kind == choice.kind]
    return [
        {
            "band": band.value,
            "word": words_of.get(band) or words.band(band, of.indicator),
            "number": sum(1 for row in now if row.band is band),
            "delta": _delta(now, band),
            "rule": rules.get(band, ""),
            "href": choice.address(band="" if choice.band == band else band.value, unit="", why=""),
            "active": choice.band == band,
        }
        for band in bands
    ]


def _delta(rows: Sequence[Row], band: Band) -> int | None:
    """None where nothing can be compared, as before the communes existed."""
    if not any(row.band_before for row in rows):
        return None
    return sum((row.band is band) - (row.band_before is band) for row in rows)


def others(of: HeatMap) -> list[tuple[str, int]]:
    """States that the counters do not count."""
    counted = COUNTED if of.coloured else (Band.NO_THRESHOLD, Band.NOT_REPORTED)
    return [(band.value, of.counts[band]) for band in Band if band not in counted and of.counts.get(band)]


def indicator_groups(catalogue: Catalogue, choice: Choice) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """(group, [(code, words, chosen)]) for the indicator picker."""
    lang = words.lang()
    groups: list[tuple[str, list[tuple[str, str, bool]]]] = []
    if catalogue.pillars:
        groups.append(("", [(SCORE, words.indicator_name(None), choice.code == SCORE)]))
    known = [pillar.code for pillar in catalogue.pillars]
    for pillar in catalogue.pillars:
        items = catalogue.indicators_of(pillar.code)
        groups.append(
            (catalogue_queries.spoken(pillar.labels, lang), [_option(one, choice) for one in items])
        )
    published = [one for one in catalogue.indicators.values() if one.pillar not in known]
    if published:
        groups.append((_("Số liệu đã công bố"), [_option(one, choice) for one in published]))
    return groups


def _option(indicator: catalogue_queries.Indicator, choice: Choice) -> tuple[str, str, bool]:
    name = words.indicator_name(indicator, short=True)
    return indicator.code, f"{indicator.code} {name}", indicator.code == choice.code


def kind_options(of: HeatMap, choice: Choice) -> list[tuple[str, str, bool]]:
    present = {place.kind for place in of.board.places}
    named = {"xa": _("Xã"), "phuong": _("Phường"), "dac_khu": _("Đặc khu")}
    found = [("", _("Tất cả"), not choice.kind)]
    return found + [(kind, name, choice.kind == kind) for kind, name in named.items() if kind in present]
