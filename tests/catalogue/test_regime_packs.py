"""What a form of a pack states of its regime, and every mistake in it with its line."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from haicap.catalogue import actions, queries
from haicap.catalogue.presenters import words
from haicap.catalogue.queries import Catalogue, Counting
from haicap.catalogue.states import REGIME_TEXTS
from tests.cast import World

from .test_broken_packs import GOOD, Load, load, problems

__all__ = ["load"]

FORM = """    kind: month
    rule: nd09
    obliged: [xa]
    deadline: {working_days: 5, time: "17:00"}
"""
ONCE = """    kind: campaign
    rule: calendar
    nature: thematic
    window: {from: 2026-10-01, to: 2026-10-20}
    obliged: [xa]
    deadline: {working_days: 5, time: "17:00", on: 2026-10-30}
"""
TEXTS = "".join(f"      {name}: {{vi: {name}, en: {name}, bn: {name}}}\n" for name in REGIME_TEXTS)
REGIME = f"{FORM}    regime:\n{TEXTS}"


def line(text: str, anchor: str) -> int:
    return next(number for number, row in enumerate(text.split("\n"), 1) if anchor in row)


def form(text: str) -> str:
    assert FORM in GOOD
    return GOOD.replace(FORM, text)


def test_every_form_of_dak_lak_states_all_eleven_fields(catalogue: Catalogue) -> None:
    for one in catalogue.forms.values():
        stated = words.fields(one)
        assert len(stated) == 11
        assert all(each.text and each.text != "Chưa nêu" for each in stated), one.code
        for name in REGIME_TEXTS:
            assert set(getattr(one, name)) == {"vi", "en", "bn"}, (one.code, name)
        assert one.asker


def test_a_list_with_dates_goes_before_the_kinds(world: World, load: Load) -> None:
    text = '    obliged: {units: ["24505", "22015"], from: 2026-01-01, to: 2027-01-01}\n'
    load(form(FORM.replace("    obliged: [xa]\n", text)))
    one = queries.form("T-T")
    assert set(one.obliged_units) == {world["24505"], world["22015"]}
    assert (one.obliged_from, one.obliged_to) == (date(2026, 1, 1), date(2027, 1, 1))
    assert one.owed_by(world.place("22015"), date(2026, 12, 31))
    assert not one.owed_by(world.place("22015"), date(2027, 1, 1))
    assert not one.owed_by(world.place("24133"), date(2026, 6, 14))


def test_a_thematic_report_has_one_window_and_its_own_deadline(load: Load) -> None:
    text = GOOD.replace(FORM, ONCE)
    # the indicator of the trial pack is fed by month; it goes with the monthly form
    start, end = text.index("indicators:"), text.index("phrases:")
    load(text[:start] + text[end:])
    one = queries.form("T-T")
    assert (one.nature, one.only_period, one.frequency) == ("thematic", "2026-10-01..2026-10-20", "once")
    assert one.deadline_on == date(2026, 10, 30)
    assert one.window is not None
    assert one.window.end == date(2026, 10, 21)


def test_sentences_may_be_shared_and_replaced(load: Load) -> None:
    shared = f"regimes:\n  usual:\n{TEXTS.replace('      ', '    ')}forms:"
    own = "    regime: {like: usual, content: {vi: Riêng, en: Own, bn: নিজস্ব}}\n"
    load(form(FORM + own).replace("forms:", shared))
    one = queries.form("T-T")
    assert (one.content["en"], one.recipient["en"]) == ("Own", "recipient")


def test_asker_and_minutes(load: Load) -> None:
    load(form(f"{FORM}    asker: Sở Nội vụ\n    minutes_per_cell: 2.5\n"))
    one = queries.form("T-T")
    assert (one.asker, one.minutes_per_cell) == ("Sở Nội vụ", Decimal("2.5"))


def test_a_form_that_states_nothing_keeps_its_version(load: Load) -> None:
    load(GOOD)
    assert not load(GOOD).changed
    load(form(f"{FORM}    asker: Sở Nội vụ\n"))
    assert queries.form("T-T").number == 2


@pytest.mark.parametrize(
    ("text", "anchor", "says"),
    [
        (
            REGIME.replace("      outline: {vi: outline, en: outline, bn: outline}\n", ""),
            "regime:",
            "thiếu «outline»",
        ),
        (
            REGIME.replace("{vi: method, en: method, bn: method}", "{vi: method, en: method}"),
            "method:",
            "বাংলা",
        ),
        (f"{FORM}    regime: {{like: nobody}}\n", "regime:", "không có chế độ mẫu «nobody»"),
        (REGIME.replace("      outline:", "      outlien:"), "outlien:", "không có mục «outlien»"),
        (FORM.replace("[xa]", '{units: ["24505", "24505"]}'), "obliged:", "hai lần: 24505"),
        (FORM.replace("[xa]", "{kinds: []}"), "obliged:", "loại đơn vị phải báo cáo không đúng"),
        (
            FORM.replace("[xa]", "{kinds: [xa], from: 2026-02-01, to: 2026-02-01}"),
            "obliged:",
            "sau ngày bắt đầu",
        ),
        (FORM.replace("[xa]", '{units: ["99999"]}'), "T-T:", "đơn vị 99999"),
        (f"{FORM}    nature: adhoc\n", "nature:", "hỏi một lần"),
        (f"{FORM}    nature: sudden\n", "nature:", "«nature» là «sudden»"),
        (f"{FORM}    window: {{from: 2026-01-01, to: 2026-02-01}}\n", "window:", "chỉ kỳ «campaign»"),
        (FORM.replace('17:00"', '17:00", on: 2026-10-30'), "deadline:", "chỉ báo cáo một lần"),
        (ONCE.replace("to: 2026-10-20", "to: 2026-09-20"), "window:", "sau hoặc trùng ngày đầu"),
        (ONCE.replace(", to: 2026-10-20", ""), "window:", "thiếu ngày đầu hoặc ngày cuối"),
        (ONCE.replace("thematic", "regular"), "kind: campaign", "chỉ dùng cho báo cáo đột xuất"),
        (f"{FORM}    minutes_per_cell: 0\n", "minutes_per_cell:", "lớn hơn 0"),
    ],
)
def test_each_mistake_has_its_line(load: Load, text: str, anchor: str, says: str) -> None:
    written = form(text)
    found = [one for one in problems(load, written) if says in str(one)]
    assert found, [str(one) for one in problems(load, written)]
    assert found[0].line == line(written, anchor), (found[0], line(written, anchor))


def test_the_budget_of_a_pack_is_read(load: Load) -> None:
    section = "burden: {proposal: true, minutes_per_cell: 1.5, minutes_per_week: 90, least_working_days: 2}\n"
    load(GOOD + section)
    found = queries.current().burden
    assert (found.minutes_per_cell, found.minutes_per_week, found.least_working_days) == (
        Decimal("1.5"),
        90,
        2,
    )


def test_when_records_reach_is_read_from_a_pack(load: Load) -> None:
    load(GOOD)
    assert queries.current().counting == Counting(7, 92, True)
    load(GOOD + "counting: {proposal: false, first_days: 3, silent_days: 45}\n")
    assert queries.current().counting == Counting(3, 45, False)


def test_records_that_may_begin_never_are_a_mistake(load: Load) -> None:
    assert problems(load, GOOD + "counting: {proposal: true, first_days: 0, silent_days: 45}\n")


def test_a_budget_without_minutes_is_a_mistake(load: Load) -> None:
    section = "burden: {proposal: true, minutes_per_cell: 0, minutes_per_week: 90, least_working_days: 2}\n"
    assert "lớn hơn 0" in str(problems(load, GOOD + section)[0])


Second = Callable[[str], actions.LoadReport]


@pytest.fixture
def second(load: Load, tmp_path: Path) -> Second:
    """A second pack beside the trial one; it may use its elements."""

    def written(forms: str) -> actions.LoadReport:
        folder = tmp_path / "second"
        folder.mkdir(exist_ok=True)
        text = f'pack:\n  code: second\n  owner: {{code: "66", level: 1}}\nforms:\n{forms}'
        (folder / "pack.yaml").write_text(text, encoding="utf-8")
        return actions.load_pack(by="system:test", path=folder)

    load(GOOD)
    return written


def asking(kind: str, cells: str) -> str:
    return f"""\
  S-T:
    vi: Mẫu hai
    en: Form two
    bn: ফর্ম দুই
    kind: {kind}
    rule: nd09
    obliged: [xa]
    deadline: {{working_days: 5, time: "17:00"}}
    sections:
      A: {{vi: Mục, en: Section, bn: অংশ, cells: [{cells}]}}
"""


@pytest.mark.parametrize(
    ("kind", "cells", "says"),
    [
        ("month", "ALL", "S-T hỏi lại «ALL» mà T-T đã hỏi"),
        ("quarter", "ALL", "S-T hỏi «ALL», mà số ấy tính được từ mẫu T-T"),
    ],
)
def test_a_second_pack_asks_for_nothing_that_is_held(
    second: Second, kind: str, cells: str, says: str
) -> None:
    with pytest.raises(Exception, match=says):
        second(asking(kind, cells))
    assert "S-T" not in queries.current().forms


def test_a_form_of_another_kind_of_period_that_nothing_gives_is_free(second: Second) -> None:
    assert second(asking("week", "ALL")).forms == 1
