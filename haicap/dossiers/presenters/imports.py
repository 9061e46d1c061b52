"""An import as rows of a page: what is asked, what was counted, why rows were left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haicap.tables.sheets import Sheet, listing
from haicap.tables.values import Value
from haicap.units.queries import Place

from ..policies import mapping, questions, words
from ..policies.dates import Style
from ..policies.mapping import FIELDS, FIXABLE, HASHED, NEEDED, Plan
from ..policies.questions import Column, Questions
from ..policies.rejecting import WORDS
from ..queries.imports import Batch
from ..queries.origins import Origin
from ..states import (
    CHANNEL_LABELS,
    IMPORT_LABELS,
    LEVEL_LABELS,
    STATUS_LABELS,
    SUBMITTER_LABELS,
    UNDER_WAY,
)

CHOICES: dict[str, list[tuple[str, Any]]] = {
    "channel": [(str(int(one)), label) for one, label in CHANNEL_LABELS.items()],
    "level": [(one.value, label) for one, label in LEVEL_LABELS.items()],
    "status": [(str(int(one)), label) for one, label in STATUS_LABELS.items()],
    "submitter": [(one.value, label) for one, label in SUBMITTER_LABELS.items()],
}


@dataclass(frozen=True)
class FieldRow:
    """One thing that a row of a file may say, with the column that says it. `choices` for a fixed value."""

    name: str
    label: Any
    needed: bool
    missing: bool
    chosen: str
    fixable: bool
    fixed: str
    choices: Sequence[tuple[str, Any]]
    sample: str


def fields(columns: Sequence[Column], plan: Plan, asks: Questions) -> list[FieldRow]:
    """Prefilled with what the source says, else with what a heading plainly is."""
    names = [one.heading for one in columns]
    told = mapping.present(plan, names) if columns else plan.columns
    guessed = {} if plan.columns else mapping.guess(names)
    samples = {one.heading: " · ".join(one.sample) for one in columns}
    rows = []
    for name, label in FIELDS.items():
        chosen = told.get(name) or guessed.get(name, "")
        rows.append(
            FieldRow(
                name, label, name in NEEDED, name in asks.columns and not chosen, chosen, name in FIXABLE,
                plan.fixed.get(name, ""), CHOICES.get(name, ()),
                "" if name in HASHED else samples.get(chosen, ""),
            )
        )  # fmt: skip
    return rows


def headings(columns: Iterable[Column]) -> list[str]:
    """What may be chosen: not what names a person, unless it is hashed."""
    return [one.heading for one in columns if not one.personal]


@dataclass(frozen=True)
class WordRow:
    field: str
    number: int
    text: str
    rows: int
    choices: Sequence[tuple[str, Any]]


def unknown_words(asks: Questions) -> list[tuple[Any, list[WordRow]]]:
    """(what it is about, its words that nobody has explained, the most frequent first)"""
    return [
        (
            FIELDS[name],
            [
                WordRow(name, number, text, rows, CHOICES[name])
                for number, (text, rows) in enumerate(seen.items())
            ],
        )
        for name, seen in asks.words.items()
    ]


@dataclass(frozen=True)
class DateQuestion:
    """`both`: rows that read both ways and mean two days; `dmy`, `mdy`: rows that read one way only."""

    both: int
    dmy: int
    mdy: int
    sample: str
    styles: Sequence[tuple[str, str, int]]


def date_question(columns: Sequence[Column], plan: Plan) -> DateQuestion | None:
    """None where the file holds no date that reads both ways."""
    chosen = questions.usable(columns, plan) or mapping.guess([one.heading for one in columns])
    seen = questions.dates_seen(columns, chosen)
    if not plan.columns and not any(name in chosen for name in mapping.DATES):
        for one in columns:
            seen += one.dates
    if seen.both == seen.same and not (seen.dmy and seen.mdy):
        return None
    sample = next((one.sample[0] for one in columns if one.dates.both and one.sample), "")
    styles = [
        (Style.DMY.value, _("ngày/tháng/năm"), seen.mdy),
        (Style.MDY.value, _("tháng/ngày/năm"), seen.dmy),
    ]
    return DateQuestion(seen.both - seen.same, seen.dmy, seen.mdy, sample, styles)


def lines(table: dict[str, str]) -> str:
    return "\n".join(f"{word} = {value}" for word, value in table.items())


def step_lines(plan: Plan) -> str:
    return "\n".join(f"{one.column} = {one.status} {one.holder}".strip() for one in plan.steps)


def reasons(batch: Batch) -> list[tuple[Any, int]]:
    """Why rows were left out, the most frequent first."""
    ordered = sorted(batch.reasons.items(), key=lambda one: -one[1])
    return [(WORDS.get(code, code), rows) for code, rows in ordered]


def dropped(batch: Batch) -> tuple[list[str], list[str]]:
    """Columns that name persons, and columns that nobody reads."""
    personal = [heading for heading, why in batch.dropped if why == "personal"]
    return personal, [heading for heading, why in batch.dropped if why != "personal"]


def batches_sheet(batches: Iterable[Batch]) -> Sheet:
    return listing(
        "nhap-ho-so",
        _("Các lần nhập"),
        batches,
        {
            _("Tệp"): lambda one: one.name,
            _("Nguồn"): lambda one: one.source_name,
            _("Lúc"): lambda one: one.at,
            _("Tình trạng"): lambda one: str(state_words(one)),
            _("Đọc"): lambda one: one.read,
            _("Mới"): lambda one: one.created,
            _("Cập nhật"): lambda one: one.updated,
            _("Giữ nguyên"): lambda one: one.unchanged,
            _("Bị loại"): lambda one: one.rejected,
        },
    )


def reasons_sheet(batch: Batch) -> Sheet:
    """Why rows of one file were left out; the rows themselves are `rejected_rows`."""
    columns: dict[str, Callable[[tuple[Any, int]], Value]] = {
        _("Lý do"): lambda one: str(one[0]),
        _("Số dòng"): lambda one: one[1],
    }
    return listing(f"ly-do-{batch.token[:8]}", batch.name, reasons(batch), columns)


def sources_sheet(sources: Iterable[tuple[Origin, Place]]) -> Sheet:
    columns: dict[str, Callable[[tuple[Origin, Place]], Value]] = {
        _("Nguồn"): lambda one: one[0].name,
        _("Mã"): lambda one: one[0].code,
        _("Địa bàn"): lambda one: one[1].full_name,
        _("Hồ sơ"): lambda one: _("một phần hồ sơ") if one[0].partial else _("đủ hồ sơ"),
        _("Cũ sau (ngày)"): lambda one: one[0].stale_after_days,
    }
    return listing("nguon-ho-so", _("Các nguồn"), sources, columns)


def plan_sheet(origin: Origin, rows: Iterable[FieldRow]) -> Sheet:
    """How files of a source are read: what a dossier says, and the column that says it."""
    columns: dict[str, Callable[[FieldRow], Value]] = {
        _("Mục"): lambda one: str(one.label),
        _("Tiêu đề cột trong tệp"): lambda one: one.chosen,
        _("Hoặc một giá trị chung"): lambda one: one.fixed,
    }
    return listing(f"cach-doc-{origin.code}", origin.name, rows, columns)


def rejected_rows(rows: Iterable[tuple[int, str, str, str]]) -> Iterator[tuple[int, str, str, str, str]]:
    """Of the downloaded file: row, column, value, reason, code."""
    told = {code: str(text) for code, text in WORDS.items()}
    for row, code, column, value in rows:
        yield row, column, value, told.get(code, code), code


def rejected_header() -> list[str]:
    return [_("Dòng"), _("Cột"), _("Giá trị"), _("Lý do"), _("Mã lý do")]


def state_words(batch: Batch) -> Any:
    return IMPORT_LABELS[batch.state]


def percent(batch: Batch) -> int:
    return int(100 * batch.share)


def is_under_way(batch: Batch) -> bool:
    return batch.state in UNDER_WAY


__all__ = [
    "batches_sheet", "date_question", "dropped", "fields", "headings", "is_under_way", "lines", "percent",
    "plan_sheet", "reasons", "reasons_sheet", "rejected_header", "rejected_rows", "sources_sheet",
    "state_words", "step_lines", "unknown_words", "words",
]  # fmt: skip
