"""The ask gate: one element, one collecting form per kind of period; what is held is not asked again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from haicap.accounts.scopes import scope_of
from haicap.catalogue import gate, queries
from haicap.catalogue.definitions import Form
from haicap.catalogue.drafts import actions
from haicap.catalogue.drafts.content import shaped
from haicap.catalogue.drafts.reading import read
from haicap.catalogue.gate import Because, Standing
from haicap.catalogue.queries import Catalogue
from haicap.core import clock
from haicap.core.counts import Adds
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule
from tests.cast import Cast, World

from .drafting import cells, drafted, publish, right, words

NOW = "2026-10-20 10:00"
WHY = "Số chốt cuối quý sau đối soát với kho bạc"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def asking(
    *elements: str, new: bool = False, whys: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    codes = [*elements, *(["CAM_BIEN"] if new else [])]
    part = {"code": "A", "name": words("Một"), "cells": cells(*codes, **(whys or {}))}
    return right(sections=[part], **({} if new else {"new": []}), **more)


def judged(world: World, content: dict[str, Any], owner: str = "66") -> gate.Judgement:
    book = queries.current()
    found = read(shaped(content), book, world.place(owner), None)
    assert not found.problems
    return gate.judge(found.form, book, found.elements, clock.today())


def standings(judgement: gate.Judgement) -> dict[str, tuple[Standing, str]]:
    return {one.element: (one.standing, one.form) for one in judgement.verdicts}


def test_the_packs_own_forms_pass_the_gate(catalogue: Catalogue) -> None:
    for form in catalogue.forms.values():
        found = gate.judge(form, catalogue, catalogue.elements, date(2026, 10, 20))
        assert found.passes, (form.code, found.found)


def test_a_new_element_is_free(catalogue: Catalogue, world: World) -> None:
    found = judged(world, asking(new=True))
    assert found.passes
    assert standings(found) == {"CAM_BIEN": (Standing.FREE, "")}


def test_the_same_month_again_is_held(catalogue: Catalogue, world: World) -> None:
    found = judged(world, asking("HS_NHAN", "HS_GQ"))
    assert standings(found) == {"HS_NHAN": (Standing.HELD, "CQS-T"), "HS_GQ": (Standing.HELD, "CQS-T")}
    assert (found.all_held, found.passes) == (True, False)


def test_a_draft_without_a_first_day_is_judged_as_if_it_began_today(
    catalogue: Catalogue, world: World
) -> None:
    book = queries.current()
    found = read(shaped(asking("HS_NHAN", first_day="mai")), book, world.place("66"), None)
    assert gate.judge(found.form, book, found.elements, clock.today()).all_held


def test_for_some_of_the_communes_it_is_held_too(catalogue: Catalogue, world: World) -> None:
    assert judged(world, asking("HS_NHAN", units="24505", kinds=[])).all_held


def test_a_quarter_of_a_flow_or_a_stock_follows_from_its_months(catalogue: Catalogue, world: World) -> None:
    found = judged(world, asking("HS_NHAN", "HS_QH", kind="quarter"))
    assert standings(found) == {"HS_NHAN": (Standing.DERIVED, "CQS-T"), "HS_QH": (Standing.DERIVED, "CQS-T")}
    assert found.all_held


def test_distinct_things_of_a_quarter_do_not_follow_from_months(catalogue: Catalogue, world: World) -> None:
    assert catalogue.elements["DVC_HS"].measure.over_time is Adds.NONE
    assert judged(world, asking("DVC_HS", kind="quarter")).passes


def test_another_window_rule_is_another_figure_but_has_its_form(catalogue: Catalogue, world: World) -> None:
    """A calendar month does not follow from a month of the decree; one form collects per kind of period."""
    found = judged(world, asking("HS_NHAN", rule="calendar"))
    (verdict,) = found.verdicts
    assert (verdict.standing, verdict.because) == (Standing.TAKEN, Because.WINDOW)
    assert not found.all_held
    assert judged(world, asking("HS_NHAN", rule="calendar", kind="quarter")).passes


def test_a_longer_period_gives_no_shorter_one(catalogue: Catalogue, world: World) -> None:
    assert judged(world, asking("HKD", kind="month")).passes


def test_units_that_nobody_asks_are_named(catalogue: Catalogue, cast: Cast, world: World) -> None:
    publish(cast.office, world["66"], asking(new=True, kinds=["xa"]))
    part = {"code": "A", "name": words("Một"), "cells": cells("CAM_BIEN")}
    found = judged(world, right(code="CB-2", sections=[part], new=[]))
    (verdict,) = found.verdicts
    assert (verdict.standing, verdict.because) == (Standing.TAKEN, Because.UNITS)
    assert set(verdict.lacking) == {world["22015"], world["24133"]}


def test_an_obligation_that_ends_leaves_the_rest_unheld(
    catalogue: Catalogue, cast: Cast, world: World
) -> None:
    publish(cast.office, world["66"], asking(new=True, obliged_to="31/12/2026"))
    part = {"code": "A", "name": words("Một"), "cells": cells("CAM_BIEN")}
    (verdict,) = judged(world, right(code="CB-2", sections=[part], new=[])).verdicts
    assert (verdict.standing, verdict.because) == (Standing.TAKEN, Because.DATES)
    after = right(code="CB-2", sections=[part], new=[], first_day="01/01/2027")
    assert judged(world, after).passes


def test_another_province_asks_its_own_communes(catalogue: Catalogue, world: World) -> None:
    assert judged(world, asking("HS_NHAN"), owner="01").passes


def once(*elements: str, first: str, last: str, **more: Any) -> dict[str, Any]:
    return asking(
        *elements, nature="adhoc", window_from=first, window_to=last, deadline_on="30/11/2026",
        first_day="", **more,
    )  # fmt: skip


class TestOnce:
    def test_a_window_that_is_a_month_is_held(self, catalogue: Catalogue, world: World) -> None:
        found = judged(world, once("HS_NHAN", "DVC_HS", first="15/09/2026", last="14/10/2026"))
        assert {one.standing for one in found.verdicts} == {Standing.HELD}

    def test_a_window_of_whole_months_follows_for_flows(self, catalogue: Catalogue, world: World) -> None:
        found = judged(world, once("HS_NHAN", "DVC_HS", first="15/07/2026", last="14/10/2026"))
        held = {"HS_NHAN": (Standing.DERIVED, "CQS-T"), "DVC_HS": (Standing.SYSTEM, "")}
        assert standings(found) == held

    def test_a_stock_follows_from_the_last_month(self, catalogue: Catalogue, world: World) -> None:
        found = judged(world, once("HS_NHAN", "HS_QH", first="01/08/2026", last="14/10/2026"))
        held = {"HS_NHAN": (Standing.SYSTEM, ""), "HS_QH": (Standing.DERIVED, "CQS-T")}
        assert standings(found) == held

    def test_other_days_are_another_question(self, catalogue: Catalogue, world: World) -> None:
        assert judged(world, once("HS_NHAN", first="01/10/2026", last="20/10/2026")).passes

    def test_a_window_that_nobody_lived_in(self, catalogue: Catalogue, world: World) -> None:
        content = once("HS_NHAN", first="15/05/2025", last="14/06/2025")
        found = read(shaped(content), queries.current(), world.place("66"), None).problems
        assert [one.place for one in found] == ["kinds"]

    def test_the_same_window_asked_once_already(self, catalogue: Catalogue, cast: Cast, world: World) -> None:
        first = once(first="01/10/2026", last="20/10/2026", new=True)
        publish(cast.office, world["66"], first)
        again = first | {"code": "CB-2", "new": []}
        assert judged(world, again).all_held
        assert judged(world, again | {"window_to": "21/10/2026"}).passes


class TestPublishing:
    def test_a_form_that_asks_only_what_is_held_is_refused(
        self, catalogue: Catalogue, cast: Cast, world: World
    ) -> None:
        with pytest.raises(Refusal) as caught:
            publish(cast.office, world["66"], asking("HS_NHAN", "HS_GQ"))
        assert caught.value.code == "gate.held"
        judgement = caught.value.params["judgement"]
        assert isinstance(judgement, gate.Judgement)
        assert [one.element for one in judgement.found] == ["HS_NHAN", "HS_GQ"]
        assert "CB-T" not in queries.current().forms

    def test_reasons_do_not_open_a_form_that_is_wholly_held(
        self, catalogue: Catalogue, cast: Cast, world: World
    ) -> None:
        with pytest.raises(Refusal) as caught:
            publish(cast.office, world["66"], asking("HS_NHAN", kind="quarter", whys={"HS_NHAN": WHY}))
        assert caught.value.code == "gate.held"

    def test_held_cells_among_new_ones_must_go(self, catalogue: Catalogue, cast: Cast, world: World) -> None:
        content = asking("HS_NHAN", new=True, whys={"HS_NHAN": WHY})
        scope, draft = scope_of(cast.office), drafted(cast.office, world["66"], content)
        with pytest.raises(Refusal) as caught:
            actions.publish(by=cast.office, scope=scope, draft_id=draft, seen=2)
        assert caught.value.code == "gate.cells"
        actions.save(by=cast.office, scope=scope, draft_id=draft, content=asking(new=True), seen=2)
        assert actions.publish(by=cast.office, scope=scope, draft_id=draft, seen=3).number == 1

    def test_what_follows_from_months_may_stay_with_a_reason(
        self, catalogue: Catalogue, cast: Cast, world: World
    ) -> None:
        with pytest.raises(Refusal) as caught:
            publish(cast.office, world["66"], asking("HS_NHAN", new=True, kind="quarter"))
        assert caught.value.code == "gate.cells"
        content = asking("HS_NHAN", new=True, kind="quarter", whys={"HS_NHAN": WHY})
        form = publish(cast.office, world["66"], content)
        assert [cell.why for cell in form.cells] == [WHY, ""]

    def test_a_revision_is_not_judged_against_itself(
        self, catalogue: Catalogue, cast: Cast, world: World
    ) -> None:
        publish(cast.office, world["66"], asking(new=True))
        longer = right(new=[], deadline_days="8")
        assert publish(cast.office, world["66"], longer, form="CB-T").number == 2


@pytest.mark.parametrize(
    ("start", "end", "kind", "adds", "keys"),
    [
        (date(2026, 9, 15), date(2026, 10, 15), Kind.MONTH, Adds.NONE, ["2026-10"]),
        (date(2026, 8, 15), date(2026, 10, 15), Kind.MONTH, Adds.SUM, ["2026-09", "2026-10"]),
        (date(2026, 8, 15), date(2026, 10, 15), Kind.MONTH, Adds.NONE, []),
        (date(2026, 8, 14), date(2026, 10, 15), Kind.MONTH, Adds.SUM, []),
        (date(2026, 8, 15), date(2026, 10, 14), Kind.MONTH, Adds.SUM, []),
        (date(2026, 8, 1), date(2026, 10, 15), Kind.MONTH, Adds.LAST, ["2026-10"]),
        (date(2026, 10, 1), date(2026, 10, 15), Kind.MONTH, Adds.LAST, []),
        (date(2026, 10, 1), date(2026, 10, 15), Kind.CAMPAIGN, Adds.SUM, []),
    ],
)
def test_the_periods_from_which_a_window_follows(
    start: date, end: date, kind: Kind, adds: Adds, keys: list[str]
) -> None:
    assert [one.key for one in gate.tiles_of(start, end, kind, Rule.DECREE09, adds)] == keys


def test_who_owes_a_form_is_counted_by_list_and_by_dates(
    catalogue: Catalogue, cast: Cast, world: World
) -> None:
    """C1: expected is units × periods that were really obliged, by list and by dates, never more."""
    content = asking(new=True, units="24505 22015", kinds=[], obliged_to="14/12/2026")
    form: Form = publish(cast.office, world["66"], content)
    assert [one.code for one in gate.owing(form, date(2026, 11, 14))] == ["22015", "24505"]
    assert gate.owing(form, date(2026, 12, 14)) != ()
    assert gate.owing(form, date(2026, 12, 15)) == ()
    assert gate.owing(form, date(2026, 10, 14)) == ()
