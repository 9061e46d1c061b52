"""Mergers and splits: what is known is carried, what is unknown is not guessed (case C9)."""

from collections.abc import Iterator
from datetime import date

import pytest

from haicap.core.clock import frozen
from haicap.units import lineage, queries
from haicap.units.actions import RegisterReport
from haicap.units.register import current

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with frozen("2026-11-25T09:00"):
        yield


def test_every_old_commune_lives_on_and_every_new_one_has_a_past(register: RegisterReport) -> None:
    everything = current()
    new = [c for p in queries.provinces() for c in queries.communes(p.id)]
    assert all(everything.into[commune.id] for commune in new)
    old = [c for p in queries.provinces(BEFORE) for c in queries.children(p.id, BEFORE)]
    assert len(old) == 10_040
    assert all(everything.out_of[commune.id] for commune in old)
    for commune in old[::200]:
        assert lineage.today_of(commune.id)


def test_shares_are_one_for_whole_moves_and_unknown_for_splits(register: RegisterReport) -> None:
    old = [c for p in queries.provinces(BEFORE) for c in queries.children(p.id, BEFORE)]
    edges, whole, split = current().out_of, 0, 0
    for commune in old:
        shares = [share for _old, _new, _on, share in edges[commune.id]]
        if len(shares) == 1:
            whole += 1
            assert shares == [1]
        else:
            split += 1
            assert set(shares) == {None}
    assert (whole, split) == (9569, 471)


def test_a_merged_unit_is_recast_from_its_whole_parts(register: RegisterReport) -> None:
    place = queries.by_code("24505")
    recast = lineage.as_today([place.id], BEFORE)[place.id]
    assert recast.is_recast
    assert recast.parts is not None
    olds = [queries.by_id(part.unit_id) for part in recast.parts]
    assert "24505" in {old.code for old in olds}
    assert all(old.valid_to == AFTER for old in olds)
    assert {part.share for part in recast.parts} == {1.0}


def test_a_unit_with_a_split_part_is_not_available(register: RegisterReport) -> None:
    old = next(
        c
        for p in queries.provinces(BEFORE)
        for c in queries.children(p.id, BEFORE)
        if len(lineage.successors(c.id)) > 1
    )
    for link in lineage.successors(old.id):
        recast = lineage.as_today([link.new.id], BEFORE)[link.new.id]
        assert not recast.available
        assert old.id in recast.unknown


def test_a_ward_of_dong_nai_reaches_through_two_changes(register: RegisterReport) -> None:
    ward = queries.by_code("26485")
    before = lineage.as_today([ward.id], date(2026, 1, 15))[ward.id]
    assert before.parts is not None
    (part,) = before.parts
    assert queries.by_id(part.unit_id).full_name == "Xã Nhơn Trạch"
    earlier = lineage.as_today([ward.id], BEFORE)[ward.id]
    steps = {link.old.code for link in lineage.predecessors(part.unit_id)}
    if earlier.parts is not None:
        assert {queries.by_id(p.unit_id).code for p in earlier.parts} == steps
    else:
        assert {queries.by_id(id).code for id in earlier.unknown} <= steps


def test_as_it_is_today_and_as_reported(register: RegisterReport) -> None:
    place = queries.by_code("24505")
    now = lineage.as_today([place.id], date(2026, 10, 1))[place.id]
    assert not now.is_recast
    assert now.parts == (lineage.Part(place.id, 1.0),)
    reported = lineage.as_reported([place.id], BEFORE)[place.id]
    assert not reported.available


def test_the_provinces_were_merged_whole(register: RegisterReport) -> None:
    dak_lak = queries.by_code("66", level=1)
    links = lineage.predecessors(dak_lak.id)
    assert {(link.old.code, link.share) for link in links} == {("66", 1.0), ("54", 1.0)}
    assert [p.code for p in lineage.today_of(queries.by_code("54", BEFORE, level=1).id)] == ["66"]


def test_parts_of_an_old_province_are_not_parts_of_the_merged_one(register: RegisterReport) -> None:
    dak_lak = queries.by_code("66", level=1)
    assert queries.children(dak_lak.id, BEFORE) == ()
    old = queries.by_code("66", BEFORE, level=1)
    assert len(queries.children(old.id, BEFORE)) > 150


def test_history_tells_both_changes_of_a_ward_of_dong_nai(register: RegisterReport) -> None:
    ward = queries.by_code("26485")
    newest, first = lineage.history(ward.id)
    assert (newest.new.id, newest.on, newest.act) == (
        ward.id,
        date(2026, 4, 30),
        "Nghị quyết 237/NQ-UBTVQH16",
    )
    assert [link.old.full_name for link in newest.links] == ["Xã Nhơn Trạch"]
    assert first.new.full_name == "Xã Nhơn Trạch"
    assert first.on == AFTER
    assert len(first.links) > 1
    (single,) = lineage.history(queries.by_code("24505").id)
    assert single.links == lineage.predecessors(queries.by_code("24505").id)
    assert lineage.history(single.links[0].old.id) == ()
