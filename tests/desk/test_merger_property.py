"""Whatever an act does, taking it back gives the same rows again; and maps join by code, whoever merges."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.accounts.scopes import scope_of
from haicap.api import actions as keys
from haicap.core import clock, periods
from haicap.desk.mergers import actions
from haicap.desk.mergers.rooms import preview
from haicap.desk.presenters import mapping
from haicap.insight.boards import SCORE
from haicap.insight.heatmap import heatmap
from haicap.reporting import actions as reporting
from haicap.units import mergers, queries
from haicap.units.merging import Gift, NewUnit, Plan
from tests.cast import BY, Cast, World
from tests.desk import merging
from tests.desk.merging import ACT, DAY, merged, sign, signed, split, undo
from tests.world import Land

OLDS = ("24505", "24133", "22015")
CODES = ("24505", "99001", "99002")


@pytest.fixture(name="in_october")
def _in_october() -> Iterator[None]:
    with clock.frozen("2026-10-27T10:00"):
        yield


@st.composite
def plans(draw: st.DrawFn, world: World) -> Plan:
    """One to three old units, each over one or more of up to three new ones, in known or unknown parts."""
    olds = draw(st.lists(st.sampled_from(OLDS), min_size=1, max_size=3, unique=True))
    # a code passes on only when the unit that bears it is in the act
    codes = [code for code in CODES if code not in OLDS or code in olds]
    chosen = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))
    news = tuple(
        NewUnit(f"k{i}", code, draw(st.sampled_from(("xa", "phuong"))), f"Mới {code}")
        for i, code in enumerate(chosen, start=1)
    )
    gifts = {}
    for position, old in enumerate(olds):
        every = [new.key for new in news]
        # the first gives to all, so that no new unit comes out of nothing
        to = every if position == 0 else draw(st.lists(st.sampled_from(every), min_size=1, unique=True))
        known = draw(st.booleans())
        amounts = {key: str(draw(st.integers(1, 900))) if known else "" for key in to}
        gifts[world[old]] = Gift(draw(st.sampled_from(("people", "area"))), amounts)
    return Plan(tuple(world[old] for old in olds), news, gifts)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_undo_of_carry_is_what_was_there(
    in_october: None, cast: Cast, world: World, data: st.DataObject
) -> None:
    """C9: every table of every room, row by row, whatever was decided."""
    if not keys_of(world):
        keys.issue_key(by=BY, label="Một cửa", unit_id=world["24505"])
    before = merging.everything()
    scope = scope_of(cast.office)
    id = actions.start(by=cast.office, scope=scope, owner_id=world["66"])
    plan = data.draw(plans(world))
    actions.write(by=cast.office, scope=scope, merger_id=id, act=ACT, on=DAY, plan=plan)
    choices = {
        actions.key_of(room, one): data.draw(st.sampled_from([option.value for option in one.options]))
        for room, answer in preview(mergers.by_id(id).change()).items()
        for one in answer.asks
    }
    actions.write(by=cast.office, scope=scope, merger_id=id, choices=choices)
    actions.hand_in(by=cast.office, scope=scope, merger_id=id)
    sign(cast.leader, id)
    assert merging.everything() != before
    undo(cast.leader, id)
    assert merging.everything() == before


def keys_of(world: World) -> bool:
    return "Một cửa" in merging.everything()["api.apikey"]


def test_c20_the_map_joins_by_code_and_names_what_has_no_cell(land: Land) -> None:
    """C20: a unit that keeps its code keeps its hexagon, a new code is named beside the map, and a board of
    a month before the act has the units of that month."""
    owner = land.place("66")
    before = heatmap(owner, periods.parse("2026-09"), SCORE)
    signed(land.cast, land.world, split(land.world, {"k1": "70", "k2": "30"}))
    after = heatmap(owner, periods.parse("2026-09"), SCORE)
    assert [(row.place.id, row.value, row.band) for row in after.rows] == [
        (row.place.id, row.value, row.band) for row in before.rows
    ]
    with clock.frozen("2026-11-16T09:00"):
        november = heatmap(owner, periods.parse("2026-11"), SCORE)
        assert {row.place.code for row in november.rows} == {"24505", "99001", "22015", "24133"}
        assert queries.by_code("99001").full_name in mapping.unplaced(november)


def test_the_office_of_the_new_unit_owes_the_month_that_closes_after_the_act(land: Land) -> None:
    signed(land.cast, land.world, merged(land.world))
    with clock.frozen("2026-11-16T09:00"):
        made = reporting.open_period(by=BY, form="CQS-T", period="2026-11")
        board = heatmap(land.place("66"), periods.parse("2026-11"), SCORE)
    assert (made, board.expected) == (2, 2)
