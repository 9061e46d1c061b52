"""What a person says about the files of a source, from the fields of a page."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from .policies import words
from .policies.mapping import FIELDS, FIXABLE, Plan, StepColumn
from .states import Holder, Status

MOST_LINES, LONGEST = 2_000, 200
TABLED = ("unit", "procedure")


def plan(post: Mapping[str, str], base: Plan) -> Plan:
    """The plan after this form. Names: col-FIELD, fix-FIELD, table-FIELD and steps (one "from = to" a line),
    word-FIELD-N with text-FIELD-N. What the page did not show stays as it was. Refusals mapping.table,
    mapping.steps."""
    columns = dict(base.columns)
    fixed = dict(base.fixed)
    values = {name: dict(table) for name, table in base.values.items()}
    for name in FIELDS:
        _take(columns, name, post.get(f"col-{name}"))
        if name in FIXABLE:
            _take(fixed, name, post.get(f"fix-{name}"))
            if columns.get(name):
                fixed.pop(name, None)
        if name in TABLED and f"table-{name}" in post:
            values[name] = _table(post[f"table-{name}"])
    for name in words.ASKED:
        for number in range(MOST_LINES):
            text = post.get(f"text-{name}-{number}")
            if text is None:
                break
            told = post.get(f"word-{name}-{number}", "")
            if told:
                values.setdefault(name, {})[text[:LONGEST]] = told[:LONGEST]
    steps = _steps(post["steps"]) if "steps" in post else base.steps
    if "numbers" not in post:
        return replace(base, columns=columns, fixed=fixed, values=values, steps=steps)
    style = post.get("date_style", base.date_style)
    return replace(
        base, columns=columns, fixed=fixed, values={name: table for name, table in values.items() if table},
        numbers=post["numbers"], declare_new=post.get("declare_new") == "1", steps=steps, date_style=style,
    )  # fmt: skip


def _take(into: dict[str, str], name: str, told: str | None) -> None:
    if told is None:
        return
    if told.strip():
        into[name] = told.strip()[:LONGEST]
    else:
        into.pop(name, None)


def _pairs(text: str) -> list[tuple[str, str]]:
    """One "from = to" a line; the last = parts them, since a word of a file may hold one."""
    found = []
    for line in text.splitlines()[:MOST_LINES]:
        if line.strip():
            left, mark, right = line.rpartition("=")
            if not mark or not left.strip() or not right.strip():
                raise Refusal(
                    "mapping.table",
                    gettext_lazy("Mỗi dòng của bảng cần dạng: chữ trong tệp = giá trị."),
                    place=line[:60],
                )
            found.append((left.strip()[:LONGEST], right.strip()[:LONGEST]))
    return found


def _table(text: str) -> dict[str, str]:
    return dict(_pairs(text))


def _steps(text: str) -> tuple[StepColumn, ...]:
    """Lines "column = status" or "column = status holder"."""
    found = []
    for column, told in _pairs(text):
        status, _space, holder = told.partition(" ")
        known = status.isdecimal() and int(status) in set(Status) and holder in ("", *Holder)
        if not known:
            raise Refusal(
                "mapping.steps",
                gettext_lazy(
                    "Cột thời điểm cần dạng: tên cột = trạng thái (1–10), có thể thêm unit, other, citizen "
                    "hoặc sync."
                ),
                place=column[:60],
            )
        found.append(StepColumn(column, int(status), holder))
    return tuple(found)
