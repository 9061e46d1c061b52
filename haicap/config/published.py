"""The figures of a pack of published figures: definitions are the catalogue's, values are reporting's."""

from pathlib import Path

from haicap.catalogue.packs import published
from haicap.reporting.actions import DeclaredFigure, DeclareResult, declare
from haicap.units import queries as units

FIGURES = "figures.yaml"


def load_figures(by: str, path: Path) -> DeclareResult | None:
    """Declare the figures that lie in the pack's folder; None where there are none."""
    if not (path / FIGURES).exists():
        return None
    return declare(by=by, figures=[*_figures(path)])


def _figures(path: Path) -> list[DeclaredFigure]:
    return [
        DeclaredFigure(
            unit_id=units.by_code(one.unit_code, on=one.start, level=one.level).id,
            element=one.element_code,
            period=one.period_key,
            number=one.value,
            low=one.low,
            high=one.high,
            grade=one.grade,
            source=one.source,
            note=one.note,
        )
        for one in published(path)
    ]
