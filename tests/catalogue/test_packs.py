"""The packs of the repository as they are: everything loads, and says what the sources say."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from haicap.audit import queries as audit
from haicap.catalogue import actions, packs, queries
from haicap.catalogue.queries import Catalogue
from haicap.catalogue.states import LANGUAGES
from haicap.core import bands
from haicap.core.bands import Band, Direction, Figure
from haicap.core.counts import Adds, Grade
from haicap.core.periods import Kind, Rule
from tests.cast import World

from .conftest import ALL_PACKS, PACKS

KINDS = {"month": Kind.MONTH, "quarter": Kind.QUARTER, "half_year": Kind.HALF}


def test_every_pack_loads_and_loading_again_writes_nothing(world: World, catalogue: Catalogue) -> None:
    assert {"calendar", "dak-lak", "published"} <= set(ALL_PACKS)
    for name in ALL_PACKS:
        again = actions.load_pack(by="system:test", path=PACKS / name)
        assert not again.changed
        assert again.number == 1
    assert queries.version() == catalogue.version
    assert len(audit.history("pack:dak-lak", 10)) == 1


def test_forty_indicators_are_scored(catalogue: Catalogue) -> None:
    by_pillar = {one.code: len(catalogue.indicators_of(one.code)) for one in catalogue.pillars}
    assert by_pillar == {"digital_government": 22, "digital_economy": 8, "digital_society": 10}
    assert len(catalogue.scored) == 40
    assert [one.code for one in catalogue.scored[:3]] == ["CQ01", "CQ02", "CQ03"]
    assert {one.code: one.weight for one in catalogue.pillars} == {
        "digital_government": 50,
        "digital_economy": 20,
        "digital_society": 30,
    }
    assert (catalogue.cuts.green, catalogue.cuts.yellow, catalogue.cuts.proposal) == (80, 65, True)


def test_a_province_sees_its_own_indicators_and_the_national_elements(
    world: World, catalogue: Catalogue
) -> None:
    assert len(queries.current(world["66"]).indicators) == 40
    assert set(queries.current(world["01"]).indicators) == {"CB01", "CB02"}


def test_everything_speaks_three_languages(catalogue: Catalogue) -> None:
    silent = [
        one.code
        for group in (catalogue.elements, catalogue.indicators, catalogue.forms)
        for one in group.values()
        if set(one.labels) != set(LANGUAGES)
    ]
    silent += [one.code for one in catalogue.indicators.values() if set(one.short_labels) != set(LANGUAGES)]
    silent += [
        one.code
        for form in catalogue.forms.values()
        for part in (form.sections, form.checks)
        for one in part
        if set(one.labels) != set(LANGUAGES)
    ]
    assert silent == []
    assert all(len(one.short_labels["vi"]) <= 28 for one in catalogue.indicators.values())
    assert catalogue.unit_name("hồ sơ", "en") == "dossiers"


def test_the_indicators_are_those_of_the_list(shared_data: Path, catalogue: Catalogue) -> None:
    with (shared_data / "indicators.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    for row in rows:
        one = catalogue.indicators[row["code"]]
        assert one.pillar == row["group"], row["code"]
        assert one.direction == Direction(row["direction"]), row["code"]
        assert one.period_kind is KINDS[row["period_type"]], row["code"]
        assert one.has_denominator == (row["denominator_vi"] != "-"), row["code"]
        assert one.unit == row["unit"], row["code"]
        rules = catalogue.thresholds.get(row["code"], ())
        wanted = row["green"].lstrip("<>=")
        greens = [rule.threshold.green for rule in rules]
        assert greens == ([Decimal(wanted)] if wanted else []), row["code"]
        yellow = row["yellow"].split("..")
        if wanted:
            worst = yellow[1] if one.direction is Direction.LOWER else yellow[0]
            assert rules[0].threshold.yellow == Decimal(worst.lstrip("<>=")), row["code"]


def test_one_form_per_pillar_and_frequency(catalogue: Catalogue) -> None:
    assert {code: form.kind for code, form in catalogue.forms.items()} == {
        "CQS-T": Kind.MONTH,
        "CQS-Q": Kind.QUARTER,
        "KTS-T": Kind.MONTH,
        "KTS-Q": Kind.QUARTER,
        "KTS-N": Kind.HALF,
        "XHS-T": Kind.MONTH,
        "XHS-Q": Kind.QUARTER,
        "XHS-N": Kind.HALF,
    }
    form = catalogue.forms["CQS-T"]
    assert (form.rule, form.obliged_kinds) == (Rule.DECREE09, ("xa", "phuong", "dac_khu"))
    assert [cell.number for cell in form.sections[0].cells[:3]] == ["A1", "A2", "A3"]
    assert form.cells[0].element == "HS_NHAN"
    first = form.checks[0]
    assert (first.kind, first.expression) == ("hard", "HS_NHAN_CTT <= HS_NHAN")
    assert first.labels["en"].startswith("A2 “Received for procedures offered online” must not be larger")


def test_every_element_of_a_scored_indicator_is_asked_exactly_once_per_period_kind(
    catalogue: Catalogue,
) -> None:
    asked = [(code, form.kind) for form in catalogue.forms.values() for code in form.elements]
    assert len(asked) == len(set(asked))
    for one in catalogue.scored:
        for element_id, _coef in (*one.numerator_terms, *(one.denominator_terms or ())):
            code = catalogue.elements_by_id[element_id].code
            assert (code, one.period_kind) in asked


def test_no_cell_is_asked_that_no_indicator_uses(catalogue: Catalogue) -> None:
    used = {
        catalogue.elements_by_id[id].code
        for one in catalogue.scored
        for id, _coef in (*one.numerator_terms, *(one.denominator_terms or ()))
    }
    assert {code for form in catalogue.forms.values() for code in form.elements} == used


def test_the_denominator_with_overdue_dossiers_is_a_sum(catalogue: Catalogue) -> None:
    one = catalogue.indicators["CQ01"]
    ids = {catalogue.elements[code].id for code in ("HS_GQ", "HS_QH")}
    assert one.denominator_terms is not None
    assert dict(one.denominator_terms) == dict.fromkeys(ids, Decimal(1))


def test_index_766_is_a_sum_of_points_with_ceilings(catalogue: Catalogue) -> None:
    one = catalogue.indicators["CQ15"]
    assert (one.has_denominator, one.factor, len(one.numerator_terms)) == (False, 1, 6)
    ceilings = {
        check.elements[0]: check.expression
        for check in catalogue.forms["CQS-T"].checks
        if check.code.endswith("_MOST")
    }
    assert ceilings["D766_CK"] == "D766_CK <= 18"
    assert sum(Decimal(text.split(" <= ")[1]) for text in ceilings.values()) == 100


def test_typed_for_now_is_marked(catalogue: Catalogue) -> None:
    marked = {one.code for one in catalogue.indicators.values() if one.temporary}
    assert marked == {"CQ18", "CQ19", "XH05", "XH06"}


def test_at_most_one_percent_is_green_below_it(world: World, catalogue: Catalogue) -> None:
    """C33: the direction belongs to every indicator, so "at most" is never read as "at least"."""
    rule = catalogue.threshold_for("CQ02", world.place("24505"), date(2026, 10, 14))
    assert rule is not None
    assert rule.threshold.direction is Direction.LOWER
    judged = {
        number: bands.classify(Figure(Decimal(number), Decimal(1000)), rule.threshold)
        for number in (0, 10, 11, 30, 31, 119)
    }
    assert list(judged.values()) == [
        Band.GREEN, Band.GREEN, Band.YELLOW, Band.YELLOW, Band.RED, Band.RED,
    ]  # fmt: skip


def test_watched_only_has_no_colour_and_no_weight(world: World, catalogue: Catalogue) -> None:
    one = catalogue.indicators["CQ22"]
    assert catalogue.threshold_for("CQ22", world.place("24505"), date(2026, 10, 14)) is None
    assert (one.direction, one.weight) == (Direction.NEUTRAL, 0)


def test_published_figures_are_those_of_the_list(shared_data: Path) -> None:
    with (shared_data / "published.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    figures = packs.published(PACKS / "published")
    listed = sorted((r["unit_code"], r["from"], r["to"], Decimal(r["value"]), r["grade"]) for r in rows)
    ours = sorted(
        (one.unit_code, one.start.isoformat(), date.fromordinal(one.end.toordinal() - 1).isoformat(),
         one.value, one.grade.value)
        for one in figures
    )  # fmt: skip
    assert ours == listed


def test_the_inferred_total_carries_its_range(catalogue: Catalogue) -> None:
    figures = {
        (one.unit_code, one.element_code, one.period_key): one for one in packs.published(PACKS / "published")
    }
    total = figures["00466", "CB_NHAN", "2025-Q3"]
    assert (total.value, total.low, total.high, total.grade) == (8155, 8151, 8159, Grade.INFERRED)
    online = figures["00466", "CB_TT", "2025-Q3"]
    assert round(100 * online.value / total.value, 1) == Decimal("90.9")
    fits = [
        n
        for n in range(8100, 8200)
        if round(Decimal(741300) / n, 1) == Decimal("90.9")
        and round(Decimal(107900) / n, 1) == Decimal("13.2")
    ]
    assert (fits[0], fits[-1]) == (8151, 8159)
    assert {one.element_code for one in figures.values()} <= set(catalogue.elements)


def test_reach_is_never_added(catalogue: Catalogue) -> None:
    reach = catalogue.elements["CB_TIEP_CAN"].measure
    assert (reach.over_time, reach.over_units, reach.over_split) == (Adds.NONE,) * 3


def test_press_figures_get_no_colour(world: World, catalogue: Catalogue) -> None:
    assert catalogue.threshold_for("CB01", world.place("00466"), date(2025, 9, 30)) is None
    assert catalogue.indicators["CB01"].rule is Rule.CALENDAR


def test_loading_needs_the_units(db: None) -> None:
    with pytest.raises(Exception, match="66"):
        actions.load_pack(by="system:test", path=PACKS / "dak-lak")
