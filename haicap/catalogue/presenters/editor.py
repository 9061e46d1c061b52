"""The editor of a form: every control with what was typed, every problem at its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue import gate
from haicap.catalogue.definitions import Catalogue, Element, Form, spoken
from haicap.catalogue.drafts.queries import Draft
from haicap.catalogue.drafts.reading import Reading
from haicap.catalogue.presenters import gate as gate_words
from haicap.catalogue.presenters import words
from haicap.catalogue.presenters.boxes import Box, Made
from haicap.catalogue.states import REGIME_TEXTS
from haicap.core import periods
from haicap.core.counts import Adds
from haicap.core.folding import rank
from haicap.core.periods import Kind, Period
from haicap.ui import wording

MOST_FOUND = 20
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class CellView:
    index: int
    anchor: str
    element: str
    number: str
    label: str
    unit: str
    required: bool
    why: Box | None
    gate: str
    errors: tuple[str, ...]


@dataclass(frozen=True)
class SectionView:
    index: int
    anchor: str
    code: str
    names: list[Box]
    cells: list[CellView]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class RowView:
    """A check or a new element: its boxes in groups."""

    index: int
    anchor: str
    code: str
    first: list[Box]
    names: list[Box]
    second: list[Box]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    code: str
    label: str
    unit: str
    present: bool


@dataclass(frozen=True)
class Page:
    head: list[Box]
    names: list[Box]
    texts: list[tuple[str, Box, list[Box]]]
    nature: list[Box]
    regular: list[Box]
    once: list[Box]
    deadline: list[Box]
    approval: Box
    kinds: list[Box]
    who: list[Box]
    sections: list[SectionView]
    checks: list[RowView]
    new: list[RowView]
    problems: list[tuple[str, str]]
    cells_error: tuple[str, ...]
    kinds_error: tuple[str, ...]
    all_held: bool
    gate_count: int
    answer: str


def page(draft: Draft, content: Mapping[str, Any], read: Reading, catalogue: Catalogue, today: date) -> Page:
    errors: dict[str, list[str]] = defaultdict(list)
    for problem in read.problems:
        errors[problem.place].append(problem.message)
    made = Made(content, errors)
    judgement = gate.judge(read.form, catalogue, read.elements, today)
    told = {one.element: one for one in judgement.verdicts}
    shown = Page(
        head=_head(made, draft),
        names=made.languages("name", _("Tên báo cáo"), content["name"]),
        texts=[_sentence(made, name, content) for name in REGIME_TEXTS],
        nature=_nature(made),
        regular=[made.text("first_day", _("Bắt đầu từ ngày"), _("Ví dụ 01/11/2026."), short=True)],
        once=[
            made.text("window_from", _("Số liệu từ ngày"), short=True),
            made.text("window_to", _("đến hết ngày"), short=True),
        ],
        deadline=_deadline(made),
        approval=made.check("approval", _("Tỉnh duyệt báo cáo (bỏ chọn: gửi là xong)"), content["approval"]),
        kinds=[
            made.check(f"kind.{kind}", said, kind in content["kinds"])
            for kind, said in words.UNIT_KINDS.items()
        ],
        who=_who(made),
        sections=[_section(made, i, one, read, told) for i, one in enumerate(content["sections"])],
        checks=[_check(made, i, one) for i, one in enumerate(content["checks"])],
        new=[_new(made, i, one, catalogue) for i, one in enumerate(content["new"])],
        problems=[],
        cells_error=made.at("cells"),
        kinds_error=made.at("kinds"),
        all_held=judgement.all_held,
        gate_count=sum(not one.stands for one in judgement.verdicts),
        answer=gate_words.answer_url(judgement, read.form, _closed(read.form, today), draft.owner.code),
    )
    labels = {box.name: box.label for box in _boxes(shown)}
    told_where = [
        (problem.place, labels.get(problem.place, ""), problem.message) for problem in read.problems
    ]
    return replace(
        shown,
        problems=[
            (place, f"{label}: {message}" if label else message) for place, label, message in told_where
        ],
    )


def _boxes(page: Page) -> Iterator[Box]:
    """Every control of the page that may be wrong."""
    yield from (*page.head, *page.names, *page.nature, *page.regular, *page.once, *page.deadline, *page.who)
    for _label, first, others in page.texts:
        yield from (first, *others)
    for section in page.sections:
        yield from section.names
    for row in (*page.checks, *page.new):
        yield from (*row.first, *row.names, *row.second)


def _closed(form: Form, today: date) -> Period:
    """The window asked once, else the last period that is over: what is held is seen there."""
    return form.window or periods.last_closed(form.kind, today, form.rule)


def _head(made: Made, draft: Draft) -> list[Box]:
    own = (
        []
        if draft.form
        else [made.text("code", _("Mã mẫu"), _("Ví dụ CQS-T; không đổi được về sau."), short=True)]
    )
    return [*own, made.text("asker", _("Nơi yêu cầu số liệu"), _("Sở, ban, phòng sẽ dùng số này."))]


def _sentence(made: Made, name: str, content: Mapping[str, Any]) -> tuple[str, Box, list[Box]]:
    label = str(words.TEXTS[name])
    first, *others = made.languages(name, label, content[name], kind="area")
    return label, first, others


def _nature(made: Made) -> list[Box]:
    regular = [(kind.value, words.KINDS[kind]) for kind in Kind if kind is not Kind.CAMPAIGN]
    return [
        made.select("nature", _("Loại báo cáo"), words.NATURES.items()),
        made.select("kind", _("Tần suất (báo cáo định kỳ)"), regular),
        made.select(
            "rule", _("Cách chốt số liệu"), ((rule.value, said) for rule, said in words.RULES.items())
        ),
    ]


def _deadline(made: Made) -> list[Box]:
    return [
        made.text("deadline_days", _("Hạn nộp: số ngày làm việc sau khi chốt số"), short=True, numeric=True),
        made.text("deadline_time", _("Giờ"), short=True),
        made.text("deadline_on", _("Hoặc hạn nộp vào ngày (báo cáo một lần)"), short=True),
        made.text(
            "minutes",
            _("Số phút cho một ô"),
            _("Để trống: theo mức chung của tỉnh."),
            short=True,
            numeric=True,
        ),
    ]


def _who(made: Made) -> list[Box]:
    return [
        made.text(
            "units", _("Hoặc chỉ những đơn vị này"), _("Mã đơn vị, cách nhau bằng dấu phẩy."), kind="area"
        ),
        made.text("obliged_from", _("Phải báo cáo từ ngày"), short=True),
        made.text("obliged_to", _("đến hết ngày"), short=True),
    ]


def _section(
    made: Made, index: int, one: Mapping[str, Any], read: Reading, told: Mapping[str, gate.Verdict]
) -> SectionView:
    at = f"s{index}"
    numbers = {cell.element: cell.number for cell in read.form.cells}
    cells = []
    for row, cell in enumerate(one["cells"]):
        code, place = cell["element"], f"{at}.c{row}"
        element, verdict = read.elements.get(code), told.get(code)
        cells.append(
            CellView(
                index=row,
                anchor=place,
                element=code,
                number=numbers.get(code, "–"),
                label=spoken(element.labels, words.lang()) or code if element else code,
                unit=str(wording.unit(element.measure.unit)) if element else "",
                required=cell["required"],
                why=_why(place, cell["why"], verdict),
                gate=gate_words.sentence(verdict) if verdict else "",
                errors=made.at(place),
            )
        )
    names = made.languages(f"{at}.name", _("Tên phần"), one["name"])
    return SectionView(index, at, one["code"], names, cells, made.at(at))


def _why(place: str, text: str, verdict: gate.Verdict | None) -> Box | None:
    """Asked for only where a reason can help; kept wherever one was written."""
    if not text and (verdict is None or verdict.standing is not gate.Standing.DERIVED):
        return None
    return Box(f"{place}.why", _("Vì sao vẫn phải hỏi"), text)


def _check(made: Made, index: int, one: Mapping[str, Any]) -> RowView:
    at = f"k{index}"
    expression = Box(
        f"{at}.expression",
        _("Công thức"),
        one["expression"],
        hint=_("Ví dụ HS_TT <= HS_NHAN. Dùng + - * / ( ) và <= >= < > = !="),
        errors=made.at(f"{at}.expression"),
    )
    hardness = (("hard", _("Sai thì không gửi được")), ("soft", _("Sai thì phải ghi lý do")))
    kind = Box(f"{at}.kind", _("Mức"), one["kind"], kind="select", options=hardness)
    names = made.languages(f"{at}.message", _("Lời báo"), one["message"])
    return RowView(index, at, one["code"], [expression, kind], names, [], made.at(at))


def _new(made: Made, index: int, one: Mapping[str, Any], catalogue: Catalogue) -> RowView:
    at = f"n{index}"
    own = Made({f"{at}.{name}": one[name] for name in one}, made.errors)
    adds = {
        "over_time": _("Cộng theo thời gian"),
        "over_units": _("Cộng theo đơn vị"),
        "over_split": _("Cộng theo phân tổ"),
    }
    ways = (
        (Adds.SUM.value, _("cộng được")),
        (Adds.LAST.value, _("lấy số cuối (số tồn)")),
        (Adds.NONE.value, _("không cộng (có thể trùng)")),
    )
    measures = (
        ("", "–"),
        *((unit, catalogue.unit_name(unit, words.lang())) for unit in catalogue.unit_labels),
    )
    first = [
        own.text(f"{at}.code", _("Mã phần tử"), short=True),
        own.select(f"{at}.unit", _("Đơn vị tính"), measures),
        own.text(f"{at}.counts", _("Đếm cái gì"), _("Ví dụ: một người được cấp tài khoản lần đầu trong kỳ.")),
    ]
    second = [own.select(f"{at}.{name}", said, ways) for name, said in adds.items()]
    second += [
        own.check(f"{at}.integer", _("Số nguyên"), one["integer"]),
        own.check(f"{at}.non_negative", _("Không âm"), one["non_negative"]),
    ]
    names = made.languages(f"{at}.name", _("Tên phần tử"), one["name"])
    return RowView(index, at, one["code"], first, names, second, made.at(at))


def search(text: str, elements: Mapping[str, Element], content: Mapping[str, Any]) -> list[Found]:
    """Elements whose name or code matches, with or without marks; exact marks first."""
    query = text.strip()[:LONGEST_SEARCH]
    if not query:
        return []
    present = {cell["element"] for one in content["sections"] for cell in one["cells"]}
    ranked = []
    for element in elements.values():
        label = spoken(element.labels, words.lang()) or element.code
        places = [rank(query, said) for said in (label, element.labels.get("vi", ""), element.code) if said]
        best = min((place for place in places if place is not None), default=None)
        if best is not None:
            ranked.append((best, len(label), element.code, label, element))
    ranked.sort(key=lambda one: one[:3])
    return [
        Found(code, label, str(wording.unit(element.measure.unit)), code in present)
        for _best, _length, code, label, element in ranked[:MOST_FOUND]
    ]
