"""The plan of an act: what is wrong with it is said at its place; loading the list again undoes no act."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import actions, mergers, merging, queries
from haicap.units.actions import RegisterReport, load_register
from haicap.units.merging import Gift, NewUnit, Plan, problems, shares_of

DAY = date(2026, 11, 20)
BY = "system:test"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen("2026-11-25T09:00"):
        yield


def plan(*codes: str, **amounts: str) -> Plan:
    """The communes with these codes go to k1, k2 … as said by `amounts`; by default whole to k1."""
    olds = tuple(queries.by_code(code, level=2).id for code in codes)
    keys = list(amounts) or ["k1"]
    free = [NewUnit(key, f"9990{i}", "xa", f"Mới {i}") for i, key in enumerate(keys, start=1)]
    return Plan(olds, tuple(free), {old: Gift(amounts=amounts or {"k1": ""}) for old in olds})


def wrong(made: Plan, act: str = "NQ 1", on: date | None = DAY) -> dict[str, str]:
    owner = queries.by_code("66", level=1)
    return {problem.place: problem.message for problem in problems(made, act, on, owner)}


def test_a_whole_plan_has_no_problems(register: RegisterReport) -> None:
    assert wrong(plan("24505", "24490")) == {}


@pytest.mark.parametrize(
    ("new", "place"),
    [
        (NewUnit("k1", "2450", "xa", "Mới"), "k1.code"),
        (NewUnit("k1", "22015", "xa", "Mới"), "k1.code"),
        (NewUnit("k1", "99901", "xa", ""), "k1.name"),
        (NewUnit("k1", "99901", "xa", "Dài" * 50), "k1.name"),
        (NewUnit("k1", "99901", "tinh", "Mới"), "k1.kind"),
    ],
)
def test_a_new_unit_that_cannot_be(register: RegisterReport, new: NewUnit, place: str) -> None:
    made = plan("24505")
    assert place in wrong(Plan(made.olds, (new,), made.gifts))


def test_what_is_missing_is_named(register: RegisterReport) -> None:
    assert set(wrong(Plan(), "", None)) == {"act", "on", "olds", "news"}
    assert "on" in wrong(plan("24505"), on=date(2025, 7, 1))
    stranger = queries.by_code("00466", level=2).id
    assert "olds" in wrong(Plan((stranger,), plan("24505").news, {stranger: Gift(amounts={"k1": ""})}))
    nothing = Plan(plan("24505").olds, plan("24505").news, {})
    assert {name.split(".")[0] for name in wrong(nothing)} == {"give", "fed"}


def test_the_code_of_a_unit_in_the_act_may_pass_on(register: RegisterReport) -> None:
    made = plan("24505")
    new = NewUnit("k1", "24505", "phuong", "Ea Knuếc")
    assert wrong(Plan(made.olds, (new,), made.gifts)) == {}


@pytest.mark.parametrize(
    ("amounts", "basis", "shares"),
    [
        ({"k1": "60", "k2": "40"}, "percent", ["0.6", "0.4"]),
        ({"k1": "1", "k2": "1", "k3": "1"}, "people", ["0.33333334", "0.33333333", "0.33333333"]),
        ({"k1": "12,5", "k2": "37,5"}, "area", ["0.25", "0.75"]),
        ({"k1": "", "k2": ""}, "percent", [None, None]),
    ],
)
def test_parts_become_shares_that_sum_to_one(
    register: RegisterReport, amounts: dict[str, str], basis: str, shares: list[str | None]
) -> None:
    made = plan("24505", **amounts)
    (old,) = made.olds
    found = shares_of(Plan(made.olds, made.news, {old: Gift(basis, amounts)}), old)
    assert [one.share for one in found] == [None if x is None else Decimal(x) for x in shares]
    known = [one.share for one in found if one.share is not None]
    assert not known or sum(known) == 1


@pytest.mark.parametrize("amounts", [{"k1": "60", "k2": "30"}, {"k1": "60", "k2": ""}, {"k1": "x", "k2": "1"},
                                     {"k1": "-1", "k2": "101"}])  # fmt: skip
def test_parts_that_cannot_be_read_are_refused_at_their_unit(
    register: RegisterReport, amounts: dict[str, str]
) -> None:
    made = plan("24505", **amounts)
    with pytest.raises(Refusal) as refused:
        merging.shares(made)
    assert refused.value.place == f"give.{made.olds[0]}"


def test_the_amount_is_read_in_the_language_it_was_typed_in(register: RegisterReport) -> None:
    made = plan("24505", k1="1.5", k2="98.5")
    (old,) = made.olds
    english = Plan(made.olds, made.news, {old: Gift("percent", {"k1": "1.5", "k2": "98.5"}, "en")})
    assert shares_of(english, old)[0].share == Decimal("0.015")


def test_loading_the_list_again_does_not_bring_back_what_an_act_has_ended(register: RegisterReport) -> None:
    owner = queries.by_code("66", level=1)
    id = actions.draft(by=BY, owner_id=owner.id)
    made = plan("24505", "24490")
    actions.write(by=BY, merger_id=id, act="NQ 1", on=DAY, plan=made)
    actions.hand_in(by=BY, merger_id=id)
    change = actions.enact(by="system:leader", merger_id=id)
    again = load_register(by=BY)
    assert again.updated == 0
    assert {queries.by_id(old).valid_to for old in made.olds} == {DAY}
    assert mergers.by_id(id).ids == change.ids
    actions.take_back(by="system:leader", merger_id=id, reason="chỉ là thử")
    assert queries.by_code("24505", level=2).id == made.olds[0]
