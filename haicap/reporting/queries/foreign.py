"""Files of other systems that wait for a decision, and the mappings kept for their sources."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.tables.books import Book, Sheet
from haicap.tables.layout import Layout, understand
from haicap.tables.opening import open_book

from ..models import ForeignFile, Mapping
from ..policies.mapping import Plan

RECENT = 20


@dataclass(frozen=True)
class Kept:
    """A mapping of a source. `headings`: heading → [code, split]; `lines`: key of a row → code."""

    id: int
    source: str
    form: str
    fingerprint: str
    heading: tuple[str, ...]
    plan: dict[str, Any]
    by: str
    used: int
    used_at: datetime | None


@dataclass(frozen=True)
class Opened:
    """A file with its book, and the sheet that was chosen as it is understood (None: no table in it)."""

    token: str
    name: str
    sha256: str
    at: datetime
    owner_id: int
    source: str
    book: Book
    sheet: Sheet
    layout: Layout | None
    plan: Plan
    decided: bool
    applied_at: datetime | None
    outcome: dict[str, Any]


@dataclass(frozen=True)
class Waiting:
    token: str
    name: str
    at: datetime
    applied: bool
    outcome: dict[str, Any]


def opened(*, by: str, token: str) -> Opened:
    """The file of this person. Refusal mapping.unknown for others, and after its day. One query."""
    row = ForeignFile.objects.filter(token=token, by=by).first()
    if row is None:
        raise Refusal("mapping.unknown", gettext_lazy("Không có tệp này, hoặc tệp đã hết hạn giữ."))
    plan = Plan.read(row.plan)
    book = open_book(bytes(row.content), row.name)
    sheet = book.sheet(plan.sheet) or first_with_table(book)
    layout = understand(book, sheet, plan.header, plan.last)
    return Opened(
        row.token, row.name, row.sha256, row.at, row.owner_id, row.source, book, sheet, layout, plan,
        bool(row.plan), row.applied_at, row.outcome,
    )  # fmt: skip


def first_with_table(book: Book) -> Sheet:
    """The first visible sheet in which there is a table, else the first one that holds anything."""
    filled = [sheet for sheet in book.sheets if sheet.rows]
    seen = [sheet for sheet in filled if sheet.visible] or filled
    return next((sheet for sheet in seen if understand(book, sheet) is not None), seen[0])


def kept_for(owner_id: int) -> list[Kept]:
    """Every mapping of this office, by name. One query."""
    return [_kept(row) for row in Mapping.objects.filter(owner_id=owner_id).order_by("source")]


def _kept(row: Mapping) -> Kept:
    return Kept(
        row.pk,
        row.source,
        row.form,
        row.fingerprint,
        tuple(row.heading),
        row.plan,
        row.by,
        row.used,
        row.used_at,
    )


def recent_files(by: str, most: int | None = RECENT) -> list[Waiting]:
    """The files of this person that are still kept, newest first; `most` None: all. One query."""
    rows = ForeignFile.objects.filter(by=by).order_by("-at").defer("content")[:most]
    return [Waiting(row.token, row.name, row.at, row.applied_at is not None, row.outcome) for row in rows]
