"""What was published stays; what changed gets a number; words can be mended."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from haicap.audit import queries as audit
from haicap.catalogue import actions, dividing, guards, models, queries
from haicap.catalogue.packs.content import NewCombination, NewSplit
from haicap.core import clock
from haicap.core.errors import Refusal
from tests.cast import World

from .test_broken_packs import GOOD, Load, load

__all__ = ["load"]


def test_a_changed_threshold_is_a_new_set_and_the_old_one_stays(world: World, load: Load) -> None:
    load(GOOD)
    report = load(GOOD.replace("green: 90", "green: 95"))
    assert (report.changed, report.number) == (True, 2)
    rule = queries.current().threshold_for("T1", world.place("24505"), date(2026, 10, 14))
    assert rule is not None
    assert (rule.version, rule.threshold.green) == (2, 95)
    assert queries.current().indicators["T1"].number == 1
    assert sorted(models.Threshold.objects.values_list("number", "green")) == [(1, 90), (2, 95)]


def test_a_changed_formula_is_a_new_indicator_version(load: Load) -> None:
    load(GOOD)
    uid = queries.current().indicators["T1"].uid
    load(GOOD.replace("numerator: PART", "numerator: 2 * PART"))
    one = queries.current().indicators["T1"]
    assert (one.number, one.uid, one.numerator_terms[0][1]) == (2, uid, Decimal(2))


def test_a_changed_form_keeps_the_old_version_readable(load: Load) -> None:
    load(GOOD)
    load(GOOD.replace("cells: [ALL, PART, MEN]", "cells: [ALL, PART]"))
    assert queries.form("T-T").number == 2
    assert queries.form("T-T").elements == ("ALL", "PART")
    assert queries.form("T-T", 1).elements == ("ALL", "PART", "MEN")
    with pytest.raises(Refusal):
        queries.form("T-T", 3)
    with pytest.raises(Refusal):
        queries.form("NO-SUCH")


def test_going_back_is_a_third_version(load: Load) -> None:
    load(GOOD)
    load(GOOD.replace("green: 90", "green: 95"))
    assert load(GOOD).number == 3
    assert not load(GOOD).changed


def test_definitions_as_they_were_on_a_day(load: Load) -> None:
    with clock.frozen("2026-01-10T03:00:00+00:00"):
        load(GOOD)
    with clock.frozen("2026-03-10T03:00:00+00:00"):
        load(GOOD.replace("numerator: PART", "numerator: 2 * PART"))
    assert queries.current(on=date(2026, 2, 1)).indicators["T1"].number == 1
    assert queries.current(on=date(2026, 3, 10)).indicators["T1"].number == 2
    assert queries.current(on=date(2025, 7, 1)).indicators["T1"].number == 1


def test_thresholds_by_date_by_kind_and_by_unit(world: World, load: Load) -> None:
    old = "      - {green: 90, yellow: 70, proposal: true, basis: Đề xuất}\n"
    new = """\
      - {green: 90, yellow: 70, to: 2026-01-01, proposal: true}
      - {green: 92, yellow: 70, from: 2026-01-01, proposal: false, decision: 12/QĐ-UBND}
      - {green: 80, yellow: 60, unit_kind: phuong, proposal: true}
      - {green: 60, yellow: 50, unit: {code: "24505", level: 2}, proposal: true}
"""
    assert old in GOOD
    load(GOOD.replace(old, new))
    catalogue = queries.current()

    def green(code: str, on: date) -> Decimal | None:
        rule = catalogue.threshold_for("T1", world.place(code), on)
        return rule.threshold.green if rule else None

    assert green("66", date(2025, 12, 31)) == 90
    assert green("66", date(2026, 1, 1)) == 92
    assert green("22015", date(2026, 1, 1)) == 80
    assert green("24505", date(2026, 1, 1)) == 60


def test_two_rules_for_the_same_day_are_refused(load: Load) -> None:
    line = "      - {green: 90, yellow: 70, proposal: true, basis: Đề xuất}\n"
    with pytest.raises(Refusal, match="hai ngưỡng cùng hiệu lực"):
        load(GOOD.replace(line, line + line.replace("90", "95")))


def test_a_removed_threshold_leaves_no_colour(world: World, load: Load) -> None:
    load(GOOD)
    start = GOOD.index("    thresholds:")
    load(GOOD[:start] + GOOD[GOOD.index("    source: Quyết định") :])
    rule = queries.current().threshold_for("T1", world.place("24505"), date(2026, 1, 1))
    assert rule is None or rule.threshold.green is None


def test_an_element_with_another_meaning_needs_another_code(load: Load) -> None:
    load(GOOD)
    changed = GOOD.replace("measures:", "measures:\n  stock: {time: last, units: sum, split: sum}")
    with pytest.raises(Refusal, match="MEN đã công bố với cách đếm khác"):
        load(changed.replace("MEN: {unit: người, adds: flow", "MEN: {unit: người, adds: stock"))


def test_an_element_that_left_the_pack_may_not_be_used_but_stays_readable(load: Load) -> None:
    load(GOOD)
    gone = "\n".join(line for line in GOOD.split("\n") if not line.startswith("  MEN:"))
    with pytest.raises(Refusal, match="không có phần tử «MEN»"):
        load(gone)
    load(gone.replace(", MEN]", "]"))
    assert "MEN" in queries.current().elements


def test_a_word_is_mended_without_a_version(load: Load) -> None:
    load(GOOD)
    before = queries.version()
    actions.mend_label(
        by="user:1", subject="indicator:T1", role="name", lang="en", text="Proportion", reason="typo"
    )
    one = queries.current().indicators["T1"]
    assert (one.labels["en"], one.number) == ("Proportion", 1)
    assert queries.version() != before
    assert [event.reason for event in audit.history("indicator:T1", 5)] == ["typo"]
    with pytest.raises(Refusal):
        actions.mend_label(by="user:1", subject="indicator:T1", role="name", lang="en", text=" ", reason="")
    with pytest.raises(Refusal):
        actions.mend_label(by="user:1", subject="indicator:NO", role="name", lang="en", text="x", reason="")


def test_a_mended_name_in_the_pack_is_no_new_version(load: Load) -> None:
    load(GOOD)
    report = load(GOOD.replace("en: Share\n", "en: Proportion\n"))
    assert (report.changed, report.number, report.labels_changed) == (True, 1, 1)


def test_uids_are_stable_and_well_formed(load: Load) -> None:
    load(GOOD)
    found = queries.current()
    uids = [one.uid for group in (found.elements, found.indicators, found.forms) for one in group.values()]
    assert len(set(uids)) == len(uids)
    assert all(len(one) == 11 and one.isalnum() and one[0].isalpha() and one.isascii() for one in uids)
    assert found.elements["ALL"].uid == "yn2iQ0DzjjR"


def test_reading_again_costs_one_query(load: Load, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load(GOOD)
    queries.current()
    with django_assert_num_queries(1):
        queries.current()


def test_an_older_form_is_read_once(load: Load, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load(GOOD)
    load(GOOD.replace("cells: [ALL, PART, MEN]", "cells: [ALL, PART]"))
    queries.form("T-T", 1)
    with django_assert_num_queries(1):
        assert queries.form("T-T", 1).number == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_version_is_remembered_for_a_moment(
    tmp_path: Path, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queries.forget()
    queries.version()
    with django_assert_num_queries(0):
        queries.version()


def test_an_empty_catalogue_is_a_catalogue(db: None) -> None:
    assert queries.version() == queries.EMPTY
    assert queries.current().indicators == {}
    assert queries.current().pillars == ()


@pytest.fixture
def published(load: Load) -> None:
    line = "    source: Quyết định\n"
    targets = "    targets: [{by: 2026-12-31, value: 95, proposal: true}]\n"
    load(GOOD.replace(line, targets + line))
    spec = {"usage": "split", "dimensions": []}
    cell = NewSplit("Spl1t000001", "TUOI_1", ())
    one = NewCombination("Comb0000001", "TUOI", spec, (cell,))
    dividing.combinations({"TUOI": one}, None, clock.now())
    element, at = models.Element.objects.earliest("pk"), clock.now()
    models.Derivation.objects.create(element=element, number=1, spec={}, digest="", published_at=at)


@pytest.mark.parametrize("table", guards.TABLES)
def test_the_database_refuses_to_change_what_is_published(published: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_targets_are_read(published: None) -> None:
    (target,) = queries.current().targets["T1"]
    assert (target.by_date, target.value) == (date(2026, 12, 31), 95)


def test_a_failure_in_the_middle_writes_nothing(
    load: Load, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    broken: Callable[..., int] = lambda *_args: 1 // 0  # noqa: E731
    monkeypatch.setattr("haicap.catalogue.publishing.labels", broken)
    with pytest.raises(ZeroDivisionError):
        load(GOOD)
    assert models.Element.objects.count() == 0
    assert queries.version() == queries.EMPTY


def test_two_loads_at_once_end_in_one_clear_refusal(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    def clash(*_args: object) -> int:
        raise IntegrityError("UNIQUE constraint failed")

    monkeypatch.setattr("haicap.catalogue.publishing.labels", clash)
    with pytest.raises(Refusal) as caught:
        load(GOOD)
    assert caught.value.code == "pack.busy"
    assert models.Element.objects.count() == 0
