"""Recording and consuming."""

from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from haicap.audit import actions, queries
from haicap.audit.actions import Entry, Slice
from haicap.core import clock

SLICE = Slice(room="reporting", form="CQS-T", period="2026-10", unit_id=7)


@dataclass(frozen=True)
class Person:
    ref: str


@pytest.mark.django_db
def test_an_event_and_its_slices_are_written_together() -> None:
    other = Slice(room="reporting", form="CQS-T", period="2026-11", unit_id=7)
    with clock.frozen("2026-11-15T09:00") as now:
        event = actions.record(
            by=Person("user:12"),
            action="report.submitted",
            object="report:881",
            detail={"cycle": 1},
            reason="đúng hạn",
            slices=[SLICE, other],
        )
    (row,) = queries.history("report:881")
    assert (row.id, row.by, row.action, row.reason) == (event, "user:12", "report.submitted", "đúng hạn")
    assert row.detail == {"cycle": 1}
    assert row.at == now
    assert [one.slice for one in queries.pending()] == [SLICE, other]
    assert {one.at for one in queries.pending()} == {now}


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_neither_event_nor_slice() -> None:
    with transaction.atomic():
        actions.record(by="system:test", action="a", object="o:1", slices=[SLICE])
        assert len(queries.pending()) == 1
        transaction.set_rollback(True)
    assert queries.history("o:1") == []
    assert queries.pending() == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        actions.record(by="system:test", action="a", object="o:1")
    assert queries.history("o:1") == []


@pytest.mark.django_db
def test_nobody_is_not_an_actor() -> None:
    with pytest.raises(ValueError, match="who did it"):
        actions.record(by="", action="a", object="o:1")
    with pytest.raises(ValueError, match="who did it"):
        actions.record(by=Person(""), action="a", object="o:1")


@pytest.mark.django_db
def test_consuming_deletes_only_what_was_read() -> None:
    actions.record(by="system:test", action="a", object="o:1", slices=[SLICE] * 6)
    ids = [row.id for row in queries.pending()]
    late = actions.record(by="system:test", action="a", object="o:1", slices=[SLICE])
    actions.consume(ids=[ids[0], ids[1], ids[2], ids[4]])
    left = [row.id for row in queries.pending()]
    assert left[:2] == [ids[3], ids[5]]
    assert len(left) == 3
    assert late > 0
    actions.consume(ids=[])
    actions.consume(ids=[ids[0], 10**9])
    assert [row.id for row in queries.pending()] == left


@given(st.sets(st.integers(1, 60)), st.lists(st.integers(1, 60)))
def test_runs_hold_exactly_the_ids_given(first: set[int], more: list[int]) -> None:
    ids = [*first, *more]
    covered = [n for low, high in actions._runs(ids) for n in range(low, high + 1)]
    assert covered == sorted(set(ids))


@pytest.mark.django_db
def test_a_hundred_thousand_tokens_take_few_statements() -> None:
    """One import of a province: statements grow with the thousands, not with the rows."""
    many = [Slice(room="reporting", form="CQS-T", period="2026-10", unit_id=n) for n in range(100_000)]
    with CaptureQueriesContext(
        connection,
    ) as writing:
        actions.record(by="system:test", action="values.imported", object="import:1", slices=many)
    assert len(writing) < 2_000
    ids = [row.id for row in queries.pending()]
    assert len(ids) == 100_000
    assert len(queries.pending(limit=10)) == 10
    with CaptureQueriesContext(connection) as deleting:
        actions.consume(ids=ids)
    assert len(deleting) < 20
    assert queries.pending_count() == 0


@pytest.mark.django_db
def test_many_events_keep_their_order_and_their_slices() -> None:
    entries = [
        Entry(
            action="report.accepted",
            object=f"report:{n}",
            detail={"n": n},
            slices=(Slice("reporting", "CQS-T", "2026-10", n),),
        )
        for n in range(2_500)
    ]
    with CaptureQueriesContext(connection) as writing:
        ids = actions.record_many(by="system:test", entries=iter(entries))
    assert len(writing) < 100
    assert ids == sorted(ids)
    assert len(set(ids)) == 2_500
    assert queries.history("report:1234")[0].id == ids[1234]
    assert [row.slice.unit_id for row in queries.pending()] == list(range(2_500))


@pytest.mark.django_db
def test_history_is_newest_first_and_of_one_object() -> None:
    for n in range(5):
        actions.record(by="user:1", action=f"step.{n}", object="report:8")
    actions.record(by="user:2", action="other", object="report:88")
    assert [row.action for row in queries.history("report:8", limit=3)] == ["step.4", "step.3", "step.2"]
    assert [row.object for row in queries.done_by("user:2")] == ["report:88"]
