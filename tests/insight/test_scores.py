"""The score of a commune."""

from decimal import Decimal

from haicap.catalogue.queries import Cuts
from haicap.core import periods
from haicap.core.bands import Band
from haicap.insight.readings import Reading
from haicap.insight.scores import Weighing, score

MONTH = periods.parse("2026-10")
WEIGHING = Weighing(
    pillars={"government": Decimal(50), "economy": Decimal(20), "society": Decimal(30)},
    indicators={
        "A1": ("government", Decimal(1)),
        "A2": ("government", Decimal(3)),
        "B1": ("economy", Decimal(1)),
        "C1": ("society", Decimal(1)),
        "C2": ("society", Decimal(0)),
    },
    cuts=Cuts(green=Decimal(80), yellow=Decimal(65)),
)


def reading(
    code: str, points: int | None, band: Band = Band.NOT_REPORTED, provisional: bool = False
) -> Reading:
    worth = None if points is None else Decimal(points)
    colour = band if worth is None else Band.GREEN
    return Reading(1, code, MONTH, worth, None, worth, colour, "", worth, provisional, "declared", 1)


def of(*readings: Reading, missing: str = "excluded"):  # type: ignore[no-untyped-def]
    return score(1, readings, Weighing(**{**vars(WEIGHING), "missing": missing}))


def test_weights_inside_and_between_pillars() -> None:
    found = of(reading("A1", 100), reading("A2", 60), reading("B1", 50), reading("C1", 80))
    assert found.pillars["government"] == 70
    assert found.value == (50 * 70 + 20 * 50 + 30 * 80) / Decimal(100)
    assert found.band is Band.YELLOW
    assert found.coverage == 1


def test_losses_add_up_to_what_is_missing_to_100() -> None:
    found = of(reading("A1", 100), reading("A2", 60), reading("B1", 50), reading("C1", 80))
    assert found.value is not None
    assert sum(loss.lost for loss in found.losses) == 100 - found.value
    assert [loss.reading.indicator for loss in found.losses] == ["A2", "B1", "C1", "A1"]


def test_missing_is_not_zero_and_stands_as_coverage() -> None:
    found = of(
        reading("A1", 100), reading("A2", 60), reading("B1", 50), reading("C1", None), reading("B1", 50)
    )
    assert found.pillars["society"] is None
    assert found.coverage < 1


def test_rules_for_the_missing_ones() -> None:
    present = (reading("A1", 90), reading("A2", 90), reading("C1", 90), reading("B1", None))
    assert of(*present).value == 90
    assert of(*present, missing="zero").value == 90 * Decimal(80) / 100
    assert of(*present, missing="capped").value == Decimal("79.9")


def test_silence_is_its_own_class_under_every_rule() -> None:
    for rule in ("excluded", "zero", "capped"):
        found = of(
            reading("A1", 10), reading("A2", None), reading("B1", 90), reading("C1", None), missing=rule
        )
        assert found.value is None
        assert found.band is Band.NOT_REPORTED


def test_nothing_owed_is_not_applicable() -> None:
    found = of(reading("A1", None, Band.NOT_APPLICABLE), reading("B1", None, Band.NO_THRESHOLD))
    assert found.band is Band.NOT_APPLICABLE


def test_no_denominator_leaves_the_weights() -> None:
    found = of(
        reading("A1", 90), reading("A2", None, Band.NO_DENOMINATOR), reading("B1", 90), reading("C1", 90)
    )
    assert found.coverage == 1
    assert found.value == 90


def test_one_unaccepted_figure_makes_the_score_provisional() -> None:
    assert of(
        reading("A1", 90), reading("A2", 90, provisional=True), reading("B1", 90), reading("C1", 90)
    ).provisional


def test_an_indicator_that_is_only_watched_costs_nothing() -> None:
    found = of(reading("A1", 90), reading("A2", 90), reading("B1", 90), reading("C2", 40))
    assert found.value is not None
    assert "C2" not in {loss.reading.indicator for loss in found.losses}
