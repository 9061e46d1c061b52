"""Elements over records: definitions that hold, and every way in which one does not."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from haicap.catalogue import actions, gate, models, queries
from haicap.catalogue.derivations import Condition, Count, Derivation, Sign, Window, from_spec, to_spec
from haicap.catalogue.facttables import TABLES, Holds
from haicap.catalogue.packs.content import NewElement, PackContent
from haicap.core.counts import Adds, Measure
from haicap.core.errors import Refusal
from haicap.warehouse import tables as warehouse
from tests.cast import World

PACK = """
pack: {code: trial, owner: {code: "66", level: 1}}
measures:
  flow: {time: sum, units: sum, split: sum}
  stock: {time: last, units: sum, split: sum}
  distinct: {time: none, units: sum, split: sum}
counting_units:
  hồ sơ: {vi: hồ sơ, en: dossiers, bn: নথি}
elements:
  T_NHAN: {unit: hồ sơ, adds: flow, vi: Nhận, en: Received, bn: গৃহীত,
           derived: {over: dossiers, count: rows, window: received}}
  T_MO: {unit: hồ sơ, adds: stock, vi: Mở, en: Open, bn: খোলা,
         derived: {over: dossiers, count: rows, window: open_at_end,
                   where: {level: [full, part], fee: {more_than: 0}}}}
  T_TAY: {unit: hồ sơ, adds: flow, vi: Tay, en: Typed, bn: হাতে}
"""
FORM = """
regimes:
  common:
    content: {vi: a, en: a, bn: a}
    recipient: {vi: a, en: a, bn: a}
    method: {vi: a, en: a, bn: a}
    outline: {vi: a, en: a, bn: a}
    instructions: {vi: a, en: a, bn: a}
forms:
  T-T:
    vi: Mẫu
    en: Form
    bn: ফর্ম
    kind: month
    rule: nd09
    obliged: [xa, phuong, dac_khu]
    deadline: {working_days: 5, time: "17:00"}
    first_day: 2025-07-01
    asker: Văn phòng
    regime: {like: common}
    sections:
      A: {vi: Phần, en: Part, bn: অংশ, cells: [T_NHAN, T_TAY]}
"""
Load = Callable[[str], actions.LoadReport]


@pytest.fixture
def load(world: World, tmp_path: Path) -> Load:
    def written(text: str) -> actions.LoadReport:
        (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
        return actions.load_pack(by="system:test", path=tmp_path)

    return written


def test_the_columns_are_those_of_the_warehouse() -> None:
    kinds = {"VARCHAR": Holds.WORD, "INTEGER": Holds.WHOLE, "DATE": Holds.DAY, warehouse.NUMBER: Holds.NUMBER}
    for name, table in TABLES.items():
        if name not in warehouse.TABLES:
            pytest.skip(f"the warehouse has no table {name} yet")
        there = dict(warehouse.TABLES[name].columns)
        assert {one: kinds[there[one]] for one in table.columns} == {
            one: column.holds for one, column in table.columns.items()
        }
        assert {table.begins, table.due, table.ends} <= there.keys()


def test_a_definition_is_published_with_its_number(load: Load) -> None:
    load(PACK)
    book = queries.current()
    assert book.elements["T_MO"].derived == Derivation(
        "dossiers",
        Count.ROWS,
        "",
        Window.OPEN_AT_END,
        (Condition("fee", Sign.MORE_THAN, ("0",)), Condition("level", Sign.AMONG, ("full", "part"))),
        1,
    )
    assert book.elements["T_TAY"].derived is None
    assert not load(PACK).changed
    assert load(PACK.replace("more_than: 0", "more_than: 5")).changed
    changed = queries.current().elements["T_MO"].derived
    assert changed is not None
    assert changed.number == 2
    assert from_spec(to_spec(changed), 2) == changed
    load(PACK.replace(",\n           derived: {over: dossiers, count: rows, window: received}", ""))
    assert queries.current().elements["T_NHAN"].derived is None
    assert models.Derivation.objects.count() == 4


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("over: dossiers", "over: letters", "letters"),
        ("count: rows, window: received", "count: mean, window: received", "mean"),
        ("count: rows, window: received", "count: rows, of: fee, window: received", "rows"),
        ("count: rows, window: received", "count: distinct, of: channel, window: received", "cột khóa"),
        ("count: rows, window: received", "count: distinct, window: received", "cột khóa"),
        ("count: rows, window: received", "count: distinct, of: procedure, window: received", "không cộng"),
        ("count: rows, window: received", "count: sum, of: level, window: received", "cột số"),
        ("count: rows, window: received", "count: sum, of: fee, window: received", "có thể lẻ"),
        ("count: rows, window: received", "count: rows, window: open_at_end", "cuối kỳ"),
        ("count: rows, window: received", "count: rows, window: yesterday", "yesterday"),
        ("count: rows, window: received", "count: rows, window: received, when: now", "when"),
        ("level: [full, part]", "person: [full]", "person"),
        ("level: [full, part]", "level: [half]", "half"),
        ("level: [full, part]", "level: []", "không nêu giá trị"),
        ("level: [full, part]", "level: {more_than: 1}", "so lớn nhỏ"),
        ("level: [full, part]", "channel: two", "two"),
        ("level: [full, part]", "received: 2026-01-01", "received"),
        ("level: [full, part]", "late: true", "chữ hoặc số"),
        ("more_than: 0", "about: 0", "about"),
    ],
)  # fmt: skip
def test_a_bad_definition_is_refused_in_words(load: Load, old: str, new: str, says: str) -> None:
    assert old in PACK
    with pytest.raises(Refusal) as refused:
        load(PACK.replace(old, new, 1))
    assert refused.value.code == "pack.invalid"
    assert says in str(refused.value)
    assert "pack.yaml" in str(refused.value)
    assert not models.Derivation.objects.exists()


def test_other_readers_are_held_to_the_same(world: World) -> None:

    wrong = Derivation("dossiers", Count.DISTINCT, "fee", Window.RECEIVED, ())
    measure = Measure("T", "hồ sơ", Adds.NONE, Adds.SUM, Adds.SUM)
    content = PackContent(code="other")
    content.elements["T"] = NewElement("T", measure, True, True, ("file", 1), derived=wrong)
    with pytest.raises(Refusal, match="cột khóa"):
        actions.publish(by="system:test", content=content)


def test_nobody_is_burdened_by_what_is_counted(load: Load) -> None:
    load(PACK + FORM)
    book = queries.current()
    form = book.forms["T-T"]
    assert form.counted == ("T_NHAN",)
    assert form.typed_cells == 1
    assert queries.form("T-T", 1).counted == ("T_NHAN",)
    judged = gate.judge(form, book, book.elements, date(2026, 11, 1))
    assert [one.standing for one in judged.verdicts] == [gate.Standing.SYSTEM, gate.Standing.FREE]
    assert judged.passes
