"""The database refuses to change the log, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from haicap.audit import actions, guards
from haicap.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_id() -> int:
    return actions.record(by="system:test", action="test.done", object="thing:1", reason="because")


REWRITES = [
    "UPDATE audit_event SET action = 'other' WHERE id = %s",
    "UPDATE audit_event SET at = at WHERE id = %s",
    "DELETE FROM audit_event WHERE id = %s",
]


@pytest.mark.parametrize("sql", REWRITES)
def test_sql_cannot_rewrite(event_id: int, sql: str) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [event_id])
    assert Event.objects.get(pk=event_id).action == "test.done"


def test_models_cannot_rewrite(event_id: int) -> None:
    event = Event.objects.get(pk=event_id)
    event.reason = "better"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.all().update(by="somebody else")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.bulk_update([event], ["reason"])
    assert Event.objects.get(pk=event_id).reason == "because"


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite has INSERT OR REPLACE")
def test_replace_is_no_way_round(event_id: int) -> None:
    sql = (
        "INSERT OR REPLACE INTO audit_event (id, at, by, action, object, reason, detail) "
        "SELECT id, at, by, 'other', object, reason, detail FROM audit_event WHERE id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [event_id])
    assert Event.objects.get(pk=event_id).action == "test.done"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL has TRUNCATE")
def test_truncate_is_no_way_round(event_id: int) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE audit_event CASCADE")
    assert Event.objects.filter(pk=event_id).exists()


def test_an_id_of_ones_own_is_taken_once(event_id: int) -> None:
    twin = Event.objects.get(pk=event_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_without_the_guards_the_rewriting_works(event_id: int) -> None:
    """Proves that the tests above fail when the triggers are gone."""
    guards.remove(connection)
    Event.objects.filter(pk=event_id).update(action="other")
    assert Event.objects.get(pk=event_id).action == "other"
    guards.install(connection)
    guards.install(connection)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event_id).update(action="again")


@pytest.mark.django_db(transaction=True)
def test_transactional_tests_leave_the_guards_in_place() -> None:
    with transaction.atomic():
        actions.record(by="system:test", action="test.done", object="thing:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.all().delete()
