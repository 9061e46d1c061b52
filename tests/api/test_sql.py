"""The SQL door: one SELECT, over the units of the key, and nothing else whatever is tried."""

import json
import os
import resource
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from haicap.api import actions
from haicap.audit.models import Event
from haicap.warehouse import doors
from haicap.warehouse.building import BUILDING
from tests.cast import BY
from tests.world import Land

pytestmark = [pytest.mark.once, pytest.mark.django_db]
ADDRESS = "/api/sql/v1/query"


def key_for(land: Land, unit: str, sql: bool = True) -> str:
    return actions.issue_key(by=BY, label="BI", unit_id=land.world[unit], sql=sql).text


@pytest.fixture
def key(land: Land) -> str:
    return key_for(land, "24505")


def ask(key: str, sql: str, format: str = "jsonl") -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return Client().post(f"{ADDRESS}?format={format}", sql, content_type="text/plain", headers=headers)


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in answer.getvalue().decode().splitlines()]


def test_who_may_ask(land: Land) -> None:
    assert ask("", "SELECT 1").status_code == 401
    assert ask(key_for(land, "66", sql=False), "SELECT 1").status_code == 403
    assert Client().get(ADDRESS).status_code == 405
    assert rows(ask(key_for(land, "66"), "SELECT 1 AS one")) == [{"one": 1}]


@pytest.mark.parametrize(("unit", "seen"), [("24505", {"24505"}), ("66", {"24505", "22015", "24133"})])
def test_only_units_of_the_key(land: Land, unit: str, seen: set[str]) -> None:
    """Facts, obligations and even the list of units end at the key's unit; dimensions are joined by id."""
    key = key_for(land, unit)
    question = 'SELECT DISTINCT u.code AS code FROM "{}" f LEFT JOIN units u ON u.id = f.unit_id'
    assert {row["code"] for row in rows(ask(key, question.format("values")))} <= seen
    assert {row["code"] for row in rows(ask(key, question.format("obligations")))} == seen
    assert {row["code"] for row in rows(ask(key, "SELECT code FROM units"))} - {"66"} == seen
    tables = rows(ask(key, "SELECT table_catalog || table_name AS t FROM information_schema.tables"))
    assert len(tables) == 8


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH '/etc/passwd' AS x",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "PRAGMA database_list",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT 1; SELECT 2",
        'UPDATE "values" SET number = 0',
        'DELETE FROM "values"',
        "CREATE TABLE mine AS SELECT 1",
        "EXPORT DATABASE 'x'",
        "CALL pragma_version()",
        "EXPLAIN ANALYZE SELECT 1",
        "SELEC 1",
        "SELECT * FROM nowhere",
        "",
        "SELECT " + "1," * 20_000 + "1",
    ],
)
def test_whatever_else_is_tried_is_refused(key: str, sql: str) -> None:
    answer = ask(key, sql)
    assert answer.status_code == 400, answer
    told = answer.json()
    assert told["code"] in {"sql.statement", "sql.wrong", "sql.machine"}
    assert "/etc" not in told["message"]


def test_a_question_without_end_is_given_up(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
    deaf = "SELECT length(list_aggregate(range(30000000), 'string_agg', ','))"
    with monkeypatch.context() as soon:
        soon.setattr(doors.asked, "__kwdefaults__", {"seconds": 1.0})
        for question in (bomb, deaf):
            assert ask(key, question).json()["code"] in {"sql.slow", "sql.memory"}
    assert rows(ask(key, "SELECT 1 AS one")) == [{"one": 1}]


def test_what_is_too_large_takes_nothing_from_the_server(key: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for large in ("SELECT length(repeat('x', 1200000000))", "SELECT repeat('x', 900000) FROM range(5000)"):
        answer = ask(key, large, "csv")
        assert (answer.status_code, answer.json()["code"]) == (400, "sql.memory")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize(
    "question",
    [
        "SELECT path FROM duckdb_databases()",
        'SELECT * FROM "DuckDB_Databases"',
        "SELECT * FROM pragma_database_list",
        "SELECT current_setting('allowed_paths')",
        "SELECT * FROM query('SELECT path FROM duck' || 'db_databases()')",
    ],
)
def test_where_the_product_lies_is_not_told(key: str, question: str) -> None:
    told = ask(key, question)
    assert (told.status_code, told.json()["code"]) == (400, "sql.machine")


def test_c18_a_big_answer_comes_whole_in_each_format(key: str) -> None:
    question = "SELECT range AS n, 'chữ' AS text, [1, 2] AS list FROM range(30000)"
    assert len(rows(ask(key, question))) == 30_000
    lines = ask(key, question, "csv").getvalue().decode().splitlines()
    assert (len(lines), lines[0], lines[-1]) == (30_001, '"n","text","list"', '29999,"chữ","[1, 2]"')
    table = pa.ipc.open_stream(ask(key, question, "arrow").getvalue()).read_all()
    assert (table.num_rows, table.column_names) == (30_000, ["n", "text", "list"])
    assert ask(key, "SELECT 1", "xml").status_code == 400
    assert ask(key, "SELECT 1 AS a WHERE false", "csv").getvalue() == b'"a"\n'


def test_one_question_at_a_time_and_every_one_is_noted(key: str) -> None:
    first = ask(key, "SELECT range FROM range(20000)")
    second = ask(key, "SELECT 1")
    assert (second.status_code, second["Retry-After"]) == (429, "1")
    assert len(first.getvalue()) > 0
    assert ask(key, "SELECT 1").status_code == 200
    assert Event.objects.filter(action="api.sql").count() == 2
    assert "SELECT" not in json.dumps(list(Event.objects.filter(action="api.sql").values("detail")))


def test_json_body_and_bad_bodies(key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    good = Client().post(ADDRESS, {"sql": "SELECT 7 AS n"}, content_type="application/json", headers=headers)
    assert good.getvalue() == b'"n"\n7\n'
    for body in ("[]", "{", '{"sql": 1}', '{"sql": "SELECT 1", "x": 2}'):
        bad = Client().post(ADDRESS, body, content_type="application/json", headers=headers)
        assert bad.status_code == 400


@pytest.mark.parametrize("format", ["csv", "jsonl", "arrow"])
def test_every_kind_of_value_has_a_place_or_is_refused_before_the_first_byte(key: str, format: str) -> None:
    kinds = (
        "SELECT TIME '12:00' AS t, INTERVAL 1 DAY AS i, '00000000-0000-0000-0000-000000000000'::UUID AS u, "
        "170141183460469231731687303715884105727::HUGEINT AS h, 'a'::BLOB AS b, '101'::BIT AS bits, "
        "TIMESTAMPTZ '2020-01-01' AS tz, {'a': 1} AS s, NULL AS n, true AS yes, 1.5::FLOAT AS f"
    )
    assert ask(key, kinds, format).status_code == 200
    assert ask(key, kinds, format).getvalue()
    endless = ask(key, "SELECT DATE 'infinity' AS d", format)
    assert endless.status_code in {200, 400}
    assert endless.getvalue() if endless.streaming else endless.json()["code"] == "sql.format"


def test_columns_of_one_name_are_not_lost(key: str) -> None:
    twins = "SELECT 1 AS a, 2 AS a"
    assert ask(key, twins, "csv").getvalue() == b'"a","a"\n1,2\n'
    assert ask(key, twins).json()["code"] == "sql.twins"
    assert ask(key, "SELECT 1").status_code == 200, "the refused one does not hold the door"


def test_files_that_go_away_meanwhile_are_made_again(key: str, settings: Any) -> None:
    """Another process may sweep the file between its making and its opening; a half of a crash is swept."""
    folder = Path(settings.WAREHOUSE_DIR) / doors.FOLDER
    assert rows(ask(key, "SELECT 1 AS one")) == [{"one": 1}]
    (made,) = folder.glob("*.duckdb")
    half = folder / f"{BUILDING}0.duckdb"
    half.touch()
    os.utime(half, (0, 0))
    made.unlink()
    assert rows(ask(key, "SELECT 1 AS one")) == [{"one": 1}]
    assert [one.name for one in folder.glob("*.duckdb")] == [made.name]
    made.write_bytes(b"")
    made.unlink()
    (Path(settings.WAREHOUSE_DIR) / "manifest.json").write_text("{")
    assert (ask(key, "SELECT 1").status_code, ask(key, "SELECT 1").json()["code"]) == (
        503,
        "warehouse.unavailable",
    )
