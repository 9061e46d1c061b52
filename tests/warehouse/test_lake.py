"""The lake: the same rows as the store, whole or not at all, and the count grammar in a notebook."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import haicap
from haicap.core.errors import Refusal
from haicap.warehouse import dictionary, lake, manifest, pins
from haicap.warehouse.queries.all_indicators import Asked, all_indicators
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.world import Land

pytestmark = pytest.mark.django_db
MONTHS = ["2026-08", "2026-09", "2026-10"]
COMMUNES = ["24505", "22015", "24133"]


@pytest.fixture
def written(land: Land, tmp_path: Path) -> Path:
    lake.write(tmp_path / "lake")
    return tmp_path / "lake"


def test_c18_as_many_rows_as_in_the_store(written: Path) -> None:
    """What is exported is neither cut nor doubled, and the dictionary says how many rows there are."""
    held = store().current().manifest
    assert held is not None
    package = json.loads((written / "current" / "datapackage.json").read_text("utf-8"))
    assert package["haicap"]["snapshot"] == held.id
    for one in package["resources"]:
        paths = [str(written / "current" / path) for path in one["path"]]
        counted = len(duckdb.read_parquet(paths)) if paths else 0
        assert counted == one["haicap"]["rows"]
        stored = sum(entry.rows for entry in held.files if entry.table == one["name"])
        if one["name"] in ("values", "obligations", "dossiers"):
            assert counted == stored
        for path, print in one["haicap"]["sha256"].items():
            assert manifest.checksum(written / "current" / path) == print
        for field in one["schema"]["fields"]:
            assert all(field["description"][lang] for lang in ("vi", "en", "bn"))


def test_ratios_are_those_of_the_product(land: Land, written: Path) -> None:
    db = haicap.open(written)
    places = {land.place(code).id: code for code in COMMUNES}
    for code in ("CQ01", "CQ02", "CQ15", "KT03"):
        one = land.catalogue.indicators[code]
        asked = {code: Asked(one.numerator_terms, one.denominator_terms)}
        rows = db.ratio(code, units=COMMUNES, periods=MONTHS).fetchall()
        assert len(rows) == 9
        for month in MONTHS:
            ours = all_indicators(asked, list(places), month, rule=one.rule)[code]
            for id, name in places.items():
                (row,) = [row for row in rows if row[:2] == (name, month)]
                ratio = ours.get(id)
                whole = ratio is not None and ratio.numerator is not None
                assert row[2] == (ratio.numerator if whole and ratio else None), (code, name, month)


def test_c7_ratios_of_many_units_are_recomputed(written: Path) -> None:
    db = haicap.open(written)
    apart = db.ratio("CQ01", units=COMMUNES, periods=["2026-08"]).fetchall()
    (row,) = db.ratio("CQ01", units=COMMUNES, periods=["2026-08"], together=True).fetchall()
    assert row[1:3] == (sum(one[2] for one in apart), sum(one[3] for one in apart))
    assert float(row[3]) == pytest.approx(float(100 * Decimal(row[1]) / Decimal(row[2])))
    assert row[4:] == (3, 3)


def test_missing_is_no_zero_and_says_so(written: Path) -> None:
    (row,) = haicap.open(written).ratio("CQ01", units=["24133"], periods=["2026-10"]).fetchall()
    assert row[2:] == (None, None, None, 0, 1)


def test_what_may_not_be_added_is_refused(land: Land, written: Path) -> None:
    db = haicap.open(written)
    stock = next(one.code for one in land.catalogue.elements.values() if one.measure.over_time == "last")
    with pytest.raises(Refusal) as refused:
        db.total(stock, over="time", units=COMMUNES, periods=MONTHS)
    assert refused.value.code == "counts.forbidden"
    with pytest.raises(Refusal) as refused:
        db.table("values", units=["99999"])
    assert refused.value.code == "lake.code"
    with pytest.raises(Refusal) as refused:
        haicap.open(written.parent)
    assert refused.value.code == "lake.none"


def test_a_code_means_who_bears_it_then(land: Land, written: Path) -> None:
    """24505 is an old and a new unit: facts of each are found under its own days alone."""
    db = haicap.open(written)
    new = land.place("24505")
    db.db.execute("CREATE TEMP TABLE held AS SELECT * FROM units")
    db.db.execute("DROP VIEW units")
    # the new one begins in September, and an old one of the same code ends
    old = land.place("22015").id
    db.db.execute(
        f"CREATE VIEW units AS SELECT * REPLACE ("
        f"CASE WHEN id = {old} THEN '24505' ELSE code END AS code, "
        f"CASE WHEN id = {new.id} THEN DATE '2026-09-01' ELSE valid_from END AS valid_from, "
        f"CASE WHEN id = {old} THEN DATE '2026-09-01' ELSE valid_to END AS valid_to) FROM held"
    )
    asked = {"units": ["24505"], "periods": MONTHS, "elements": ["HS_NHAN"]}
    found = {row[-1]: row[-2] for row in db.table("values", **asked).select("unit_id, period").fetchall()}
    assert found == {"2026-08": old, "2026-09": new.id, "2026-10": new.id}
    for day, unit in ((date(2026, 8, 1), old), (date(2026, 9, 1), new.id)):
        rows = db.table("values", **asked, on=day).select("unit_id").distinct().fetchall()
        assert rows == [(unit,)]
    told = {period: db.total("HS_NHAN", over="units", units=["24505"], periods=[period]) for period in MONTHS}
    for period, rows in told.items():
        unit = old if period == "2026-08" else new.id
        ((number,),) = db.sql(
            "SELECT number FROM \"values\" JOIN elements ON elements.id = element_id "
            "WHERE elements.code = 'HS_NHAN' AND unit_id = $unit AND period = $period",
            unit=unit, period=period,
        ).fetchall()  # fmt: skip
        assert rows.fetchall() == [(period, number, 1, 1)]
    with pytest.raises(Refusal) as refused:
        db.ratio("CQ01", units=["24133"], periods=MONTHS, on=date(1900, 1, 1))
    assert refused.value.code == "lake.code"


def test_tables_are_cut_to_what_was_asked(written: Path) -> None:
    db = haicap.open(written)
    found = db.table("values", units=["24505"], periods=["2026-10"], elements=["HS_NHAN"])
    assert found.columns[:3] == ["element", "unit", "unit_id"]
    assert {row[:2] for row in found.fetchall()} == {("HS_NHAN", "24505")}
    assert found.to_arrow_table().num_rows == 1
    assert len(db.table("obligations")) == db.tables["obligations"]


def test_a_lake_is_read_without_the_product(written: Path) -> None:
    """No settings, no Django: what a notebook has."""
    code = (
        "import sys, haicap; db = haicap.open(sys.argv[1]); "
        "print(len(db.table('values')), 'django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(written)], capture_output=True, text=True, check=True, env={}
    )
    assert done.stdout.split() == [str(haicap.open(written).tables["values"]), "False"]


def test_writing_again_keeps_the_one_before_and_no_more(written: Path) -> None:
    first = haicap.open(written)
    assert lake.write(written).path != first.path
    assert len(first.table("values")) == first.tables["values"], "who reads the one before goes on reading"
    last = [lake.write(written) for _ in range(3)][-1]
    assert haicap.open(written).path == last.path
    assert sum((one / "datapackage.json").exists() for one in written.iterdir() if not one.is_symlink()) == 2
    assert not list(written.glob(".building-*"))


def test_csv_and_some_tables(land: Land, tmp_path: Path) -> None:
    made = lake.write(tmp_path, tables=["obligations"], format="csv")
    assert set(made.rows) == {"obligations", *dictionary.DIMENSIONS}
    assert len(haicap.open(tmp_path).table("obligations")) == made.rows["obligations"]
    for tables, format, code in ((["nothing"], "csv", "lake.table"), ([], "xls", "lake.format")):
        with pytest.raises(Refusal) as refused:
            lake.write(tmp_path, tables=tables, format=format)
        assert refused.value.code == code
        assert "%(" not in str(refused.value)


def test_a_pinned_snapshot_is_exported_whatever_came_since(land: Land, tmp_path: Path) -> None:
    pinned = pins.pin(by="system:test", name="nam-2026")
    refresh(everything=True)
    assert lake.write(tmp_path, pin="nam-2026").snapshot == pinned
    assert lake.write(tmp_path).snapshot != pinned
    with pytest.raises(Refusal) as refused:
        lake.write(tmp_path, pin="khong-co")
    assert refused.value.code == "lake.empty"


def test_a_killed_export_leaves_the_lake_of_before(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was half made is swept by the next one; see tests/soak for real kills."""
    before = haicap.open(written)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("_linked", "_write", "_named"):
        with monkeypatch.context() as at_step:
            at_step.setattr(lake, step, crash)
            with pytest.raises(KeyboardInterrupt):
                lake.write(written)
        assert haicap.open(written).path == before.path
        assert len(haicap.open(written).table("values")) == before.tables["values"]
    lake.write(written)
    assert not list(written.glob(".building-*"))


def test_a_year_that_did_not_change_is_the_same_file(written: Path) -> None:
    """Nothing is written twice; a file that somebody changed in the lake before is not taken over."""
    first = haicap.open(written).path
    years = [one.relative_to(first) for one in first.rglob("year=*/*.parquet")]
    second = lake.write(written).path
    assert years
    assert all((first / one).samefile(second / one) for one in years)
    (second / years[0]).unlink()
    (second / years[0]).write_bytes(b"no longer Parquet")
    third = lake.write(written).path
    assert [(second / one).samefile(third / one) for one in years] == [False] + [True] * (len(years) - 1)
    db = haicap.open(written)
    assert {name: len(db.table(name)) for name in ("values", "obligations")} == {
        name: db.tables[name] for name in ("values", "obligations")
    }


def test_other_formats_share_no_files(written: Path) -> None:
    made = lake.write(written, format="csv")
    assert {one.suffix for one in made.path.rglob("part-0.*")} == {".csv"}


def test_what_somebody_else_keeps_beside_it_stays(written: Path) -> None:
    """A directory with a data package of another maker is nobody's to sweep, however old."""
    theirs = written / "theirs"
    theirs.mkdir()
    (theirs / "datapackage.json").write_text('{"name": "rainfall", "resources": []}', "utf-8")
    (written / "odd").mkdir()
    (written / "odd" / "datapackage.json").write_text("not json", "utf-8")
    for _ in range(3):
        lake.write(written)
    assert {"theirs", "odd"} <= {one.name for one in written.iterdir()}


def test_a_snapshot_is_exported_by_its_id_while_its_files_are_there(land: Land, tmp_path: Path) -> None:
    before = store().current().manifest
    assert before is not None
    refresh(everything=True)
    assert lake.write(tmp_path, snapshot=before.id).snapshot == before.id
    with pytest.raises(Refusal) as refused:
        lake.write(tmp_path, snapshot="0000000000")
    assert refused.value.code == "lake.empty"
