"""Every mistake in a pack: which file, which line, what, how to mend it; nothing half-written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.audit import queries as audit
from haicap.catalogue import actions, packs, queries
from haicap.catalogue.packs import Problem
from haicap.core.errors import Refusal
from tests.cast import World

GOOD = """\
pack:
  code: trial
  owner: {code: "66", level: 1}
measures:
  flow: {time: sum, units: sum, split: sum}
counting_units:
  hồ sơ: {vi: hồ sơ, en: dossiers, bn: নথি}
  người: {vi: người, en: people, bn: জন}
  "%": {vi: "%", en: "%", bn: "%"}
elements:
  ALL: {unit: hồ sơ, adds: flow, vi: Tất cả, en: All, bn: সব}
  PART: {unit: hồ sơ, adds: flow, vi: Một phần, en: Part, bn: অংশ}
  MEN: {unit: người, adds: flow, vi: Người, en: People, bn: জন}
indicators:
  T1:
    vi: Tỷ lệ
    en: Share
    bn: হার
    short: {vi: Tỷ lệ, en: Share, bn: হার}
    pillar: one
    period: month
    direction: higher
    numerator: PART
    denominator: ALL
    thresholds:
      - {green: 90, yellow: 70, proposal: true, basis: Đề xuất}
    source: Quyết định
phrases:
  within: {vi: "{part} ≤ {whole}", en: "{part} ≤ {whole}", bn: "{part} ≤ {whole}"}
forms:
  T-T:
    vi: Mẫu
    en: Form
    bn: ফর্ম
    kind: month
    rule: nd09
    obliged: [xa]
    deadline: {working_days: 5, time: "17:00"}
    sections:
      A: {vi: Mục, en: Section, bn: অংশ, cells: [ALL, PART, MEN]}
    checks:
      - {part: PART, whole: ALL}
pillars:
  - {code: one, weight: 100, vi: Một, en: One, bn: এক}
score:
  proposal: true
  cuts: {green: 80, yellow: 65}
  missing: zero
calendar:
  2026:
    provisional: true
    source: Thông báo
    off: {2026-01-01: Tết Dương lịch}
"""


@pytest.fixture
def load(world: World, tmp_path: Path) -> Callable[[str], actions.LoadReport]:
    def written(text: str) -> actions.LoadReport:
        (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
        return actions.load_pack(by="system:test", path=tmp_path)

    return written


Load = Callable[[str], actions.LoadReport]


def problems(load: Load, text: str) -> list[Problem]:
    before = queries.version()
    with pytest.raises(Refusal) as caught:
        load(text)
    assert caught.value.code == "pack.invalid"
    assert queries.version() == before
    assert audit.history("pack:trial", 10) == []
    found = caught.value.params["problems"]
    assert isinstance(found, tuple)
    assert all(str(one) in str(caught.value) for one in found)
    return list(found)


def test_the_trial_pack_is_good(load: Load) -> None:
    report = load(GOOD)
    assert (report.changed, report.number, report.indicators) == (True, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "anchor", "says"),
    [
        ("numerator: PART", "numerator: PARTT", "numerator: PART", "Ký tự 1: không có phần tử «PARTT»"),
        ("numerator: PART", "numerator: ALL + (PART", "numerator: PART", "Ký tự 12: thiếu «)»"),
        (
            "numerator: PART",
            "numerator: ALL + MEN",
            "numerator: PART",
            "khác đơn vị (hồ sơ và người)",
        ),
        ("numerator: PART", "numerator: PART / ALL", "numerator: PART", "Ký tự 6: chỉ cho phép cộng, trừ"),
        ("green: 90, yellow: 70", "green: 70, yellow: 90", "green: 90", "thứ tự ngưỡng sai"),
        ("direction: higher", "direction: lower", "green: 90", "thứ tự ngưỡng sai"),
        ("direction: higher", "direction: up", "direction: higher", "«direction» là «up»"),
        ("direction: higher", "direction: neutral", "thresholds:", "không có ngưỡng màu"),
        ("proposal: true, basis", "basis", "green: 90", "«proposal» phải là true hoặc false"),
        ("    en: Share\n", "", "T1:", "thiếu tên bằng English"),
        ("en: Share, bn: হার}", "bn: হার}", "short:", "thiếu tên bằng English"),
        ("en: Part, bn: অংশ", "en: Part", "PART:", "thiếu tên bằng বাংলা"),
        ("  MEN:", "  ALL:", "MEN:", "«ALL» có hai lần"),
        ("adds: flow, vi: Người", "adds: flo, vi: Người", "MEN:", "không có cách cộng «flo»"),
        ("unit: người", "unit: con", "MEN:", "không có đơn vị «con»"),
        (
            "cells: [ALL, PART, MEN]",
            "cells: [ALL, PART, ALL]",
            "cells:",
            "ô A3 hỏi lại phần tử «ALL»",
        ),
        ("cells: [ALL, PART, MEN]", "cells: [ALL, MEN]", "{part: PART", "phần tử «PART» không có trong mẫu"),
        (
            "cells: [ALL, PART, MEN]",
            "cells: [ALL, PART, NOBODY]",
            "cells:",
            "ô A3: không có phần tử «NOBODY»",
        ),
        ("period: month", "period: quarter", "T1:", "không mẫu nào thu «PART» theo kỳ quarter"),
        ('time: "17:00"', "time: 17:00", "deadline:", "giờ không đúng"),
        ("working_days: 5", "working_days: -1", "deadline:", "phải là số nguyên từ 0 đến 250"),
        ("obliged: [xa]", "obliged: [huyen]", "obliged:", "loại đơn vị phải báo cáo không đúng"),
        ("weight: 100", "weight: 90", "score:", "cộng lại là 90, phải là 100"),
        ("green: 80, yellow: 65", "green: 65, yellow: 80", "cuts:", "mức vàng phải nhỏ hơn"),
        ("pillar: one", "pillar: two", "T1:", "không có nhóm «two»"),
        ("{2026-01-01: Tết", "{2026-01-03: Tết", "off:", "vốn đã là cuối tuần"),
        ("{2026-01-01: Tết", "{2025-01-01: Tết", "off:", "không phải ngày của năm 2026"),
        ("    numerator", "    numeratr", "numerator: PART", "không có mục «numeratr»"),
        ('code: "66"', 'code: "67"', "pack:", "67"),
        ("indicators:", "indicators: [", "vi: Tỷ lệ", "YAML hỏng"),
        ("  code: trial", "  code: &x trial\n  more: *x", "code: trial", "bí danh"),
        ("pack:", "\tpack:", "pack:", "YAML hỏng"),
    ],
)
def test_a_mistake_is_found_where_it_is(load: Load, old: str, new: str, anchor: str, says: str) -> None:
    assert old in GOOD
    line = GOOD[: GOOD.index(anchor)].count("\n") + 1
    found = problems(load, GOOD.replace(old, new, 1))
    assert [one for one in found if says in one.what and one.line == line and one.file == "pack.yaml"], [
        (one.line, one.what) for one in found
    ]


def test_all_mistakes_come_at_once(load: Load) -> None:
    broken = GOOD.replace("numerator: PART", "numerator: NO1").replace("denominator: ALL", "denominator: NO2")
    broken = broken.replace("green: 90", "green: sáu")
    found = problems(load, broken)
    assert len({one.line for one in found}) >= 3


def test_a_cycle_of_named_formulas(load: Load) -> None:
    broken = GOOD.replace("numerator: PART", "numerator: PART + X") + "formulas: {X: PART + Y, Y: X}\n"
    found = problems(load, broken)
    assert any("công thức gọi vòng X → Y → X" in one.what and "Ký tự 8" in one.what for one in found)


def test_a_missing_part_and_a_part_elsewhere(load: Load) -> None:
    found = problems(load, GOOD.replace("  code: trial", "  code: trial\n  parts: [lost.yaml, ../x.yaml]"))
    assert {(one.file, one.line) for one in found} == {("lost.yaml", 1), ("pack.yaml", 3)}


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"- 1", b"[" * 20000, b"a: 1\n" * 500_000, b"? [1]\n: 2"]
)
def test_no_pack_at_all(world: World, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pack.yaml").write_bytes(content)
    with pytest.raises(Refusal) as caught:
        actions.load_pack(by="system:test", path=tmp_path)
    assert caught.value.code == "pack.invalid"


def test_a_folder_without_a_pack(world: World, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"pack\.yaml"):
        actions.load_pack(by="system:test", path=tmp_path / "none")


@st.composite
def damaged(draw: st.DrawFn) -> str:
    start = draw(st.integers(0, len(GOOD)))
    end = draw(st.integers(start, min(len(GOOD), start + 40)))
    return GOOD[:start] + draw(st.text(alphabet="abT1: -[]{}\"',\n\t.%é", max_size=12)) + GOOD[end:]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_damage_is_refused_or_harmless_never_a_crash(tmp_path: Path, text: str) -> None:
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    try:
        content = packs.read(tmp_path)
    except Refusal as refusal:
        code = refusal.code
    else:
        code = ""
        assert content.code
    assert code in ("", "pack.invalid")


def test_words_that_yaml_takes_for_true_stay_words(load: Load) -> None:
    load(GOOD.replace("en: Share\n", "en: No\n"))
    assert queries.current().indicators["T1"].labels["en"] == "No"
